//! The demand part of the scenario file: countries, communities, job classes and their distributions.

use super::arrival_format::{Batch, Bursts, Closed, GrowthCurve, Patience, Rhythm};
use super::confidence::Confidence;
use super::data_format::{Results, Staging};
use super::flexibility_format::{CrossSite, Malleable, Moldable};
use super::format::no_bytes;
use super::quantities::Identifier;
use super::work_format::{Failed, Flops, Stopped};
use crate::units::{ByteRate, Bytes, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// A country with users.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Country {
    /// Its ISO 3166 code, such as `FI`.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name; the id if absent.
    pub name: Option<String>,
    /// The router where its users' data enter the network.
    #[schemars(extend("x-refers-to" = "router"))]
    pub router: String,
    /// Its users' way into the network, each way.
    #[schemars(extend("x-above-zero" = true))]
    pub access: ByteRate,
    /// Whether it is a member of the European Union, which residency of datasets looks at; it is if absent.
    #[serde(default = "super::format::yes")]
    pub union: bool,
    /// Hours ahead of UTC in winter, for the rhythm of its users; 0 if absent.
    #[serde(default)]
    #[schemars(range(min = -12.0, max = 14.0))]
    pub utc_offset: f64,
    /// Whether it is one more hour ahead in summer, from the last Sunday of March to the last of October as in the
    /// European Union; it is not if absent.
    #[serde(default)]
    pub summer_time: bool,
    /// The languages its projects work in, such as `fi`: support staff who work in one of them can help. Any staff can if
    /// absent.
    #[serde(default)]
    pub languages: Vec<String>,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

/// A community of users: startups, industry, researchers.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend(
    "anyOf" = [
        { "required": ["jobs_per_day", "classes"] },
        { "required": ["closed", "classes"] },
        { "required": ["projects_per_year", "projects"] },
    ],
    "not" = { "required": ["jobs_per_day", "closed"] },
))]
pub struct Community {
    /// Its id, such as `startups`.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name in plots and tables; the id if absent.
    pub name: Option<String>,
    /// Its jobs a day without a project, over all countries, at the observation's start, whatever becomes of them. At least
    /// one of `jobs_per_day`, `closed` and `projects_per_year` is given, and not both of the first two.
    #[serde(default)]
    #[schemars(range(min = 0.0))]
    pub jobs_per_day: f64,
    /// A fixed number of users, who hand in their next job only when the last one has left.
    pub closed: Option<Closed>,
    /// Its projects a year of 365.2425 days, over all countries, at the observation's start, whatever becomes of them: they
    /// apply by the access modes of their kinds, and hand in jobs with what they are granted.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1e9))]
    pub projects_per_year: f64,
    /// Growth of the rate: 0.35 makes it 1.35 times as high each year; 0 if absent.
    #[serde(default)]
    #[schemars(extend("exclusiveMinimum" = -1))]
    pub growth_per_year: f64,
    /// Growth toward a ceiling, instead of `growth_per_year`; none if absent.
    pub growth: Option<GrowthCurve>,
    /// How its rate changes over the day and the week and on holidays; it does not if absent.
    pub rhythm: Option<Rhythm>,
    /// Arrivals that bring about others; they do not if absent.
    pub bursts: Option<Bursts>,
    /// How long its users wait before they go elsewhere; for ever if absent.
    pub patience: Option<Patience>,
    /// Its shares of every partition, compared with those of the other communities where a scheduler looks at fair or
    /// dominant shares; 1 if absent.
    #[serde(default = "one_share")]
    #[schemars(range(min = 1, max = 1_000_000))]
    pub shares: u32,
    /// Its quality of service, a factor of multifactor priorities; 0 if absent.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub quality_of_service: f64,
    /// Weight of each country; only ratios matter.
    #[schemars(extend("x-keys-refer-to" = "country"))]
    pub countries: BTreeMap<String, Weight>,
    /// Weight of each job class among the jobs without a project; only ratios matter.
    #[serde(default)]
    #[schemars(extend("x-keys-refer-to" = "class"))]
    pub classes: BTreeMap<String, Weight>,
    /// Weight of each kind of project; only ratios matter.
    #[serde(default)]
    #[schemars(extend("x-keys-refer-to" = "project"))]
    pub projects: BTreeMap<String, Weight>,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

impl Community {
    /// Whether it asks for anything.
    pub fn asks(&self) -> bool {
        self.asks_jobs() || self.asks_projects()
    }

