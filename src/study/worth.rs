//! What each candidate is worth: what it adds to the committed sites alone, what all others lose without it, and its Shapley
//! value.
//!
//! The Shapley value of a candidate is the mean of what it adds when all n candidates come in a random order (Shapley, 1953):
//!
//! ```text
//! phi_i = sum over S without i of |S|! (n - |S| - 1)! / n! (v(S + i) - v(S))
//! ```
//!
//! The values add up to v(all) - v(committed). That is a sharing out of a total, so it is worked out for totals only, which
//! are nothing where there is no site: work and counts, not waits nor shares. With all sets run it is exact in each
//! replication, and the interval is over replications; beyond, it is the mean over pairs of a random order and its reverse,
//! each pair in a replication of its own (Mitchell, Cooper, Frank and Holmes, 2022). Pairs are independent of each other, so
//! that the interval holds both chances, and who comes early in one order comes late in the other, which narrows it.
//!
//! Two candidates are complements where they add more together than each by itself, substitutes where they add less. All sets
//! run, that is the Shapley interaction index (Grabisch and Roubens, 1999); else what is added last to all others:
//! v(all) - v(all - i) - v(all - j) + v(all - i - j).

use super::runs::{Halt, Launcher};
use super::select::Valuation;
use crate::engine::{Universe, entity_key};
use crate::model::{Mask, WorthEffort};
use crate::statistics::{Estimate, Objective};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The worth of the candidates in one objective.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Worth {
    /// The objective's id.
    pub objective: String,
    /// The value of all candidates and the committed sites together.
    pub all: Estimate,
    /// The value of the committed sites alone; `None` where there is none, or where sets of few sites were not run.
    pub committed: Option<Estimate>,
    /// How Shapley values came about; `None` where the objective is no total.
    pub shapley: Option<Shapley>,
    /// Each candidate.
    pub candidates: Vec<CandidateWorth>,
    /// Each pair of candidates, the lower place first; none where their sets would take too many of the runs.
    pub pairs: Vec<PairWorth>,
}

/// How Shapley values came about.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Shapley {
    /// From all sets.
    Exact {
        /// Replications of each.
        replications: u32,
    },
    /// From random orders and their reverses.
    Sampled {
        /// How many pairs of them.
        pairs: u32,
    },
}

/// The worth of one candidate, in the unit of the objective.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CandidateWorth {
    /// The id of the site.
    pub site: String,
    /// v(committed + i) - v(committed); without a value where no site is committed and the objective is no total.
    pub first: Estimate,
    /// v(all) - v(all - i).
    pub last: Estimate,
    /// The Shapley value, of totals.
    pub shapley: Option<Estimate>,
}

/// What two candidates add together beyond what they add each by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PairWorth {
    /// The ids of the sites.
    pub sites: [String; 2],
    /// Above zero for complements, below for substitutes.
    pub together: Estimate,
    /// Whether it is the mean over all sets of others, or what is added last to all of them.
    pub is_over_all_sets: bool,
}

/// The worth of each candidate in each objective. `ids` are those of the candidates' sites.
///
/// # Errors
/// When runs can't be made.
pub fn worth<L: Launcher + Sync>(
    valuation: &mut Valuation<'_, L>,
    effort: WorthEffort,
    ids: &[String],
    seed: u64,
) -> Result<Vec<Worth>, Halt> {
    let judges = valuation.judges();
    let candidates = ids.len();
    let futures = judges.futures.len() as u64;
    let per_set = u64::from(effort.replications) * futures;
    let sets = 1_u64.checked_shl(candidates as u32).unwrap_or(u64::MAX);
    let is_exact = sets.saturating_mul(per_set) <= effort.runs;
    let all = Mask::all(candidates);
    let near = near_the_ends(all);
    let pairs = pairs_of_last(all);
    // What pairs add last takes many sets: only where it leaves half of the runs to the orders.
    let has_pairs = is_exact || (near.len() + pairs.len()) as u64 * per_set <= effort.runs / 2;
    let wanted: Vec<Mask> = match (is_exact, has_pairs) {
        (true, _) => (0..sets).map(Mask).collect(),
        (false, true) => near.into_iter().chain(pairs).collect::<BTreeSet<_>>().into_iter().collect(),
        (false, false) => near,
    };
    let runnable = |set: &Mask| !set.is_empty() || !judges.choice.committed.is_empty();
    let wanted: Vec<(Mask, u32)> =
        wanted.into_iter().filter(runnable).map(|set| (set, effort.replications)).collect();
    valuation.add(&wanted)?;
    let is_total = |objective: &Objective| matches!(objective.measure.unit(), "h" | "jobs" | "projects");
    let has_total = judges.objectives.iter().any(is_total);
    let orders = if is_exact || !has_total {
        Vec::new()
    } else {
        let left = effort.runs.saturating_sub(valuation.spent()) / futures;
        sampled(
            valuation,
            ids,
            (left / (2 * candidates.max(1)) as u64).max(2) as u32,
            (seed, effort.replications),
        )?
    };
    let worths = judges
        .objectives
        .iter()
        .enumerate()
        .map(|(place, objective)| {
            let is_total = is_total(objective);
            let replications = effort.replications as usize;
            let of = Of { valuation, objective: place, is_total, has_pairs, replications };
            let shapley = match (is_total, is_exact) {
                (false, _) => None,
                (true, true) => Some(Shapley::Exact { replications: effort.replications }),
                (true, false) => Some(Shapley::Sampled { pairs: orders.len() as u32 }),
            };
            of.worth((objective, shapley), ids, &orders)
        })
        .collect();
    Ok(worths)
}

