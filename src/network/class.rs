//! The transfers of one route, progressed lazily by a virtual clock.
//!
//! All members have one rate, so one number tells what each was served since the class was last empty:
//! `clock(t) = clock(t0) + rate x (t - t0)`, in bytes. A member that joins gets the finish tag `clock + bytes` and ends
//! when the clock reaches it, whatever the rate does in between. A change of rate costs O(1), however many members.

use super::ledger::RunningSum;
use crate::units::{Span, Time};
use dary_heap::QuaternaryHeap;
use std::cmp::Ordering;

/// Above this, the virtual clock is set back to zero and all tags with it. One rounding of the clock is then at most
/// 2^-13 bytes, so ten thousand changes of rate stay within a byte: a nanosecond at 1 GB/s.
const CLOCK_LIMIT: f64 = (1_u64 << 40) as f64;

/// Members whose tag differs from the clock by less end with the one that is due: 1e-12 of their own bytes, and 16 last
/// bits of the tag. Without it, equal transfers could end a nanosecond apart by rounding.
fn tolerance(member: &Member<impl Copy>) -> f64 {
    1e-12 * member.bytes as f64 + 16.0 * f64::EPSILON * member.tag
}

/// A transfer that is being served.
#[derive(Debug, Clone, Copy)]
pub(super) struct Member<T> {
    /// The virtual clock at its end, in bytes.
    pub(super) tag: f64,
    /// The order of starting, which breaks ties.
    pub(super) sequence: u64,
    /// Its size.
    pub(super) bytes: u64,
    /// What the owner knows it by.
    pub(super) token: T,
}

impl<T> PartialEq for Member<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl<T> Eq for Member<T> {}
impl<T> PartialOrd for Member<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Member<T> {
    /// Reversed, since the heap gives its greatest first.
    fn cmp(&self, other: &Self) -> Ordering {
        other.tag.total_cmp(&self.tag).then(other.sequence.cmp(&self.sequence))
    }
}

/// A transfer with what it has not sent yet.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent<T> {
    /// The order of starting.
    pub(super) sequence: u64,
    /// Its size.
    pub(super) bytes: u64,
    /// Bytes still to be sent.
    pub(super) remaining: f64,
    /// What the owner knows it by.
    pub(super) token: T,
}

/// The members of one class and their common progress.
#[derive(Debug, Clone)]
pub(super) struct Class<T> {
    members: QuaternaryHeap<Member<T>>,
    /// The virtual clock at `since`: bytes served to each member.
    clock: f64,
    since: Time,
    /// Bytes per second of each member.
    rate: f64,
    /// Whether members came or went since the rate was set: `due` is out of date then.
    changed: bool,
    /// When the first member ends at this rate: rounded up to the next nanosecond, never if it stands still.
    pub(super) due: Time,
    /// The integral over time of `rate x members`, up to `since`.
    served: RunningSum,
}

impl<T: Copy> Class<T> {
    pub(super) fn new() -> Self {
        Self {
            members: QuaternaryHeap::new(),
            clock: 0.0,
            since: Time::ZERO,
            rate: 0.0,
            changed: false,
            due: Time::MAX,
            served: RunningSum::default(),
        }
    }

    /// The number of members.
    pub(super) fn len(&self) -> usize {
        self.members.len()
    }

    /// Brings the virtual clock up to `now`, at the present rate.
    pub(super) fn progress(&mut self, now: Time) {
        let step = self.rate * now.since(self.since).as_seconds();
        self.since = now;
        self.clock += step;
        self.served.add(step * self.members.len() as f64);
        if self.clock > CLOCK_LIMIT {
            self.set_back();
        }
    }

    /// Sets the virtual clock to zero and shifts all tags. Rounding may make tags equal, so the heap is built again.
    fn set_back(&mut self) {
        let mut members = std::mem::take(&mut self.members).into_vec();
        for member in &mut members {
            member.tag -= self.clock;
        }
        self.members = QuaternaryHeap::from(members);
        self.clock = 0.0;
    }

    /// Takes a new member at `now`. Its rate is not known before the next [`Class::set_rate`].
    pub(super) fn join(&mut self, now: Time, transfer: Sent<T>) {
        self.progress(now);
        self.changed = true;
        let Sent { sequence, bytes, remaining, token } = transfer;
        self.members.push(Member { tag: self.clock + remaining, sequence, bytes, token });
    }

    /// Whether a member goes by this token. O(members).
    pub(super) fn holds(&self, token: T) -> bool
    where
        T: PartialEq,
    {
        self.members.iter().any(|member| member.token == token)
    }

    /// Lets all members go at `now`, in the order of their starting, with what they have not sent yet.
    pub(super) fn leave(&mut self, now: Time) -> Vec<Sent<T>> {
        self.progress(now);
        self.changed = true;
        let mut members = std::mem::take(&mut self.members).into_vec();
        members.sort_unstable_by_key(|member| member.sequence);
        let clock = std::mem::replace(&mut self.clock, 0.0);
        (self.rate, self.due) = (0.0, Time::MAX);
        let sent = |Member { tag, sequence, bytes, token }: Member<T>| {
            // Rounding may have served the last of them a little more than it has.
            Sent { sequence, bytes, remaining: (tag - clock).max(0.0), token }
        };
        members.into_iter().map(sent).collect()
    }

    /// Sets the rate from `now` on, and finds when the first member ends. A class whose rate and members are as before
    /// is left alone, so its clock is not rounded once more.
    pub(super) fn set_rate(&mut self, now: Time, rate: f64) {
        if !self.changed && self.rate.to_bits() == rate.to_bits() {
            return;
        }
        self.progress(now);
        (self.rate, self.changed) = (rate, false);
        let first = self.members.peek().expect("a class that is served has members");
        let span = if rate > 0.0 { nanoseconds_up((first.tag - self.clock) / rate) } else { Span::MAX };
        self.due = now.saturating_add(span);
    }

    /// Removes the members that end at `now`, when the class is due: calls `end` with each, and with the bytes it was
    /// served too much because instants are whole nanoseconds.
    pub(super) fn end_due(&mut self, now: Time, mut end: impl FnMut(Member<T>, f64)) {
        self.progress(now);
        self.changed = true;
        // The first member is due by the integer instant, whatever the last bits of the clock say.
        let mut ends = self.members.pop();
        while let Some(member) = ends {
            end(member, self.clock - member.tag);
            let next = self.members.peek().filter(|next| next.tag - self.clock <= tolerance(next));
            ends = if next.is_some() { self.members.pop() } else { None };
        }
        if self.members.is_empty() {
            // No tag refers to the clock any more: starting at zero keeps it small, and so its rounding.
            (self.clock, self.rate, self.due) = (0.0, 0.0, Time::MAX);
        }
    }

    /// Bytes served to all members, past and present, until `now`.
    pub(super) fn served(&self, now: Time) -> f64 {
        let step = self.rate * now.since(self.since).as_seconds();
        self.served.total() + step * self.members.len() as f64
    }

    /// Bytes still to be served to the present members at `now`.
    pub(super) fn remaining(&self, now: Time) -> f64 {
        let clock = self.clock + self.rate * now.since(self.since).as_seconds();
        self.members.iter().map(|member| member.tag - clock).sum()
    }
}

/// Seconds as whole nanoseconds, rounded up. The quotient that gave `seconds` and the product here are off by up to 3
/// last bits: they must not push an exact instant to the next nanosecond.
fn nanoseconds_up(seconds: f64) -> Span {
    Span((seconds * 1e9 * (1.0 - 4.0 * f64::EPSILON)).ceil() as u64)
}