    /// Whether it hands in jobs without a project.
    pub fn asks_jobs(&self) -> bool {
        self.jobs_per_day > 0.0 || self.closed.is_some()
    }

    /// Whether projects of it apply.
    pub fn asks_projects(&self) -> bool {
        self.projects_per_year > 0.0
    }
}

fn one_share() -> u32 {
    1
}

/// A weight, not negative; only ratios of weights matter.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(transparent)]
#[schemars(inline)]
pub struct Weight(#[schemars(range(min = 0.0, max = 1_000_000_000.0))] pub f64);

/// A kind of job.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{ "required": ["duration"] }, { "required": ["work"] }, { "required": ["flops"] }]))]
pub struct JobClass {
    /// Its id, such as `fine-tune`.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name in tables; the id if absent.
    pub name: Option<String>,
    /// How many of its jobs an arrival brings, all at the same instant and each drawn by itself; one if absent. The
    /// weights of classes stay shares of the jobs: a class that comes in batches comes less often.
    pub batch: Option<Batch>,
    /// How many accelerators it holds, all at once.
    pub accelerators: Counts,
    /// Wall time, the same on every accelerator. Exactly one of `duration`, `work` and `flops` is
    /// given.
    pub duration: Option<Amount<Span>>,
    /// Accelerator-hours of the reference accelerator: faster ones finish sooner.
    pub work: Option<Amount<Span>>,
    /// Operations of training or running a model: faster accelerators finish sooner, too.
    pub flops: Option<Flops>,
    /// Which of its jobs are stopped by their users before they are done; none if absent.
    pub stopped: Option<Stopped>,
    /// Which of its jobs fail by a mistake of their users; none if absent.
    pub failed: Option<Failed>,
    /// When its jobs should be done, after submission: the order `earliest-deadline` looks at it; no deadline if absent.
    #[schemars(extend("x-above-zero" = true))]
    pub deadline: Option<Span>,
    /// How its jobs save their state, which counts where they are pushed out; they do not if absent.
    pub checkpoint: Option<Checkpoint>,
    /// Its jobs run on one of several sizes; on the one asked for if absent.
    pub moldable: Option<Moldable>,
    /// Its jobs change their size while they run; they do not if absent.
    pub malleable: Option<Malleable>,
    /// Jobs that request more time than this, or than their partition allows, run as a chain of segments: each requests
    /// no more, writes a checkpoint at its end and joins the end of the queue with what is left. In one piece if absent.
    #[schemars(extend("x-above-zero" = true))]
    pub segment: Option<Span>,
    /// Its jobs train at several sites at once where that is predicted to end sooner than at one; they run at one if absent.
    pub cross_site: Option<CrossSite>,
    /// The time its users request; exactly the run time if absent.
    pub requested: Option<Requested>,
    /// The datasets, or groups of them, of which each job reads one, by their popularity: it has to be at the job's site
    /// before the job may start, and the job runs only where the dataset may be. None if absent.
    #[serde(default)]
    #[schemars(extend("x-refers-to" = "dataset"))]
    pub datasets: Vec<String>,
    /// What becomes of a job's place in the queue while its data are on the way; `before-queue` if absent.
    #[serde(default)]
    pub staging: Staging,
    /// Size of the data that are staged in before the job may start; none if absent.
    #[serde(default = "no_bytes")]
    pub input: Amount<Bytes>,
    /// Where its results go; `home` if absent.
    #[serde(default)]
    pub results: Results,
    /// Size of the data that are sent home, or to the archive, after it ends; none if absent.
    #[serde(default = "no_bytes")]
    pub output: Amount<Bytes>,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

/// How a job saves its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Checkpoint {
    /// The running time between two checkpoints; writing these is part of the job.
    #[schemars(extend("x-above-zero" = true))]
    pub interval: Span,
    /// How long it takes to write one when it is asked for; no time if absent.
    #[serde(default)]
    pub cost: Span,
    /// How long a job that starts again holds its nodes before it gets on; no time if absent.
    #[serde(default)]
    pub restart: Span,
    /// What is sent where the results go when a segment ends, or a job is pushed out once it has written a checkpoint; none
    /// if absent. Those written at each interval stay at the site.
    #[serde(default)]
    pub size: Bytes,
}

/// How many accelerators a job holds: a number, several with weights, or the sizes of a table.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Counts {
    /// Always as many.
    One(#[schemars(range(min = 1, max = 1_000_000_000))] u32),
    /// Several numbers with their weights.
    Weighted(#[schemars(length(min = 1))] Vec<WeightedCount>),
    /// The sizes of a table.
    Named(NamedCounts),
}

/// The sizes of a table.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{ "table": "helios-sizes" }]))]
pub struct NamedCounts {
    /// Its id.
    #[schemars(extend("x-refers-to" = "table"))]
    pub table: String,
}

/// A number of accelerators and its weight.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WeightedCount {
    /// Accelerators.
    #[schemars(range(min = 1, max = 1_000_000_000))]
    pub count: u32,
    /// How often, relative to the others.
    pub weight: Weight,
}

/// The time that users request.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Requested {
    /// Requested over true time; below 1 the job is killed at its limit.
    pub factor: Amount<f64>,
    /// The times people choose from: a request is rounded up to the next one.
    #[serde(default)]
    pub round_up_to: Vec<Span>,
    /// The share of the jobs that run into their limit: they request exactly the time drawn, and would have gone on. None
    /// if absent.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub cut: f64,
    /// The share of the jobs that request the longest time that their partition allows, a century where it allows any;
    /// none if absent.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub most: f64,
}

/// A value that varies: a plain value is always the same; a table names its distribution by `kind`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Amount<Q> {
    /// Always the same value.
    Plain(Q),
    /// A distribution.
    Varied(Varied<Q>),
}

