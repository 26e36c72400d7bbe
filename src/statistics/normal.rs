//! The normal distribution through `libm`, so that intervals have the same bits on every platform.

use std::f64::consts::FRAC_1_SQRT_2;

/// P(Z <= z) of a standard normal Z: erfc(-z / √2) / 2, which keeps its relative precision in the lower tail.
pub fn normal_cdf(z: f64) -> f64 {
    libm::erfc(-z * FRAC_1_SQRT_2) / 2.0
}

/// The quantile `p` of the standard normal distribution; infinite at 0 and 1.
///
/// Bisection on the tail that is the smaller one, to full precision: called a few times a table, never in a run.
pub fn normal_quantile(p: f64) -> f64 {
    if p > 0.5 {
        // Exact: 1 - p has no rounding error where p is above a half.
        return -normal_quantile(1.0 - p);
    }
    if p <= 0.0 {
        return f64::NEG_INFINITY;
    }
    // Below -38.5 there is no positive number left for the tail.
    let (mut low, mut high) = (-40.0, 0.0);
    loop {
        let middle = f64::midpoint(low, high);
        if middle <= low || middle >= high {
            return middle;
        }
        if normal_cdf(middle) < p { low = middle } else { high = middle }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Abramowitz and Stegun, table 26.1, to their fifteen decimals; and quantiles that every textbook prints.
    #[test]
    fn table_values() {
        for (z, p) in
            [(0.5, 0.691_462_461_274_013), (1.0, 0.841_344_746_068_543), (2.0, 0.977_249_868_051_821)]
        {
            assert!((normal_cdf(z) - p).abs() < 1e-15, "{z}");
            assert!((normal_cdf(-z) - (1.0 - p)).abs() < 1e-15, "{z}");
        }
        for (p, z) in [(0.95, 1.644_853_626_951), (0.975, 1.959_963_984_540), (0.995, 2.575_829_303_549)] {
            assert!((normal_quantile(p) - z).abs() < 1e-12, "{p}");
            assert!((normal_quantile(1.0 - p) + z).abs() < 1e-12, "{p}");
        }
        assert!(normal_quantile(0.5).abs() < 1e-15);
        assert!(normal_quantile(0.0) == f64::NEG_INFINITY && normal_quantile(1.0) == f64::INFINITY);
    }

    proptest! {
        #[test]
        fn the_quantile_is_the_inverse(z in -30.0_f64..8.0) {
            // Near 1 the probability itself is rounded to 1e-16, and the density there turns that into more of z.
            let density = libm::exp(-z * z / 2.0) * 0.398_942_280_401;
            let rounding = if z > 0.0 { 2e-16 / density } else { 0.0 };
            prop_assert!((normal_quantile(normal_cdf(z)) - z).abs() < 1e-13 * (1.0 + z.abs()) + rounding);
        }
    }
}
