//! What became of the accelerator-hours that jobs held: how their jobs ended, and the way from what stood open to what was
//! useful. Where jobs end in several ways, what a job held in earlier runs counts with its end; memory grows with the live
//! jobs that had some.

use super::metric::{EndingMetric, EndingMetrics, WaterfallMetric, WaterfallMetrics};
use crate::model::{CommunityId, JobId, PreemptionMode, System};
use crate::records::{JobRow, Outcome, SegmentRow};
use crate::units::{AcceleratorTime, Span, Time};
use std::collections::BTreeMap;

/// How a job may end, as far as it is told here.
const ENDINGS: usize = 4;

/// The sums of one community. The times are inside the window and add up to all that was held.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    /// Jobs that ended inside the window: completed, stopped, failed, killed.
    jobs: [u64; ENDINGS],
    /// What they held, without what was in vain.
    held: [AcceleratorTime; ENDINGS],
    /// What was held in vain, and by jobs that were pushed out for good.
    vain: AcceleratorTime,
    /// The rest of what jobs held that had not ended.
    unended: AcceleratorTime,
    /// Of what completed jobs and those that had not ended held: what experts would not have needed.
    inefficient: AcceleratorTime,
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
        self.vain += other.vain;
        self.unended += other.unended;
        self.inefficient += other.inefficient;
        self.balked += other.balked;
        self.reneged += other.reneged;
        self.left += other.left;
        self
    }

    /// Adds what a job held that is useful as far as its efficiency goes.
    fn note_inefficiency(&mut self, held: AcceleratorTime, efficiency: f64) {
        if efficiency < 1.0 {
            let needless = AcceleratorTime((held.0 as f64 * (1.0 - efficiency)) as u128);
            self.inefficient += needless.min(held);
        }
    }

    fn endings(&self) -> EndingMetrics {
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
            EndingMetric::OtherH => (self.vain + self.unended).as_hours(),
        };
        EndingMetrics(EndingMetric::ALL.map(value))
    }

    /// All that was held.
    fn all_held(&self) -> AcceleratorTime {
        self.held.iter().copied().sum::<AcceleratorTime>() + self.vain + self.unended
    }

    /// What was useful of it.
    fn useful(&self) -> AcceleratorTime {
        AcceleratorTime((self.held[0] + self.unended).0 - self.inefficient.0)
    }

    /// The way from what stood open, if there is such a thing, to what was useful.
    fn waterfall(&self, open: Option<AcceleratorTime>) -> WaterfallMetrics {
        let held = self.all_held();
        let idle = |open: AcceleratorTime| (open.0.cast_signed() - held.0.cast_signed()) as f64 / 3.6e12;
        let value = |metric| match metric {
            WaterfallMetric::OpenH => open.map_or(f64::NAN, AcceleratorTime::as_hours),
            WaterfallMetric::IdleH => open.map_or(f64::NAN, idle),
            WaterfallMetric::HeldH => held.as_hours(),
            WaterfallMetric::VainH => self.vain.as_hours(),
            WaterfallMetric::StoppedH => self.held[1].as_hours(),
            WaterfallMetric::FailedH => self.held[2].as_hours(),
            WaterfallMetric::KilledH => self.held[3].as_hours(),
            WaterfallMetric::InefficientH => self.inefficient.as_hours(),
            WaterfallMetric::UsefulH => self.useful().as_hours(),
            WaterfallMetric::Goodput => self.useful().as_hours() / held.as_hours(),
        };
        WaterfallMetrics(WaterfallMetric::ALL.map(value))
    }
}

/// The metrics of the endings of one run.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct EndingsMetrics {
    /// The whole network.
    pub network: EndingMetrics,
    /// Each community.
    pub communities: Vec<EndingMetrics>,
}

/// The waterfalls of one run.
#[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize)]
pub struct WaterfallsMetrics {
    /// The whole network.
    pub network: WaterfallMetrics,
    /// Each community.
    pub communities: Vec<WaterfallMetrics>,
}

/// The sums of one run.
#[derive(Debug, Clone)]
pub(super) struct EndingStatistics {
    window: (Time, Time),
    communities: Vec<Sums>,
    /// Whether the endings are told: where jobs may end early, or leave.
    has_endings: bool,
    /// Whether what a job held counts by how it ends, or ends at its efficiency. Where all jobs do their work, what was held
    /// and not in vain is useful as it is held, and nothing is carried.
    carries: bool,
    /// What jobs that have not ended held in earlier runs, without what was in vain.
    carried: BTreeMap<JobId, (CommunityId, AcceleratorTime)>,
    /// The efficiency of jobs that were running when the observation ended, if it is below 1: rows of their parts may follow.
    efficiencies: BTreeMap<JobId, f64>,
}

impl EndingStatistics {
    pub(super) fn new(system: &System) -> Self {
        let has_endings = system.has_early_endings() || system.has_patience();
        let cancels = system.partitions.iter().filter_map(|partition| partition.preemption);
        let cancels = cancels.into_iter().any(|preemption| preemption.mode == PreemptionMode::Cancel);
        Self {
            window: (system.observation.warm_up, system.observation.end),
            communities: vec![Sums::default(); system.communities.len()],
            has_endings,
            carries: has_endings || cancels || system.has_projects(),
            carried: BTreeMap::new(),
            efficiencies: BTreeMap::new(),
        }
    }

