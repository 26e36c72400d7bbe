//! Which live jobs are parts of one training across sites, and where each of them stands.

use super::live::JobSlot;
use super::split::Averages;
use super::staging::Sending;
use crate::model::PartsBegin;
use crate::units::{Bytes, Span};
use std::collections::BTreeMap;

/// Where a part stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum State {
    /// It is not running.
    Waits,
    /// It holds its accelerators until all others have started.
    Holds,
    /// It trains.
    Trains,
    /// Its work is done and what it sends, or another one does, has not gone yet.
    Sends,
}

/// One part.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) slot: JobSlot,
    pub(super) state: State,
    pub(super) averages: Averages,
    /// Its transfer under way.
    pub(super) sending: Option<Sending>,
    /// How long it trains in its present run.
    pub(super) training: Span,
}

/// A training across sites.
#[derive(Debug)]
pub(super) struct Group {
    pub(super) begin: PartsBegin,
    /// Those that have not ended, in the order of the ring.
    pub(super) parts: Vec<Part>,
    /// How many there were.
    pub(super) sites: u32,
    /// What was sent to all of them together.
    pub(super) input: Bytes,
    /// Whether one was killed at its limit.
    pub(super) is_killed: bool,
}

impl Group {
    pub(super) fn part(&mut self, slot: JobSlot) -> &mut Part {
        let part = self.parts.iter_mut().find(|part| part.slot == slot);
        part.expect("a part belongs to its group until it ends")
    }

    pub(super) fn begins_together(&self) -> bool {
        self.begin != PartsBegin::EachWhenItStarts
    }

    pub(super) fn has(&self, state: State) -> bool {
        self.parts.iter().any(|part| part.state == state)
    }

    pub(super) fn slots(&self) -> Vec<JobSlot> {
        self.parts.iter().map(|part| part.slot).collect()
    }
}

/// All trainings across sites that are under way.
#[derive(Debug, Default)]
pub(super) struct Parts {
    /// By place, the training to which it belongs.
    of: BTreeMap<u32, u64>,
    groups: BTreeMap<u64, Group>,
    next: u64,
}

impl Parts {
    /// Whether a live job is a part.
    #[inline]
    pub(super) fn contains(&self, slot: JobSlot) -> bool {
        self.of.contains_key(&slot.0)
    }

    #[inline]
    pub(super) fn group(&self, slot: JobSlot) -> Option<&Group> {
        self.of.get(&slot.0).map(|group| &self.groups[group])
    }

    pub(super) fn group_mut(&mut self, slot: JobSlot) -> &mut Group {
        self.groups.get_mut(&self.of[&slot.0]).expect("a part has its group")
    }

    pub(super) fn part_mut(&mut self, slot: JobSlot) -> &mut Part {
        self.group_mut(slot).part(slot)
    }

    pub(super) fn join(&mut self, group: Group) {
        self.of.extend(group.parts.iter().map(|part| (part.slot.0, self.next)));
        self.groups.insert(self.next, group);
        self.next += 1;
    }

    /// A part ends.
    pub(super) fn leave(&mut self, slot: JobSlot) {
        let Some(id) = self.of.remove(&slot.0) else { return };
        let group = self.groups.get_mut(&id).expect("a part has its group");
        group.parts.retain(|part| part.slot != slot);
        if group.parts.is_empty() {
            self.groups.remove(&id);
        }
    }
}
