//! What every local policy is: a read-only view in, the jobs to start now out.

use super::conservative::Reserved;
use super::cycle::Cycles;
use super::easy::Shadow;
use super::in_order::{FirstFit, InOrder};
use super::packed::{Packed, not_before};
use super::queue::{Place, WaitQueue, Waiting};
use super::replan::{FewReservations, Replanned};
use super::{Blocks, Limits, Profile, RunningSet, SharedNodes};
use crate::model::{AllocationUnit, Backfill, Compression, LocalPolicy, PartitionId, System};
use crate::units::{Span, Time};

/// What changed since the last decision.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Change {
    /// Only the last `count` jobs that came are new.
    Arrivals {
        /// How many.
        count: u32,
    },
    /// Units came free, or capacity changed.
    Capacity,
}

/// What a policy sees of its partition.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The present instant.
    pub now: Time,
    /// Units that a job may hold that starts now: those free, or on shared nodes those of the largest job that fits.
    pub free: u32,
    /// The nodes of the running jobs, where jobs share nodes.
    pub nodes: Option<&'a SharedNodes>,
    /// The running jobs by expected end.
    pub running: &'a RunningSet,
    /// The waiting jobs in queue order.
    pub queue: &'a WaitQueue,
    /// What changed since the last decision.
    pub change: Change,
    /// What the jobs of each lane may hold.
    pub limits: &'a Limits,
    /// The blocks of the calendar.
    pub blocks: &'a Blocks,
}

impl View<'_> {
    /// Lays out what is free by the requested ends of the running jobs and the calendar.
    pub(super) fn lay_out(&self, profile: &mut Profile) {
        let free = self.nodes.map_or(self.free, SharedNodes::free);
        profile.rebuild(self.now, free, self.running);
        self.blocks.withdraw(profile, self.now);
    }

    /// Whether to look anew once the starts are applied: what starts may put others over their limits, who then block
    /// nobody.
    pub(super) fn once_started(&self, starts: &[Place]) -> Decision {
        if starts.is_empty() || self.limits.is_empty() { Decision::Done } else { Decision::AskAgain }
    }

    /// Whether a job can start now beside what runs and around the calendar.
    pub fn can_start(&self, job: &Waiting) -> bool {
        let mut profile = empty_profile();
        self.lay_out(&mut profile);
        job.units <= self.free && self.fits_now(&profile, job)
    }

    /// The earliest slot of a job in a profile.
    pub(super) fn slot(&self, profile: &Profile, job: &Waiting, length: Span) -> Option<Time> {
        self.slot_from(profile, job, length, self.now)
    }

    /// The earliest slot of a job in a profile that does not begin before `from`.
    pub(super) fn slot_from(
        &self,
        profile: &Profile,
        job: &Waiting,
        length: Span,
        from: Time,
    ) -> Option<Time> {
        self.ground().slot_from(profile, job, length, from)
    }

    /// What bounds slots beside a profile.
    pub(super) fn ground(&self) -> Ground<'_> {
        let next_end = || self.running.by_end().next().map_or(self.now, |(end, _)| end);
        Ground { now: self.now, nodes: self.nodes.map(|_| (self.free, next_end())), blocks: self.blocks }
    }

    /// Whether a job can start now in a profile.
    pub(super) fn fits_now(&self, profile: &Profile, job: &Waiting) -> bool {
        let end = self.now.saturating_add(job.requested);
        profile.least(self.now, end) >= job.units.into()
            && self.blocks.keeps_away(job.units, self.now, end).is_none()
    }
}

/// What bounds the slot of a job beside the profile of what is planned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Ground<'a> {
    /// The present instant.
    pub(super) now: Time,
    /// Where jobs share nodes, units of the largest job that fits now, and the next expected end.
    pub(super) nodes: Option<(u32, Time)>,
    /// The blocks of the calendar.
    pub(super) blocks: &'a Blocks,
}

impl Ground<'_> {
    /// The earliest slot of a job in a profile that does not begin before `from`.
    pub(super) fn slot_from(
        self,
        profile: &Profile,
        job: &Waiting,
        length: Span,
        from: Time,
    ) -> Option<Time> {
        let mut from = from.max(not_before(self, job.units));
        loop {
            let slot = profile.earliest(from, job.units, length)?;
            match self.blocks.keeps_away(job.units, slot, slot.saturating_add(length)) {
                Some(later) => from = later,
                None => return Some(slot),
            }
        }
    }
}

/// What the blocked head of a queue is promised, where others may start before it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// When the head can start.
    pub shadow: Time,
    /// Units that are free then beyond its need.
    pub extra: u32,
}

