//! When a job would start at a partition, by the code that plans: the profile of the requested ends, the calendar, and a
//! slot for each job of the queue in its order. True run times are never seen.
//!
//! Under strict order no slot begins before the one ahead; elsewhere each job takes its earliest hole. The newcomer is
//! taken to come last, whatever its tier or rank, but starts at once where the policy's plan at hand lets it jump the queue. Beyond 16 jobs, and for jobs
//! whose input is still on the way, the partition is taken to work off their requested area at full capacity. Since
//! people ask for more time than they use, predictions err on the late side; the run reports by how much.
//!
//! The plan is kept while nothing starts or ends: O(R + D B) to make it, with R running jobs, D planned ones and B steps
//! of the profile, O(B) to ask it or to add a job that joins.

use super::earlier_slots::EarlierSlots;
use super::policy::{View, empty_profile};
use super::{Policy, Profile, Setting, Waiting};
use crate::model::{Backfill, LocalPolicy, Order};
use crate::units::{Span, Time};

/// How many jobs of the queue are planned one by one.
const DEPTH: usize = 16;

/// What a prediction looks at beside the view of the policy.
#[derive(Debug, Clone, Copy)]
pub struct Outlook<'a> {
    /// What the policy sees.
    pub view: View<'a>,
    /// Units of the partition.
    pub capacity: u32,
    /// Units times requested time of the jobs sent here whose input is still on the way, in unit-nanoseconds.
    pub inbound_area: u128,
    /// The local policy with its plan.
    pub policy: &'a dyn Policy,
}

/// The plan of a partition's queue.
#[derive(Debug)]
pub struct Forecast {
    strict: bool,
    /// Whether a newcomer comes last in the queue.
    in_turn: bool,
    profile: Profile,
    earlier: EarlierSlots,
    planned: usize,
    /// The slot of the last job planned.
    last: Time,
    /// Area of the jobs that are not planned one by one, in unit-nanoseconds.
    beyond: u128,
    is_valid: bool,
}

impl Forecast {
    /// For a partition under a policy; nothing is planned before somebody asks.
    pub fn new(policy: LocalPolicy, setting: Setting) -> Self {
        Self {
            strict: policy.backfill == Backfill::None,
            in_turn: policy.order == Order::Submission && setting == Setting::Plain,
            profile: empty_profile(),
            earlier: EarlierSlots::default(),
            planned: 0,
            last: Time::ZERO,
            beyond: 0,
            is_valid: false,
        }
    }

    /// Something started or ended, or the queue changed other than by [`Forecast::joined`].
    #[inline]
    pub fn invalidate(&mut self) {
        self.is_valid = false;
    }

    /// A job has joined the queue.
    #[inline]
    pub fn joined(&mut self, view: &View<'_>, job: &Waiting) {
        self.is_valid &= self.in_turn;
        if self.is_valid {
            self.profile.advance(view.now);
            self.plan(view, job);
        }
    }

    /// The predicted start of a job; it must fit the partition's capacity.
    pub fn start(&mut self, outlook: &Outlook<'_>, job: &Waiting) -> Time {
        let view = &outlook.view;
        let fits_now = job.units <= view.free;
        let alone = view.queue.is_empty() && outlook.inbound_area == 0 && view.blocks.is_empty();
        let jumps = || outlook.policy.would_jump(view.now, view.free, job.units, job.requested);
        if fits_now && (alone || jumps()) {
            return view.now;
        }
        self.refresh(view);
        let slot = self.slot(view, job).unwrap_or(view.now);
        let fluid = (self.beyond + outlook.inbound_area) / u128::from(outlook.capacity.max(1));
        slot.saturating_add(Span(u64::try_from(fluid).unwrap_or(u64::MAX)))
    }

    fn refresh(&mut self, view: &View<'_>) {
        if self.is_valid {
            return self.profile.advance(view.now);
        }
        view.lay_out(&mut self.profile);
        self.earlier.clear();
        (self.planned, self.last, self.beyond) = (0, view.now, 0);
        for (_, job) in view.queue.iter().take(DEPTH) {
            self.plan(view, &job);
        }
        self.beyond = view.queue.area().saturating_sub(self.beyond);
        self.is_valid = true;
    }

    /// Gives a job of the queue its slot; `beyond` counts the area planned while the plan is made, the rest after.
    fn plan(&mut self, view: &View<'_>, job: &Waiting) {
        if self.planned == DEPTH {
            self.beyond += job.area();
            return;
        }
        self.planned += 1;
        if !self.is_valid {
            self.beyond += job.area();
        }
        if let Some(slot) = self.slot(view, job) {
            self.profile.take(slot, slot.saturating_add(job.requested), job.units);
            self.earlier.note(job.units, job.requested, slot);
            self.last = slot;
        }
    }

    fn slot(&self, view: &View<'_>, job: &Waiting) -> Option<Time> {
        // Blocks of the calendar may keep a small job away where a larger one is admitted.
        let from = match () {
            () if self.strict => self.last.max(view.now),
            () if view.blocks.is_empty() => self.earlier.bound(job.units, job.requested, view.now),
            () => view.now,
        };
        view.slot_from(&self.profile, job, job.requested, from)
    }
}
