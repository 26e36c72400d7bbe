//! Limits of what jobs may hold: caps of what may be held at once, quotas of which others may borrow what lies idle, and
//! budgets that are used up within a period.
//!
//! A lane of the queue belongs to some groups, and what is left to it is the least that is left in any of them. A job
//! that exceeds what is left to its lane is passed over: it blocks nobody and has no reservation, as Slurm does it with
//! the limits of its qualities of service.

mod budgets;
mod quotas;

pub use quotas::{Borrowing, Entitlement, Share};

use crate::units::{Span, Time};
use budgets::Budgets;
use quotas::Quotas;

/// A group with its cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cap {
    most: u64,
    held: u64,
}

/// The limits of one partition and who is under them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    caps: Vec<Cap>,
    /// By lane.
    caps_of: Vec<Vec<usize>>,
    quotas: Option<Quotas>,
    budgets: Option<Budgets>,
}

impl Limits {
    /// No limits, for so many lanes.
    pub fn none(lanes: usize) -> Self {
        Self { caps: Vec::new(), caps_of: vec![Vec::new(); lanes], quotas: None, budgets: None }
    }

    /// Caps what the jobs of all `lanes` hold together.
    pub fn add(&mut self, cap_units: u64, lanes: impl IntoIterator<Item = usize>) {
        self.caps.push(Cap { most: cap_units, held: 0 });
        for lane in lanes {
            self.caps_of[lane].push(self.caps.len() - 1);
        }
    }

    /// Shares `capacity` units out by quotas; a lane of `share_of` without one owns nothing and may borrow.
    pub fn set_quotas(&mut self, capacity: u64, shares: Vec<Share>, share_of: Vec<Option<usize>>) {
        self.quotas = Some(Quotas::new(capacity, shares, share_of));
    }

    /// Lets the jobs of `lanes` use up so many unit-nanoseconds in each period, of which the first begins at `from`.
    pub fn add_budget(
        &mut self,
        unit_ns: u128,
        (from, period): (Time, Span),
        lanes: impl IntoIterator<Item = usize>,
    ) {
        let count = self.caps_of.len();
        self.budgets.get_or_insert_with(|| Budgets::none(count)).add(unit_ns, from, period, lanes);
    }

    /// Whether nothing is limited.
    pub fn is_empty(&self) -> bool {
        self.caps.is_empty() && self.quotas.is_none() && self.budgets.is_none()
    }

    /// For a decision: what is left as jobs are chosen one after another.
    pub fn tally(&self) -> Tally<'_> {
        Tally { limits: self, taken: vec![0; self.caps.len()], quotas: self.quotas.clone(), only: None }
    }

    /// What is left to the owners of one quota of what is their own; nothing is left to anybody else.
    pub fn tally_of_owners(&self, share: usize) -> Tally<'_> {
        Tally { only: Some(share), ..self.tally() }
    }

    /// How many quotas there are.
    pub fn shares(&self) -> usize {
        self.quotas.as_ref().map_or(0, Quotas::shares)
    }

    /// Units that each quota's owners hold beyond their own, and who they are.
    pub fn borrowing(&self) -> Option<Borrowing<'_>> {
        self.quotas.as_ref().map(Quotas::borrowing)
    }

    /// Whose quota a lane is under; that of those without one has a number of its own. `None` where there are no quotas.
    pub fn share_of(&self, lane: u32) -> Option<usize> {
        self.quotas.as_ref().map(|quotas| quotas.share_of(lane))
    }

    /// What each quota's owners own and hold, by number.
    pub fn entitlements(&self) -> impl Iterator<Item = Entitlement> + '_ {
        self.quotas.iter().flat_map(Quotas::entitlements)
    }

    /// A job of the lane starts to hold units.
    pub fn hold(&mut self, lane: u32, units: u32) {
        for &cap in &self.caps_of[lane as usize] {
            self.caps[cap].held += u64::from(units);
        }
        if let Some(quotas) = &mut self.quotas {
            quotas.hold(lane, units.into());
        }
        if let Some(budgets) = &mut self.budgets {
            budgets.hold(lane, units.into());
        }
    }

    /// A job of the lane holds units no more.
    pub fn release(&mut self, lane: u32, units: u32) {
        for &cap in &self.caps_of[lane as usize] {
            let held = &mut self.caps[cap].held;
            *held = held.checked_sub(units.into()).expect("a lane releases what it holds");
        }
        if let Some(quotas) = &mut self.quotas {
            quotas.release(lane, units.into());
        }
        if let Some(budgets) = &mut self.budgets {
            budgets.release(lane, units.into());
        }
    }

    /// The next instant at which more or less is left to somebody although no job starts or ends: a budget is used up,
    /// or begins anew.
    pub fn next_edge(&self) -> Option<Time> {
        self.budgets.as_ref()?.next_edge()
    }

    /// Uses up budgets until `now`, which is not after the next edge.
    pub fn advance(&mut self, now: Time) {
        if let Some(budgets) = &mut self.budgets {
            budgets.advance(now);
        }
    }
}

