//! Morris' elementary effects (1991), with the mean of their sizes of Campolongo, Cariboni and Saltelli (2007).
//!
//! An axis' elementary effect in a trajectory is the change of the result over the step of the axis, in the unit of the whole
//! axis: what the result would change by if it went on so from one end to the other. Over r trajectories μ is their mean, μ*
//! the mean of their sizes (how much the axis matters), σ their standard deviation (how far it bends or depends on others).

use crate::statistics::{CONFIDENCE, Estimate, student_t_quantile};

/// The effects of one axis over all trajectories.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Morris {
    /// The mean of the elementary effects, with its interval by Student's t.
    pub mu: Estimate,
    /// The mean of their sizes.
    pub mu_star: Estimate,
    /// Their standard deviation, with the interval of the jackknife over trajectories.
    pub sigma: Estimate,
}

/// The elementary effects of axis `axis`, one a trajectory in which the axis moves: `places[t][i]` are the coordinates of the
/// `i`-th point of trajectory `t` in the unit cube, `results[t][i]` what was found there. Effects that are not finite are
/// left out.
pub fn elementary_effects(places: &[Vec<Vec<f64>>], results: &[Vec<f64>], axis: usize) -> Vec<f64> {
    let of_trajectory = |(places, results): (&Vec<Vec<f64>>, &Vec<f64>)| {
        let moved = places.windows(2).position(|pair| pair[0][axis].to_bits() != pair[1][axis].to_bits())?;
        let step = places[moved + 1][axis] - places[moved][axis];
        let effect = (results.get(moved + 1)? - results.get(moved)?) / step;
        effect.is_finite().then_some(effect)
    };
    places.iter().zip(results).filter_map(of_trajectory).collect()
}

/// What the elementary effects of an axis say.
pub fn morris(effects: &[f64]) -> Morris {
    Morris {
        mu: Estimate::of(effects.iter().copied()),
        mu_star: Estimate::of(effects.iter().map(|effect| effect.abs())),
        sigma: jackknifed_deviation(effects),
    }
}

/// The standard deviation, its half-width by the jackknife: t times the root of (n - 1)/n Σ (s_(i) - mean s_(i))², with s_(i)
/// the deviation without the i-th effect. None below three effects.
fn jackknifed_deviation(effects: &[f64]) -> Estimate {
    let count = effects.len();
    if count < 2 {
        return Estimate { mean: None, half_width: None, count: count as u32 };
    }
    let n = count as f64;
    let mean = effects.iter().sum::<f64>() / n;
    // About the mean, so that large effects of small spread lose no digits.
    let centred: Vec<f64> = effects.iter().map(|effect| effect - mean).collect();
    let squares: f64 = centred.iter().map(|value| value * value).sum();
    let deviation = (squares / (n - 1.0)).sqrt();
    let half_width = (count > 2).then(|| {
        // Without value v the squares about the new mean are less by v² n / (n - 1).
        let without = |v: &f64| ((squares - v * v * n / (n - 1.0)).max(0.0) / (n - 2.0)).sqrt();
        let each: Vec<f64> = centred.iter().map(without).collect();
        let middle = each.iter().sum::<f64>() / n;
        let spread: f64 = each.iter().map(|value| (value - middle) * (value - middle)).sum();
        student_t_quantile(f64::midpoint(1.0, CONFIDENCE), n - 1.0) * ((n - 1.0) / n * spread).sqrt()
    });
    Estimate { mean: Some(deviation), half_width, count: count as u32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The effects of a linear model are its slopes, whatever the trajectories; the deviation by hand.
    #[test]
    fn effects_by_hand() {
        let places = vec![
            vec![vec![0.0, 1.0], vec![0.5, 1.0], vec![0.5, 0.5]],
            vec![vec![1.0, 0.0], vec![1.0, 0.5], vec![0.5, 0.5]],
            vec![vec![0.25, 0.0], vec![0.75, 0.0], vec![0.75, 0.5]],
        ];
        let results: Vec<Vec<f64>> = places
            .iter()
            .map(|points| points.iter().map(|point| 3.0 * point[0] - 7.0 * point[1] + 1.0).collect())
            .collect();
        assert_eq!(elementary_effects(&places, &results, 0), [3.0; 3]);
        assert_eq!(elementary_effects(&places, &results, 1), [-7.0; 3]);
        let found = morris(&[-7.0; 3]);
        assert_eq!((found.mu.mean, found.mu_star.mean, found.sigma.mean), (Some(-7.0), Some(7.0), Some(0.0)));
        let found = morris(&[1.0, -2.0, 4.0]);
        assert_eq!((found.mu.mean, found.mu_star.mean), (Some(1.0), Some(7.0 / 3.0)));
        assert_eq!(found.sigma.mean, Some(3.0));
        // Without 1: √18, without -2: √4.5, without 4: √4.5.
        let each = [18.0_f64.sqrt(), 4.5_f64.sqrt(), 4.5_f64.sqrt()];
        let middle = each.iter().sum::<f64>() / 3.0;
        let error = (each.iter().map(|one| (one - middle) * (one - middle)).sum::<f64>() * 2.0 / 3.0).sqrt();
        let expected = 4.302_652_729_911_275 * error;
        assert!((found.sigma.half_width.unwrap() - expected).abs() < 1e-9);
    }

    #[test]
    fn missing_results_are_left_out() {
        let places = vec![vec![vec![0.0], vec![1.0]], vec![vec![1.0], vec![0.0]]];
        let effects = elementary_effects(&places, &[vec![f64::NAN, 2.0], vec![2.0, 1.0]], 0);
        assert_eq!(effects, [1.0]);
        assert_eq!(morris(&effects).sigma.mean, None);
    }
}
