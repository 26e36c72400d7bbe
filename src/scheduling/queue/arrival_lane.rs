//! Waiting jobs in the order of their coming, with a tree to jump to the next job that may start.
//!
//! Jobs lie in a ring of power-of-two size by arrival; jobs taken from the middle leave holes. A tree over blocks of the
//! ring keeps a [`Summary`] of each subtree, so that a search skips whole subtrees in which nothing fits, and scans the
//! blocks that are left. The last block enters the tree when it is full: most jobs start soon after they came and never
//! touch it. Push, remove and the next match are O(log n) amortised in the number of jobs waiting, but for blocks that a
//! summary admits in vain; see `naive` for the plain form that the tests compare with.

use super::summary::{Limits, Summary};
use super::waiting::{Fit, Waiting};
use crate::units::Span;

/// Jobs enter the tree by whole blocks of aligned positions, once the last position of the block is taken.
const BLOCK: usize = 16;

/// Waiting jobs, first come first.
#[derive(Debug, Clone)]
pub(crate) struct ArrivalLane {
    /// The ring: positions `head..tail` modulo its length; a hole has `u32::MAX` units.
    ring: Vec<Waiting>,
    /// A binary heap layout: node `i` has children `2i` and `2i + 1`; the leaves, one a block, fill the second half.
    tree: Vec<Summary>,
    head: u64,
    tail: u64,
    live: usize,
}

const HOLE: Waiting = Waiting { units: u32::MAX, requested: Span::MAX, job: u32::MAX };

impl Default for ArrivalLane {
    fn default() -> Self {
        Self { ring: vec![HOLE; BLOCK], tree: vec![Summary::EMPTY; 2], head: 0, tail: 0, live: 0 }
    }
}

impl ArrivalLane {
    /// The position after the last job.
    pub(super) fn tail(&self) -> u64 {
        self.tail
    }

    /// The first job with its position.
    #[inline]
    pub(super) fn head(&self) -> Option<(u64, Waiting)> {
        (self.live > 0).then(|| (self.head, self.at(self.head)))
    }

    /// The position of the last job. O(holes at the end).
    pub(super) fn last(&self) -> Option<u64> {
        (self.head..self.tail).rev().find(|&position| self.at(position) != HOLE)
    }

    /// The first position at or after `from` that holds a job. O(holes there).
    #[inline]
    pub(super) fn following(&self, from: u64) -> Option<u64> {
        (from.max(self.head)..self.tail).find(|&position| self.at(position) != HOLE)
    }

    /// The job at `position`, which must hold one.
    #[inline]
    pub(super) fn get(&self, position: u64) -> Waiting {
        let job = self.at(position);
        assert!(job != HOLE, "position {position} holds a job");
        job
    }

    /// Adds a job at the end. Positions of waiting jobs may change, their order and distance to the tail without
    /// holes do not: remember no position across a push.
    #[inline]
    pub(super) fn push(&mut self, job: Waiting) {
        assert!(job.units < u32::MAX, "a job's units leave room for the hole's mark");
        if (self.tail - self.head) as usize == self.ring.len() {
            self.rebuild();
        }
        let slot = self.slot(self.tail);
        self.ring[slot] = job;
        self.tail += 1;
        self.live += 1;
        if slot % BLOCK == BLOCK - 1 {
            self.refresh(slot / BLOCK, |summary, jobs| *summary = Summary::of(jobs));
        }
    }

    /// Takes the job at `position` out.
    #[inline]
    pub(super) fn remove(&mut self, position: u64) -> Waiting {
        let job = self.get(position);
        let slot = self.slot(position);
        self.ring[slot] = HOLE;
        self.live -= 1;
        if position < self.indexed() && self.tree[self.blocks() + slot / BLOCK].may_rest_on(&job) {
            self.refresh(slot / BLOCK, |summary, jobs| summary.forget(&job, jobs));
        }
        while self.head < self.tail && self.at(self.head) == HOLE {
            self.head += 1;
        }
        job
    }

    /// The first position at or after `from` whose job fits.
    #[inline]
    pub(super) fn next_fitting(&self, from: u64, fit: &Fit) -> Option<u64> {
        let from = from.max(self.head);
        let indexed = self.indexed();
        // The block of `from` may begin before it.
        let aligned = from.next_multiple_of(BLOCK as u64).min(self.tail);
        let in_tree = || if aligned < indexed { self.search(aligned, indexed, fit) } else { None };
        let in_last = || self.scan(aligned.max(indexed), self.tail, fit);
        self.scan(from, aligned, fit).or_else(in_tree).or_else(in_last)
    }

