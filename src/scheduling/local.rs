//! Local policies: FCFS and EASY backfilling (Lifka 1995; Mu'alem and Feitelson 2001).
//!
//! EASY at an instant: start the head while it fits; then the blocked head gets the only reservation, at the earliest
//! time (the shadow time) at which enough units are free by the requested ends of the running jobs; units free at the
//! shadow time beyond the head's need are spare. Each later job in queue order starts if it fits now and either ends by
//! the shadow time (ending exactly then is allowed) or fits into the spare units, which it then uses up. EASY may delay
//! every job but the head.
//!
//! Between two changes of the running set nothing that failed before can start: free and spare units do not grow and
//! the time to the shadow shrinks. So when jobs only arrived, only they are tried, against the plan at hand.

use super::{RunningSet, WaitQueue};
use crate::model::LocalPolicy;
use crate::units::Time;

/// What changed since the last decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Only the last `count` jobs of the queue are new.
    Arrivals {
        /// How many.
        count: u32,
    },
    /// Units came free, or capacity changed.
    Capacity,
}

/// What a policy sees of its partition.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The present instant.
    pub now: Time,
    /// Units free now.
    pub free: u32,
    /// The running jobs by expected end.
    pub running: &'a RunningSet,
    /// The waiting jobs in queue order.
    pub queue: &'a WaitQueue,
    /// What changed since the last decision.
    pub change: Change,
}

/// Whether the policy has more to say once its starts are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Apply the starts, then ask again.
    AskAgain,
    /// Apply the starts; that was all.
    Done,
}

/// The reservation of the head of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Plan {
    shadow: Time,
    extra: u32,
}

/// A local scheduler: a policy with the plan it remembers between decisions.
#[derive(Debug, Clone)]
pub struct LocalScheduler {
    policy: LocalPolicy,
    plan: Option<Plan>,
}

impl LocalScheduler {
    /// A scheduler of this policy with no plan.
    pub fn new(policy: LocalPolicy) -> Self {
        Self { policy, plan: None }
    }

    /// Adds the queue positions of the jobs to start now to `starts`, in the order of their starts.
    #[inline]
    pub fn decide(&mut self, view: &View<'_>, starts: &mut Vec<u64>) -> Decision {
        start_heads(view, starts);
        match self.policy {
            LocalPolicy::Fcfs => Decision::Done,
            LocalPolicy::Easy if starts.is_empty() => {
                self.backfill(view, starts);
                Decision::Done
            }
            LocalPolicy::Easy => {
                self.plan = None;
                if starts.len() == view.queue.len() { Decision::Done } else { Decision::AskAgain }
            }
        }
    }

    /// Whether a job of `units` requesting time until `end` would start now by the plan at hand, jumping the queue.
    pub fn would_backfill(&self, free: u32, units: u32, end: Time) -> bool {
        self.plan.is_some_and(|plan| units <= free && (end <= plan.shadow || units <= plan.extra))
    }

    fn backfill(&mut self, view: &View<'_>, starts: &mut Vec<u64>) {
        let Some((head, job)) = view.queue.head() else {
            self.plan = None;
            return;
        };
        let (mut plan, mut from) = if let (Some(plan), Change::Arrivals { count }) = (self.plan, view.change)
        {
            (plan, view.queue.tail() - u64::from(count))
        } else {
            let fit = view.running.earliest_fit(view.free, job.units);
            // A partition that has not opened or a head larger than it leaves no plan and nothing to backfill.
            let Some((shadow, free_then)) = fit else { return self.plan = None };
            (Plan { shadow, extra: free_then - job.units }, head + 1)
        };
        let window = plan.shadow.since(view.now);
        let mut free = view.free;
        while free > 0 {
            let Some(position) = view.queue.next_fitting(from, free, plan.extra, window) else { break };
            let job = view.queue.get(position);
            if job.requested > window {
                plan.extra -= job.units;
            }
            free -= job.units;
            starts.push(position);
            from = position + 1;
        }
        self.plan = Some(plan);
    }
}

/// Starts jobs from the head while they fit; nothing overtakes.
#[inline]
fn start_heads(view: &View<'_>, starts: &mut Vec<u64>) {
    let mut free = view.free;
    for (position, job) in view.queue.iter_from(0) {
        if job.units > free {
            return;
        }
        free -= job.units;
        starts.push(position);
    }
}
