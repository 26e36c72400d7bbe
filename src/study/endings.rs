//! What a study found of how jobs ended and what became of the hours that they held.

use crate::statistics::{EndingMetric, Estimate};
use serde::{Deserialize, Serialize};

/// The ends of the jobs of a set or a community; the window is the observation after its warm-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct EndingSummary {
    /// Jobs that ended with their work done.
    pub jobs_completed: Estimate,
    /// Jobs that their users stopped.
    pub jobs_stopped: Estimate,
    /// Jobs that failed by a mistake of their users.
    pub jobs_failed: Estimate,
    /// Jobs killed at their requested time.
    pub jobs_killed: Estimate,
    /// Jobs whose users were promised too long a wait.
    pub jobs_balked: Estimate,
    /// Jobs whose users had waited long enough.
    pub jobs_reneged: Estimate,
    /// Work of both, on the reference accelerator.
    pub left_h: Estimate,
    /// Accelerator-hours held by jobs whose work was done, without what was in vain; it and the next four add up to all that were held.
    pub held_completed_h: Estimate,
    /// The same of jobs that their users stopped.
    pub held_stopped_h: Estimate,
    /// The same of jobs that failed.
    pub held_failed_h: Estimate,
    /// The same of jobs killed at their requested time.
    pub held_killed_h: Estimate,
    /// What was held in vain, by jobs pushed out for good, and by jobs that had not ended.
    pub held_other_h: Estimate,
}

impl EndingSummary {
    /// From the estimates of all metrics.
    pub(super) fn of(estimate: impl Fn(EndingMetric) -> Estimate) -> Self {
        Self {
            jobs_completed: estimate(EndingMetric::JobsCompleted),
            jobs_stopped: estimate(EndingMetric::JobsStopped),
            jobs_failed: estimate(EndingMetric::JobsFailed),
            jobs_killed: estimate(EndingMetric::JobsKilled),
            jobs_balked: estimate(EndingMetric::JobsBalked),
            jobs_reneged: estimate(EndingMetric::JobsReneged),
            left_h: estimate(EndingMetric::LeftH),
            held_completed_h: estimate(EndingMetric::CompletedH),
            held_stopped_h: estimate(EndingMetric::StoppedH),
            held_failed_h: estimate(EndingMetric::FailedH),
            held_killed_h: estimate(EndingMetric::KilledH),
            held_other_h: estimate(EndingMetric::OtherH),
        }
    }

    /// The estimate of one metric.
    pub fn get(&self, metric: EndingMetric) -> Estimate {
        match metric {
            EndingMetric::JobsCompleted => self.jobs_completed,
            EndingMetric::JobsStopped => self.jobs_stopped,
            EndingMetric::JobsFailed => self.jobs_failed,
            EndingMetric::JobsKilled => self.jobs_killed,
            EndingMetric::JobsBalked => self.jobs_balked,
            EndingMetric::JobsReneged => self.jobs_reneged,
            EndingMetric::LeftH => self.left_h,
            EndingMetric::CompletedH => self.held_completed_h,
            EndingMetric::StoppedH => self.held_stopped_h,
            EndingMetric::FailedH => self.held_failed_h,
            EndingMetric::KilledH => self.held_killed_h,
            EndingMetric::OtherH => self.held_other_h,
        }
    }
}
