//! How precise results have to be, and when to stop.

use super::Estimate;

/// How precise the mean of one objective has to be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Aim {
    /// Half-width of the interval over the size of the mean.
    Relative(f64),
    /// Half-width of the interval in the metric's unit.
    HalfWidth(f64),
}

impl Aim {
    /// The half-width that an estimate may have at most; `None` without a mean.
    pub fn half_width(self, estimate: &Estimate) -> Option<f64> {
        match self {
            Self::Relative(part) => estimate.mean.map(|mean| part * mean.abs()),
            Self::HalfWidth(half) => Some(half),
        }
    }

    /// Whether an estimate is as precise as that.
    pub fn is_reached(self, estimate: &Estimate) -> bool {
        let allowed = self.half_width(estimate);
        estimate.half_width.zip(allowed).is_some_and(|(half, allowed)| half <= allowed)
    }
}

/// Replications up to a target: each set is run `batch` times more, until all aims are reached or it has run `most` times.
#[derive(Debug, Clone, PartialEq)]
pub struct PrecisionPlan {
    /// The aim of each objective, in the scenario's order; `None` for one that is taken as it comes.
    pub aims: Vec<Option<Aim>>,
    /// Replications after which it ends all the same.
    pub most: u32,
    /// Replications added at once.
    pub batch: u32,
}

impl PrecisionPlan {
    /// How many replications each set has next, when it has `replications`; `None` when there are enough of them.
    pub fn next(&self, replications: u32, all_reached: bool) -> Option<u32> {
        let more = replications.saturating_add(self.batch).min(self.most);
        (!all_reached && more > replications).then_some(more)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn aims_and_ends() {
        let estimate = Estimate { mean: Some(-20.0), half_width: Some(1.0), count: 5 };
        assert!(Aim::Relative(0.05).is_reached(&estimate) && !Aim::Relative(0.049).is_reached(&estimate));
        assert!(Aim::HalfWidth(1.0).is_reached(&estimate) && !Aim::HalfWidth(0.9).is_reached(&estimate));
        assert!(!Aim::HalfWidth(1.0).is_reached(&Estimate::of([3.0])), "one run has no interval");
        let plan = PrecisionPlan { aims: Vec::new(), most: 25, batch: 10 };
        assert_eq!(
            [(5, false), (15, false), (25, false), (5, true)].map(|(n, all)| plan.next(n, all)),
            [Some(15), Some(25), None, None]
        );
    }
}
