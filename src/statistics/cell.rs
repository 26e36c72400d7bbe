//! What is counted of the jobs of one scope, and the metrics made from it.

use super::metric::{Metric, Metrics};
use super::sketch::WaitSketch;
use crate::units::AcceleratorTime;

/// What is counted of the jobs of one community at one site, or of those sent nowhere.
#[derive(Debug, Clone, Default)]
pub(super) struct Cell {
    pub(super) jobs: u64,
    pub(super) rejected: u64,
    pub(super) unstarted: u64,
    pub(super) offered: AcceleratorTime,
    pub(super) rejected_work: AcceleratorTime,
    pub(super) served_h: f64,
    pub(super) done_h: f64,
    pub(super) held: AcceleratorTime,
    pub(super) waits: WaitSketch,
    pub(super) staged: u64,
    pub(super) staging_ns: u128,
    /// Of the jobs with a wait, in nanoseconds: staging, limit, capacity, calendar, behind.
    pub(super) causes_ns: [u128; 5],
    pub(super) cut_short: u64,
    pub(super) resizes: u64,
    pub(super) lost: AcceleratorTime,
    pub(super) copies_taken_back: u64,
    pub(super) across_sites: u64,
    /// Starts that were predicted; the sums of predicted - true start, with and without sign, in nanoseconds.
    pub(super) predicted: u64,
    pub(super) error_ns: i128,
    pub(super) absolute_error_ns: u128,
}

impl Cell {
    pub(super) fn merge(&mut self, other: &Self) {
        self.jobs += other.jobs;
        self.rejected += other.rejected;
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
    }

    pub(super) fn metrics(&self, open: AcceleratorTime) -> Metrics {
        let cause = |index: usize| self.causes_ns[index] as f64 / 1e9 / (self.jobs - self.rejected) as f64;
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
        };
        Metrics(Metric::ALL.map(value))
    }
}
