//! The standard normal distribution function through `libm`.

use std::f64::consts::FRAC_1_SQRT_2;

/// P(Z <= z) of a standard normal Z, to full relative precision in the lower tail.
pub fn normal_cdf(z: f64) -> f64 {
    libm::erfc(-z * FRAC_1_SQRT_2) / 2.0
}
