//! Reservations of the calendar: maintenance, training courses, days for large jobs only.
//!
//! A block withdraws units, or keeps small jobs away, for a known interval. A job starts only if all the time it requests
//! fits around the blocks, so that a partition drains by itself before a maintenance.

use super::{Profile, Waiting};
use crate::units::{Span, Time};

/// One block.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Block {
    /// From when.
    pub from: Time,
    /// Until when.
    pub to: Time,
    /// Units that nobody gets in the block.
    pub withdrawn: u32,
    /// Jobs of fewer units must not overlap the block; 0 or 1 admits all.
    pub least_units: u32,
}

/// The blocks of a partition that are not over, in the order of their begin.
#[derive(Debug, Clone, Default)]
pub struct Blocks {
    blocks: Vec<Block>,
}

impl Blocks {
    /// The blocks of a whole run.
    pub fn new(mut blocks: Vec<Block>) -> Self {
        blocks.sort_by_key(|block| (block.from, block.to));
        Self { blocks }
    }

    /// Whether there is nothing any more.
    pub fn is_empty(&self) -> bool {
        self.blocks.is_empty()
    }

    /// All that are left.
    pub fn iter(&self) -> impl Iterator<Item = &Block> {
        self.blocks.iter()
    }

    /// Forgets the blocks that are over.
    pub fn forget(&mut self, now: Time) {
        self.blocks.retain(|block| block.to > now);
    }

    /// Units that are withdrawn at `now`.
    pub fn withdrawn(&self, now: Time) -> u32 {
        let active = self.blocks.iter().filter(|block| block.from <= now && now < block.to);
        active.map(|block| block.withdrawn).sum()
    }

    /// The most units that are withdrawn at any time within `[from, to)`.
    pub fn withdrawn_within(&self, from: Time, to: Time) -> u32 {
        let begins = self.blocks.iter().map(|block| block.from).filter(|&begin| from < begin && begin < to);
        std::iter::once(from).chain(begins).map(|time| self.withdrawn(time)).max().unwrap_or(0)
    }

    /// Whether a job that requests at most `longest` could meet a block if it started within `[from, now)`.
    pub fn are_near(&self, from: Time, now: Time, longest: Span) -> bool {
        let reach = now.saturating_add(longest);
        self.blocks.iter().any(|block| block.from < reach && from < block.to)
    }

    /// The first instant in `[from, now)` from which on a block stands in the way of a job that would fit into the `free`
    /// units: one that keeps it away, or one that will withdraw what it needs and begins before the job would end.
    pub fn first_in_the_way(&self, job: &Waiting, free: u32, from: Time, now: Time) -> Option<Time> {
        let in_the_way = self.blocks.iter().filter_map(|block| {
            let withdraws = block.from > from && block.withdrawn.saturating_add(job.units) > free;
            if !(withdraws || job.units < block.least_units) || block.to <= from {
                return None;
            }
            Some(Time(block.from.0.saturating_sub(job.requested.0).saturating_add(1)).max(from))
        });
        in_the_way.min().filter(|&begin| begin < now)
    }

    /// Takes what the blocks withdraw from a profile of `now`. What is withdrawn at present is not free in it already.
    pub fn withdraw(&self, profile: &mut Profile, now: Time) {
        for block in self.blocks.iter().filter(|block| block.withdrawn > 0) {
            if block.from > now {
                profile.take(block.from, block.to, block.withdrawn);
            } else {
                profile.give(block.to, Time::MAX, block.withdrawn);
            }
        }
    }

    /// Whether a block begins within `[from, to)`.
    pub fn begins_within(&self, from: Time, to: Time) -> bool {
        self.next_begin(from).is_some_and(|begin| begin < to)
    }

    /// When the first block begins that does not begin before `from`.
    pub fn next_begin(&self, from: Time) -> Option<Time> {
        self.blocks.iter().map(|block| block.from).filter(|&begin| begin >= from).min()
    }

    /// The end of a block that keeps a job of `units` away from `[from, to)`, if there is one.
    pub fn keeps_away(&self, units: u32, from: Time, to: Time) -> Option<Time> {
        let away = |block: &&Block| units < block.least_units && block.from < to && from < block.to;
        self.blocks.iter().filter(away).map(|block| block.to).max()
    }
}
