//! Jobs pushed out by jobs of a higher tier, and what becomes of them.

use super::event::Event;
use super::live::{JobSlot, RunNumber, Stage};
use super::run::Simulation;
use super::segments::segment;
use super::staging::Cargo;
use crate::model::{Checkpoint, PartitionId, Preemption, PreemptionMode};
use crate::records::{JobRow, Outcome, SegmentEnd, Sink};
use crate::scheduling::{Active, Claimant, Joining, Leaves, Waiting, victims};
use crate::units::{Bytes, Span, Time};
use crate::workload::Workload;

/// What is remembered of a job that was pushed out, or takes time before its work begins.
#[derive(Debug, Clone, Copy)]
pub(super) struct History {
    /// When it joined the queue for the first time.
    pub(super) first_queued: Time,
    /// When it started for the first time.
    pub(super) first_start: Time,
    /// How long its next run, or the present one, holds units before it gets on.
    pub(super) restart: Span,
    /// Accelerator-nanoseconds it has held.
    pub(super) attained: u128,
    /// When it was last pushed out, if it was.
    pub(super) pushed_out: Option<Time>,
}

impl History {
    /// Of a job that starts for the first time.
    pub(super) fn starting(first_queued: Time, first_start: Time, startup: Span) -> Self {
        Self { first_queued, first_start, restart: startup, attained: 0, pushed_out: None }
    }
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// Where the first job of the queue may push others out, does so. Whether the policy should decide again.
    pub(super) fn make_room(&mut self, pool: PartitionId) -> bool {
        let (Some(rule), now) = (self.system.partitions[pool].preemption, self.queue.now()) else {
            return false;
        };
        let state = &self.partitions[pool];
        let (Some(active), Some(place)) = (&state.active, state.first_in_turn()) else { return false };
        let waiting = state.queue.get(place);
        let tier = self.system.partitions[self.live.get(JobSlot(waiting.job)).partition].tier;
        let exempt_until = now.0.checked_sub(rule.exempt.0).map(Time);
        let claimant = Claimant { units: waiting.units, tier };
        // Who starts again on what it has just given back, while others still write their checkpoints, stays: otherwise
        // that would go on for ever within the instant.
        let is_back = |job: &Active| {
            let history = self.histories.get(&job.job);
            job.start == now && history.is_some_and(|history| history.pushed_out == Some(now))
        };
        let movable: Vec<Active> = active.iter().filter(|job| !is_back(job)).copied().collect();
        let chosen = victims(claimant, state.free, &movable, exempt_until);
        if chosen.is_empty() {
            let lower = active.iter().filter(|job| job.tier < tier);
            let exempt_ends = lower.map(|job| job.start.saturating_add(rule.exempt)).filter(|&end| end > now);
            let retry = exempt_ends.min();
            return self.retry_at(pool, retry);
        }
        if !self.is_worth_it(pool, &waiting, &chosen) {
            return false;
        }
        // Who writes a checkpoint first is expected to end earlier: that changes plans, too.
        for job in chosen {
            self.push_out(pool, JobSlot(job), rule, now);
        }
        true
    }

    /// Whether a job could start if these were pushed out: the calendar may still keep it away.
    pub(super) fn is_worth_it(&self, pool: PartitionId, job: &Waiting, victims: &[u32]) -> bool {
        let state = &self.partitions[pool];
        if state.blocks.is_empty() {
            return true;
        }
        let run = |&victim: &u32| {
            let live = self.live.get(JobSlot(victim));
            (live.expected_end, live.units)
        };
        let gone: Vec<_> = victims.iter().map(run).collect();
        state.could_start_without(self.queue.now(), job, &gone)
    }

    /// Looks again when the next exempt time is over.
    pub(super) fn retry_at(&mut self, pool: PartitionId, retry: Option<Time>) -> bool {
        if let Some(time) = retry.filter(|_| self.partitions[pool].retry != retry) {
            self.partitions[pool].retry = retry;
            self.schedule(time, Event::Wake(pool));
        }
        false
    }

    /// Pushes a job out: now, or once it has written a checkpoint.
    pub(super) fn push_out(&mut self, pool: PartitionId, slot: JobSlot, rule: Preemption, now: Time) {
        // A malleable job saves its state as it does when it changes its size.
        if rule.mode == PreemptionMode::CheckpointThenRequeue && self.malleable(slot).is_none() {
            let cost = self.checkpoint_of(slot).map_or(Span::ZERO, |checkpoint| checkpoint.cost);
            if cost > Span::ZERO {
                return self.leave_soon(pool, slot, now, cost);
            }
        }
        self.retreat(pool, slot);
        self.cut_short(pool, slot, Cut::PushedOut(rule.mode), now, now);
    }

