//! The format of what is wanted of a set, and of the futures in which it is judged.

use super::confidence::Confidence;
use super::quantities::Identifier;
use crate::model::Id;
use crate::statistics::Scope;
use schemars::JsonSchema;
use serde::Deserialize;

/// What is wanted of a set of sites: a metric of its runs, and which way is better.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Objective {
    /// Its id, such as `served`.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name in tables and plots; the id if absent.
    pub name: Option<String>,
    /// The metric, by its name in `runs.parquet`, such as `done_h`, or `cost_euros`, `energy_kwh`, `energy_euros`, `carbon_tonnes`.
    pub metric: String,
    /// Of which community; of the whole network if neither `community` nor `site` is there.
    #[schemars(extend("x-refers-to" = "community"))]
    pub community: Option<String>,
    /// Of which site.
    #[schemars(extend("x-refers-to" = "site"))]
    pub site: Option<String>,
    /// Which way is better.
    pub want: Want,
    /// The mean over the runs may be no more than this: a number in the metric's unit, or a quantity such as `"10 d"`.
    pub at_most: Option<Threshold>,
    /// The mean over the runs may be no less than this.
    pub at_least: Option<Threshold>,
    /// The difference up to which a planner does not mind which of two sets is taken: in the metric's unit, or a part of the
    /// best mean such as `"1 %"`, which it is if absent.
    pub indifference: Option<Threshold>,
}

impl Objective {
    /// The kind of its scope, with the first community or site in place of its own.
    pub(super) fn kind_of_scope(&self) -> Scope {
        match (&self.community, &self.site) {
            (Some(_), _) => Scope::Community(Id::from_index(0)),
            (_, Some(_)) => Scope::Site(Id::from_index(0)),
            _ => Scope::Network,
        }
    }
}

/// Which way is better.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Want {
    /// The more, the better.
    Most,
    /// The less, the better.
    Least,
}

/// A value of a metric.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Threshold {
    /// In the metric's unit.
    Number(f64),
    /// With a unit of its own.
    Quantity(String),
}

/// A future in which sets are judged: the scenario with other values.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Future {
    /// Its id, such as `high-demand`.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name in tables and plots; the id if absent.
    pub name: Option<String>,
    /// How likely it is, against the others; only ratios count.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub weight: f64,
    /// What is different in it, written like `--set`: `["community.startups.growth=1.4"]`. It may change how things work, not
    /// which sites, communities, classes, links and the like there are, nor the observation. Nothing if absent.
    #[serde(default)]
    pub with: Vec<String>,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}
