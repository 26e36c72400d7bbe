//! The people of all pools and the tasks before them: who does what, and when it ends.
//!
//! Tasks are taken first come first served: a person takes the task that has waited longest among those that the pool is
//! able to do, and nobody is idle while such a task waits. A new task takes the best able pool that has somebody free.
//! A task begun outside working hours has its person, and its work begins at the opening. It takes its working time divided
//! by the efficiency of who does it. People who go finish what they do.

use super::lines::{Lines, Waiting};
use super::tally::{Law, Usage};
use crate::model::{IdVec, PoolId, StaffPool};
use crate::units::{Span, Time};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Work for one person.
#[derive(Debug, Clone, PartialEq)]
pub struct Task<T> {
    /// What it is about.
    pub of: T,
    /// The working time that it takes at efficiency 1.
    pub work: Span,
    /// The pools that may do it, each once, with their efficiency, above 0 and at most 1; best first. If there are none, it
    /// waits for ever.
    pub able: Vec<(PoolId, f64)>,
}

/// A task that somebody has begun.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Begun<T> {
    /// What it is about.
    pub of: T,
    /// Who does it.
    pub pool: PoolId,
    /// How fast.
    pub efficiency: f64,
    /// Since when it waited: the present if somebody was free.
    pub asked: Time,
    /// When it is finished.
    pub ends: Time,
}

/// All staff pools of a run and the queue before them. `T` names what a task is about.
///
/// Who drives it calls [`Desks::finished`] at each instant that a begun task ends, and [`Desks::change`] at each
/// [`Desks::next_change`]; time runs forward.
#[derive(Debug, Clone)]
pub struct Desks<T> {
    pools: IdVec<PoolId, Desk>,
    lines: Lines<T>,
    /// The integral of the tasks waiting, and the sum of the waits of those that have been begun.
    waited: Law,
    since: Time,
}

/// The people of one pool.
#[derive(Debug, Clone)]
struct Desk {
    pool: StaffPool,
    /// How many of the pool's changes in number have come.
    changes: usize,
    employed: u32,
    /// When each of those who are busy will have finished.
    ends: BinaryHeap<Reverse<Time>>,
    /// The sum of the times from begin to end of all tasks begun.
    promised: u128,
    usage: Usage,
    since: Time,
}

impl<T: Copy> Desks<T> {
    /// The desks at time zero. Pools that are not `present`, as those of sites outside the set, have nobody.
    pub fn new(pools: &IdVec<PoolId, StaffPool>, present: impl Fn(PoolId) -> bool) -> Self {
        let desk = |(id, pool): (PoolId, &StaffPool)| Desk::new(pool.clone(), present(id));
        Self {
            pools: pools.enumerate().map(desk).collect(),
            lines: Lines::new(pools.len()),
            waited: Law::default(),
            since: Time::ZERO,
        }
    }

    /// Asks for work. It begins at once, outside working hours too, at the first able pool that has somebody free; otherwise
    /// it waits, and `finished` or `change` will return it.
    pub fn ask(&mut self, now: Time, task: Task<T>) -> Option<Begun<T>> {
        let is_free = |(pool, _): &&(PoolId, f64)| self.pools[*pool].has_somebody_free();
        if let Some(&(pool, efficiency)) = task.able.iter().find(is_free) {
            return Some(self.pools[pool].begin(now, pool, (task.of, task.work, now), efficiency));
        }
        self.settle(now);
        self.lines.join(now, task);
        None
    }

    /// Somebody of a pool has finished, and takes the longest-waiting task that the pool is able to do; or goes, if the pool
    /// has become smaller meanwhile. Panics if nobody of the pool was to finish now.
    pub fn finished(&mut self, now: Time, pool: PoolId) -> Option<Begun<T>> {
        self.pools[pool].finish(now);
        self.take(now, pool)
    }

    /// The next instant at which a pool changes in number.
    pub fn next_change(&self, pool: PoolId) -> Option<Time> {
        self.pools[pool].next_change().map(|&(at, _)| at)
    }

    /// The changes in number of a pool up to now: those who come take a task each, in order; those who go finish theirs.
    pub fn change(&mut self, now: Time, pool: PoolId) -> Vec<Begun<T>> {
        self.pools[pool].change(now);
        std::iter::from_fn(|| self.take(now, pool)).collect()
    }

    /// How many tasks wait.
    pub fn waiting(&self) -> usize {
        self.lines.waiting()
    }

    /// How many people of a pool have a task.
    pub fn busy(&self, pool: PoolId) -> u32 {
        self.pools[pool].busy()
    }

