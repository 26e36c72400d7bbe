//! Caps: the most units and jobs that some hold at once.

use std::ops::{Add, AddAssign, SubAssign};

/// The most that may be held at once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Most {
    /// Units.
    pub units: u64,
    /// Jobs.
    pub jobs: u64,
}

/// What is held.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Held {
    pub(super) units: u64,
    pub(super) jobs: u64,
}

impl Most {
    /// So many units, in any number of jobs.
    pub fn of_units(units: u64) -> Self {
        Self { units, jobs: u64::MAX }
    }

    /// Units left to one job more.
    pub(super) fn left(self, held: Held) -> u64 {
        if held.jobs < self.jobs { self.units.saturating_sub(held.units) } else { 0 }
    }
}

impl Held {
    pub(super) const NOTHING: Self = Self { units: 0, jobs: 0 };

    /// One job on so many units.
    pub(super) fn job(units: u32) -> Self {
        Self { units: units.into(), jobs: 1 }
    }
}

impl Add for Held {
    type Output = Self;

    fn add(self, other: Self) -> Self {
        Self { units: self.units + other.units, jobs: self.jobs + other.jobs }
    }
}

impl AddAssign for Held {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl SubAssign for Held {
    fn sub_assign(&mut self, other: Self) {
        let without = |held: u64, less: u64| held.checked_sub(less).expect("only what is held is released");
        *self = Self { units: without(self.units, other.units), jobs: without(self.jobs, other.jobs) };
    }
}
