//! Policies that plan anew at every decision: EASY with several reservations, and conservative backfilling that plans
//! all jobs again in queue order.
//!
//! The profile of the running jobs' requested ends is laid out, then each job in queue order takes its earliest slot; a
//! job whose slot is now starts. EASY stops after its number of reservations, and tries each job behind them for a
//! start that delays none. O(R + D B) a decision, with R running jobs, D jobs looked at and B steps of the profile. A
//! conservative plan ends as soon as no job further back fits what is free now: a later slot starts nothing.

use super::Profile;
use super::policy::{Decision, Policy, View, empty_profile};
use super::queue::{Fit, From, Place, Waiting};
use crate::model::{Easy, SpareUnits};
use crate::units::{Span, Time};

/// How far a plan goes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Reach {
    /// Jobs looked at, at most.
    pub(super) depth: usize,
    /// Slots that begin later than this from now are not reserved.
    pub(super) window: Span,
    /// Lengths of slots are rounded up to whole multiples of this, at least a nanosecond.
    pub(super) resolution: Span,
}

/// Lays out slots in queue order.
#[derive(Debug)]
pub(super) struct Planner {
    reach: Reach,
    profile: Profile,
    /// The jobs looked at, with the least units from there to the end; reused.
    line: Vec<(Place, Waiting, u32)>,
}

impl Planner {
    pub(super) fn new(reach: Reach) -> Self {
        Self { reach, profile: empty_profile(), line: Vec::new() }
    }

    /// Gives slots in queue order, and adds the jobs whose slot is now to `starts`.
    pub(super) fn plan(&mut self, view: &View<'_>, starts: &mut Vec<Place>) {
        self.profile.rebuild(view.now, view.free, view.running);
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        line.extend(view.queue.iter().take(self.reach.depth).map(|(place, job)| (place, job, job.units)));
        for index in (1..line.len()).rev() {
            line[index - 1].2 = line[index - 1].2.min(line[index].2);
        }
        let mut free = view.free;
        let horizon = view.now.saturating_add(self.reach.window);
        for &(place, job, least_units) in &line {
            if least_units > free {
                break;
            }
            let length = self.slot_length(job.requested);
            // A job larger than the partition will ever be blocks what is behind it, as under EASY.
            let Some(slot) = self.profile.earliest(view.now, job.units, length) else { break };
            if slot > horizon {
                continue;
            }
            self.profile.take(slot, slot.saturating_add(length), job.units);
            if slot == view.now {
                free -= job.units;
                starts.push(place);
            }
        }
        self.line = line;
    }

    fn slot_length(&self, requested: Span) -> Span {
        let resolution = self.reach.resolution.0;
        Span(requested.0.div_ceil(resolution).saturating_mul(resolution))
    }
}

/// Conservative backfilling that plans all jobs again at every decision.
#[derive(Debug)]
pub(super) struct Replanned {
    planner: Planner,
}

impl Replanned {
    /// With reservations for so many jobs of the queue.
    pub(super) fn new(depth: Option<u32>) -> Self {
        let depth = depth.map_or(usize::MAX, |depth| depth as usize);
        let reach = Reach { depth, window: Span::MAX, resolution: Span::STEP };
        Self { planner: Planner::new(reach) }
    }
}

impl Policy for Replanned {
    fn decide(&mut self, view: &View<'_>, starts: &mut Vec<Place>) -> Decision {
        if !view.queue.is_empty() && view.free > 0 {
            self.planner.plan(view, starts);
        }
        Decision::Done
    }
}

/// EASY with several reservations.
#[derive(Debug)]
pub(super) struct SeveralReservations {
    easy: Easy,
    profile: Profile,
}

impl SeveralReservations {
    pub(super) fn new(easy: Easy) -> Self {
        Self { easy, profile: empty_profile() }
    }

    /// Gives the first blocked jobs their slots, and starts those before them whose slot is now. Returns the first slot
    /// that is later; none if nothing may be tried behind the reservations.
    fn reserve(&mut self, view: &View<'_>, starts: &mut Vec<Place>) -> Option<Time> {
        self.profile.rebuild(view.now, view.free, view.running);
        let (mut reserved, mut first_slot) = (0, None);
        for (place, job) in view.queue.iter() {
            // A job larger than the partition will ever be blocks what is behind it, as with one reservation.
            let slot = self.profile.earliest(view.now, job.units, job.requested)?;
            self.profile.take(slot, slot.saturating_add(job.requested), job.units);
            if slot == view.now {
                starts.push(place);
                continue;
            }
            reserved += 1;
            first_slot = Some(first_slot.map_or(slot, |first: Time| first.min(slot)));
            if reserved == self.easy.reservations {
                return first_slot;
            }
        }
        None
    }

    /// Starts what delays no reservation.
    fn backfill(&mut self, view: &View<'_>, first_slot: Time, starts: &mut Vec<Place>) {
        let (mut free, mut from) = (view.free, From::Start);
        while let Some(found) = view.queue.next_in(self.easy.scan, from, &Fit::within(free)) {
            from = From::Behind(found);
            let job = view.queue.get(found);
            let end = view.now.saturating_add(job.requested);
            let spare = self.easy.spare == SpareUnits::Used || end <= first_slot;
            if spare && self.profile.least(view.now, end) >= job.units.into() {
                self.profile.take(view.now, end, job.units);
                free -= job.units;
                starts.push(found);
            }
        }
    }
}

impl Policy for SeveralReservations {
    fn decide(&mut self, view: &View<'_>, starts: &mut Vec<Place>) -> Decision {
        if view.queue.is_empty() || view.free == 0 {
            return Decision::Done;
        }
        let first_slot = self.reserve(view, starts);
        // A job that starts is still in the queue: it must not be found again.
        if !starts.is_empty() {
            return Decision::AskAgain;
        }
        if let Some(first_slot) = first_slot {
            self.backfill(view, first_slot, starts);
        }
        Decision::Done
    }
}
