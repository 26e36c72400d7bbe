//! The broker as it is written: a policy by its name, or a table with a `kind` and its parameters, and how old what the
//! broker knows may be.

use super::demand_format::Weight;
use crate::units::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How jobs find their site.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Broker {
    /// The rule by which a job finds its site.
    pub policy: BrokerPolicy,
    /// With `home` only: the predicted wait above which a job leaves its home site. If absent, jobs never leave home.
    pub overflow_wait: Option<Span>,
    /// The broker sees each partition as it stood at the last whole multiple of this, before anything of that instant
    /// happened; if absent or zero, as it stands. Sites that are not open yet are known in time.
    #[serde(default)]
    pub information_age: Span,
    /// Whether the broker adds to what it sees the jobs that it has sent there since, which keeps it from sending all to
    /// the same site; `false` if absent. Without an `information_age` it sees them anyway.
    #[serde(default)]
    pub own_routings: bool,
}

/// The rule by which a job finds its site: a name, or a table such as `{ kind = "best-of", sites = 2 }`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum BrokerPolicy {
    /// A policy by its name, all else as it is if absent.
    Named(BrokerPolicyName),
    /// A policy with its parameters.
    Rule(BrokerPolicyRule),
}

/// The rule by which a job finds its site, by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BrokerPolicyName {
    /// The country's home site: its own, else its consortium's, else the one of least latency.
    Home,
    /// The site where the job is predicted to complete first.
    LeastCompletion,
    /// Any site on which the job fits, with equal probability.
    Random,
    /// The site where the job is predicted to start first, its input being there. Ties: the earliest completion.
    LeastWait,
    /// The partition with the fewest jobs present, waiting and running; ties at random.
    FewestJobs,
    /// The site of earliest predicted start of two drawn at random: `best-of` as it is if nothing is said.
    BestOf,
    /// The site where the electricity for the requested time costs least, however long the wait. Ties: the earliest
    /// completion.
    Cheapest,
    /// The site where the electricity for the requested time emits least, however long the wait. Ties: the earliest
    /// completion.
    Greenest,
    /// The site where the owners of the asker's quota would be least over their own nodes, in relation to these; then the
    /// site where the job is predicted to start first. Where nodes are nobody's, nobody is over; who has no quota on
    /// nodes that have owners is over without bound.
    QuotaAware,
    /// A site drawn by fractions, whatever happens there. A linear programme gives them before the run to each kind of job
    /// (community, country, class, dataset, accelerators), from the demand expected and from what is open, anew whenever a
    /// partition opens: the greatest load of any site, link or limit is as low as it can be, then the next one, then the
    /// latency. As with `fixed`, only ratios between the sites on which the job fits count, and where none of them has a
    /// fraction, every such site has the same chance.
    Fluid,
    /// Copies at two sites drawn at random, of which the first start counts: `redundant` as it is if nothing is said.
    Redundant,
}

/// A policy with its parameters.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum BrokerPolicyRule {
    /// The best of some sites drawn at random, without replacement, of those on which the job fits.
    BestOf {
        /// How many sites are drawn; all if there are no more. 2 if absent.
        #[serde(default = "two")]
        #[schemars(range(min = 1))]
        sites: u32,
        /// What makes one of them the best; `predicted-start` if absent.
        #[serde(default)]
        by: Judge,
    },
    /// The site where the electricity for the requested time costs least, among those within a bound of the wait.
    Cheapest {
        /// The longest predicted wait; if no site is within it, the least wait decides. No bound if absent.
        wait_bound: Option<Span>,
    },
    /// The site where the electricity for the requested time emits least, among those within a bound of the wait.
    Greenest {
        /// The longest predicted wait; if no site is within it, the least wait decides. No bound if absent.
        wait_bound: Option<Span>,
    },
    /// The site of the least weighted sum of what the job would meet there. Ties: the earliest completion.
    Weighted {
        /// The weight of an hour of predicted wait; 0 if absent.
        #[serde(default)]
        #[schemars(range(min = 0.0))]
        wait: f64,
        /// The weight of a euro of electricity for the requested time; 0 if absent.
        #[serde(default)]
        #[schemars(range(min = 0.0))]
        cost: f64,
        /// The weight of a kilogram of CO2 of this electricity; 0 if absent.
        #[serde(default)]
        #[schemars(range(min = 0.0))]
        carbon: f64,
        /// The weight of the share of the partition that jobs hold, from 0 to 1; 0 if absent.
        #[serde(default)]
        #[schemars(range(min = 0.0))]
        utilisation: f64,
    },
    /// A site drawn by fixed fractions, whatever happens there.
    Fixed {
        /// The fraction of each site; only ratios matter, between those of the sites on which the job fits. Where all of
        /// these are zero, every such site has the same chance.
        #[schemars(extend("x-keys-refer-to" = "site"))]
        fractions: BTreeMap<String, Weight>,
    },
    /// A copy of the job waits at each of some sites, with an input of its own; the first that starts takes back the
    /// others. Inputs on their way to a copy that is taken back are carried to their end.
    Redundant {
        /// At how many sites; at all if there are no more. 2 if absent.
        #[serde(default = "two")]
        #[schemars(range(min = 2))]
        copies: u32,
        /// At which; `drawn` if absent.
        #[serde(default)]
        sites: CopySites,
    },
}

/// What makes one of the drawn sites the best.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Judge {
    /// The earliest predicted start. Ties: the earliest completion.
    #[default]
    PredictedStart,
    /// The fewest jobs present, waiting and running; ties at random.
    JobsPresent,
}

/// Where copies of a job wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum CopySites {
    /// At sites drawn at random, without replacement, of those on which it fits.
    #[default]
    Drawn,
    /// At the sites of least predicted completion.
    LeastCompletion,
}

fn two() -> u32 {
    2
}
