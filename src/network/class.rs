//! The transfers of one route, in the order in which they end, with the [`Clock`] by which they progress.

use super::clock::{Clock, Now, nanoseconds_up};
use crate::units::Time;
use dary_heap::QuaternaryHeap;
use std::cmp::Ordering;

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

/// The members of all classes and the clocks by which they progress.
#[derive(Debug, Clone)]
pub(super) struct Classes<T> {
    clocks: Vec<Clock>,
    members: Vec<QuaternaryHeap<Member<T>>>,
}

impl<T: Copy> Classes<T> {
    pub(super) fn new() -> Self {
        Self { clocks: Vec::new(), members: Vec::new() }
    }

    /// Adds a class without members.
    pub(super) fn add(&mut self) {
        self.clocks.push(Clock::new());
        self.members.push(QuaternaryHeap::new());
    }

    /// By class.
    pub(super) fn clocks(&self) -> &[Clock] {
        &self.clocks
    }

    /// The number of members.
    pub(super) fn len(&self, class: usize) -> usize {
        self.members[class].len()
    }

    /// Brings the virtual clock up to `now`, at the present rate.
    fn progress(&mut self, class: usize, now: Time) {
        if self.clocks[class].progress(&mut Now::at(now)) {
            self.set_back(class);
        }
    }

    /// Sets the virtual clock to zero and shifts all tags. Rounding may make tags equal, so the heap is built again.
    #[cold]
    fn set_back(&mut self, class: usize) {
        let clock = &mut self.clocks[class];
        let mut members = std::mem::take(&mut self.members[class]).into_vec();
        for member in &mut members {
            member.tag -= clock.served_each;
        }
        self.members[class] = QuaternaryHeap::from(members);
        clock.served_each = 0.0;
        self.count(class);
    }

    /// Tells the clock who is there now.
    fn count(&mut self, class: usize) {
        let (clock, members) = (&mut self.clocks[class], &self.members[class]);
        clock.members = members.len() as f64;
        clock.first = members.peek().map_or(f64::INFINITY, |first| first.tag);
    }

    /// Takes a new member at `now`. Its rate is not known before the next [`Classes::set_rates`].
    pub(super) fn join(&mut self, class: usize, now: Time, transfer: Sent<T>) {
        self.progress(class, now);
        let clock = &mut self.clocks[class];
        clock.changed = true;
        let Sent { sequence, bytes, remaining, token } = transfer;
        self.members[class].push(Member { tag: clock.served_each + remaining, sequence, bytes, token });
        self.count(class);
    }

    /// Whether a member goes by this token. O(members).
    pub(super) fn holds(&self, class: usize, token: T) -> bool
    where
        T: PartialEq,
    {
        self.members[class].iter().any(|member| member.token == token)
    }

    /// Lets all members go at `now`, in the order of their starting, with what they have not sent yet.
    pub(super) fn leave(&mut self, class: usize, now: Time) -> Vec<Sent<T>> {
        self.progress(class, now);
        let mut members = std::mem::take(&mut self.members[class]).into_vec();
        members.sort_unstable_by_key(|member| member.sequence);
        let clock = &mut self.clocks[class];
        clock.changed = true;
        let served_each = clock.served_each;
        clock.empty();
        self.count(class);
        let sent = |Member { tag, sequence, bytes, token }: Member<T>| {
            // Rounding may have served the last of them a little more than it has.
            Sent { sequence, bytes, remaining: (tag - served_each).max(0.0), token }
        };
        members.into_iter().map(sent).collect()
    }

    /// Sets the rates of these classes from `now` on, and finds when the first member of any ends. A class whose rate
    /// and members are as before is left alone, so its clock is not rounded once more.
    pub(super) fn set_rates(&mut self, now: Time, rates: impl Iterator<Item = (u32, f64)>) -> Time {
        let begin = (Time::MAX, f64::INFINITY, Now::at(now));
        let (due, wait, _) = rates.fold(begin, |(due, wait, mut now), (class, rate)| {
            let clock = &mut self.clocks[class as usize];
            if clock.goes_on_at(rate) {
                return (due.min(clock.due()), wait, now);
            }
            if clock.progress(&mut now) {
                self.set_back(class as usize);
            }
            let seconds = self.clocks[class as usize].set_rate(rate);
            (due, if seconds < wait { seconds } else { wait }, now)
        });
        due.min(now.saturating_add(nanoseconds_up(wait)))
    }

    /// Removes the members that end at `now`, when the class is due: calls `end` with each, and with the bytes it was
    /// served too much because instants are whole nanoseconds.
    pub(super) fn end_due(&mut self, class: usize, now: Time, mut end: impl FnMut(Member<T>, f64)) {
        self.progress(class, now);
        let (clock, members) = (&mut self.clocks[class], &mut self.members[class]);
        clock.changed = true;
        // The first member is due by the integer instant, whatever the last bits of the clock say.
        let mut ends = members.pop();
        while let Some(member) = ends {
            end(member, clock.served_each - member.tag);
            let next = members.peek().filter(|next| next.tag - clock.served_each <= tolerance(next));
            ends = if next.is_some() { members.pop() } else { None };
        }
        if members.is_empty() {
            clock.empty();
        }
        self.count(class);
    }

    /// Bytes still to be served to the present members at `now`.
    pub(super) fn remaining(&self, class: usize, now: Time) -> f64 {
        let clock = self.clocks[class].at(now);
        self.members[class].iter().map(|member| member.tag - clock).sum()
    }
}
