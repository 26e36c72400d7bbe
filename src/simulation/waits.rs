//! Keeps, for each partition, how long jobs of each size have been held back by what, so that every wait is split by
//! cause in O(log sizes) when a job joins the queue and when it starts, not at every event.
//!
//! For each lane and size a clock runs for each cause while that cause holds. A job notes the clocks when it joins; what
//! they have gained when it starts is its own. Between two events nothing moves but the time to the next block of the
//! calendar; jobs that drain before a block are therefore looked at one by one, only while a block is near.

use super::live::{JobSlot, LiveJobs, Waits};
use crate::records::WaitCauses;
use crate::scheduling::{Blocks, Tally, WaitQueue};
use crate::units::{Span, Time};

/// What the clocks of one lane and size show, in nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Clocks {
    limit: u64,
    capacity: u64,
    withdrawn: u64,
}

/// The state of a partition while nothing changes.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standstill<'a> {
    pub(super) free: u32,
    pub(super) withdrawn: u32,
    pub(super) left: &'a Tally<'a>,
    pub(super) blocks: &'a Blocks,
}

/// The clocks of one partition.
#[derive(Debug, Clone, Default)]
pub(super) struct WaitLedger {
    /// The sizes that have been seen, ascending.
    sizes: Vec<u32>,
    /// `[lane][size]`.
    clocks: Vec<Vec<Clocks>>,
    since: Time,
    /// The longest time that a job of the queue requests, or has requested.
    longest: Span,
}

impl WaitLedger {
    /// Clocks of so many lanes.
    pub(super) fn new(lanes: usize) -> Self {
        Self { clocks: vec![Vec::new(); lanes], ..Self::default() }
    }

    /// Lets the clocks run until `now` in the state that held since the last call.
    #[inline]
    pub(super) fn settle(
        &mut self,
        now: Time,
        state: Standstill<'_>,
        queue: &WaitQueue,
        live: &mut LiveJobs,
    ) {
        let from = std::mem::replace(&mut self.since, now);
        if from < now {
            self.run(from, now, state, queue, live);
        }
    }

    /// Nobody waits: the clocks need not run.
    #[inline]
    pub(super) fn skip(&mut self, now: Time) {
        self.since = now;
    }

    fn run(&mut self, from: Time, now: Time, state: Standstill<'_>, queue: &WaitQueue, live: &mut LiveJobs) {
        let passed = now.since(from).0;
        for (lane, clocks) in self.clocks.iter_mut().enumerate() {
            let left = state.left.left(lane as u32);
            for (clock, &units) in clocks.iter_mut().zip(&self.sizes) {
                let cause = match () {
                    () if units > left => &mut clock.limit,
                    () if units > state.free.saturating_add(state.withdrawn) => &mut clock.capacity,
                    () if units > state.free => &mut clock.withdrawn,
                    () => continue,
                };
                *cause += passed;
            }
        }
        if state.blocks.are_near(from, now, self.longest) {
            drain(from, now, state, queue, live);
        }
    }

    /// What the clocks show to a job that joins now; they must be settled.
    #[inline]
    pub(super) fn read(&mut self, lane: u32, units: u32, requested: Span) -> Clocks {
        self.longest = self.longest.max(requested);
        let size = match self.sizes.binary_search(&units) {
            Ok(size) => size,
            Err(size) => self.add_size(size, units),
        };
        self.clocks[lane as usize][size]
    }

    /// A new size: nobody has noted its clocks, so they may begin anywhere.
    #[cold]
    fn add_size(&mut self, size: usize, units: u32) -> usize {
        self.sizes.insert(size, units);
        for clocks in &mut self.clocks {
            clocks.insert(size, Clocks::default());
        }
        size
    }
}

/// Counts the time in which a job that would fit drains before a block, or is kept away by one.
fn drain(from: Time, now: Time, state: Standstill<'_>, queue: &WaitQueue, live: &mut LiveJobs) {
    for (place, waiting) in queue.iter() {
        if waiting.units > state.free || waiting.units > state.left.left(queue.lane_of(place)) {
            continue;
        }
        if let Some(begin) = state.blocks.first_in_the_way(&waiting, state.free, from, now)
            && let Waits::Counting { drained, .. } = &mut live.get_mut(JobSlot(waiting.job)).waits
        {
            *drained = Span(drained.0 + now.since(begin).0);
        }
    }
}

impl Clocks {
    /// The causes of a wait in the queue of this length that began when the clocks showed `self` and ends at `now`.
    pub(super) fn causes_until(self, now: Self, queued: Span, drained: Span) -> WaitCauses {
        let limit = now.limit - self.limit;
        let capacity = now.capacity - self.capacity;
        let calendar = now.withdrawn - self.withdrawn + drained.0;
        let behind = queued.0.checked_sub(limit + capacity + calendar).expect("causes never exceed the wait");
        WaitCauses {
            staging: Span::ZERO,
            limit: Span(limit),
            capacity: Span(capacity),
            calendar: Span(calendar),
            behind: Span(behind),
        }
    }
}
