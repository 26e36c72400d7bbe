//! The availability profile: how many units are free at each instant to come, by what is planned.
//!
//! A step function in two flat arrays, the starts of the steps and the units free in each; the last step never ends.
//! All intervals are half open. Every operation is one scan over the steps ahead: O(B) with B steps. The naive form, a
//! number for each instant, is the oracle of the tests.

use super::RunningSet;
use crate::units::{Span, Time};

/// Units free over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Profile {
    /// Ascending starts of the steps; those before `first` are past.
    times: Vec<Time>,
    /// Units free in each step; below zero where capacity is taken away from running jobs.
    free: Vec<i32>,
    /// The step that holds the present.
    first: usize,
}

/// Past steps are dropped once so many have gathered.
const FORGET: usize = 256;

impl Profile {
    /// `free` units from `now` on.
    pub fn new(now: Time, free: i32) -> Self {
        Self { times: vec![now], free: vec![free], first: 0 }
    }

    /// What is free now and comes free as the running jobs reach their expected ends.
    pub fn rebuild(&mut self, now: Time, free: u32, running: &RunningSet) {
        self.times.clear();
        self.free.clear();
        self.first = 0;
        self.times.push(now);
        let mut sum = signed(free);
        self.free.push(sum);
        for (end, units) in running.by_end() {
            sum += signed(units);
            let last = self.times.len() - 1;
            // A job that is over its time is expected to end at once, but not now.
            let end = end.max(Time(now.0 + 1));
            if self.times[last] < end {
                self.times.push(end);
                self.free.push(sum);
            } else {
                self.free[last] = sum;
            }
        }
    }

    /// Forgets what lies before `now`.
    pub fn advance(&mut self, now: Time) {
        while self.times.get(self.first + 1).is_some_and(|&next| next <= now) {
            self.first += 1;
        }
        if self.first >= FORGET {
            self.times.drain(..self.first);
            self.free.drain(..self.first);
            self.first = 0;
        }
        self.times[self.first] = self.times[self.first].max(now);
    }

    /// The number of steps ahead.
    pub fn steps(&self) -> usize {
        self.times.len() - self.first
    }

    /// The earliest instant from `from` on at which `units` are free for `length`; `None` if they never are.
    pub fn earliest(&self, from: Time, units: u32, length: Span) -> Option<Time> {
        self.search(from, signed(units), length, self.times.len() - self.first)
    }

    /// The earliest instant before `start` at which a job planned for `start` could start instead: `units` are free from
    /// there for `length`, or until `start`, from where on the job itself holds them.
    pub fn earliest_before(&self, from: Time, units: u32, length: Span, start: Time) -> Option<Time> {
        let until = self.times[self.first..].partition_point(|&time| time < start);
        self.search(from, signed(units), length, until)
    }

    /// The earliest instant in the first `until` steps at which `units` are free for `length` or until these steps end.
    fn search(&self, from: Time, units: i32, length: Span, until: usize) -> Option<Time> {
        let times = &self.times[self.first..][..until];
        let free = &self.free[self.first..][..until];
        let mut step = times.partition_point(|&start| start <= from).saturating_sub(1);
        while step < until {
            step += first(&free[step..], |free| free >= units)?;
            let begin = times[step].max(from);
            let end = begin.saturating_add(length);
            match first_short(&times[step..], &free[step..], units, end) {
                Some(ahead) => step += ahead,
                None => return Some(begin),
            }
        }
        None
    }

    /// The least units free within `[from, to)`, which must not be empty.
    pub fn least(&self, from: Time, to: Time) -> i64 {
        let (times, free) = (&self.times[self.first..], &self.free[self.first..]);
        let step = times.partition_point(|&start| start <= from).saturating_sub(1);
        let until = times.partition_point(|&start| start < to).max(step + 1);
        free[step..until].iter().copied().min().expect("at least the step of `from`").into()
    }

    /// The most units free within `[from, to)`, which must not be empty.
    pub fn most(&self, from: Time, to: Time) -> i64 {
        let (times, free) = (&self.times[self.first..], &self.free[self.first..]);
        let step = times.partition_point(|&start| start <= from).saturating_sub(1);
        let until = times.partition_point(|&start| start < to).max(step + 1);
        free[step..until].iter().copied().max().expect("at least the step of `from`").into()
    }

    /// Takes `units` away within `[from, to)`.
    pub fn take(&mut self, from: Time, to: Time, units: u32) {
        self.change(from, to, -signed(units));
    }

    /// Gives `units` back within `[from, to)`.
    pub fn give(&mut self, from: Time, to: Time, units: u32) {
        self.change(from, to, signed(units));
    }

    fn change(&mut self, from: Time, to: Time, difference: i32) {
        let from = from.max(self.times[self.first]);
        if from >= to {
            return;
        }
        let begin = self.edge(from, self.first);
        let end = if to == Time::MAX { self.times.len() } else { self.edge(to, begin) };
        for free in &mut self.free[begin..end] {
            *free += difference;
        }
        // Only the two edges can have become no steps at all.
        self.merge(end);
        self.merge(begin);
    }

    /// The step that starts at `time`, which is made if there is none.
    fn edge(&mut self, time: Time, from: usize) -> usize {
        let place = from + self.times[from..].partition_point(|&start| start < time);
        if self.times.get(place) != Some(&time) {
            self.times.insert(place, time);
            self.free.insert(place, self.free[place - 1]);
        }
        place
    }

    fn merge(&mut self, step: usize) {
        if step > self.first && step < self.times.len() && self.free[step] == self.free[step - 1] {
            self.times.remove(step);
            self.free.remove(step);
        }
    }
}

/// Units as a signed number; partitions have fewer than 2^31.
fn signed(units: u32) -> i32 {
    i32::try_from(units).expect("a partition has fewer than 2^31 units")
}

