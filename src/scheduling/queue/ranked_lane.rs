//! Waiting jobs in the order of a rank, in a treap (Seidel and Aragon 1996) with the least values of each subtree.
//!
//! Nodes lie in one vector and keep their index until their job leaves. A node's priority is a hash of its sequence
//! number, so that the shape depends on the jobs alone. Insert, remove and the next match are O(log n) expected.

use super::waiting::{Fit, Joining, Least, Waiting};
use crate::units::Time;

/// Where a job's node lies.
pub(crate) type NodeIndex = u32;

const NIL: NodeIndex = NodeIndex::MAX;

/// What orders a job: least rank first, then least sequence. No two jobs of a lane have the same key.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Key {
    pub(crate) rank: u128,
    pub(crate) sequence: u64,
}

/// A job with its key.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Ranked {
    pub(crate) key: Key,
    pub(crate) waiting: Waiting,
    pub(crate) submit: Time,
}

#[derive(Debug, Clone, Copy)]
struct Node {
    job: Ranked,
    left: NodeIndex,
    right: NodeIndex,
    /// Over the subtree.
    least: Least,
}

impl Ranked {
    /// As it joined, as far as orders that vary with time look at it.
    pub(crate) fn joining(&self) -> Joining {
        Joining::new(self.waiting, self.submit, self.key.sequence)
    }
}

impl Node {
    /// Heap order of the treap: the finaliser of SplitMix64 (Steele et al. 2014) over the sequence number.
    fn priority(&self) -> u64 {
        let mixed = self.job.key.sequence.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }
}

/// Waiting jobs, least key first.
#[derive(Debug, Clone)]
pub(crate) struct RankedLane {
    nodes: Vec<Node>,
    free: Vec<NodeIndex>,
    root: NodeIndex,
}

impl Default for RankedLane {
    fn default() -> Self {
        Self { nodes: Vec::new(), free: Vec::new(), root: NIL }
    }
}

impl RankedLane {
    /// Whether nobody waits in it.
    pub(super) fn is_empty(&self) -> bool {
        self.root == NIL
    }

    /// The job at a node.
    pub(crate) fn get(&self, index: NodeIndex) -> &Ranked {
        &self.nodes[index as usize].job
    }

    /// Whether the node holds the job of this sequence number.
    pub(crate) fn holds(&self, index: NodeIndex, sequence: u64) -> bool {
        self.get(index).key.sequence == sequence
    }

    /// Adds a job; its node keeps its index until the job is removed.
    pub(crate) fn insert(&mut self, job: Ranked) -> NodeIndex {
        let node = Node { job, left: NIL, right: NIL, least: job.waiting.least() };
        let index = if let Some(index) = self.free.pop() {
            self.nodes[index as usize] = node;
            index
        } else {
            self.nodes.push(node);
            self.nodes.len() as NodeIndex - 1
        };
        self.root = self.insert_below(self.root, index);
        index
    }

    /// Takes the job of a node out.
    pub(crate) fn remove(&mut self, index: NodeIndex) -> Ranked {
        let job = *self.get(index);
        self.root = self.remove_below(self.root, index);
        self.nodes[index as usize].job.key.sequence = u64::MAX;
        self.free.push(index);
        job
    }

    /// The first node, in order, of those for which `behind` holds, whose job fits. `behind` must hold for every key
    /// after one for which it holds.
    pub(crate) fn next_fitting(&self, behind: &impl Fn(Key) -> bool, fit: &Fit) -> Option<NodeIndex> {
        self.search(self.root, behind, fit)
    }

    /// All nodes, in no order of use to a schedule.
    pub(crate) fn indices(&self) -> Vec<NodeIndex> {
        let mut found = Vec::new();
        let mut open = vec![self.root];
        while let Some(index) = open.pop() {
            if let Some(node) = self.nodes.get(index as usize) {
                found.push(index);
                open.extend([node.right, node.left]);
            }
        }
        found
    }

