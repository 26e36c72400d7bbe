//! What is left to a job by caps, quotas and budgets, counted anew from what runs.

use super::naive::Machine;
use pleiade::model::{Askers, HeldLimit, Per, Quota};
use pleiade::units::Time;

impl Machine<'_> {
    pub(super) fn is_about(&self, askers: &Askers, number: usize) -> bool {
        askers.include(self.asked(number).community, self.asked(number).country)
    }

    /// Units held by some of the jobs.
    fn held(&self, of: impl Fn(usize) -> bool) -> u64 {
        let running = self.running().map(|(job, _)| job.number).filter(|&number| of(number));
        running.map(|number| u64::from(self.asked(number).units)).sum()
    }

    /// Units held by some who ask through a partition.
    fn held_in(&self, partition: usize, askers: &Askers) -> u64 {
        self.held(|number| self.home(number) == partition && self.is_about(askers, number))
    }

    /// The limits under which a job stands.
    fn limits(&self, number: usize) -> impl Iterator<Item = &HeldLimit> {
        self.guest(number).limits.iter().filter(move |limit| self.stands_under(limit, number))
    }

    fn stands_under(&self, limit: &HeldLimit, number: usize) -> bool {
        let has_project = self.asked(number).project.is_some();
        self.is_about(&limit.askers, number) && (limit.per == Per::Group || has_project)
    }

    /// Units left to a job by a limit.
    fn left_of_limit(&self, limit: &HeldLimit, number: usize) -> u64 {
        let shares_it = |other: usize| {
            let same = self.asked(other).project == self.asked(number).project;
            self.home(other) == self.home(number)
                && self.stands_under(limit, other)
                && (limit.per == Per::Group || same)
        };
        let running = self.running().filter(|(job, _)| shares_it(job.number)).count();
        if limit.jobs.is_some_and(|jobs| running >= jobs as usize) {
            return 0;
        }
        limit.nodes.map_or(u64::MAX, |nodes| u64::from(nodes).saturating_sub(self.held(shares_it)))
    }

    /// The most units that a job could ever hold.
    pub(super) fn most(&self, number: usize) -> u64 {
        let caps = self.limits(number).filter_map(|limit| limit.nodes).map(u64::from);
        let owner = self.owner(number).map(|owner| self.quota(Some(owner)));
        let quota = owner.map(|quota| u64::from(quota.nodes + quota.borrow));
        caps.chain(quota).min().unwrap_or(u64::MAX).min(self.case.capacity.into())
    }

    /// Units left to a job.
    pub(super) fn left(&self, number: usize) -> u64 {
        self.left_of_caps(number).min(self.left_of_quotas(number))
    }

    /// Units left to a job by caps and budgets.
    pub(super) fn left_of_caps(&self, number: usize) -> u64 {
        let (partition, guest) = (self.home(number), self.guest(number));
        let caps = self.limits(number).map(|limit| self.left_of_limit(limit, number));
        let budgets = guest.budgets.iter().zip(&self.used[partition]);
        let used_up = budgets
            .filter(|(budget, _)| self.is_about(&budget.askers, number))
            .any(|(budget, &used)| used >= budget.amount.0);
        if used_up { 0 } else { caps.min().unwrap_or(u64::MAX) }
    }

    /// The number of the quota of a job: the first one that is about it.
    pub(super) fn owner(&self, number: usize) -> Option<usize> {
        self.case.quotas.iter().position(|quota| self.is_about(&quota.askers, number))
    }

    /// A quota by its number; those who have none own nothing and borrow what they find.
    fn quota(&self, owner: Option<usize>) -> Quota {
        let none = Quota { askers: Askers::default(), nodes: 0, borrow: self.case.capacity, lend: 0 };
        owner.map_or(none, |owner| self.case.quotas[owner].clone())
    }

    /// Units that others never get, and units held, of an owner.
    fn kept_and_held(&self, owner: Option<usize>) -> (u64, u64) {
        let quota = self.quota(owner);
        (u64::from(quota.nodes - quota.lend), self.held(|number| self.owner(number) == owner))
    }

    /// Units left to a job by the quotas.
    fn left_of_quotas(&self, number: usize) -> u64 {
        if self.case.quotas.is_empty() {
            return u64::MAX;
        }
        let owners = (0..self.case.quotas.len()).map(Some).chain([None]);
        let (mut pool, mut pool_held) = (u64::from(self.case.capacity), 0);
        for owner in owners {
            let (kept, held) = self.kept_and_held(owner);
            pool -= kept;
            pool_held += held.saturating_sub(kept);
        }
        let owner = self.owner(number);
        let (quota, (kept, held)) = (self.quota(owner), self.kept_and_held(owner));
        let own = u64::from(quota.nodes).saturating_sub(held);
        let idle = kept.saturating_sub(held) + pool.saturating_sub(pool_held);
        own.max(idle).min(u64::from(quota.nodes + quota.borrow).saturating_sub(held))
    }

    /// Units left to an owner of its own.
    pub(super) fn left_of_own(&self, owner: usize) -> u64 {
        let (_, held) = self.kept_and_held(Some(owner));
        u64::from(self.quota(Some(owner)).nodes).saturating_sub(held)
    }

    /// Units held by an owner beyond its own.
    pub(super) fn borrowed(&self, owner: Option<usize>) -> u64 {
        let (_, held) = self.kept_and_held(owner);
        held.saturating_sub(self.quota(owner).nodes.into())
    }

    /// Begins budgets anew with each period. Whether any did, or was used up in the last tick.
    pub(super) fn budgets_changed(&mut self, now: Time) -> bool {
        let mut changed = false;
        let (guests, tick) = (&self.case.guests, u128::from(self.case.tick.0));
        for (partition, guest) in guests.iter().enumerate() {
            for (index, budget) in guest.budgets.iter().enumerate() {
                let last = u128::from(self.held_last[partition][index]) * tick;
                let used = &mut self.used[partition][index];
                changed |= *used >= budget.amount.0 && *used - last < budget.amount.0;
                if now.0.is_multiple_of(budget.period.0) {
                    *used = 0;
                    changed = true;
                }
            }
        }
        changed
    }

    /// What is held for a tick is used.
    pub(super) fn use_budgets(&mut self) {
        for (partition, guest) in self.case.guests.iter().enumerate() {
            for (index, budget) in guest.budgets.iter().enumerate() {
                let held = self.held_in(partition, &budget.askers);
                self.held_last[partition][index] = held;
                self.used[partition][index] += u128::from(held) * u128::from(self.case.tick.0);
            }
        }
    }
}
