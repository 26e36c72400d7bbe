//! The partitions of a site as they are written: their nodes or whose nodes they share, who is let in and how much they
//! may hold, the calendar, preemption.

use super::confidence::Confidence;
use super::format::one;
use super::quantities::{DateText, Identifier};
use super::scheduler_format::Scheduler;
use crate::units::{Date, Power, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Equal nodes of one accelerator kind at a site with one local scheduler, or a further partition on the nodes of such
/// a one.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [
    { "required": ["nodes", "accelerator", "accelerators_per_node"] },
    { "required": ["shares_nodes_with"] },
]))]
pub struct Partition {
    /// Its id, unique within the site.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name in tables; the id if absent.
    pub name: Option<String>,
    /// Its kind of accelerator.
    #[schemars(extend("x-refers-to" = "accelerator"))]
    pub accelerator: Option<String>,
    /// All its nodes, those not open to the factory's work too. Exactly one of `nodes` and `shares_nodes_with` is given.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub nodes: Option<u32>,
    /// Accelerators of one node.
    #[schemars(range(min = 1, max = 128))]
    pub accelerators_per_node: Option<u32>,
    /// The part that is open to the factory's work, above 0 and at most 1; all of it if absent.
    #[serde(default = "one")]
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub share: f64,
    /// Another partition of the site, with nodes of its own, on which this one's jobs run. What belongs to the nodes is
    /// said there: accelerators, share, unit, scheduler, queue, calendar, preemption.
    #[schemars(with = "Option<Identifier>")]
    pub shares_nodes_with: Option<String>,
    /// Of the partitions that share nodes, jobs of a higher tier go first; 0 if absent.
    #[serde(default)]
    #[schemars(range(min = -1_000_000, max = 1_000_000))]
    pub tier: i32,
    /// The communities whose jobs it takes; all if absent.
    #[schemars(length(min = 1), extend("x-refers-to" = "community"))]
    pub communities: Option<Vec<String>>,
    /// What its jobs, or some of them, may hold at once; no limit if absent.
    #[serde(default)]
    pub limit: Vec<Limit>,
    /// What its jobs, or some of them, may use up in each period; no budget if absent.
    #[serde(default)]
    pub budget: Vec<Budget>,
    /// Whose its nodes are in the first place; others may borrow what lies idle. Everybody's if absent.
    #[serde(default)]
    pub quota: Vec<Quota>,
    /// The day from which it takes jobs; the observation's start if absent, or where it shares nodes, when they open.
    #[schemars(with = "Option<DateText>")]
    pub opens: Option<Date>,
    /// How its queue is served: a name, or a table of an order and a backfilling rule; `easy` if absent.
    #[serde(default)]
    pub scheduler: Scheduler,
    /// What jobs are given; `node` if absent.
    #[serde(default)]
    pub unit: Unit,
    /// The most nodes one job may hold; all open nodes if absent.
    #[schemars(range(min = 1))]
    pub max_nodes_per_job: Option<u32>,
    /// The longest time a job may request; no limit if absent.
    #[schemars(extend("x-above-zero" = true))]
    pub max_time: Option<Span>,
    /// How long a job may go on beyond the time it requested before it is killed; schedulers do not plan with it, and it
    /// ends where a block of the calendar begins. No time if absent.
    #[serde(default)]
    pub grace: Span,
    /// How many jobs may wait for the nodes, the next one is rejected (0: nobody waits); no limit if absent.
    pub max_queued: Option<u32>,
    /// When nodes are withdrawn or small jobs kept away: maintenance, courses, days for large jobs.
    #[serde(default)]
    pub calendar: Vec<Entry>,
    /// How jobs of a higher tier push out others; they do not if absent.
    pub preemption: Option<Preemption>,
    /// Power of a busy accelerator with its share of the host; none if absent.
    #[serde(default)]
    pub accelerator_power: Power,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

/// What a partition hands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Unit {
    /// Whole nodes.
    #[default]
    Node,
    /// Single accelerators, wherever they are free.
    Accelerator,
    /// Single accelerators of shared nodes, packed by best fit: a job that fits one node lies on one, on that with the
    /// fewest free accelerators that suffice; a larger one takes whole nodes and a rest.
    Packed,
}

/// The most that some jobs of a partition may hold at once. A job that would exceed it is passed over and blocks nobody.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = [{ "required": ["nodes"] }, { "required": ["jobs"] }]))]
pub struct Limit {
    /// The community whose jobs it is about; those of all if absent.
    #[schemars(extend("x-refers-to" = "community"))]
    pub community: Option<String>,
    /// The countries from which the jobs come, such as those of a consortium; all if absent.
    #[schemars(length(min = 1), extend("x-refers-to" = "country"))]
    pub countries: Option<Vec<String>>,
    /// Who has it by itself; all whom it is about share it if absent.
    pub per: Option<Per>,
    /// The most nodes; any number if absent. At least one of `nodes` and `jobs` is given.
    #[schemars(range(min = 1))]
    pub nodes: Option<u32>,
    /// The most jobs that run; any number if absent.
    #[schemars(range(min = 1))]
    pub jobs: Option<u32>,
}

