//! One axis at a time: what its low and its high end change against the base, pair by pair on common random numbers.

use crate::statistics::Estimate;

/// What an axis changes by itself.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct Swing {
    /// The result at the low end minus that at the base.
    pub low: Estimate,
    /// The result at the high end minus that at the base.
    pub high: Estimate,
    /// The result at the high end minus that at the low one: what the axis can move.
    pub across: Estimate,
}

impl Swing {
    /// The length of the tornado's bar: from the lowest of base, low and high end to the highest. No number without values.
    pub fn size(&self) -> Option<f64> {
        let (low, high) = (self.low.mean?, self.high.mean?);
        Some(low.max(high).max(0.0) - low.min(high).min(0.0))
    }
}

/// The swing of an axis; each slice holds one value a replication, in the same order. A replication without a finite
/// value at one of two points counts in no difference of these.
pub fn swing(base: &[f64], low: &[f64], high: &[f64]) -> Swing {
    let difference =
        |of: &[f64], to: &[f64]| Estimate::of(of.iter().zip(to).map(|(value, base)| value - base));
    Swing { low: difference(low, base), high: difference(high, base), across: difference(high, low) }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What all points share of a replication's luck is not in the differences.
    #[test]
    fn common_luck_cancels() {
        let luck = [3.0, -70.0, 12.0, 40.0];
        let at = |shift: f64| luck.map(|luck| luck + shift);
        let swing = swing(&at(10.0), &at(7.0), &at(15.0));
        for (estimate, mean) in [(swing.low, -3.0), (swing.high, 5.0), (swing.across, 8.0)] {
            assert!((estimate.mean.unwrap() - mean).abs() < 1e-12);
            assert!(estimate.half_width.unwrap() < 1e-12);
        }
        assert!((swing.size().unwrap() - 8.0).abs() < 1e-12);
    }

    /// Both ends on one side of the base: the bar still reaches to the base.
    #[test]
    fn bars_reach_to_the_base() {
        let swing = swing(&[0.0, 0.0], &[2.0, 2.0], &[5.0, 5.0]);
        assert_eq!(swing.size(), Some(5.0));
        let nothing = super::swing(&[f64::NAN], &[1.0], &[2.0]);
        assert_eq!((nothing.size(), nothing.low.count), (None, 0));
    }
}
