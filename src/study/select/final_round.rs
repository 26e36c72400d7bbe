//! The final: KN on replications that the search has not seen.

use super::valuation::{Valuation, mean};
use crate::model::{Effort, Mask};
use crate::statistics::ranking::{Draws, Kn, KnRules, KnStep, best_of, paired_correct_selection};
use crate::study::runs::{Halt, Launcher};
use serde::{Deserialize, Serialize};

/// What is promised of the set that was chosen.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", tag = "kind")]
pub enum Guarantee {
    /// It is the best of the finalists, or within the indifference of the best, with this confidence.
    WithinIndifference {
        /// 1 less the chance of error.
        confidence: f64,
        /// In the unit of the first objective.
        indifference: f64,
    },
    /// The runs allowed did not tell: it has the best mean.
    MostLikely {
        /// The estimated probability that it is the best of the finalists; nothing is promised.
        probability: f64,
    },
    /// Only one set came into the final.
    OnlyOne,
}

/// Runs of all survivors together that are made at once at least, so that no thread stands idle. Which runs are made
/// depends on it, so it is no number of threads.
const AT_ONCE: u32 = 8;

/// What the final came to.
pub(super) struct Final {
    /// The place of the best of the finalists.
    pub(super) winner: usize,
    pub(super) guarantee: Guarantee,
    /// After how many replications each was dropped, by place.
    pub(super) dropped_at: Vec<Option<u32>>,
}

/// Finds the best of `sets`, at least one; `valuation` has `effort.first` replications of each already.
pub(super) fn final_round<L: Launcher + Sync>(
    valuation: &mut Valuation<'_, L>,
    effort: &Effort,
    sets: &[Mask],
) -> Result<Final, Halt> {
    let means: Vec<f64> = sets.iter().map(|&set| mean(&valuation.gains(set, 0))).collect();
    let best = best_of(&means).expect("there is a finalist");
    if sets.len() == 1 {
        return Ok(Final { winner: 0, guarantee: Guarantee::OnlyOne, dropped_at: vec![None] });
    }
    let indifference = valuation.judges().objectives[0].indifference.at(means[best]);
    let rules = KnRules {
        systems: sets.len(),
        first: effort.first,
        confidence: effort.confidence,
        indifference,
        draws: Draws::Common,
    };
    let mut dropped_at = vec![None; sets.len()];
    // Where the best is nothing, so is a part of it: then nothing is worth telling apart for certain.
    let chosen =
        if indifference > 0.0 { by_kn(valuation, effort, sets, rules, &mut dropped_at)? } else { None };
    Ok(match chosen {
        Some(winner) => {
            let guarantee = Guarantee::WithinIndifference { confidence: effort.confidence, indifference };
            Final { winner, guarantee, dropped_at }
        }
        None => most_likely(valuation, sets, dropped_at),
    })
}

/// The answer of KN; `None` if it takes more replications than are allowed, or a value is missing.
fn by_kn<L: Launcher + Sync>(
    valuation: &mut Valuation<'_, L>,
    effort: &Effort,
    sets: &[Mask],
    rules: KnRules,
    dropped_at: &mut [Option<u32>],
) -> Result<Option<usize>, Halt> {
    let mut kn = Kn::new(rules);
    loop {
        let survivors = kn.survivors().to_vec();
        let next = kn.count();
        if next >= effort.most {
            return Ok(None);
        }
        let futures = valuation.judges().futures.len();
        let ahead = AT_ONCE.div_ceil((survivors.len() * futures) as u32);
        if survivors.iter().any(|&place| valuation.count(sets[place]) <= next) {
            let left: Vec<Mask> = survivors.iter().map(|&place| sets[place]).collect();
            valuation.look_ahead(&left, effort.most)?;
            let wanted: Vec<(Mask, u32)> =
                survivors.iter().map(|&place| (sets[place], (next + ahead).min(effort.most))).collect();
            valuation.add(&wanted)?;
        }
        let gain = |&place: &usize| valuation.gains(sets[place], 0)[next as usize];
        let values: Vec<f64> = survivors.iter().map(gain).collect();
        if values.iter().any(|value| !value.is_finite()) {
            return Ok(None);
        }
        let step = kn.add(&values);
        for gone in kn.dropped() {
            dropped_at[gone.system] = Some(gone.at);
        }
        if let KnStep::Chosen(winner) = step {
            return Ok(Some(winner));
        }
    }
}

fn most_likely<L: Launcher + Sync>(
    valuation: &Valuation<'_, L>,
    sets: &[Mask],
    dropped_at: Vec<Option<u32>>,
) -> Final {
    let left: Vec<usize> = (0..sets.len()).filter(|&place| dropped_at[place].is_none()).collect();
    let gains: Vec<Vec<f64>> = left.iter().map(|&place| valuation.gains(sets[place], 0)).collect();
    let means: Vec<f64> = gains.iter().map(|gains| mean(gains)).collect();
    let probability = paired_correct_selection(&gains.iter().map(Vec::as_slice).collect::<Vec<_>>());
    let winner = left[best_of(&means).expect("somebody is left")];
    Final { winner, guarantee: Guarantee::MostLikely { probability }, dropped_at }
}