/// Who has a limit by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Per {
    /// Each project. Jobs that come without a project are under no such limit.
    Project,
}

/// What some jobs of a partition may use up in each period. Once it is used up no further job of them starts until the
/// next period begins; what runs goes on, at the expense of the next period.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Budget {
    /// The community whose jobs it is about; those of all if absent.
    #[schemars(extend("x-refers-to" = "community"))]
    pub community: Option<String>,
    /// The countries from which the jobs come, which share it; all if absent.
    #[schemars(length(min = 1), extend("x-refers-to" = "country"))]
    pub countries: Option<Vec<String>>,
    /// Accelerators held times hours.
    #[schemars(range(max = 1e12), extend("exclusiveMinimum" = 0))]
    pub accelerator_hours: f64,
    /// The length of a period, such as `90 d`; the first one begins when the partition opens.
    #[schemars(extend("x-above-zero" = true))]
    pub period: Span,
}

/// Nodes that belong to some in the first place. They may always ask for them; while they leave them idle others may
/// borrow them, and with `preemption` on these nodes they take them back from who holds more than its own. A job belongs
/// to the first quota that is about it, and where none is, owns nothing and may borrow.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Quota {
    /// The community whose nodes they are; that of all if absent.
    #[schemars(extend("x-refers-to" = "community"))]
    pub community: Option<String>,
    /// The countries whose nodes they are, such as those of a consortium; all if absent.
    #[schemars(length(min = 1), extend("x-refers-to" = "country"))]
    pub countries: Option<Vec<String>>,
    /// Nodes.
    #[schemars(range(min = 1))]
    pub nodes: u32,
    /// The most nodes that its owners may hold beyond these; as many as lie idle if absent, none makes it a hard quota.
    pub borrow: Option<u32>,
    /// The most of these nodes that others may hold while they lie idle; all if absent.
    pub lend: Option<u32>,
}

/// A block of the calendar, once or again and again. A job starts only if all the time it requests fits around the
/// blocks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub enum Entry {
    /// Nodes are withdrawn for maintenance.
    Maintenance {
        /// The day of the first block; it begins at midnight UTC.
        #[schemars(with = "DateText")]
        from: Date,
        /// How long after midnight it begins; at midnight if absent.
        #[serde(default)]
        at: Span,
        /// How long it lasts.
        #[schemars(extend("x-above-zero" = true))]
        duration: Span,
        /// The time from the begin of one block to that of the next, such as `4 weeks`; there is one block if absent.
        repeat: Option<Span>,
        /// The day from which on no block begins any more; they go on if absent.
        #[schemars(with = "Option<DateText>")]
        until: Option<Date>,
        /// How many of the open nodes are withdrawn; all if absent.
        #[schemars(range(min = 1))]
        nodes: Option<u32>,
    },
    /// Nodes are withdrawn for a training course.
    Course {
        /// The day of the first block; it begins at midnight UTC.
        #[schemars(with = "DateText")]
        from: Date,
        /// How long after midnight it begins; at midnight if absent.
        #[serde(default)]
        at: Span,
        /// How long it lasts.
        #[schemars(extend("x-above-zero" = true))]
        duration: Span,
        /// The time from the begin of one block to that of the next, such as `1 weeks`; there is one block if absent.
        repeat: Option<Span>,
        /// The day from which on no block begins any more; they go on if absent.
        #[schemars(with = "Option<DateText>")]
        until: Option<Date>,
        /// How many of the open nodes are withdrawn.
        #[schemars(range(min = 1))]
        nodes: u32,
    },
    /// Only large jobs may run; no nodes are withdrawn.
    LargeJobs {
        /// The day of the first block; it begins at midnight UTC.
        #[schemars(with = "DateText")]
        from: Date,
        /// How long after midnight it begins; at midnight if absent.
        #[serde(default)]
        at: Span,
        /// How long it lasts.
        #[schemars(extend("x-above-zero" = true))]
        duration: Span,
        /// The time from the begin of one block to that of the next, such as `4 weeks`; there is one block if absent.
        repeat: Option<Span>,
        /// The day from which on no block begins any more; they go on if absent.
        #[schemars(with = "Option<DateText>")]
        until: Option<Date>,
        /// The least nodes of a job that may run.
        #[schemars(range(min = 2))]
        least_nodes: u32,
    },
}

/// How jobs of a higher tier push out jobs of a lower one: the lowest tier first, then the youngest start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Preemption {
    /// What becomes of a job that is pushed out.
    pub mode: PreemptionMode,
    /// How long a job runs before it can be pushed out; no time if absent.
    #[serde(default)]
    pub exempt: Span,
}

/// What becomes of a job that is pushed out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PreemptionMode {
    /// It goes back to its place in the queue and starts again from the last `checkpoint` of its class, or anew.
    Requeue,
    /// It is lost.
    Cancel,
    /// It gives its nodes back, keeps all it has done, and goes on when it fits again.
    Suspend,
    /// It writes a checkpoint first, which takes its time, then goes back to its place in the queue.
    CheckpointThenRequeue,
}
