//! Scheduling as Slurm does it (its pages "Scheduling Configuration Guide" and `slurm.conf`): at every event a quick pass
//! starts jobs in strict order and stops at the first that does not fit; now and then a backfill cycle plans the first
//! jobs of the queue again and starts those that delay no job of higher priority.
//!
//! A cycle runs no sooner than the interval after the last one, and only after something has changed: between two
//! changes time only brings reservations nearer, so that nothing new could start. An event costs O(jobs looked at), a
//! cycle O(R + D B) with R running jobs, D jobs looked at and B steps of the profile.

use super::policy::{Decision, Policy, View};
use super::queue::Place;
use super::replan::{Planner, Reach};
use crate::model::Cycle;
use crate::units::Time;

/// The quick pass and the backfill cycle.
#[derive(Debug)]
pub(super) struct Cycles {
    cycle: Cycle,
    planner: Planner,
    /// When the next cycle may run.
    next: Time,
    wake: Option<Time>,
}

impl Cycles {
    pub(super) fn new(cycle: Cycle) -> Self {
        let reach = Reach { depth: cycle.depth as usize, window: cycle.window, resolution: cycle.resolution };
        Self { cycle, planner: Planner::new(reach), next: Time::ZERO, wake: None }
    }

    /// Starts jobs in strict order.
    fn quick_pass(&self, view: &View<'_>, starts: &mut Vec<Place>) {
        let mut free = view.free;
        for (place, job) in view.queue.iter().take(self.cycle.quick_depth as usize) {
            if job.units > free {
                return;
            }
            free -= job.units;
            starts.push(place);
        }
    }
}

impl Policy for Cycles {
    fn decide(&mut self, view: &View<'_>, starts: &mut Vec<Place>) -> Decision {
        self.wake = None;
        self.quick_pass(view, starts);
        if !starts.is_empty() {
            return Decision::AskAgain;
        }
        if view.queue.is_empty() || view.free == 0 {
            return Decision::Done;
        }
        if view.now < self.next {
            self.wake = Some(self.next);
            return Decision::Done;
        }
        self.planner.plan(view, starts);
        self.next = view.now.saturating_add(self.cycle.interval);
        Decision::Done
    }

    fn wake(&self) -> Option<Time> {
        self.wake
    }
}
