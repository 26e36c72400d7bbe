//! A pass: the policy first, then whom a job of a higher tier pushes out, then what owners take back.

use super::naive::{Machine, Present, Run};
use super::seen::Ended;
use pleiade::model::{Preemption, PreemptionMode};
use pleiade::records::SegmentEnd;
use pleiade::units::{Span, Time};
use std::cmp::Reverse;

impl Machine<'_> {
    /// Does what is to be done now, until nothing changes.
    pub(super) fn pass(&mut self, now: Time) {
        for _ in 0..10_000 {
            self.start_claimants(now);
            while self.look(now) {}
            let Some(rule) = self.case.preemption else { return };
            if !self.make_room(rule, now) && !self.take_back(rule, now) {
                return;
            }
        }
        panic!("a pass ends");
    }

    /// Starts jobs for which borrowed units were taken back, when they fit.
    fn start_claimants(&mut self, now: Time) {
        for number in self.claims.clone() {
            let units = self.asked(number).units;
            if units <= self.free() && u64::from(units) <= self.left(number) {
                self.start(number, now);
            }
        }
    }

    /// Whether somebody can be pushed out from now on who could not before.
    pub(super) fn exempt_time_is_over(&self, now: Time) -> bool {
        let Some(rule) = self.case.preemption else { return false };
        let least = if self.case.quotas.is_empty() { Span::ZERO } else { Span::STEP };
        let exempt = rule.exempt.max(least);
        self.running().any(|(_, run)| run.start.saturating_add(exempt) == now)
    }

    /// Whether a job has run so long and is not leaving already.
    fn can_go(run: Run, exempt: Span, now: Time) -> bool {
        !run.leaves && now.since(run.start) >= exempt
    }

    /// Units that are free, or that those who leave will give back.
    fn coming_free(&self) -> u32 {
        let leaving = self.running().filter(|(_, run)| run.leaves);
        self.free() + leaving.map(|(job, _)| self.asked(job.number).units).sum::<u32>()
    }

    /// The first job in turn pushes out jobs of lower tiers. Whether it did.
    fn make_room(&mut self, rule: Preemption, now: Time) -> bool {
        let Some(first) = self.first_in_turn() else { return false };
        let (number, units) = (first.number, self.asked(first.number).units);
        // Who was pushed out at this instant and is back is not pushed out again.
        let lower = |job: &Present, run: Run| {
            self.tier(job.number) < self.tier(number)
                && Self::can_go(run, rule.exempt, now)
                && !(run.start == now && job.pushed_out == Some(now))
        };
        let mut candidates: Vec<_> = self.running().filter(|&(job, run)| lower(job, run)).collect();
        candidates.sort_by_key(|(job, run)| (self.tier(job.number), Reverse(run.start), Reverse(job.slot)));
        let (mut found, mut chosen) = (self.coming_free(), Vec::new());
        for (job, _) in candidates {
            if found < units {
                found += self.asked(job.number).units;
                chosen.push(job.number);
            }
        }
        if found < units {
            return false;
        }
        for &victim in &chosen {
            self.push_out(victim, rule.mode, now);
        }
        !chosen.is_empty()
    }

    /// An owner takes back what others have borrowed. Whether one did.
    fn take_back(&mut self, rule: Preemption, now: Time) -> bool {
        for owner in 0..self.case.quotas.len() {
            let first = self.first_within_own(owner);
            let Some(number) = first.filter(|&number| self.asked(number).units > self.free()) else {
                continue;
            };
            let chosen = self.borrowers(number, rule, now);
            let comes_free = self.asked(number).units <= self.coming_free();
            if (comes_free || chosen.is_some()) && !self.claims.contains(&number) {
                self.claims.push(number);
            }
            if let Some(chosen) = chosen {
                for victim in chosen {
                    self.push_out(victim, rule.mode, now);
                }
                return true;
            }
        }
        false
    }

    /// The first job of an owner that stays within its own.
    fn first_within_own(&self, owner: usize) -> Option<usize> {
        let fits = |number: usize| {
            let left = self.left_of_own(owner).min(self.left_of_caps(number));
            self.owner(number) == Some(owner) && u64::from(self.asked(number).units) <= left
        };
        self.queue().into_iter().map(|job| job.number).find(|&number| fits(number))
    }

    /// The borrowers to push out for a job; `None` where all of them would not suffice or who leaves already does.
    fn borrowers(&self, number: usize, rule: Preemption, now: Time) -> Option<Vec<usize>> {
        let exempt = rule.exempt.max(Span::STEP);
        let mut found = self.coming_free();
        let mut gone: Vec<usize> =
            self.running().filter(|(_, run)| run.leaves).map(|(job, _)| job.number).collect();
        let mut chosen = Vec::new();
        while found < self.asked(number).units {
            let (victim, _) = self
                .running()
                .filter(|&(job, run)| {
                    self.tier(job.number) <= self.tier(number)
                        && Self::can_go(run, exempt, now)
                        && !chosen.contains(&job.number)
                        && self.still_borrowed(job.number, &gone) > 0
                })
                .min_by_key(|(job, run)| {
                    let borrowed = self.still_borrowed(job.number, &gone);
                    (self.tier(job.number), Reverse(borrowed), Reverse(run.start), Reverse(job.slot))
                })?;
            found += self.asked(victim.number).units;
            gone.push(victim.number);
            chosen.push(victim.number);
        }
        Some(chosen).filter(|chosen| !chosen.is_empty())
    }

    /// What the owner of a job holds beyond its own once some are gone.
    fn still_borrowed(&self, number: usize, gone: &[usize]) -> u64 {
        let owner = self.owner(number);
        let given_back = gone.iter().filter(|&&other| self.owner(other) == owner);
        let given_back: u32 = given_back.map(|&other| self.asked(other).units).sum();
        self.borrowed(owner).saturating_sub(given_back.into())
    }

    fn push_out(&mut self, number: usize, mode: PreemptionMode, now: Time) {
        let checkpoint = self.checkpoint(number);
        let job = self.job(number);
        let run = job.run.unwrap();
        let (held, got_on) = (now.since(run.start), job.got_on(run, now));
        let by = SegmentEnd::PushedOut;
        match mode {
            PreemptionMode::Cancel => {
                self.cut(number, now, Span::ZERO, by);
                self.leave(number, Ended::Preempted, now);
            }
            PreemptionMode::Requeue => {
                let kept = Span(got_on.0 / checkpoint.interval.0 * checkpoint.interval.0);
                self.cut(number, now, kept, by);
                self.job_mut(number).restart = checkpoint.restart;
            }
            PreemptionMode::Suspend => {
                self.cut(number, now, got_on, by);
                self.job_mut(number).suspend(held);
            }
            PreemptionMode::CheckpointThenRequeue if checkpoint.cost == Span::ZERO => {
                self.cut(number, now, got_on, by);
                self.job_mut(number).restart = checkpoint.restart;
            }
            PreemptionMode::CheckpointThenRequeue => self.ask_to_go(number, checkpoint.cost, now),
        }
    }

    /// A job writes a checkpoint and goes, unless it ends before.
    fn ask_to_go(&mut self, number: usize, cost: Span, now: Time) {
        self.turns += 1;
        let turn = self.turns;
        let job = self.job_mut(number);
        let (holds, run) = (job.holds(), job.run.as_mut().unwrap());
        run.leaves = true;
        let gone = now.saturating_add(cost);
        if run.start.saturating_add(holds) > gone {
            (run.asked_to_go, run.turn) = (Some(now), turn);
            run.expected = run.expected.min(gone);
        }
    }
}

impl Present {
    /// What was held counts: of the restart, of the requested time, and of the grace where that is used up.
    fn suspend(&mut self, held: Span) {
        let limit = Span(self.limit().0 - held.0);
        self.restart = Span(self.restart.0.saturating_sub(held.0));
        self.requested = Span(self.requested.0.saturating_sub(held.0)).max(Span::STEP);
        if self.later == Span::ZERO {
            self.grace = Span(limit.0 - self.requested.0);
        }
    }
}
