//! Policies that plan anew at every decision: EASY with several reservations, and conservative backfilling that plans
//! all jobs again in queue order, as Slurm's backfill cycle does.
//!
//! The profile of the running jobs' requested ends is laid out, then each job in queue order takes its earliest slot; a
//! job whose slot is now starts. EASY stops after its number of reservations, and tries each job behind them for a
//! start that delays none; without spare units, no job that starts so may run past the first reservation. O(R + D B) a
//! decision, with R running jobs, D jobs looked at and B steps of the profile.

use super::Profile;
use super::policy::{Decision, Policy, View, empty_profile};
use super::queue::{Fit, From, Place, Waiting};
use crate::model::{Easy, ScanOrder, SpareUnits};
use crate::units::Time;

/// Plans anew at every decision.
#[derive(Debug)]
pub(super) struct Replan {
    /// Blocked jobs that have a reservation, at most.
    reservations: u32,
    spare: SpareUnits,
    /// The order in which the jobs behind the reservations are tried; `None`: they are not.
    behind: Option<ScanOrder>,
    profile: Profile,
    /// The first reservation of the decision.
    first: Option<Time>,
}

impl Replan {
    pub(super) fn easy(easy: Easy) -> Self {
        Self {
            reservations: easy.reservations,
            spare: easy.spare,
            behind: Some(easy.scan),
            profile: empty_profile(),
            first: None,
        }
    }

    pub(super) fn conservative(depth: Option<u32>) -> Self {
        Self {
            reservations: depth.unwrap_or(u32::MAX),
            spare: SpareUnits::Used,
            behind: None,
            profile: empty_profile(),
            first: None,
        }
    }

    /// Gives slots in queue order, and starts those whose slot is now. Whether there is anything behind them to try.
    fn reserve(&mut self, view: &View<'_>, starts: &mut Vec<Place>) -> bool {
        let mut reserved = 0;
        self.first = None;
        for (place, job) in view.queue.iter() {
            if reserved == self.reservations {
                return true;
            }
            // A job larger than the partition will ever be blocks what is behind it, as under EASY.
            let Some(slot) = self.earliest(view.now, &job) else { return false };
            self.profile.take(slot, slot.saturating_add(job.requested), job.units);
            if slot == view.now {
                starts.push(place);
            } else {
                reserved += 1;
                self.first = self.first.or(Some(slot));
            }
        }
        false
    }

    fn earliest(&self, now: Time, job: &Waiting) -> Option<Time> {
        let slot = self.profile.earliest(now, job.units, job.requested)?;
        match self.first {
            // Every later slot before the first reservation ends later still.
            Some(first) if slot < first && !self.may_end(slot.saturating_add(job.requested)) => {
                self.profile.earliest(first, job.units, job.requested)
            }
            _ => Some(slot),
        }
    }

    /// Whether a job that starts before the first reservation may end at `end`.
    fn may_end(&self, end: Time) -> bool {
        self.spare == SpareUnits::Used || self.first.is_none_or(|first| end <= first)
    }

    fn backfill(&mut self, view: &View<'_>, scan: ScanOrder, starts: &mut Vec<Place>) {
        let (mut free, mut from) = (view.free, From::Start);
        while free > 0 {
            let fit = Fit::within(free);
            let Some(found) = view.queue.next_in(scan, from, &fit) else { break };
            from = From::Behind(found);
            let job = view.queue.get(found);
            let end = view.now.saturating_add(job.requested);
            if self.may_end(end) && self.profile.least(view.now, end) >= job.units.into() {
                self.profile.take(view.now, end, job.units);
                free -= job.units;
                starts.push(found);
            }
        }
    }
}

impl Policy for Replan {
    fn decide(&mut self, view: &View<'_>, starts: &mut Vec<Place>) -> Decision {
        if view.queue.is_empty() || view.free == 0 {
            return Decision::Done;
        }
        self.profile.rebuild(view.now, view.free, view.running);
        let more = self.reserve(view, starts);
        let Some(scan) = self.behind.filter(|_| more) else { return Decision::Done };
        // A job that starts is still in the queue: it must not be found again.
        if !starts.is_empty() {
            return Decision::AskAgain;
        }
        self.backfill(view, scan, starts);
        Decision::Done
    }
}
