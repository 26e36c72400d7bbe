//! Ranking against an independent slow KN, exact cases, and laws of shares and counts.

use super::*;
use crate::engine::{Universe, entity_key, inverse_normal_cdf};
use crate::statistics::normal_cdf;
use proptest::prelude::*;

/// KN written down as its authors print it: all values kept, every number computed anew at every step.
fn slow_kn(rules: KnRules, value: impl Fn(usize, u32) -> f64) -> (usize, Vec<Dropped>, u32) {
    let (n0, delta) = (rules.first, rules.indifference);
    let mean = |i: usize, r: u32| (0..r).map(|n| value(i, n)).sum::<f64>() / f64::from(r);
    let variance = |i: usize, l: usize| {
        let gap = mean(i, n0) - mean(l, n0);
        let square = |n: u32| (value(i, n) - value(l, n) - gap).powi(2);
        (0..n0).map(square).sum::<f64>() / f64::from(n0 - 1)
    };
    let h2 = f64::from(n0 - 1) * (libm::pow(2.0 * rules.beta(), -2.0 / f64::from(n0 - 1)) - 1.0);
    let horizon = |i, l| h2 * variance(i, l) / (delta * delta);
    let mut alive: Vec<usize> = (0..rules.systems).collect();
    let mut dropped = Vec::new();
    for r in n0.. {
        let w = |i, l| (delta / (2.0 * f64::from(r)) * (horizon(i, l) - f64::from(r))).max(0.0);
        let keeps = |&i: &usize| alive.iter().all(|&l| l == i || mean(i, r) >= mean(l, r) - w(i, l));
        let kept: Vec<usize> = alive.iter().copied().filter(keeps).collect();
        let gone = alive.iter().filter(|i| !kept.contains(i));
        dropped.extend(gone.map(|&system| Dropped { system, at: r }));
        alive = kept;
        let ends = |&i: &usize| alive.iter().all(|&l| l == i || f64::from(r) >= horizon(i, l).floor() + 1.0);
        if alive.iter().all(ends) {
            let best = alive.iter().copied().reduce(|a, b| if mean(b, r) > mean(a, r) { b } else { a });
            return (best.unwrap(), dropped, r);
        }
    }
    unreachable!()
}

/// Value `n` of system `i`: its mean, noise that all share, and its own.
fn noise(seed: u64, shared: f64, i: usize, n: u32) -> f64 {
    let draw = |entity| {
        inverse_normal_cdf(Universe::new(seed, n).stream(entity_key("test", entity), i as u64, 0).uniform())
    };
    let all = Universe::new(seed, n).stream(entity_key("test", "all"), 0, 0).uniform();
    shared * inverse_normal_cdf(all) + draw("own")
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The state machine drops the same systems at the same steps and chooses the same one as the slow procedure.
    #[test]
    fn kn_is_the_slow_kn(
        seed in any::<u64>(), systems in 1_usize..7, first in 3_u32..9, spread in 0.0..1.5_f64,
        shared in 0.0..2.0_f64, independent in any::<bool>(),
    ) {
        let draws = if independent { Draws::Independent } else { Draws::Common };
        let rules = KnRules { systems, first, confidence: 0.9, indifference: 0.8, draws };
        let value = |i: usize, n: u32| spread * i as f64 + noise(seed, shared, i, n);
        let mut kn = Kn::new(rules);
        let chosen = loop {
            let values: Vec<f64> = kn.survivors().iter().map(|&i| value(i, kn.count())).collect();
            let most = kn.at_most();
            if let KnStep::Chosen(system) = kn.add(&values) { break system }
            prop_assert!(most.is_none_or(|most| u64::from(kn.count()) < most));
        };
        if systems == 1 {
            prop_assert_eq!((chosen, kn.count()), (0, 1));
        } else {
            prop_assert_eq!((chosen, kn.dropped().to_vec(), kn.count()), slow_kn(rules, value));
        }
    }

    /// More runs are whole numbers that add up; where nobody has more than its share, all end within one run of it.
    #[test]
    fn runs_add_up(
        parts in prop::collection::vec((0.0..1.0_f64, 0_u64..50), 1..12), more in 0_u64..500,
    ) {
        let sum: f64 = parts.iter().map(|(part, _)| part).sum::<f64>() + 1e-9;
        let shares: Vec<f64> = parts.iter().map(|(part, _)| (part + 1e-9 / parts.len() as f64) / sum).collect();
        let counts: Vec<u64> = parts.iter().map(|&(_, count)| count).collect();
        let added = next_runs(&shares, &counts, more);
        prop_assert_eq!(added.iter().sum::<u64>(), more);
        let total = (counts.iter().sum::<u64>() + more) as f64;
        let lacking = |i: usize| shares[i] * total - counts[i] as f64;
        if (0..parts.len()).all(|i| lacking(i) >= 0.0) {
            for (i, &extra) in added.iter().enumerate() {
                prop_assert!((extra as f64 - lacking(i)).abs() < 1.0 + 1e-6, "{} for {}", extra, lacking(i));
            }
        }
        // Nobody gets runs who has more than its share of what all will have.
        for (i, &extra) in added.iter().enumerate() {
            prop_assert!(extra == 0 || lacking(i) > -1e-6, "{} gets {}", lacking(i), extra);
        }
    }
}

