//! Users who go elsewhere: at once, if the wait they are promised is too long, or after they have waited long enough.
//!
//! The promise is the predicted start at the site that the broker has for the job, its data being there; of copies the
//! earliest, of a training across sites that of its last part. Who hands in a job counts from there: when the patience is over
//! and the job has not started, it leaves its queue, or its data on the way, with all its copies. A job that has started stays,
//! even if it is pushed out later; so does a training across sites, once it is handed in. Patience is drawn by the job, at
//! whatever site it waits.

use super::draws::{PROMISED, WAITED};
use super::event::Event;
use super::live::{JobSlot, Stage, Waits, arrival_row};
use super::run::Simulation;
use crate::engine::{Distribution, EventHandle, Purpose};
use crate::model::{Job, Patience};
use crate::records::{JobRow, Outcome, Rejection, Sink};
use crate::units::{Span, Time};
use crate::workload::{LONGEST_S, Workload};
use std::collections::BTreeMap;

/// By place, the events at which jobs leave that have not started.
#[derive(Debug, Default)]
pub(super) struct Impatient(BTreeMap<u32, EventHandle>);

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    fn patience(&self, job: &Job) -> Option<&Patience> {
        self.system.communities.get(job.community)?.patience.as_ref()
    }

    fn draw_patience(&self, job: &Job, purpose: Purpose, distribution: &Distribution) -> Span {
        let seconds = distribution.draw(&mut self.draws(job, purpose));
        Span::from_seconds_round(seconds.min(LONGEST_S))
    }

    /// Whether the user goes elsewhere at once, being promised this start.
    pub(super) fn balks(&self, job: &Job, promised: Time) -> bool {
        let Some(longest) = self.patience(job).and_then(|patience| patience.promised_s.as_ref()) else {
            return false;
        };
        promised.since(self.queue.now()) > self.draw_patience(job, PROMISED, longest)
    }

    /// A job that is not handed in.
    pub(super) fn leave_at_once(&mut self, job: &Job) {
        self.checks.left += 1;
        self.tell(&arrival_row(job, self.queue.now(), Outcome::Balked));
    }

    /// From now on the user of a job that has been handed in may lose patience.
    pub(super) fn begin_to_wait(&mut self, slot: JobSlot, job: &Job) {
        if let Stage::Running { .. } = self.live.get(slot).stage {
            return;
        }
        let waited = self.patience(job).and_then(|patience| patience.waited_s.as_ref());
        let patient =
            waited.map(|waited| self.queue.now().saturating_add(self.draw_patience(job, WAITED, waited)));
        let Some(leaves) = patient.into_iter().chain(self.expiry_of(job.id)).min() else { return };
        let event = Event::Leaves(slot);
        let handle = self.queue.schedule(leaves, event.phase(self.system.event_order), event);
        self.impatient.0.insert(slot.0, handle);
    }

    /// A job has started, or is gone: nobody waits for it any more.
    #[inline]
    pub(super) fn end_waiting(&mut self, slot: JobSlot) {
        if !self.impatient.0.is_empty()
            && let Some(handle) = self.impatient.0.remove(&slot.0)
        {
            self.queue.cancel(handle);
        }
    }

    /// The user of a job that has not started loses patience: it leaves, with all its copies.
    pub(super) fn lose_patience(&mut self, slot: JobSlot) {
        let now = self.queue.now();
        self.impatient.0.remove(&slot.0);
        self.take_back_others(slot);
        let live = *self.live.get(slot);
        if let Stage::Queued { .. } = live.stage {
            let pool = self.system.partitions[live.partition].pool;
            self.partitions[pool].settle(now, &mut self.live);
            self.live.get_mut(slot).waits = Waits::Known(self.partitions[pool].causes(now, slot, &live));
        }
        let is_over = self.expiry_of(live.job.id).is_some_and(|expiry| expiry <= now);
        let (outcome, count) = if is_over {
            (Outcome::Rejected(Rejection::Expired), &mut self.checks.rejected)
        } else {
            (Outcome::Reneged, &mut self.checks.left)
        };
        *count += 1;
        let row = self.row_of(slot, outcome, Some(now));
        self.withdraw(slot);
        self.tell(&JobRow { last_start: None, ..row });
    }
}
