//! Malleable jobs: they start on their minimum, which is all that schedulers see of them, and share what lies idle after
//! every pass. What they hold beyond their minimum is lent: it counts as free, under no limit, quota or share, and they
//! give it back at once when anybody starts on it.
//!
//! A job shrinks only where units are needed, those that gain least by theirs first; it grows only into idle units,
//! those that gain most first, and only if by its requested time it ends earlier in spite of the time for which it stands
//! still, and if it has got on for ten times that time since its last change, so that growing costs it no more than an
//! eleventh of its time; being made to shrink again and again may cost it more.

use super::event::Event;
use super::live::{JobSlot, LiveJob, Stage};
use super::preempt::History;
use super::run::Simulation;
use super::segments::segment;
use crate::model::{Flexibility, Malleable, PartitionId};
use crate::records::{SegmentEnd, Sink};
use crate::scheduling::{MalleableJob, redistribute};
use crate::units::{Span, Time};
use crate::workload::Workload;

/// How often the time of a change a job gets on before it grows again.
const PATIENCE: u64 = 10;

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// How a job changes its size, if it does.
    pub(super) fn malleable(&self, slot: JobSlot) -> Option<Malleable> {
        match self.class_of(&self.live.get(slot).job)?.flexibility {
            Flexibility::Malleable(malleable) => Some(malleable),
            Flexibility::Rigid | Flexibility::Moldable { .. } => None,
        }
    }

    /// Remembers a malleable job that starts.
    #[inline]
    pub(super) fn note_malleable(&mut self, pool: PartitionId, slot: JobSlot) {
        let Some(malleable) = self.has_malleable_jobs.then(|| self.malleable(slot)).flatten() else { return };
        let partition = &self.system.partitions[pool];
        let minimum = self.live.get(slot).units;
        let job = MalleableJob {
            minimum,
            maximum: (malleable.maximum / partition.accelerators_of(1)).max(minimum),
            step: partition.units_for(malleable.step),
            accelerators_per_unit: partition.accelerators_of(1),
            speedup: malleable.speedup,
        };
        self.partitions[pool].elastic.insert(slot.0, job);
    }

    /// Moves the expected ends of the running malleable jobs to where they would be if these gave back now what is lent
    /// to them: the latest that can happen.
    pub(super) fn foresee_ends(&mut self, pool: PartitionId, now: Time) {
        let lent: Vec<u32> = self.partitions[pool].elastic.keys().copied().collect();
        for slot in lent.into_iter().map(JobSlot) {
            if self.live.get(slot).lent > 0 {
                let end = self.latest_end(pool, slot, now);
                let before = self.live.get(slot).expected_end;
                // Beyond a block that it may cross it keeps its grace.
                if end < before && !self.partitions[pool].blocks.begins_within(end, before) {
                    self.expect_end(pool, slot, end);
                }
            }
        }
    }

    fn expect_end(&mut self, pool: PartitionId, slot: JobSlot, end: Time) {
        let live = self.live.get_mut(slot);
        let before = std::mem::replace(&mut live.expected_end, end);
        if before != end {
            let state = &mut self.partitions[pool];
            state.running.remove(before, live.units);
            state.running.insert(end, live.units);
            state.capacity_changed = true;
        }
    }

    /// When a job would end by its requested time if it held so many units beyond its minimum from now on.
    fn end_if_resized(&self, pool: PartitionId, slot: JobSlot, lent: u32, now: Time) -> Time {
        let live = self.live.get(slot);
        if lent == live.lent {
            let Stage::Running { start, .. } = live.stage else { unreachable!("a malleable job runs") };
            return start.saturating_add(live.requested);
        }
        let requested = self.resized(pool, slot, lent, now).requested + self.cost_of_change(slot, now);
        now.saturating_add(requested)
    }

    /// When a job would end by its requested time if it had to give back all at once at some time from now on.
    fn latest_end(&self, pool: PartitionId, slot: JobSlot, now: Time) -> Time {
        let back = self.malleable(slot).filter(|_| self.live.get(slot).lent > 0);
        let cost = back.map_or(Span::ZERO, |malleable| malleable.reconfiguration);
        now.saturating_add(self.resized(pool, slot, 0, now).requested + cost)
    }

    /// How long a job stands still if it changes its size now: not at all when it has only just started.
    fn cost_of_change(&self, slot: JobSlot, now: Time) -> Span {
        match (self.live.get(slot).stage, self.malleable(slot)) {
            (Stage::Running { start, .. }, Some(malleable)) if start < now => malleable.reconfiguration,
            _ => Span::ZERO,
        }
    }

    /// The malleable jobs share what lies idle, or give back what is needed.
    pub(super) fn share_idle(&mut self, pool: PartitionId, now: Time) {
        let state = &self.partitions[pool];
        if state.elastic.is_empty() {
            return;
        }
        let jobs: Vec<(JobSlot, MalleableJob)> =
            state.elastic.iter().map(|(&slot, &job)| (JobSlot(slot), job)).collect();
        let lent: u32 = jobs.iter().map(|&(slot, _)| self.live.get(slot).lent).sum();
        let held = |slot: JobSlot| self.live.get(slot).units + self.live.get(slot).lent;
        let (bounds, units): (Vec<MalleableJob>, u32) = match state.free.checked_sub(lent) {
            Some(0) => return,
            Some(idle) => {
                let growing = |&(slot, job): &(JobSlot, MalleableJob)| {
                    let maximum = if self.may_grow(slot, now) { job.maximum } else { held(slot) };
                    MalleableJob { minimum: held(slot), maximum, ..job }
                };
                (
                    jobs.iter().map(growing).collect(),
                    jobs.iter().map(|&(slot, _)| held(slot)).sum::<u32>() + idle,
                )
            }
            None => {
                let shrinking =
                    |&(slot, job): &(JobSlot, MalleableJob)| MalleableJob { maximum: held(slot), ..job };
                let minima: u32 = jobs.iter().map(|(_, job)| job.minimum).sum();
                (jobs.iter().map(shrinking).collect(), minima + state.free)
            }
        };
        for ((slot, job), units) in jobs.iter().zip(redistribute(&bounds, units)) {
            let lent = units - job.minimum;
            let before = self.live.get(*slot).lent;
            let in_time = self.ends_before_blocks(pool, *slot, now);
            // Where another change would run into a block of the calendar, one has to be enough.
            let lent = if lent < before && !in_time { 0 } else { lent };
            if lent < before || lent > before && in_time && self.pays(pool, *slot, lent, now) {
                let cost = self.cost_of_change(*slot, now);
                self.resize(pool, *slot, lent, cost, SegmentEnd::Resize);
            }
        }
        self.wait_to_grow(pool, now);
    }

    /// From when on a job may grow again: when it has got on long enough since its last change.
    fn grows_from(&self, slot: JobSlot) -> Time {
        let live = self.live.get(slot);
        let (Stage::Running { start, .. }, Some(malleable)) = (live.stage, self.malleable(slot)) else {
            unreachable!("a malleable job runs")
        };
        let restart = self.histories.get(&slot.0).map_or(Span::ZERO, |history| history.restart);
        let patience = Span(malleable.reconfiguration.0.saturating_mul(PATIENCE));
        start.saturating_add(restart).saturating_add(patience)
    }

    /// Whether a job may grow now: it has only just started, or got on long enough.
    fn may_grow(&self, slot: JobSlot, now: Time) -> bool {
        let Stage::Running { start, .. } = self.live.get(slot).stage else {
            unreachable!("a malleable job runs")
        };
        start == now || self.grows_from(slot) <= now
    }

    /// Looks again when the next job may grow.
    fn wait_to_grow(&mut self, pool: PartitionId, now: Time) {
        let state = &self.partitions[pool];
        let jobs = state.elastic.iter().map(|(&slot, job)| (JobSlot(slot), job.maximum));
        let small = jobs.filter(|&(slot, maximum)| {
            let live = self.live.get(slot);
            live.units + live.lent < maximum
        });
        let next = small.map(|(slot, _)| self.grows_from(slot)).filter(|&time| time > now).min();
        if next != state.grows {
            self.partitions[pool].grows = next;
            if let Some(time) = next {
                self.schedule(time, Event::Wake(pool));
            }
        }
    }

    /// Whether a job would end earlier by its requested time if it held so many units beyond its minimum.
    fn pays(&self, pool: PartitionId, slot: JobSlot, lent: u32, now: Time) -> bool {
        let as_it_is = self.live.get(slot).lent;
        self.end_if_resized(pool, slot, lent, now) < self.end_if_resized(pool, slot, as_it_is, now)
    }

    /// Whether a job that grows would end before the next block of the calendar even if it had to shrink again at once.
    fn ends_before_blocks(&self, pool: PartitionId, slot: JobSlot, now: Time) -> bool {
        let back = self.malleable(slot).map_or(Span::ZERO, |malleable| malleable.reconfiguration);
        let costs = self.cost_of_change(slot, now) + back;
        let latest = now.saturating_add(self.resized(pool, slot, 0, now).requested + costs);
        !self.partitions[pool].blocks.begins_within(self.live.get(slot).expected_end, latest)
    }

    /// A job gives back what is lent to it before it is pushed out. It saves its state, as at any change of its size.
    pub(super) fn retreat(&mut self, pool: PartitionId, slot: JobSlot) {
        if self.malleable(slot).is_some() {
            self.resize(pool, slot, 0, Span::ZERO, SegmentEnd::Restart);
        }
    }

    /// How a job would go on from now with so many units beyond its minimum, without any time to change.
    fn resized(&self, pool: PartitionId, slot: JobSlot, lent: u32, now: Time) -> LiveJob {
        let live = *self.live.get(slot);
        let Stage::Running { queued, start } = live.stage else { unreachable!("a malleable job runs") };
        let malleable = self.malleable(slot).expect("only a malleable job changes its size");
        let elapsed = now.since(start);
        let restart = self.histories.get(&slot.0).map_or(Span::ZERO, |history| history.restart);
        let rest = Span(restart.0.saturating_sub(elapsed.0));
        let gone = elapsed.max(restart);
        let overdue = gone.0.saturating_sub(live.requested.0);
        let held = self.system.partitions[pool].accelerators_of(live.units + lent);
        let accelerators = held.min(malleable.maximum);
        let at_size = |span: Span| {
            let left = Span(span.0.saturating_sub(gone.0));
            malleable.speedup.run(left, live.accelerators, accelerators) + rest
        };
        LiveJob {
            lent,
            accelerators,
            accelerators_held: held,
            worth: self.worth(&live.job, accelerators),
            requested: at_size(live.requested),
            run: at_size(live.run),
            grace: Span(live.grace.0.saturating_sub(overdue)),
            stage: Stage::Running { queued, start: now },
            ..live
        }
    }

    /// A job changes its size and stands still for `cost`, and for what is left of its last change.
    fn resize(&mut self, pool: PartitionId, slot: JobSlot, lent: u32, cost: Span, ended_by: SegmentEnd) {
        let now = self.queue.now();
        let before = *self.live.get(slot);
        let Stage::Running { queued, start } = before.stage else { unreachable!("a malleable job runs") };
        let mut after = self.resized(pool, slot, lent, now);
        let history = self.histories.get(&slot.0).copied();
        let restart = history.map_or(Span::ZERO, |history| history.restart);
        let rest = Span(restart.0.saturating_sub(now.since(start).0));
        after.requested += cost;
        after.run += cost;
        let got_on = self.write_restart(slot, start, now);
        if start < now {
            self.tell_segment(&segment(&before, (got_on, now), Span::ZERO, ended_by));
        }
        let held = u128::from(before.accelerators_held) * u128::from(now.since(start).0);
        self.checks.held_by_jobs += held;
        let busy = &mut self.partitions[pool].accelerators_busy;
        busy.subtract(now, before.accelerators_held.into());
        busy.add(now, after.accelerators_held.into());
        let history = History {
            first_queued: history.map_or(queued, |history| history.first_queued),
            first_start: history.map_or(start, |history| history.first_start),
            restart: rest + cost,
            attained: history.map_or(0, |history| history.attained) + held,
            pushed_out: history.and_then(|history| history.pushed_out),
        };
        self.histories.insert(slot.0, history);
        *self.live.get_mut(slot) = after;
        let latest = self.latest_end(pool, slot, now);
        // What is foreseen to end before a block does so, whatever the cost and the rounding.
        let foreseen = latest.min(before.expected_end).max(now);
        let next_block = self.partitions[pool].blocks.next_begin(foreseen).unwrap_or(Time::MAX);
        let latest = latest.min(next_block);
        self.expect_end(pool, slot, latest);
        let live = self.live.get_mut(slot);
        live.requested = live.requested.min(next_block.since(now));
        live.room = next_block.since(latest);
        let held = live.held();
        let run = self.live.next_run(slot);
        self.schedule(now.saturating_add(held), Event::Completion(slot, run));
    }
}
