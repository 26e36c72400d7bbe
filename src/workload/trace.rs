//! Recorded jobs as a workload of one stream.

use super::{Submission, Workload};
use crate::model::{ClassId, CommunityId, CountryId, Job, JobId, Profile, Request, Scaling, StreamId};
use crate::units::{Bytes, Span, Time};

/// One recorded job, in whole seconds as traces carry it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TraceJob {
    /// The trace's job number.
    pub number: u64,
    /// Submission, in seconds.
    pub submit_s: u64,
    /// Run time, in seconds.
    pub run_s: u64,
    /// Processors, each taken as one accelerator.
    pub processors: u32,
    /// Requested time, in seconds.
    pub requested_s: u64,
}

/// What the scheduler is told of a job's duration.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Estimates {
    /// The user's requested time.
    Requested,
    /// The true run time.
    Exact,
}

/// Recorded jobs by submission, then by their order in the trace.
#[derive(Debug, Clone)]
pub struct Trace {
    jobs: Vec<TraceJob>,
    estimates: Estimates,
    next: usize,
}

impl Trace {
    /// A workload of `jobs`; jobs submitted in the same second keep their order.
    pub fn new(mut jobs: Vec<TraceJob>, estimates: Estimates) -> Self {
        jobs.sort_by_key(|job| job.submit_s);
        Self { jobs, estimates, next: 0 }
    }

    /// The jobs in the order of submission.
    pub fn jobs(&self) -> &[TraceJob] {
        &self.jobs
    }
}

impl Workload for Trace {
    fn streams(&self) -> usize {
        1
    }

    fn next(&mut self, stream: StreamId) -> Option<Submission> {
        let recorded = *self.jobs.get(self.next)?;
        self.next += 1;
        let run = Span::from_seconds(recorded.run_s);
        let requested = match self.estimates {
            Estimates::Requested => Span::from_seconds(recorded.requested_s),
            Estimates::Exact => run,
        };
        let accelerators = recorded.processors;
        let request = Request {
            startup: Span::ZERO,
            accelerators,
            requested,
            scaling: Scaling::WallTime,
            input: Bytes::ZERO,
        };
        let job = Job {
            id: JobId { stream, ordinal: recorded.number },
            community: CommunityId(0),
            country: CountryId(0),
            class: ClassId(0),
            dataset: None,
            site: None,
            request,
            profile: Profile::done(run),
        };
        Some(Submission { at: Time::from_seconds(recorded.submit_s), job })
    }
}
