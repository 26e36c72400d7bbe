//! The state of one partition during a run.

use super::checks::Integral;
use super::rights::Rights;
use crate::model::{Partition, System};
use crate::scheduling::{Change, Decision, Outlook, Place, Policy, RunningSet, View, WaitQueue, policy};
use crate::units::Time;

/// Queue, running jobs and scheduler of a partition.
#[derive(Debug)]
pub(super) struct PartitionState {
    /// Units open to jobs; 0 until it opens.
    pub(super) capacity: u32,
    pub(super) free: u32,
    pub(super) running: RunningSet,
    pub(super) queue: WaitQueue,
    pub(super) policy: Box<dyn Policy>,
    /// The instant of the wake-up that is scheduled.
    pub(super) wake: Option<Time>,
    pub(super) rights: Rights,
    /// Requested area of the jobs under way to this queue, in unit-nanoseconds.
    pub(super) inbound_area: u128,
    /// How many jobs have joined the queue.
    pub(super) sequence: u64,
    /// Jobs that joined the queue since the last decision.
    pub(super) newcomers: u32,
    /// Whether units came free since the last decision.
    pub(super) capacity_changed: bool,
    /// Whether a pass is due at the end of the round.
    pub(super) pass_due: bool,
    pub(super) max_queued: Option<u32>,
    pub(super) queue_length: Integral,
    pub(super) accelerators_busy: Integral,
}

impl PartitionState {
    /// A closed, empty partition.
    pub(super) fn new(system: &System, partition: &Partition) -> Self {
        let rights = Rights::new(system, partition);
        Self {
            capacity: 0,
            free: 0,
            running: RunningSet::default(),
            queue: WaitQueue::new(partition.policy, partition.capacity(), rights.accounts()),
            rights,
            policy: policy(partition.policy),
            wake: None,
            inbound_area: 0,
            sequence: 0,
            newcomers: 0,
            capacity_changed: false,
            pass_due: false,
            max_queued: partition.max_queued,
            queue_length: Integral::default(),
            accelerators_busy: Integral::default(),
        }
    }

    pub(super) fn is_open(&self) -> bool {
        self.capacity > 0
    }

    /// What the local policy sees, with what changed since it was last asked.
    pub(super) fn decide(&mut self, now: Time, starts: &mut Vec<Place>) -> Decision {
        let change =
            if self.capacity_changed { Change::Capacity } else { Change::Arrivals { count: self.newcomers } };
        (self.capacity_changed, self.newcomers) = (false, 0);
        let view = View { now, free: self.free, running: &self.running, queue: &self.queue, change };
        self.policy.decide(&view, starts)
    }

    /// What a prediction sees.
    pub(super) fn outlook(&self, now: Time) -> Outlook<'_> {
        Outlook {
            now,
            capacity: self.capacity,
            free: self.free,
            running: &self.running,
            queue: &self.queue,
            inbound_area: self.inbound_area,
            policy: &*self.policy,
        }
    }
}
