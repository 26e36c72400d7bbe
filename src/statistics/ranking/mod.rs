//! Ranking and selection: which of several systems is best, from noisy values of each.
//!
//! Everywhere here the **greatest mean is the best**: who wants the least negates the values. KN ([`Kn`]) gives an answer
//! with a promised probability, also when the systems share their random numbers; Rinott's two stages ([`rinott_h`]) the
//! same for independent ones; OCBA ([`ocba_shares`], [`ocba_top_shares`]) spends a fixed number of runs where they tell most
//! and promises nothing. Formulas: Kim and Nelson (2001), Rinott (1978), Chen et al. (2000), Chen, He, Fu and Lee (2008).

mod kn;
mod ocba;
mod probability;
mod rinott;

pub use kn::{Draws, Dropped, Kn, KnRules, KnStep};
pub use ocba::{next_runs, ocba_shares, ocba_top_shares};
pub use probability::{correct_selection, paired_correct_selection};
pub use rinott::{rinott_counts, rinott_h};

/// The place of the greatest of `values`, the first of equals; what is no number is less than all. `None` of nothing.
pub fn best_of(values: &[f64]) -> Option<usize> {
    let is_better = |next: f64, best: f64| next > best || (best.is_nan() && !next.is_nan());
    (0..values.len()).reduce(|best, next| if is_better(values[next], values[best]) { next } else { best })
}

#[cfg(test)]
mod tests;
