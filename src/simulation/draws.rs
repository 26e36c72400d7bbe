//! What a run draws for a job beside the workload's own draws, which have the purposes below these.

use super::run::Simulation;
use crate::engine::{Purpose, Stream};
use crate::model::Job;
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
        self.universe.stream(self.stream_keys[job.id.stream.index()], job.id.ordinal, purpose)
    }
}
