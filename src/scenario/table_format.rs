//! Published tables of durations and sizes in the scenario file, which job classes name.

use super::confidence::Confidence;
use super::demand_format::WeightedCount;
use super::quantities::Identifier;
use crate::units::Span;
use schemars::JsonSchema;
use serde::Deserialize;

/// A published distribution: durations by their quantiles, or sizes by their weights.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{ "required": ["quantiles"] }, { "required": ["counts"] }]))]
pub struct Table {
    /// Its id, such as `acme-seren-sft`.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name; the id if absent.
    pub name: Option<String>,
    /// Durations: pairs of probability and value, from probability 0 to 1, both ascending, interpolated on the logarithm
    /// of the value. Exactly one of `quantiles` and `counts` is given.
    #[schemars(length(min = 2))]
    pub quantiles: Option<Vec<(f64, Span)>>,
    /// Numbers of accelerators with their weights.
    #[schemars(length(min = 1))]
    pub counts: Option<Vec<WeightedCount>>,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}
