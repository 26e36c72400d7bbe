//! Scheduling passes, starts and completions.

use super::event::Event;
use super::live::{JobSlot, Stage, Waits};
use super::preempt::History;
use super::run::Simulation;
use super::staging::Cargo;
use crate::model::{Ending, EventOrder, LocalPolicy, Order, PartitionId};
use crate::records::{JobRow, Outcome, Sink, WaitCauses};
use crate::scheduling::{Decision, Place, Setting, Waiting};
use crate::units::{Bytes, Span, Time};
use crate::workload::Workload;

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// Runs every pass that is due.
    pub(super) fn run_passes(&mut self) {
        while let Some(partition) = self.passes_due.pop() {
            self.partitions[partition].pass_due = false;
            self.pass(partition);
        }
    }

    /// Asks the local policy until it has no more to say, applies what it decides, and turns away who waits beyond the
    /// partition's places; who is turned away makes way for those behind.
    fn pass(&mut self, id: PartitionId) {
        let now = self.queue.now();
        let skips = self.system.event_order == EventOrder::SubmissionsFirst && self.skips_pass(id, now);
        if !skips {
            self.decide(id, now);
        }
        if self.partitions[id].max_queued.is_some() {
            while !skips && self.turn_away_head(id) {
                self.decide(id, now);
            }
            if self.turn_away_last(id) {
                self.decide(id, now);
            }
        }
    }

    /// Applies what the policy decides until it has no more to say and nobody is pushed out for what waits; then the
    /// malleable jobs share what is idle.
    fn decide(&mut self, id: PartitionId, now: Time) {
        if self.partitions[id].setting == Setting::Plain {
            self.apply_decisions(id, now);
            return self.schedule_wake(id);
        }
        self.foresee_ends(id, now);
        self.start_claimants(id);
        self.apply_decisions(id, now);
        while self.make_room(id) || self.take_back(id) {
            self.partitions[id].capacity_changed = true;
            self.apply_decisions(id, now);
        }
        self.share_idle(id, now);
        self.schedule_wake(id);
    }

    fn apply_decisions(&mut self, id: PartitionId, now: Time) {
        let mut starts = std::mem::take(&mut self.starts);
        loop {
            starts.clear();
            self.sort_queue(id, now);
            let mut decision = self.partitions[id].decide(now, &mut starts);
            // Every start moves the dominant shares, so the order is looked at anew after each.
            if starts.len() > 1 && self.system.partitions[id].policy.order == Order::DominantResource {
                starts.truncate(1);
                self.partitions[id].capacity_changed = true;
                decision = Decision::AskAgain;
            }
            for &place in &starts {
                self.start(id, place);
            }
            if decision == Decision::Done {
                break;
            }
        }
        self.starts = starts;
    }

    /// Keeps an event for the next instant at which the policy has something to say by itself.
    fn schedule_wake(&mut self, id: PartitionId) {
        let state = &mut self.partitions[id];
        let wake = state.next_wake();
        if let Some(time) = wake.filter(|_| state.wake != wake) {
            state.wake = wake;
            self.schedule(time, Event::Wake(id));
        }
    }

    /// A reservation falls due, a budget is used up or begins anew, or somebody may be pushed out or grow, unless that
    /// has moved since the event was scheduled.
    pub(super) fn wake(&mut self, id: PartitionId) {
        let now = self.queue.now();
        let (due, state) = (Some(now), &mut self.partitions[id]);
        if state.next_wake() == due || state.retry == due || state.grows == due {
            // What is left changes now even if nothing starts or ends.
            state.settle(now, &mut self.live);
            state.capacity_changed = true;
            self.pass_due(id);
        }
    }

    /// In the published order of events, jobs whose expected end is not after now count as gone at every pass, and a
    /// pass of plain EASY after a submission runs only if the new job fits the units free by that count.
    fn skips_pass(&mut self, id: PartitionId, now: Time) -> bool {
        // Who has a grace may go on beyond its expected end.
        let ends_in_time = |other| self.system.partitions[other].grace == Span::ZERO;
        let none_is_overdue = self.system.partitions_on(id).all(ends_in_time);
        let state = &mut self.partitions[id];
        state.settle(now, &mut self.live);
        while none_is_overdue && let Some(units) = state.running.pop_overdue(now) {
            state.free += units;
        }
        let submitted = !state.capacity_changed;
        state.capacity_changed = true;
        let fits = state.queue.newcomers(state.newcomers).any(|job| job.units <= state.free);
        let plain_easy = self.system.partitions[id].policy == LocalPolicy::EASY;
        let skips = plain_easy && submitted && !fits;
        if skips {
            state.capacity_changed = false;
            state.newcomers = 0;
        }
        skips
    }

    /// Takes the job at `place` out of the queue and starts it.
    pub(super) fn start(&mut self, id: PartitionId, place: Place) {
        let now = self.queue.now();
        let state = &mut self.partitions[id];
        state.settle(now, &mut self.live);
        let waiting = state.queue.remove(place);
        state.queue_length.subtract(now, 1);
        let slot = JobSlot(waiting.job);
        let live = self.live.get_mut(slot);
        live.waits = Waits::Known(state.causes(now, slot, live));
        state.limits.leave(waiting.job);
        self.begin(id, waiting);
    }

    /// Starts a job that is in no queue any more, or never was.
    pub(super) fn begin(&mut self, id: PartitionId, waiting: Waiting) {
        let (now, slot) = (self.queue.now(), JobSlot(waiting.job));
        self.end_waiting(slot);
        if !self.copies.is_empty() {
            self.take_back_others(slot);
        }
        let state = &mut self.partitions[id];
        state.settle(now, &mut self.live);
        let plain = state.setting == Setting::Plain;
        let live = self.live.get_mut(slot);
        let Stage::Queued { queued } = live.stage else { unreachable!("a waiting job is queued") };
        if live.job.request.startup > Span::ZERO {
            self.histories.entry(slot.0).or_insert(History::starting(queued, now, live.job.request.startup));
        }
        live.stage = Stage::Running { queued, start: now };
        live.expected_end = now.saturating_add(waiting.requested);
        let next_block = state.blocks.next_begin(live.expected_end);
        live.room = next_block.map_or(Span::MAX, |begin| begin.since(live.expected_end));
        let (mut held, accelerators) = (live.held(), u64::from(live.accelerators_held));
        state.free = state.free.checked_sub(waiting.units).expect("a policy starts only what fits");
        state.running.insert(live.expected_end, waiting.units);
        if let Some(nodes) = &mut state.nodes {
            nodes.place(slot.0, waiting.units, live.expected_end);
        }
        state.rights.hold(now, &live.job, waiting.units);
        if !state.limits.is_empty() {
            state.hold(now, slot, self.system, &mut self.live);
        }
        state.accelerators_busy.add(now, accelerators);
        self.checks.queued_by_jobs += u128::from(now.since(queued).0);
        if !plain {
            self.note_start(id, slot, now);
            self.note_malleable(id, slot);
        }
        if self.parts.contains(slot) {
            held = self.part_begins(slot);
        }
        self.schedule(now.saturating_add(held), Event::Completion(slot, self.live.run_number(slot)));
    }

    /// The units of a run that began at `start` come free.
    #[inline]
    pub(super) fn give_units_back(&mut self, slot: JobSlot, start: Time, now: Time) {
        let id = self.system.partitions[self.live.get(slot).partition].pool;
        let state = &mut self.partitions[id];
        state.settle(now, &mut self.live);
        let plain = state.setting == Setting::Plain;
        let live = self.live.get(slot);
        // Under `submissions-first` an earlier pass of this instant may already have counted the job as gone.
        let counted_gone = self.system.event_order == EventOrder::SubmissionsFirst
            && live.expected_end <= now
            && !state.running.contains(live.expected_end, live.units);
        if !counted_gone {
            state.running.remove(live.expected_end, live.units);
            state.free += live.units;
        }
        if let Some(nodes) = &mut state.nodes {
            nodes.release(slot.0, live.expected_end);
        }
        state.policy.ended(now, live.expected_end, live.units);
        state.capacity_changed = true;
        state.rights.release(now, &live.job, live.units);
        if !state.limits.is_empty() {
            state.release(now, slot, self.system, &mut self.live);
        }
        let live = self.live.get(slot);
        state.accelerators_busy.subtract(now, live.accelerators_held.into());
        self.checks.held_by_jobs += u128::from(live.accelerators_held) * u128::from(now.since(start).0);
        if !plain {
            self.note_end(id, slot);
            self.partitions[id].elastic.remove(&slot.0);
        }
    }

    /// A job ends: its units come free, its row is written and its results begin to travel.
    pub(super) fn complete(&mut self, slot: JobSlot) {
        let now = self.queue.now();
        let live = self.live.get(slot);
        let Stage::Running { start, .. } = live.stage else { unreachable!("only a running job ends") };
        self.give_units_back(slot, start, now);
        let outcome = if self.live.get(slot).is_cut() { Outcome::Killed } else { Outcome::Completed };
        self.write_end(slot, start, outcome);
        self.send_results(slot);
        self.vacate(slot);
    }

    /// Writes the row of a job that ends now, of a run that began at `start`; of one that completes what it had to do, it
    /// says whether that was all.
    #[inline]
    pub(super) fn write_end(&mut self, slot: JobSlot, start: Time, outcome: Outcome) {
        let now = self.queue.now();
        let (outcome, count) = match self.live.get(slot).job.profile.ending {
            _ if outcome == Outcome::Killed => (Outcome::Killed, &mut self.checks.killed),
            Ending::Done => (Outcome::Completed, &mut self.checks.completed),
            Ending::Stopped => (Outcome::Stopped, &mut self.checks.stopped),
            Ending::Failed => (Outcome::Failed, &mut self.checks.failed),
        };
        *count += 1;
        let last_start = Some(self.write_restart(slot, start, now));
        self.tell(&JobRow { last_start, ..self.row_of(slot, outcome, Some(now)) });
    }

    /// The results of a job begin to travel.
    #[inline]
    pub(super) fn send_results(&mut self, slot: JobSlot) {
        let output = self.live.get(slot).job.profile.output;
        if output > Bytes::ZERO {
            self.send_away(slot, output, Cargo::Output);
        }
    }

    /// A job that has given its units back leaves its place, and who waits there has a chance.
    #[inline]
    pub(super) fn vacate(&mut self, slot: JobSlot) {
        let partition = self.live.get(slot).partition;
        if !self.histories.is_empty() {
            self.histories.remove(&slot.0);
        }
        self.end_reading(slot);
        self.live.release(slot);
        // Where nobody waits and nobody grows there is nothing to decide.
        let id = self.system.partitions[partition].pool;
        let state = &self.partitions[id];
        let is_wanted = !(state.queue.is_empty() && state.elastic.is_empty());
        if is_wanted || self.system.event_order == EventOrder::SubmissionsFirst {
            self.pass_due(id);
        }
    }

    /// The row of a live job as it stands.
    #[expect(
        clippy::inline_always,
        reason = "a sink that looks at a few columns has only these put together"
    )]
    #[inline(always)]
    pub(super) fn row_of(&self, slot: JobSlot, outcome: Outcome, end: Option<Time>) -> JobRow {
        let mut row = self.live.get(slot).row(outcome, end);
        if let Some(group) = self.parts.group(slot) {
            (row.sites, row.input) = (group.sites, group.input);
        }
        match self.histories.get(&slot.0) {
            Some(history) => {
                let staging = history.first_queued.since(row.submit);
                let waits = WaitCauses { staging, ..row.waits };
                JobRow { queued: Some(history.first_queued), start: Some(history.first_start), waits, ..row }
            }
            None => row,
        }
    }
}
