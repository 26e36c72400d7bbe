//! Where jobs come from: synthetic demand drawn from a scenario, and recorded traces.
//!
//! A workload gives one job at a time for each of its streams, so that a run holds one pending arrival a stream and
//! never a list of jobs.

mod arrivals;
mod projects;
mod swf;
mod synthetic;
mod trace;

pub use projects::{Applicant, Applications, ProjectDraws};
pub use swf::{Dropped, SwfError, SwfLog, read_swf};
pub(crate) use synthetic::LONGEST_S;
pub use synthetic::Synthetic;
pub use trace::{Estimates, Trace, TraceJob};

use crate::model::{Job, StreamId};
use crate::units::Time;

/// A job with the instant of its submission.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Submission {
    /// When it is submitted.
    pub at: Time,
    /// The job.
    pub job: Job,
}

/// A source of jobs in streams; within a stream submissions never go back in time.
pub trait Workload {
    /// The number of streams.
    fn streams(&self) -> usize;

    /// The next job of a stream, or `None` when it has ended, or waits for a job to leave.
    fn next(&mut self, stream: StreamId) -> Option<Submission>;

    /// A job of a stream has left the system: one that waited for it may have a next job now.
    fn left(&mut self, _stream: StreamId, _now: Time) {}
}
