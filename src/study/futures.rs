//! Sets judged in several futures: what each would be, what would be regretted, and how often one beats another.
//!
//! The regret of a set in a future is by how much it is worse there than the set with the best mean there (Savage, 1951). The
//! set of least greatest regret is a good choice for who can't weigh the futures. Futures are weighed by their weights over
//! their sum. All sets and futures share their random universes, so that differences are taken replication by replication.

use super::case::{Case, Setting};
use super::objective_row::ObjectiveRow;
use super::recipe::Place;
use super::runs::{Halt, Launcher, Runs};
use crate::model::{Future, System};
use crate::statistics::{Estimate, Objective, Want};
use serde::{Deserialize, Serialize};
use std::sync::Arc;

/// The sets of a scenario in its futures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FuturesSummary {
    /// The futures: id, name and weight; weights add up to 1.
    pub futures: Vec<FutureWeight>,
    /// The ids of the sets.
    pub sets: Vec<String>,
    /// Their names.
    pub set_names: Vec<String>,
    /// Each objective.
    pub objectives: Vec<ObjectiveInFutures>,
}

/// A future and how likely it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FutureWeight {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Its weight over the sum of all.
    pub weight: f64,
}

/// One objective of all sets in all futures.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveInFutures {
    /// The objective.
    #[serde(flatten)]
    pub row: ObjectiveRow,
    /// Each set.
    pub sets: Vec<SetInFutures>,
    /// `[one][other]`: the probability that one is better than the other in a run drawn from the futures by their weights; a
    /// tie counts half.
    pub beats: Vec<Vec<Estimate>>,
}

/// One objective of one set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetInFutures {
    /// In each future.
    pub values: Vec<Estimate>,
    /// The mean over the futures by their weights.
    pub weighted: Estimate,
    /// Its regret in each future.
    pub regrets: Vec<Estimate>,
    /// The mean regret by the weights of the futures.
    pub weighted_regret: Estimate,
    /// The future in which the regret is greatest, by its place.
    pub worst_future: usize,
}

/// The futures with their weights, which add up to 1.
pub fn future_weights(futures: &[Future]) -> Vec<FutureWeight> {
    let sum: f64 = futures.iter().map(|future| future.weight).sum();
    let weight = |future: &Future| FutureWeight {
        id: future.id.clone(),
        name: future.name.clone(),
        weight: future.weight / sum,
    };
    futures.iter().map(weight).collect()
}

/// Futures as settings with weights that add up to 1; the scenario itself where it has none.
pub fn settings(system: &System, futures: &[Future]) -> Vec<(f64, Setting)> {
    if futures.is_empty() {
        return vec![(1.0, Setting::new(Arc::new(system.clone())))];
    }
    let weights = future_weights(futures).into_iter().map(|future| future.weight);
    let setting = |place: usize| Setting::at(Place::Future(place), Arc::clone(&futures[place].system));
    weights.enumerate().map(|(place, weight)| (weight, setting(place))).collect()
}

/// Judges all sets of the scenario in its futures, by so many replications of each; there is at least one future.
///
/// # Errors
/// When runs can't be made.
pub fn in_futures<L: Launcher + Sync>(
    (system, replications): (&System, u32),
    futures: &[Future],
    objectives: &[Objective],
    runs: &Runs<'_, L>,
) -> Result<FuturesSummary, Halt> {
    let settings = settings(system, futures);
    let sets = system.sets.len();
    // Sets of a future are its own: they may change what the future changes.
    let cases: Vec<Case> = futures
        .iter()
        .zip(&settings)
        .flat_map(|(future, (_, setting))| future.system.sets.iter().map(|set| setting.case(set)))
        .collect();
    let wanted: Vec<(usize, u32)> = (0..cases.len())
        .flat_map(|case| (0..replications).map(move |replication| (case, replication)))
        .collect();
    let values = runs.each(&cases, &wanted, |case, outcome| {
        objectives.iter().map(|objective| case.value(&objective.measure, &outcome)).collect::<Vec<f64>>()
    })?;
    let of = |place: usize| Values {
        // [future][set][replication]
        runs: values
            .chunks(replications as usize * sets)
            .map(|future| {
                let sets = future.chunks(replications as usize);
                sets.map(|set| set.iter().map(|objectives| objectives[place]).collect()).collect()
            })
            .collect(),
        weights: settings.iter().map(|(weight, _)| *weight).collect(),
        want: objectives[place].want,
    };
    Ok(FuturesSummary {
        futures: future_weights(futures),
        sets: system.sets.iter().map(|set| set.id.clone()).collect(),
        set_names: system.sets.iter().map(|set| set.name.clone()).collect(),
        objectives: objectives
            .iter()
            .enumerate()
            .map(|(place, one)| of(place).judged(ObjectiveRow::of(system, one)))
            .collect(),
    })
}

