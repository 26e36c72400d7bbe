//! The distribution of waits of one scope: exact count and sum, quantiles within 1 %.
//!
//! Waits are recorded in microseconds in a histogram of two significant digits (hdrhistogram): the relative error of
//! a quantile is at most 1 %, memory is constant, and merging two sketches gives the bits of one that saw both.

use crate::units::Span;
use hdrhistogram::Histogram;

/// A mergeable sketch of waits.
#[derive(Debug, Clone)]
pub struct WaitSketch {
    histogram: Histogram<u64>,
    sum_ns: u128,
}

impl Default for WaitSketch {
    fn default() -> Self {
        let histogram = Histogram::new(2).expect("two significant digits are allowed");
        Self { histogram, sum_ns: 0 }
    }
}

impl WaitSketch {
    /// Counts one wait.
    pub fn record(&mut self, wait: Span) {
        self.sum_ns += u128::from(wait.0);
        self.histogram.record(wait.0 / 1_000).expect("an auto-resizing histogram holds every value");
    }

    /// Counts all waits of another sketch.
    pub fn merge(&mut self, other: &Self) {
        self.sum_ns += other.sum_ns;
        self.histogram.add(&other.histogram).expect("an auto-resizing histogram holds every value");
    }

    /// The number of waits.
    pub fn count(&self) -> u64 {
        self.histogram.len()
    }

    /// The sum of all waits, exactly.
    pub fn sum_ns(&self) -> u128 {
        self.sum_ns
    }

    /// The exact mean in seconds; `NaN` when empty.
    pub fn mean_s(&self) -> f64 {
        self.sum_ns as f64 / 1e9 / self.count() as f64
    }

    /// The quantile `p` in seconds, within 1 % or a microsecond; `NaN` when empty.
    pub fn quantile_s(&self, p: f64) -> f64 {
        if self.count() == 0 {
            return f64::NAN;
        }
        let upper = self.histogram.value_at_quantile(p);
        f64::midpoint(self.histogram.lowest_equivalent(upper) as f64, upper as f64) / 1e6
    }

    /// The share of waits of at most each of `waits_s` (seconds, ascending); `NaN` when empty. A wait that falls in
    /// the histogram's cell of a bound counts as within it.
    pub fn shares_within(&self, waits_s: &[f64]) -> Vec<f64> {
        let total = self.count() as f64;
        let mut counted = 0;
        let mut cells = self.histogram.iter_recorded().peekable();
        waits_s
            .iter()
            .map(|&wait_s| {
                let bound = (wait_s * 1e6) as u64;
                while let Some(cell) =
                    cells.next_if(|cell| self.histogram.lowest_equivalent(cell.value_iterated_to()) <= bound)
                {
                    counted += cell.count_since_last_iteration();
                }
                counted as f64 / total
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_within_one_percent() {
        let mut sketch = WaitSketch::default();
        for second in 1..=100_000 {
            sketch.record(Span::from_seconds(second));
        }
        for p in [0.5, 0.9, 0.99] {
            let exact = p * 100_000.0;
            assert!((sketch.quantile_s(p) / exact - 1.0).abs() <= 0.01, "{p}: {}", sketch.quantile_s(p));
        }
        assert!((sketch.mean_s() - 50_000.5).abs() < 1e-9);
        let shares = sketch.shares_within(&[0.5, 50_000.0, 1e9]);
        assert!(shares[0].abs() < 1e-12 && (shares[1] - 0.5).abs() < 0.01 && (shares[2] - 1.0).abs() < 1e-12);
    }

    #[test]
    fn merging_is_seeing_both() {
        let (mut all, mut a, mut b) = (WaitSketch::default(), WaitSketch::default(), WaitSketch::default());
        for second in 0..1_000 {
            all.record(Span::from_seconds(second));
            if second % 3 == 0 { &mut a } else { &mut b }.record(Span::from_seconds(second));
        }
        a.merge(&b);
        assert_eq!((a.count(), a.sum_ns()), (all.count(), all.sum_ns()));
        assert_eq!(a.quantile_s(0.95).to_bits(), all.quantile_s(0.95).to_bits());
        assert!(WaitSketch::default().quantile_s(0.5).is_nan());
    }
}
