//! Trainings across sites: the parts of a job, each a job to its own site, and what they are to each other.
//!
//! Parts are handed in together. Where each begins when it starts, it ends by itself, when its share of the work is done
//! and what it sends to the next site has gone: the job ends with its last part. Where all begin together, a part that has
//! started holds its accelerators until the last one starts, for so long at most; then it gives them back and joins the
//! end of its queue, so that two jobs never wait for each other for ever. All end together, and where one is pushed out,
//! the others are.
//!
//! A part sends its averages as one transfer in a lane of its own, at the rate that lets it finish with the part on an idle
//! network. Where the network gives less, the part goes on until it has finished, or to its limit.
//!
//! A job whose part is lost for good, or finds its queue full, is lost as a whole. It has one row: that of the part that
//! ends last; the times of the others are rows of segments. In a queue, and while its input is on the way, each part
//! counts as a job.

use super::event::Event;
use super::live::{JobSlot, LiveJob, Stage};
use super::parts::{Group, Part, State};
use super::preempt::{Cut, History};
use super::run::Simulation;
use super::segments::segment;
use super::split::{PlannedPart, Split};
use crate::model::{Job, PartsBegin, PreemptionMode};
use crate::records::{Outcome, SegmentEnd, Sink};
use crate::units::{Span, Time};
use crate::workload::Workload;

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// Hands in all parts of a job.
    pub(super) fn submit_parts(&mut self, job: &Job, split: Split) {
        let Split { begin, parts: planned, .. } = split;
        let mut parts = Vec::with_capacity(planned.len());
        for PlannedPart { job, sent, worth, averages } in &planned {
            let slot = self.take_in(job, sent);
            self.live.get_mut(slot).worth = *worth;
            let part =
                Part { slot, state: State::Waits, averages: *averages, sending: None, training: Span::ZERO };
            parts.push(part);
        }
        let slots: Vec<JobSlot> = parts.iter().map(|part| part.slot).collect();
        let (sites, input) = (planned.len() as u32, job.request.input);
        self.parts.join(Group { begin, parts, sites, input, is_killed: false });
        for (part, slot) in planned.iter().zip(slots) {
            self.hand_over(&part.sent, slot);
        }
    }

    /// A part has started. Returns how long it holds its units if nothing else happens.
    #[cold]
    pub(super) fn part_begins(&mut self, slot: JobSlot) -> Span {
        let group = self.parts.group_mut(slot);
        group.part(slot).state = State::Holds;
        let (begin, is_last) = (group.begin, !group.has(State::Waits));
        match begin {
            PartsBegin::EachWhenItStarts => self.train(slot),
            PartsBegin::AllTogether { .. } if is_last => {
                let others = self.parts.group(slot).map_or_else(Vec::new, Group::slots);
                for other in others.into_iter().filter(|&other| other != slot) {
                    self.end_hold(other);
                    let held = self.train(other);
                    let (run, start) = (self.live.next_run(other), self.start_of(other));
                    self.schedule(start.saturating_add(held), Event::Completion(other, run));
                }
                self.train(slot)
            }
            PartsBegin::AllTogether { hold } => {
                // Until the others are there it does not get on.
                self.add_restart(slot, hold);
                self.live.get_mut(slot).run += hold;
                self.live.get(slot).held().min(hold)
            }
        }
    }

    fn start_of(&self, slot: JobSlot) -> Time {
        let Stage::Running { start, .. } = self.live.get(slot).stage else {
            unreachable!("a part that has started runs")
        };
        start
    }

    fn restart_of(&self, slot: JobSlot) -> Span {
        self.histories.get(&slot.0).map_or(Span::ZERO, |history| history.restart)
    }

    /// Before a run gets on there is so much more time.
    fn add_restart(&mut self, slot: JobSlot, more: Span) {
        let Stage::Running { queued, start } = self.live.get(slot).stage else {
            unreachable!("a part that has started runs")
        };
        let none = History {
            first_queued: queued,
            first_start: start,
            restart: Span::ZERO,
            attained: 0,
            pushed_out: None,
        };
        self.histories.entry(slot.0).or_insert(none).restart += more;
    }

    /// A part that holds its accelerators does so no longer: of the time set aside for that, what has passed counts.
    fn end_hold(&mut self, slot: JobSlot) {
        let waited = self.queue.now().since(self.start_of(slot));
        let PartsBegin::AllTogether { hold } = self.parts.group_mut(slot).begin else { return };
        let history = self.histories.get_mut(&slot.0).expect("a part that holds has a history");
        history.restart = Span(history.restart.0 - hold.0 + waited.0);
        let live = self.live.get_mut(slot);
        live.run = Span(live.run.0 - hold.0 + waited.0);
    }

    /// A part begins to train and to send. Returns how long it holds its units in all, from its start.
    fn train(&mut self, slot: JobSlot) -> Span {
        let training = Span(self.live.get(slot).run.0 - self.restart_of(slot).0);
        let left = Span(self.live.get(slot).run.0 - self.queue.now().since(self.start_of(slot)).0);
        let part = self.parts.part_mut(slot);
        (part.state, part.training) = (State::Trains, training);
        let averages = part.averages;
        let sending = self.send_averages(slot, &averages, training, left);
        self.parts.part_mut(slot).sending = sending;
        self.live.get(slot).held()
    }

    /// A part has held its units for as long as was foreseen.
    pub(super) fn part_is_due(&mut self, slot: JobSlot) {
        let group = self.parts.group_mut(slot);
        let (together, state) = (group.begins_together(), group.part(slot).state);
        match state {
            State::Holds => self.release_hold(slot),
            State::Trains if !self.live.get(slot).is_cut() => {
                let concerned = if together { self.parts.group_mut(slot).slots() } else { vec![slot] };
                if concerned.iter().any(|&slot| self.parts.part_mut(slot).sending.is_some()) {
                    self.wait_for_bytes(slot, &concerned);
                } else {
                    self.end_parts(slot, false);
                }
            }
            State::Trains | State::Sends => self.end_parts(slot, true),
            State::Waits => unreachable!("a part that waits has no run"),
        }
    }

    /// Nothing is left to do but to wait for the network, to the limit.
    fn wait_for_bytes(&mut self, due: JobSlot, concerned: &[JobSlot]) {
        let now = self.queue.now();
        let mut over = false;
        for &slot in concerned {
            self.parts.part_mut(slot).state = State::Sends;
            let (start, run) = (self.start_of(slot), self.live.next_run(slot));
            let live = self.live.get_mut(slot);
            let limit = live.limit();
            live.run = Span(limit.0.saturating_add(1));
            let end = start.saturating_add(limit);
            over |= end <= now;
            self.schedule(end.max(now), Event::Completion(slot, run));
        }
        if over {
            self.end_parts(due, true);
        }
    }

    /// What a part sends has gone.
    pub(super) fn averages_sent(&mut self, slot: JobSlot) {
        let group = self.parts.group_mut(slot);
        let part = group.part(slot);
        let sending = part.sending.take().expect("what has gone was sent");
        let (is_done, together) = (part.state == State::Sends, group.begins_together());
        let all_sent = !together || group.parts.iter().all(|part| part.sending.is_none());
        self.staging.leave_lane(sending);
        if is_done && all_sent {
            self.end_parts(slot, false);
        }
    }

    /// A part ends, and with it all others where they train together; killed at its limit, or not.
    fn end_parts(&mut self, slot: JobSlot, is_killed: bool) {
        let group = self.parts.group_mut(slot);
        group.is_killed |= is_killed;
        if !group.begins_together() {
            return self.end_part(slot);
        }
        let mut all = group.slots();
        // The row of the job is that of the part for which the others waited.
        all.sort_by_key(|&slot| self.start_of(slot));
        for slot in all {
            self.end_part(slot);
        }
    }

    fn end_part(&mut self, slot: JobSlot) {
        let (now, start) = (self.queue.now(), self.start_of(slot));
        self.count_overtime(slot, now);
        self.stop_sending(slot);
        self.live.next_run(slot);
        self.leaving.remove(&slot.0);
        self.give_units_back(slot, start, now);
        let group = self.parts.group_mut(slot);
        let (is_last, is_killed) = (group.parts.len() == 1, group.is_killed);
        if is_last {
            let outcome = if is_killed { Outcome::Killed } else { Outcome::Completed };
            self.write_end(slot, start, outcome);
            self.send_results(slot);
        } else {
            self.write_part(slot, start, now);
        }
        self.parts.leave(slot);
        self.vacate(slot);
    }

    /// A part that went on beyond its work did the same work in more time.
    fn count_overtime(&mut self, slot: JobSlot, now: Time) {
        let part = self.parts.part_mut(slot);
        let (state, training) = (part.state, part.training);
        if state != State::Sends {
            return;
        }
        let gone = now.since(self.start_of(slot)).0 - self.restart_of(slot).0;
        let live = self.live.get_mut(slot);
        if gone > training.0 {
            live.worth *= training.0 as f64 / gone as f64;
        }
    }

    /// The row of the time of a part that is not the last one.
    fn write_part(&mut self, slot: JobSlot, start: Time, to: Time) {
        let from = self.write_restart(slot, start, to);
        if from < to {
            let row = segment(self.live.get(slot), (from, to), Span::ZERO, SegmentEnd::Part);
            self.tell_segment(&row);
        }
    }

    fn stop_sending(&mut self, slot: JobSlot) {
        let now = self.queue.now();
        if let Some(sending) = self.parts.part_mut(slot).sending.take() {
            self.call_off(now, sending);
        }
    }

    /// No other part has started in time: the accelerators are given back, and the part joins the end of its queue.
    fn release_hold(&mut self, slot: JobSlot) {
        let now = self.queue.now();
        let pool = self.system.partitions[self.live.get(slot).partition].pool;
        let state = &mut self.partitions[pool];
        state.sequence += 1;
        let live = self.live.get_mut(slot);
        (live.sequence, live.came) = (state.sequence, now);
        self.cut_short(pool, slot, Cut::Hold, now, now);
    }

    /// The run of a part is cut short; returns until when work counts. Where all train together, the others are, too.
    #[cold]
    pub(super) fn cut_part(&mut self, slot: JobSlot, cut: Cut, worked: Time) -> Time {
        let (now, start) = (self.queue.now(), self.start_of(slot));
        self.stop_sending(slot);
        let part = self.parts.part_mut(slot);
        let (state, training) = (std::mem::replace(&mut part.state, State::Waits), part.training);
        let mut worked = worked;
        match state {
            State::Holds => self.end_hold(slot),
            State::Sends => {
                // What it did was all it had to do, but for the last instant.
                let restart = self.restart_of(slot);
                self.live.get_mut(slot).run = restart + training + Span::STEP;
                worked = worked.min(start.saturating_add(restart + training));
            }
            State::Trains | State::Waits => {}
        }
        if state == State::Holds || cut == Cut::PushedOut(PreemptionMode::Cancel) {
            return worked;
        }
        let group = self.parts.group_mut(slot);
        let train = |part: &&Part| matches!(part.state, State::Trains | State::Sends);
        let others: Vec<JobSlot> = if group.begins_together() {
            group.parts.iter().filter(train).map(|part| part.slot).collect()
        } else {
            Vec::new()
        };
        for other in others {
            // One of them may have been cut short on behalf of another.
            if self.parts.part_mut(other).state != State::Waits {
                let pool = self.system.partitions[self.live.get(other).partition].pool;
                self.cut_short(pool, other, cut, now, now);
            }
        }
        worked
    }

    /// A part is lost for good: so are the others.
    #[cold]
    pub(super) fn lose_other_parts(&mut self, slot: JobSlot) {
        let others = self.parts.group(slot).map_or_else(Vec::new, Group::slots);
        self.parts.leave(slot);
        for other in others.into_iter().filter(|&other| other != slot) {
            match self.live.get(other).stage {
                Stage::Staging | Stage::Queued { .. } => {
                    self.parts.leave(other);
                    self.histories.remove(&other.0);
                    self.withdraw(other);
                }
                Stage::Running { start, .. } => self.drop_part(other, start),
            }
        }
    }

    fn drop_part(&mut self, slot: JobSlot, start: Time) {
        let now = self.queue.now();
        self.stop_sending(slot);
        self.live.next_run(slot);
        self.leaving.remove(&slot.0);
        self.give_units_back(slot, start, now);
        let row = segment(self.live.get(slot), (start, now), now.since(start), SegmentEnd::PushedOut);
        self.tell_segment(&row);
        self.parts.leave(slot);
        self.vacate(slot);
    }

    /// Whether a live job stands for its job when the observation ends: of several parts one that has not started, else
    /// the one that started last.
    pub(super) fn is_standing_part(&self, slot: JobSlot) -> bool {
        let Some(group) = self.parts.group(slot) else { return true };
        let started = |slot: &JobSlot| match self.live.get(*slot).stage {
            Stage::Running { start, .. } => start,
            Stage::Staging | Stage::Queued { .. } => Time::MAX,
        };
        group.slots().into_iter().max_by_key(started) == Some(slot)
    }

    /// Brings a part up to date when the observation ends, and writes the time of one that runs and does not stand for its
    /// job.
    pub(super) fn end_part_with_observation(&mut self, slot: JobSlot, end: Time) {
        self.count_overtime(slot, end);
        if self.is_standing_part(slot) {
            return;
        }
        if let LiveJob { stage: Stage::Running { start, .. }, .. } = *self.live.get(slot) {
            self.write_part(slot, start, end);
        }
    }
}