/// The values of one objective, `[future][set][replication]`.
struct Values {
    runs: Vec<Vec<Vec<f64>>>,
    weights: Vec<f64>,
    want: Want,
}

impl Values {
    fn judged(&self, objective: ObjectiveRow) -> ObjectiveInFutures {
        let sets = self.runs.first().map_or(0, Vec::len);
        ObjectiveInFutures {
            row: objective,
            sets: (0..sets).map(|set| self.set(set)).collect(),
            beats: (0..sets).map(|one| (0..sets).map(|other| self.beats(one, other)).collect()).collect(),
        }
    }

    fn set(&self, set: usize) -> SetInFutures {
        let regrets: Vec<Vec<f64>> = (0..self.runs.len()).map(|future| self.regret(future, set)).collect();
        let estimates: Vec<Estimate> =
            regrets.iter().map(|values| Estimate::of(values.iter().copied())).collect();
        let mean = |place: &usize| estimates[*place].mean.unwrap_or(f64::NEG_INFINITY);
        let worst =
            (0..estimates.len()).reduce(|worst, next| if mean(&next) > mean(&worst) { next } else { worst });
        let of_set: Vec<Vec<f64>> = self.runs.iter().map(|future| future[set].clone()).collect();
        SetInFutures {
            values: of_set.iter().map(|values| Estimate::of(values.iter().copied())).collect(),
            weighted: Estimate::of(self.weighted(&of_set)),
            weighted_regret: Estimate::of(self.weighted(&regrets)),
            regrets: estimates,
            worst_future: worst.unwrap_or(0),
        }
    }

    /// By replication, the mean over the futures by their weights.
    fn weighted(&self, by_future: &[Vec<f64>]) -> Vec<f64> {
        let runs = by_future.first().map_or(0, Vec::len);
        let mean = |run: usize| {
            self.weights.iter().zip(by_future).map(|(weight, values)| weight * values[run]).sum()
        };
        (0..runs).map(mean).collect()
    }

    /// By replication, by how much a set is worse in a future than the one with the best mean there.
    fn regret(&self, future: usize, set: usize) -> Vec<f64> {
        let sets = &self.runs[future];
        let mean = |place: usize| {
            self.want.as_gain(Estimate::of(sets[place].iter().copied()).mean.unwrap_or(f64::NAN))
        };
        let best = (0..sets.len()).reduce(|best, next| if mean(next) > mean(best) { next } else { best });
        let Some(best) = best else { return Vec::new() };
        let pairs = sets[best].iter().zip(&sets[set]);
        pairs.map(|(best, value)| self.want.as_gain(*best) - self.want.as_gain(*value)).collect()
    }

    fn beats(&self, one: usize, other: usize) -> Estimate {
        let runs = self.runs.first().and_then(|sets| sets.first()).map_or(0, Vec::len);
        let wins = |run: usize| -> f64 {
            let in_future = |(weight, sets): (&f64, &Vec<Vec<f64>>)| {
                let gain = self.want.as_gain(sets[one][run]) - self.want.as_gain(sets[other][run]);
                let won = if gain > 0.0 {
                    1.0
                } else if gain < 0.0 {
                    0.0
                } else {
                    0.5
                };
                if gain.is_nan() { f64::NAN } else { weight * won }
            };
            self.weights.iter().zip(&self.runs).map(in_future).sum()
        };
        Estimate::of((0..runs).map(wins))
    }
}
