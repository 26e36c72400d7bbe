//! Statistics with known answers: paired intervals, adjusted p values, fairness, the beginning of a run, intervals of
//! quantiles; and, through the real simulator, how far means of waits in a row scatter.

use super::queueing::waits_at_one_server;
use super::{Effort, RELATIVE, STANDARD_ERRORS, Verdict};
use crate::statistics::{
    CONFIDENCE, Estimate, customers_for, gini_coefficient, holm, jain_index, mm1_wait_asymptotic_variance,
    mser5, quantile_ranks, steady_state,
};

/// Two systems in ten common universes.
const A: [f64; 10] = [12.1, 11.4, 13.0, 12.7, 11.9, 12.4, 13.3, 12.0, 11.7, 12.5];
const B: [f64; 10] = [11.6, 11.1, 12.2, 12.1, 11.7, 11.9, 12.6, 11.8, 11.2, 12.1];

/// A run that begins high, as whole numbers.
const RUN: [u8; 40] = [
    10, 9, 9, 8, 8, 7, 7, 6, 6, 6, 5, 5, 5, 4, 5, 4, 5, 4, 4, 5, 5, 4, 4, 5, 4, 4, 5, 5, 4, 4, 5, 4, 4, 5, 5,
    4, 4, 5, 4, 4,
];

/// The loads at which the scatter of means is looked at.
const LOADS: [f64; 3] = [0.5, 0.8, 0.9];

/// Relaxation times that a batch spans: the variance of batch means falls short of its limit by about the inverse of it.
const RELAXATION_TIMES: f64 = 50.0;

/// The half-width over the mean that run lengths are asked for.
const ASKED: f64 = 0.01;

/// Judges what is computed from a few numbers.
pub(super) fn run() -> Vec<Verdict> {
    [paired(), adjusted(), fairness(), beginning(), quantiles()].concat()
}

fn verdict(case: &str, quantity: &str, exact: f64, computed: f64, count: usize) -> Verdict {
    Verdict::new(case, quantity, exact, computed, RELATIVE * exact.abs(), count as u64)
}

/// The exact values from the sums of the values and of their squares, in whole tenths, with the quantile of t from tables,
/// and the closed form of its p value.
fn paired() -> Vec<Verdict> {
    let difference = Estimate::of(A.iter().zip(B).map(|(a, b)| a - b));
    let alone = Estimate::of(A);
    let t = 2.262_157_162_798_205;
    let tenths = |values: &[f64]| -> (f64, f64) {
        let sums = values.iter().map(|value| libm::round(value * 10.0));
        sums.fold((0.0, 0.0), |sums, tenths| (sums.0 + tenths, sums.1 + tenths * tenths))
    };
    let half = |(sum, squares): (f64, f64)| t * ((squares - sum * sum / 10.0) / 9.0 / 10.0).sqrt() / 10.0;
    let pairs: Vec<f64> = A.iter().zip(B).map(|(a, b)| a - b).collect();
    let (sum, squares) = tenths(&pairs);
    let p = p_value_of_nine(sum / ((squares - sum * sum / 10.0) / 9.0 * 10.0).sqrt());
    let known = |value: Option<f64>| value.unwrap_or(f64::NAN);
    vec![
        verdict("T06", "mean of paired differences", 0.47, known(difference.mean), 10),
        verdict(
            "T06",
            "half-width of paired differences",
            half(tenths(&pairs)),
            known(difference.half_width),
            10,
        ),
        verdict("T06", "p value of paired differences", p, known(difference.p_value()), 10),
        verdict("T06", "half-width of one of them alone", half(tenths(&A)), known(alone.half_width), 10),
    ]
}

/// The two-sided p value of Student's t with nine degrees of freedom (Abramowitz and Stegun 26.7.3).
fn p_value_of_nine(t: f64) -> f64 {
    let angle = libm::atan(t / 3.0);
    let (sine, cosine) = (libm::sin(angle), libm::cos(angle));
    let square = cosine * cosine;
    let series = 1.0 + square * (2.0 / 3.0 + square * (8.0 / 15.0 + square * 48.0 / 105.0));
    1.0 - std::f64::consts::FRAC_2_PI * (angle + sine * cosine * series)
}

fn adjusted() -> Vec<Verdict> {
    let p = [0.001, 0.010, 0.013, 0.040, 0.200];
    let exact = [0.005, 0.04, 0.04, 0.08, 0.2];
    let of = |((p, exact), found): ((&f64, f64), f64)| {
        verdict("T07", &format!("Holm's p value of {p}"), exact, found, 5)
    };
    p.iter().zip(exact).zip(holm(&p)).map(of).collect()
}

