//! Ranking and selection worked out: Rinott's h, the boundary of KN, the shares of OCBA, and the best of a small facility
//! location.

use super::Verdict;
use crate::model::{Mask, SetRules};
use crate::statistics::ranking::{Draws, KnRules, correct_selection, ocba_shares, ocba_top_shares, rinott_h};
use crate::study::search::{Greed, Memo, best_of_all, greedy};
use crate::units::Money;

/// Half of the last published digit, and no less than the published tolerances.
const H_ALLOWED: f64 = 1e-5;
const KN_ALLOWED: f64 = 1e-6;
const OCBA_ALLOWED: f64 = 1e-6;
const TOP_ALLOWED: f64 = 1e-5;

/// k, n0, P* and h.
const RINOTT: [(u32, u32, f64, f64); 6] = [
    (2, 10, 0.95, 2.614_119),
    (2, 20, 0.95, 2.452_473),
    (5, 20, 0.90, 2.916_363),
    (10, 20, 0.95, 3.875_277),
    (10, 30, 0.95, 3.766_002),
    (100, 20, 0.95, 5.184_012),
];

/// k, n0, eta and h squared at 95 % confidence.
const KN: [(usize, u32, f64, f64); 5] = [
    (2, 10, 0.334_050, 6.012_905),
    (5, 10, 0.634_967, 11.429_411),
    (10, 10, 0.859_083, 15.463_502),
    (10, 20, 0.302_934, 11.511_485),
    (100, 20, 0.533_475, 20.272_054),
];

/// Five systems with means 1 to 5, the least the best, and a standard deviation of 10, by 1,000 runs.
const FIVE: [f64; 5] = [421.822_988, 406.134_096, 101.533_524, 45.126_011, 25.383_381];

/// Three with means and standard deviations 1 to 3, by 100 runs.
const THREE: [f64; 3] = [25.471_031, 47.698_540, 26.830_429];

/// Ten systems with means 1 to 10 and a standard deviation of 6, for the least three by 1,000 runs.
const TOP: [f64; 10] = [
    17.027_380,
    47.298_277,
    425.684_493,
    425.684_493,
    47.298_277,
    17.027_380,
    8.687_439,
    5.255_364,
    3.518_053,
    2.518_843,
];

/// Judges all of it.
pub(super) fn run() -> Vec<Verdict> {
    [rinott(), kn(), ocba(), top(), facilities()].into_iter().flatten().collect()
}

fn rinott() -> Vec<Verdict> {
    let judge = |&(systems, first, probability, exact): &(u32, u32, f64, f64)| {
        let quantity = format!("Rinott's h, {systems} systems, {first} first values, {probability}");
        Verdict::new("T01", &quantity, exact, rinott_h(systems, first, probability), H_ALLOWED, 1)
    };
    RINOTT.iter().map(judge).collect()
}

fn kn() -> Vec<Verdict> {
    let judge = |&(systems, first, eta, h_squared): &(usize, u32, f64, f64)| {
        let rules = KnRules { systems, first, confidence: 0.95, indifference: 1.0, draws: Draws::Common };
        let what = format!("{systems} systems, {first} first values");
        let verdict = |name: &str, exact, ours| {
            Verdict::new("T02", &format!("{name} of KN, {what}"), exact, ours, KN_ALLOWED, 1)
        };
        [verdict("eta", eta, rules.eta()), verdict("h squared", h_squared, rules.h_squared())]
    };
    KN.iter().flat_map(judge).collect()
}

/// Means 1, 2, ..., negated, since the least is the best.
fn negated(count: u32) -> Vec<f64> {
    (1..=count).map(|mean| -f64::from(mean)).collect()
}

fn runs_of(case: &str, what: &str, exact: &[f64], shares: &[f64], allowed: f64) -> Vec<Verdict> {
    let total: f64 = exact.iter().sum::<f64>().round();
    let judge = |(index, (&exact, share)): (usize, (&f64, &f64))| {
        Verdict::new(case, &format!("{what}, runs of system {}", index + 1), exact, total * share, allowed, 1)
    };
    exact.iter().zip(shares).enumerate().map(judge).collect()
}

fn ocba() -> Vec<Verdict> {
    let (means, variances) = (negated(5), [100.0; 5]);
    let shares = ocba_shares(&means, &variances);
    let mut verdicts = runs_of("T04", "OCBA of five", &FIVE, &shares, OCBA_ALLOWED);
    verdicts.extend(runs_of(
        "T04",
        "OCBA of three",
        &THREE,
        &ocba_shares(&negated(3), &[1.0, 4.0, 9.0]),
        OCBA_ALLOWED,
    ));
    let probability = |counts: &[f64]| correct_selection(&means, &variances, counts);
    let by_shares: Vec<f64> = shares.iter().map(|share| 1_000.0 * share).collect();
    let verdict = |name: &str, exact, counts: &[f64]| {
        Verdict::new(
            "T04",
            &format!("estimated correct selections, {name}"),
            exact,
            probability(counts),
            OCBA_ALLOWED,
            1,
        )
    };
    verdicts.extend([verdict("OCBA", 0.836_764, &by_shares), verdict("equal runs", 0.817_213, &[200.0; 5])]);
    verdicts
}

fn top() -> Vec<Verdict> {
    let shares = ocba_top_shares(&negated(10), &[36.0; 10], &[100; 10], 3);
    runs_of("T05", "OCBA-m, three of ten", &TOP, &shares, TOP_ALLOWED)
}

/// Distances of six places of demand to four sites, the weights of the places and the costs of the sites.
const DISTANCES: [[u32; 4]; 6] =
    [[0, 2, 5, 9], [2, 0, 4, 7], [5, 4, 0, 3], [9, 7, 3, 0], [3, 1, 6, 8], [8, 6, 2, 1]];
const WEIGHTS: [u32; 6] = [3, 2, 2, 3, 4, 1];
const COSTS: [u64; 4] = [4, 3, 3, 4];

/// Near demand that a budget of 7 reaches: by all sets, and by gain per cost.
fn facilities() -> Vec<Verdict> {
    let value = |set: &Mask| {
        let near = |row: &[u32; 4]| set.iter().map(|site| 10 - row[site as usize]).max().unwrap_or(0);
        f64::from(DISTANCES.iter().zip(WEIGHTS).map(|(row, weight)| weight * near(row)).sum::<u32>())
    };
    let rules = SetRules { budget: Some(Money(7)), ..SetRules::free(COSTS.map(Money).to_vec()) };
    let mut memo = Memo::new(|sets: &[Mask]| sets.iter().map(value).collect());
    let all = best_of_all(&rules, &mut memo).map(|best| best.value);
    let by_cost = greedy(&rules, Greed::GainPerCost, &mut memo).map(|(_, best)| best.value);
    let verdict = |name: &str, exact, found: Option<f64>| {
        let quantity = format!("facility location, {name}");
        Verdict::new("O01", &quantity, exact, found.unwrap_or(f64::NAN), 0.0, 1)
    };
    vec![verdict("all sets", 133.0, all), verdict("greedy by gain per cost", 129.0, by_cost)]
}