/// All candidates, all but one, one or none.
fn near_the_ends(all: Mask) -> Vec<Mask> {
    let ends = all.iter().flat_map(|bit| [Mask::of(bit), all.without(bit)]);
    let mut sets: Vec<Mask> = ends.chain([Mask::EMPTY, all]).collect();
    sets.sort_unstable();
    sets.dedup();
    sets
}

/// All candidates but two.
fn pairs_of_last(all: Mask) -> Vec<Mask> {
    let pairs = all
        .iter()
        .flat_map(|one| all.iter().filter(move |&other| other > one).map(move |other| (one, other)));
    pairs.map(|(one, other)| all.without(one).without(other)).collect()
}

/// What each candidate added in the mean of a random order and its reverse, `[objective][candidate]`.
type Order = Vec<Vec<f64>>;

/// Pairs of a random order of the candidates and its reverse, each pair in a replication of its own after the first `from`.
fn sampled<L: Launcher + Sync>(
    valuation: &mut Valuation<'_, L>,
    ids: &[String],
    count: u32,
    (seed, from): (u64, u32),
) -> Result<Vec<Order>, Halt> {
    // Each candidate draws a number of its own, and the numbers make the order.
    let order = |number: u32| -> Vec<u32> {
        let drawn = |id: &String| Universe::new(seed, number).stream(entity_key("worth", id), 0, 0).uniform();
        let drawn: Vec<f64> = ids.iter().map(drawn).collect();
        let mut order: Vec<u32> = (0..ids.len() as u32).collect();
        order.sort_by(|&one, &other| {
            drawn[one as usize].total_cmp(&drawn[other as usize]).then(one.cmp(&other))
        });
        order
    };
    let forth: Vec<Vec<u32>> = (0..count).map(order).collect();
    let back = forth.iter().map(|order| order.iter().rev().copied().collect());
    let back: Vec<Vec<u32>> = back.collect();
    let mut added = |orders: &[Vec<u32>]| -> Result<Vec<Order>, Halt> {
        let grown = |order: &Vec<u32>| {
            (0..=order.len()).map(|count| order[..count].iter().copied().collect()).collect()
        };
        let chains: Vec<Vec<Mask>> = orders.iter().map(grown).collect();
        let values = valuation.single(&chains, from)?;
        Ok(orders.iter().zip(&values).map(|(order, values)| in_order(order, values)).collect())
    };
    let (forth, back) = (added(&forth)?, added(&back)?);
    let half = |one: &Order, other: &Order| {
        let objectives = one.iter().zip(other);
        objectives
            .map(|(one, other)| one.iter().zip(other).map(|(a, b)| f64::midpoint(*a, *b)).collect())
            .collect()
    };
    Ok(forth.iter().zip(&back).map(|(one, other)| half(one, other)).collect())
}

/// What each candidate added in an order, from the values of the sets on the way, `[set][objective]`.
fn in_order(order: &[u32], values: &[Vec<f64>]) -> Order {
    let objectives = values[0].len();
    let of = |objective: usize| {
        let mut added = vec![0.0; order.len()];
        for (step, &bit) in order.iter().enumerate() {
            added[bit as usize] = values[step + 1][objective] - values[step][objective];
        }
        added
    };
    (0..objectives).map(of).collect()
}

/// The values of one objective.
struct Of<'v, 'a, L> {
    valuation: &'v Valuation<'a, L>,
    objective: usize,
    is_total: bool,
    has_pairs: bool,
    replications: usize,
}