fn fairness() -> Vec<Verdict> {
    let (whole, halves) = ([1.0, 2.0, 3.0, 4.0], [0.5, 1.0, 1.5, 1.0, 2.0]);
    vec![
        verdict("T08", "Jain's index of 1 2 3 4", 100.0 / 120.0, jain_index(&whole), 4),
        verdict("T08", "Jain's index of 0.5 1 1.5 1 2", 36.0 / 42.5, jain_index(&halves), 5),
        verdict("T08", "Gini's coefficient of 1 2 3 4", 0.25, gini_coefficient(&whole), 4),
    ]
}

fn beginning() -> Vec<Verdict> {
    let Some(found) = mser5(&RUN.map(f64::from)) else { return Vec::new() };
    let sums = [44, 32, 24, 22, 22, 22, 23, 21].map(f64::from);
    let batches = sums.iter().zip(&found.batches).enumerate().map(|(place, (sum, found))| {
        verdict("T09", &format!("mean of batch {}", place + 1), sum / 5.0, *found, 5)
    });
    // Σ (z - mean)² / n² = (Σ z² - (Σ z)² / n) / n², in fifths.
    let exact = |out: usize| {
        let kept = &sums[out..];
        let (n, sum) = (kept.len() as f64, kept.iter().sum::<f64>());
        let squares: f64 = kept.iter().map(|one| one * one).sum();
        (squares - sum * sum / n) / (n * n) / 25.0
    };
    let statistics = found.statistics.iter().enumerate().map(|(out, found)| {
        verdict("T09", &format!("MSER-5 with {out} batches out"), exact(out), *found, 8 - out)
    });
    let out = verdict("T09", "batches that MSER-5 leaves out", 3.0, found.batches_out as f64, 8);
    batches.chain(statistics).chain([out]).collect()
}

/// The probabilities are sums of binomial terms.
fn quantiles() -> Vec<Verdict> {
    let of = |(count, low, high): (usize, usize, usize)| {
        let ranks = quantile_ranks(count, 0.95, CONFIDENCE);
        let found = ranks.filter(|ranks| (ranks.low, ranks.high) == (low, high));
        let quantity = format!("coverage of the 95 % quantile by values {low} and {high} of {count}");
        let exact = binomial(count, 0.95, low..high);
        // Logarithms of factorials lose three digits.
        Verdict::new(
            "T10",
            &quantity,
            exact,
            found.map_or(f64::NAN, |ranks| ranks.coverage),
            1e-9,
            count as u64,
        )
    };
    [(100, 90, 100), (1_000, 936, 964)].map(of).into()
}

/// The probability of a number of successes in a range.
fn binomial(count: usize, p: f64, range: std::ops::Range<usize>) -> f64 {
    let term = |k: usize| {
        let choose = (0..k).map(|j| libm::log((count - j) as f64) - libm::log((k - j) as f64)).sum::<f64>();
        libm::exp(choose + k as f64 * libm::log(p) + (count - k) as f64 * libm::log1p(-p))
    };
    range.map(term).sum()
}

/// Runs M/M/1 at the loads and judges how means of waits scatter, and the mean after the beginning that MSER-5 leaves out.
pub(super) fn scatter(load: usize, effort: Effort) -> Vec<Verdict> {
    let rho = LOADS[load];
    let customers = effort.customers();
    let relaxation = 1.0 / ((1.0 - rho.sqrt()) * (1.0 - rho.sqrt()));
    let batches = (customers as f64 * 0.9 / rho / (RELAXATION_TIMES * relaxation)) as u64;
    let (means, waits) = waits_at_one_server(rho, customers, batches);
    let (variance, error) = means.asymptotic_variance_and_error();
    let exact = mm1_wait_asymptotic_variance(rho);
    let allowed = STANDARD_ERRORS * error + exact / RELAXATION_TIMES;
    let name = format!("M/M/1, load {rho}");
    let scatter = Verdict::new(
        "T11",
        &format!("asymptotic variance of the mean wait, {name}"),
        exact,
        variance,
        allowed,
        batches,
    );
    let settled = steady_state(&waits).map(|found| {
        let mean = found.estimate.mean.unwrap_or(f64::NAN);
        let error = found.estimate.standard_error().unwrap_or(0.0);
        let quantity = format!("mean after MSER-5 by batch means, {name}");
        Verdict::new("law", &quantity, rho / (1.0 - rho), mean, STANDARD_ERRORS * error, waits.len() as u64)
    });
    std::iter::once(scatter).chain(settled).collect()
}

/// How many loads there are.
pub(super) const SCATTERS: usize = LOADS.len();

/// Customers of M/M/1 at each of the loads that give the mean wait a half-width of 1 %.
pub fn run_lengths() -> [f64; 3] {
    LOADS.map(|rho| customers_for(mm1_wait_asymptotic_variance(rho), rho / (1.0 - rho), ASKED, CONFIDENCE))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_computed_from_a_few_numbers_is_exact() {
        for verdict in run() {
            assert!(verdict.passed, "{verdict:?}");
        }
        assert!((p_value_of_nine(2.262_157_162_798_205) - 0.05).abs() < 1e-12);
    }
}