/// A distribution.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Varied<Q> {
    /// Always the same value.
    Constant {
        /// The value.
        value: Q,
    },
    /// Uniform between two values.
    Uniform {
        /// The least value.
        low: Q,
        /// The greatest value.
        high: Q,
    },
    /// Uniform on the logarithm between two values above zero.
    LogUniform {
        /// The least value.
        low: Q,
        /// The greatest value.
        high: Q,
    },
    /// Exponential.
    Exponential {
        /// Its mean.
        mean: Q,
    },
    /// Lognormal.
    Lognormal {
        /// Its mean.
        mean: Q,
        /// Its coefficient of variation: standard deviation over mean.
        #[schemars(range(min = 0.0))]
        cv: f64,
    },
    /// Erlang: a sum of equal exponentials.
    Erlang {
        /// Its mean.
        mean: Q,
        /// The number of exponentials.
        #[schemars(range(min = 1))]
        shape: u32,
    },
    /// Two exponentials with balanced means.
    Hyperexponential {
        /// Its mean.
        mean: Q,
        /// Its squared coefficient of variation, at least 1.
        #[schemars(range(min = 1.0))]
        cv2: f64,
    },
    /// The durations of a table.
    Named {
        /// Its id.
        #[schemars(extend("x-refers-to" = "table"))]
        table: String,
    },
    /// A table of quantiles, interpolated on the logarithm of the value.
    Empirical {
        /// Pairs of probability and value, from probability 0 to 1, both ascending; where two have one probability, no
        /// value lies between theirs.
        #[schemars(length(min = 2))]
        quantiles: Vec<(f64, Q)>,
    },
}
