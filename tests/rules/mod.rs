//! The rules of a machine, told twice: the whole simulation against a naive form of it, on small machines and workloads
//! full of ties.
//!
//! The naive form goes tick by tick through plain vectors. It has no events and no index and counts everything anew at
//! each tick, so that it can be read against the rules; it shares no code with the simulation but the data of the model.
//! Every job's first start, end and outcome must be the same, every run that was cut short, and how much of the first wait was
//! by a limit.

mod case;
mod end;
mod left;
mod look;
mod naive;
mod push_out;
mod seen;

use case::{Asked, Case, Class, Guest, Mixed, case};
use naive::naive;
use pleiade::model::{
    Backfill, Checkpoint, CommunityId, CountryId, LocalPolicy, Order, Preemption, PreemptionMode,
};
use pleiade::units::{Span, Time};
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

/// Of two victims one writes a checkpoint and one goes at once; under first fit the latter starts again on what it has
/// just given back. Random cases meet this too seldom.
#[test]
fn who_goes_at_once_does_not_come_and_go_for_ever() {
    let asked = |submit, units, community, class| Asked {
        submit: Time(submit),
        units,
        requested: Span(9),
        run: Span(9),
        community: CommunityId(community),
        country: CountryId(0),
        project: None,
        class,
    };
    let class = |cost| {
        let checkpoint = Checkpoint { interval: Span(1), cost: Span(cost), restart: Span(0) };
        Class { checkpoint: Some(checkpoint), segment: None }
    };
    let guest = |tier| Guest {
        tier,
        grace: Span::ZERO,
        max_requested: Span::MAX,
        limits: Vec::new(),
        budgets: Vec::new(),
    };
    let case = Case {
        tick: Span::STEP,
        capacity: 2,
        policy: LocalPolicy { order: Order::Submission, backfill: Backfill::FirstFit },
        guests: vec![guest(0), guest(1)],
        home: vec![0, 1, 0],
        quotas: Vec::new(),
        preemption: Some(Preemption { mode: PreemptionMode::CheckpointThenRequeue, exempt: Span::ZERO }),
        classes: vec![class(1), class(0)],
        jobs: vec![asked(0, 1, 0, 0), asked(0, 1, 0, 1), asked(1, 2, 1, 0)],
    };
    check(&case).unwrap();
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
