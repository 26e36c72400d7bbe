//! A mean with its interval and count: they never travel apart.

use super::moments::Moments;
use super::student::{student_t_p_value, student_t_quantile};

/// The confidence of all intervals.
pub const CONFIDENCE: f64 = 0.95;

/// The mean of a metric over replications with the half-width of its confidence interval.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Estimate {
    /// The mean over replications; `None` when no replication gave a value.
    pub mean: Option<f64>,
    /// Half the width of the 95 % interval by Student's t; `None` below two replications.
    pub half_width: Option<f64>,
    /// How many replications gave a value.
    pub count: u32,
}

impl Estimate {
    /// The estimate from one value a replication, in replication order. Values that are not finite (a mean wait where
    /// nobody waited) are left out of the mean and of the count.
    pub fn of(values: impl IntoIterator<Item = f64>) -> Self {
        Moments::of(values).estimate()
    }

    /// The ends of the interval; the mean twice where there is no half-width.
    pub fn interval(&self) -> Option<(f64, f64)> {
        let half = self.half_width.unwrap_or(0.0);
        self.mean.map(|mean| (mean - half, mean + half))
    }

    /// The standard error of the mean; `None` below two replications.
    pub fn standard_error(&self) -> Option<f64> {
        let freedom = f64::from(self.count.checked_sub(1)?);
        self.half_width.map(|half| half / student_t_quantile(f64::midpoint(1.0, CONFIDENCE), freedom))
    }

    /// The half-width of the interval with another confidence.
    pub fn half_width_at(&self, confidence: f64) -> Option<f64> {
        let freedom = f64::from(self.count.checked_sub(1)?);
        self.standard_error().map(|error| error * student_t_quantile(f64::midpoint(1.0, confidence), freedom))
    }

    /// The two-sided p value of a mean of zero, by Student's t: of paired differences, that the sets do not differ.
    pub fn p_value(&self) -> Option<f64> {
        let (mean, error) = (self.mean?, self.standard_error()?);
        // Values that are all equal leave no doubt.
        let t = if mean == 0.0 { 0.0 } else { mean / error };
        Some(student_t_p_value(t, f64::from(self.count) - 1.0))
    }

    /// Whether the interval excludes zero: for a paired difference, whether the sets differ.
    pub fn excludes_zero(&self) -> bool {
        self.half_width.is_some() && self.interval().is_some_and(|(low, high)| low > 0.0 || high < 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Ten values with mean 5.5 and variance 55/6: half-width t(0.975; 9) * sqrt(55/6/10).
    #[test]
    fn interval_of_ten_values() {
        let estimate = Estimate::of((1..=10).map(f64::from));
        assert!((estimate.mean.unwrap() - 5.5).abs() < 1e-12);
        assert!(
            (estimate.half_width.unwrap() - 2.262_157_162_798_205 * (55.0_f64 / 60.0).sqrt()).abs() < 1e-9
        );
    }

    #[test]
    fn other_confidences() {
        let estimate = Estimate::of((1..=10).map(f64::from));
        let error = (55.0_f64 / 60.0).sqrt();
        assert!((estimate.standard_error().unwrap() - error).abs() < 1e-12);
        // t(0.995; 9), NIST/SEMATECH handbook.
        assert!((estimate.half_width_at(0.99).unwrap() / error - 3.250).abs() < 5e-4);
        // The p value is 5 % just where the interval's end is zero.
        let shifted = estimate.mean.unwrap() - estimate.half_width.unwrap();
        let edge = Estimate::of((1..=10).map(|value| f64::from(value) - shifted));
        assert!((edge.p_value().unwrap() - 0.05).abs() < 1e-9);
        let (same, equal) = (Estimate::of([0.0; 3]), Estimate::of([2.0; 3]));
        assert_eq!((same.p_value(), equal.p_value()), (Some(1.0), Some(0.0)));
    }

    #[test]
    fn nothing_is_claimed_of_nothing() {
        assert_eq!(Estimate::of([f64::NAN]), Estimate { mean: None, half_width: None, count: 0 });
        assert_eq!(Estimate::of([3.0]).half_width, None);
    }
}
