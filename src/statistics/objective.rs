//! What is wanted of a set: a measure, which way it is better, and what it must keep.

use super::measure::Measure;

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Want {
    /// The more, the better.
    Most,
    /// The less, the better.
    Least,
}

impl Want {
    /// A value so that more is better.
    pub fn as_gain(self, value: f64) -> f64 {
        match self {
            Self::Most => value,
            Self::Least => -value,
        }
    }
}

/// The difference up to which a planner does not mind which of two sets is taken.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Indifference {
    /// In the unit of the measure.
    Absolute(f64),
    /// As a part of the best mean.
    Relative(f64),
}

impl Indifference {
    /// The difference in the measure's unit where the best mean is `best`.
    pub fn at(self, best: f64) -> f64 {
        match self {
            Self::Absolute(difference) => difference,
            Self::Relative(part) => part * best.abs(),
        }
    }
}

/// What is wanted of a set.
#[derive(Debug, Clone, PartialEq)]
pub struct Objective {
    /// Its id in the scenario.
    pub id: String,
    /// Its name in tables.
    pub name: String,
    /// What is measured in each run; its mean over runs counts.
    pub measure: Measure,
    /// Which way is better.
    pub want: Want,
    /// The mean may be no more than this.
    pub at_most: Option<f64>,
    /// The mean may be no less than this.
    pub at_least: Option<f64>,
    /// Up to which difference two sets count as equally good.
    pub indifference: Indifference,
}

impl Objective {
    /// Whether a set may be refused for its sake.
    pub fn is_constraint(&self) -> bool {
        self.at_most.is_some() || self.at_least.is_some()
    }
}
