//! The order of a queue as numbers: the least rank is considered first.
//!
//! Sources: WFP3 and UNICEF from Tang et al. 2009 in the form of RLScheduler's code (Zhang et al., SC 2020); F1 to F4
//! from Carastan-Santos and de Camargo (SC 2017). Times count in seconds there, submissions from the scenario's start.

use super::queue::Joining;
use crate::model::Order;
use crate::units::Time;

/// The rank of a job within its lane as seen at `now`.
pub(super) fn rank(order: Order, joining: &Joining, now: Time) -> u128 {
    let job = &joining.waiting;
    let requested = job.requested.0;
    match order {
        Order::Submission | Order::FairShare(_) | Order::DominantResource => 0,
        Order::EarliestDeadline => joining.deadline.0.into(),
        Order::LeastAttained => joining.attained,
        Order::Multifactor(..) => unreachable!("the lanes of the young and the old rank their jobs"),
        Order::ShortestFirst => requested.into(),
        Order::LongestFirst => (u64::MAX - requested).into(),
        Order::SmallestAreaFirst => job.area(),
        Order::LargestAreaFirst => u128::MAX - job.area(),
        Order::Wfp3 | Order::Unicef | Order::F1 | Order::F2 | Order::F3 | Order::F4 => {
            ascending(score(order, joining, now)).into()
        }
    }
}

/// The score of an order by formula, least first.
fn score(order: Order, joining: &Joining, now: Time) -> f64 {
    let units = f64::from(joining.waiting.units);
    let requested_s = joining.waiting.requested.as_seconds();
    let wait_s = now.since(joining.submit).as_seconds();
    let late = libm::log10(joining.submit.as_seconds().max(1.0));
    match order {
        Order::Wfp3 => -libm::pow(wait_s / requested_s, 3.0) * units,
        Order::Unicef => -wait_s / ((libm::log2(units) + 1.0) * requested_s),
        Order::F1 => libm::log10(requested_s.max(1.0)) * units + 870.0 * late,
        Order::F2 => requested_s.sqrt() * units + 25_600.0 * late,
        Order::F3 => requested_s * units + 6_860_000.0 * late,
        Order::F4 => requested_s * units.sqrt() + 530_000.0 * late,
        _ => unreachable!("orders without a formula are ranked by whole numbers"),
    }
}

/// A whole number in the order of a float (IEEE 754 `totalOrder`).
pub(super) fn ascending(value: f64) -> u64 {
    let bits = value.to_bits();
    if bits >> 63 == 1 { !bits } else { bits | (1 << 63) }
}

/// The rank of a float whose greatest value comes first.
pub(super) fn descending(value: f64) -> u64 {
    ascending(-value)
}

/// The float of a rank by [`ascending`].
pub(super) fn value(rank: u64) -> f64 {
    f64::from_bits(if rank >> 63 == 1 { rank & !(1 << 63) } else { !rank })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scheduling::Waiting;
    use crate::units::Span;

    fn job(units: u32, requested_s: u64, submit_s: u64) -> Joining {
        let waiting = Waiting { units, requested: Span::from_seconds(requested_s), job: 0 };
        Joining::new(waiting, Time::from_seconds(submit_s), 0)
    }

    #[test]
    fn floats_keep_their_order() {
        let values = [f64::NEG_INFINITY, -2.0, -1e-300, 0.0, 1e-300, 1.0, 3.0, f64::INFINITY];
        assert!(values.windows(2).all(|pair| ascending(pair[0]) < ascending(pair[1])));
        assert!(values.iter().all(|&number| value(ascending(number)).total_cmp(&number).is_eq()));
    }

    /// Each formula at one point, worked out by hand: 100 units, 10,000 s, submitted at 1,000 s, seen at 21,000 s.
    #[test]
    fn formulas_at_a_point() {
        let at = |order| score(order, &job(100, 10_000, 1_000), Time::from_seconds(21_000));
        let near = |order, expected: f64| {
            let found = at(order);
            assert!((found - expected).abs() <= 1e-12 * expected.abs(), "{order:?}: {found} for {expected}");
        };
        near(Order::Wfp3, -800.0);
        near(Order::Unicef, -2.0 / (6.643_856_189_774_724 + 1.0));
        near(Order::F1, 400.0 + 2_610.0);
        near(Order::F2, 10_000.0 + 76_800.0);
        near(Order::F3, 1_000_000.0 + 20_580_000.0);
        near(Order::F4, 100_000.0 + 1_590_000.0);
    }

    #[test]
    fn whole_ranks() {
        let rank = |order, units, requested_s| rank(order, &job(units, requested_s, 0), Time::ZERO);
        assert!(rank(Order::ShortestFirst, 9, 1) < rank(Order::ShortestFirst, 1, 2));
        assert!(rank(Order::LongestFirst, 1, 2) < rank(Order::LongestFirst, 9, 1));
        assert!(rank(Order::SmallestAreaFirst, 2, 3) < rank(Order::SmallestAreaFirst, 1, 7));
        assert!(rank(Order::LargestAreaFirst, 1, 7) < rank(Order::LargestAreaFirst, 2, 3));
        assert_eq!(rank(Order::Submission, 1, 1), rank(Order::Submission, 7, 7));
    }
}
