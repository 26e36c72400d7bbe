//! Keeps, for each partition, how long jobs of each size have been held back by what, so that every wait is split by
//! cause without a look at the queue at every event.
//!
//! For each lane and size a clock runs for each cause while that cause holds. A job notes the clocks when it joins; what
//! they have gained when it starts is its own. A cause holds for a range of sizes, so of each clock only what it is ahead
//! of the next smaller size's is kept: an event costs O(lanes log sizes), a look at the clocks O(sizes). Between two events nothing moves but the time to the next block of the
//! calendar; jobs that drain before a block are therefore looked at one by one, only while a block is near.

use super::live::{JobSlot, LiveJobs, Waits};
use crate::records::WaitCauses;
use crate::scheduling::{Blocks, Tally, WaitQueue};
use crate::units::{Span, Time};
use std::ops::Range;

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
    /// `[lane][size]`: how far the clocks of a size are ahead of those of the next smaller one, modulo 2^64.
    steps: Vec<Vec<Clocks>>,
    since: Time,
    /// The longest time that a job of the queue requests, or has requested.
    longest: Span,
}

impl WaitLedger {
    /// Clocks of so many lanes; one where all lanes are held back by the same.
    pub(super) fn new(lanes: usize) -> Self {
        Self { steps: vec![Vec::new(); lanes], ..Self::default() }
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

    /// As [`WaitLedger::settle`] where nothing but the capacity holds anybody back, on one lane.
    #[inline]
    pub(super) fn settle_by_capacity(&mut self, now: Time, free: u32) {
        let passed = now.since(std::mem::replace(&mut self.since, now)).0;
        let first_short = self.rank(free);
        if let Some(clocks) = self.steps[0].get_mut(first_short) {
            clocks.capacity = clocks.capacity.wrapping_add(passed);
        }
    }

    /// Whether the clocks have run until `now` already.
    #[inline]
    pub(super) fn is_at(&self, now: Time) -> bool {
        self.since == now
    }

    /// Nobody waits: the clocks need not run.
    #[inline]
    pub(super) fn skip(&mut self, now: Time) {
        self.since = now;
    }

    fn run(&mut self, from: Time, now: Time, state: Standstill<'_>, queue: &WaitQueue, live: &mut LiveJobs) {
        let passed = now.since(from).0;
        let [free, open] =
            [state.free, state.free.saturating_add(state.withdrawn)].map(|units| self.rank(units));
        let sizes = self.sizes.len();
        for lane in 0..self.steps.len() {
            let left = self.rank(state.left.left(lane as u32));
            let steps = &mut self.steps[lane];
            advance(steps, |clocks| &mut clocks.limit, left..sizes, passed);
            advance(steps, |clocks| &mut clocks.capacity, open.min(left)..left, passed);
            advance(steps, |clocks| &mut clocks.withdrawn, free.min(left)..open.min(left), passed);
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
        self.steps[lane as usize][..=size].iter().fold(Clocks::default(), |sum, step| Clocks {
            limit: sum.limit.wrapping_add(step.limit),
            capacity: sum.capacity.wrapping_add(step.capacity),
            withdrawn: sum.withdrawn.wrapping_add(step.withdrawn),
        })
    }

    /// How many of the sizes are at most so many units.
    fn rank(&self, units: u32) -> usize {
        self.sizes.partition_point(|&size| size <= units)
    }

    /// A new size: nobody has noted its clocks, so they may begin anywhere.
    #[cold]
    fn add_size(&mut self, size: usize, units: u32) -> usize {
        self.sizes.insert(size, units);
        for steps in &mut self.steps {
            steps.insert(size, Clocks::default());
        }
        size
    }
}

/// Lets a clock run for a range of sizes.
#[inline]
fn advance(steps: &mut [Clocks], clock: fn(&mut Clocks) -> &mut u64, sizes: Range<usize>, passed: u64) {
    if sizes.is_empty() {
        return;
    }
    let first = clock(&mut steps[sizes.start]);
    *first = first.wrapping_add(passed);
    if let Some(beyond) = steps.get_mut(sizes.end) {
        let beyond = clock(beyond);
        *beyond = beyond.wrapping_sub(passed);
    }
}

/// Counts the time in which a job that would fit drains before a block, or is kept away by one.
fn drain(from: Time, now: Time, state: Standstill<'_>, queue: &WaitQueue, live: &mut LiveJobs) {
    for (place, waiting) in queue.iter() {
        if waiting.units > state.free || !state.left.admits(queue.lane_of(place), &waiting) {
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
    /// What to note instead of `self` for a job that a limit holds back from now on, when the clocks show `shown`.
    pub(super) fn stop(self, shown: Self, now: Time) -> Self {
        Self {
            limit: self.limit.wrapping_sub(shown.limit).wrapping_add(now.0),
            capacity: self.capacity.wrapping_sub(shown.capacity),
            withdrawn: self.withdrawn.wrapping_sub(shown.withdrawn),
        }
    }

    /// What to note for a job noted by [`Clocks::stop`] that is held back no more: all that has passed was by the limit.
    pub(super) fn go_on(self, shown: Self, now: Time) -> Self {
        Self {
            limit: self.limit.wrapping_add(shown.limit).wrapping_sub(now.0),
            capacity: self.capacity.wrapping_add(shown.capacity),
            withdrawn: self.withdrawn.wrapping_add(shown.withdrawn),
        }
    }

    /// The causes of a wait in the queue of this length that began when the clocks showed `self` and ends at `now`.
    pub(super) fn causes_until(self, now: Self, queued: Span, drained: Span) -> WaitCauses {
        let limit = now.limit.wrapping_sub(self.limit);
        let capacity = now.capacity.wrapping_sub(self.capacity);
        let calendar = now.withdrawn.wrapping_sub(self.withdrawn) + drained.0;
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::LocalPolicy;
    use crate::scheduling::{Limits, Most, Setting};
    use proptest::prelude::*;

    /// A job that waits, judged at every standstill by itself.
    struct Watched {
        lane: u32,
        units: u32,
        since: Time,
        noted: Clocks,
        limit: u64,
        capacity: u64,
        calendar: u64,
    }

    impl Watched {
        fn wait(&mut self, free: u32, withdrawn: u32, left: u32, passed: u64) {
            if self.units > left {
                self.limit += passed;
            } else if self.units > free + withdrawn {
                self.capacity += passed;
            } else if self.units > free {
                self.calendar += passed;
            }
        }
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// What a job reads off the clocks is what it counts by itself, whatever sizes come when.
        #[test]
        fn clocks_show_what_each_job_counts(
            steps in prop::collection::vec((0_u64..4, 0_u32..9, 0_u32..5, [0_u32..9, 0_u32..9], 0_u32..2, 1_u32..12), 1..40),
        ) {
            let (queue, mut live) = (WaitQueue::new(LocalPolicy::FCFS, 12, &[0], Setting::Plain), LiveJobs::default());
            let (mut ledger, mut jobs, mut now) = (WaitLedger::new(2), Vec::<Watched>::new(), Time::ZERO);
            for (passed, free, withdrawn, caps, lane, units) in steps {
                let mut limits = Limits::none(2);
                (0..2).for_each(|lane| limits.add(Most::of_units(caps[lane].into()), [lane]));
                let (left, blocks) = (limits.tally(), Blocks::default());
                now = Time(now.0 + passed);
                ledger.settle(now, Standstill { free, withdrawn, left: &left, blocks: &blocks }, &queue, &mut live);
                for job in &mut jobs {
                    job.wait(free, withdrawn, caps[job.lane as usize], passed);
                }
                for job in &jobs {
                    let shown = ledger.read(job.lane, job.units, Span(1));
                    let causes = job.noted.causes_until(shown, now.since(job.since), Span::ZERO);
                    prop_assert_eq!(
                        (causes.limit.0, causes.capacity.0, causes.calendar.0, causes.total()),
                        (job.limit, job.capacity, job.calendar, now.since(job.since))
                    );
                }
                let noted = ledger.read(lane, units, Span(1));
                jobs.push(Watched { lane, units, since: now, noted, limit: 0, capacity: 0, calendar: 0 });
            }
        }
    }
}
