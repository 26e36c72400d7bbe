//! A job: what the scheduler sees of it ([`Request`]) and what truly happens ([`Profile`]) are two types.

use super::ids::{ClassId, CommunityId, CountryId, DatasetId, SiteId, StreamId};
use crate::units::{Bytes, Span};

/// A job's name for good: its stream and its place in it. It never depends on what other streams do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct JobId {
    /// The stream it came from.
    pub stream: StreamId,
    /// Its number in the stream, from 0; for a trace, the trace's own job number; for a project's job see
    /// [`JobId::of_project`].
    pub ordinal: u64,
}

impl JobId {
    /// Jobs of a project have numbers of so many bits behind that of their project in its stream.
    const PROJECT_BITS: u32 = 24;
    /// The most jobs of a project.
    pub const MOST_OF_PROJECT: u64 = 1 << Self::PROJECT_BITS;

    /// Job `number` of project `project` of a stream of projects.
    ///
    /// # Panics
    ///
    /// If `number` is not below [`JobId::MOST_OF_PROJECT`], or `project` not below 2^40.
    pub fn of_project(stream: StreamId, project: u64, number: u64) -> Self {
        assert!(
            number < Self::MOST_OF_PROJECT && project < 1 << (64 - Self::PROJECT_BITS),
            "a project has its place"
        );
        Self { stream, ordinal: project << Self::PROJECT_BITS | number }
    }

    /// The project of a job of a stream of projects.
    pub fn project(self) -> u64 {
        self.ordinal >> Self::PROJECT_BITS
    }

    /// The number of a job of a stream of projects in its project.
    pub fn number(self) -> u64 {
        self.ordinal & (Self::MOST_OF_PROJECT - 1)
    }
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
    /// How long experts would have needed for the same, at most as long.
    pub useful: Span,
    /// Why it ends then.
    pub ending: Ending,
    /// What it leaves behind, to be sent home.
    pub output: Bytes,
}

impl Profile {
    /// A job that does all its work and leaves nothing behind.
    pub const fn done(run: Span) -> Self {
        Self { run, useful: run, ending: Ending::Done, output: Bytes::ZERO }
    }

    /// The part of its time that experts would have needed.
    pub fn efficiency(&self) -> f64 {
        if self.useful == self.run { 1.0 } else { self.useful.0 as f64 / self.run.0 as f64 }
    }
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
    /// The only site at which it may run, where its project's hours are bound to one.
    pub site: Option<SiteId>,
    /// What the scheduler sees.
    pub request: Request,
    /// What truly happens.
    pub profile: Profile,
}
