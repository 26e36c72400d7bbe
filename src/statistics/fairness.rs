//! How evenly something is handed out, from what each got over what each is entitled to.

/// Jain's index (Jain, Chiu, Hawe 1984), (Σx)² / (n Σx²): 1 when all are equal, 1/n when one has everything. Values that are
/// not finite are left out; `NaN` without any, or when nobody has anything.
pub fn jain_index(values: &[f64]) -> f64 {
    let known = || values.iter().copied().filter(|value| value.is_finite());
    let sum: f64 = known().sum();
    let squares: f64 = known().map(|value| value * value).sum();
    sum * sum / (known().count() as f64 * squares)
}

/// The greatest value over the least one: 1 when all are equal, infinite when one has nothing. Values that are not finite
/// are left out; `NaN` without any, or when nobody has anything.
pub fn max_min_ratio(values: &[f64]) -> f64 {
    let known = || values.iter().copied().filter(|value| value.is_finite());
    let least = known().min_by(f64::total_cmp).unwrap_or(f64::NAN);
    known().max_by(f64::total_cmp).unwrap_or(f64::NAN) / least
}

/// Gini's coefficient, the mean absolute difference of all pairs over twice the mean: 0 when all are equal, 1 - 1/n when one
/// has everything. Values that are not finite are left out; `NaN` without any, or when nobody has anything.
pub fn gini_coefficient(values: &[f64]) -> f64 {
    let mut known: Vec<f64> = values.iter().copied().filter(|value| value.is_finite()).collect();
    known.sort_by(f64::total_cmp);
    let n = known.len() as f64;
    // Of the sorted values, Σ (2 i - n - 1) x_i is half the sum of all differences (i from 1).
    let ranked = known.iter().enumerate().map(|(place, value)| (2.0 * place as f64 + 1.0 - n) * value);
    ranked.sum::<f64>() / (n * known.iter().sum::<f64>())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn equal_and_one_for_all() {
        assert!((jain_index(&[3.0; 7]) - 1.0).abs() < 1e-15);
        assert!((jain_index(&[5.0, 0.0, 0.0, 0.0, f64::NAN]) - 0.25).abs() < 1e-15);
        // (1 + 2 + 3)² / (3 (1 + 4 + 9)).
        assert!((jain_index(&[1.0, 2.0, 3.0]) - 36.0 / 42.0).abs() < 1e-15);
        assert!((max_min_ratio(&[1.0, f64::NAN, 2.5]) - 2.5).abs() < 1e-15);
        assert!(max_min_ratio(&[1.0, 0.0]).is_infinite());
        assert!(gini_coefficient(&[3.0; 7]).abs() < 1e-15);
        assert!((gini_coefficient(&[0.0, 5.0, f64::NAN, 0.0, 0.0]) - 0.75).abs() < 1e-15);
        assert!(gini_coefficient(&[]).is_nan() && gini_coefficient(&[0.0, 0.0]).is_nan());
        assert!(jain_index(&[]).is_nan() && max_min_ratio(&[0.0, 0.0]).is_nan());
    }

    proptest! {
        /// None depends on the scale or the order, and they lie in their bounds.
        #[test]
        fn scale_and_order_do_not_matter(values in prop::collection::vec(0.01_f64..100.0, 1..20), scale in 0.001_f64..1_000.0) {
            let others: Vec<f64> = values.iter().rev().map(|value| value * scale).collect();
            for index in [jain_index, max_min_ratio] {
                prop_assert!((index(&values) / index(&others) - 1.0).abs() < 1e-9);
            }
            let jain = jain_index(&values);
            prop_assert!(jain <= 1.0 + 1e-12 && jain >= 1.0 / values.len() as f64 - 1e-12);
            prop_assert!(max_min_ratio(&values) >= 1.0);
            // By its definition.
            let pairs = values.iter().flat_map(|one| values.iter().map(move |other| (one - other).abs()));
            let n = values.len() as f64;
            let mean = values.iter().sum::<f64>() / n;
            let gini = pairs.sum::<f64>() / (2.0 * n * n * mean);
            for found in [gini_coefficient(&values), gini_coefficient(&others)] {
                prop_assert!((found - gini).abs() < 1e-12);
            }
        }
    }
}