    /// Gives every job a new rank; O(n log n).
    pub(crate) fn rank_again(&mut self, rank: impl Fn(&Ranked) -> u128) {
        let indices = self.indices();
        self.root = NIL;
        for index in indices {
            let node = &mut self.nodes[index as usize];
            node.job.key.rank = rank(&node.job);
            (node.left, node.right, node.least) = (NIL, NIL, node.job.waiting.least());
            self.root = self.insert_below(self.root, index);
        }
    }

    fn search(&self, index: NodeIndex, behind: &impl Fn(Key) -> bool, fit: &Fit) -> Option<NodeIndex> {
        let node = self.nodes.get(index as usize).filter(|node| fit.may_admit(node.least))?;
        if !behind(node.job.key) {
            return self.search(node.right, behind, fit);
        }
        let on_left = self.search(node.left, behind, fit);
        let here = || fit.admits(&node.job.waiting).then_some(index);
        on_left.or_else(here).or_else(|| self.search(node.right, behind, fit))
    }

    fn insert_below(&mut self, root: NodeIndex, index: NodeIndex) -> NodeIndex {
        if root == NIL {
            return index;
        }
        let (here, new) = (self.nodes[root as usize], self.nodes[index as usize]);
        if new.priority() > here.priority() {
            let (left, right) = self.split(root, new.job.key);
            (self.nodes[index as usize].left, self.nodes[index as usize].right) = (left, right);
            self.refresh(index);
            return index;
        }
        if new.job.key < here.job.key {
            let left = self.insert_below(here.left, index);
            self.nodes[root as usize].left = left;
        } else {
            let right = self.insert_below(here.right, index);
            self.nodes[root as usize].right = right;
        }
        let node = &mut self.nodes[root as usize];
        node.least = node.least.min(new.least);
        root
    }

    fn remove_below(&mut self, root: NodeIndex, index: NodeIndex) -> NodeIndex {
        let here = self.nodes.get(root as usize).copied().expect("a place holds a job");
        if root == index {
            return self.join(here.left, here.right);
        }
        if self.nodes[index as usize].job.key < here.job.key {
            let left = self.remove_below(here.left, index);
            self.nodes[root as usize].left = left;
        } else {
            let right = self.remove_below(here.right, index);
            self.nodes[root as usize].right = right;
        }
        self.refresh(root);
        root
    }

    /// The jobs before `key` and those after it.
    fn split(&mut self, root: NodeIndex, key: Key) -> (NodeIndex, NodeIndex) {
        let Some(&here) = self.nodes.get(root as usize) else { return (NIL, NIL) };
        if here.job.key < key {
            let (middle, after) = self.split(here.right, key);
            self.nodes[root as usize].right = middle;
            self.refresh(root);
            (root, after)
        } else {
            let (before, middle) = self.split(here.left, key);
            self.nodes[root as usize].left = middle;
            self.refresh(root);
            (before, root)
        }
    }

    /// One tree of two, all of whose keys are in order.
    fn join(&mut self, left: NodeIndex, right: NodeIndex) -> NodeIndex {
        let (Some(&a), Some(&b)) = (self.nodes.get(left as usize), self.nodes.get(right as usize)) else {
            return left.min(right);
        };
        if a.priority() > b.priority() {
            let joined = self.join(a.right, right);
            self.nodes[left as usize].right = joined;
            self.refresh(left);
            left
        } else {
            let joined = self.join(left, b.left);
            self.nodes[right as usize].left = joined;
            self.refresh(right);
            right
        }
    }

    /// Brings the least values of a node up to date with its children's.
    fn refresh(&mut self, index: NodeIndex) {
        let node = self.nodes[index as usize];
        let below =
            |child: NodeIndex| self.nodes.get(child as usize).map_or(Least::NOTHING, |node| node.least);
        let least = node.job.waiting.least().min(below(node.left)).min(below(node.right));
        self.nodes[index as usize].least = least;
    }
}