impl<L: Launcher + Sync> Of<'_, '_, L> {
    /// By replication; of no site at all a total is nothing, and another objective has no value.
    fn values(&self, set: Mask) -> Vec<f64> {
        let choice = self.valuation.judges().choice;
        if set.is_empty() && choice.committed.is_empty() {
            return vec![if self.is_total { 0.0 } else { f64::NAN }; self.replications];
        }
        let mut values = self.valuation.values(set, self.objective);
        values.truncate(self.replications);
        values
    }

    /// A sum of values of sets with factors, by replication.
    fn sum(&self, terms: &[(f64, Mask)]) -> Vec<f64> {
        let mut sum = vec![0.0; self.replications];
        for &(factor, set) in terms {
            for (sum, value) in sum.iter_mut().zip(self.values(set)) {
                *sum += factor * value;
            }
        }
        sum
    }

    fn worth(
        &self,
        (objective, shapley): (&Objective, Option<Shapley>),
        ids: &[String],
        orders: &[Order],
    ) -> Worth {
        let all = Mask::all(ids.len());
        let is_exact = matches!(shapley, Some(Shapley::Exact { .. }));
        let by_candidate = is_exact.then(|| self.exact(ids.len()));
        let candidate = |(place, id): (usize, &String)| {
            let bit = place as u32;
            let shapley = shapley.map(|_| match &by_candidate {
                Some(values) => Estimate::of(values[place].iter().copied()),
                None => Estimate::of(orders.iter().map(|order| order[self.objective][place])),
            });
            CandidateWorth {
                site: id.clone(),
                first: Estimate::of(self.sum(&[(1.0, Mask::of(bit)), (-1.0, Mask::EMPTY)])),
                last: Estimate::of(self.sum(&[(1.0, all), (-1.0, all.without(bit))])),
                shapley,
            }
        };
        let pairs = (0..ids.len()).flat_map(|one| (one + 1..ids.len()).map(move |other| (one, other)));
        let pairs = pairs.filter(|_| self.has_pairs);
        let has_committed = !self.valuation.judges().choice.committed.is_empty();
        Worth {
            objective: objective.id.clone(),
            all: Estimate::of(self.values(all)),
            committed: has_committed.then(|| Estimate::of(self.values(Mask::EMPTY))),
            shapley,
            candidates: ids.iter().enumerate().map(candidate).collect(),
            pairs: pairs
                .map(|(one, other)| PairWorth {
                    sites: [ids[one].clone(), ids[other].clone()],
                    together: Estimate::of(self.together(ids.len(), (one as u32, other as u32), is_exact)),
                    is_over_all_sets: is_exact,
                })
                .collect(),
        }
    }

    /// The Shapley value of each candidate in each replication, from all sets.
    fn exact(&self, candidates: usize) -> Vec<Vec<f64>> {
        let all = Mask::all(candidates);
        let weights = shapley_weights(candidates);
        let mut by_candidate = vec![vec![0.0; self.replications]; candidates];
        for set in (0..=all.0).map(Mask) {
            // A set counts with what it adds to those with i, and against those without.
            let values = self.values(set);
            let size = set.len() as usize;
            for (place, sums) in by_candidate.iter_mut().enumerate() {
                let factor = if set.contains(place as u32) { weights[size - 1] } else { -weights[size] };
                for (sum, value) in sums.iter_mut().zip(&values) {
                    *sum += factor * value;
                }
            }
        }
        by_candidate
    }

    /// What two candidates add together beyond each by itself, in each replication.
    fn together(&self, candidates: usize, (one, other): (u32, u32), is_exact: bool) -> Vec<f64> {
        let all = Mask::all(candidates);
        let second = |set: Mask, factor: f64| {
            [
                (factor, set.with(one).with(other)),
                (-factor, set.with(one)),
                (-factor, set.with(other)),
                (factor, set),
            ]
        };
        let others = all.without(one).without(other);
        if !is_exact {
            return self.sum(&second(others, 1.0));
        }
        let weights = shapley_weights(candidates - 1);
        let sets = (0..=all.0).map(Mask).filter(|set| set.is_within(others));
        let terms: Vec<(f64, Mask)> = sets.flat_map(|set| second(set, weights[set.len() as usize])).collect();
        self.sum(&terms)
    }
}

/// `[size of S]`: s! (n - s - 1)! / n!, the chance that exactly the members of S come before a candidate.
fn shapley_weights(candidates: usize) -> Vec<f64> {
    let mut binomial = 1.0;
    (0..candidates)
        .map(|size| {
            if size > 0 {
                binomial *= (candidates - size) as f64 / size as f64;
            }
            1.0 / binomial / candidates as f64
        })
        .collect()
}