    fn checkpoint_of(&self, slot: JobSlot) -> Option<Checkpoint> {
        self.class_of(&self.live.get(slot).job).and_then(|class| class.checkpoint)
    }

    /// A job writes a checkpoint and then gives its units back, unless it ends before.
    fn leave_soon(&mut self, pool: PartitionId, slot: JobSlot, now: Time, cost: Span) {
        self.mark_leaving(pool, slot);
        let live = self.live.get_mut(slot);
        let Stage::Running { start, .. } = live.stage else {
            unreachable!("only a running job is pushed out")
        };
        let leaves = now.saturating_add(cost);
        if start.saturating_add(live.held()) <= leaves {
            // It ends first anyway.
            return;
        }
        let (expected_end, units) = (live.expected_end, live.units);
        live.expected_end = leaves.min(expected_end);
        let state = &mut self.partitions[pool];
        state.running.remove(expected_end, units);
        state.running.insert(live.expected_end, units);
        state.capacity_changed = true;
        let run = self.live.next_run(slot);
        self.leaving.insert(slot.0, now);
        self.schedule(leaves, Event::Completion(slot, run));
    }

    fn mark_leaving(&mut self, pool: PartitionId, slot: JobSlot) {
        let active = self.partitions[pool].active.iter_mut().flatten();
        if let Some(job) = active.into_iter().find(|job| job.job == slot.0) {
            job.leaves = Leaves::Soon;
        }
    }

    /// A run ends: with its job, or because a checkpoint that was asked for is written. An event of a run that was cut
    /// short before means nothing any more.
    #[inline]
    pub(super) fn end_run(&mut self, slot: JobSlot, run: RunNumber) {
        if self.live.run_number(slot) != run {
            return;
        }
        match self.leaving.get(&slot.0) {
            Some(&asked) => {
                let pool = self.system.partitions[self.live.get(slot).partition].pool;
                let cut = Cut::PushedOut(PreemptionMode::CheckpointThenRequeue);
                self.cut_short(pool, slot, cut, asked, self.queue.now());
            }
            None if self.live.get(slot).later > Span::ZERO && self.live.get(slot).is_cut() => {
                self.end_segment(slot);
            }
            None if self.parts.contains(slot) => self.part_is_due(slot),
            None => self.complete(slot),
        }
    }

    /// Ends a run before its job has ended; work counts until `worked`.
    pub(super) fn cut_short(&mut self, pool: PartitionId, slot: JobSlot, cut: Cut, worked: Time, now: Time) {
        let worked = if self.parts.contains(slot) { self.cut_part(slot, cut, worked) } else { worked };
        let checkpoint = self.checkpoint_of(slot);
        if cut == Cut::PushedOut(PreemptionMode::Suspend) {
            self.live.get_mut(slot).count_held(now);
        }
        let live = *self.live.get(slot);
        let Stage::Running { queued, start } = live.stage else {
            unreachable!("only a running job is cut short")
        };
        self.leaving.remove(&slot.0);
        self.live.next_run(slot);
        self.give_units_back(slot, start, now);
        let before = self.histories.get(&slot.0).copied();
        let restarted = before.map_or(Span::ZERO, |history| history.restart);
        let elapsed = worked.since(start);
        let got_on = Span(elapsed.0.saturating_sub(restarted.0));
        let kept = cut.kept(checkpoint, got_on);
        let held = now.since(start);
        self.tell_segment(&segment(&live, (start, now), Span(held.0 - kept.0), cut.ended_by()));
        let reconfiguration = self.malleable(slot).map(|malleable| malleable.reconfiguration);
        let restart_left = Span(restarted.0.saturating_sub(elapsed.0));
        let restart = reconfiguration
            .unwrap_or_else(|| cut.restart(checkpoint, restart_left, live.job.request.startup));
        if reconfiguration.is_some() {
            let live = self.live.get_mut(slot);
            live.requested = (Span(live.requested.0.saturating_sub(restarted.0)) + restart).max(Span::STEP);
        }
        let history = History {
            first_queued: before.map_or(queued, |history| history.first_queued),
            first_start: before.map_or(start, |history| history.first_start),
            restart,
            attained: before.map_or(0, |history| history.attained)
                + u128::from(live.accelerators_held) * u128::from(held.0),
            pushed_out: match cut {
                Cut::Chain | Cut::Hold => before.and_then(|history| history.pushed_out),
                Cut::PushedOut(_) => Some(now),
            },
        };
        if cut == Cut::PushedOut(PreemptionMode::Cancel) {
            return self.lose(slot, now);
        }
        if cut.saves_state() {
            self.send_checkpoint(slot);
        }
        self.histories.insert(slot.0, history);
        let left = Span(live.run.0 - restarted.0 - kept.0);
        self.send_back(pool, slot, Span(left.0 + history.restart.0), history);
    }