impl Promise {
    /// Whether a job that would start now leaves the promise as it is.
    #[inline]
    pub(super) fn admits(self, now: Time, free: u32, units: u32, requested: Span) -> bool {
        let end = now.saturating_add(requested);
        units <= free && (end <= self.shadow || units <= self.extra)
    }
}

/// Whether the policy has more to say once its starts are applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Apply the starts, then ask again.
    AskAgain,
    /// Apply the starts; that was all.
    Done,
}

/// A local policy with what it remembers between decisions.
pub trait Policy: std::fmt::Debug + Send {
    /// Adds the places of the jobs to start now to `starts`, in the order of their starts.
    fn decide(&mut self, view: &View<'_>, starts: &mut Vec<Place>) -> Decision;

    /// The partition opened with so many units.
    fn opened(&mut self, _now: Time, _units: u32) {}

    /// A job that came to an empty queue and fits starts at once, without a decision.
    fn started_alone(&mut self, _now: Time, _job: &Waiting) {}

    /// Whether a job that now joins the end of a queue of which nobody can start changes nothing: a decision would not
    /// start it. When in doubt, no.
    fn leaves_waiting(&self, _now: Time, _free: u32, _job: &Waiting) -> bool {
        false
    }

    /// A running job has ended that was expected to hold its units until `expected_end`.
    fn ended(&mut self, _now: Time, _expected_end: Time, _units: u32) {}

    /// A waiting job was turned away.
    fn turned_away(&mut self, _now: Time, _job: u32) {}

    /// When a decision is due even if nothing happens until then.
    fn wake(&self) -> Option<Time> {
        None
    }

    /// What the head is promised by the plan at hand, if there is one.
    fn promise(&self) -> Option<Promise> {
        None
    }

    /// Whether a job would start now by the plan at hand, jumping the queue.
    #[inline]
    fn would_jump(&self, now: Time, free: u32, units: u32, requested: Span) -> bool {
        self.promise().is_some_and(|promise| promise.admits(now, free, units, requested))
    }
}

/// What a partition asks of its policy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Setting {
    /// One partition on its nodes, no limits, no calendar, and every job gives its units back in time.
    Plain,
    /// Tiers, limits, a calendar, a grace beyond the requested time, jobs that change their size, or that join
    /// before the end of the queue, for which the plain forms are too simple.
    General,
    /// Jobs share nodes and are packed on them.
    Packed,
}

impl Setting {
    /// The setting of a partition that owns its nodes.
    pub fn of(system: &System, pool: PartitionId) -> Self {
        let owner = &system.partitions[pool];
        let special = |id: PartitionId| {
            let partition = &system.partitions[id];
            let limited = !(partition.limits.is_empty() && partition.budgets.is_empty());
            limited || partition.grace > Span::ZERO
        };
        let alone = system.partitions_on(pool).count() == 1;
        let whole = owner.calendar.is_empty() && owner.quotas.is_empty() && !system.has_malleable_jobs();
        let whole = whole && !system.has_early_places();
        let plain = alone && whole && !system.partitions_on(pool).any(special);
        match owner.unit {
            AllocationUnit::Packed => Self::Packed,
            AllocationUnit::Node | AllocationUnit::Accelerator if plain => Self::Plain,
            AllocationUnit::Node | AllocationUnit::Accelerator => Self::General,
        }
    }
}

/// The policy that a scenario names. Conservative policies that keep their reservations know no limits and no calendar.
pub fn policy(chosen: LocalPolicy, setting: Setting) -> Box<dyn Policy> {
    if setting == Setting::Packed {
        return Box::new(Packed::new(chosen.backfill));
    }
    match chosen.backfill {
        Backfill::None if setting == Setting::General => Box::new(FewReservations::in_order()),
        Backfill::FirstFit if setting == Setting::General => Box::new(FewReservations::first_fit()),
        Backfill::Easy(easy) if setting == Setting::General => Box::new(FewReservations::easy(easy)),
        Backfill::None => Box::new(InOrder::new(chosen.order)),
        Backfill::FirstFit => Box::new(FirstFit),
        Backfill::Easy(easy) if easy.reservations == 1 => Box::new(Shadow::new(chosen.order, easy)),
        Backfill::Easy(easy) => Box::new(FewReservations::easy(easy)),
        Backfill::Conservative(rule) if rule.compression == Compression::Replan => {
            Box::new(Replanned::new(rule.depth))
        }
        Backfill::Conservative(rule) => Box::new(Reserved::new(chosen.order, rule, setting)),
        Backfill::Cycle(cycle) => Box::new(Cycles::new(cycle)),
    }
}

/// The profile of what is planned so far, with nothing in it yet.
pub(super) fn empty_profile() -> Profile {
    Profile::new(Time::ZERO, 0)
}