/// Both integrals of h against another rule: Simpson's on X itself.
#[test]
fn rinott_by_another_rule() {
    let (freedom, cells) = (9.0_f64, 2_000_u32);
    let h = rinott_h(4, 10, 0.9);
    let density = |x: f64| {
        libm::pow(x, freedom / 2.0 - 1.0) * libm::exp(-x / 2.0)
            / (libm::tgamma(freedom / 2.0) * libm::pow(2.0, freedom / 2.0))
    };
    let nodes: Vec<(f64, f64)> = (1..cells)
        .map(|n| {
            let x = f64::from(n) * 80.0 / f64::from(cells);
            let weight = if n % 2 == 0 { 2.0 } else { 4.0 } * 80.0 / f64::from(cells) / 3.0;
            (x, weight * density(x))
        })
        .collect();
    let inner = |y: f64| {
        nodes.iter().map(|(x, w)| w * normal_cdf(h / (freedom * (1.0 / x + 1.0 / y)).sqrt())).sum::<f64>()
    };
    let reached: f64 = nodes.iter().map(|(y, w)| w * inner(*y).powi(3)).sum();
    assert!((reached - 0.9).abs() < 1e-8, "{reached}");
    assert_eq!((rinott_h(1, 10, 0.95), rinott_h(2, 10, 0.5)), (0.0, 0.0));
    assert_eq!(rinott_counts(2.0, &[4.0, 100.0, 101.0], 20, 2.0), [20, 100, 101]);
}

/// Without noise, ties or others there is nothing to divide by.
#[test]
fn shares_of_odd_cases() {
    assert_eq!(ocba_shares(&[3.0, 1.0], &[0.0, 0.0]), [0.5, 0.5]);
    assert_eq!(ocba_shares(&[2.0], &[1.0]), [1.0]);
    // Two that tie get all; their limit is equal shares where their noise is equal.
    let shares = ocba_shares(&[2.0, 5.0, 5.0], &[4.0, 1.0, 1.0]);
    assert_eq!(shares, [0.0, 0.5, 0.5]);
    let near = ocba_shares(&[2.0, 5.0, 5.0 - 1e-7], &[4.0, 1.0, 1.0]);
    assert!(shares.iter().zip(&near).all(|(limit, near)| (limit - near).abs() < 1e-6), "{near:?}");
    assert_eq!(ocba_top_shares(&[1.0, 1.0, 0.0], &[1.0; 3], &[5; 3], 1), [0.5, 0.5, 0.0]);
    // The boundary lies nearer to the mean that is known better.
    let shares = ocba_top_shares(&[1.0, 0.0], &[1.0, 1.0], &[4, 1], 1);
    assert!((shares[0] / shares[1] - 4.0).abs() < 1e-12, "{shares:?}");
}

/// Paired errors are those of the differences: shared noise is gone.
#[test]
fn shared_noise_tells_systems_apart() {
    let values: Vec<Vec<f64>> = [0.0, 0.3]
        .iter()
        .map(|mean| {
            (0..40)
                .map(|n| mean + noise(5, 3.0, 0, n) + 0.1 * noise(6, 0.0, usize::from(*mean > 0.0), n))
                .collect()
        })
        .collect();
    let slices: Vec<&[f64]> = values.iter().map(Vec::as_slice).collect();
    let mean = |values: &[f64]| values.iter().sum::<f64>() / values.len() as f64;
    let variance = |values: &[f64]| {
        let centre = mean(values);
        values.iter().map(|value| (value - centre).powi(2)).sum::<f64>() / (values.len() - 1) as f64
    };
    let means: Vec<f64> = slices.iter().map(|values| mean(values)).collect();
    let variances: Vec<f64> = slices.iter().map(|values| variance(values)).collect();
    let alone = correct_selection(&means, &variances, &[40.0; 2]);
    assert!(alone < 0.8 && paired_correct_selection(&slices) > 0.999, "{alone}");
    let one = paired_correct_selection(&[&[1.0], &[0.0]]);
    let sure = paired_correct_selection(&[&[1.0, 2.0], &[0.0, 1.0]]);
    assert_eq!(vec![one, sure], [0.5, 1.0]);
    // Replications in which one has no value tell nothing, and who has none at all is not the best.
    let none = f64::NAN;
    let gaps = paired_correct_selection(&[&[none, none], &[1.0, none, 2.0, 7.0], &[0.0, 9.0, 1.0, none]]);
    let without = paired_correct_selection(&[&[], &[1.0, 2.0, 7.0], &[0.0, 1.0]]);
    assert_eq!(gaps.to_bits(), without.to_bits(), "{gaps} {without}");
    assert_eq!((best_of(&[none, -1.0, none, 3.0]), best_of(&[none, none])), (Some(3), Some(0)));
}
