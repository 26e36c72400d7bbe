//! What jobs truly do, in the scenario file: operations of training, and jobs that end early by their users.

use super::demand_format::Amount;
use crate::units::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// The run time of jobs from the floating-point operations of a model: `operations` x `parameters` x `tokens`, over
/// accelerators x their peak x `utilisation` x (accelerators / `measured_on`)^-`gamma`. Faster kinds finish sooner.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Flops {
    /// The parameters of the model, such as 7e9.
    pub parameters: Amount<f64>,
    /// The tokens that it sees, such as 2e12.
    pub tokens: Amount<f64>,
    /// Operations for each parameter and token: 6 for training, 2 for a forward pass, 8 for training that computes
    /// activations anew; 6 if absent.
    #[serde(default = "six")]
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1_000))]
    pub operations: f64,
    /// The share of the peak that is sustained on the reference accelerator (model FLOP utilisation), at most 1.
    pub utilisation: Amount<f64>,
    /// The utilisation of other kinds of accelerators over that of the reference; 1 for those absent.
    #[serde(default)]
    #[schemars(extend("x-keys-refer-to" = "accelerator"))]
    pub relative_utilisation: BTreeMap<String, Ratio>,
    /// The exponent by which the efficiency falls with the size of the job: it is e1 and e2 on n1 and n2 accelerators
    /// where `gamma` = ln(e1 / e2) / ln(n2 / n1); 0 if absent.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 0.99))]
    pub gamma: f64,
    /// On how many accelerators the utilisation was measured; 1 if absent.
    #[serde(default = "one_accelerator")]
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub measured_on: u32,
    /// How long the job holds its accelerators before its work begins, the same on every kind; its user requests that on
    /// top. No time if absent.
    pub startup: Option<Amount<Span>>,
}

/// A ratio above zero.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Ratio(#[schemars(extend("exclusiveMinimum" = 0, "maximum" = 100))] pub f64);

fn six() -> f64 {
    6.0
}

fn one_accelerator() -> u32 {
    1
}

/// Jobs that their users stop before they are done, since they have seen enough. What they have done is not in vain.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Stopped {
    /// The share of the jobs.
    pub share: Share,
    /// At which part of their run, at most 1.
    pub at: Amount<f64>,
}

/// Jobs that fail by their users' mistakes. They leave no results.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Failed {
    /// The share of the jobs.
    pub share: Share,
    /// After how long, on the reference accelerator if a faster one shortens the job; at its end if that is earlier.
    pub after: Amount<Span>,
}

/// A share of the jobs: of all, or by their size.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Share {
    /// Of all jobs.
    All(#[schemars(range(min = 0.0, max = 1.0))] f64),
    /// By the number of accelerators; none of those smaller than the first.
    BySize(#[schemars(length(min = 1))] Vec<SizedShare>),
}

/// The share of the jobs from a size on, up to the next one listed.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SizedShare {
    /// The least number of accelerators.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub from: u32,
    /// The share of these jobs.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub share: f64,
}
