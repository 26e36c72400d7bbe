//! The live jobs: a slab that reuses its places, so that memory follows the jobs in the system, not those finished.

use super::waits::Clocks;
use crate::model::{DatasetId, Job, PartitionId};
use crate::records::{JobRow, Outcome, WaitCauses};
use crate::units::{AcceleratorTime, Span, Time};

/// The place of a live job.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct JobSlot(pub(super) u32);

/// Which run of a job an event is about: counted up when a run is cut short, and for whoever has the place later.
pub(super) type RunNumber = u16;

/// Where a live job stands, with the instants that are known by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stage {
    /// Its input or its dataset is on the way.
    Staging,
    /// It waits in the queue.
    Queued {
        /// Since when.
        queued: Time,
    },
    /// It runs.
    Running {
        /// When it joined the queue.
        queued: Time,
        /// When it started.
        start: Time,
    },
}

/// A job in the system with what its partition makes of it.
#[derive(Debug, Clone, Copy)]
pub(super) struct LiveJob {
    pub(super) job: Job,
    pub(super) submit: Time,
    pub(super) partition: PartitionId,
    /// Allocation units it holds while running, as schedulers see it: of a malleable job its minimum.
    pub(super) units: u32,
    /// Units that it holds beyond these, to be given back as soon as anybody needs them.
    pub(super) lent: u32,
    /// Accelerators on which it runs.
    pub(super) accelerators: u32,
    /// Accelerators in all the units it holds.
    pub(super) accelerators_held: u32,
    /// How many accelerators of the size that it asked for would do the same work in the same time.
    pub(super) worth: f64,
    /// The time it requests at this partition, at its present size, for its present run.
    pub(super) requested: Span,
    /// The time it would run at this partition, at its present size, if nobody killed it.
    pub(super) run: Span,
    /// How long beyond its requested time it may run.
    pub(super) grace: Span,
    /// The same for its present run: until the next block of the calendar begins.
    pub(super) room: Span,
    /// The time that later segments of its chain request, without their restarts.
    pub(super) later: Span,
    /// When it came for the first time, or the present segment of its chain did: its place in the order of arrival.
    pub(super) came: Time,
    /// When it was predicted to start, if the broker asked.
    pub(super) predicted: Option<Time>,
    /// Its lane in the queue.
    pub(super) lane: u32,
    /// How many transfers it waits for.
    pub(super) awaited: u8,
    /// How it reads its dataset.
    pub(super) reading: Reading,
    /// Its number in the queue; 0 before it has one.
    pub(super) sequence: u64,
    /// While it runs, when it is expected to give its units back.
    pub(super) expected_end: Time,
    pub(super) waits: Waits,
    pub(super) stage: Stage,
}

/// How a job reads its dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Reading {
    /// It has none, or reads it from its own scratch space.
    Nothing,
    /// From the copy in the site's storage, which it uses until it is gone.
    Copy(DatasetId),
}

/// What is known of why a job waits.
#[derive(Debug, Clone, Copy)]
pub(super) enum Waits {
    /// It waits.
    Counting {
        /// What the clocks of its partition showed when it joined the queue.
        clocks: Clocks,
        /// How long the calendar has kept it away.
        drained: Span,
    },
    /// It has started.
    Known(WaitCauses),
}

impl Waits {
    /// Before it joins a queue.
    pub(super) const NONE: Self = Self::Known(WaitCauses {
        staging: Span::ZERO,
        limit: Span::ZERO,
        capacity: Span::ZERO,
        calendar: Span::ZERO,
        behind: Span::ZERO,
    });
}

impl LiveJob {
    /// The longest it may hold its units in one run; the segments of a chain end in time.
    #[inline]
    pub(super) fn limit(&self) -> Span {
        if self.later > Span::ZERO {
            self.requested
        } else {
            Span(self.requested.0.saturating_add(self.grace.min(self.room).0))
        }
    }

    /// How long it holds its units: it is killed at its limit.
    #[inline]
    pub(super) fn held(&self) -> Span {
        self.run.min(self.limit())
    }

    /// Whether it has not done its work when its run ends.
    #[inline]
    pub(super) fn is_cut(&self) -> bool {
        self.run > self.limit()
    }

    /// A job that is suspended: its limit counts the time it has held its units; elsewhere a new run has the whole limit
    /// again. Beyond its requested time it has used up some of its grace, and requests the least time there is.
    pub(super) fn count_held(&mut self, now: Time) {
        let Stage::Running { start, .. } = self.stage else {
            unreachable!("only a running job is suspended")
        };
        let held = now.since(start);
        let left = Span(self.requested.0.saturating_sub(held.0)).max(Span::STEP);
        let beyond = Span((held + left).0 - self.requested.0);
        (self.requested, self.grace) = (left, Span(self.grace.0.saturating_sub(beyond.0)));
    }

