//! When a job would start at a partition, judged from the partition's own state: running jobs by requested end and the
//! requested area of the queue. True run times are never seen.
//!
//! With nobody queued or under way, or when the job would be backfilled at once, the answer is what the local policy would do if
//! every job ran as requested. Behind a queue it is a fluid estimate: the earliest time at which the running jobs leave
//! room, plus the time in which the whole partition works off the requested area of the jobs queued and under way.
//! Since people ask for more time than they use, it errs on the late side.

use super::{Policy, RunningSet, WaitQueue};
use crate::units::{Span, Time};

/// What a prediction sees of a partition.
#[derive(Debug, Clone, Copy)]
pub struct Outlook<'a> {
    /// The present instant.
    pub now: Time,
    /// Units of the partition.
    pub capacity: u32,
    /// Units free now.
    pub free: u32,
    /// The running jobs by expected end.
    pub running: &'a RunningSet,
    /// The waiting jobs.
    pub queue: &'a WaitQueue,
    /// Units times requested time of the jobs sent here whose input is still on the way, in unit-nanoseconds.
    pub inbound_area: u128,
    /// The local policy with its plan.
    pub policy: &'a dyn Policy,
}

/// The predicted start of a job of `units` that requests `requested`; the job must fit the partition's capacity.
pub fn predicted_start(outlook: &Outlook<'_>, units: u32, requested: Span) -> Time {
    let queue = outlook.queue;
    let free_now = units <= outlook.free;
    let jumps = || outlook.policy.would_jump(outlook.now, outlook.free, units, requested);
    let first = queue.is_empty() && outlook.inbound_area == 0;
    if free_now && (first || jumps()) {
        return outlook.now;
    }
    let room = if free_now { Some(outlook.now) } else { fit(outlook, units) };
    let backlog = (queue.area() + outlook.inbound_area) / u128::from(outlook.capacity.max(1));
    let backlog = Span(u64::try_from(backlog).unwrap_or(u64::MAX));
    room.unwrap_or(outlook.now).saturating_add(backlog)
}

fn fit(outlook: &Outlook<'_>, units: u32) -> Option<Time> {
    outlook.running.earliest_fit(outlook.free, units).map(|(time, _)| time)
}
