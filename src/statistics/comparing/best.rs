//! Multiple comparisons with the best: for each set, how far it is from the best of the others, for all at once.
//!
//! Hsu (1984) with constrained intervals. Yang and Nelson (1991) carry it to common random numbers by Bonferroni's rule:
//! the only bounds that must hold are the k - 1 one-sided ones of the best set against each other set, so paired
//! differences with Student's t at confidence 1 - alpha / (k - 1) are enough, however the sets depend on each other.

use super::simultaneous_confidence;
use crate::statistics::{Estimate, student_t_quantile};

/// One set against the best of the others, where more is better.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AgainstBest {
    /// Its mean less the greatest mean of the others; `NaN` where one has no value in common with it.
    pub difference: f64,
    /// The interval's lower end, at most 0; 0 says that no other set is better.
    pub low: f64,
    /// The interval's upper end, at least 0.
    pub high: f64,
    /// Whether it may be the best one: some of the others may all lie below it.
    pub may_be_best: bool,
}

/// The intervals of θ_i - max over l ≠ i of θ_l for all sets at once: with probability `confidence` every one of them
/// holds, and the best set is among those that may be the best.
///
/// `values[i][r]` is what replication r gave with set i; pairs in which one has no finite value are left out, and a
/// pair of sets with fewer than two of them says nothing. Where less is better, give the values with their sign changed.
pub fn compare_with_best(values: &[Vec<f64>], confidence: f64) -> Vec<AgainstBest> {
    let each = simultaneous_confidence(confidence, values.len() - 1);
    let difference = |i: usize, l: usize| -> (f64, f64) {
        let estimate = Estimate::of(values[i].iter().zip(&values[l]).map(|(own, other)| own - other));
        let freedom = f64::from(estimate.count) - 1.0;
        let error = estimate.standard_error();
        let width = error.map_or(f64::INFINITY, |error| student_t_quantile(each, freedom) * error);
        (estimate.mean.unwrap_or(f64::NAN), width)
    };
    let others = |i: usize| (0..values.len()).filter(move |&l| l != i);
    let least = |values: &mut dyn Iterator<Item = f64>| values.fold(f64::INFINITY, f64::min);
    let upper = |i: usize| {
        least(&mut others(i).map(|l| {
            let (mean, width) = difference(i, l);
            // A pair that says nothing leaves everything possible.
            if mean.is_nan() { f64::INFINITY } else { mean + width }
        }))
    };
    let uppers: Vec<f64> = (0..values.len()).map(upper).collect();
    let may_be_best = |i: usize| uppers[i] >= 0.0;
    (0..values.len())
        .map(|i| {
            let rivals = others(i).filter(|&l| may_be_best(l));
            let low = least(&mut rivals.map(|l| {
                let (mean, width) = difference(i, l);
                if mean.is_nan() { f64::NEG_INFINITY } else { mean - width }
            }));
            let means = others(i).map(|l| difference(i, l).0);
            AgainstBest {
                difference: means.fold(f64::INFINITY, |least, mean| {
                    if mean.is_nan() || least.is_nan() { f64::NAN } else { least.min(mean) }
                }),
                low: low.min(0.0),
                high: uppers[i].max(0.0),
                may_be_best: may_be_best(i),
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Universe, entity_key};
    use crate::statistics::normal_quantile;

    const CONFIDENCE: f64 = 0.95;

    /// Two sets: the one-sided interval of their paired difference. d = 1, 2, 3 has mean 2 and error 1 / √3, and t at
    /// 95 % with two degrees of freedom is 2.919986.
    #[test]
    fn of_two_by_hand() {
        let [a, b] = compare_with_best(&[vec![2.0, 4.0, 6.0], vec![1.0, 2.0, 3.0]], CONFIDENCE)[..] else {
            panic!()
        };
        let width = 2.919_985_580_4 / 3.0_f64.sqrt();
        assert!((a.difference - 2.0).abs() < 1e-12 && (a.high - (2.0 + width)).abs() < 1e-9);
        assert!(a.may_be_best && a.low == 0.0, "{a:?}");
        assert!((b.difference + 2.0).abs() < 1e-12 && (b.low - (-2.0 - width)).abs() < 1e-9);
        assert!(!b.may_be_best && b.high == 0.0, "{b:?}");
    }

    #[test]
    fn equal_sets_and_sets_without_values() {
        let equal = compare_with_best(&[vec![1.0, 2.0], vec![1.0, 2.0]], CONFIDENCE);
        assert!(equal.iter().all(|one| one.may_be_best && one.low == 0.0 && one.high == 0.0));
        let unknown = compare_with_best(&[vec![1.0, 2.0], vec![f64::NAN, 9.0]], CONFIDENCE);
        assert!(unknown.iter().all(|one| one.may_be_best), "{unknown:?}");
    }

    /// Four sets whose values share a part and have unlike spreads, two of them equally good: all intervals hold at once,
    /// and the best ones may be the best, in at least 95 % of 1000 studies, by the binomial distribution.
    #[test]
    fn all_hold_at_once() {
        const STUDIES: u32 = 1_000;
        let (means, spreads) = ([1.0, 1.0, 0.6, 0.0], [0.3, 1.0, 2.0, 0.5]);
        let truth = [0.0, 0.0, -0.4, -1.0];
        let key = entity_key("test", "best");
        let mut held = 0;
        for study in 0..STUDIES {
            let mut stream = Universe::new(1, study).stream(key, 0, 0);
            let mut normal = || normal_quantile(stream.uniform());
            let mut values = vec![Vec::new(); 4];
            for _ in 0..10 {
                let shared = 2.0 * normal();
                (0..4).for_each(|i| values[i].push(means[i] + shared + spreads[i] * normal()));
            }
            let found = compare_with_best(&values, CONFIDENCE);
            let holds = |(one, truth): (&AgainstBest, f64)| one.low <= truth && truth <= one.high;
            held +=
                u32::from(found.iter().zip(truth).all(holds) && found[0].may_be_best | found[1].may_be_best);
        }
        let share = f64::from(held) / f64::from(STUDIES);
        let error = (CONFIDENCE * (1.0 - CONFIDENCE) / f64::from(STUDIES)).sqrt();
        assert!(share >= CONFIDENCE - 3.0 * error, "{share}");
    }
}
