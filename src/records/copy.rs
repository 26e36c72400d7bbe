//! One row for each copy of a job that did not start.

use crate::model::{CommunityId, JobId, PartitionId};
use crate::units::Time;

/// A copy of a job that was taken back when another copy started, or that found its queue full while others were left.
/// The job itself has its own row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CopyRow {
    /// The job.
    pub id: JobId,
    /// Who asked.
    pub community: CommunityId,
    /// Where it waited.
    pub partition: PartitionId,
    /// When the job was submitted.
    pub submit: Time,
    /// When its input was there and it joined the queue; `None` if the input was still on the way.
    pub queued: Option<Time>,
    /// When it left.
    pub to: Time,
}
