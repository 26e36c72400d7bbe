//! The interval of a quantile by order statistics: it holds whatever the distribution.

use crate::statistics::student::regularised_beta;

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

/// The narrowest pair of ranks around the quantile `p` of `count` values with at least this confidence; of equally narrow
/// ones the pair with the most coverage. `None` where even the least and the greatest value have less.
pub fn quantile_ranks(count: usize, p: f64, confidence: f64) -> Option<QuantileRanks> {
    let below: Vec<f64> = (0..=count).map(|ranks| at_least(count, p, ranks)).collect();
    // P(low <= B <= high - 1) for the number B of values below the quantile.
    let coverage = |low: usize, high: usize| below[low] - below[high];
    (1..count).find_map(|width| {
        let pairs = (1..=count - width).map(|low| QuantileRanks {
            low,
            high: low + width,
            coverage: coverage(low, low + width),
        });
        let best = pairs.max_by(|a, b| a.coverage.total_cmp(&b.coverage));
        best.filter(|best| best.coverage >= confidence)
    })
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
    fn the_narrowest_pair_with_its_exact_coverage() {
        for (count, p) in [(29, 0.9), (100, 0.95), (100, 0.5), (40, 0.2)] {
            let found = quantile_ranks(count, p, 0.95).unwrap();
            assert!((found.coverage - by_terms(count, p, found.low, found.high)).abs() < 1e-10);
            let narrower = found.high - found.low - 1;
            let best =
                (1..=count - narrower).map(|low| by_terms(count, p, low, low + narrower)).fold(0.0, f64::max);
            assert!(narrower == 0 || best < 0.95, "{count} {p}");
        }
    }
}
