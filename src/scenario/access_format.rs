//! Access modes in the scenario file: who may apply for how much, when it is decided, what may be granted and where.
//!
//! All accelerator-hours here are those of the reference accelerator.

use super::confidence::Confidence;
use super::demand_format::Amount;
use super::quantities::{DateText, Identifier};
use crate::units::{Date, Span};
use schemars::JsonSchema;
use serde::Deserialize;

/// A way in which projects are granted accelerator-hours.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AccessMode {
    /// Its id, such as `fast-lane`.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name in tables; the id if absent.
    pub name: Option<String>,
    /// The communities that may apply; all if absent.
    #[schemars(length(min = 1), extend("x-refers-to" = "community"))]
    pub communities: Option<Vec<String>>,
    /// The countries from which one may apply; all if absent.
    #[schemars(length(min = 1), extend("x-refers-to" = "country"))]
    pub countries: Option<Vec<String>>,
    /// How much may be asked for; anything if absent.
    #[serde(default)]
    pub accelerator_hours: AskedHours,
    /// The days on which applications are taken up; each at once, by itself, if absent.
    pub cut_offs: Option<CutOffs>,
    /// How applications are evaluated; that takes no time if absent.
    pub review: Option<Review>,
    /// The score that an application has to reach; 0 if absent.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub least_score: f64,
    /// What may be granted in each period; without bound if absent.
    pub budget: Option<GrantBudget>,
    /// Where granted hours may be used.
    pub allocation: Allocation,
    /// Of how many sites an applicant takes the first with budget left, in the order in which it would go to them; only
    /// with `allocation = "site"`, 1 if absent.
    #[schemars(range(min = 1, max = 1_000))]
    pub choices: Option<u32>,
    /// How long granted hours are valid; what is not used by then expires.
    #[schemars(extend("x-above-zero" = true))]
    pub validity: Span,
    /// Who applies again after a refusal; nobody if absent.
    pub again: Option<Again>,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

/// How many accelerator-hours may be asked for.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AskedHours {
    /// The least; 0 if absent.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1e12))]
    pub least: f64,
    /// The most; without bound if absent.
    #[serde(default = "without_bound")]
    #[schemars(range(max = 1e12), extend("exclusiveMinimum" = 0))]
    pub most: f64,
}

impl Default for AskedHours {
    fn default() -> Self {
        Self { least: 0.0, most: without_bound() }
    }
}

/// More accelerator-hours than all machines could do in a century, and few enough that sums of them stay exact.
fn without_bound() -> f64 {
    1e12
}

/// The days at whose beginning (midnight UTC) applications are taken up. All that came since the last one are decided
/// together, by score, when the last of their reviews is done; what comes after the last day is never taken up. Days
/// outside of the observation do not count, but one has to lie within it. Exactly one of `first` and `dates` is given.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{ "required": ["first", "every"] }, { "required": ["dates"] }]))]
pub struct CutOffs {
    /// The first day of those that follow each other at the same distance.
    #[schemars(with = "Option<DateText>")]
    pub first: Option<Date>,
    /// The distance, at least a day.
    #[schemars(extend("x-above-zero" = true))]
    pub every: Option<Span>,
    /// No day after this one; without end if absent.
    #[schemars(with = "Option<DateText>")]
    pub last: Option<Date>,
    /// Each day by itself, in order.
    #[schemars(with = "Option<Vec<DateText>>", length(min = 1))]
    pub dates: Option<Vec<Date>>,
}

/// How applications are evaluated.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Review {
    /// The reviewers, of whom one takes each application.
    #[schemars(extend("x-refers-to" = "reviewers"))]
    pub by: String,
    /// The working time for one application.
    pub work: Amount<Span>,
}

/// What may be granted in each period; what is left of a period is lost. Exactly one of `accelerator_hours` and `share` is
/// given.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{ "required": ["accelerator_hours"] }, { "required": ["share"] }]))]
pub struct GrantBudget {
    /// So much over all sites of the set.
    #[schemars(range(max = 1e12), extend("exclusiveMinimum" = 0))]
    pub accelerator_hours: Option<f64>,
    /// This part of what the open sites of the set could do in the period; where hours are bound to a site, of what each of
    /// them could do.
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub share: Option<f64>,
    /// The length of a period, at least a day; the first begins with the observation.
    #[schemars(extend("x-above-zero" = true))]
    pub period: Span,
}

/// Where granted hours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Allocation {
    /// At all sites of the network: the broker finds the site of each job.
    Pooled,
    /// At one site, chosen when the application is decided.
    Site,
}

/// Applicants who were refused and apply again.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Again {
    /// Their share of those refused, below 1.
    #[schemars(range(min = 0.0), extend("exclusiveMaximum" = 1))]
    pub share: f64,
    /// How long after the refusal they do.
    pub after: Amount<Span>,
}
