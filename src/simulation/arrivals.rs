//! Submissions: from a stream's pending job to a queue, a staging transfer or a rejection.

use super::event::Event;
use super::live::{JobSlot, LiveJob, Reading, Stage, Waits, arrival_row};
use super::routing::Sent;
use super::run::Simulation;
use super::times::Times;
use crate::model::{BrokerPolicy, EventOrder, Job, Order, PartitionId, StagingPlace, StreamId};
use crate::records::{JobRow, Outcome, Rejection, Sink};
use crate::scheduling::{From, Joining, Place, Setting, Waiting};
use crate::units::{Span, Time};
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

    /// Hands a job in.
    pub(super) fn submit(&mut self, job: &Job) {
        self.checks.submitted += 1;
        self.look_at_partitions();
        if let BrokerPolicy::Redundant { copies, sites } = self.system.broker {
            return self.submit_copies(job, copies, sites);
        }
        let chosen = self.choose_partition(job);
        if self.has_cross_site_jobs
            && let Some(split) = self.split(job, chosen.as_ref().ok())
        {
            if self.has_patience && self.balks(job, split.start) {
                return self.leave_at_once(job);
            }
            return self.submit_parts(job, split);
        }
        match chosen {
            Ok(sent) if self.has_patience && self.balks(job, self.promised_start(job, &sent)) => {
                self.leave_at_once(job);
            }
            Ok(sent) => {
                let slot = self.take_in(job, &sent);
                self.hand_over(&sent, slot);
                if self.has_patience {
                    self.begin_to_wait(slot, job);
                }
            }
            Err(reason) => self.reject(job, reason),
        }
    }

    /// A job that is sent nowhere.
    pub(super) fn reject(&mut self, job: &Job, reason: Rejection) {
        self.checks.rejected += 1;
        self.tell(&arrival_row(job, self.queue.now(), Outcome::Rejected(reason)));
    }

    /// Gives a job its place among the live ones.
    pub(super) fn take_in(&mut self, job: &Job, sent: &Sent) -> JobSlot {
        let now = self.queue.now();
        let Sent { partition, accelerators, times: Times { requested, later, run }, predicted } = *sent;
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
            awaited: 0,
            reading: Reading::Nothing,
            sequence: 0,
            expected_end: Time::MAX,
            stage: Stage::Queued { queued: now },
        };
        self.note_routing(job, sent);
        self.live.insert(&live)
    }

    /// Sends a job its data, or at once to its queue.
    pub(super) fn hand_over(&mut self, sent: &Sent, slot: JobSlot) {
        if self.send_data(slot) {
            self.begin_staging(slot);
        } else {
            let live = self.live.get(slot);
            let waiting = Waiting { units: live.units, requested: live.requested, job: slot.0 };
            self.enqueue(sent.partition, waiting);
        }
    }

    /// A job waits for its data, with its place in the queue or without.
    fn begin_staging(&mut self, slot: JobSlot) {
        let now = self.queue.now();
        self.jobs_staging.add(now, 1);
        let live = self.live.get_mut(slot);
        live.stage = Stage::Staging;
        let class = self.system.classes.get(live.job.class);
        let state = &mut self.partitions[self.system.partitions[live.partition].pool];
        state.before_change(now);
        state.inbound_area += live.requested_area();
        if class.is_some_and(|class| class.staging == StagingPlace::WhileQueued) {
            state.sequence += 1;
            live.sequence = state.sequence;
        }
    }

    /// Something that the job waits for is there: with the last of it, the job joins its queue.
    pub(super) fn end_transfer(&mut self, slot: JobSlot) {
        let now = self.queue.now();
        let live = self.live.get_mut(slot);
        live.awaited -= 1;
        if live.awaited > 0 {
            return;
        }
        if self.copies.input_came_late(slot) {
            self.end_reading(slot);
            return self.live.release(slot);
        }
        live.stage = Stage::Queued { queued: now };
        let partition = live.partition;
        let waiting = Waiting { units: live.units, requested: live.requested, job: slot.0 };
        self.checks.staging_by_jobs += u128::from(now.since(live.submit).0);
        self.jobs_staging.subtract(now, 1);
        let state = &mut self.partitions[self.system.partitions[partition].pool];
        state.before_change(now);
        state.inbound_area -= live.requested_area();
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
        state.before_change(now);
        let first_served = self.system.partitions[pool].policy.order == Order::Submission;
        let plain = state.setting == Setting::Plain && first_served;
        let starts_first = plain && state.queue.is_empty() && waiting.units <= state.free;
        if starts_first && self.system.event_order == EventOrder::EndsFirst {
            state.policy.started_alone(now, &waiting);
            return self.begin(pool, waiting);
        }
        let at_the_end = self.live.get(JobSlot(waiting.job)).sequence == 0;
        let settled = self.system.event_order == EventOrder::EndsFirst
            && at_the_end
            && !(state.pass_due || state.capacity_changed || state.max_queued.is_some());
        let waits = settled && state.policy.leaves_waiting(now, state.free, &waiting);
        state.run_clocks(now, &mut self.live);
        let live = self.live.get_mut(JobSlot(waiting.job));
        if at_the_end {
            state.sequence += 1;
            live.sequence = state.sequence;
        }
        live.lane = state.lanes.lane(guest, &live.job, state.rights.account_of(&live.job));
        let clocks = state.read_clocks(live);
        live.waits = Waits::Counting { clocks, drained: Span::ZERO };
        let joining = self.joining(JobSlot(waiting.job));
        let state = &mut self.partitions[pool];
        state.join(now, joining, self.system, &mut self.live);
        state.joined(now, &joining.waiting);
        state.queue_length.add(now, 1);
        if !waits {
            state.newcomers += 1;
            // Who takes a place before the end of the queue is not among the last comers.
            state.capacity_changed |= !at_the_end;
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
        let waiting = state.leave(place);
        state.policy.turned_away(now, waiting.job);
        state.queue_length.subtract(now, 1);
        let slot = JobSlot(waiting.job);
        self.end_waiting(slot);
        self.end_reading(slot);
        let is_lost = self.copies.is_empty() || !self.lose_copy(slot);
        // One that was pushed out may be the last comer: it leaves nothing behind to whoever has its place later.
        let row = self.row_of(slot, Outcome::Rejected(Rejection::QueueFull), None);
        self.histories.remove(&slot.0);
        if self.parts.contains(slot) {
            self.lose_other_parts(slot);
        }
        if let Stage::Queued { queued } = self.live.get(slot).stage {
            self.checks.queued_by_jobs += u128::from(now.since(queued).0);
        }
        self.live.release(slot);
        if !is_lost {
            return;
        }
        self.checks.rejected += 1;
        self.tell(&JobRow { last_start: None, ..row });
    }
}
