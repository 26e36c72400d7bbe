//! Policies of partitions whose jobs share nodes: what fits depends on which accelerators are free, not only on how many.
//!
//! One job starts at a decision, since where it comes to lie decides what fits next. Under EASY the head is promised the
//! first expected end after which it fits the nodes as they are, and a later job starts only if it ends by then: no
//! accelerators are spare beside a head that needs them on certain nodes. So wide jobs do not starve behind narrow ones.

use super::policy::{Decision, Ground, Policy, View};
use super::queue::{Fit, From, Place};
use super::{Packing, Placement};
use crate::model::{Backfill, ScanOrder};
use crate::units::{Span, Time};
use std::collections::BTreeMap;

/// The nodes of a partition with the jobs that lie on them.
#[derive(Debug)]
pub struct SharedNodes {
    packing: Packing,
    /// By expected end, then the caller's name for the job.
    placements: BTreeMap<(Time, u32), Placement>,
}

impl SharedNodes {
    /// Free nodes.
    pub fn new(nodes: u32, accelerators_per_node: u32) -> Self {
        Self { packing: Packing::new(nodes, accelerators_per_node), placements: BTreeMap::new() }
    }

    /// Free accelerators of all nodes.
    pub(super) fn free(&self) -> u32 {
        self.packing.free()
    }

    /// The accelerators of the largest job that fits now.
    pub fn largest_fit(&self) -> u32 {
        self.packing.largest_fit()
    }

    /// Places a job that fits.
    pub fn place(&mut self, job: u32, accelerators: u32, expected_end: Time) {
        let placement = self.packing.place(accelerators);
        let before = self.placements.insert((expected_end, job), placement);
        assert!(before.is_none(), "a job is placed once");
    }

    /// A job gives its accelerators back.
    pub fn release(&mut self, job: u32, expected_end: Time) {
        let placement = self.placements.remove(&(expected_end, job));
        self.packing.release(&placement.expect("a job that ends was placed"));
    }

    /// The first instant after `now` at which a job fits by the expected ends of the others; `None` if it never does.
    pub(super) fn earliest_fit(&self, now: Time, accelerators: u32) -> Option<Time> {
        // A job that is over its time is expected to end at once, but not now.
        let soon = Time(now.0 + 1);
        let releases = self.placements.iter().map(|(&(end, _), placement)| (end.max(soon), placement));
        self.packing.earliest_fit(releases, accelerators)
    }
}

/// In order, first fit and EASY with one reservation on shared nodes.
#[derive(Debug)]
pub(super) struct Packed {
    backfill: Packs,
}

/// What is tried behind a head that does not fit.
#[derive(Debug)]
enum Packs {
    Nothing,
    WhatFits,
    WhatEndsInTime(ScanOrder),
}

impl Packed {
    /// Panics for policies that plan more than one reservation: they know no nodes.
    pub(super) fn new(backfill: Backfill) -> Self {
        let backfill = match backfill {
            Backfill::None => Packs::Nothing,
            Backfill::FirstFit => Packs::WhatFits,
            Backfill::Easy(easy) if easy.reservations == 1 => Packs::WhatEndsInTime(easy.scan),
            other => {
                panic!("shared nodes are packed in order, by first fit or under EASY, not under {other}")
            }
        };
        Self { backfill }
    }

    fn next(&self, view: &View<'_>) -> Option<Place> {
        let left = view.limits.tally();
        let head = view.queue.next_left(From::Start, &Fit::ANY, &left)?;
        let accelerators = view.queue.get(head).units;
        if accelerators <= view.free {
            return Some(head);
        }
        let behind = From::Behind(head);
        match self.backfill {
            Packs::Nothing => None,
            Packs::WhatFits => view.queue.next_left(behind, &Fit::within(view.free), &left),
            Packs::WhatEndsInTime(scan) => {
                let shadow = view.nodes?.earliest_fit(view.now, accelerators)?;
                let fit = Fit { free: view.free, extra: 0, window: shadow.since(view.now) };
                let from = if scan == ScanOrder::Queue { behind } else { From::Start };
                view.queue.next_left_in(scan, from, &fit, &left)
            }
        }
    }
}

impl Policy for Packed {
    fn decide(&mut self, view: &View<'_>, starts: &mut Vec<Place>) -> Decision {
        starts.extend(self.next(view));
        if starts.is_empty() { Decision::Done } else { Decision::AskAgain }
    }
}

/// From when on a job may start in a plan that counts accelerators and knows no nodes: not now if it does not fit.
pub(super) fn not_before(ground: Ground<'_>, units: u32) -> Time {
    match ground.nodes {
        Some((largest_fit, next_end)) if units > largest_fit => next_end.max(ground.now + Span::STEP),
        _ => ground.now,
    }
}
