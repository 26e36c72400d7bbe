//! How precise results have to be, as it is written.

use super::objective_format::Threshold;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// How precise the objectives have to be: every set is run until all of them are. If absent, each is run as often as
/// `observation.replications` says.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = [{ "required": ["relative"] }, { "required": ["half_width"] }]))]
pub struct Precision {
    /// Half-width of the 95 % interval over the mean, for every objective that `half_width` does not name: `0.05`.
    #[schemars(extend("exclusiveMinimum" = 0), range(max = 1.0))]
    pub relative: Option<f64>,
    /// Half-width of the 95 % interval by objective: a number in the metric's unit, or a quantity such as `"2 h"`.
    #[serde(default)]
    #[schemars(extend("x-keys-refer-to" = "objective"))]
    pub half_width: BTreeMap<String, Threshold>,
    /// Replications of each set after which it ends all the same; 200 if absent.
    #[serde(default = "most")]
    #[schemars(range(min = 2, max = 1_000_000))]
    pub most: u32,
    /// Replications of each set that are added at once; 10 if absent.
    #[serde(default = "batch")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub batch: u32,
}

fn most() -> u32 {
    200
}

fn batch() -> u32 {
    10
}
