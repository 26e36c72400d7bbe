//! What a run draws for a job beside the workload's own draws, which have the purposes below these.

use super::run::Simulation;
use crate::engine::{Purpose, Stream, member_key};
use crate::model::{Asks, Job, JobId};
use crate::records::Sink;
use crate::workload::Workload;

/// The site that a broker draws.
pub(super) const BROKER: Purpose = 16;
/// The longest promised wait that its user accepts.
pub(super) const PROMISED: Purpose = 17;
/// How long its user waits.
pub(super) const WAITED: Purpose = 18;

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// The random numbers of a job for a purpose.
    pub(super) fn draws(&self, job: &Job, purpose: Purpose) -> Stream {
        let (key, JobId { stream, ordinal }) = (self.stream_keys[job.id.stream.index()], job.id);
        if self.projects.is_some() && self.system.streams[stream].asks == Asks::Projects {
            let (project, number) = (job.id.project(), job.id.number());
            return self.universe.stream(member_key(key, project), number, purpose);
        }
        self.universe.stream(key, ordinal, purpose)
    }
}