/// What is left to the lanes once the jobs chosen so far have started.
#[derive(Debug, Clone)]
pub struct Tally<'a> {
    limits: &'a Limits,
    /// By cap.
    taken: Vec<u64>,
    quotas: Option<Quotas>,
    /// The quota whose owners alone are asked about.
    only: Option<usize>,
}

impl Tally<'_> {
    /// Units left to a lane; the greatest number if it is under no limit.
    #[inline]
    pub fn left(&self, lane: u32) -> u32 {
        if self.limits.is_empty() {
            return u32::MAX;
        }
        let caps = self.limits.caps_of[lane as usize].iter().map(|&cap| {
            let Cap { most, held } = self.limits.caps[cap];
            most.saturating_sub(held + self.taken[cap])
        });
        let budget = self.limits.budgets.as_ref().map(|budgets| budgets.left(lane));
        let left = caps.chain(self.left_of_quota(lane)).chain(budget).min();
        left.map_or(u32::MAX, |left| u32::try_from(left).unwrap_or(u32::MAX))
    }

    fn left_of_quota(&self, lane: u32) -> Option<u64> {
        let quotas = self.quotas.as_ref()?;
        Some(match self.only {
            None => quotas.left(lane),
            Some(share) => quotas.own_left(lane, share),
        })
    }

    /// A job of the lane is chosen.
    pub fn take(&mut self, lane: u32, units: u32) {
        if self.limits.is_empty() {
            return;
        }
        for &cap in &self.limits.caps_of[lane as usize] {
            self.taken[cap] += u64::from(units);
        }
        if let Some(quotas) = &mut self.quotas {
            quotas.hold(lane, units.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tightest_group_decides() {
        let mut limits = Limits::none(3);
        limits.add(10, [0, 1]);
        limits.add(4, [1]);
        let left = |limits: &Limits| [0, 1, 2].map(|lane| limits.tally().left(lane));
        assert_eq!(left(&limits), [10, 4, u32::MAX]);
        limits.hold(0, 7);
        assert_eq!(left(&limits), [3, 3, u32::MAX]);
        limits.hold(1, 3);
        limits.release(0, 7);
        assert_eq!(left(&limits), [7, 1, u32::MAX]);
        let mut tally = limits.tally();
        tally.take(0, 7);
        assert_eq!([tally.left(0), tally.left(1)], [0, 0]);
    }

    #[test]
    fn a_cap_and_a_quota_and_a_budget_hold_together() {
        let mut limits = Limits::none(2);
        limits.add(6, [0]);
        let share = |own| Share { own, borrow: 10, lend: own };
        limits.set_quotas(10, vec![share(4), share(6)], vec![Some(0), Some(1)]);
        limits.add_budget(100, (Time(0), Span(1_000)), [0]);
        let left = |limits: &Limits| [0, 1].map(|lane| limits.tally().left(lane));
        assert_eq!(left(&limits), [6, 10]);
        limits.hold(0, 5);
        assert_eq!(left(&limits), [1, 6], "lane 1 is never denied its own, though one unit of it is lent");
        assert_eq!(limits.tally_of_owners(1).left(1), 6);
        assert_eq!(limits.tally_of_owners(1).left(0), 0);
        assert_eq!(limits.next_edge(), Some(Time(20)));
        limits.advance(Time(20));
        assert_eq!(left(&limits), [0, 6]);
    }
}