    /// How many people a pool has, without those who only finish what they do.
    pub fn employed(&self, pool: PoolId) -> u32 {
        self.pools[pool].employed
    }

    /// What the people of a pool did up to now. O(days since its last event).
    pub fn usage(&self, now: Time, pool: PoolId) -> Usage {
        self.pools[pool].usage_at(now)
    }

    /// Tasks waiting up to now, counted twice. O(tasks waiting).
    pub fn waits(&self, now: Time) -> Law {
        let still: u128 = self.lines.iter().map(|task| u128::from(now.since(task.asked).0)).sum();
        Law {
            by_clock: self.waited.by_clock + self.waiting_since(now),
            by_tasks: self.waited.by_tasks + still,
        }
    }

    /// Tasks being done by a pool up to now, counted twice. O(people busy).
    pub fn services(&self, now: Time, pool: PoolId) -> Law {
        let desk = &self.pools[pool];
        let left: u128 = desk.ends.iter().map(|Reverse(end)| u128::from(end.since(now).0)).sum();
        Law { by_clock: desk.usage_at(now).busy, by_tasks: desk.promised - left }
    }

    /// Begins the longest-waiting task that a pool is able to do, if there is one and somebody free.
    fn take(&mut self, now: Time, pool: PoolId) -> Option<Begun<T>> {
        if !self.pools[pool].has_somebody_free() {
            return None;
        }
        self.settle(now);
        let (Waiting { of, work, asked, .. }, efficiency) = self.lines.take(pool)?;
        self.waited.by_tasks += u128::from(now.since(asked).0);
        Some(self.pools[pool].begin(now, pool, (of, work, asked), efficiency))
    }

    fn settle(&mut self, now: Time) {
        self.waited.by_clock += self.waiting_since(now);
        self.since = now;
    }

    /// The integral of the tasks waiting since the last event.
    fn waiting_since(&self, now: Time) -> u128 {
        self.lines.waiting() as u128 * u128::from(now.since(self.since).0)
    }
}

impl Desk {
    fn new(mut pool: StaffPool, is_present: bool) -> Self {
        if !is_present {
            pool.staff.clear();
        }
        let mut desk = Self {
            pool,
            changes: 0,
            employed: 0,
            ends: BinaryHeap::new(),
            promised: 0,
            usage: Usage::default(),
            since: Time::ZERO,
        };
        desk.change(Time::ZERO);
        desk
    }

    fn busy(&self) -> u32 {
        u32::try_from(self.ends.len()).expect("no more are busy than were employed")
    }

    fn has_somebody_free(&self) -> bool {
        self.busy() < self.employed
    }

    fn next_change(&self) -> Option<&(Time, u32)> {
        self.pool.staff.get(self.changes)
    }

    fn change(&mut self, now: Time) {
        self.settle(now);
        while let Some(&(_, number)) = self.next_change().filter(|(at, _)| *at <= now) {
            self.employed = number;
            self.changes += 1;
        }
    }

    /// Somebody begins a task, which is about something, takes so much work and was asked for at some time.
    fn begin<T>(&mut self, now: Time, pool: PoolId, task: (T, Span, Time), efficiency: f64) -> Begun<T> {
        self.settle(now);
        let (of, work, asked) = task;
        let ends = self.pool.after(now, slowed(work, efficiency));
        self.promised += u128::from(ends.since(now).0);
        self.ends.push(Reverse(ends));
        Begun { of, pool, efficiency, asked, ends }
    }

    fn finish(&mut self, now: Time) {
        self.settle(now);
        let end = self.ends.pop();
        assert!(end == Some(Reverse(now)), "somebody finishes when it was said: {end:?} at {now:?}");
    }

    fn settle(&mut self, now: Time) {
        self.usage = self.usage_at(now);
        self.since = now;
    }

    fn usage_at(&self, now: Time) -> Usage {
        let clock = u128::from(now.since(self.since).0);
        let worked = u128::from(self.pool.between(self.since, now).0);
        let busy = u128::from(self.busy());
        Usage {
            busy: self.usage.busy + busy * clock,
            worked: self.usage.worked + busy * worked,
            staffed: self.usage.staffed + busy.max(self.employed.into()) * worked,
        }
    }
}

/// The working time of a task at an efficiency, to the nanosecond.
fn slowed(work: Span, efficiency: f64) -> Span {
    assert!(efficiency > 0.0 && efficiency <= 1.0, "an efficiency is above 0 and at most 1: {efficiency}");
    // Through a float the work of people at home would lose nanoseconds from 104 days on.
    if efficiency < 1.0 { Span((work.0 as f64 / efficiency).round() as u64) } else { work }
}
