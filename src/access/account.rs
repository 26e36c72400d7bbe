//! The account of a project: what was granted, what its jobs out have been reckoned with, what they truly held.

use crate::units::AcceleratorTime;

/// Hours of a project, all on the reference accelerator, to the unit.
///
/// A job is handed in only if what it asks for is covered; that much is set aside until it leaves. What it holds is charged as
/// it is held, and may come to more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Account {
    granted: AcceleratorTime,
    set_aside: AcceleratorTime,
    used: AcceleratorTime,
}

/// An account when it is closed, or looked at for the last time: granted + overdrawn = used + rest.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Balance {
    /// What was not used.
    pub rest: AcceleratorTime,
    /// What was used beyond what was granted.
    pub overdrawn: AcceleratorTime,
}

impl Account {
    /// An account with so much on it.
    pub fn of(granted: AcceleratorTime) -> Self {
        Self { granted, ..Self::default() }
    }

    /// What was granted.
    pub fn granted(&self) -> AcceleratorTime {
        self.granted
    }

    /// What was used up to now.
    pub fn used(&self) -> AcceleratorTime {
        self.used
    }

    /// Whether so much is neither used nor set aside.
    pub fn covers(&self, asked: AcceleratorTime) -> bool {
        (self.used + self.set_aside).0.saturating_add(asked.0) <= self.granted.0
    }

    /// Sets aside what a job asks for.
    pub fn set_aside(&mut self, asked: AcceleratorTime) {
        self.set_aside += asked;
    }

    /// A job that asked for so much has left.
    ///
    /// # Panics
    ///
    /// If less is set aside: a defect of the caller.
    pub fn free(&mut self, asked: AcceleratorTime) {
        let left = self.set_aside.0.checked_sub(asked.0);
        self.set_aside = AcceleratorTime(left.expect("what leaves was set aside"));
    }

    /// Charges what a job has held.
    pub fn charge(&mut self, held: AcceleratorTime) {
        self.used += held;
    }

    /// What is left, or was overdrawn.
    pub fn balance(&self) -> Balance {
        Balance {
            rest: AcceleratorTime(self.granted.0.saturating_sub(self.used.0)),
            overdrawn: AcceleratorTime(self.used.0.saturating_sub(self.granted.0)),
        }
    }
}
