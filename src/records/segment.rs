//! One row for each run of a job that did not end it, and for time in which a job held accelerators and did not get on.

use crate::model::{CommunityId, JobId, PartitionId, Scaling};
use crate::units::{Span, Time};

/// A stretch of time in which a job held accelerators, other than the last one, which its own row tells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SegmentRow {
    /// The job.
    pub id: JobId,
    /// Who asked.
    pub community: CommunityId,
    /// Where it ran.
    pub partition: PartitionId,
    /// Accelerators held.
    pub accelerators_held: u32,
    /// How many accelerators of the size that it asked for do the same work in the same time.
    pub worth: f64,
    /// How its time scales with the accelerator.
    pub scaling: Scaling,
    /// When the stretch began.
    pub from: Time,
    /// When it ended.
    pub to: Time,
    /// How much of this time was in vain: work done again later, restarts, checkpoints, changes of size.
    pub lost: Span,
    /// What ended it.
    pub ended_by: SegmentEnd,
}

impl SegmentRow {
    /// The share of this time that was not in vain. It counts as spread evenly, so that the parts of a stretch within and
    /// without a window add up to what was kept of it.
    pub fn kept_share(&self) -> f64 {
        let length = self.to.since(self.from);
        if length == Span::ZERO { 1.0 } else { (length.0 - self.lost.0) as f64 / length.0 as f64 }
    }
}

/// Why a stretch of a job's time ended before the job did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SegmentEnd {
    /// Another job pushed it out.
    PushedOut,
    /// Its segment of a chain was over.
    Chain,
    /// It changed its size.
    Resize,
    /// It was ready to get on, until when it had restarted or reconfigured; or a malleable job had saved its state, to be
    /// pushed out.
    Restart,
    /// A part of a training across sites was over, or went on to the end of the observation, that the job's row does not
    /// tell of.
    Part,
    /// A part had held its accelerators for the other parts in vain.
    Hold,
}
