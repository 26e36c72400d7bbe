//! A waiting job as the scheduler sees it, its place in the queue, and what a search asks for.

use crate::units::{Span, Time};

/// A waiting job as the scheduler sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    /// Allocation units it needs.
    pub units: u32,
    /// The time it requests at this partition.
    pub requested: Span,
    /// The caller's name for it.
    pub job: u32,
}

impl Waiting {
    /// Units times requested time, in unit-nanoseconds.
    pub fn area(&self) -> u128 {
        u128::from(self.units) * u128::from(self.requested.0)
    }

    pub(super) fn least(&self) -> Least {
        Least { units: self.units, requested: self.requested.0 }
    }
}

/// A job that joins the queue, with what orders it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Joining {
    /// The job.
    pub waiting: Waiting,
    /// When it was submitted.
    pub submit: Time,
    /// The order of joining: decides ties, and the order of first come, first served. Greater than all before, but for
    /// a job that comes back with the number it had, or had its number before its data came.
    pub sequence: u64,
    /// The lane it belongs to: its account, where the order looks at accounts.
    pub lane: u32,
    /// When it should be done.
    pub deadline: Time,
    /// Accelerator-nanoseconds it has used before.
    pub attained: u128,
}

impl Joining {
    /// A job of the first lane, without a deadline, that has not run before.
    pub fn new(waiting: Waiting, submit: Time, sequence: u64) -> Self {
        Self { waiting, submit, sequence, lane: 0, deadline: Time::MAX, attained: 0 }
    }
}

/// Where a job lies in the queue: good until the next push.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Place(pub(super) u64);

/// Where a search begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum From {
    /// With the first job.
    Start,
    /// Behind this place, which may be empty by now only under first come, first served.
    Behind(Place),
    /// With the last `n` jobs that came, where older ones are known not to fit.
    Newcomers(u32),
}

/// What fits: at most `free` units, and either ends within `window` or takes at most `extra` units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fit {
    /// The most units.
    pub free: u32,
    /// The most units of a job that runs longer than the window.
    pub extra: u32,
    /// The time within which a wider job must end.
    pub window: Span,
}

impl Fit {
    /// Every job.
    pub const ANY: Self = Self::within(u32::MAX - 1);

    /// Every job of at most `free` units.
    pub const fn within(free: u32) -> Self {
        Self { free, extra: free, window: Span::ZERO }
    }

    /// The same for jobs of at most so many units.
    #[inline]
    pub(super) fn at_most(&self, units: u32) -> Self {
        Self { free: self.free.min(units), ..*self }
    }

    /// Whether a job fits.
    pub fn admits(&self, job: &Waiting) -> bool {
        self.may_admit(job.least())
    }

    /// Whether a subtree with these least values may hold a job that fits; exact for a single job.
    #[inline]
    pub(super) fn may_admit(&self, least: Least) -> bool {
        least.units <= self.extra.min(self.free)
            || (least.units <= self.free && least.requested <= self.window.0)
    }
}

/// The least units and least requested time of a subtree.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Least {
    pub(super) units: u32,
    pub(super) requested: u64,
}

impl Least {
    /// Of an empty subtree: nothing fits.
    pub(super) const NOTHING: Self = Self { units: u32::MAX, requested: u64::MAX };

    #[inline]
    pub(super) fn min(self, other: Self) -> Self {
        Self { units: self.units.min(other.units), requested: self.requested.min(other.requested) }
    }
}
