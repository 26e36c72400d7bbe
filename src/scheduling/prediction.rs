//! When a job would start at a partition, by the code that plans: the profile of the requested ends, the calendar, and a
//! slot for each job of the queue in its order. True run times are never seen.
//!
//! Under strict order no slot begins before the one ahead; elsewhere each job takes its earliest hole. The newcomer is
//! taken to come last of its tier, whatever its rank there, but starts at once where the policy's plan at hand lets it
//! jump the queue. Jobs that a limit holds back hold nobody up. Beyond 16 jobs, and for jobs whose input is still on the
//! way, the partition is taken to work off their requested area at full capacity. Since people ask for more time than
//! they use, predictions err on the late side; the run reports by how much. When a limit will let the newcomer by is not
//! foreseen, nor whom it may push out.
//!
//! The plan is kept while nothing starts or ends and the same tier asks: O(R + D B) to make it, with R running jobs, D
//! planned ones and B steps of the profile, O(B) to ask it or to add a job that joins.

use super::earlier_slots::EarlierSlots;
use super::policy::{Ground, Promise, View, empty_profile};
use super::{Fit, From, Place, Profile, Setting, Waiting};
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
    /// What the local policy has promised to the head of the queue.
    pub promise: Option<Promise>,
    /// The tier of the job.
    pub tier: i32,
    /// The tier of each lane of the queue.
    pub tiers: &'a [i32],
}

impl Outlook<'_> {
    /// Whether nobody waits or is on the way, and the calendar is empty: what fits now starts now.
    pub(super) fn is_alone(&self) -> bool {
        self.view.queue.is_empty() && self.inbound_area == 0 && self.view.blocks.is_empty()
    }

    /// Whether a job of the queue is of the newcomer's tier or a higher one.
    fn goes_first(&self, place: Place) -> bool {
        self.tiers[self.view.queue.lane_of(place) as usize] >= self.tier
    }
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
    /// The tier for which it was made.
    tier: i32,
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
            tier: 0,
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
            self.plan(view.ground(), job);
        }
    }

    /// The predicted start of a job; it must fit the partition's capacity.
    pub fn start(&mut self, outlook: &Outlook<'_>, job: &Waiting) -> Time {
        let view = &outlook.view;
        let jumps = |promise: Promise| promise.admits(view.now, view.free, job.units, job.requested);
        if job.units <= view.free && (outlook.is_alone() || outlook.promise.is_some_and(jumps)) {
            return view.now;
        }
        self.refresh(outlook);
        self.planned_start(view.ground(), outlook.capacity, outlook.inbound_area, job)
    }

    /// The start of a job behind all that is planned, in a plan that is up to date.
    pub(super) fn planned_start(
        &self,
        ground: Ground<'_>,
        capacity: u32,
        inbound_area: u128,
        job: &Waiting,
    ) -> Time {
        let slot = self.slot(ground, job).unwrap_or(ground.now);
        let fluid = (self.beyond + inbound_area) / u128::from(capacity.max(1));
        slot.saturating_add(Span(u64::try_from(fluid).unwrap_or(u64::MAX)))
    }

    /// Brings the plan up to date.
    pub(super) fn refresh(&mut self, outlook: &Outlook<'_>) {
        let view = &outlook.view;
        if self.is_valid && self.tier == outlook.tier {
            return self.profile.advance(view.now);
        }
        (self.tier, self.is_valid) = (outlook.tier, false);
        view.lay_out(&mut self.profile);
        self.earlier.clear();
        (self.planned, self.last, self.beyond) = (0, view.now, 0);
        if view.limits.is_empty() {
            let first = view.queue.iter().take_while(|&(place, _)| outlook.goes_first(place));
            first.take(DEPTH).for_each(|(_, job)| self.plan(view.ground(), &job));
        } else {
            self.plan_within_limits(outlook);
        }
        // Where the plan ends early, all that goes first is in it.
        self.beyond = if self.planned == DEPTH { view.queue.area().saturating_sub(self.beyond) } else { 0 };
        self.is_valid = true;
    }

    fn plan_within_limits(&mut self, outlook: &Outlook<'_>) {
        let view = &outlook.view;
        let left = view.limits.tally();
        let mut next = view.queue.next_left(From::Start, &Fit::ANY, &left);
        while let Some(place) = next.filter(|&place| self.planned < DEPTH && outlook.goes_first(place)) {
            self.plan(view.ground(), &view.queue.get(place));
            next = view.queue.next_left(From::Behind(place), &Fit::ANY, &left);
        }
    }

    /// Gives a job of the queue its slot; `beyond` counts the area planned while the plan is made, the rest after.
    pub(super) fn plan(&mut self, ground: Ground<'_>, job: &Waiting) {
        if self.planned == DEPTH {
            self.beyond += job.area();
            return;
        }
        self.planned += 1;
        if !self.is_valid {
            self.beyond += job.area();
        }
        if let Some(slot) = self.slot(ground, job) {
            self.profile.take(slot, slot.saturating_add(job.requested), job.units);
            self.earlier.note(job.units, job.requested, slot);
            self.last = slot;
        }
    }

    fn slot(&self, ground: Ground<'_>, job: &Waiting) -> Option<Time> {
        // Blocks of the calendar may keep a small job away where a larger one is admitted.
        let from = match () {
            () if self.strict => self.last.max(ground.now),
            () if ground.blocks.is_empty() => self.earlier.bound(job.units, job.requested, ground.now),
            () => ground.now,
        };
        ground.slot_from(&self.profile, job, job.requested, from)
    }
}
