//! Copies of a job that wait at several sites: the first that starts takes back the others at once.
//!
//! Copies are handed in one after another. Where one starts as it is handed in, those after it never are; else the first
//! that a pass starts counts, and since passes come one after another, none starts at the same instant elsewhere. A copy
//! that is taken back leaves its queue as a job that is turned away; an input on its way to it is carried to its end, and
//! its place is kept until then. A copy that finds its queue full is lost; the job is rejected with its last copy.
//!
//! Each copy counts as a job in its queue and while its input is on the way; the job has one row.

use super::live::{JobSlot, Stage};
use super::run::Simulation;
use crate::model::{CopySites, Job};
use crate::records::{CopyRow, Sink};
use crate::workload::Workload;
use std::collections::{BTreeMap, BTreeSet};

/// Which live jobs are copies of each other.
#[derive(Debug, Default)]
pub(super) struct Copies {
    /// By place, the places of all copies of the same job in the order in which they were handed in. A job with a single
    /// copy left is not listed.
    waiting: BTreeMap<u32, Vec<JobSlot>>,
    /// Places of copies that were taken back while their input was on the way.
    abandoned: BTreeSet<u32>,
}

impl Copies {
    /// Whether there are none.
    #[inline]
    pub(super) fn is_empty(&self) -> bool {
        self.waiting.is_empty() && self.abandoned.is_empty()
    }

    /// These are copies of one job.
    fn join(&mut self, all: &[JobSlot]) {
        for slot in all.iter().filter(|_| all.len() > 1) {
            self.waiting.insert(slot.0, all.to_vec());
        }
    }

    /// A copy is lost; whether others are left.
    fn leave(&mut self, slot: JobSlot) -> bool {
        let others = self.dissolve(slot);
        self.join(&others);
        !others.is_empty()
    }

    /// The other copies of a job, in their order; it has a single one from now on.
    fn dissolve(&mut self, slot: JobSlot) -> Vec<JobSlot> {
        let mut others = self.waiting.remove(&slot.0).unwrap_or_default();
        others.retain(|&other| other != slot);
        for other in &others {
            self.waiting.remove(&other.0);
        }
        others
    }

    /// Whether a copy stands for its job, of which it is the first or the only one.
    pub(super) fn stands_for_job(&self, slot: JobSlot) -> bool {
        self.waiting.get(&slot.0).is_none_or(|all| all[0] == slot)
    }

    /// Whether a place is only kept for an input on its way to a copy that was taken back.
    pub(super) fn is_abandoned(&self, slot: JobSlot) -> bool {
        self.abandoned.contains(&slot.0)
    }

    /// The input has come; whether it was for a copy that was taken back.
    pub(super) fn input_came_late(&mut self, slot: JobSlot) -> bool {
        self.abandoned.remove(&slot.0)
    }
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// Hands in copies of a job at several sites, until one starts.
    pub(super) fn submit_copies(&mut self, job: &Job, copies: u32, sites: CopySites) {
        let places = match self.choose_copies(job, copies, sites) {
            Ok(places) => places,
            Err(reason) => return self.reject(job, reason),
        };
        if self.has_patience {
            let starts = places.iter().map(|sent| self.promised_start(job, sent));
            if starts.min().is_some_and(|first| self.balks(job, first)) {
                return self.leave_at_once(job);
            }
        }
        let mut handed_in: Vec<JobSlot> = Vec::with_capacity(places.len());
        for sent in &places {
            let slot = self.take_in(job, sent);
            handed_in.push(slot);
            self.copies.join(&handed_in);
            self.hand_over(sent, slot);
            if self.has_patience {
                self.begin_to_wait(slot, job);
            }
            if let Stage::Running { .. } = self.live.get(slot).stage {
                return;
            }
        }
    }

    /// A job starts: its other copies are taken back.
    #[cold]
    pub(super) fn take_back_others(&mut self, slot: JobSlot) {
        for other in self.copies.dissolve(slot) {
            self.take_back_copy(other);
        }
    }

    fn take_back_copy(&mut self, slot: JobSlot) {
        self.write_copy(slot);
        self.withdraw(slot);
    }

    /// Takes back what waits at a site: at once out of the queue, or as soon as its input has come.
    pub(super) fn withdraw(&mut self, slot: JobSlot) {
        let (now, live) = (self.queue.now(), *self.live.get(slot));
        self.end_waiting(slot);
        let pool = self.system.partitions[live.partition].pool;
        let state = &mut self.partitions[pool];
        match live.stage {
            Stage::Staging => {
                state.before_change(now);
                state.inbound_area -= live.requested_area();
                self.jobs_staging.subtract(now, 1);
                self.checks.staging_by_jobs += u128::from(now.since(live.submit).0);
                self.copies.abandoned.insert(slot.0);
            }
            Stage::Queued { queued } => {
                state.settle(now, &mut self.live);
                let place = state.place_of(slot).expect("a copy that waits stands in its queue");
                state.leave(place);
                state.policy.turned_away(now, slot.0);
                state.queue_length.subtract(now, 1);
                state.capacity_changed = true;
                self.checks.queued_by_jobs += u128::from(now.since(queued).0);
                self.end_reading(slot);
                self.live.release(slot);
                self.pass_due(pool);
            }
            Stage::Running { .. } => unreachable!("what runs is not taken back"),
        }
    }

    /// A copy finds its queue full; whether others are left.
    pub(super) fn lose_copy(&mut self, slot: JobSlot) -> bool {
        let others = self.copies.leave(slot);
        if others {
            self.write_copy(slot);
        }
        others
    }

    fn write_copy(&mut self, slot: JobSlot) {
        let live = self.live.get(slot);
        let queued = match live.stage {
            Stage::Queued { queued } => Some(queued),
            _ => None,
        };
        self.sink.copy(&CopyRow {
            id: live.job.id,
            community: live.job.community,
            partition: live.partition,
            submit: live.submit,
            queued,
            to: self.queue.now(),
        });
    }
}
