//! When demand comes and goes, in the scenario file: growth, the rhythm of day and week, holidays, bursts, batches, patience.

use super::demand_format::{Amount, Weight, WeightedCount};
use super::quantities::DateText;
use crate::units::{Date, Span};
use schemars::JsonSchema;
use serde::Deserialize;

/// Growth that slows down as a ceiling comes near; the rate at the observation's start is that of `jobs_per_day`.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum GrowthCurve {
    /// Logistic adoption: the rate grows by the share of the ceiling that is still free.
    Logistic {
        /// The ceiling, in multiples of the rate at the start.
        #[schemars(extend("exclusiveMinimum" = 1, "maximum" = 1_000_000))]
        ceiling: f64,
        /// The growth per year far below the ceiling, continuously compounded: 0.69 doubles the rate each year.
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 100))]
        per_year: f64,
    },
    /// Bass adoption: some find out by themselves, others follow those who have.
    Bass {
        /// The ceiling, in multiples of the rate at the start.
        #[schemars(extend("exclusiveMinimum" = 1, "maximum" = 1_000_000))]
        ceiling: f64,
        /// The coefficient of innovation per year: the chance of those who have not adopted to do so by themselves.
        #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 100))]
        innovation: f64,
        /// The coefficient of imitation per year: what others add to that chance once all have adopted.
        #[schemars(range(min = 0.0, max = 100.0))]
        imitation: f64,
    },
}

/// How busy a community is by the hour, the day of the week and on holidays, on the clock of each country. Only ratios
/// of weights matter: over a week without holidays, `jobs_per_day` stays the mean.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Rhythm {
    /// Weights of the 24 hours of the day, from midnight; equal if absent.
    pub hours: Option<[Weight; 24]>,
    /// Instead of `hours`, waves around the mean: the first goes once around in a day, the second twice, and so on.
    #[schemars(length(min = 1, max = 12))]
    pub waves: Option<Vec<Wave>>,
    /// Weights of the seven days of the week, from Monday; equal if absent.
    pub weekdays: Option<[Weight; 7]>,
    /// Days on which more or less happens than the weekday says; none if absent.
    #[serde(default)]
    pub holidays: Vec<Holiday>,
}

/// A wave of the day.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Wave {
    /// How far it goes above and below the mean, over the mean. Those of all waves add up to at most 1.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub amplitude: f64,
    /// An hour of the day at which it is highest.
    #[schemars(range(min = 0.0, max = 24.0))]
    pub peak: f64,
}

/// Days on which more or less happens.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Holiday {
    /// The first day.
    #[schemars(with = "DateText")]
    pub date: Date,
    /// How many days; one if absent.
    #[serde(default = "one_day")]
    #[schemars(range(min = 1, max = 366))]
    pub days: u32,
    /// What the rate is multiplied with: 0 for nothing at all. Where two holidays cover one day, the later in the list
    /// counts.
    #[schemars(range(min = 0.0, max = 100.0))]
    pub factor: f64,
    /// The countries that keep it; all if absent.
    #[schemars(length(min = 1), extend("x-refers-to" = "country"))]
    pub countries: Option<Vec<String>>,
}

pub(super) fn one_day() -> u32 {
    1
}

/// Arrivals that bring about others (a Hawkes process): requests come in bursts. `jobs_per_day` stays the mean in the
/// long run; a run begins without a burst under way, so give it a warm-up of some `mean_delay` / (1 - `branching`).
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Bursts {
    /// How many arrivals one brings about by itself, in the mean. A burst has 1 / (1 - `branching`) arrivals.
    #[schemars(range(min = 0.0, max = 0.95))]
    pub branching: f64,
    /// The mean time from an arrival to one that it brings about; the time is exponential.
    #[schemars(extend("x-above-zero" = true))]
    pub mean_delay: Span,
}

/// How many jobs come at once.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Batch {
    /// Always as many.
    One(#[schemars(range(min = 1, max = 100_000))] u32),
    /// Several numbers with their weights.
    Weighted(#[schemars(length(min = 1))] Vec<WeightedCount>),
    /// A distribution.
    Varied(BatchSizes),
}

/// A distribution of the number of jobs that come at once.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum BatchSizes {
    /// Each number between two, both included.
    Uniform {
        /// The least number.
        #[schemars(range(min = 1, max = 100_000))]
        low: u32,
        /// The greatest number.
        #[schemars(range(min = 1, max = 100_000))]
        high: u32,
    },
    /// The same, with chances that fall as the inverse of the number.
    LogUniform {
        /// The least number.
        #[schemars(range(min = 1, max = 100_000))]
        low: u32,
        /// The greatest number.
        #[schemars(range(min = 1, max = 100_000))]
        high: u32,
    },
    /// Geometric: each job is the last with the same chance.
    Geometric {
        /// Its mean.
        #[schemars(range(min = 1.0, max = 10_000.0))]
        mean: f64,
    },
}

/// How long users wait before they take a job elsewhere, drawn for each job. One of the keys is given, or both.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Patience {
    /// The longest predicted wait that they accept when they hand a job in; any if absent.
    pub promised: Option<Amount<Span>>,
    /// How long they wait for a job to start; for ever if absent. A training across sites stays once it is handed in.
    pub waited: Option<Amount<Span>>,
}

/// A closed loop: so many users, each with one job, or one batch, at a time. From the observation's start, and each time that
/// it has left, done or not, a user thinks and hands in the next.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Closed {
    /// How many users, shared out among the countries by their weights.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub users: u32,
    /// How long a user thinks.
    pub think: Amount<Span>,
}
