//! Submissions: from a stream's pending job to a queue, a staging transfer or a rejection.

use super::event::Event;
use super::live::{JobSlot, LiveJob, Stage, Waits, arrival_row};
use super::routing::Sent;
use super::run::Simulation;
use super::times::Times;
use crate::model::{EventOrder, Job, Order, PartitionId, StreamId};
use crate::records::{JobRow, Outcome, Rejection, Sink};
use crate::scheduling::{From, Joining, Place, Setting, Waiting};
use crate::units::{Bytes, Span, Time};
use crate::workload::{Submission, Workload};

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// Fetches the stream's next job and schedules its submission.
    pub(super) fn pull(&mut self, stream: StreamId) {
        let next = self.workload.next(stream);
        self.pending[stream.index()] = next;
        if let Some(submission) = next {
            self.schedule(submission.at, Event::Arrival(stream));
        }
    }

    /// Submits the stream's pending job and all further ones of the same instant, so that one round holds them all.
    pub(super) fn arrive(&mut self, stream: StreamId) {
        let now = self.queue.now();
        while let Some(Submission { at, job }) = &self.pending[stream.index()] {
            if *at > now {
                let at = *at;
                self.schedule(at, Event::Arrival(stream));
                return;
            }
            let job = *job;
            self.submit(&job);
            if self.system.event_order == EventOrder::SubmissionsFirst {
                self.run_passes();
            }
            self.pending[stream.index()] = self.workload.next(stream);
        }
    }

    fn submit(&mut self, job: &Job) {
        self.checks.submitted += 1;
        let now = self.queue.now();
        let Sent { partition, accelerators, times, predicted } = match self.choose_partition(job) {
            Ok(sent) => sent,
            Err(reason) => {
                self.checks.rejected += 1;
                self.sink.job(&arrival_row(job, now, Outcome::Rejected(reason)));
                return;
            }
        };
        let Times { requested, later, run } = times;
        let chosen = &self.system.partitions[partition];
        let units = chosen.units_for(accelerators);
        let live = LiveJob {
            job: *job,
            submit: now,
            partition,
            units,
            lent: 0,
            accelerators,
            accelerators_held: chosen.accelerators_of(units),
            worth: self.worth(job, accelerators),
            requested,
            run,
            grace: chosen.grace,
            room: Span::MAX,
            later,
            came: now,
            predicted,
            lane: 0,
            waits: Waits::NONE,
            sequence: 0,
            expected_end: Time::MAX,
            stage: Stage::Queued { queued: now },
        };
        if job.request.input == Bytes::ZERO {
            let slot = self.live.insert(&live);
            self.enqueue(partition, Waiting { units, requested, job: slot.0 });
        } else {
            let slot = self.live.insert(&LiveJob { stage: Stage::Staging, ..live });
            self.jobs_staging.add(now, 1);
            let pool = self.system.partitions[partition].pool;
            self.partitions[pool].inbound_area += live.requested_area();
            let site = self.system.partitions[partition].site;
            self.send_input(job.country, site, job.request.input, slot);
        }
    }

    /// The job's input is there: it joins its queue.
    pub(super) fn end_staging(&mut self, slot: JobSlot) {
        let now = self.queue.now();
        let live = self.live.get_mut(slot);
        live.stage = Stage::Queued { queued: now };
        let partition = live.partition;
        let waiting = Waiting { units: live.units, requested: live.requested, job: slot.0 };
        self.checks.staging_by_jobs += u128::from(now.since(live.submit).0);
        self.jobs_staging.subtract(now, 1);
        let pool = self.system.partitions[partition].pool;
        self.partitions[pool].inbound_area -= live.requested_area();
        self.enqueue(partition, waiting);
    }

    /// A job joins its queue, to be turned away if the queue is too long after the next pass. Where first come is first
    /// served, nobody waits and it fits, the pass would start it first of all: it starts at once and spares the queue
    /// and the pass. Under other orders who comes later at this instant may go first. Where the policy knows from its
    /// plan that the newcomer changes nothing, there is no pass.
    fn enqueue(&mut self, partition: PartitionId, waiting: Waiting) {
        let now = self.queue.now();
        let (guest, pool) = (self.partitions[partition].guest, self.system.partitions[partition].pool);
        let state = &mut self.partitions[pool];
        let first_served = self.system.partitions[pool].policy.order == Order::Submission;
        let plain = state.setting == Setting::Plain && first_served;
        let starts_first = plain && state.queue.is_empty() && waiting.units <= state.free;
        if starts_first && self.system.event_order == EventOrder::EndsFirst {
            state.policy.started_alone(now, &waiting);
            return self.begin(pool, waiting);
        }
        let settled = self.system.event_order == EventOrder::EndsFirst
            && !(state.pass_due || state.capacity_changed || state.max_queued.is_some());
        let waits = settled && state.policy.leaves_waiting(now, state.free, &waiting);
        state.run_clocks(now, &mut self.live);
        let live = self.live.get_mut(JobSlot(waiting.job));
        state.sequence += 1;
        live.sequence = state.sequence;
        live.lane = state.lanes.lane(guest, &live.job, state.rights.account_of(&live.job));
        let clocks = state.read_clocks(live);
        live.waits = Waits::Counting { clocks, drained: Span::ZERO };
        let joining = self.joining(JobSlot(waiting.job));
        let state = &mut self.partitions[pool];
        state.queue.push(joining);
        state.joined(now, &joining.waiting);
        state.queue_length.add(now, 1);
        if !waits {
            state.newcomers += 1;
            self.pass_due(pool);
        }
    }

    /// How a live job joins its queue.
    pub(super) fn joining(&self, slot: JobSlot) -> Joining {
        let live = self.live.get(slot);
        let waiting = Waiting { units: live.units, requested: live.requested, job: slot.0 };
        let deadline = self.class_of(&live.job).and_then(|class| class.deadline);
        Joining {
            lane: live.lane,
            deadline: deadline.map_or(Time::MAX, |deadline| live.submit.saturating_add(deadline)),
            ..Joining::new(waiting, live.came, live.sequence)
        }
    }

    /// Where nobody may wait, turns away a head that did not start; whether others are left to try.
    pub(super) fn turn_away_head(&mut self, partition: PartitionId) -> bool {
        let state = &mut self.partitions[partition];
        let Some((head, _)) = state.queue.head().filter(|_| state.max_queued == Some(0)) else {
            return false;
        };
        // What the head had reserved goes with it.
        state.capacity_changed = true;
        self.turn_away(partition, head);
        !self.partitions[partition].queue.is_empty()
    }

    /// Turns away the last comers that wait beyond the partition's waiting places; whether others stand behind them in
    /// the queue, to be tried again without them.
    pub(super) fn turn_away_last(&mut self, partition: PartitionId) -> bool {
        let Some(places) = self.partitions[partition].max_queued else { return false };
        let mut others_behind = false;
        while self.partitions[partition].queue.len() > places as usize {
            let queue = &self.partitions[partition].queue;
            let last = queue.last_come().expect("a queue longer than its bound has a last job");
            others_behind |= queue.following(From::Behind(last)).is_some();
            self.turn_away(partition, last);
        }
        self.partitions[partition].capacity_changed |= others_behind;
        others_behind
    }

    fn turn_away(&mut self, partition: PartitionId, place: Place) {
        let now = self.queue.now();
        let state = &mut self.partitions[partition];
        state.settle(now, &mut self.live);
        let waiting = state.queue.remove(place);
        state.policy.turned_away(now, waiting.job);
        state.queue_length.subtract(now, 1);
        let slot = JobSlot(waiting.job);
        if let Stage::Queued { queued } = self.live.get(slot).stage {
            self.checks.queued_by_jobs += u128::from(now.since(queued).0);
        }
        self.checks.rejected += 1;
        // One that was pushed out may be the last comer: it leaves nothing behind to whoever has its place later.
        let row = self.row_of(slot, Outcome::Rejected(Rejection::QueueFull), None);
        self.sink.job(&JobRow { last_start: None, ..row });
        self.histories.remove(&slot.0);
        self.live.release(slot);
    }
}
