//! One look at the queue by the rules: sorted anew, then what the policy starts. The policies without reservations.

use super::order::compare;
use super::slow::Slow;
use crate::model::{Backfill, Compression, Order};

impl Slow<'_> {
    pub(super) fn look(&mut self, now: u64) {
        let (workload, order) = (self.workload, self.policy.order);
        self.queue.sort_by(|&a, &b| compare(order, workload, [a, b], now).then(a.cmp(&b)));
        if self.is_open && self.policy.order == Order::DominantResource {
            self.apply_one_by_one(now);
        } else if self.is_open {
            self.apply(now);
        }
    }

    /// Every start moves the dominant shares, so all is looked at anew after each while there are more.
    fn apply_one_by_one(&mut self, now: u64) {
        loop {
            let mut trial = self.clone();
            trial.first_start = None;
            trial.apply(now);
            if trial.step.started.len() <= self.step.started.len() + 1 {
                *self = trial;
                return;
            }
            let (name, last_cycle) = trial.first_start.expect("more than one started");
            self.last_cycle = last_cycle;
            self.start(name, now);
        }
    }

    /// Looks until nothing more starts: what starts may put others over their limits, who then block nobody.
    fn apply(&mut self, now: u64) {
        loop {
            let before = self.step.started.len();
            match self.policy.backfill {
                Backfill::None => self.start_heads(now),
                Backfill::FirstFit => self.start_all_that_fit(now),
                Backfill::Easy(easy) => self.backfill_easy(easy, now),
                Backfill::Conservative(rule) if rule.compression == Compression::Replan => {
                    self.plan_anew(rule.depth, now);
                }
                Backfill::Conservative(rule) => self.keep_reservations(rule, now),
                Backfill::Cycle(cycle) => return self.pass_or_cycle(cycle, now),
            }
            if self.step.started.len() == before {
                return;
            }
        }
    }

    /// Starts the head of the queue as long as it fits. Who is over a limit is passed over.
    pub(super) fn start_heads(&mut self, now: u64) {
        for name in self.queue.clone() {
            if self.is_over_its_limit(name) {
                continue;
            }
            if !self.can_start(name, now) {
                return;
            }
            self.start(name, now);
        }
    }

    fn start_all_that_fit(&mut self, now: u64) {
        for name in self.queue.clone() {
            if !self.is_over_its_limit(name) && self.can_start(name, now) {
                self.start(name, now);
            }
        }
    }
}
