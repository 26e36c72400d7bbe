//! Control variates: values of each replication whose means are known sharpen the mean of another one.
//!
//! Lavenberg and Welch (1981): the least-squares plane through the values over the controls, read where the controls have
//! their known means. Its height there is the estimate; for values and controls that are jointly normal it has no bias, and
//! Student's t with n - q - 1 degrees of freedom gives an exact interval.

use crate::statistics::{CONFIDENCE, Estimate, student_t_quantile};

/// A mean with and without controls.
#[derive(Debug, Clone, PartialEq)]
pub struct Controlled {
    /// The mean by itself.
    pub plain: Estimate,
    /// The mean with the controls, and its half-width.
    pub controlled: Estimate,
    /// 1 - the squared standard error with controls over that without: how much of the variance is cut, after the loss of
    /// degrees of freedom; below zero where the controls do harm.
    pub variance_cut: f64,
}

impl Controlled {
    /// Whether the controls pay: the interval with them is the narrower one, lost degrees of freedom included.
    pub fn pays(&self) -> bool {
        matches!((self.plain.half_width, self.controlled.half_width), (Some(plain), Some(with)) if with < plain)
    }

    /// The narrower of the two.
    pub fn better(&self) -> &Estimate {
        if self.pays() { &self.controlled } else { &self.plain }
    }
}

/// The mean of `values` with controls: `controls[c][r]` is the value of control c in replication r less its known mean.
/// `None` where a value is not finite, or where fewer than two degrees of freedom are left; controls that do not vary, or
/// that others already stand for, are left out.
pub fn control(values: &[f64], controls: &[Vec<f64>]) -> Option<Controlled> {
    let all =
        || controls.iter().chain(std::iter::once(&values.to_vec())).flatten().all(|one| one.is_finite());
    if !all() {
        return None;
    }
    let plain = Estimate::of(values.iter().copied());
    let (mean, count) = (plain.mean?, values.len() as f64);
    // Gram-Schmidt: each control less what the constant and those before it explain of it. The same steps on their
    // deviations at the known means (`aim`) say where to read the plane.
    let mut bases: Vec<(Vec<f64>, f64)> = Vec::new();
    for control in controls {
        let (centred, mut aim) = centred(control);
        let size = dot(&centred, &centred);
        let mut own = centred;
        for (base, base_aim) in &bases {
            let slope = dot(&own, base) / dot(base, base);
            own.iter_mut().zip(base).for_each(|(own, base)| *own -= slope * base);
            aim -= slope * base_aim;
        }
        if dot(&own, &own) > 1e-9 * size {
            bases.push((own, aim));
        }
    }
    let freedom = count - 1.0 - bases.len() as f64;
    if freedom < 2.0 || bases.is_empty() {
        return None;
    }
    let (mut estimate, mut rest, mut leverage) = (mean, centred(values).0, 1.0 / count);
    for (base, aim) in &bases {
        let size = dot(base, base);
        let slope = dot(&rest, base) / size;
        rest.iter_mut().zip(base).for_each(|(rest, base)| *rest -= slope * base);
        estimate += slope * aim;
        leverage += aim * aim / size;
    }
    let error = (dot(&rest, &rest) / freedom * leverage).sqrt();
    let half_width = student_t_quantile(f64::midpoint(1.0, CONFIDENCE), freedom) * error;
    let plain_error = plain.standard_error()?;
    Some(Controlled {
        plain,
        controlled: Estimate { mean: Some(estimate), half_width: Some(half_width), count: plain.count },
        variance_cut: 1.0 - (error / plain_error) * (error / plain_error),
    })
}

