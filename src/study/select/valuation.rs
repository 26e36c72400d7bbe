//! The values of sets: run by run, in each future, for each objective; every run is made once.

use super::super::case::{Case, Setting};
use super::super::recipe::{Recipe, Wanted};
use super::super::runs::{Halt, Launcher, Runs};
use super::super::search::Valued;
use crate::model::{CandidateSet, Choice, Mask};
use crate::statistics::Objective;
use std::collections::BTreeMap;

/// What sets are judged by.
#[derive(Debug, Clone, Copy)]
pub struct Judges<'a> {
    /// What may be chosen.
    pub choice: &'a Choice,
    /// What is wanted; the first counts most.
    pub objectives: &'a [Objective],
    /// The futures with their weights, which add up to 1; at least one.
    pub futures: &'a [(f64, Setting)],
}

/// `[replication][future][objective]`.
type Values = Vec<Vec<Vec<f64>>>;

/// The values of sets in the replications from `first` on.
pub struct Valuation<'a, L> {
    judges: Judges<'a>,
    runs: &'a Runs<'a, L>,
    first: u32,
    known: BTreeMap<Mask, Values>,
    spent: u64,
}

impl<'a, L: Launcher + Sync> Valuation<'a, L> {
    /// Nothing valued yet.
    pub fn new(judges: Judges<'a>, runs: &'a Runs<'a, L>, first: u32) -> Self {
        Self { judges, runs, first, known: BTreeMap::new(), spent: 0 }
    }

