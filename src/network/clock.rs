//! The common progress of the transfers of one class, by a virtual clock.
//!
//! All members have one rate, so one number tells what each was served since the class was last empty:
//! `clock(t) = clock(t0) + rate x (t - t0)`, in bytes. A member that joins gets the finish tag `clock + bytes` and ends
//! when the clock reaches it, whatever the rate does in between. A change of rate costs O(1), however many members.

use super::ledger::RunningSum;
use crate::units::{Span, Time};

/// Above this, the virtual clock is to be set back to zero and all tags with it. One rounding of the clock is then at
/// most 2^-13 bytes, so ten thousand changes of rate stay within a byte: a nanosecond at 1 GB/s.
const CLOCK_LIMIT: f64 = (1_u64 << 40) as f64;

/// An instant, and how long ago another was: most classes that a change of rates concerns were last concerned together.
#[derive(Debug, Clone, Copy)]
pub(super) struct Now {
    instant: Time,
    since: Time,
    seconds: f64,
}

impl Now {
    pub(super) fn at(instant: Time) -> Self {
        Self { instant, since: instant, seconds: 0.0 }
    }

    fn seconds_since(&mut self, since: Time) -> f64 {
        if since != self.since {
            (self.since, self.seconds) = (since, self.instant.since(since).as_seconds());
        }
        self.seconds
    }
}

/// What a change of rates has to look at of each class; one line of the cache.
#[derive(Debug, Clone)]
#[repr(align(64))]
pub(super) struct Clock {
    /// The virtual clock at `since`: bytes served to each member.
    pub(super) served_each: f64,
    since: Time,
    /// Bytes per second of each member.
    pub(super) rate: f64,
    /// The tag of the member that ends first.
    pub(super) first: f64,
    /// The integral over time of `rate x members`, up to `since`.
    served: RunningSum,
    /// A whole number.
    pub(super) members: f64,
    /// Whether members came or went since the rate was set: its end is to be found anew.
    pub(super) changed: bool,
}

impl Clock {
    pub(super) fn new() -> Self {
        Self {
            served_each: 0.0,
            since: Time::ZERO,
            rate: 0.0,
            first: 0.0,
            served: RunningSum::default(),
            members: 0.0,
            changed: false,
        }
    }

    /// Brings the virtual clock up to now, at the present rate; whether it has to be set back.
    pub(super) fn progress(&mut self, now: &mut Now) -> bool {
        let step = self.rate * now.seconds_since(self.since);
        self.since = now.instant;
        self.served_each += step;
        self.served.add(step * self.members);
        self.served_each > CLOCK_LIMIT
    }

    /// Whether the class goes on as it did, at this rate. Its clock is not to be rounded once more then.
    pub(super) fn goes_on_at(&self, rate: f64) -> bool {
        !self.changed && self.rate.to_bits() == rate.to_bits()
    }

    /// Sets the rate from the instant of the last progress on. Seconds until the first member ends, infinite if it
    /// stands still.
    pub(super) fn set_rate(&mut self, rate: f64) -> f64 {
        (self.rate, self.changed) = (rate, false);
        self.wait()
    }

    /// Seconds from `since` to the end of the first member at this rate.
    fn wait(&self) -> f64 {
        if self.rate > 0.0 { (self.first - self.served_each) / self.rate } else { f64::INFINITY }
    }

    /// When the first member ends at this rate: rounded up to the next nanosecond, never if it stands still.
    pub(super) fn due(&self) -> Time {
        self.since.saturating_add(nanoseconds_up(self.wait()))
    }

    /// No member is left. No tag refers to the clock any more: starting at zero keeps it small, and so its rounding.
    pub(super) fn empty(&mut self) {
        (self.served_each, self.rate) = (0.0, 0.0);
    }

    /// The virtual clock at `now`.
    pub(super) fn at(&self, now: Time) -> f64 {
        self.served_each + self.rate * now.since(self.since).as_seconds()
    }

    /// Bytes served to all members, past and present, until `now`.
    pub(super) fn served(&self, now: Time) -> f64 {
        let step = self.rate * now.since(self.since).as_seconds();
        self.served.total() + step * self.members
    }
}

/// Seconds as whole nanoseconds, rounded up. The quotient that gave `seconds` and the product here are off by up to 3
/// last bits: they must not push an exact instant to the next nanosecond.
pub(super) fn nanoseconds_up(seconds: f64) -> Span {
    Span((seconds * 1e9 * (1.0 - 4.0 * f64::EPSILON)).ceil() as u64)
}
