//! Budgets: units times time that some may use up in each period.
//!
//! What is held counts as long as it is held, as centres account for it: a budget may be overdrawn by jobs that started
//! while something was left, and these go on at the expense of the next period.

use crate::units::{Span, Time};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Budget {
    /// Unit-nanoseconds in a period.
    amount: u128,
    used: u128,
    held: u64,
    period: Span,
    /// When the next period begins.
    renewed: Time,
}

/// The budgets of a partition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Budgets {
    all: Vec<Budget>,
    of_lane: Vec<Vec<usize>>,
    /// Until when use is counted.
    since: Time,
}

impl Budgets {
    pub(super) fn none(lanes: usize) -> Self {
        Self { all: Vec::new(), of_lane: vec![Vec::new(); lanes], since: Time::ZERO }
    }

    pub(super) fn add(
        &mut self,
        amount: u128,
        from: Time,
        period: Span,
        lanes: impl IntoIterator<Item = usize>,
    ) {
        assert!(period > Span::ZERO, "a period lasts");
        self.all.push(Budget { amount, used: 0, held: 0, period, renewed: from.saturating_add(period) });
        for lane in lanes {
            self.of_lane[lane].push(self.all.len() - 1);
        }
    }

    /// Units left to a lane: none once a budget is used up, any number before.
    pub(super) fn left(&self, lane: u32) -> u64 {
        let used_up = |&index: &usize| self.all[index].used >= self.all[index].amount;
        if self.of_lane[lane as usize].iter().any(used_up) { 0 } else { u64::MAX }
    }

    pub(super) fn hold(&mut self, lane: u32, units: u64) {
        for &index in &self.of_lane[lane as usize] {
            self.all[index].held += units;
        }
    }

    pub(super) fn release(&mut self, lane: u32, units: u64) {
        for &index in &self.of_lane[lane as usize] {
            self.all[index].held -= units;
        }
    }

    /// The next instant at which a budget is used up or begins anew.
    pub(super) fn next_edge(&self) -> Option<Time> {
        let edge = |budget: &Budget| {
            let left = budget.amount.saturating_sub(budget.used);
            let used_up = (left > 0 && budget.held > 0).then(|| {
                let span = u64::try_from(left.div_ceil(budget.held.into())).unwrap_or(u64::MAX);
                self.since.saturating_add(Span(span))
            });
            used_up.map_or(budget.renewed, |used_up| used_up.min(budget.renewed))
        };
        self.all.iter().map(edge).min()
    }

    /// Counts use until `now`, not after the next edge.
    pub(super) fn advance(&mut self, now: Time) {
        let passed = u128::from(now.since(self.since).0);
        self.since = now;
        for budget in &mut self.all {
            budget.used += passed * u128::from(budget.held);
            if budget.renewed <= now {
                budget.used = 0;
                budget.renewed = budget.renewed.saturating_add(budget.period);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn used_up_overdrawn_and_renewed() {
        let mut budgets = Budgets::none(2);
        budgets.add(100, Time(0), Span(50), [0]);
        assert_eq!(budgets.next_edge(), Some(Time(50)));
        budgets.hold(0, 3);
        assert_eq!(budgets.next_edge(), Some(Time(34)), "99 at 33, more than 100 at 34");
        budgets.advance(Time(33));
        assert_eq!(budgets.left(0), u64::MAX);
        budgets.advance(Time(34));
        assert_eq!([budgets.left(0), budgets.left(1)], [0, u64::MAX]);
        assert_eq!(budgets.next_edge(), Some(Time(50)));
        budgets.advance(Time(50));
        assert_eq!(budgets.left(0), u64::MAX, "a new period, and what is held is charged to it");
        assert_eq!(budgets.next_edge(), Some(Time(84)));
        budgets.release(0, 3);
        assert_eq!(budgets.next_edge(), Some(Time(100)));
    }
}
