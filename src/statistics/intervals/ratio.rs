//! The ratio of two means by the jackknife over replications.

use crate::statistics::Estimate;

/// The ratio of the means of the first and of the second values of `pairs`, one pair a replication, with its interval.
///
/// The jackknife (Quenouille 1956, Tukey 1958): the pseudo-value of replication i is n θ - (n - 1) θ_i, with θ the ratio of
/// all and θ_i that of all but i. Their mean has no bias of order 1/n, and Student's t over them gives the interval. Pairs
/// that are not finite are left out; there is no value where the second ones add up to zero.
///
/// It is the ratio over many replications as one long observation, in which each weighs as much as its second value. The
/// mean of the ratios weighs all replications alike.
pub fn ratio_of_means(pairs: &[(f64, f64)]) -> Estimate {
    Estimate::of(pseudo_values(pairs))
}

/// The pseudo-values of [`ratio_of_means`], one a pair and in their order; no number for a pair that is left out. Those of two
/// systems on the same random universes are compared pair by pair, as single values are.
pub fn pseudo_values(pairs: &[(f64, f64)]) -> Vec<f64> {
    let is_known = |&(value, weight): &(f64, f64)| value.is_finite() && weight.is_finite();
    let known = || pairs.iter().filter(|pair| is_known(pair));
    let (sum, weights) = known().fold((0.0, 0.0), |sums, pair| (sums.0 + pair.0, sums.1 + pair.1));
    let n = known().count() as f64;
    let all = sum / weights;
    let of_pair = |pair: &(f64, f64)| match pair {
        pair if !is_known(pair) => f64::NAN,
        _ if n < 2.0 => all,
        (value, weight) => n * all - (n - 1.0) * (sum - value) / (weights - weight),
    };
    pairs.iter().map(of_pair).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn by_hand() {
        // 6 / 12; without one pair: 5 / 8, 4 / 10, 3 / 6.
        let pairs = [(1.0, 4.0), (2.0, 2.0), (3.0, 6.0)];
        let pseudo = [0.625, 0.4, 0.5].map(|without| 3.0 * 0.5 - 2.0 * without);
        assert_eq!(ratio_of_means(&pairs), Estimate::of(pseudo));
        assert_eq!(ratio_of_means(&pairs[..1]).mean, Some(0.25));
        assert_eq!(ratio_of_means(&[]).mean, None);
        // A constant second value: the mean of the first over it, with the same interval.
        let halves = ratio_of_means(&[(1.0, 2.0), (2.0, 2.0), (6.0, 2.0)]);
        let means = Estimate::of([0.5, 1.0, 3.0]);
        assert!((halves.mean.unwrap() - means.mean.unwrap()).abs() < 1e-12);
        assert!((halves.half_width.unwrap() - means.half_width.unwrap()).abs() < 1e-12);
    }
}
