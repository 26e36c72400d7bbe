//! One row a job: who, where, when, how it ended.

use super::WaitCauses;
use crate::model::{ClassId, CommunityId, CountryId, DatasetId, JobId, PartitionId, Scaling};
use crate::units::{AcceleratorTime, Bytes, Span, Time};

/// Why a job was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Rejection {
    /// No site of the set is open yet.
    NoOpenSite,
    /// It asks for more accelerators than any open partition gives to one job.
    TooLarge,
    /// It asks for more time than any partition it fits on allows.
    TooLong,
    /// No open partition within reach takes jobs of its community.
    NotAdmitted,
    /// The waiting places of its partition are taken.
    QueueFull,
    /// No route leads from its country to any site it fits on, or none from its dataset.
    Unreachable,
    /// No open site within reach may hold its dataset.
    Residency,
    /// The hours of its project expired before it started.
    Expired,
}

impl Rejection {
    /// All reasons, in the order of their indices.
    pub const ALL: [Self; 8] = [
        Self::NoOpenSite,
        Self::TooLarge,
        Self::TooLong,
        Self::NotAdmitted,
        Self::QueueFull,
        Self::Unreachable,
        Self::Residency,
        Self::Expired,
    ];

    /// The reason in words, for tables.
    pub fn words(self) -> &'static str {
        match self {
            Self::NoOpenSite => "no open site",
            Self::TooLarge => "too large",
            Self::TooLong => "too long",
            Self::NotAdmitted => "not admitted",
            Self::QueueFull => "queue full",
            Self::Unreachable => "unreachable",
            Self::Residency => "residency",
            Self::Expired => "expired",
        }
    }
}

/// How a job ended, or where it stood when the observation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It ran to its end.
    Completed,
    /// Its user stopped it before it was done.
    Stopped,
    /// It failed by a mistake of its user.
    Failed,
    /// It was killed at its requested time.
    Killed,
    /// It was pushed out by a job of a higher tier, for good.
    Preempted,
    /// Its user was promised too long a wait, and went elsewhere at once.
    Balked,
    /// Its user had waited long enough for its start, and went elsewhere.
    Reneged,
    /// It was refused on arrival.
    Rejected(Rejection),
    /// It was still running.
    Running,
    /// It was still in the queue.
    Queued,
    /// Its input was still on the way.
    Staging,
}

/// One job.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct JobRow {
    /// Its name.
    pub id: JobId,
    /// Who asked.
    pub community: CommunityId,
    /// From where.
    pub country: CountryId,
    /// Its class.
    pub class: ClassId,
    /// The dataset it reads.
    pub dataset: Option<DatasetId>,
    /// Where it was sent; `None` if rejected before.
    pub partition: Option<PartitionId>,
    /// Accelerators that it asked for.
    pub accelerators_asked: u32,
    /// The time that it asked for, on the reference accelerator and so many of them, its start aside; [`Request::MOST`] for
    /// as much as its partition allows.
    ///
    /// [`Request::MOST`]: crate::model::Request::MOST
    pub time_asked: Span,
    /// Accelerators on which it ran: those asked for, or the last size of a job that has several.
    pub accelerators: u32,
    /// Accelerators held while running: whole nodes count in full.
    pub accelerators_held: u32,
    /// At how many sites it ran at once. Of a job that trained across several, place, times, accelerators and worth are those
    /// of the part that ended last; the other parts have segments.
    pub sites: u32,
    /// How many accelerators of the size that it asked for do the same work in the same time as those on which it ran:
    /// these themselves, unless the job has several sizes.
    pub worth: f64,
    /// Its true work: accelerators asked for times run time on the reference accelerator.
    pub work: AcceleratorTime,
    /// The part of its work that experts would have needed: 1, unless its project is still learning.
    pub efficiency: f64,
    /// How its time scales with the accelerator.
    pub scaling: Scaling,
    /// When it was submitted.
    pub submit: Time,
    /// When the broker predicted that its turn would come, its input aside; `None` if it did not ask.
    pub predicted: Option<Time>,
    /// When its input and its dataset were there and it joined the queue.
    pub queued: Option<Time>,
    /// When it started for the first time.
    pub start: Option<Time>,
    /// From when on it got on in the run in which it ended, or which is under way; what was before has rows of its own.
    pub last_start: Option<Time>,
    /// The wait until it started for the first time, or so far, by cause.
    pub waits: WaitCauses,
    /// When it ended.
    pub end: Option<Time>,
    /// The time it requested at its partition, for its last run.
    pub requested: Span,
    /// Bytes staged in.
    pub input: Bytes,
    /// Bytes sent home.
    pub output: Bytes,
    /// How it ended.
    pub outcome: Outcome,
}