    /// The first position in `[from, until)`, which lie in one block, whose job fits.
    #[inline]
    fn scan(&self, from: u64, until: u64, fit: &Fit) -> Option<u64> {
        let (slot, length) = (self.slot(from), until.saturating_sub(from) as usize);
        let jobs = &self.ring[slot..slot + length];
        jobs.iter().position(|job| fit.admits(job)).map(|offset| from + offset as u64)
    }

    /// The first position in `[from, until)`, which are whole blocks in the tree, whose job fits.
    fn search(&self, from: u64, until: u64, fit: &Fit) -> Option<u64> {
        let limits = Limits::new(fit);
        if !self.tree[1].may_admit(&limits) {
            return None;
        }
        let (block, blocks) = (BLOCK as u64, self.blocks() as u64);
        let first = from / block % blocks;
        let end = first + (until - from) / block;
        let whole = self.search_blocks(first as usize, end.min(blocks) as usize, &limits, fit);
        let position =
            |slot: usize, turned: u64| from + slot as u64 + turned * block * blocks - first * block;
        whole.map(|slot| position(slot, 0)).or_else(|| {
            let rest = end.checked_sub(blocks).filter(|&rest| rest > 0)?;
            self.search_blocks(0, rest as usize, &limits, fit).map(|slot| position(slot, 1))
        })
    }

    /// The first slot in the blocks `[first, until)` whose job fits.
    fn search_blocks(&self, first: usize, until: usize, limits: &Limits, fit: &Fit) -> Option<usize> {
        let blocks = self.blocks();
        let mut node = blocks + first;
        loop {
            if self.tree[node].may_admit(limits) {
                if node < blocks {
                    node *= 2;
                    continue;
                }
                let block = node - blocks;
                if block >= until {
                    return None;
                }
                let jobs = &self.ring[block * BLOCK..(block + 1) * BLOCK];
                if let Some(offset) = jobs.iter().position(|job| fit.admits(job)) {
                    return Some(block * BLOCK + offset);
                }
            }
            // Climb while this is a right child, then go to the right sibling.
            while node & 1 == 1 {
                node >>= 1;
                if node <= 1 {
                    return None;
                }
            }
            node += 1;
            if node << (blocks.ilog2() - node.ilog2()) >= blocks + until {
                return None;
            }
        }
    }

    fn blocks(&self) -> usize {
        self.ring.len() / BLOCK
    }

    #[inline]
    fn at(&self, position: u64) -> Waiting {
        self.ring[self.slot(position)]
    }

    #[inline]
    fn slot(&self, position: u64) -> usize {
        (position as usize) & (self.ring.len() - 1)
    }

    /// Positions before this one are in the tree.
    fn indexed(&self) -> u64 {
        self.tail - self.tail % BLOCK as u64
    }

    /// Changes the summary of a block, and brings those above it up to date as far as they change.
    fn refresh(&mut self, block: usize, change: impl FnOnce(&mut Summary, &[Waiting])) {
        let mut node = self.blocks() + block;
        change(&mut self.tree[node], &self.ring[block * BLOCK..(block + 1) * BLOCK]);
        while node > 1 {
            node >>= 1;
            let summary = self.tree[2 * node].min(self.tree[2 * node + 1]);
            if self.tree[node] == summary {
                break;
            }
            self.tree[node] = summary;
        }
    }

    /// Closes the holes, and doubles the ring if jobs fill more than half of it.
    fn rebuild(&mut self) {
        let jobs: Vec<Waiting> =
            (self.head..self.tail).map(|at| self.at(at)).filter(|job| *job != HOLE).collect();
        let size = if jobs.len() * 2 > self.ring.len() { self.ring.len() * 2 } else { self.ring.len() };
        self.ring.clear();
        self.ring.extend_from_slice(&jobs);
        self.ring.resize(size, HOLE);
        let blocks = self.blocks();
        self.tree.clear();
        self.tree.resize(blocks, Summary::EMPTY);
        // The last block, not full, is in no summary.
        let whole = jobs.len() / BLOCK;
        self.tree.extend(self.ring[..whole * BLOCK].chunks_exact(BLOCK).map(Summary::of));
        self.tree.resize(2 * blocks, Summary::EMPTY);
        for node in (1..blocks).rev() {
            self.tree[node] = self.tree[2 * node].min(self.tree[2 * node + 1]);
        }
        (self.head, self.tail) = (0, jobs.len() as u64);
    }
}
