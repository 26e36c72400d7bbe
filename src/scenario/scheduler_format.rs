//! The scheduler of a partition as it is written: a name, or a table of an order and of what may overtake.
//!
//! A name that many studies use stands for a table: `easy` for `{ backfill = "easy" }`, and every order by its own name
//! for a queue in that order without backfilling. Orders and backfilling rules with parameters are tables with a `kind`.

use crate::model::Cycle;
use crate::units::Span;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a partition serves its queue: a name, or a table such as `{ order = "sjf", backfill = "easy" }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Scheduler {
    /// A queue in this order, without backfilling.
    Order(OrderName),
    /// A policy by its usual name.
    Preset(Preset),
    /// A policy by its parts.
    Parts(Parts),
}

impl Default for Scheduler {
    fn default() -> Self {
        Self::Preset(Preset::Easy)
    }
}

/// The order in which the jobs of a queue are considered: a name, or a table such as
/// `{ kind = "fair-share", half_life = "14 d" }`. Ties: first come, first.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Order {
    /// An order by its name, all else as it is if absent.
    Named(OrderName),
    /// An order with its parameters.
    Rule(OrderRule),
}

impl Default for Order {
    fn default() -> Self {
        Self::Named(OrderName::Fcfs)
    }
}

/// The order in which the jobs of a queue are considered, by its name. Ties: first come, first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OrderName {
    /// First come, first served.
    Fcfs,
    /// Shortest requested time first (SPT).
    Sjf,
    /// Longest requested time first (LPT).
    Ljf,
    /// Least area first: units times requested time.
    SmallestArea,
    /// Greatest area first: units times requested time.
    LargestArea,
    /// Greatest (wait / requested)^3 x units first; changes as time passes.
    Wfp3,
    /// Greatest wait / ((log2(units) + 1) x requested) first; changes as time passes.
    Unicef,
    /// Least log10(requested) x units + 870 log10(submit) first; times in seconds from the observation's start.
    F1,
    /// Least sqrt(requested) x units + 25,600 log10(submit) first.
    F2,
    /// Least requested x units + 6,860,000 log10(submit) first.
    F3,
    /// Least requested x sqrt(units) + 530,000 log10(submit) first.
    F4,
    /// Earliest deadline first (EDF): submission plus the `deadline` of the job's class; jobs without one come last.
    EarliestDeadline,
    /// Least accelerator-time held so far first (LAS): only jobs that were pushed out have held any.
    LeastAttained,
    /// The community, then the country, that has used least of its shares first, by decayed usage and the fair tree.
    FairShare,
    /// The community of least dominant share of the site's partitions first, over its `shares` (DRF).
    DominantResource,
    /// Greatest multifactor priority first, as Slurm has it: age, size, fair share and quality of service by weight.
    Multifactor,
}

/// An order with its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum OrderRule {
    /// The community, then the country, that has used least of its shares first, by decayed usage and the fair tree.
    FairShare {
        /// The time in which past usage loses half of its weight (`PriorityDecayHalfLife`); 7 d if absent.
        #[serde(default = "week")]
        #[schemars(extend("x-above-zero" = true))]
        half_life: Span,
        /// How often usage is looked at (`PriorityCalcPeriod`); 5 min if absent.
        #[serde(default = "five_minutes")]
        period: Span,
    },
    /// Greatest multifactor priority first: the sum of the factors, each from 0 to 1, times their weights.
    Multifactor {
        /// The weight of age, the wait over `max_age` (`PriorityWeightAge`); 1000 if absent.
        #[serde(default = "age_weight")]
        #[schemars(range(min = 0.0, max = 4_294_967_295.0))]
        age: f64,
        /// The wait from which the age factor is 1 (`PriorityMaxAge`); 7 d if absent.
        #[serde(default = "week")]
        max_age: Span,
        /// The weight of size, the job's part of the partition (`PriorityWeightJobSize`); 0 if absent.
        #[serde(default)]
        #[schemars(range(min = 0.0, max = 4_294_967_295.0))]
        size: f64,
        /// Which sizes the size factor favours (`PriorityFavorSmall`); `large` if absent.
        #[serde(default)]
        favour: Favour,
        /// The weight of the fair-share factor (`PriorityWeightFairshare`); 10000 if absent.
        #[serde(default = "fair_share_weight")]
        #[schemars(range(min = 0.0, max = 4_294_967_295.0))]
        fair_share: f64,
        /// The weight of the community's `quality_of_service` (`PriorityWeightQOS`); 2000 if absent.
        #[serde(default = "quality_weight")]
        #[schemars(range(min = 0.0, max = 4_294_967_295.0))]
        quality_of_service: f64,
        /// The time in which past usage loses half of its weight (`PriorityDecayHalfLife`); 7 d if absent.
        #[serde(default = "week")]
        #[schemars(extend("x-above-zero" = true))]
        half_life: Span,
        /// How often usage is looked at (`PriorityCalcPeriod`); 5 min if absent.
        #[serde(default = "five_minutes")]
        period: Span,
    },
}

impl OrderRule {
    /// Fair share where nothing else is said.
    pub const FAIR_SHARE: Self = Self::FairShare { half_life: week(), period: five_minutes() };
    /// Multifactor priority where nothing else is said.
    pub const MULTIFACTOR: Self = Self::Multifactor {
        age: age_weight(),
        max_age: week(),
        size: 0.0,
        favour: Favour::Large,
        fair_share: fair_share_weight(),
        quality_of_service: quality_weight(),
        half_life: week(),
        period: five_minutes(),
    };
}

/// Which jobs the size factor favours.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Favour {
    /// Large ones: the factor is the job's part of the partition.
    #[default]
    Large,
    /// Small ones: one minus that.
    Small,
}

/// A policy by its usual name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// First come, first served, and everything that fits may overtake: wide jobs may starve.
    FirstFit,
    /// EASY backfilling: only the head of the queue has a reservation.
    Easy,
    /// EASY backfilling that tries the shortest jobs first (SJBF).
    EasySjbf,
    /// Conservative backfilling: every job has a reservation; queue-order compression, no depth limit.
    Conservative,
    /// As a Slurm machine with fair shares: the order `multifactor` and the backfill `cycle`, each as it is if nothing is
    /// said.
    SlurmLike,
}

/// A policy by its parts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("examples" = [{ "order": "sjf", "backfill": "easy" }]))]
pub struct Parts {
    /// The order in which jobs are considered; `fcfs` if absent.
    #[serde(default)]
    pub order: Order,
    /// What may start before a job ahead of it; `none` if absent.
    #[serde(default)]
    pub backfill: Backfill,
}

/// What may start before a job ahead of it: a name, or a table such as `{ kind = "conservative", depth = 100 }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Backfill {
    /// A rule by its name, all else as it is if absent.
    Named(BackfillName),
    /// A rule with its parameters.
    Rule(BackfillRule),
}

