//! Conservation laws, checked at the end of every run, in release builds too.
//!
//! Every stage is counted twice: once by the clock (the integral of how many jobs are there) and once by the jobs (the
//! sum of their times). Little's law in its finite form says that both agree, to the nanosecond.

use super::projects::ProjectChecks;
use crate::units::Time;

/// The exact integral of a level over time.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Integral {
    area: u128,
    level: u64,
    since: Time,
}

impl Integral {
    /// Raises the level at `now`.
    #[inline]
    pub(super) fn add(&mut self, now: Time, amount: u64) {
        self.settle(now);
        self.level += amount;
    }

    /// Lowers the level at `now`.
    #[inline]
    pub(super) fn subtract(&mut self, now: Time, amount: u64) {
        self.settle(now);
        self.level = self.level.checked_sub(amount).expect("no more leaves than came");
    }

    /// Brings the level to `level` at `now`.
    pub(super) fn set(&mut self, now: Time, level: u64) {
        self.settle(now);
        self.level = level;
    }

    /// The integral up to `now`.
    pub(super) fn up_to(mut self, now: Time) -> u128 {
        self.settle(now);
        self.area
    }

    #[inline]
    fn settle(&mut self, now: Time) {
        self.area += u128::from(self.level) * u128::from(now.since(self.since).0);
        self.since = now;
    }
}

/// The two ways of counting, and the counts of jobs by what became of them.
#[derive(Debug, Clone, Copy, PartialEq, Default, serde::Serialize)]
pub struct Checks {
    /// Jobs submitted.
    pub submitted: u64,
    /// Jobs that ran to their end.
    pub completed: u64,
    /// Jobs stopped by their users before they were done.
    #[serde(skip_serializing_if = "is_zero")]
    pub stopped: u64,
    /// Jobs that failed by a mistake of their users.
    #[serde(skip_serializing_if = "is_zero")]
    pub failed: u64,
    /// Jobs killed at their requested time.
    pub killed: u64,
    /// Jobs pushed out for good.
    pub preempted: u64,
    /// Jobs rejected.
    pub rejected: u64,
    /// Jobs whose users went elsewhere.
    #[serde(skip_serializing_if = "is_zero")]
    pub left: u64,
    /// Jobs still staging, queued or running at the end.
    pub in_system: u64,
    /// Integral of the number of jobs staging, in job-nanoseconds.
    pub staging_by_clock: u128,
    /// Sum of the staging times of all jobs, in job-nanoseconds.
    pub staging_by_jobs: u128,
    /// Integral of the number of jobs queued.
    pub queued_by_clock: u128,
    /// Sum of the queueing times of all jobs.
    pub queued_by_jobs: u128,
    /// Integral of the accelerators held, in accelerator-nanoseconds.
    pub held_by_clock: u128,
    /// Sum over jobs of accelerators held times running time.
    pub held_by_jobs: u128,
    /// Projects, where jobs come by them.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub projects: Option<ProjectChecks>,
    /// Relative difference between bytes sent and bytes delivered or still in flight.
    pub bytes_error: f64,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde hands out references")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Checks {
    /// Asserts all laws: a run that breaks one is a broken program.
    pub(super) fn assert(&self) {
        let ended = self.completed + self.stopped + self.failed;
        let not_served = self.preempted + self.rejected + self.left;
        let accounted = ended + self.killed + not_served + self.in_system;
        assert_eq!(self.submitted, accounted, "every job is somewhere: {self:?}");
        assert_eq!(self.staging_by_clock, self.staging_by_jobs, "Little's law of staging: {self:?}");
        assert_eq!(self.queued_by_clock, self.queued_by_jobs, "Little's law of the queues: {self:?}");
        assert_eq!(self.held_by_clock, self.held_by_jobs, "accelerator-hours are conserved: {self:?}");
        assert!(self.bytes_error <= 1e-9, "bytes are conserved: {self:?}");
    }
}

/// What a run says of itself beside its rows.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct RunReport {
    /// The conservation laws, which held.
    pub checks: Checks,
    /// Events handled.
    pub events: u64,
    /// The instant of the last event.
    #[serde(skip)]
    pub ended: Time,
}
