//! What a sweep found, as stored in `sweep.json`: the values behind its tables and plots.

use super::plan::{AxisPlace, SweepAxis};
use crate::statistics::Estimate;
use crate::statistics::sensitivity::{Crossing, Design, Morris, Share, SobolIndices, Swing};
use crate::study::{FutureWeight, ObjectiveRow};
use crate::units::Date;
use serde::{Deserialize, Serialize};

/// The results of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepSummary {
    /// The scenario's name.
    pub scenario: String,
    /// The master seed.
    pub seed: u64,
    /// Runs of each set at each point.
    pub replications: u32,
    /// The confidence of all intervals.
    pub confidence: f64,
    /// The broker's policy, in words; `varied` where the points differ in it.
    pub broker: String,
    /// First day of the statistics.
    pub from: Date,
    /// Day on which the observation ends (exclusive).
    pub to: Date,
    /// The design.
    pub design: Design,
    /// What was varied.
    pub axes: Vec<SweepAxis>,
    /// The sets, in the scenario's order.
    pub sets: Vec<SetName>,
    /// The futures over which each point is the mean, with weights that add up to 1; none where the scenario was swept as it
    /// stands.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub futures: Vec<FutureWeight>,
    /// What was looked at.
    pub objectives: Vec<ObjectiveRow>,
    /// The points, in the design's order.
    pub points: Vec<PointSummary>,
    /// For one axis at a time: by set, then objective.
    pub tornados: Vec<Tornado>,
    /// For Morris' design: by set, then objective.
    pub effects: Vec<Effects>,
    /// For Saltelli's matrices: by set, then objective.
    pub indices: Vec<Indices>,
    /// For points all over the space: every pair of sets, by objective.
    pub preferences: Vec<Preference>,
    /// For a single axis of numbers: where each set breaks, by set.
    pub breaks: Vec<Break>,
}

/// A set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetName {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// One point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointSummary {
    /// Where it lies, by axis.
    pub axes: Vec<AxisPlace>,
    /// `[set][objective]`: the mean over the replications.
    pub results: Vec<Vec<Estimate>>,
    /// `[set]`: for a curve, the load that the expected demand puts on what is fullest, shared out as evenly as can be; over
    /// futures, in the one of the greatest load.
    pub loads: Vec<Option<f64>>,
}

/// What each axis changes by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Tornado {
    /// The set's place.
    pub set: usize,
    /// The objective's place.
    pub objective: usize,
    /// The result where the scenario is as it is.
    pub base: Estimate,
    /// By axis.
    pub swings: Vec<Swing>,
}

/// Morris' effects of each axis on the mean over the replications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Effects {
    /// The set's place.
    pub set: usize,
    /// The objective's place.
    pub objective: usize,
    /// By axis.
    pub axes: Vec<Morris>,
}

/// Sobol's indices of each axis for the mean over the replications.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Indices {
    /// The set's place.
    pub set: usize,
    /// The objective's place.
    pub objective: usize,
    /// The mean over rows of A and B, with the interval that their spread gives.
    pub mean: Estimate,
    /// By axis.
    pub axes: Vec<SobolIndices>,
}

/// In how many of the points one set is better than another.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Preference {
    /// The place of the set that may be better.
    pub set: usize,
    /// That of the other one.
    pub than: usize,
    /// The objective's place.
    pub objective: usize,
    /// How often.
    pub share: Share,
}

/// Where a set breaks.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Break {
    /// The set's place.
    pub set: usize,
    /// The place of the objective whose limit is broken; none for the load that no policy can serve.
    pub objective: Option<usize>,
    /// The limit, in the objective's unit, or a load of 1.
    pub limit: f64,
    /// On which side it is broken.
    pub side: BreakSide,
    /// Where, on the axis.
    pub crossing: Crossing,
}

/// On which side of the crossing a limit is broken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BreakSide {
    /// At greater values of the axis.
    Above,
    /// At lesser values.
    Below,
    /// Nowhere on the axis.
    Nowhere,
    /// Everywhere on the axis.
    Everywhere,
}
