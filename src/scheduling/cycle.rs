//! Scheduling as Slurm does it (its pages "Scheduling Configuration Guide" and `slurm.conf`): at every event a quick pass
//! starts jobs in strict order and stops at the first that does not fit; now and then a backfill cycle plans the first
//! jobs of the queue again and starts those that delay no job of higher priority.
//!
//! A cycle runs no sooner than the interval after the last one, and only after something has changed: between two
//! changes time only brings reservations nearer, so that nothing new could start. An event costs O(jobs looked at), with
//! a calendar O(R) more, a cycle O(R + D B) with R running jobs, D jobs looked at and B steps of the profile.

use super::Profile;
use super::policy::{Decision, Policy, View, empty_profile};
use super::queue::{Fit, From, Place, Waiting};
use super::replan::{Planner, Reach};
use crate::model::Cycle;
use crate::units::Time;

/// The quick pass and the backfill cycle.
#[derive(Debug)]
pub(super) struct Cycles {
    cycle: Cycle,
    planner: Planner,
    /// What is free around the calendar, for the quick pass; reused.
    profile: Profile,
    /// When a cycle last ran.
    last: Option<Time>,
    /// When the next cycle may run.
    next: Time,
    wake: Option<Time>,
}

impl Cycles {
    pub(super) fn new(cycle: Cycle) -> Self {
        let reach = Reach { depth: cycle.depth as usize, window: cycle.window, resolution: cycle.resolution };
        let planner = Planner::new(reach);
        Self { cycle, planner, profile: empty_profile(), last: None, next: Time::ZERO, wake: None }
    }

    /// Starts jobs in strict order, around the blocks of the calendar. Jobs beyond their limits are passed over.
    fn quick_pass(&mut self, view: &View<'_>, starts: &mut Vec<Place>) {
        let mut left = view.limits.tally();
        let (mut free, mut from) = (view.free, From::Start);
        for _ in 0..self.cycle.quick_depth {
            let Some(place) = view.queue.next_left(from, &Fit::ANY, &left) else { return };
            let job = view.queue.get(place);
            if job.units > free || !self.fits_calendar(view, &job, starts.is_empty()) {
                return;
            }
            free -= job.units;
            left.take(view.queue.lane_of(place), &job);
            starts.push(place);
            from = From::Behind(place);
        }
    }

    /// Whether a job that fits what is free fits around the blocks too; if so, it is planned. The `first` job of a pass
    /// lays the plan out.
    fn fits_calendar(&mut self, view: &View<'_>, job: &Waiting, first: bool) -> bool {
        if view.blocks.is_empty() {
            return true;
        }
        if first {
            view.lay_out(&mut self.profile);
        }
        let fits = view.fits_now(&self.profile, job);
        if fits {
            self.profile.take(view.now, view.now.saturating_add(job.requested), job.units);
        }
        fits
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
        // Asked again at the instant of a cycle, that cycle goes on.
        if view.now < self.next && self.last != Some(view.now) {
            self.wake = Some(self.next);
            return Decision::Done;
        }
        self.planner.plan(view, starts);
        self.last = Some(view.now);
        self.next = view.now.saturating_add(self.cycle.interval);
        Decision::Done
    }

    fn wake(&self) -> Option<Time> {
        self.wake
    }
}
