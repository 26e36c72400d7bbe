//! One row for each run of a job that was cut short: pushed out, or stopped to change its size.

use crate::model::{CommunityId, JobId, PartitionId, Scaling};
use crate::units::{Span, Time};

/// A run that did not end its job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SegmentRow {
    /// The job.
    pub id: JobId,
    /// Who asked.
    pub community: CommunityId,
    /// Where it ran.
    pub partition: PartitionId,
    /// Accelerators asked for.
    pub accelerators: u32,
    /// Accelerators held.
    pub accelerators_held: u32,
    /// How its time scales with the accelerator.
    pub scaling: Scaling,
    /// When the run began.
    pub from: Time,
    /// When it gave its units back.
    pub to: Time,
    /// How much of this time was in vain: work done again later, restarts, checkpoints.
    pub lost: Span,
}
