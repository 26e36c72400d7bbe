//! The search: which sets are worth more than a first look.

use super::valuation::Valuation;
use crate::model::{Effort, Mask, SetRules};
use crate::study::runs::{Halt, Launcher};
use crate::study::search::{
    BestFirst, Greed, ImproveRules, Memo, Valued, best_of_all, best_single, greedy, improve,
};

/// One of so many sets of the search is run for its bound before any other.
const BY_BOUND: u64 = 3;

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

/// Runs every allowed set if the budget holds them all `effort.look` times; else looks for good ones: those of the greatest
/// bounds, then greedily and by swaps, then by the bound again. `bound` gives the greatest first objective to be expected of a
/// set, where one is known.
pub(super) fn search<L: Launcher + Sync>(
    valuation: &mut Valuation<'_, L>,
    effort: &Effort,
    bound: Option<impl FnMut(Mask) -> f64>,
) -> Result<Searched, Halt> {
    let rules = &valuation.judges().choice.rules;
    let affordable = effort.searched_sets(valuation.judges().futures.len());
    let exhaustive = rules.count().is_some_and(|count| count <= u128::from(affordable));
    let mut ranking: Vec<Mask> = Vec::new();
    let mut screening = None;
    let mut halted = Ok(());
    {
        let mut left = affordable;
        let ran = &mut ranking;
        let mut memo = Memo::new(|sets: &[Mask]| {
            let now = sets.len().min(if exhaustive { usize::MAX } else { left as usize });
            left -= (now as u64).min(left);
            // Once it stands still, nothing is worth anything to the search, and it comes to its end.
            if halted.is_ok() {
                halted =
                    valuation.add(&sets[..now].iter().map(|&set| (set, effort.look)).collect::<Vec<_>>());
            }
            if halted.is_err() {
                return vec![f64::NAN; sets.len()];
            }
            ran.extend_from_slice(&sets[..now]);
            // What the budget has no room for is worth nothing to the search.
            let score =
                |(place, &set): (usize, &Mask)| if place < now { valuation.score(set) } else { f64::NAN };
            sets.iter().enumerate().map(score).collect()
        });
        let mut by_bound = bound.map(|bound| BestFirst::new(rules, bound));
        let first = by_bound.as_mut().and_then(|search| search.next_above(f64::NEG_INFINITY));
        if exhaustive {
            let _ = best_of_all(rules, &mut memo);
        } else {
            let more = by_bound
                .iter_mut()
                .flat_map(|search| std::iter::from_fn(|| search.next_above(f64::NEG_INFINITY)));
            let promising: Vec<Mask> = first
                .into_iter()
                .chain(more)
                .map(|one| one.set)
                .take((affordable / BY_BOUND).max(1) as usize)
                .collect();
            let start = memo.best(&promising).filter(|best| best.value.is_finite());
            local(rules, &mut memo, start);
        }
        if let Some((search, first)) = by_bound.zip(first) {
            screening = Some(screen(rules, &mut memo, exhaustive, (search, first)));
        }
    }
    halted?;
    // Partial sets on a greedy way may have been run; they are no answers.
    ranking.retain(|&set| rules.allows(set) && valuation.score(set).is_finite());
    valuation.sort(&mut ranking);
    Ok(Searched { exhaustive, ranking, screening })
}

/// By swaps from `start`, the best of the sets of the greatest bounds; without it from the best of greedy choices by gain and by
/// gain per cost and of the best single one.
fn local<F: FnMut(&[Mask]) -> Vec<f64>>(rules: &SetRules, memo: &mut Memo<F>, start: Option<Valued>) {
    let candidates = rules.costs.len() as u32;
    let how = ImproveRules { patience: 3, tenure: candidates / 4, moves: 4 * candidates };
    if let Some(start) = start {
        let _ = improve(rules, memo, start.set, how);
    }
    let by_gain = greedy(rules, Greed::Gain, memo).map(|(_, best)| best);
    let by_cost = greedy(rules, Greed::GainPerCost, memo).map(|(_, best)| best);
    let single = best_single(rules, memo);
    let starts = [by_gain, by_cost, single].into_iter().flatten();
    if let Some(start) = starts.min_by(Valued::order) {
        let _ = improve(rules, memo, start.set, how);
    }
}

/// Runs the sets of the next greatest bounds, until no other set can have a greater mean than the best one seen.
fn screen<F: FnMut(&[Mask]) -> Vec<f64>>(
    rules: &SetRules,
    memo: &mut Memo<F>,
    exhaustive: bool,
    (mut by_bound, first): (BestFirst<'_, impl FnMut(Mask) -> f64>, Valued),
) -> Screening {
    let greatest = first.value;
    let mut best = memo.ranking(rules).first().map_or(f64::NEG_INFINITY, |best| best.value);
    let mut left_out = None;
    // With all sets run, none is left to look for.
    let mut next_above = |best| if exhaustive { None } else { by_bound.next_above(best) };
    while let Some(next) = next_above(best) {
        let value = memo.value(next.set).value;
        if value.is_nan() {
            left_out = Some(next.value);
            break;
        }
        best = best.max(value);
    }
    Screening { greatest, left_out, computed: by_bound.computed() }
}
