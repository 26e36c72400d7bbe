//! One lane of a queue: waiting jobs that share an account, in the order of their ranks.
//!
//! Between lanes the tier decides, then the score, which may change as time passes; within a lane ranks stay. So a fair-share order
//! costs O(lanes) a look and never sorts the queue again.

use super::ranked_lane::{Key, NodeIndex, Ranked, RankedLane};
use super::waiting::Fit;
use crate::model::ScanOrder;
use crate::scheduling::order::{ascending, value};
use std::cmp::Reverse;

/// What stands before what across lanes: least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Standing {
    tier: Reverse<i32>,
    score: u64,
    rank: u128,
    sequence: u64,
}

/// How the score of a lane and the rank of a job make their standing.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Score {
    /// The least score first, then the least rank.
    First(f64),
    /// The rank stands for a number, to which the score is added; the least sum first.
    Added(f64),
}

/// The jobs of a lane by requested time, each knowing where the lane holds it.
#[derive(Debug, Clone, Default)]
struct ByTime {
    jobs: RankedLane,
    /// By node of the lane.
    here: Vec<NodeIndex>,
    /// By node here.
    there: Vec<NodeIndex>,
}

/// One lane.
#[derive(Debug, Clone)]
pub(super) struct Lane {
    jobs: RankedLane,
    by_time: Option<ByTime>,
    tier: i32,
    pub(super) score: Score,
}

impl Lane {
    pub(super) fn new(scan: ScanOrder, tier: i32) -> Self {
        let by_time = (scan == ScanOrder::ShortestFirst).then(ByTime::default);
        Self { jobs: RankedLane::default(), by_time, tier, score: Score::First(0.0) }
    }

    pub(super) fn insert(&mut self, job: Ranked) -> NodeIndex {
        let index = self.jobs.insert(job);
        if let Some(by_time) = &mut self.by_time {
            let there = by_time.jobs.insert(Ranked { key: time_key(&job), ..job });
            note(&mut by_time.here, index, there);
            note(&mut by_time.there, there, index);
        }
        index
    }

    pub(super) fn remove(&mut self, index: NodeIndex) -> Ranked {
        if let Some(by_time) = &mut self.by_time {
            by_time.jobs.remove(by_time.here[index as usize]);
        }
        self.jobs.remove(index)
    }

    pub(super) fn jobs(&self) -> &RankedLane {
        &self.jobs
    }

    pub(super) fn standing(&self, index: NodeIndex) -> Standing {
        self.standing_of(self.jobs.get(index).key)
    }

    fn standing_of(&self, key: Key) -> Standing {
        let score = match self.score {
            Score::First(score) => ascending(score),
            Score::Added(score) => ascending(value(key.rank as u64) + score),
        };
        Standing { tier: Reverse(self.tier), score, rank: key.rank, sequence: key.sequence }
    }

    /// Gives every job a new rank; O(n log n).
    pub(super) fn rank_again(&mut self, rank: impl Fn(&Ranked) -> u128) {
        self.jobs.rank_again(rank);
    }

    /// The first job behind a standing that fits, with its standing.
    pub(super) fn next(&self, behind: Option<Standing>, fit: &Fit) -> Option<(Standing, NodeIndex)> {
        let found = match behind {
            None => self.jobs.next_fitting(&|_| true, fit),
            Some(standing) => self.jobs.next_fitting(&|key| self.standing_of(key) > standing, fit),
        }?;
        Some((self.standing(found), found))
    }

    /// The first job behind a key by requested time that fits, with its key.
    pub(super) fn next_shortest(&self, behind: Option<Key>, fit: &Fit) -> Option<(Key, NodeIndex)> {
        let by_time = self.by_time.as_ref().expect("a policy that scans shortest first has this index");
        let found = match behind {
            None => by_time.jobs.next_fitting(&|_| true, fit),
            Some(key) => by_time.jobs.next_fitting(&|other| other > key, fit),
        }?;
        Some((by_time.jobs.get(found).key, by_time.there[found as usize]))
    }

    /// The key by requested time of a job.
    pub(super) fn time_key(&self, index: NodeIndex) -> Key {
        time_key(self.jobs.get(index))
    }
}

fn time_key(job: &Ranked) -> Key {
    Key { rank: job.waiting.requested.0.into(), sequence: job.key.sequence }
}

fn note(places: &mut Vec<NodeIndex>, at: NodeIndex, value: NodeIndex) {
    if places.len() <= at as usize {
        places.resize(at as usize + 1, 0);
    }
    places[at as usize] = value;
}
