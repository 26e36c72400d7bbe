//! The interval of a quantile by order statistics: it holds whatever the distribution.

use crate::statistics::student::regularised_beta;
use std::ops::Range;

/// Which values of a sorted sample bound a quantile.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct QuantileRanks {
    /// The rank of the lower one, from 1.
    pub low: usize,
    /// The rank of the upper one.
    pub high: usize,
    /// The probability that the quantile lies between them: the binomial probability of `low` to `high - 1` values below
    /// it, exact for continuous values and at least so much otherwise.
    pub coverage: f64,
}

/// The ranks around the quantile `p` of `count` values that leave at most half of the doubt on either side: the greatest lower
/// and the least upper one. `None` where the least or the greatest value leaves more.
pub fn quantile_ranks(count: usize, p: f64, confidence: f64) -> Option<QuantileRanks> {
    let tail = (1.0 - confidence) / 2.0;
    let low = first(0..count + 1, |rank| 1.0 - at_least(count, p, rank) > tail)
        .checked_sub(1)
        .filter(|&low| low > 0)?;
    let high = first(low + 1..count + 1, |rank| at_least(count, p, rank) <= tail);
    let coverage = || at_least(count, p, low) - at_least(count, p, high);
    (high <= count).then(|| QuantileRanks { low, high, coverage: coverage() })
}

/// The first of some numbers of which `holds` is true, as it is of all that follow; their end where it is of none.
fn first(numbers: Range<usize>, holds: impl Fn(usize) -> bool) -> usize {
    let Range { mut start, mut end } = numbers;
    while start < end {
        let middle = start.midpoint(end);
        if holds(middle) { end = middle } else { start = middle + 1 }
    }
    start
}

/// P(B >= ranks) for a binomial B of `count` trials: the regularised incomplete beta function.
fn at_least(count: usize, p: f64, ranks: usize) -> f64 {
    if ranks == 0 { 1.0 } else { regularised_beta(p, ranks as f64, (count - ranks + 1) as f64) }
}

/// The values that bound the quantile `p` of what `values` were drawn from, with at least this confidence, and how much they
/// have. Values that are not finite are left out.
pub fn quantile_interval(values: &[f64], p: f64, confidence: f64) -> Option<(f64, f64, f64)> {
    let mut sorted: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    sorted.sort_by(f64::total_cmp);
    let ranks = quantile_ranks(sorted.len(), p, confidence)?;
    Some((sorted[ranks.low - 1], sorted[ranks.high - 1], ranks.coverage))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Sums of binomial probabilities, term by term.
    fn by_terms(count: usize, p: f64, low: usize, high: usize) -> f64 {
        let mut term = libm::pow(1.0 - p, count as f64);
        let mut sum = 0.0;
        for below in 0..high {
            sum += if below >= low { term } else { 0.0 };
            term *= (count - below) as f64 / (below + 1) as f64 * p / (1.0 - p);
        }
        sum
    }

    #[test]
    fn ranks_of_medians() {
        // Six values: 1 - 2 / 64. Five do not reach 95 %: 1 - 2 / 32.
        let six = quantile_ranks(6, 0.5, 0.95).unwrap();
        assert_eq!((six.low, six.high), (1, 6));
        assert!((six.coverage - 62.0 / 64.0).abs() < 1e-12);
        assert_eq!(quantile_ranks(5, 0.5, 0.95), None);
        assert_eq!(quantile_ranks(0, 0.5, 0.95), None);
        let values = [3.0, 1.0, f64::NAN, 2.0, 6.0, 5.0, 4.0];
        let (low, high, _) = quantile_interval(&values, 0.5, 0.95).unwrap();
        assert_eq!((low, high), (1.0, 6.0));
    }

    #[test]
    fn half_of_the_doubt_on_either_side() {
        for (count, p) in [(36, 0.9), (100, 0.95), (100, 0.5), (40, 0.2)] {
            let found = quantile_ranks(count, p, 0.95).unwrap();
            let (low, high) = (found.low, found.high);
            assert!((found.coverage - by_terms(count, p, low, high)).abs() < 1e-10);
            assert!(by_terms(count, p, 0, low) <= 0.025 && by_terms(count, p, 0, low + 1) > 0.025);
            assert!(by_terms(count, p, 0, high) >= 0.975 && by_terms(count, p, 0, high - 1) < 0.975);
        }
        // Of 35 values even the greatest lies below the 90 % quantile too often: 0.9^35 is 0.025035.
        assert_eq!(quantile_ranks(35, 0.9, 0.95), None);
    }
}
