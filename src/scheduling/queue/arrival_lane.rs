//! Waiting jobs in the order of their coming, with a min-tree to jump to the next job that may start.
//!
//! Jobs lie in a ring of power-of-two size by arrival; jobs taken from the middle leave holes. A segment tree over the
//! ring keeps, for each subtree, the least units and the least requested time, so that a search skips whole subtrees in
//! which nothing fits. The last jobs, up to a block of them, are not in the tree yet and are scanned: most jobs start
//! soon after they came and never touch it. Push, remove and the next match are O(log n) amortised in the number of
//! jobs waiting; see `naive.rs` for the plain form that the tests compare with.

use super::waiting::{Fit, Least, Waiting};
use crate::units::Span;

/// Jobs enter the tree by whole blocks of aligned positions, once the last position of the block is taken.
const BLOCK: usize = 16;
const SMALLEST_RING: usize = BLOCK;

/// Waiting jobs, first come first.
#[derive(Debug, Clone)]
pub(crate) struct ArrivalLane {
    /// The ring: positions `head..tail` modulo its length; a hole has `u32::MAX` units.
    ring: Vec<Waiting>,
    /// A binary heap layout: node `i` has children `2i` and `2i + 1`, leaves start at the ring's length.
    tree: Vec<Least>,
    head: u64,
    tail: u64,
    live: usize,
}

const HOLE: Waiting = Waiting { units: u32::MAX, requested: Span::MAX, job: u32::MAX };

impl Default for ArrivalLane {
    fn default() -> Self {
        Self {
            ring: vec![HOLE; SMALLEST_RING],
            tree: vec![Least::NOTHING; 2 * SMALLEST_RING],
            head: 0,
            tail: 0,
            live: 0,
        }
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

    /// The job at `position`, which must hold one.
    #[inline]
    pub(super) fn get(&self, position: u64) -> Waiting {
        let job = self.at(position);
        assert!(job != HOLE, "position {position} holds a job");
        job
    }

    /// The jobs from `position` on, in order, with their positions.
    pub(super) fn iter_from(&self, position: u64) -> impl Iterator<Item = (u64, Waiting)> + '_ {
        (position.max(self.head)..self.tail).map(|p| (p, self.at(p))).filter(|(_, job)| *job != HOLE)
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
            self.index_block(slot + 1 - BLOCK);
        }
    }

    /// Takes the job at `position` out.
    #[inline]
    pub(super) fn remove(&mut self, position: u64) -> Waiting {
        let job = self.get(position);
        let slot = self.slot(position);
        self.ring[slot] = HOLE;
        self.live -= 1;
        if position < self.indexed() {
            let leaf = self.ring.len() + slot;
            self.tree[leaf] = Least::NOTHING;
            self.refresh_above(leaf);
        }
        while self.head < self.tail && self.at(self.head) == HOLE {
            self.head += 1;
        }
        job
    }

    /// The first position at or after `from` whose job fits.
    #[inline]
    pub(super) fn next_fitting(&self, from: u64, fit: &Fit) -> Option<u64> {
        let fits = |least: Least| fit.may_admit(least);
        let from = from.max(self.head);
        let indexed = self.indexed();
        let in_tree = || {
            let found = from < indexed && fits(self.tree[1]);
            if found { self.search_ring(from, indexed, &fits) } else { None }
        };
        in_tree().or_else(|| (from.max(indexed)..self.tail).find(|&position| fits(self.at(position).least())))
    }

    /// The first position in `[from, until)`, all in the tree, for which `fits` holds.
    fn search_ring(&self, from: u64, until: u64, fits: &impl Fn(Least) -> bool) -> Option<u64> {
        let ring = self.ring.len() as u64;
        let first = from % ring;
        let end = first + (until - from);
        let found = self.search(first as usize, end.min(ring) as usize, fits).map(|slot| slot as u64 - first);
        let wrapped = || {
            let rest = end.checked_sub(ring).filter(|&rest| rest > 0)?;
            self.search(0, rest as usize, fits).map(|slot| slot as u64 + ring - first)
        };
        found.or_else(wrapped).map(|distance| from + distance)
    }

    /// The first leaf in `[first, until)` for which `fits` holds.
    fn search(&self, first: usize, until: usize, fits: &impl Fn(Least) -> bool) -> Option<usize> {
        let leaves = self.ring.len();
        let mut node = leaves + first;
        loop {
            if fits(self.tree[node]) {
                if node >= leaves {
                    let slot = node - leaves;
                    return (slot < until).then_some(slot);
                }
                // A subtree with the least units in one job and the least time in another may hold no match, so the
                // search goes down on the left and comes back over the right siblings.
                node *= 2;
                continue;
            }
            // Climb while this is a right child, then go to the right sibling.
            while node & 1 == 1 {
                node >>= 1;
                if node <= 1 {
                    return None;
                }
            }
            node += 1;
            if self.first_leaf(node) >= until {
                return None;
            }
        }
    }

    fn first_leaf(&self, node: usize) -> usize {
        let depth = self.ring.len().ilog2() - node.ilog2();
        (node << depth) - self.ring.len()
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

    /// Takes the block of slots that starts at `first` into the tree.
    fn index_block(&mut self, first: usize) {
        let leaves = self.ring.len() + first;
        for offset in 0..BLOCK {
            self.tree[leaves + offset] = self.ring[first + offset].least();
        }
        let (mut nodes, mut count) = (leaves, BLOCK);
        while count > 1 {
            (nodes, count) = (nodes / 2, count / 2);
            for node in nodes..nodes + count {
                self.tree[node] = self.least_below(node);
            }
        }
        self.refresh_above(nodes);
    }

    /// Brings the nodes above `node` up to date, as far as they change.
    fn refresh_above(&mut self, mut node: usize) {
        while node > 1 {
            node >>= 1;
            let least = self.least_below(node);
            if self.tree[node] == least {
                break;
            }
            self.tree[node] = least;
        }
    }

    fn least_below(&self, node: usize) -> Least {
        self.tree[2 * node].min(self.tree[2 * node + 1])
    }

    /// Closes the holes, and doubles the ring if jobs fill more than half of it.
    fn rebuild(&mut self) {
        let jobs: Vec<Waiting> = self.iter_from(self.head).map(|(_, job)| job).collect();
        let size = if jobs.len() * 2 > self.ring.len() { self.ring.len() * 2 } else { self.ring.len() };
        self.ring.clear();
        self.ring.extend_from_slice(&jobs);
        self.ring.resize(size, HOLE);
        self.tree.clear();
        self.tree.resize(size, Least::NOTHING);
        let in_blocks = jobs.len() - jobs.len() % BLOCK;
        self.tree.extend(self.ring[..in_blocks].iter().map(Waiting::least));
        self.tree.resize(2 * size, Least::NOTHING);
        for node in (1..size).rev() {
            self.tree[node] = self.least_below(node);
        }
        self.head = 0;
        self.tail = jobs.len() as u64;
    }
}
