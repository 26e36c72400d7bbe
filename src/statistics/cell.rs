//! What is counted of the jobs of one scope, and the metrics made from it.

use super::metric::{Metric, Metrics};
use super::sketch::WaitSketch;
use crate::model::{CommunityId, PartitionId, System};
use crate::records::{JobRow, Outcome, Rejection, WaitCauses};
use crate::units::{AcceleratorTime, Bytes, Span, Time};

/// Run times count as no shorter in bounded slowdowns: the classic bound, and one for trainings.
const SLOWDOWN_BOUNDS: [Span; 2] = [Span(10_000_000_000), Span(600_000_000_000)];
/// Data that come within this time are within reach.
const DATA_REACH: Span = Span(86_400_000_000_000);

/// What is counted of the jobs of one community at one site, or of those sent nowhere.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    jobs: u64,
    rejected: u64,
    /// Jobs whose users went elsewhere at once: they have no wait.
    balked: u64,
    unstarted: u64,
    offered: AcceleratorTime,
    rejected_work: AcceleratorTime,
    pub(super) served_h: f64,
    pub(super) done_h: f64,
    pub(super) held: AcceleratorTime,
    pub(super) waits: WaitSketch,
    staged: u64,
    staging_ns: u128,
    /// Of the jobs with a wait, in nanoseconds: staging, limit, capacity, calendar, behind.
    causes_ns: [u128; 5],
    pub(super) cut_short: u64,
    pub(super) resizes: u64,
    pub(super) lost: AcceleratorTime,
    pub(super) copies_taken_back: u64,
    across_sites: u64,
    /// Starts that were predicted; the sums of predicted - true start, with and without sign, in nanoseconds.
    predicted: u64,
    error_ns: i128,
    absolute_error_ns: u128,
    ended: EndedJobs,
    /// Work of the jobs with a wait, and the sum of its products with their waits in hours × seconds.
    waiting: AcceleratorTime,
    waited_h_s: f64,
    data: DataWork,
}

/// Of the jobs that started and ended.
#[derive(Debug, Clone, Copy, Default)]
struct EndedJobs {
    jobs: u64,
    /// One sum a bound.
    slowdowns: [f64; 2],
    /// Accelerators × time from submission to end, and from start to end.
    present: AcceleratorTime,
    running: AcceleratorTime,
}

/// Work of the jobs that read data, as far as it is known how long these took.
#[derive(Debug, Clone, Copy, Default)]
struct DataWork {
    all: AcceleratorTime,
    within_reach: AcceleratorTime,
    refused: AcceleratorTime,
}

/// How long a job waited in an observation that ends at `end`: until its start, or so far; those refused and those whose users
/// went elsewhere at once have no wait.
pub(super) fn wait_of(row: &JobRow, end: Time) -> Option<Span> {
    let has_wait = !matches!(row.outcome, Outcome::Rejected(_) | Outcome::Balked);
    has_wait.then(|| row.start.or(row.end).unwrap_or(end).since(row.submit))
}

impl EndedJobs {
    fn count(&mut self, row: &JobRow) {
        let (Some(start), Some(end)) = (row.start, row.end) else { return };
        let (present, run) = (end.since(row.submit), end.since(start));
        self.jobs += 1;
        for (sum, bound) in self.slowdowns.iter_mut().zip(SLOWDOWN_BOUNDS) {
            *sum += (present.0 as f64 / run.max(bound).0 as f64).max(1.0);
        }
        self.present += AcceleratorTime::of(row.accelerators.into(), present);
        self.running += AcceleratorTime::of(row.accelerators.into(), run);
    }

    fn merge(&mut self, other: &Self) {
        self.jobs += other.jobs;
        for (sum, slowdowns) in self.slowdowns.iter_mut().zip(other.slowdowns) {
            *sum += slowdowns;
        }
        self.present += other.present;
        self.running += other.running;
    }
}

impl DataWork {
    fn count(&mut self, row: &JobRow, end: Time) {
        if row.input == Bytes::ZERO && row.dataset.is_none() {
            return;
        }
        // How long the data took, or at least so long.
        let took = row.queued.or(row.end).unwrap_or(end).since(row.submit);
        match row.outcome {
            Outcome::Rejected(Rejection::Residency) => self.refused += row.work,
            Outcome::Rejected(Rejection::Unreachable) => {}
            Outcome::Rejected(_) | Outcome::Balked => return,
            _ if row.queued.is_none() && took < DATA_REACH => return,
            _ if row.queued.is_some() && took <= DATA_REACH => self.within_reach += row.work,
            _ => {}
        }
        self.all += row.work;
    }

    fn merge(&mut self, other: &Self) {
        self.all += other.all;
        self.within_reach += other.within_reach;
        self.refused += other.refused;
    }
}

