//! A recorded workload on one partition: every job's start, and what the field reports of a schedule.

use super::single::SinglePartition;
use crate::engine::Universe;
use crate::model::{EventOrder, LocalPolicy};
use crate::records::{JobRow, LinkRow, Sink};
use crate::simulation::{RunReport, simulate};
use crate::units::Time;
use crate::workload::{Estimates, Trace, TraceJob};
use serde::Serialize;

/// How a trace is replayed.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ReplayOptions {
    /// Processors of the machine.
    pub nodes: u32,
    /// The local policy.
    pub policy: LocalPolicy,
    /// What the scheduler is told of durations.
    pub estimates: Estimates,
    /// The order of events at one instant.
    pub event_order: EventOrder,
}

/// When one job was submitted, started and ended, in whole seconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct ScheduledJob {
    /// The trace's job number.
    pub job: u64,
    /// Submission.
    pub submit: u64,
    /// Start.
    pub start: u64,
    /// End.
    pub end: u64,
}

/// What the field reports of a schedule. One deterministic run: the means are over its jobs and have no interval.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ScheduleSummary {
    /// Jobs that ran.
    pub jobs: usize,
    /// Mean of start - submit, in seconds.
    pub wait_s_mean: f64,
    /// Mean of max(1, (wait + run) / max(run, 10 s)).
    pub bounded_slowdown_mean: f64,
    /// From the first submission to the last end, in seconds.
    pub makespan_s: u64,
    /// Processors times time held over processors times makespan.
    pub utilisation: f64,
}

/// A replayed trace.
#[derive(Debug, Clone, PartialEq)]
pub struct Replay {
    /// Every job that ran, in the trace's order.
    pub schedule: Vec<ScheduledJob>,
    /// The summary.
    pub summary: ScheduleSummary,
    /// What the run says of itself.
    pub report: RunReport,
}

/// Replays `jobs`, each of which must fit the machine.
pub fn replay(jobs: Vec<TraceJob>, options: ReplayOptions) -> Replay {
    let system = SinglePartition {
        accelerators: options.nodes,
        policy: options.policy,
        event_order: options.event_order,
        max_queued: None,
        end: Time::MAX,
        warm_up: Time::ZERO,
        demand: None,
    }
    .system();
    let trace = Trace::new(jobs, options.estimates);
    let order: Vec<u64> = trace.jobs().iter().map(|job| job.number).collect();
    let mut recorder = Recorder::default();
    let report = simulate(&system, &system.sets[0], Universe::new(0, 0), trace, &mut recorder);
    let summary = recorder.summary(options.nodes);
    Replay { schedule: recorder.in_order(&order), summary, report }
}

/// Keeps what the schedule needs of every row.
#[derive(Debug, Default)]
struct Recorder {
    rows: Vec<(ScheduledJob, u32)>,
}

impl Sink for Recorder {
    fn job(&mut self, row: &JobRow) {
        let (Some(start), Some(end)) = (row.start, row.end) else { return };
        let second = |time: Time| time.0 / 1_000_000_000;
        let job = ScheduledJob {
            job: row.id.ordinal,
            submit: second(row.submit),
            start: second(start),
            end: second(end),
        };
        self.rows.push((job, row.accelerators));
    }

    fn link(&mut self, _: &LinkRow) {}
}

impl Recorder {
    fn summary(&self, processors: u32) -> ScheduleSummary {
        let jobs = self.rows.len();
        let mean = |value: &dyn Fn(&ScheduledJob) -> f64| {
            self.rows.iter().map(|(job, _)| value(job)).sum::<f64>() / jobs as f64
        };
        let first = self.rows.iter().map(|(job, _)| job.submit).min().unwrap_or(0);
        let last = self.rows.iter().map(|(job, _)| job.end).max().unwrap_or(0);
        let held: u64 = self.rows.iter().map(|(job, size)| u64::from(*size) * (job.end - job.start)).sum();
        ScheduleSummary {
            jobs,
            wait_s_mean: mean(&|job| (job.start - job.submit) as f64),
            bounded_slowdown_mean: mean(&|job| {
                ((job.end - job.submit) as f64 / (job.end - job.start).max(10) as f64).max(1.0)
            }),
            makespan_s: last - first,
            utilisation: held as f64 / (f64::from(processors) * (last - first) as f64),
        }
    }

    /// The schedule in the order in which the jobs were submitted; numbers may repeat in a trace.
    fn in_order(mut self, order: &[u64]) -> Vec<ScheduledJob> {
        let mut places: Vec<(u64, usize)> = order.iter().copied().zip(0..).collect();
        places.sort_unstable();
        self.rows.sort_by_key(|(job, _)| (job.job, job.submit));
        let mut placed: Vec<(usize, ScheduledJob)> =
            places.into_iter().zip(self.rows).map(|((_, place), (job, _))| (place, job)).collect();
        placed.sort_unstable_by_key(|(place, _)| *place);
        placed.into_iter().map(|(_, job)| job).collect()
    }
}
