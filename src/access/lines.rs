//! The one queue before all desks, first come first served, kept as a line for each set of pools that are able.
//!
//! Tasks that the same pools may do at the same efficiencies stand in one line, and each pool knows the heads of the lines
//! that it serves, by who has waited longest. So a task joins or leaves in O(pools able · log lines), however many wait; a
//! plain queue would be searched from its head past all whom a pool is not able to serve, O(tasks waiting) each time.
//! There are at most as many lines as there are differing needs (skills × languages × countries × sites), and they stay.

use super::desks::Task;
use crate::model::{IdVec, PoolId};
use crate::units::{Span, Time};
use std::collections::{BTreeMap, BTreeSet, VecDeque};

/// A task in a line.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting<T> {
    pub(super) of: T,
    pub(super) work: Span,
    pub(super) asked: Time,
    /// Its place in the order of asking.
    ticket: u64,
}

/// The tasks that the same pools may do at the same efficiencies, longest wait first.
#[derive(Debug, Clone)]
struct Line<T> {
    able: Vec<(PoolId, f64)>,
    waiting: VecDeque<Waiting<T>>,
}

/// All lines.
#[derive(Debug, Clone)]
pub(super) struct Lines<T> {
    all: Vec<Line<T>>,
    /// Each line by its pools and the bits of their efficiencies.
    by_able: BTreeMap<Vec<(PoolId, u64)>, usize>,
    /// For each pool the heads of the lines that it serves: ticket and line.
    heads: IdVec<PoolId, BTreeSet<(u64, usize)>>,
    next_ticket: u64,
    waiting: usize,
}

impl<T: Copy> Lines<T> {
    /// Nobody waits for so many pools.
    pub(super) fn new(pools: usize) -> Self {
        Self {
            all: Vec::new(),
            by_able: BTreeMap::new(),
            heads: IdVec::filled(BTreeSet::new(), pools),
            next_ticket: 0,
            waiting: 0,
        }
    }

    /// How many wait.
    pub(super) fn waiting(&self) -> usize {
        self.waiting
    }

    /// All who wait, line by line.
    pub(super) fn iter(&self) -> impl Iterator<Item = &Waiting<T>> {
        self.all.iter().flat_map(|line| &line.waiting)
    }

    /// A task joins at the end.
    pub(super) fn join(&mut self, now: Time, task: Task<T>) {
        let line = self.line_of(task.able);
        let ticket = self.next_ticket;
        self.next_ticket += 1;
        self.waiting += 1;
        let is_head = self.all[line].waiting.is_empty();
        self.all[line].waiting.push_back(Waiting { of: task.of, work: task.work, asked: now, ticket });
        if is_head {
            self.all[line].able.iter().for_each(|&(pool, _)| {
                self.heads[pool].insert((ticket, line));
            });
        }
    }

    /// Takes the task that has waited longest among those that a pool is able to do, with the pool's efficiency.
    pub(super) fn take(&mut self, pool: PoolId) -> Option<(Waiting<T>, f64)> {
        let &(ticket, number) = self.heads[pool].first()?;
        let line = &mut self.all[number];
        let task = line.waiting.pop_front().expect("a line with a head is not empty");
        self.waiting -= 1;
        let next = line.waiting.front().map(|next| (next.ticket, number));
        for &(able, _) in &line.able {
            self.heads[able].remove(&(ticket, number));
            self.heads[able].extend(next);
        }
        let able = line.able.iter().find(|(able, _)| *able == pool);
        let &(_, efficiency) = able.expect("a pool takes from the lines that it serves");
        Some((task, efficiency))
    }

    /// The line of those whom these pools may serve, new if there is none yet.
    fn line_of(&mut self, able: Vec<(PoolId, f64)>) -> usize {
        let key: Vec<_> = able.iter().map(|&(pool, efficiency)| (pool, efficiency.to_bits())).collect();
        let next = self.all.len();
        let line = *self.by_able.entry(key).or_insert(next);
        if line == next {
            self.all.push(Line { able, waiting: VecDeque::new() });
        }
        line
    }
}