impl Cell {
    /// The cell of a partition's site and a community; of jobs sent nowhere the last row.
    pub(super) fn of<'c>(
        cells: &'c mut [Vec<Self>],
        system: &System,
        partition: Option<PartitionId>,
        community: CommunityId,
    ) -> &'c mut Self {
        let row = partition.map_or(cells.len() - 1, |partition| system.partitions[partition].site.index());
        &mut cells[row][community.index()]
    }

    /// Counts a job of the window, which ends with the observation at `end`.
    pub(super) fn count(&mut self, row: &JobRow, end: Time) {
        self.jobs += 1;
        self.offered += row.work;
        self.data.count(row, end);
        match row.outcome {
            Outcome::Rejected(_) => {
                self.rejected += 1;
                self.rejected_work += row.work;
            }
            Outcome::Balked => self.balked += 1,
            _ => {}
        }
        if let Some(wait) = wait_of(row, end) {
            self.count_wait(row, wait);
        }
    }

    fn count_wait(&mut self, row: &JobRow, wait: Span) {
        if let Some(queued) = row.queued {
            self.staged += 1;
            self.staging_ns += u128::from(queued.since(row.submit).0);
        }
        if let (Some(predicted), Some(start)) = (row.predicted, row.start) {
            let error = i128::from(predicted.max(row.queued.unwrap_or(predicted)).0) - i128::from(start.0);
            self.predicted += 1;
            self.error_ns += error;
            self.absolute_error_ns += error.unsigned_abs();
        }
        let WaitCauses { staging, limit, capacity, calendar, behind } = row.waits;
        for (sum, cause) in self.causes_ns.iter_mut().zip([staging, limit, capacity, calendar, behind]) {
            *sum += u128::from(cause.0);
        }
        self.across_sites += u64::from(row.sites > 1);
        self.unstarted += u64::from(row.start.is_none() && row.end.is_none());
        self.waits.record(wait);
        self.waiting += row.work;
        self.waited_h_s += row.work.as_hours() * wait.as_seconds();
        self.ended.count(row);
    }

    pub(super) fn merge(&mut self, other: &Self) {
        self.jobs += other.jobs;
        self.rejected += other.rejected;
        self.balked += other.balked;
        self.unstarted += other.unstarted;
        self.offered += other.offered;
        self.rejected_work += other.rejected_work;
        self.served_h += other.served_h;
        self.done_h += other.done_h;
        self.held += other.held;
        self.waits.merge(&other.waits);
        self.staged += other.staged;
        self.staging_ns += other.staging_ns;
        for (sum, cause) in self.causes_ns.iter_mut().zip(other.causes_ns) {
            *sum += cause;
        }
        self.cut_short += other.cut_short;
        self.resizes += other.resizes;
        self.lost += other.lost;
        self.copies_taken_back += other.copies_taken_back;
        self.across_sites += other.across_sites;
        self.predicted += other.predicted;
        self.error_ns += other.error_ns;
        self.absolute_error_ns += other.absolute_error_ns;
        self.ended.merge(&other.ended);
        self.waiting += other.waiting;
        self.waited_h_s += other.waited_h_s;
        self.data.merge(&other.data);
    }

    pub(super) fn metrics(&self, open: AcceleratorTime) -> Metrics {
        let cause = |index: usize| {
            self.causes_ns[index] as f64 / 1e9 / (self.jobs - self.rejected - self.balked) as f64
        };
        let slowdown = |index: usize| self.ended.slowdowns[index] / self.ended.jobs as f64;
        let of_data = |part: AcceleratorTime| part.as_hours() / self.data.all.as_hours();
        let value = |metric| match metric {
            Metric::Jobs => self.jobs as f64,
            Metric::JobsRejected => self.rejected as f64,
            Metric::JobsUnstarted => self.unstarted as f64,
            Metric::OfferedH => self.offered.as_hours(),
            Metric::ServedH => self.served_h,
            Metric::DoneH => self.done_h,
            // Whoever computes the bound says what it is.
            Metric::BoundH | Metric::DoneOfBound => f64::NAN,
            Metric::RejectedH => self.rejected_work.as_hours(),
            Metric::Utilisation => self.held.as_hours() / open.as_hours(),
            Metric::WaitSMean => self.waits.mean_s(),
            Metric::WaitSP50 => self.waits.quantile_s(0.5),
            Metric::WaitSP90 => self.waits.quantile_s(0.9),
            Metric::WaitSP95 => self.waits.quantile_s(0.95),
            Metric::WaitSP99 => self.waits.quantile_s(0.99),
            Metric::StagingSMean => self.staging_ns as f64 / 1e9 / self.staged as f64,
            Metric::WaitStagingSMean => cause(0),
            Metric::WaitLimitSMean => cause(1),
            Metric::WaitCapacitySMean => cause(2),
            Metric::WaitCalendarSMean => cause(3),
            Metric::WaitBehindSMean => cause(4),
            Metric::PredictionErrorSMean => self.error_ns as f64 / 1e9 / self.predicted as f64,
            Metric::PredictionAbsoluteErrorSMean => {
                self.absolute_error_ns as f64 / 1e9 / self.predicted as f64
            }
            Metric::RunsCutShort => self.cut_short as f64,
            Metric::Resizes => self.resizes as f64,
            Metric::LostH => self.lost.as_hours(),
            Metric::CopiesTakenBack => self.copies_taken_back as f64,
            Metric::JobsAcrossSites => self.across_sites as f64,
            Metric::BoundedSlowdown10SMean => slowdown(0),
            Metric::BoundedSlowdown10MinMean => slowdown(1),
            Metric::ExpansionFactor => self.ended.present.as_hours() / self.ended.running.as_hours(),
            Metric::WaitSWeightedMean => self.waited_h_s / self.waiting.as_hours(),
            Metric::DataH => self.data.all.as_hours(),
            Metric::DataReach24H => of_data(self.data.within_reach),
            Metric::DataRefused => of_data(self.data.refused),
        };
        Metrics(Metric::ALL.map(value))
    }
}

