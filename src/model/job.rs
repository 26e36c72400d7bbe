//! A job: what the scheduler sees of it ([`Request`]) and what truly happens ([`Profile`]) are two types.

use super::ids::{ClassId, CommunityId, CountryId, DatasetId, StreamId};
use crate::units::{Bytes, Span};

/// A job's name for good: its stream and its place in it. It never depends on what other streams do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId {
    /// The stream it came from.
    pub stream: StreamId,
    /// Its number in the stream, from 0; for a trace, the trace's own job number.
    pub ordinal: u64,
}

/// Whether a job's reference time is wall time everywhere or work that a faster accelerator does in less time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scaling {
    /// The same wall time on every accelerator.
    WallTime,
    /// Time on the reference accelerator, divided by the speed of the accelerator it runs on.
    Work,
}

impl Scaling {
    /// A reference time on an accelerator of `speed`, rounded up to the next nanosecond.
    pub fn on(self, reference: Span, speed: f64) -> Span {
        match self {
            Self::WallTime => reference,
            Self::Work if speed.total_cmp(&1.0).is_eq() => reference,
            Self::Work => Span((reference.0 as f64 / speed).ceil() as u64),
        }
    }
}

/// What the user asks for and the scheduler sees.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Request {
    /// Accelerators, all at once.
    pub accelerators: u32,
    /// The time limit on the reference accelerator, its start aside: the job is killed at it. [`Request::MOST`] for as much as
    /// the partition allows.
    pub requested: Span,
    /// How long it holds its accelerators before its work begins, the same on every kind; asked for on top.
    pub startup: Span,
    /// How both times scale with the accelerator.
    pub scaling: Scaling,
    /// What must be there before it starts.
    pub input: Bytes,
}

impl Request {
    /// The time limit of those who ask for as much as their partition allows.
    pub const MOST: Span = Span::MAX;
}

/// Why a job ends when nobody kills it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Ending {
    /// Its work is done.
    #[default]
    Done,
    /// Its user has seen enough.
    Stopped,
    /// Its user has made a mistake.
    Failed,
}

/// What truly happens when the job runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Profile {
    /// How long it would run on the reference accelerator if nobody killed it, its start aside.
    pub run: Span,
    /// Why it ends then.
    pub ending: Ending,
    /// What it leaves behind, to be sent home.
    pub output: Bytes,
}

/// One job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Job {
    /// Its name.
    pub id: JobId,
    /// Who asks.
    pub community: CommunityId,
    /// From where.
    pub country: CountryId,
    /// Its class.
    pub class: ClassId,
    /// The dataset it reads, which must be there before it starts, beside its own input.
    pub dataset: Option<DatasetId>,
    /// What the scheduler sees.
    pub request: Request,
    /// What truly happens.
    pub profile: Profile,
}