    /// Counts the end of a job and what it held.
    pub(super) fn job(&mut self, row: &JobRow) {
        self.count_leaving(row);
        let ends_inside = row.end.is_some_and(|end| end >= self.window.0);
        let mut held = row.last_start.map_or(AcceleratorTime::ZERO, |start| {
            self.held(row.accelerators_held, start, row.end.unwrap_or(self.window.1))
        });
        if !self.carried.is_empty() {
            held += self.carried.remove(&row.id).map_or(AcceleratorTime::ZERO, |(_, held)| held);
        }
        let sums = self.of(row.community);
        let ending = match row.outcome {
            Outcome::Completed => 0,
            Outcome::Stopped => 1,
            Outcome::Failed => 2,
            Outcome::Killed => 3,
            Outcome::Preempted => {
                sums.vain += held;
                return;
            }
            Outcome::Rejected(_)
            | Outcome::Balked
            | Outcome::Reneged
            | Outcome::Running
            | Outcome::Queued
            | Outcome::Staging => {
                sums.unended += held;
                sums.note_inefficiency(held, row.efficiency);
                if row.outcome == Outcome::Running && row.efficiency < 1.0 {
                    self.efficiencies.insert(row.id, row.efficiency);
                }
                return;
            }
        };
        sums.jobs[ending] += u64::from(ends_inside);
        sums.held[ending] += held;
        if ending == 0 {
            sums.note_inefficiency(held, row.efficiency);
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
        let carries = self.carries;
        let sums = self.of(row.community);
        sums.vain += AcceleratorTime(held.0 - kept.0);
        if carries {
            let nothing = (row.community, AcceleratorTime::ZERO);
            self.carried.entry(row.id).or_insert(nothing).1 += kept;
        } else {
            sums.held[0] += kept;
        }
    }

    /// The endings, where jobs end in several ways.
    pub(super) fn endings(&self) -> Option<EndingsMetrics> {
        let (network, communities) = self.sums();
        self.has_endings.then(|| EndingsMetrics {
            network: network.endings(),
            communities: communities.iter().map(Sums::endings).collect(),
        })
    }

    /// The way from what stood open to what was useful.
    pub(super) fn waterfall(&self, open: AcceleratorTime) -> WaterfallsMetrics {
        let (network, communities) = self.sums();
        WaterfallsMetrics {
            network: network.waterfall(Some(open)),
            communities: communities.iter().map(|sums| sums.waterfall(None)).collect(),
        }
    }

    /// The sums of the network and of each community.
    fn sums(&self) -> (Sums, Vec<Sums>) {
        let mut communities = self.communities.clone();
        // What is left belongs to jobs whose own row came before, at the end of the observation.
        for (id, &(community, held)) in &self.carried {
            let sums = &mut communities[community.index()];
            sums.unended += held;
            sums.note_inefficiency(held, self.efficiencies.get(id).copied().unwrap_or(1.0));
        }
        (communities.iter().fold(Sums::default(), Sums::merged), communities)
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

#[cfg(test)]
mod tests {
    use super::super::by_hand::{day, job, segment, system};
    use super::*;
    use crate::model::StreamId;
    use proptest::prelude::*;

    const OUTCOMES: [Outcome; 7] = [
        Outcome::Completed,
        Outcome::Stopped,
        Outcome::Failed,
        Outcome::Killed,
        Outcome::Preempted,
        Outcome::Running,
        Outcome::Queued,
    ];

    fn statistics(carries: bool) -> EndingStatistics {
        let mut statistics = EndingStatistics::new(&system());
        assert!(!statistics.carries && statistics.endings().is_none());
        statistics.carries = carries;
        statistics
    }

    /// A job with the stretches before its last run, all within days 80 to 199.
    fn any_job() -> impl Strategy<Value = (JobRow, Vec<SegmentRow>)> {
        let stretches = prop::collection::vec((0_u64..20, 0.0_f64..1.0), 0..4);
        (0_usize..OUTCOMES.len(), 1_u32..9, 0.3_f64..1.3, 0_u32..2, 80_u64..110, 0_u64..30, stretches)
            .prop_map(|(outcome, held, efficiency, community, begin, last, stretches)| {
                let community = CommunityId(community);
                let mut from = day(begin);
                let stretch = |(days, lost): (u64, f64)| {
                    let length = Span::from_seconds(days * 86_400 + 17);
                    let to = from + length;
                    let lost = Span((length.0 as f64 * lost) as u64);
                    let row = SegmentRow { accelerators_held: held, from, to, lost, community, ..segment() };
                    from = to;
                    row
                };
                let segments: Vec<SegmentRow> = stretches.into_iter().map(stretch).collect();
                let outcome = OUTCOMES[outcome];
                let is_there = matches!(outcome, Outcome::Running | Outcome::Queued);
                let row = JobRow {
                    accelerators_held: held,
                    efficiency: efficiency.min(1.0),
                    community,
                    last_start: (outcome != Outcome::Queued).then_some(from),
                    end: (!is_there).then_some(from + Span::from_seconds(last * 86_400)),
                    outcome,
                    ..job()
                };
                (row, segments)
            })
    }

    /// What a stretch held within days 100 to 200.
    fn inside(held: u32, from: Time, to: Time) -> AcceleratorTime {
        let (from, to) = (from.max(day(100)), to.min(day(200)));
        if to > from { AcceleratorTime::of(held.into(), to.since(from)) } else { AcceleratorTime::ZERO }
    }

    /// The hours of a job by the place of its category in `WaterfallMetric`, one job at a time.
    fn slowly(row: &JobRow, segments: &[SegmentRow]) -> Vec<(WaterfallMetric, f64)> {
        let mut kept = row.last_start.map_or(0.0, |start| {
            inside(row.accelerators_held, start, row.end.unwrap_or(day(200))).as_hours()
        });
        let mut vain = 0.0;
        for one in segments {
            let held = inside(one.accelerators_held, one.from, one.to).as_hours();
            kept += held * one.kept_share();
            vain += held * (1.0 - one.kept_share());
        }
        let parts = match row.outcome {
            Outcome::Stopped => vec![(WaterfallMetric::StoppedH, kept)],
            Outcome::Failed => vec![(WaterfallMetric::FailedH, kept)],
            Outcome::Killed => vec![(WaterfallMetric::KilledH, kept)],
            Outcome::Preempted => vec![(WaterfallMetric::VainH, kept)],
            _ => vec![
                (WaterfallMetric::UsefulH, kept * row.efficiency),
                (WaterfallMetric::InefficientH, kept * (1.0 - row.efficiency)),
            ],
        };
        parts.into_iter().chain([(WaterfallMetric::VainH, vain)]).collect()
    }

    proptest! {
        /// The steps add up to the unit, whatever happens and in whichever order it is told, and each is what the jobs give
        /// one by one.
        #[test]
        fn the_waterfall_adds_up(mut jobs in prop::collection::vec(any_job(), 0..30), job_first in any::<bool>()) {
            let mut statistics = statistics(true);
            for (number, (row, segments)) in jobs.iter_mut().enumerate() {
                row.id = JobId { stream: StreamId(0), ordinal: number as u64 };
                for one in segments.iter_mut() {
                    one.id = row.id;
                }
                // Rows of parts may follow that of a job that is still running.
                let job_first = job_first && row.outcome == Outcome::Running;
                if job_first {
                    statistics.job(row);
                }
                for one in segments.iter() {
                    statistics.segment(one);
                }
                if !job_first {
                    statistics.job(row);
                }
            }
            let (network, communities) = statistics.sums();
            let last = |row: &JobRow| row.last_start.map(|start| (start, row.end.unwrap_or(day(200))));
            let runs = jobs.iter().filter_map(|(row, _)| last(row).map(|(from, to)| inside(row.accelerators_held, from, to)));
            let stretches = jobs.iter().flat_map(|(_, all)| all).map(|one| inside(one.accelerators_held, one.from, one.to));
            let held: AcceleratorTime = runs.chain(stretches).sum();
            prop_assert_eq!(network.all_held(), held);
            let lost = network.vain + network.held[1] + network.held[2] + network.held[3];
            prop_assert_eq!(lost + network.inefficient + network.useful(), held);
            prop_assert_eq!(communities.iter().map(Sums::useful).sum::<AcceleratorTime>(), network.useful());
            let mut expected = [0.0; WaterfallMetric::ALL.len()];
            for (row, segments) in &jobs {
                for (metric, hours) in slowly(row, segments) {
                    expected[metric as usize] += hours;
                }
            }
            let open = held + AcceleratorTime::of(7, Span::from_seconds(3_600));
            let found = statistics.waterfall(open).network;
            for metric in WaterfallMetric::ALL.into_iter().skip(3).take(6) {
                let (found, expected) = (found.get(metric), expected[metric as usize]);
                prop_assert!((found - expected).abs() < 1e-6, "{}: {found} for {expected}", metric.name());
            }
            prop_assert!((found.get(WaterfallMetric::IdleH) - 7.0).abs() < 1e-9);
        }
    }

    /// Where all jobs do their work at full efficiency, nothing need be carried: the waterfall is the same.
    #[test]
    fn without_endings_nothing_is_carried() {
        let metrics = [true, false].map(|carries| {
            let mut statistics = statistics(carries);
            statistics.segment(&SegmentRow { lost: Span::from_seconds(40_000), ..segment() });
            statistics.job(&job());
            assert!(carries || statistics.carried.is_empty());
            statistics.waterfall(AcceleratorTime::of(1_000, Span::from_seconds(3_600)))
        });
        assert_eq!(metrics[0].network, metrics[1].network);
        assert!(
            (metrics[0].network.get(WaterfallMetric::Goodput)
                - (5.0 * 86_400.0 - 40_000.0) / (5.0 * 86_400.0))
                .abs()
                < 1e-12
        );
    }
}