#[cfg(test)]
mod tests {
    use super::super::by_hand::{day, hours, job};
    use super::*;
    use crate::model::DatasetId;

    fn metrics(rows: &[JobRow]) -> Metrics {
        let mut cells = [Cell::default(), Cell::default()];
        for (place, row) in rows.iter().enumerate() {
            cells[place % 2].count(row, day(200));
        }
        let [mut cell, other] = cells;
        cell.merge(&other);
        cell.metrics(hours(1))
    }

    fn check(metrics: &Metrics, expected: &[(Metric, f64)]) {
        for &(metric, value) in expected {
            let found = metrics.get(metric);
            assert!((found - value).abs() < 1e-9, "{}: {found}, not {value}", metric.name());
        }
    }

    /// A job of four days that waited one, on one accelerator; one of 5 s that waited 20 s, on eight; one still in the queue
    /// after 90 days, with twice the work of the first; and one rejected.
    #[test]
    fn slowdowns_by_hand() {
        let second = |number| day(110) + Span::from_seconds(number);
        let short = JobRow {
            accelerators: 8,
            work: AcceleratorTime::of(8, Span::from_seconds(5)),
            start: Some(second(20)),
            end: Some(second(25)),
            ..job()
        };
        let waiting = JobRow { work: hours(192), start: None, end: None, outcome: Outcome::Queued, ..job() };
        let rejected =
            JobRow { start: None, end: None, outcome: Outcome::Rejected(Rejection::TooLong), ..job() };
        let metrics = metrics(&[job(), short, waiting, rejected]);
        let (four_days, day, short_h) = (4.0 * 86_400.0, 86_400.0, 40.0 / 3_600.0);
        check(
            &metrics,
            &[
                (Metric::BoundedSlowdown10SMean, f64::midpoint(1.25, 2.5)),
                (Metric::BoundedSlowdown10MinMean, f64::midpoint(1.25, 1.0)),
                (Metric::ExpansionFactor, (5.0 * day + 8.0 * 25.0) / (four_days + 40.0)),
                (
                    Metric::WaitSWeightedMean,
                    (96.0 * day + short_h * 20.0 + 192.0 * 90.0 * day) / (96.0 + short_h + 192.0),
                ),
                (Metric::DataH, 0.0),
            ],
        );
        assert!(metrics.get(Metric::DataReach24H).is_nan(), "nobody reads data");
    }

    /// Data that came in time, late, never; that are not known to come; and of jobs that no site took.
    #[test]
    fn data_reach_by_hand() {
        let after = |hours: u64| Some(day(110) + Span::from_seconds(hours * 3_600));
        let reader = JobRow { dataset: Some(DatasetId(0)), work: hours(1), ..job() };
        let of = |weight: u64, row: JobRow| JobRow { work: hours(weight), ..row };
        let staging = JobRow { start: None, end: None, queued: None, outcome: Outcome::Staging, ..reader };
        let rejected = |reason| JobRow { outcome: Outcome::Rejected(reason), ..staging };
        let rows = [
            of(1, JobRow { queued: after(24), ..reader }),
            of(2, JobRow { input: Bytes(1), dataset: None, queued: after(0), ..reader }),
            of(4, JobRow { queued: after(25), ..reader }),
            of(8, staging),
            of(16, JobRow { submit: day(199) + Span(1), ..staging }),
            of(32, JobRow { end: after(10), outcome: Outcome::Reneged, ..staging }),
            of(64, rejected(Rejection::Residency)),
            of(128, rejected(Rejection::Unreachable)),
            of(256, rejected(Rejection::QueueFull)),
            of(512, JobRow { outcome: Outcome::Balked, ..staging }),
            of(1_024, JobRow { dataset: None, queued: after(0), ..reader }),
        ];
        let all = f64::from(1 + 2 + 4 + 8 + 64 + 128);
        check(
            &metrics(&rows),
            &[(Metric::DataH, all), (Metric::DataReach24H, 3.0 / all), (Metric::DataRefused, 64.0 / all)],
        );
    }
}
