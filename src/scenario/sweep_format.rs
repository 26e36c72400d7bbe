//! The sweep as it is written: which values are varied, over what, and by which design.

use super::quantities::Identifier;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What `pleiade sweep` varies: axes of parameters, and the design of the points that are run.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sweep {
    /// The sets that are run, by id; all if absent.
    #[serde(default)]
    #[schemars(extend("x-refers-to" = "set"))]
    pub sets: Vec<String>,
    /// Which points are run; `product` if absent.
    #[serde(default)]
    pub design: SweepDesign,
    /// With `latin-hypercube` the number of points; with `sobol` that of rows, with two points and one an axis each.
    #[schemars(range(min = 2, max = 100_000))]
    pub points: Option<u32>,
    /// With `morris`, the number of trajectories, with one point and one an axis each.
    #[schemars(range(min = 2, max = 100_000))]
    pub trajectories: Option<u32>,
    /// With `morris`, the levels of each axis: an even number. 4 if absent.
    #[schemars(range(min = 2, max = 100))]
    pub levels: Option<u32>,
    /// Runs of each set at each point; the observation's if absent.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub replications: Option<u32>,
    /// Whether each point is run in every future of the scenario and counts as the mean over them by their weights; `false`
    /// if absent. A factor multiplies what a future says at its keys, any other value replaces that.
    #[serde(default)]
    pub over_futures: bool,
    /// What is varied.
    #[schemars(length(min = 1))]
    pub axis: Vec<SweepAxis>,
}

/// Which points are run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SweepDesign {
    /// Every combination of the axes' values: curves for one axis, maps for two.
    #[default]
    Product,
    /// The scenario as it is, and each axis by itself at its first and at its last value: a tornado.
    OneAtATime,
    /// Points all over the space, each axis in as many strata as there are points: how often one set beats another.
    LatinHypercube,
    /// Walks that move one axis at a time: which axes matter, for few runs.
    Morris,
    /// Saltelli's matrices: which share of the variance each axis makes, by itself and with others.
    Sobol,
}

/// An axis: the keys that it sets and the values that it takes.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{ "required": ["values"] }, { "required": ["from", "to"] }]))]
pub struct SweepAxis {
    /// Its id.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name in tables and plots; the id if absent.
    pub name: Option<String>,
    /// The keys that are set, as in `--set`: `["site.lumi.uplink"]`. All get the same value, or the same factor.
    #[schemars(length(min = 1))]
    pub keys: Vec<String>,
    /// The values, in order: numbers, quantities, or texts as in `--set`. One at a time takes the first and the last.
    #[schemars(length(min = 1))]
    pub values: Option<Vec<AxisValue>>,
    /// The least value, instead of `values`: a number, or a quantity such as `"1 Gbit/s"`.
    pub from: Option<AxisValue>,
    /// The greatest value, in the same unit.
    pub to: Option<AxisValue>,
    /// With `product`, how many values from `from` to `to`; the other designs take any.
    #[schemars(range(min = 2, max = 10_000))]
    pub steps: Option<u32>,
    /// Whether equal steps are equal differences or equal ratios, and how plots show it; `linear` if absent.
    #[serde(default)]
    pub scale: AxisScale,
    /// Whether the values multiply what the scenario says at the keys, instead of replacing it; `false` if absent.
    #[serde(default)]
    pub factor: bool,
}

/// A value of an axis.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum AxisValue {
    /// A number.
    Number(f64),
    /// A truth value.
    Truth(bool),
    /// A quantity, or any other value as in `--set`.
    Text(String),
}

/// How an axis spaces its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AxisScale {
    /// Equal steps are equal differences.
    #[default]
    Linear,
    /// Equal steps are equal ratios; all values above zero.
    Log,
}
