//! Policies without reservations: strictly in the order of the queue, or whatever fits first.

use super::policy::{Decision, Policy, View};
use super::queue::{Fit, From, Place, Waiting};
use crate::model::Order;
use crate::units::Time;

/// Starts jobs from the head while they fit; nothing overtakes. O(jobs started).
#[derive(Debug)]
pub(super) struct InOrder {
    order: Order,
}

impl InOrder {
    pub(super) fn new(order: Order) -> Self {
        Self { order }
    }
}

impl Policy for InOrder {
    fn decide(&mut self, view: &View<'_>, starts: &mut Vec<Place>) -> Decision {
        start_heads(view, starts);
        Decision::Done
    }

    fn leaves_waiting(&self, _: Time, _: u32, _: &Waiting) -> bool {
        // In other orders the newcomer may be the new head.
        self.order == Order::Submission
    }
}

/// Starts every job that fits, in the order of the queue; nobody has a reservation. O(log n) a job started.
#[derive(Debug)]
pub(super) struct FirstFit;

impl Policy for FirstFit {
    fn decide(&mut self, view: &View<'_>, starts: &mut Vec<Place>) -> Decision {
        let (mut free, mut from) = (view.free, From::Start);
        while free > 0 {
            let Some(place) = view.queue.next(from, &Fit::within(free)) else { break };
            free -= view.queue.get(place).units;
            starts.push(place);
            from = From::Behind(place);
        }
        Decision::Done
    }
}

/// Starts jobs from the head while they fit. Returns the units left free.
#[inline]
pub(super) fn start_heads(view: &View<'_>, starts: &mut Vec<Place>) -> u32 {
    let mut free = view.free;
    let mut next = view.queue.head();
    while let Some((place, job)) = next.filter(|(_, job)| job.units <= free) {
        free -= job.units;
        starts.push(place);
        next = view.queue.following(From::Behind(place));
    }
    free
}