/// The first step that begins before `end` and has fewer than `units` free.
fn first_short(times: &[Time], free: &[i32], units: i32, end: Time) -> Option<usize> {
    let mut at = 0;
    // Most slots are short, so the search goes on by pieces only while their time lasts.
    while at < free.len() && times[at] < end {
        let piece = &free[at..free.len().min(at + AT_ONCE)];
        if let Some(inside) = first(piece, |free| free < units) {
            return (times[at + inside] < end).then_some(at + inside);
        }
        at += AT_ONCE;
    }
    None
}

/// How many steps are looked at together.
const AT_ONCE: usize = 16;

/// The first place at which a test holds. Sixteen are tested at once, which the compiler turns into a few instructions.
fn first(free: &[i32], test: impl Fn(i32) -> bool) -> Option<usize> {
    let (chunks, rest) = free.as_chunks::<AT_ONCE>();
    for (index, chunk) in chunks.iter().enumerate() {
        if chunk.iter().map(|&free| u32::from(test(free))).sum::<u32>() > 0 {
            let inside = chunk.iter().position(|&free| test(free))?;
            return Some(index * AT_ONCE + inside);
        }
    }
    Some(chunks.len() * AT_ONCE + rest.iter().position(|&free| test(free))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[derive(Clone, Copy)]
    struct Slot {
        start: u64,
        length: u64,
        units: u32,
    }

    /// The earliest instant before its start at which a slot would fit among the others, of 8 units.
    fn earlier(slots: &[Slot], index: usize, now: u64) -> Option<u64> {
        let Slot { start, length, units } = slots[index];
        let others: Vec<Slot> = [&slots[..index], &slots[index + 1..]].concat();
        let held_at = |time| {
            let held =
                others.iter().filter(|other| (other.start..other.start + other.length).contains(&time));
            held.map(|other| other.units).sum::<u32>()
        };
        (now..start).find(|&from| (from..from + length).all(|time| held_at(time) + units <= 8))
    }

    #[test]
    fn holes_and_edges() {
        let mut profile = Profile::new(Time(0), 10);
        profile.take(Time(0), Time(100), 6);
        profile.take(Time(50), Time(70), 4);
        assert_eq!(profile.earliest(Time(0), 4, Span(50)), Some(Time(0)), "ending at the edge is legal");
        assert_eq!(profile.earliest(Time(0), 4, Span(51)), Some(Time(70)));
        assert_eq!(profile.earliest(Time(0), 5, Span(1)), Some(Time(100)));
        assert_eq!(profile.earliest(Time(0), 11, Span(1)), None);
        profile.give(Time(50), Time(70), 4);
        profile.give(Time(20), Time(100), 6);
        assert_eq!((profile.steps(), profile.least(Time(0), Time(20))), (2, 4));
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// As a plain list with a number for each instant.
        #[test]
        fn equals_a_list(
            steps in prop::collection::vec((0_u64..40, 1_u64..30, 1_u32..9, any::<bool>(), 0_u64..3), 1..40),
        ) {
            const LENGTH: usize = 200;
            let mut profile = Profile::new(Time(0), 8);
            let mut list = vec![8_i32; LENGTH];
            let mut now = 0;
            for (offset, length, units, takes, wait) in steps {
                now += wait;
                profile.advance(Time(now));
                let from = now + offset;
                let found = profile.earliest(Time(from), units, Span(length));
                let free = |at: usize| list.get(at).or(list.last()).copied().unwrap_or(8);
                let fits = |at: &usize| (*at..at + length as usize).all(|t| free(t) >= units as i32);
                let expected = (from as usize..2 * LENGTH).find(fits);
                prop_assert_eq!(found.map(|time| time.0 as usize), expected);
                let to = from + length;
                let inside = from as usize..to as usize;
                prop_assert_eq!(profile.least(Time(from), Time(to)), i64::from(inside.clone().map(free).min().unwrap()));
                prop_assert_eq!(profile.most(Time(from), Time(to)), i64::from(inside.clone().map(free).max().unwrap()));
                let sign = if takes { -1 } else { 1 };
                if takes { profile.take(Time(from), Time(to), units) } else { profile.give(Time(from), Time(to), units) }
                for free in &mut list[inside] {
                    *free += sign * units as i32;
                }
            }
            let ahead = &profile.times[profile.first..];
            prop_assert!(ahead.windows(2).all(|pair| pair[0] < pair[1]));
        }

        /// As taking the job out of a plain list and searching that from now on. Jobs take their earliest slots; now and
        /// then one leaves, so that others may move.
        #[test]
        fn earlier_slots_equal_a_list(
            steps in prop::collection::vec((any::<bool>(), 1_u64..12, 1_u32..9, 0_u64..3, 0_usize..9), 1..30),
        ) {
            let mut profile = Profile::new(Time(0), 8);
            let mut slots: Vec<Slot> = Vec::new();
            let mut now = 0;
            for (leaves, length, units, wait, index) in steps {
                now += wait;
                profile.advance(Time(now));
                if leaves && index < slots.len() {
                    let Slot { start, length, units } = slots.swap_remove(index);
                    profile.give(Time(start), Time(start + length), units);
                } else {
                    let start = profile.earliest(Time(now), units, Span(length)).unwrap();
                    profile.take(start, start + Span(length), units);
                    slots.push(Slot { start: start.0, length, units });
                }
                // What started before now can't move.
                for index in (0..slots.len()).filter(|&index| slots[index].start >= now) {
                    let Slot { start, length, units } = slots[index];
                    let found = profile.earliest_before(Time(now), units, Span(length), Time(start));
                    prop_assert_eq!(found.map(|time| time.0), earlier(&slots, index, now));
                }
            }
        }
    }
}