/// The values less their mean, and how far zero is from it.
fn centred(values: &[f64]) -> (Vec<f64>, f64) {
    let mean = values.iter().sum::<f64>() / values.len() as f64;
    (values.iter().map(|value| value - mean).collect(), -mean)
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Universe, entity_key};
    use crate::statistics::normal_quantile;

    /// One control is the line of simple regression, read at the known mean, with the textbook's error of a fitted value:
    /// s² (1/n + (x0 - x̄)² / Sxx).
    #[test]
    fn one_control_is_a_regression_line() {
        let (y, x) = ([2.1, 3.9, 6.2, 7.8, 10.1], [1.0, 2.0, 3.0, 4.0, 5.0]);
        let known = 3.5;
        let (x_mean, y_mean) = (3.0, y.iter().sum::<f64>() / 5.0);
        let sxy: f64 = x.iter().zip(y).map(|(x, y)| (x - x_mean) * (y - y_mean)).sum();
        let slope = sxy / 10.0;
        let rest: f64 = x.iter().zip(y).map(|(x, y)| (y - y_mean - slope * (x - x_mean)).powi(2)).sum();
        let error = (rest / 3.0 * (0.2 + (known - x_mean).powi(2) / 10.0)).sqrt();
        let shifted: Vec<f64> = x.iter().map(|x| x - known).collect();
        let found = control(&y, &[shifted.clone(), shifted.iter().map(|x| 2.0 * x + 7.0).collect()]).unwrap();
        let estimate = found.controlled;
        assert!((estimate.mean.unwrap() - (y_mean + slope * (known - x_mean))).abs() < 1e-12);
        // t(0.975; 3): the second control is the first one in other units, and costs nothing.
        assert!((estimate.half_width.unwrap() - 3.182_446_305_284 * error).abs() < 1e-9);
        assert!(found.pays() && found.variance_cut > 0.9);
    }

    #[test]
    fn nothing_without_freedom_or_values() {
        assert_eq!(control(&[1.0, 2.0, 4.0], &[vec![0.0, 1.0, 1.5]]), None);
        assert_eq!(control(&[1.0, 2.0, f64::NAN, 3.0, 5.0], &[vec![0.0; 5]]), None);
        assert_eq!(control(&[1.0, 2.0, 4.0, 3.0], &[vec![5.0; 4]]), None, "a control that does not vary");
    }

    /// Two controls that explain 80 % of the variance, in 1000 studies of 12 replications: the intervals hold the mean as
    /// often as they say, and the variance cut is what the theory says, 1 - (1 - R²) (n - 2) / (n - q - 2).
    #[test]
    fn coverage_and_gain() {
        const STUDIES: u32 = 1_000;
        let key = entity_key("test", "control");
        let (mut held, mut squares) = (0, [0.0, 0.0]);
        for study in 0..STUDIES {
            let mut stream = Universe::new(3, study).stream(key, 0, 0);
            let mut normal = || normal_quantile(stream.uniform());
            let mut controls = vec![Vec::new(); 2];
            let values: Vec<f64> = (0..12)
                .map(|_| {
                    let (a, b, own) = (normal(), normal(), normal());
                    controls[0].push(a);
                    controls[1].push(a + b);
                    5.0 + (2.0 * a + 2.0 * b + 2.0_f64.sqrt() * own)
                })
                .collect();
            let found = control(&values, &controls).unwrap();
            let (low, high) = found.controlled.interval().unwrap();
            held += u32::from(low <= 5.0 && 5.0 <= high);
            for (sum, estimate) in squares.iter_mut().zip([found.plain, found.controlled]) {
                *sum += (estimate.mean.unwrap() - 5.0).powi(2);
            }
        }
        let studies = f64::from(STUDIES);
        let share = f64::from(held) / studies;
        assert!((share - 0.95).abs() < 4.0 * (0.95 * 0.05 / studies).sqrt(), "{share}");
        // The ratio of two mean squares of so many studies each errs by about √(4 / studies) of itself.
        let ratio = squares[1] / squares[0];
        let theory = 0.2 * 10.0 / 8.0;
        assert!((ratio / theory - 1.0).abs() < 4.0 * (4.0 / studies).sqrt(), "{ratio} for {theory}");
    }
}
