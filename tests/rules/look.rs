//! A look at the queue: who starts next by the policy.

use super::naive::{Machine, Present};
use pleiade::model::{Backfill, Order};
use pleiade::units::{Span, Time};
use std::cmp::Reverse;

/// Units that are planned to be held from an instant until another.
#[derive(Debug, Clone, Copy)]
struct Planned {
    from: Time,
    to: Time,
    units: u32,
}

impl Machine<'_> {
    /// Who waits, in order.
    pub(super) fn queue(&self) -> Vec<&Present> {
        let mut queue: Vec<&Present> = self.present.iter().filter(|job| job.run.is_none()).collect();
        queue.sort_by_key(|job| {
            let rank =
                if self.case.policy.order == Order::ShortestFirst { job.requested } else { Span::ZERO };
            (Reverse(self.tier(job.number)), rank, job.sequence)
        });
        queue
    }

    /// Whoever is over a limit is passed over.
    pub(super) fn is_over_a_limit(&self, job: &Present) -> bool {
        u64::from(self.asked(job.number).units) > self.left(job.number)
    }

    /// The first job that is over no limit.
    pub(super) fn first_in_turn(&self) -> Option<&Present> {
        self.queue().into_iter().find(|job| !self.is_over_a_limit(job))
    }

    fn fits(&self, job: &Present) -> bool {
        self.asked(job.number).units <= self.free()
    }

    /// The policy goes through the queue once and starts jobs; whether it started any, so that it should look again. What
    /// starts may put others over their limits: those further back are passed over at once, and those that were given
    /// room for later at the next look.
    pub(super) fn look(&mut self, now: Time) -> bool {
        let queue: Vec<Present> = self.queue().into_iter().cloned().collect();
        let mut plan = self.plan(now);
        let (mut started, mut reserved) = (false, false);
        for job in &queue {
            if self.is_over_a_limit(job) {
                continue;
            }
            let slot = match self.case.policy.backfill {
                Backfill::Easy(_) if reserved && !self.has_room(&plan, job, now) => continue,
                Backfill::Easy(_) | Backfill::Conservative(_) => self.slot(&plan, job, now),
                Backfill::None if !self.fits(job) => return started,
                Backfill::FirstFit if !self.fits(job) => continue,
                Backfill::None | Backfill::FirstFit => now,
                Backfill::Cycle(_) => unreachable!("no case has it"),
            };
            plan.push(self.planned(job, slot));
            if slot == now {
                self.start(job.number, now);
                started = true;
            } else if matches!(self.case.policy.backfill, Backfill::Easy(_)) {
                // Others are tried once those before the first blocked job have started.
                if started {
                    return true;
                }
                reserved = true;
            }
        }
        started
    }

    /// What runs, until it is expected to end: right after now if it should have ended before.
    fn plan(&self, now: Time) -> Vec<Planned> {
        let to = |expected: Time| expected.max(now.saturating_add(Span::STEP));
        let running = self.running();
        running
            .map(|(job, run)| Planned {
                from: now,
                to: to(run.expected),
                units: self.asked(job.number).units,
            })
            .collect()
    }

    fn planned(&self, job: &Present, from: Time) -> Planned {
        Planned { from, to: from.saturating_add(job.requested), units: self.asked(job.number).units }
    }

    /// The earliest instant at which a job has room: now, or when something planned ends.
    fn slot(&self, plan: &[Planned], job: &Present, now: Time) -> Time {
        let ends = plan.iter().map(|planned| planned.to).chain([now]);
        ends.filter(|&at| self.has_room(plan, job, at)).min().unwrap()
    }

    /// Whether a job has room from an instant on: at its begin, and wherever something planned begins.
    fn has_room(&self, plan: &[Planned], job: &Present, from: Time) -> bool {
        let own = self.planned(job, from);
        let begins = plan.iter().map(|planned| planned.from).filter(|&at| from < at && at < own.to);
        begins.chain([from]).all(|at| {
            let there = plan.iter().filter(|planned| planned.from <= at && at < planned.to);
            let held: u32 = there.map(|planned| planned.units).sum();
            held + own.units <= self.case.capacity
        })
    }
}
