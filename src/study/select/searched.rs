//! The search: which sets are worth more than a first look.

use super::valuation::Valuation;
use crate::model::{Effort, Mask, SetRules};
use crate::study::runs::Launcher;
use crate::study::search::{
    BestFirst, Greed, ImproveRules, Memo, Valued, best_of_all, best_single, greedy, improve,
};

/// The part of the budget of runs that the search may spend; the rest is for the ranking.
const SEARCH: f64 = 0.7;
/// The most sets whose bounds are worked out in screening.
const MOST_BOUNDS: usize = 50_000;

/// What the search saw.
#[derive(Debug, Clone, PartialEq)]
pub struct Searched {
    /// Whether every allowed set was run.
    pub exhaustive: bool,
    /// The sets that were run, the best first.
    pub ranking: Vec<Mask>,
    /// What the fluid bound said, where it is about the first objective.
    pub screening: Option<Screening>,
}

/// What the fluid bound said of the allowed sets.
#[derive(Debug, Clone, PartialEq)]
pub struct Screening {
    /// The greatest bound of any allowed set.
    pub greatest: f64,
    /// No set that was not run has a greater one; `None` where none was left out.
    pub left_out: Option<f64>,
    /// Sets whose bound was worked out.
    pub computed: usize,
}

/// Runs every allowed set if the budget holds them all `effort.look` times; else looks for good ones: greedily, by swaps, and
/// by the bound. `bound` gives the greatest first objective to be expected of a set, where one is known.
pub(super) fn search<L: Launcher + Sync>(
    valuation: &mut Valuation<'_, L>,
    effort: &Effort,
    mut bound: Option<impl FnMut(Mask) -> f64>,
) -> Searched {
    let rules = &valuation.judges().choice.rules;
    let per_set = u64::from(effort.look) * valuation.judges().futures.len() as u64;
    let affordable = (effort.runs as f64 * SEARCH) as u64 / per_set;
    let exhaustive = rules.count().is_some_and(|count| count <= u128::from(affordable));
    let mut ranking: Vec<Mask> = Vec::new();
    let mut screening = None;
    {
        let mut left = affordable;
        let ran = &mut ranking;
        let mut memo = Memo::new(|sets: &[Mask]| {
            let now = sets.len().min(if exhaustive { usize::MAX } else { left as usize });
            left -= (now as u64).min(left);
            valuation.add(&sets[..now].iter().map(|&set| (set, effort.look)).collect::<Vec<_>>());
            ran.extend_from_slice(&sets[..now]);
            // What the budget has no room for is worth nothing to the search.
            sets.iter()
                .enumerate()
                .map(|(place, &set)| if place < now { valuation.score(set) } else { f64::NAN })
                .collect()
        });
        if exhaustive {
            let _ = best_of_all(rules, &mut memo);
        } else {
            local(rules, &mut memo);
        }
        if let Some(bound) = &mut bound {
            screening = Some(screen(rules, &mut memo, exhaustive, bound));
        }
    }
    // Partial sets on a greedy way may have been run; they are no answers.
    ranking.retain(|&set| rules.allows(set) && valuation.score(set).is_finite());
    ranking.sort_by(|&a, &b| valuation.score(b).total_cmp(&valuation.score(a)).then(a.cmp(&b)));
    Searched { exhaustive, ranking, screening }
}

/// Greedily by gain and by gain per cost, the best single one, and from the best of them by swaps.
fn local<F: FnMut(&[Mask]) -> Vec<f64>>(rules: &SetRules, memo: &mut Memo<F>) {
    let by_gain = greedy(rules, Greed::Gain, memo).map(|(_, best)| best);
    let by_cost = greedy(rules, Greed::GainPerCost, memo).map(|(_, best)| best);
    let single = best_single(rules, memo);
    let starts = [by_gain, by_cost, single].into_iter().flatten();
    if let Some(start) = starts.min_by(Valued::order) {
        let candidates = rules.costs.len() as u32;
        let how = ImproveRules { patience: 3, tenure: candidates / 4, moves: 4 * candidates };
        let _ = improve(rules, memo, start.set, how);
    }
}

/// Runs the sets of the greatest bounds, until no other set can have a greater mean than the best one seen.
fn screen<F: FnMut(&[Mask]) -> Vec<f64>>(
    rules: &SetRules,
    memo: &mut Memo<F>,
    exhaustive: bool,
    bound: &mut impl FnMut(Mask) -> f64,
) -> Screening {
    let mut by_bound = BestFirst::new(rules, bound);
    let mut greatest = f64::NEG_INFINITY;
    let mut best = memo.ranking(rules).first().map_or(f64::NEG_INFINITY, |best| best.value);
    loop {
        let next = by_bound.next_above(if greatest.is_finite() { best } else { f64::NEG_INFINITY });
        let Some(next) = next else {
            return Screening { greatest, left_out: None, computed: by_bound.computed() };
        };
        greatest = greatest.max(next.value);
        if exhaustive {
            return Screening { greatest, left_out: None, computed: by_bound.computed() };
        }
        let value = memo.value(next.set).value;
        if value.is_nan() || by_bound.computed() > MOST_BOUNDS {
            let left_out = by_bound.ceiling().unwrap_or(next.value).max(next.value);
            return Screening { greatest, left_out: Some(left_out), computed: by_bound.computed() };
        }
        best = best.max(value);
    }
}