    /// What sets are judged by.
    pub fn judges(&self) -> Judges<'a> {
        self.judges
    }

    /// Makes the runs that are missing until each of the sets has as many as stand beside it, all of them at once.
    ///
    /// # Errors
    /// When they can't be made.
    pub fn add(&mut self, wanted: &[(Mask, u32)]) -> Result<(), Halt> {
        let missing: Vec<(Mask, u32, u32)> = wanted
            .iter()
            .map(|&(set, count)| (set, self.count(set), count))
            .filter(|(_, have, want)| have < want)
            .collect();
        let sets: Vec<Mask> = missing.iter().map(|&(set, ..)| set).collect();
        let of = |(place, &(_, have, want)): (usize, &(Mask, u32, u32))| {
            (have..want).map(move |replication| (place, replication)).collect::<Vec<_>>()
        };
        let wanted: Vec<(usize, u32)> = missing.iter().enumerate().flat_map(of).collect();
        for ((place, _), values) in wanted.iter().zip(self.made(&sets, &wanted)?) {
            self.known.entry(sets[*place]).or_default().push(values);
        }
        Ok(())
    }

    /// Looks ahead where workers elsewhere would stand idle otherwise: at least so many replications of each of the sets,
    /// and `most` at most, are made before they are asked for. What is read of them is what would be read anyway.
    ///
    /// # Errors
    /// When they can't be made.
    pub fn look_ahead(&self, sets: &[Mask], most: u32) -> Result<(), Halt> {
        let Judges { choice, futures, .. } = self.judges;
        let each = self.runs.room().div_ceil((sets.len() * futures.len()).max(1)) as u32;
        if each == 0 {
            return Ok(());
        }
        let mut wanted = sets.iter().flat_map(|&set| {
            let have = self.count(set);
            let replications = self.first + have..self.first + (have + each).min(most);
            let candidate = candidate_set(choice, set);
            let recipe = move |(_, setting): &(f64, Setting)| Recipe::of(&setting.case(&candidate));
            futures
                .iter()
                .map(recipe)
                .map(|recipe| Wanted { recipe, replications: replications.clone() })
                .collect::<Vec<_>>()
        });
        self.runs.ahead(&mut wanted)
    }

    /// `[future][objective]` of each of the `wanted` runs, pairs of a place in `sets` and a replication, in their order.
    fn made(&mut self, sets: &[Mask], wanted: &[(usize, u32)]) -> Result<Values, Halt> {
        let Judges { choice, objectives, futures } = self.judges;
        let first = self.first;
        let cases: Vec<Case> = sets
            .iter()
            .map(|&set| candidate_set(choice, set))
            .flat_map(|set| futures.iter().map(|(_, setting)| setting.case(&set)).collect::<Vec<_>>())
            .collect();
        let in_futures = |&(place, replication): &(usize, u32)| {
            (0..futures.len()).map(move |future| (place * futures.len() + future, first + replication))
        };
        let runs: Vec<(usize, u32)> = wanted.iter().flat_map(in_futures).collect();
        let values = self.runs.each(&cases, &runs, |case, outcome| {
            objectives.iter().map(|objective| case.value(&objective.measure, &outcome)).collect::<Vec<f64>>()
        })?;
        self.spent += runs.len() as u64;
        Ok(values.chunks(futures.len()).map(<[_]>::to_vec).collect())
    }

    /// The objectives of the sets of each chain, all in one replication, that of chain k being k after `from`, and not kept:
    /// `[chain][set][objective]`. Of no site at all there is nothing.
    ///
    /// # Errors
    /// When runs can't be made.
    pub fn single(&mut self, chains: &[Vec<Mask>], from: u32) -> Result<Vec<Vec<Vec<f64>>>, Halt> {
        let judges = self.judges;
        let runs_of = |set: &Mask| !set.is_empty() || !judges.choice.committed.is_empty();
        let mut sets: Vec<Mask> = chains.iter().flatten().copied().filter(|set| runs_of(set)).collect();
        sets.sort_unstable();
        sets.dedup();
        let place = |set: &Mask| sets.binary_search(set).expect("every set is listed");
        let of = |(chain, replication): (&Vec<Mask>, u32)| {
            let sets = chain.iter().filter(|set| runs_of(set));
            sets.map(|set| (place(set), replication)).collect::<Vec<_>>()
        };
        let wanted: Vec<(usize, u32)> = chains.iter().zip(from..).flat_map(of).collect();
        let mut made = self.made(&sets, &wanted)?.into_iter();
        let mut mean = |set: &Mask| {
            let mut mean = vec![0.0; judges.objectives.len()];
            if !runs_of(set) {
                return mean;
            }
            for ((weight, _), run) in judges.futures.iter().zip(made.next().expect("every run was made")) {
                mean.iter_mut().zip(run).for_each(|(mean, value)| *mean += weight * value);
            }
            mean
        };
        Ok(chains.iter().map(|chain| chain.iter().map(&mut mean).collect()).collect())
    }

    /// How many replications of a set there are.
    pub fn count(&self, set: Mask) -> u32 {
        self.known.get(&set).map_or(0, |values| values.len() as u32)
    }

    /// Runs of sets in futures, made here or read.
    pub fn spent(&self) -> u64 {
        self.spent
    }

    /// The value of an objective in each replication of a set: the mean over the futures by their weights.
    pub fn values(&self, set: Mask, objective: usize) -> Vec<f64> {
        let weights = || self.judges.futures.iter().map(|(weight, _)| weight);
        let mean = |futures: &Vec<Vec<f64>>| {
            weights().zip(futures).map(|(weight, objectives)| weight * objectives[objective]).sum()
        };
        self.known.get(&set).map_or_else(Vec::new, |values| values.iter().map(mean).collect())
    }

    /// The value of an objective in each replication of a set in one future.
    pub fn values_in(&self, set: Mask, objective: usize, future: usize) -> Vec<f64> {
        let of = |futures: &Vec<Vec<f64>>| futures[future][objective];
        self.known.get(&set).map_or_else(Vec::new, |values| values.iter().map(of).collect())
    }

    /// The same values so that more is better.
    pub fn gains(&self, set: Mask, objective: usize) -> Vec<f64> {
        let want = self.judges.objectives[objective].want;
        self.values(set, objective).into_iter().map(|value| want.as_gain(value)).collect()
    }

    /// Whether the means of a set keep everything that is required.
    pub fn keeps(&self, set: Mask) -> bool {
        self.excess(set) <= 0.0
    }

    /// What the search maximises: the mean gain in the first objective; for a set whose means break a requirement, far less
    /// than for any that keeps them, the less the more it breaks. `NaN` where no run has a value.
    pub fn score(&self, set: Mask) -> f64 {
        let broken = self.excess(set);
        if broken > 0.0 { -1e100 * broken.min(1e100) } else { mean(&self.gains(set, 0)) + broken }
    }

    /// Puts the set of the best score first; of equal ones the lesser mask, and last those without one.
    pub(super) fn sort(&self, sets: &mut [Mask]) {
        let valued = |set: Mask| Valued { set, value: self.score(set) };
        sets.sort_by(|&a, &b| valued(a).order(&valued(b)));
    }

    /// By how much the means of a set miss all requirements together, each as a part of its limit; `NaN` where one has no value.
    fn excess(&self, set: Mask) -> f64 {
        let objectives = self.judges.objectives.iter().enumerate();
        objectives.map(|(place, one)| excess(one, mean(&self.values(set, place)))).sum()
    }
}

/// The mean of those values that are there, as tables show it: nobody waits where there was nobody. `NaN` of none.
pub(super) fn mean(values: &[f64]) -> f64 {
    let (sum, count) = present(values).fold((0.0, 0.0), |(sum, count), value| (sum + value, count + 1.0));
    sum / count
}

/// The values that are there.
pub(super) fn present(values: &[f64]) -> impl Iterator<Item = f64> {
    values.iter().copied().filter(|value| value.is_finite())
}

/// By how much of it a mean misses what is required of it; 0 where it keeps it.
fn excess(objective: &Objective, mean: f64) -> f64 {
    let relative = |by: f64, limit: f64| if by.is_nan() { by } else { (by / limit.abs().max(1e-9)).max(0.0) };
    let above = objective.at_most.map_or(0.0, |most| relative(mean - most, most));
    let below = objective.at_least.map_or(0.0, |least| relative(least - mean, least));
    above + below
}

/// The set of a mask, with an id of its sites.
pub(super) fn candidate_set(choice: &Choice, set: Mask) -> CandidateSet {
    CandidateSet { id: String::new(), name: String::new(), sites: choice.sites(set), variant: None }
}
