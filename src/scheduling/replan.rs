//! Policies that plan anew at every decision: the general form of those with few reservations, and conservative
//! backfilling that plans all jobs again in queue order.
//!
//! The profile of the running jobs' requested ends is laid out, then each job in queue order takes its earliest slot; a
//! job whose slot is now starts. EASY stops after its number of reservations, and tries each job behind them for a
//! start that delays none. O(R + D B) a decision, with R running jobs, D jobs looked at and B steps of the profile. A
//! conservative plan ends as soon as no job further back fits what is free now: a later slot starts nothing.

use super::Profile;
use super::earlier_slots::EarlierSlots;
use super::policy::{Decision, Policy, View, empty_profile};
use super::queue::{Fit, From, Place, Waiting};
use crate::model::{Easy, ScanOrder, SpareUnits};
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
    earlier: EarlierSlots,
    /// The jobs looked at, with the least units from there to the end; reused.
    line: Vec<(Place, Waiting, u32)>,
}

impl Planner {
    pub(super) fn new(reach: Reach) -> Self {
        Self { reach, profile: empty_profile(), earlier: EarlierSlots::default(), line: Vec::new() }
    }

    /// Gives slots in queue order, and adds the jobs whose slot is now to `starts`.
    pub(super) fn plan(&mut self, view: &View<'_>, starts: &mut Vec<Place>) {
        view.lay_out(&mut self.profile);
        let mut line = std::mem::take(&mut self.line);
        self.line_up(view, &mut line);
        self.earlier.clear();
        let mut left = view.limits.tally();
        let mut free = view.free;
        let horizon = view.now.saturating_add(self.reach.window);
        for &(place, job, least_units) in &line {
            if least_units > free {
                break;
            }
            if !left.admits(view.queue.lane_of(place), &job) {
                continue;
            }
            let length = self.slot_length(job.requested);
            // A job larger than the partition will ever be blocks what is behind it, as under EASY.
            // Blocks of the calendar may keep a small job away where a larger one is admitted.
            let bound = view.blocks.is_empty().then(|| self.earlier.bound(job.units, length, view.now));
            let from = bound.unwrap_or(view.now);
            let Some(slot) = view.slot_from(&self.profile, &job, length, from) else { break };
            self.earlier.note(job.units, length, slot);
            if slot > horizon {
                continue;
            }
            self.profile.take(slot, slot.saturating_add(length), job.units);
            if slot == view.now {
                left.take(view.queue.lane_of(place), &job);
                free -= job.units;
                starts.push(place);
            }
        }
        self.line = line;
    }

    /// The jobs to look at, each with the least units from there to the end.
    fn line_up(&self, view: &View<'_>, line: &mut Vec<(Place, Waiting, u32)>) {
        line.clear();
        let left = view.limits.tally();
        let mut next = view.queue.next_left(From::Start, &Fit::ANY, &left);
        while let Some(place) = next.filter(|_| line.len() < self.reach.depth) {
            let job = view.queue.get(place);
            line.push((place, job, job.units));
            next = view.queue.next_left(From::Behind(place), &Fit::ANY, &left);
        }
        for index in (1..line.len()).rev() {
            line[index - 1].2 = line[index - 1].2.min(line[index].2);
        }
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
        if view.queue.is_empty() || view.free == 0 {
            return Decision::Done;
        }
        self.planner.plan(view, starts);
        // Who starts is no more of those with a reservation: as many others may have one.
        if !starts.is_empty() && self.planner.line.len() == self.planner.reach.depth {
            return Decision::AskAgain;
        }
        view.once_started(starts)
    }
}

/// The general form of the policies that plan nothing but a few reservations: in order, first fit, EASY with any number
/// of them, under limits and around the blocks of a calendar.
#[derive(Debug)]
pub(super) struct FewReservations {
    /// Blocked jobs that have a reservation, at most.
    reservations: u32,
    /// The order in which the jobs behind the last reservation are tried; `None`: they are not.
    behind: Option<ScanOrder>,
    spare: SpareUnits,
    profile: Profile,
}

impl FewReservations {
    pub(super) fn in_order() -> Self {
        Self { reservations: 0, behind: None, spare: SpareUnits::Used, profile: empty_profile() }
    }

    pub(super) fn first_fit() -> Self {
        Self { behind: Some(ScanOrder::Queue), ..Self::in_order() }
    }

    pub(super) fn easy(easy: Easy) -> Self {
        let Easy { reservations, spare, scan } = easy;
        Self { reservations, behind: Some(scan), spare, profile: empty_profile() }
    }

    /// Gives the first blocked jobs their slots, and starts those before them whose slot is now. Returns whether jobs may
    /// be behind, and the first slot that is later.
    fn reserve(&mut self, view: &View<'_>, starts: &mut Vec<Place>) -> (bool, Option<Time>) {
        let mut left = view.limits.tally();
        let (mut reserved, mut first_slot, mut from) = (0, None, From::Start);
        while let Some(place) = view.queue.next_left(from, &Fit::ANY, &left) {
            from = From::Behind(place);
            let job = view.queue.get(place);
            // A job larger than the partition will ever be blocks what is behind it.
            let Some(slot) = view.slot(&self.profile, &job, job.requested) else { return (false, None) };
            if slot == view.now {
                self.profile.take(slot, slot.saturating_add(job.requested), job.units);
                left.take(view.queue.lane_of(place), &job);
                starts.push(place);
                continue;
            }
            if reserved < self.reservations {
                self.profile.take(slot, slot.saturating_add(job.requested), job.units);
                reserved += 1;
                first_slot = Some(first_slot.map_or(slot, |first: Time| first.min(slot)));
            }
            // Those behind the last reservation are tried in the order of the scan.
            if reserved == self.reservations {
                return (true, first_slot);
            }
        }
        (false, first_slot)
    }

    /// Starts what delays no reservation.
    fn backfill(
        &mut self,
        view: &View<'_>,
        scan: ScanOrder,
        first_slot: Option<Time>,
        starts: &mut Vec<Place>,
    ) {
        let mut left = view.limits.tally();
        let (mut free, mut from) = (view.free, From::Start);
        while let Some(found) = view.queue.next_left_in(scan, from, &Fit::within(free), &left) {
            from = From::Behind(found);
            let job = view.queue.get(found);
            let end = view.now.saturating_add(job.requested);
            let spare = self.spare == SpareUnits::Used || first_slot.is_none_or(|slot| end <= slot);
            if spare && view.fits_now(&self.profile, &job) {
                self.profile.take(view.now, end, job.units);
                left.take(view.queue.lane_of(found), &job);
                free -= job.units;
                starts.push(found);
            }
        }
    }
}

impl Policy for FewReservations {
    fn decide(&mut self, view: &View<'_>, starts: &mut Vec<Place>) -> Decision {
        if view.queue.is_empty() || view.free == 0 {
            return Decision::Done;
        }
        view.lay_out(&mut self.profile);
        let (more, first_slot) = self.reserve(view, starts);
        if let Some(scan) = self.behind.filter(|_| more) {
            // A job that starts is still in the queue: it must not be found again.
            if !starts.is_empty() {
                return Decision::AskAgain;
            }
            self.backfill(view, scan, first_slot, starts);
        }
        view.once_started(starts)
    }
}
