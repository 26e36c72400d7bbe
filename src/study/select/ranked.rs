//! The ranking: the rest of the budget goes to the sets near the border between those that come into the final and those
//! that do not (OCBA-m; Chen, He, Fu and Lee, 2008).

use super::valuation::{Valuation, mean, present};
use crate::model::{Effort, Mask};
use crate::statistics::ranking::{next_runs, ocba_top_shares};
use crate::study::runs::{Halt, Launcher};

/// How many sets are ranked for each place in the final.
const FOR_EACH_PLACE: usize = 3;
/// In how many steps the budget is spent.
const STEPS: u64 = 8;

/// The sets of the final, the best first, of a `ranking` by the search.
pub(super) fn finalists<L: Launcher + Sync>(
    valuation: &mut Valuation<'_, L>,
    effort: &Effort,
    ranking: &[Mask],
) -> Result<Vec<Mask>, Halt> {
    let places = effort.finalists as usize;
    let mut sets: Vec<Mask> = ranking.iter().copied().take(places * FOR_EACH_PLACE).collect();
    let futures = valuation.judges().futures.len() as u64;
    while sets.len() > places && valuation.spent() + futures <= effort.runs {
        let left = (effort.runs - valuation.spent()) / futures;
        let step = (effort.runs / STEPS / futures).clamp(1, left);
        // No set can come to have more than all that is left.
        valuation.look_ahead(&sets, (effort.runs / futures).try_into().unwrap_or(u32::MAX))?;
        let gains: Vec<Vec<f64>> = sets.iter().map(|&set| valuation.gains(set, 0)).collect();
        let counts: Vec<u64> = gains.iter().map(|gains| gains.len() as u64).collect();
        let means: Vec<f64> = gains.iter().map(|gains| mean(gains)).collect();
        let variances: Vec<f64> = gains.iter().map(|gains| variance(gains)).collect();
        let shares = ocba_top_shares(&means, &variances, &counts, places);
        let more = next_runs(&shares, &counts, step);
        let wanted = sets.iter().zip(counts.iter().zip(more));
        valuation.add(&wanted.map(|(&set, (have, more))| (set, (have + more) as u32)).collect::<Vec<_>>())?;
    }
    valuation.sort(&mut sets);
    sets.truncate(places);
    Ok(sets)
}

/// The variance of those values that are there; 0 of one.
fn variance(values: &[f64]) -> f64 {
    let mean = mean(values);
    let squares: f64 = present(values).map(|value| (value - mean) * (value - mean)).sum();
    squares / (present(values).count() as f64 - 1.0).max(1.0)
}