    /// Units times requested time, in unit-nanoseconds.
    pub(super) fn requested_area(&self) -> u128 {
        u128::from(self.units) * u128::from(self.requested.0)
    }

    /// The causes of its wait so far, with its staging; of a job in the queue they must have been settled.
    #[inline]
    fn waits_until(&self, queued: Option<Time>, now: Option<Time>) -> WaitCauses {
        let known = match self.waits {
            Waits::Known(causes) => causes,
            Waits::Counting { .. } => WaitCauses::default(),
        };
        let staged = queued.or(now).map_or(Span::ZERO, |until| until.since(self.submit));
        WaitCauses { staging: staged, ..known }
    }

    /// The row of this job as it stands, with its outcome and end.
    #[expect(
        clippy::inline_always,
        reason = "a sink that looks at a few columns has only these put together"
    )]
    #[inline(always)]
    pub(super) fn row(&self, outcome: Outcome, end: Option<Time>) -> JobRow {
        let (queued, start) = match self.stage {
            Stage::Staging => (None, None),
            Stage::Queued { queued } => (Some(queued), None),
            Stage::Running { queued, start } => (Some(queued), Some(start)),
        };
        JobRow {
            partition: Some(self.partition),
            accelerators: self.accelerators,
            accelerators_held: self.accelerators_held,
            worth: self.worth,
            predicted: self.predicted,
            queued,
            waits: self.waits_until(queued, end),
            start,
            last_start: start,
            end,
            requested: self.requested,
            ..arrival_row(&self.job, self.submit, outcome)
        }
    }
}

/// The row of a job that was sent nowhere.
#[expect(clippy::inline_always, reason = "a sink that looks at a few columns has only these put together")]
#[inline(always)]
pub(super) fn arrival_row(job: &Job, submit: Time, outcome: Outcome) -> JobRow {
    JobRow {
        id: job.id,
        community: job.community,
        country: job.country,
        class: job.class,
        dataset: job.dataset,
        partition: None,
        accelerators_asked: job.request.accelerators,
        time_asked: job.request.requested,
        accelerators: job.request.accelerators,
        accelerators_held: 0,
        sites: 1,
        worth: 0.0,
        work: AcceleratorTime::of(job.request.accelerators.into(), job.profile.run),
        efficiency: job.profile.efficiency(),
        scaling: job.request.scaling,
        submit,
        predicted: None,
        queued: None,
        start: None,
        last_start: None,
        waits: WaitCauses::default(),
        end: None,
        requested: job.request.requested,
        input: job.request.input,
        output: job.profile.output,
        outcome,
    }
}

/// All live jobs.
#[derive(Debug, Default)]
pub(super) struct LiveJobs {
    jobs: Vec<Option<LiveJob>>,
    runs: Vec<RunNumber>,
    free: Vec<u32>,
}

impl LiveJobs {
    #[inline]
    pub(super) fn insert(&mut self, job: &LiveJob) -> JobSlot {
        if let Some(slot) = self.free.pop() {
            self.jobs[slot as usize] = Some(*job);
            return JobSlot(slot);
        }
        self.jobs.push(Some(*job));
        self.runs.push(0);
        JobSlot(u32::try_from(self.jobs.len() - 1).expect("fewer than 2^32 live jobs"))
    }

    #[inline]
    pub(super) fn get_mut(&mut self, slot: JobSlot) -> &mut LiveJob {
        self.jobs[slot.0 as usize].as_mut().expect("a slot in use names a live job")
    }

    #[inline]
    pub(super) fn get(&self, slot: JobSlot) -> &LiveJob {
        self.jobs[slot.0 as usize].as_ref().expect("a slot in use names a live job")
    }

    /// The number of the present run of the job at a place.
    #[inline]
    pub(super) fn run_number(&self, slot: JobSlot) -> RunNumber {
        self.runs[slot.0 as usize]
    }

    /// What was scheduled for the present run means nothing any more; the number of the next one.
    pub(super) fn next_run(&mut self, slot: JobSlot) -> RunNumber {
        let run = &mut self.runs[slot.0 as usize];
        *run = run.wrapping_add(1);
        *run
    }

    /// Frees the place of a job that left.
    #[inline]
    pub(super) fn release(&mut self, slot: JobSlot) {
        self.jobs[slot.0 as usize] = None;
        self.free.push(slot.0);
    }

    /// All live jobs with their places, in the order of these.
    pub(super) fn iter(&self) -> impl Iterator<Item = (JobSlot, &LiveJob)> {
        self.jobs.iter().enumerate().filter_map(|(slot, job)| Some((JobSlot(slot as u32), job.as_ref()?)))
    }
}
