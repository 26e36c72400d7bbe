//! EASY backfilling with one reservation (Lifka 1995; Mu'alem and Feitelson 2001).
//!
//! At an instant: start the head while it fits; then the blocked head gets the only reservation, at the earliest time
//! (the shadow time) at which enough units are free by the requested ends of the running jobs; units free at the shadow
//! time beyond the head's need are spare. Each later job, in the order of the scan, starts if it fits now and either
//! ends by the shadow time (ending exactly then is allowed) or fits into the spare units, which it then uses up. EASY
//! may delay every job but the head.
//!
//! Between two changes of the running set nothing that failed before can start: free and spare units do not grow and
//! the time to the shadow shrinks. So while jobs only arrive and the head stands, only they are tried, against the plan
//! at hand: O(1) an arrival. Elsewhere O(R + started log n), with R running jobs up to the shadow and n waiting.

use super::in_order::start_heads;
use super::policy::{Change, Decision, Policy, Promise, View};
use super::queue::{Fit, From, Place, Waiting};
use crate::model::{Easy, Order, ScanOrder, SpareUnits};
use crate::units::Time;

/// The reservation of the head of the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Plan {
    /// The head's name.
    head: u32,
    shadow: Time,
    extra: u32,
}

/// EASY with one reservation.
#[derive(Debug)]
pub(super) struct Shadow {
    order: Order,
    easy: Easy,
    plan: Option<Plan>,
}

impl Shadow {
    pub(super) fn new(order: Order, easy: Easy) -> Self {
        Self { order, easy, plan: None }
    }

    fn plan(&self, view: &View<'_>, head: Waiting) -> Option<Plan> {
        // A partition that has not opened or a head larger than it leaves no plan and nothing to backfill.
        let (shadow, free_then) = view.running.earliest_fit(view.free, head.units)?;
        let extra = match self.easy.spare {
            SpareUnits::Used => free_then - head.units,
            SpareUnits::Unused => 0,
        };
        Some(Plan { head: head.job, shadow, extra })
    }

    fn backfill(&mut self, view: &View<'_>, starts: &mut Vec<Place>) {
        let Some((place, head)) = view.queue.head() else {
            self.plan = None;
            return;
        };
        let (mut plan, mut from) = match (self.plan, view.change) {
            (Some(plan), Change::Arrivals { count }) if plan.head == head.job => {
                (plan, From::Newcomers(count))
            }
            _ => {
                let Some(plan) = self.plan(view, head) else { return self.plan = None };
                (plan, From::Behind(place))
            }
        };
        if self.easy.scan == ScanOrder::ShortestFirst {
            from = From::Start;
        }
        let window = plan.shadow.since(view.now);
        let mut free = view.free;
        while free > 0 {
            let fit = Fit { free, extra: plan.extra, window };
            let found = view.queue.next_in(self.easy.scan, from, &fit);
            let Some(found) = found else { break };
            let job = view.queue.get(found);
            if job.requested > window {
                plan.extra -= job.units;
            }
            free -= job.units;
            starts.push(found);
            from = From::Behind(found);
        }
        self.plan = Some(plan);
    }
}

impl Policy for Shadow {
    fn decide(&mut self, view: &View<'_>, starts: &mut Vec<Place>) -> Decision {
        let free = start_heads(view, starts);
        if starts.is_empty() {
            self.backfill(view, starts);
            return Decision::Done;
        }
        self.plan = None;
        if free == 0 || starts.len() == view.queue.len() { Decision::Done } else { Decision::AskAgain }
    }

    fn leaves_waiting(&self, now: Time, free: u32, job: &Waiting) -> bool {
        // In other orders the newcomer may be the new head.
        self.order == Order::Submission
            && self.plan.is_some()
            && !self.would_jump(now, free, job.units, job.requested)
    }

    fn turned_away(&mut self, _now: Time, job: u32) {
        // Its name may be given to another.
        self.plan = self.plan.filter(|plan| plan.head != job);
    }

    #[inline]
    fn promise(&self) -> Option<Promise> {
        self.plan.map(|Plan { shadow, extra, .. }| Promise { shadow, extra })
    }
}
