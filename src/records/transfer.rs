//! One row a transfer: what moved, between which places, from when to when.

use crate::model::NodeId;
use crate::units::{Bytes, Time};

/// Why data moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum TransferKind {
    /// The input of a job, to its site.
    Input,
    /// The results of a job, home.
    Output,
    /// By a plan of the scenario, with its place among these.
    Scheduled(u32),
    /// A dataset, to the site of those that read it.
    Dataset,
    /// The saved state of a job that goes on later, to where its results go.
    Checkpoint,
    /// Averages of a training across sites, to the next one of its sites.
    Averages,
}

/// A transfer that finished, or that was under way when the observation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TransferRow {
    /// Why.
    pub kind: TransferKind,
    /// From where.
    pub from: NodeId,
    /// To where.
    pub to: NodeId,
    /// How much.
    pub bytes: Bytes,
    /// When it was started, its latency still before it.
    pub started: Time,
    /// When its last byte arrived; `None` if it was called off, or under way at the end.
    pub ended: Option<Time>,
}
