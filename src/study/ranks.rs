//! How the sets rank in each number of which it is known which way is better, and how stable the ranks are.

use super::compared::{Compared, Judgement, all_compared};
use super::gather::SetRuns;
use crate::engine::{Universe, entity_key};
use crate::model::System;
use crate::statistics::{
    Bootstrap, CONFIDENCE, Estimate, RESAMPLES, RankStability, Scope, Want, rank_stability,
};
use serde::{Deserialize, Serialize};

/// All sets ranked by one number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RankSummary {
    /// The metric's name in `runs.parquet`.
    pub metric: String,
    /// The id of the community it is about; `None` for the whole network or a site.
    pub community: Option<String>,
    /// The id of the site it is about.
    pub site: Option<String>,
    /// Its unit, as of comparisons.
    pub unit: String,
    /// Which way is better.
    pub want: Want,
    /// The sets, in the scenario's order.
    pub sets: Vec<SetRank>,
}

/// The rank of one set, 1 for the best; sets of one value share the better rank.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetRank {
    /// Its id.
    pub set: String,
    /// Its mean.
    pub mean: Estimate,
    /// The rank of that.
    pub rank: u32,
    /// The share of the runs in which it is the best; sets that share the place share the run.
    pub first_in_runs: f64,
    /// Its best and its worst rank in any run.
    pub ranks_in_runs: [u32; 2],
    /// The share of the bootstrap's resamples of the runs in which its mean is the best.
    pub first_in_resamples: f64,
    /// Between which ranks 95 % of the resamples lie.
    pub ranks_in_resamples: [u32; 2],
}

/// The ranks in the numbers of the whole network and in the objectives; `cells` are sorted by (set, replication). Nothing of a
/// number that fewer than two runs have in all sets.
pub(super) fn ranks(system: &System, sets: &[SetRuns], judgement: Judgement) -> Vec<RankSummary> {
    // The same resamples for all: then numbers differ by what they are, not by what was drawn.
    let bootstrap = Bootstrap {
        universe: Universe::new(system.observation.seed, 0),
        entity: entity_key("statistics", "ranks of sets"),
        resamples: RESAMPLES,
    };
    let is_shown = |one: &Compared| {
        let is_objective = judgement.objectives.iter().any(|objective| objective.measure == one.measure);
        is_objective || one.measure.scope() == Scope::Network
    };
    let all = all_compared(system, judgement.objectives);
    let shown = all.iter().filter(|one| is_shown(one));
    shown.filter_map(|one| of_number(system, sets, (one, one.want?), &bootstrap)).collect()
}

fn of_number(
    system: &System,
    sets: &[SetRuns],
    (compared, want): (&Compared, Want),
    bootstrap: &Bootstrap,
) -> Option<RankSummary> {
    let gains =
        |runs: &SetRuns| runs.values(&compared.measure).iter().map(|value| want.as_gain(*value)).collect();
    let gains: Vec<Vec<f64>> = sets.iter().map(gains).collect();
    let stability = rank_stability(&gains, CONFIDENCE, bootstrap)?;
    let of_set = |(runs, one): (&SetRuns, RankStability)| SetRank {
        set: runs.id(system),
        mean: runs.estimate(&compared.measure),
        rank: one.rank,
        first_in_runs: one.first_in_runs,
        ranks_in_runs: one.ranks_in_runs,
        first_in_resamples: one.first_in_resamples,
        ranks_in_resamples: one.ranks_in_resamples,
    };
    let (community, site) = compared.measure.about(system);
    Some(RankSummary {
        metric: compared.measure.metric().to_owned(),
        community,
        site,
        unit: compared.measure.unit().to_owned(),
        want,
        sets: sets.iter().zip(stability).map(of_set).collect(),
    })
}
