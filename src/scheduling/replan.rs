//! Policies that plan anew at every decision: EASY with several reservations, and conservative backfilling that plans
//! all jobs again in queue order, as Slurm's backfill cycle does.
//!
//! The profile of the running jobs' requested ends is laid out, then each job in queue order takes its earliest slot; a
//! job whose slot is now starts. EASY stops after its number of reservations, and tries each job behind them for a
//! start that delays none. O(R + D B) a decision, with R running jobs, D jobs looked at and B steps of the profile.

use super::Profile;
use super::policy::{Decision, Policy, View, empty_profile};
use super::queue::{Fit, From, Place};
use crate::model::{Easy, ScanOrder};

/// Plans anew at every decision.
#[derive(Debug)]
pub(super) struct Replan {
    /// Blocked jobs that have a reservation, at most.
    reservations: u32,
    /// Jobs looked at for one, at most.
    depth: u32,
    /// The order in which the jobs behind the reservations are tried; `None`: they are not.
    behind: Option<ScanOrder>,
    profile: Profile,
}

impl Replan {
    pub(super) fn easy(easy: Easy) -> Self {
        Self {
            reservations: easy.reservations,
            depth: u32::MAX,
            behind: Some(easy.scan),
            profile: empty_profile(),
        }
    }

    pub(super) fn conservative(depth: Option<u32>) -> Self {
        let depth = depth.unwrap_or(u32::MAX);
        Self { reservations: u32::MAX, depth, behind: None, profile: empty_profile() }
    }

    /// Gives slots in queue order, and starts those whose slot is now. Whether there is anything behind them to try.
    fn reserve(&mut self, view: &View<'_>, starts: &mut Vec<Place>) -> bool {
        let (mut reserved, mut looked_at) = (0, 0);
        for (place, job) in view.queue.iter() {
            if looked_at == self.depth || reserved == self.reservations {
                return true;
            }
            looked_at += 1;
            // A job larger than the partition will ever be blocks what is behind it, as under EASY.
            let Some(slot) = self.profile.earliest(view.now, job.units, job.requested) else { return false };
            self.profile.take(slot, slot.saturating_add(job.requested), job.units);
            if slot == view.now {
                starts.push(place);
            } else {
                reserved += 1;
            }
        }
        false
    }

    fn backfill(&mut self, view: &View<'_>, scan: ScanOrder, starts: &mut Vec<Place>) {
        let (mut free, mut from) = (view.free, From::Start);
        while free > 0 {
            let fit = Fit::within(free);
            let Some(found) = view.queue.next_in(scan, from, &fit) else { break };
            from = From::Behind(found);
            let job = view.queue.get(found);
            let end = view.now.saturating_add(job.requested);
            if self.profile.least(view.now, end) >= job.units.into() {
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
