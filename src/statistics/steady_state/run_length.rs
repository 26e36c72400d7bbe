//! How long a run must be, from the asymptotic variance of its mean: the limit of n times the variance of the mean of n
//! values.

use crate::statistics::normal_quantile;

/// The asymptotic variance of the mean wait of successive customers in M/M/1 with unit mean service and load `rho`
/// (Daley 1968; Whitt 1989): ρ (2 + 5ρ - 4ρ² + ρ³) / (1 - ρ)⁴.
pub fn mm1_wait_asymptotic_variance(rho: f64) -> f64 {
    let idle = 1.0 - rho;
    rho * (2.0 + rho * (5.0 + rho * (rho - 4.0))) / (idle * idle * idle * idle)
}

/// How many values in steady state give the mean a half-width of so much of itself.
pub fn customers_for(asymptotic_variance: f64, mean: f64, relative: f64, confidence: f64) -> f64 {
    let z = normal_quantile(f64::midpoint(1.0, confidence)) / (relative * mean);
    asymptotic_variance * z * z
}
