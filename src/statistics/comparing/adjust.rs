//! Adjusted p values and the confidence of intervals that are to hold together.
//!
//! Neither rule assumes anything of how the comparisons depend on each other: sets compared on common random numbers
//! depend on each other strongly, and in no simple pattern.

/// How p values of several comparisons are adjusted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Adjustment {
    /// Holm's step-down rule: never less power than Bonferroni's, under the same conditions.
    #[default]
    Holm,
    /// Bonferroni's rule.
    Bonferroni,
    /// Each comparison stands by itself.
    None,
}

impl Adjustment {
    /// The adjusted p values, in the order of the p values.
    pub fn adjust(self, p_values: &[f64]) -> Vec<f64> {
        match self {
            Self::Holm => holm(p_values),
            Self::Bonferroni => bonferroni(p_values),
            Self::None => p_values.to_vec(),
        }
    }
}

/// Which sets are compared with which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Against {
    /// Each with the first.
    #[default]
    Base,
    /// Each with every other.
    AllPairs,
}

/// How sets are compared.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize, serde::Deserialize)]
pub struct ComparisonPlan {
    /// How p values are adjusted; unless each comparison stands by itself, intervals are simultaneous too.
    pub adjust: Adjustment,
    /// Which sets are compared with which.
    pub against: Against,
}

impl ComparisonPlan {
    /// The compared pairs of so many sets, the base of each first: those of the first set come before the others.
    pub fn pairs(&self, sets: usize) -> Vec<(usize, usize)> {
        let bases = match self.against {
            Against::Base => sets.min(1),
            Against::AllPairs => sets,
        };
        (0..bases).flat_map(|base| (base + 1..sets).map(move |set| (base, set))).collect()
    }

    /// The confidence of each of `count` intervals that are to hold at once; `None` where they need not.
    pub fn simultaneous_confidence(&self, confidence: f64, count: usize) -> Option<f64> {
        (self.adjust != Adjustment::None).then(|| simultaneous_confidence(confidence, count))
    }
}

/// Bonferroni: each p value times their number, at most 1.
pub fn bonferroni(p_values: &[f64]) -> Vec<f64> {
    p_values.iter().map(|p| (p * p_values.len() as f64).min(1.0)).collect()
}

/// Holm (1979): the j-th smallest of m p values times m - j + 1, none below the one before it, at most 1.
pub fn holm(p_values: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..p_values.len()).collect();
    order.sort_by(|&a, &b| p_values[a].total_cmp(&p_values[b]));
    let mut adjusted = vec![0.0; p_values.len()];
    let mut least = 0.0_f64;
    for (rank, &place) in order.iter().enumerate() {
        let left = (p_values.len() - rank) as f64;
        least = least.max((p_values[place] * left).min(1.0));
        adjusted[place] = least;
    }
    adjusted
}

/// The confidence that each of `count` intervals needs, so that all hold at once with `confidence` (Bonferroni).
pub fn simultaneous_confidence(confidence: f64, count: usize) -> f64 {
    1.0 - (1.0 - confidence) / count.max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn by_hand() {
        // 3 x 0.01, 2 x 0.02, 1 x 0.03 would fall below the one before it.
        let close = |found: Vec<f64>, expected: [f64; 3]| {
            assert!(found.iter().zip(expected).all(|(a, b)| (a - b).abs() < 1e-15), "{found:?}");
        };
        close(holm(&[0.03, 0.01, 0.02]), [0.04, 0.03, 0.04]);
        close(bonferroni(&[0.03, 0.01, 0.5]), [0.09, 0.03, 1.0]);
        assert_eq!(Adjustment::None.adjust(&[0.03]), [0.03]);
        assert!((simultaneous_confidence(0.95, 5) - 0.99).abs() < 1e-15);
        let plan = ComparisonPlan::default();
        assert_eq!((plan.pairs(3), plan.pairs(1), plan.pairs(0)), (vec![(0, 1), (0, 2)], vec![], vec![]));
        let all = ComparisonPlan { against: Against::AllPairs, ..plan };
        assert_eq!(all.pairs(3), [(0, 1), (0, 2), (1, 2)]);
    }

    proptest! {
        /// Between the p value itself and Bonferroni's, in the order of the p values; and Holm's rule as its author
        /// states it: reject step by step while the smallest one left is at most alpha over how many are left.
        #[test]
        fn holm_is_the_step_down_test(p in prop::collection::vec(0.0_f64..1.0, 1..9), alpha in 0.01_f64..0.5) {
            let adjusted = holm(&p);
            for (index, (&own, &adjusted)) in p.iter().zip(&adjusted).enumerate() {
                prop_assert!(adjusted >= own && adjusted <= bonferroni(&p)[index]);
            }
            let mut left: Vec<usize> = (0..p.len()).collect();
            while let Some(&smallest) = left.iter().min_by(|&&a, &&b| p[a].total_cmp(&p[b])) {
                if p[smallest] * left.len() as f64 > alpha {
                    break;
                }
                left.retain(|&place| place != smallest);
            }
            let rejected = |place: usize| !left.contains(&place);
            prop_assert!((0..p.len()).all(|place| (adjusted[place] <= alpha) == rejected(place)));
        }
    }
}
