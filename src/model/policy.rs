//! The policies a scenario chooses from, as data. What they do is written in `scheduling`.

use crate::units::Span;
use std::fmt;

/// How a partition serves its queue: the order in which jobs are considered, and what may overtake a blocked one.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalPolicy {
    /// The order of the queue.
    pub order: Order,
    /// What may start before a job ahead of it.
    pub backfill: Backfill,
}

impl LocalPolicy {
    /// First come, first served: the head starts when it fits, nothing overtakes it.
    pub const FCFS: Self = Self { order: Order::Submission, backfill: Backfill::None };
    /// Shortest requested time first, nothing overtakes the head.
    pub const SJF: Self = Self { order: Order::ShortestFirst, backfill: Backfill::None };
    /// Longest requested time first, nothing overtakes the head.
    pub const LJF: Self = Self { order: Order::LongestFirst, backfill: Backfill::None };
    /// EASY backfilling: the head of the queue has the only reservation.
    pub const EASY: Self = Self { order: Order::Submission, backfill: Backfill::Easy(Easy::PLAIN) };

    /// Whether jobs have reservations that last from decision to decision: such a plan knows no limits, no calendar, no
    /// tiers and no preemption.
    pub fn keeps_reservations(self) -> bool {
        matches!(self.backfill, Backfill::Conservative(rule) if rule.compression != Compression::Replan)
    }
}

impl fmt::Display for LocalPolicy {
    /// As tables name it: `EASY`, `SJF`, `WFP3 + conservative (queue-order, depth 100)`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let order = self.order.name().to_uppercase();
        match self.backfill {
            Backfill::None => f.write_str(&order),
            backfill if self.order == Order::Submission => backfill.fmt(f),
            backfill => write!(f, "{order} + {backfill}"),
        }
    }
}

/// The order in which the jobs of a queue are considered. Ties: first come, first.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Order {
    /// First come, first served.
    Submission,
    /// Shortest requested time first (SJF, SPT).
    ShortestFirst,
    /// Longest requested time first (LJF, LPT).
    LongestFirst,
    /// Least units x requested time first.
    SmallestAreaFirst,
    /// Greatest units x requested time first.
    LargestAreaFirst,
    /// Greatest (wait / requested)^3 x units first; changes as time passes.
    Wfp3,
    /// Greatest wait / ((log2(units) + 1) x requested) first; changes as time passes. The published form divides by
    /// log2(units), which is zero for one unit: one is added.
    Unicef,
    /// Least log10(requested) x units + 870 log10(submit) first (Carastan-Santos and de Camargo 2017); times in seconds,
    /// at least 1, submit from the scenario's start.
    F1,
    /// Least sqrt(requested) x units + 25,600 log10(submit) first.
    F2,
    /// Least requested x units + 6,860,000 log10(submit) first.
    F3,
    /// Least requested x sqrt(units) + 530,000 log10(submit) first.
    F4,
    /// Earliest deadline first (EDF); jobs whose class has none come last.
    EarliestDeadline,
    /// Least accelerator-time used so far first (LAS), which a job has when it comes back from preemption or is a later
    /// segment of a chain.
    LeastAttained,
    /// The account of greatest fair-share factor first, by decayed usage and the fair tree.
    FairShare(Decay),
    /// The community of least dominant share first, over the partitions of the site.
    DominantResource,
    /// Slurm's multifactor priority, the greatest first.
    Multifactor(Multifactor, Decay),
}

impl Order {
    /// Whether the order of two waiting jobs can change as time passes.
    pub fn varies(self) -> bool {
        matches!(self, Self::Wfp3 | Self::Unicef)
    }

    /// What usage decays like, where the order looks at usage.
    pub fn decay(self) -> Option<Decay> {
        match self {
            Self::FairShare(decay) | Self::Multifactor(_, decay) => Some(decay),
            _ => None,
        }
    }

    /// Its name in scenarios and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Submission => "fcfs",
            Self::ShortestFirst => "sjf",
            Self::LongestFirst => "ljf",
            Self::SmallestAreaFirst => "smallest-area",
            Self::LargestAreaFirst => "largest-area",
            Self::Wfp3 => "wfp3",
            Self::Unicef => "unicef",
            Self::F1 => "f1",
            Self::F2 => "f2",
            Self::F3 => "f3",
            Self::F4 => "f4",
            Self::EarliestDeadline => "earliest-deadline",
            Self::LeastAttained => "least-attained",
            Self::FairShare(_) => "fair-share",
            Self::DominantResource => "dominant-resource",
            Self::Multifactor(..) => "multifactor",
        }
    }
}

/// How usage is forgotten, and how often it is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Decay {
    /// The time in which usage halves, not zero; `None` if it is never forgotten.
    pub half_life: Option<Span>,
    /// Usage counts as it stood at the last whole multiple of this; with zero, as it stands now.
    pub period: Span,
}

/// Which jobs the size factor favours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SizeFavour {
    /// Large ones: units over capacity.
    Large,
    /// Small ones: one minus that.
    Small,
}