    /// The state that a job has saved begins to travel where its results will go.
    fn send_checkpoint(&mut self, slot: JobSlot) {
        let bytes =
            self.class_of(&self.live.get(slot).job).map_or(Bytes::ZERO, |class| class.checkpoint_bytes);
        if bytes > Bytes::ZERO {
            self.send_away(slot, bytes, Cargo::Checkpoint);
        }
    }

    /// A job that is pushed out for good.
    fn lose(&mut self, slot: JobSlot, now: Time) {
        self.checks.preempted += 1;
        let row = self.row_of(slot, Outcome::Preempted, Some(now));
        if self.parts.contains(slot) {
            self.lose_other_parts(slot);
        }
        self.tell(&JobRow { last_start: None, ..row });
        self.histories.remove(&slot.0);
        self.end_reading(slot);
        self.live.release(slot);
    }

    /// A job goes back to its place in the queue with `run` left to do.
    fn send_back(&mut self, pool: PartitionId, slot: JobSlot, run: Span, history: History) {
        let now = self.queue.now();
        let live = self.live.get_mut(slot);
        live.run = run;
        live.stage = Stage::Queued { queued: now };
        let joining = Joining { attained: history.attained, ..self.joining(slot) };
        let state = &mut self.partitions[pool];
        state.settle(now, &mut self.live);
        state.join(now, joining, self.system, &mut self.live);
        state.queue_length.add(now, 1);
        state.capacity_changed = true;
        self.pass_due(pool);
    }

    /// Keeps the list of running jobs where some may be pushed out.
    #[inline]
    pub(super) fn note_start(&mut self, pool: PartitionId, slot: JobSlot, start: Time) {
        if self.partitions[pool].active.is_none() {
            return;
        }
        let live = self.live.get(slot);
        let tier = self.system.partitions[live.partition].tier;
        let job = Active { job: slot.0, units: live.units, lane: live.lane, tier, start, leaves: Leaves::No };
        if let Some(active) = &mut self.partitions[pool].active {
            active.push(job);
        }
    }

    /// The counterpart of [`Simulation::note_start`].
    #[inline]
    pub(super) fn note_end(&mut self, pool: PartitionId, slot: JobSlot) {
        if let Some(active) = &mut self.partitions[pool].active {
            active.retain(|job| job.job != slot.0);
        }
    }
}

/// Why a run ends before its job does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cut {
    /// Another job pushes it out.
    PushedOut(PreemptionMode),
    /// Its segment of a chain is over.
    Chain,
    /// It has waited for the other parts of its training for as long as it may.
    Hold,
}

impl Cut {
    /// The running time that a job need not do again, of what it has got on.
    fn kept(self, checkpoint: Option<Checkpoint>, got_on: Span) -> Span {
        use PreemptionMode::{Cancel, CheckpointThenRequeue, Requeue, Suspend};
        match (self, checkpoint) {
            (Self::Chain | Self::PushedOut(Suspend | CheckpointThenRequeue), _) => got_on,
            (Self::PushedOut(Requeue), Some(Checkpoint { interval, .. })) => {
                Span(got_on.0 / interval.0 * interval.0)
            }
            (Self::PushedOut(Requeue), None) | (Self::PushedOut(Cancel) | Self::Hold, _) => Span::ZERO,
        }
    }

    /// How long a job that comes back holds its units before it gets on; `left` of its present restart has not passed.
    /// Without a checkpoint it starts as it did at first.
    fn restart(self, checkpoint: Option<Checkpoint>, left: Span, startup: Span) -> Span {
        match (self, checkpoint) {
            (Self::PushedOut(PreemptionMode::Suspend) | Self::Hold, _) => left,
            (_, None) => startup,
            (_, Some(checkpoint)) => checkpoint.restart,
        }
    }

    /// Whether the job has written a checkpoint on demand before it goes.
    fn saves_state(self) -> bool {
        matches!(self, Self::Chain | Self::PushedOut(PreemptionMode::CheckpointThenRequeue))
    }

    fn ended_by(self) -> SegmentEnd {
        match self {
            Self::PushedOut(_) => SegmentEnd::PushedOut,
            Self::Chain => SegmentEnd::Chain,
            Self::Hold => SegmentEnd::Hold,
        }
    }
}
