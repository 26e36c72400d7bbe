//! The rows of the stretches of a job's time that did not end it, and the segments of chains.

use super::live::{JobSlot, LiveJob, Stage};
use super::preempt::Cut;
use super::run::Simulation;
use crate::records::{SegmentEnd, SegmentRow, Sink};
use crate::units::{Span, Time};
use crate::workload::Workload;

/// The row of a stretch of a job's time.
pub(super) fn segment(
    live: &LiveJob,
    (from, to): (Time, Time),
    lost: Span,
    ended_by: SegmentEnd,
) -> SegmentRow {
    SegmentRow {
        id: live.job.id,
        class: live.job.class,
        community: live.job.community,
        partition: live.partition,
        accelerators_held: live.accelerators_held,
        worth: live.worth,
        scaling: live.job.request.scaling,
        from,
        to,
        lost,
        ended_by,
    }
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// Writes the row of the time for which a run that began at `start` held its units before it got on, if any, and
    /// returns when it got on, or `now` if it has not.
    pub(super) fn write_restart(&mut self, slot: JobSlot, start: Time, now: Time) -> Time {
        let restart = self.histories.get(&slot.0).map_or(Span::ZERO, |history| history.restart);
        if restart == Span::ZERO {
            return start;
        }
        let ready = start.saturating_add(restart).min(now);
        let row = segment(self.live.get(slot), (start, ready), ready.since(start), SegmentEnd::Restart);
        self.tell_segment(&row);
        ready
    }

    /// Where a job's segment of its chain is over: it joins the end of the queue with its next one, and goes on from the
    /// checkpoint that it wrote at the end of this one.
    pub(super) fn end_segment(&mut self, slot: JobSlot) {
        let now = self.queue.now();
        let live = *self.live.get(slot);
        let Stage::Running { start, .. } = live.stage else { unreachable!("only a running job ends") };
        let segments =
            self.segments(&live.job, live.partition).expect("a job with later segments is a chain");
        let cost = segments.checkpoint().cost;
        let (requested, later) = segments.next(live.later, segments.checkpoint().restart);
        let next = self.live.get_mut(slot);
        (next.requested, next.later, next.came) = (requested, later, now);
        let pool = self.system.partitions[live.partition].pool;
        let state = &mut self.partitions[pool];
        state.sequence += 1;
        next.sequence = state.sequence;
        let worked = Time(now.0 - cost.0).max(start);
        self.cut_short(pool, slot, Cut::Chain, worked, now);
    }
}
