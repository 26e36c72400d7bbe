//! Fast and slow forms start the same jobs in the same order and turn the same jobs away at every second, ties included.

use super::fast::Fast;
use super::slow::Slow;
use super::workload::{Workload, conservative, easy, orders, without_reservations, workloads};
use crate::model::{Backfill, LocalPolicy};
use proptest::prelude::*;

fn check(workload: &Workload, policy: LocalPolicy) -> Result<(), TestCaseError> {
    let (mut fast, mut slow) = (Fast::new(workload, policy), Slow::new(workload, policy));
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
        workload in workloads(),
    ) {
        check(&workload, LocalPolicy { order, backfill })?;
    }

    #[test]
    fn easy_as_naive(order in orders(), easy in easy(), workload in workloads()) {
        check(&workload, LocalPolicy { order, backfill: Backfill::Easy(easy) })?;
    }

    #[test]
    fn conservative_as_naive(order in orders(), rule in conservative(), workload in workloads()) {
        check(&workload, LocalPolicy { order, backfill: Backfill::Conservative(rule) })?;
    }
}