impl Default for Backfill {
    fn default() -> Self {
        Self::Named(BackfillName::None)
    }
}

/// A backfilling rule by its name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum BackfillName {
    /// Nothing overtakes: the first job that does not fit blocks all others.
    None,
    /// Everything that fits: nobody has a reservation, so wide jobs may starve.
    FirstFit,
    /// What does not delay the head of the queue.
    Easy,
    /// What delays no job of the queue.
    Conservative,
    /// As Slurm: strict order at every event, conservative backfilling of the first jobs now and then.
    Cycle,
}

/// A backfilling rule with its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum BackfillRule {
    /// What delays none of the first blocked jobs.
    Easy {
        /// How many blocked jobs have a reservation; 1 if absent.
        #[serde(default = "one")]
        #[schemars(range(min = 1))]
        reservations: u32,
        /// Whether a job may run past the only reservation on units that it leaves spare; `true` if absent.
        #[serde(default = "yes")]
        spare_units: bool,
        /// The order in which the jobs behind are tried; `queue-order` if absent.
        #[serde(default)]
        scan: Scan,
    },
    /// What delays no job that has a reservation.
    Conservative {
        /// What happens to reservations when units come free early; `queue-order` if absent.
        #[serde(default)]
        compression: Compression,
        /// How many jobs have a reservation at most, in queue order; the others wait without. If absent, all have one,
        /// and a decision costs more the more jobs wait.
        #[schemars(range(min = 1))]
        depth: Option<u32>,
    },
    /// As Slurm: strict order at every event, conservative backfilling of the first jobs now and then.
    Cycle {
        /// Jobs looked at in one pass in strict order, at every event and again after starts (`default_queue_depth`); 100 if
        /// absent.
        #[serde(default = "quick_depth")]
        #[schemars(range(min = 1))]
        quick_depth: u32,
        /// The least time between two backfill cycles (`bf_interval`); 30 s if absent.
        #[serde(default = "interval")]
        #[schemars(extend("x-above-zero" = true))]
        interval: Span,
        /// Jobs planned in a cycle (`bf_max_job_test`); 100 if absent.
        #[serde(default = "depth")]
        #[schemars(range(min = 1))]
        depth: u32,
        /// How far ahead a cycle plans (`bf_window`); 1 d if absent.
        #[serde(default = "window")]
        #[schemars(extend("x-above-zero" = true))]
        window: Span,
        /// To what planned lengths are rounded up (`bf_resolution`); 1 min if absent.
        #[serde(default = "resolution")]
        #[schemars(extend("x-above-zero" = true))]
        resolution: Span,
    },
}

/// The order in which jobs are tried for backfilling.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Scan {
    /// The order of the queue.
    #[default]
    QueueOrder,
    /// Shortest requested time first (SJBF).
    ShortestFirst,
}

/// What happens to the reservations of a conservative queue when a job ends before its requested time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Compression {
    /// Each job in the order of the present reservations is taken out and placed again: no start moves later.
    ReservationOrder,
    /// Each job in queue order is taken out and placed again: no start moves later.
    #[default]
    QueueOrder,
    /// As `queue-order`, at every end of a job, also of one that took all its requested time.
    QueueOrderEachEnd,
    /// All are taken out and placed again in queue order, at every decision: a start may move later.
    Replan,
    /// Nothing: every job starts at the instant reserved when it came.
    None,
}

fn one() -> u32 {
    1
}

fn yes() -> bool {
    true
}

const fn week() -> Span {
    Span(7 * 86_400_000_000_000)
}

const fn five_minutes() -> Span {
    Span(300_000_000_000)
}

const fn age_weight() -> f64 {
    1_000.0
}

const fn fair_share_weight() -> f64 {
    10_000.0
}

const fn quality_weight() -> f64 {
    2_000.0
}

const fn quick_depth() -> u32 {
    Cycle::DEFAULT.quick_depth
}

const fn interval() -> Span {
    Cycle::DEFAULT.interval
}

const fn depth() -> u32 {
    Cycle::DEFAULT.depth
}

const fn window() -> Span {
    Cycle::DEFAULT.window
}

const fn resolution() -> Span {
    Cycle::DEFAULT.resolution
}
