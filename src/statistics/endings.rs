//! What became of the accelerator-hours that jobs held, where some jobs end otherwise than by having done their work.
//! What a job held in earlier runs counts with its end; memory grows with the live jobs that had some.

use super::metric::{EndingMetric, EndingMetrics};
use crate::model::{CommunityId, JobId, System};
use crate::records::{JobRow, Outcome, SegmentRow};
use crate::units::{AcceleratorTime, Span, Time};
use std::collections::BTreeMap;

/// How a job may end, as far as it is told here.
const ENDINGS: usize = 4;

/// The sums of one community.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    /// Jobs that ended inside the window: completed, stopped, failed, killed.
    jobs: [u64; ENDINGS],
    /// What they held inside the window, without what was in vain.
    held: [AcceleratorTime; ENDINGS],
    /// What was held otherwise.
    other: AcceleratorTime,
    balked: u64,
    reneged: u64,
    /// Work of jobs whose users went elsewhere.
    left: AcceleratorTime,
}

impl Sums {
    fn merged(mut self, other: &Self) -> Self {
        for ending in 0..ENDINGS {
            self.jobs[ending] += other.jobs[ending];
            self.held[ending] += other.held[ending];
        }
        self.other += other.other;
        self.balked += other.balked;
        self.reneged += other.reneged;
        self.left += other.left;
        self
    }

    fn metrics(&self) -> EndingMetrics {
        let value = |metric| match metric {
            EndingMetric::JobsCompleted => self.jobs[0] as f64,
            EndingMetric::JobsStopped => self.jobs[1] as f64,
            EndingMetric::JobsFailed => self.jobs[2] as f64,
            EndingMetric::JobsKilled => self.jobs[3] as f64,
            EndingMetric::JobsBalked => self.balked as f64,
            EndingMetric::JobsReneged => self.reneged as f64,
            EndingMetric::LeftH => self.left.as_hours(),
            EndingMetric::CompletedH => self.held[0].as_hours(),
            EndingMetric::StoppedH => self.held[1].as_hours(),
            EndingMetric::FailedH => self.held[2].as_hours(),
            EndingMetric::KilledH => self.held[3].as_hours(),
            EndingMetric::OtherH => self.other.as_hours(),
        };
        EndingMetrics(EndingMetric::ALL.map(value))
    }
}

/// The metrics of the endings of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct EndingsMetrics {
    /// The whole network.
    pub network: EndingMetrics,
    /// Each community.
    pub communities: Vec<EndingMetrics>,
}

/// The sums of one run.
#[derive(Debug, Clone)]
pub(super) struct EndingStatistics {
    window: (Time, Time),
    communities: Vec<Sums>,
    /// What jobs that have not ended held in earlier runs, without what was in vain.
    carried: BTreeMap<JobId, (CommunityId, AcceleratorTime)>,
}

impl EndingStatistics {
    /// For a system in which jobs may end early, or leave; `None` for others.
    pub(super) fn new(system: &System) -> Option<Self> {
        let window = (system.observation.warm_up, system.observation.end);
        let communities = vec![Sums::default(); system.communities.len()];
        let is_told = system.has_early_endings() || system.has_patience();
        is_told.then_some(Self { window, communities, carried: BTreeMap::new() })
    }

    /// Counts the end of a job and what it held.
    pub(super) fn job(&mut self, row: &JobRow) {
        self.count_leaving(row);
        let ending = match row.outcome {
            Outcome::Completed => Some(0),
            Outcome::Stopped => Some(1),
            Outcome::Failed => Some(2),
            Outcome::Killed => Some(3),
            Outcome::Preempted
            | Outcome::Rejected(_)
            | Outcome::Balked
            | Outcome::Reneged
            | Outcome::Running
            | Outcome::Queued
            | Outcome::Staging => None,
        };
        let ends_inside = row.end.is_some_and(|end| end >= self.window.0);
        let mut held = row.last_start.map_or(AcceleratorTime::ZERO, |start| {
            self.held(row.accelerators_held, start, row.end.unwrap_or(self.window.1))
        });
        if !self.carried.is_empty() {
            held += self.carried.remove(&row.id).map_or(AcceleratorTime::ZERO, |(_, held)| held);
        }
        let sums = self.of(row.community);
        match ending {
            Some(ending) => {
                sums.jobs[ending] += u64::from(ends_inside);
                sums.held[ending] += held;
            }
            None => sums.other += held,
        }
    }

    fn count_leaving(&mut self, row: &JobRow) {
        if row.submit < self.window.0 {
            return;
        }
        let sums = self.of(row.community);
        match row.outcome {
            Outcome::Balked => sums.balked += 1,
            Outcome::Reneged => sums.reneged += 1,
            _ => return,
        }
        sums.left += row.work;
    }

    /// Counts what was held in a stretch that did not end its job.
    pub(super) fn segment(&mut self, row: &SegmentRow) {
        let held = self.held(row.accelerators_held, row.from, row.to);
        let kept = AcceleratorTime((held.0 as f64 * row.kept_share()) as u128).min(held);
        self.of(row.community).other += AcceleratorTime(held.0 - kept.0);
        let nothing = (row.community, AcceleratorTime::ZERO);
        self.carried.entry(row.id).or_insert(nothing).1 += kept;
    }

    pub(super) fn metrics(&self) -> EndingsMetrics {
        let mut communities = self.communities.clone();
        // What is left belongs to jobs whose own row came before, at the end of the observation.
        for &(community, held) in self.carried.values() {
            communities[community.index()].other += held;
        }
        let network = communities.iter().fold(Sums::default(), Sums::merged);
        EndingsMetrics {
            network: network.metrics(),
            communities: communities.iter().map(Sums::metrics).collect(),
        }
    }

    fn of(&mut self, community: CommunityId) -> &mut Sums {
        &mut self.communities[community.index()]
    }

    /// Accelerators times time inside the window.
    fn held(&self, accelerators: u32, from: Time, to: Time) -> AcceleratorTime {
        let (from, to) = (from.max(self.window.0), to.min(self.window.1));
        let inside = if to > from { to.since(from) } else { Span::ZERO };
        AcceleratorTime::of(accelerators.into(), inside)
    }
}
