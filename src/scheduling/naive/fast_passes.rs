//! The passes of a partition as the simulation runs them: it asks the policy until it has no more to say, applies what
//! it decides, and turns away who waits beyond the places.

use super::fast::Fast;
use crate::model::{LocalPolicy, Order};
use crate::scheduling::{Change, Decision, From, Place, View};
use crate::units::Time;

impl Fast<'_> {
    pub(super) fn pass(&mut self, now: u64) {
        if !(self.submissions_first() && self.skips_pass(now)) {
            self.decide(now);
            while self.turn_away_head(now) {
                self.decide(now);
            }
        }
        if self.turn_away_last(now) {
            self.decide(now);
        }
    }

    fn skips_pass(&mut self, now: u64) -> bool {
        while let Some(units) = self.expected.pop_overdue(Time::from_seconds(now)) {
            self.free += units;
        }
        let submitted = !std::mem::replace(&mut self.capacity_changed, true);
        let fits = self.queue.newcomers(self.newcomers).any(|job| job.units <= self.free);
        let skips = self.chosen == LocalPolicy::EASY && submitted && !fits;
        if skips {
            (self.capacity_changed, self.newcomers) = (false, 0);
        }
        skips
    }

    fn decide(&mut self, now: u64) {
        let time = Time::from_seconds(now);
        let mut starts: Vec<Place> = Vec::new();
        loop {
            let arrivals = Change::Arrivals { count: self.newcomers };
            let change = if self.capacity_changed { Change::Capacity } else { arrivals };
            (self.capacity_changed, self.newcomers) = (false, 0);
            let (workload, order) = (self.workload, self.chosen.order);
            self.queue.sort_at(time, |lane| workload.score(order, lane as usize, now));
            starts.clear();
            let view = View {
                nodes: None,
                now: time,
                free: self.free,
                running: &self.expected,
                queue: &self.queue,
                change,
                limits: &self.limits,
                blocks: &self.blocks,
            };
            let mut decision = self.policy.decide(&view, &mut starts);
            if starts.len() > 1 && order == Order::DominantResource {
                starts.truncate(1);
                self.capacity_changed = true;
                decision = Decision::AskAgain;
            }
            for &place in &starts {
                let waiting = self.queue.remove(place);
                self.begin(waiting, now);
            }
            if decision == Decision::Done {
                return;
            }
        }
    }

    fn turn_away_head(&mut self, now: u64) -> bool {
        let head = self.queue.head().filter(|_| self.workload.places == Some(0));
        let Some((place, _)) = head else { return false };
        self.capacity_changed = true;
        self.turn_away(place, now);
        !self.queue.is_empty()
    }

    /// Whether a job was turned away that others may stand behind.
    fn turn_away_last(&mut self, now: u64) -> bool {
        let mut others_behind = false;
        while self.workload.places.is_some_and(|places| self.queue.len() > places as usize) {
            let last = self.queue.last_come().expect("a queue longer than its bound has a last job");
            others_behind |= self.queue.following(From::Behind(last)).is_some();
            self.turn_away(last, now);
        }
        self.capacity_changed |= others_behind;
        others_behind
    }

    fn turn_away(&mut self, place: Place, now: u64) {
        let waiting = self.queue.remove(place);
        self.limits.leave(waiting.job);
        self.policy.turned_away(Time::from_seconds(now), waiting.job);
        self.vacant.push(waiting.job);
        self.step.turned_away.push(self.jobs[waiting.job as usize]);
    }
}
