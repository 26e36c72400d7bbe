//! The rules of a machine, told twice: the whole simulation against a naive form of it, on small machines and workloads
//! full of ties.
//!
//! The naive form goes tick by tick through plain vectors. It has no events and no index and counts everything anew at
//! each tick, so that it can be read against the rules; it shares no code with the simulation but the data of the model.
//! Every job's first start, end and outcome must be the same, and every run that was cut short.

mod case;
mod end;
mod left;
mod look;
mod naive;
mod push_out;
mod seen;

use case::{Case, Mixed, case};
use naive::naive;
use proptest::prelude::*;
use seen::simulated;

fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 10_000,
        failure_persistence: None,
        max_shrink_iters: 5_000,
        ..ProptestConfig::default()
    }
}

fn check(case: &Case) -> Result<(), TestCaseError> {
    prop_assert_eq!(simulated(case), naive(case), "the simulation on the left, the naive form on the right");
    Ok(())
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn tiers_and_limits(case in case(Mixed { tiers: true, limits: true, ..Mixed::NOTHING })) {
        check(&case)?;
    }

    #[test]
    fn tiers_and_preemption_and_limits(
        case in case(Mixed { tiers: true, limits: true, preemption: true, ..Mixed::NOTHING }),
    ) {
        check(&case)?;
    }

    #[test]
    fn quotas_and_reclaim_and_limits(
        case in case(Mixed { quotas: true, limits: true, preemption: true, tiers: true, ..Mixed::NOTHING }),
    ) {
        check(&case)?;
    }

    #[test]
    fn grace_and_budgets_and_chains(
        case in case(Mixed { grace: true, budgets: true, chains: true, ..Mixed::NOTHING }),
    ) {
        check(&case)?;
    }

    #[test]
    fn chains_that_are_pushed_out(
        case in case(Mixed { tiers: true, preemption: true, chains: true, grace: true, ..Mixed::NOTHING }),
    ) {
        check(&case)?;
    }

    #[test]
    fn all_together(case in case(Mixed::EVERYTHING)) {
        check(&case)?;
    }
}
