//! What it is worth to wait: the sites of a later round chosen when the future is known, against all of them chosen now.
//!
//! ```text
//! max over S1 of the mean over futures of max over S2 of f(S1 + S2, future)  -  max over S of the mean over futures of f(S, future)
//! ```
//!
//! With S1 the candidates of the first round, S2 those of later ones, S1 + S2 and S allowed sets that were run and keep what is required in the mean. Both choices are
//! made on the replications of the search, and what they are worth is measured on fresh ones: a greatest mean of noisy
//! values is too great.

use super::runs::{Halt, Launcher};
use super::select::Valuation;
use crate::model::{Mask, System};
use crate::statistics::Estimate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What it is worth to wait, in the first objective.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Waiting {
    /// The sites of the first round, by id, if the later ones can wait.
    pub now: Vec<String>,
    /// What is added in each future, by id, in their order.
    pub later: Vec<Vec<String>>,
    /// All sites, by id, if everything is decided now.
    pub fixed: Vec<String>,
    /// The objective with waiting.
    pub waiting: Estimate,
    /// The objective of the fixed set.
    pub decided_now: Estimate,
    /// By how much waiting is better, in pairs of replications: above zero where it is worth something.
    pub worth: Estimate,
}

/// Chooses with and without waiting among `sets`, which `before` has run, and measures both on `replications` fresh ones.
/// `None` where there is one future or one round only.
///
/// # Errors
/// When runs can't be made.
pub fn value_of_waiting<L: Launcher + Sync>(
    system: &System,
    before: &Valuation<'_, L>,
    fresh: &mut Valuation<'_, L>,
    (sets, replications): (&[Mask], u32),
) -> Result<Option<Waiting>, Halt> {
    let judges = before.judges();
    let futures = judges.futures.len();
    let rounds = judges.choice.rounds();
    if futures < 2 || rounds.len() < 2 || sets.is_empty() {
        return Ok(None);
    }
    let want = judges.objectives[0].want;
    let gain = |set: Mask, future: usize| {
        let values = before.values_in(set, 0, future);
        want.as_gain(values.iter().sum::<f64>() / values.len() as f64)
    };
    let weight = |future: usize| judges.futures[future].0;
    let keeps: Vec<Mask> = sets.iter().copied().filter(|&set| before.keeps(set)).collect();
    let fixed = best_by(&keeps, |set| (0..futures).map(|future| weight(future) * gain(set, future)).sum());
    let first_round = judges.choice.decided_by(rounds[0]);
    let mut by_first: BTreeMap<Mask, Vec<Mask>> = BTreeMap::new();
    for &set in &keeps {
        by_first.entry(set & first_round).or_default().push(set);
    }
    let plans: Vec<(f64, Vec<Mask>)> = by_first
        .values()
        .filter_map(|sets| {
            let best: Option<Vec<Mask>> =
                (0..futures).map(|future| best_by(sets, |set| gain(set, future))).collect();
            let best = best?;
            Some((
                best.iter().enumerate().map(|(future, &set)| weight(future) * gain(set, future)).sum(),
                best,
            ))
        })
        .collect();
    let plan = plans.into_iter().reduce(|best, next| if next.0 > best.0 { next } else { best });
    let (Some(fixed), Some((_, plan))) = (fixed, plan) else { return Ok(None) };
    let wanted: Vec<(Mask, u32)> = plan.iter().chain([&fixed]).map(|&set| (set, replications)).collect();
    fresh.add(&wanted)?;
    let with_waiting = by_future(fresh, &plan, replications as usize);
    let decided_now = by_future(fresh, &vec![fixed; futures], replications as usize);
    let ids =
        |set: Mask| judges.choice.sites(set).into_iter().map(|site| system.sites[site].id.clone()).collect();
    let added = |set: &Mask| {
        let later = (*set - first_round).iter().map(|bit| judges.choice.candidates[bit as usize].site);
        later.map(|site| system.sites[site].id.clone()).collect()
    };
    let worth =
        with_waiting.iter().zip(&decided_now).map(|(one, other)| want.as_gain(*one) - want.as_gain(*other));
    Ok(Some(Waiting {
        now: ids(plan[0] & first_round),
        later: plan.iter().map(added).collect(),
        fixed: ids(fixed),
        worth: Estimate::of(worth),
        waiting: Estimate::of(with_waiting),
        decided_now: Estimate::of(decided_now),
    }))
}

fn best_by(sets: &[Mask], value: impl Fn(Mask) -> f64) -> Option<Mask> {
    let valued = sets.iter().map(|&set| (value(set), set)).filter(|(value, _)| value.is_finite());
    valued.reduce(|best, next| if next.0 > best.0 { next } else { best }).map(|(_, set)| set)
}

/// By replication, the mean over the futures of the objective of the set that each has.
fn by_future<L: Launcher + Sync>(fresh: &Valuation<'_, L>, sets: &[Mask], replications: usize) -> Vec<f64> {
    let values: Vec<Vec<f64>> =
        sets.iter().enumerate().map(|(future, &set)| fresh.values_in(set, 0, future)).collect();
    let futures = fresh.judges().futures;
    let mean =
        |run: usize| futures.iter().zip(&values).map(|((weight, _), values)| weight * values[run]).sum();
    (0..replications).map(mean).collect()
}
