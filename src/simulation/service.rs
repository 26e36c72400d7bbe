//! Scheduling passes, starts and completions.

use super::event::Event;
use super::live::{JobSlot, Stage};
use super::run::Simulation;
use crate::model::{EventOrder, LocalPolicy, PartitionId};
use crate::records::{Outcome, Sink};
use crate::scheduling::{Decision, Place, Waiting};
use crate::units::{Bytes, Time};
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
            while self.turn_away_head(id) {
                self.decide(id, now);
            }
        }
        if self.turn_away_last(id) {
            self.decide(id, now);
        }
    }

    fn decide(&mut self, id: PartitionId, now: Time) {
        let mut starts = std::mem::take(&mut self.starts);
        loop {
            starts.clear();
            let decision = self.partitions[id].decide(now, &mut starts);
            for &place in &starts {
                self.start(id, place);
            }
            if decision == Decision::Done {
                break;
            }
        }
        self.starts = starts;
        self.schedule_wake(id);
    }

    /// Keeps an event for the next instant at which the policy has something to say by itself.
    fn schedule_wake(&mut self, id: PartitionId) {
        let state = &mut self.partitions[id];
        let wake = state.policy.wake();
        if let Some(time) = wake.filter(|_| state.wake != wake) {
            state.wake = wake;
            self.schedule(time, Event::Wake(id));
        }
    }

    /// A reservation falls due, unless it has moved since the event was scheduled.
    pub(super) fn wake(&mut self, id: PartitionId) {
        if self.partitions[id].policy.wake() == Some(self.queue.now()) {
            self.partitions[id].capacity_changed = true;
            self.pass_due(id);
        }
    }

    /// In the published order of events, jobs whose expected end is not after now count as gone at every pass, and a
    /// pass of plain EASY after a submission runs only if the new job fits the units free by that count.
    fn skips_pass(&mut self, id: PartitionId, now: Time) -> bool {
        let state = &mut self.partitions[id];
        while let Some(units) = state.running.pop_overdue(now) {
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
    fn start(&mut self, id: PartitionId, place: Place) {
        let now = self.queue.now();
        let state = &mut self.partitions[id];
        let waiting = state.queue.remove(place);
        state.queue_length.subtract(now, 1);
        self.begin(id, waiting);
    }

    /// Starts a job that is in no queue any more, or never was.
    pub(super) fn begin(&mut self, id: PartitionId, waiting: Waiting) {
        let now = self.queue.now();
        let state = &mut self.partitions[id];
        let slot = JobSlot(waiting.job);
        let live = self.live.get_mut(slot);
        let Stage::Queued { queued } = live.stage else { unreachable!("a waiting job is queued") };
        live.stage = Stage::Running { queued, start: now };
        let (held, accelerators) = (live.held(), u64::from(live.accelerators_held));
        state.free = state.free.checked_sub(waiting.units).expect("a policy starts only what fits");
        state.running.insert(now.saturating_add(waiting.requested), waiting.units);
        state.accelerators_busy.add(now, accelerators);
        self.checks.queued_by_jobs += u128::from(now.since(queued).0);
        self.schedule(now.saturating_add(held), Event::Completion(slot));
    }

    /// A job ends: its units come free, its row is written and its results begin to travel.
    pub(super) fn complete(&mut self, slot: JobSlot) {
        let now = self.queue.now();
        let live = self.live.get(slot);
        let Stage::Running { start, .. } = live.stage else { unreachable!("only a running job ends") };
        let expected_end = start.saturating_add(live.requested);
        let id = live.partition;
        let state = &mut self.partitions[id];
        // Under `submissions-first` an earlier pass of this instant may already have counted the job as gone.
        let counted_gone = self.system.event_order == EventOrder::SubmissionsFirst
            && expected_end <= now
            && !state.running.contains(expected_end, live.units);
        if !counted_gone {
            state.running.remove(expected_end, live.units);
            state.free += live.units;
        }
        state.policy.ended(now, expected_end, live.units);
        state.capacity_changed = true;
        state.accelerators_busy.subtract(now, live.accelerators_held.into());
        self.checks.held_by_jobs += u128::from(live.accelerators_held) * u128::from(now.since(start).0);
        let outcome = if live.run > live.requested { Outcome::Killed } else { Outcome::Completed };
        match outcome {
            Outcome::Killed => self.checks.killed += 1,
            _ => self.checks.completed += 1,
        }
        self.sink.job(&live.row(outcome, Some(now)));
        if live.job.profile.output > Bytes::ZERO {
            let site = self.system.partitions[id].site;
            self.staging.send_output(now, site, live.job.country, live.job.profile.output);
        }
        self.live.release(slot);
        self.pass_due(id);
    }
}
