//! The scheduler of a partition as it is written: a name, or a table of an order and of what may overtake.
//!
//! A name that many studies use stands for a table: `easy` for `{ backfill = "easy" }`, and every order by its own name
//! for a queue in that order without backfilling.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How a partition serves its queue: a name, or a table such as `{ order = "sjf", backfill = "easy" }`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Scheduler {
    /// A queue in this order, without backfilling.
    Order(Order),
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

/// The order in which the jobs of a queue are considered. Ties: first come, first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Order {
    /// First come, first served.
    #[default]
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
