//! Rinott's two-stage procedure for independent systems with unequal variances (Rinott, 1978).
//!
//! n0 values of each give S(i)^2; system i gets max(n0, ceil((h S(i) / delta)^2)) values in all, and the best mean is chosen.
//! h solves E[(E[Phi(h / sqrt((n0 - 1) (1/X + 1/Y))) | Y])^(k - 1)] = P* for X and Y chi-squared with n0 - 1 degrees of freedom.
//! Not for systems that share their random numbers.

use crate::statistics::normal_cdf;

/// Where the density of ln X is cut off: e^-45 of its peak, below the rounding of a sum.
const CUT: f64 = -45.0;

/// Rinott's h for `systems` (k >= 1) and `first` values of each (n0 >= 2) at `probability` (P*, between 1/k and 1), to about
/// ten digits.
pub fn rinott_h(systems: u32, first: u32, probability: f64) -> f64 {
    assert!(first >= 2 && probability < 1.0, "Rinott's h needs two values of each and P* below 1");
    if systems <= 1 || probability <= 1.0 / f64::from(systems) {
        return 0.0;
    }
    let nodes = chi_squared_nodes(f64::from(first - 1));
    let (mut low, mut high) = (0.0, 1.0);
    while reached(&nodes, systems, high) < probability {
        high *= 2.0;
    }
    while high - low > 1e-11 * high {
        let middle = f64::midpoint(low, high);
        if reached(&nodes, systems, middle) < probability { low = middle } else { high = middle }
    }
    f64::midpoint(low, high)
}

/// The values that each system gets in all, from its variance over the first `first`; `indifference` above zero.
pub fn rinott_counts(h: f64, variances: &[f64], first: u32, indifference: f64) -> Vec<u64> {
    let count = |variance: &f64| (h * h * variance / (indifference * indifference)).ceil() as u64;
    variances.iter().map(|variance| count(variance).max(first.into())).collect()
}

/// (1 / X in units of 1 / freedom, weight) over ln X. The trapezoidal rule on a smooth density that falls off fast at both
/// sides errs by less than any rounding once the step is a quarter of its standard deviation, sqrt(2 / freedom).
fn chi_squared_nodes(freedom: f64) -> Vec<(f64, f64)> {
    let step = (2.0 / freedom).sqrt() / 4.0;
    // ln of the density of v = ln(X / freedom), less its peak at v = 0.
    let density = |v: f64| freedom / 2.0 * (v - libm::expm1(v));
    let side = |sign: f64, from: u32| {
        let places = (from..).map(move |n| sign * f64::from(n) * step);
        places.take_while(move |&v| density(v) > CUT)
    };
    let mut nodes: Vec<(f64, f64)> =
        side(-1.0, 0).chain(side(1.0, 1)).map(|v| (libm::exp(-v), libm::exp(density(v)))).collect();
    let sum: f64 = nodes.iter().map(|(_, weight)| weight).sum();
    for (_, weight) in &mut nodes {
        *weight /= sum;
    }
    nodes
}

/// The probability that `h` gives: the outer and the inner integral over the same nodes.
fn reached(nodes: &[(f64, f64)], systems: u32, h: f64) -> f64 {
    let inner =
        |y: f64| -> f64 { nodes.iter().map(|&(x, weight)| weight * normal_cdf(h / (x + y).sqrt())).sum() };
    let power = f64::from(systems - 1);
    nodes.iter().map(|&(y, weight)| weight * libm::pow(inner(y), power)).sum()
}
