//! The approximate probability of correct selection: what the values seen say of the system that looks best.

use super::best_of;
use crate::statistics::normal_cdf;

/// The approximate probability that the greatest mean is truly the best, of independent systems:
/// 1 - sum of Phi(-d(i) / sqrt(s(b)^2 / N(b) + s(i)^2 / N(i))) over the others, at least 0 (Chen et al., 2000). `variances` are
/// those of single values.
pub fn correct_selection(means: &[f64], variances: &[f64], counts: &[f64]) -> f64 {
    let Some(best) = best_of(means) else { return 0.0 };
    let square = |i: usize| variances[i] / counts[i];
    let wrong = |i: usize| error(means[best] - means[i], (square(best) + square(i)).sqrt());
    let others = (0..means.len()).filter(|&i| i != best);
    (1.0 - others.map(wrong).sum::<f64>()).max(0.0)
}

/// The same for systems that share their random numbers: `values` has one list a system, in replication order. Each is
/// compared with the best over the replications in which both have a value, by the variance of their differences. A pair with
/// fewer than two of those in common counts as undecided, with one half. The best is that of the greatest mean of its values.
pub fn paired_correct_selection(values: &[&[f64]]) -> f64 {
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let present =
        |values: &[f64]| values.iter().copied().filter(|value| value.is_finite()).collect::<Vec<_>>();
    let means: Vec<f64> = values.iter().map(|values| mean(&present(values))).collect();
    let Some(best) = best_of(&means) else { return 0.0 };
    let wrong = |i: usize| {
        let differences: Vec<f64> = values[best].iter().zip(values[i]).map(|(a, b)| a - b).collect();
        let differences = present(&differences);
        if differences.len() < 2 {
            return 0.5;
        }
        let (count, gap) = (differences.len() as f64, mean(&differences));
        let squares: f64 = differences.iter().map(|value| (value - gap) * (value - gap)).sum();
        error(gap, (squares / (count - 1.0) / count).sqrt())
    };
    let others = (0..values.len()).filter(|&i| i != best);
    (1.0 - others.map(wrong).sum::<f64>()).max(0.0)
}

/// The probability that a mean difference of `gap` with this standard error hides one below zero. Equal systems without
/// noise are told apart by nobody and count as right; what has no value is undecided.
fn error(gap: f64, standard_error: f64) -> f64 {
    if standard_error > 0.0 {
        return normal_cdf(-gap / standard_error);
    }
    if gap.is_nan() {
        return 0.5;
    }
    if gap < 0.0 { 1.0 } else { 0.0 }
}
