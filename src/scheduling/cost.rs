//! What one decision of a policy costs, as the code of this layer stands: what its time grows with, at worst.
//!
//! R jobs run, n wait, D of them have a reservation, and the profile of what is planned has up to R + 2D steps. A
//! accounts have a lane of the queue each where the order looks at accounts. Most decisions are cheaper: an arrival
//! under EASY is O(1) while the head stands.
//!
//! Limits of single projects leave these classes as they are: jobs held back lie apart, and a start or an end costs
//! O(log n) besides for each job of its project that waits.

use super::Setting;
use crate::model::{Backfill, Compression, LocalPolicy, Order};
use std::fmt;

/// What the time of a decision grows with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cost {
    /// O(log n) a job started, and under EASY a look at the running jobs that end before the head may start.
    Logarithmic,
    /// O(A log n) a job started: the first jobs of all accounts are compared; fair shares cost O(A log A) a period besides.
    Accounts,
    /// O(D (R + D)) with a depth D: whatever the number that wait.
    Running,
    /// O(n R), or O(n log n) where the queue is sorted again.
    Waiting,
    /// O(n (R + n)): each job has a reservation, and each may be placed again in a profile of as many steps.
    WaitingSquared,
}

impl fmt::Display for Cost {
    /// As tables name it.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Logarithmic => "logarithm of jobs waiting",
            Self::Accounts => "linear in accounts",
            Self::Running => "linear in jobs running",
            Self::Waiting => "linear in jobs waiting",
            Self::WaitingSquared => "up to the square of jobs waiting",
        })
    }
}

/// Why every waiting job is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// The order varies with time: the queue is sorted again.
    Order,
    /// Each that fits now is held against several reservations or a calendar: no index knows which of them delay none.
    Candidates,
    /// Each has a reservation, which every decision looks at.
    Reservations,
}

/// What a decision of `policy` costs.
pub fn cost(policy: LocalPolicy, setting: Setting) -> Cost {
    let sorting = match policy.order {
        order if order.varies() => Cost::Waiting,
        Order::FairShare(_) | Order::Multifactor(..) | Order::DominantResource => Cost::Accounts,
        _ => Cost::Logarithmic,
    };
    let planning = match policy.backfill {
        Backfill::Easy(_) if setting == Setting::Packed => Cost::Running,
        Backfill::None if setting == Setting::General => Cost::Running,
        Backfill::FirstFit if setting == Setting::General => Cost::Waiting,
        Backfill::None | Backfill::FirstFit => Cost::Logarithmic,
        Backfill::Easy(easy) if easy.reservations == 1 && setting == Setting::Plain => Cost::Logarithmic,
        Backfill::Easy(_) => Cost::Waiting,
        Backfill::Conservative(rule) if rule.depth.is_some() => Cost::Running,
        Backfill::Conservative(rule) if rule.compression == Compression::None => Cost::Waiting,
        Backfill::Conservative(_) => Cost::WaitingSquared,
        Backfill::Cycle(_) => Cost::Running,
    };
    sorting.max(planning)
}

/// Why the cost of a decision grows with the jobs waiting; nothing where it hardly does.
pub fn causes(policy: LocalPolicy, setting: Setting) -> Vec<Cause> {
    let without_order = LocalPolicy { order: Order::Submission, ..policy };
    let planning = (cost(without_order, setting) >= Cost::Waiting).then_some(match policy.backfill {
        Backfill::Conservative(_) => Cause::Reservations,
        _ => Cause::Candidates,
    });
    policy.order.varies().then_some(Cause::Order).into_iter().chain(planning).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Conservative, Cycle, Decay, Easy};
    use crate::units::Span;

    fn check(order: Order, backfill: Backfill, expected: Cost, why: &[Cause]) {
        check_in(Setting::Plain, order, backfill, expected, why);
    }

    fn check_in(setting: Setting, order: Order, backfill: Backfill, expected: Cost, why: &[Cause]) {
        let policy = LocalPolicy { order, backfill };
        assert_eq!((cost(policy, setting), causes(policy, setting)), (expected, why.to_vec()), "{policy}");
        assert_eq!(why.is_empty(), expected < Cost::Waiting, "{policy}");
    }

    #[test]
    fn every_class() {
        let conservative = |compression, depth| Backfill::Conservative(Conservative { compression, depth });
        let several = Backfill::Easy(Easy { reservations: 2, ..Easy::PLAIN });
        let easy = Backfill::Easy(Easy::PLAIN);
        for order in [Order::Submission, Order::ShortestFirst, Order::F4] {
            check(order, Backfill::None, Cost::Logarithmic, &[]);
            check(order, Backfill::FirstFit, Cost::Logarithmic, &[]);
            check(order, easy, Cost::Logarithmic, &[]);
            check(order, several, Cost::Waiting, &[Cause::Candidates]);
            for compression in [Compression::QueueOrder, Compression::Replan, Compression::None] {
                check(order, conservative(compression, Some(9)), Cost::Running, &[]);
            }
            check(order, conservative(Compression::None, None), Cost::Waiting, &[Cause::Reservations]);
            let replan = conservative(Compression::Replan, None);
            check(order, replan, Cost::WaitingSquared, &[Cause::Reservations]);
        }
        let all = conservative(Compression::QueueOrder, None);
        check(Order::Wfp3, easy, Cost::Waiting, &[Cause::Order]);
        check(Order::Unicef, several, Cost::Waiting, &[Cause::Order, Cause::Candidates]);
        check(Order::Unicef, all, Cost::WaitingSquared, &[Cause::Order, Cause::Reservations]);
        check(Order::F1, Backfill::Cycle(Cycle::DEFAULT), Cost::Running, &[]);
        let fair = Order::FairShare(Decay { half_life: None, period: Span::ZERO });
        for order in [fair, Order::DominantResource] {
            check(order, easy, Cost::Accounts, &[]);
            check(order, several, Cost::Waiting, &[Cause::Candidates]);
            check(order, Backfill::Cycle(Cycle::DEFAULT), Cost::Running, &[]);
        }
        check(Order::EarliestDeadline, easy, Cost::Logarithmic, &[]);
        check(Order::LeastAttained, Backfill::None, Cost::Logarithmic, &[]);
    }

    /// Limits and calendars need the general forms.
    #[test]
    fn general_forms() {
        let check = |backfill, expected, why: &[Cause]| {
            check_in(Setting::General, Order::Submission, backfill, expected, why);
        };
        check(Backfill::None, Cost::Running, &[]);
        check(Backfill::FirstFit, Cost::Waiting, &[Cause::Candidates]);
        check(Backfill::Easy(Easy::PLAIN), Cost::Waiting, &[Cause::Candidates]);
        check(Backfill::Cycle(Cycle::DEFAULT), Cost::Running, &[]);
    }
}