/// The weights of the priority and the age at which it stops growing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Multifactor {
    /// The weight of age.
    pub age_weight: f64,
    /// The wait from which a job is old; with zero it is old at once.
    pub max_age: Span,
    /// The weight of size.
    pub size_weight: f64,
    /// Which sizes are favoured.
    pub size_favour: SizeFavour,
    /// The weight of the account's fair share.
    pub fair_share_weight: f64,
    /// The weight of the quality of service.
    pub qos_weight: f64,
}

/// What may start before a job ahead of it in the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Backfill {
    /// Nothing: the first job that does not fit blocks all others.
    None,
    /// Everything that fits now: nobody has a reservation, so wide jobs may starve.
    FirstFit,
    /// What delays none of the first blocked jobs.
    Easy(Easy),
    /// What delays no job of the queue that has a reservation.
    Conservative(Conservative),
    /// As Slurm does it: strict order at every event, conservative backfilling now and then.
    Cycle(Cycle),
}

impl fmt::Display for Backfill {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::None => f.write_str("no backfilling"),
            Self::FirstFit => f.write_str("first fit"),
            Self::Easy(easy) => easy.fmt(f),
            Self::Conservative(conservative) => conservative.fmt(f),
            Self::Cycle(cycle) => {
                write!(f, "backfill cycle (every {}, depth {})", cycle.interval, cycle.depth)
            }
        }
    }
}

impl fmt::Display for Easy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.scan == ScanOrder::ShortestFirst { "EASY-SJBF" } else { "EASY" })?;
        if self.reservations != 1 {
            write!(f, ", {} reservations", self.reservations)?;
        }
        f.write_str(if self.spare == SpareUnits::Unused { ", no spare units" } else { "" })
    }
}

impl fmt::Display for Conservative {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "conservative ({}", self.compression.name())?;
        self.depth.map_or(Ok(()), |depth| write!(f, ", depth {depth}"))?;
        f.write_str(")")
    }
}

/// EASY backfilling (Lifka 1995) and its variants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Easy {
    /// How many blocked jobs have a reservation, at least 1.
    pub reservations: u32,
    /// Whether a job may run past the first reservation on units that it leaves spare.
    pub spare: SpareUnits,
    /// The order in which the jobs behind are tried.
    pub scan: ScanOrder,
}

impl Easy {
    /// One reservation, spare units used, candidates in queue order.
    pub const PLAIN: Self = Self { reservations: 1, spare: SpareUnits::Used, scan: ScanOrder::Queue };
}

/// Whether backfilled jobs may hold units beyond the first reservation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SpareUnits {
    /// A job that runs past the reservation may hold the units it leaves spare.
    Used,
    /// A job must end by the reservation.
    Unused,
}

/// The order in which jobs are tried for backfilling.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScanOrder {
    /// The order of the queue.
    Queue,
    /// Shortest requested time first (SJBF). Ties: first come, first.
    ShortestFirst,
}

/// Conservative backfilling: each job has a reservation from when it comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Conservative {
    /// What happens to the reservations when units come free early: a job ends before its requested time, or a job
    /// with others behind it in the queue is turned away.
    pub compression: Compression,
    /// How many jobs of the queue have a reservation at most; the others wait without. `None`: all.
    pub depth: Option<u32>,
}

/// What happens to the reservations of a conservative queue when a job ends before its requested time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Compression {
    /// Each job in the order of the present reservations is taken out and placed again: no start moves later.
    ReservationOrder,
    /// Each job in queue order is taken out and placed again: no start moves later.
    QueueOrder,
    /// As `QueueOrder`, at every end, also of a job that took all its requested time: what a compression frees for jobs
    /// whose turn is over is used at the next end. With submissions first this is the rule of pyss.
    QueueOrderEachEnd,
    /// All are taken out and placed again in queue order, at every pass: a start may move later.
    Replan,
    /// Nothing: every job starts at the instant reserved when it came.
    None,
}

/// Slurm's backfill cycle, with the names of its parameters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cycle {
    /// Jobs looked at in one pass in strict order (`default_queue_depth`); a pass that starts jobs is followed by another.
    pub quick_depth: u32,
    /// The least time between two backfill cycles (`bf_interval`).
    pub interval: Span,
    /// Jobs planned in a cycle (`bf_max_job_test`).
    pub depth: u32,
    /// How far ahead a cycle plans (`bf_window`).
    pub window: Span,
    /// To what planned lengths are rounded up (`bf_resolution`).
    pub resolution: Span,
}

impl Cycle {
    /// Slurm's defaults.
    pub const DEFAULT: Self = Self {
        quick_depth: 100,
        interval: Span(30 * 1_000_000_000),
        depth: 100,
        window: Span(1_440 * 60 * 1_000_000_000),
        resolution: Span(60 * 1_000_000_000),
    };
}

impl Compression {
    /// Its name in scenarios and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::ReservationOrder => "reservation-order",
            Self::QueueOrder => "queue-order",
            Self::QueueOrderEachEnd => "queue-order-each-end",
            Self::Replan => "replan",
            Self::None => "none",
        }
    }
}

/// The order of events at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventOrder {
    /// Completions, network updates, arrivals, then one scheduling pass for each partition.
    EndsFirst,
    /// Submissions one by one, then completions one by one in the order of their starts, a pass after each: the order
    /// of the published schedules of the parallel workloads archive's logs.
    SubmissionsFirst,
}
