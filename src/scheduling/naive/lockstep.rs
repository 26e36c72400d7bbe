//! Fast and slow forms start the same jobs in the same order and turn the same jobs away at every second, ties included.

use super::draws::{any_workloads, conservative, cycle, easy, orders, without_reservations};
use super::fast::Fast;
use super::slow::Slow;
use super::workload::Workload;
use crate::model::{Backfill, LocalPolicy, Order};
use proptest::prelude::*;

fn check(workload: Workload, order: Order, backfill: Backfill) -> Result<(), TestCaseError> {
    let policy = LocalPolicy { order, backfill };
    let workload = workload.limited_to(policy);
    let (mut fast, mut slow) = (Fast::new(&workload, policy), Slow::new(&workload, policy));
    let mut left = 0;
    for now in 0..=workload.end() {
        let (found, expected) = (fast.step(now), slow.step(now));
        prop_assert_eq!(&found, &expected, "{} at {}", policy, now);
        left += found.started.len() + found.turned_away.len();
    }
    prop_assert_eq!(left, workload.jobs.len(), "every job starts or is turned away");
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn without_reservations_as_naive(
        order in orders(),
        backfill in without_reservations(),
        workload in any_workloads(),
    ) {
        check(workload, order, backfill)?;
    }

    #[test]
    fn easy_as_naive(order in orders(), easy in easy(), workload in any_workloads()) {
        check(workload, order, Backfill::Easy(easy))?;
    }

    #[test]
    fn conservative_as_naive(order in orders(), rule in conservative(), workload in any_workloads()) {
        let backfill = Backfill::Conservative(rule);
        // Every start moves the dominant shares: nobody keeps a reservation under them.
        let keeps = LocalPolicy { order, backfill }.keeps_reservations();
        let order = if keeps && order == Order::DominantResource { Order::Submission } else { order };
        check(workload, order, backfill)?;
    }

    #[test]
    fn cycle_as_naive(order in orders(), cycle in cycle(), workload in any_workloads()) {
        check(workload, order, Backfill::Cycle(cycle))?;
    }
}
