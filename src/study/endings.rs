//! What a study found of how jobs ended and what became of the hours that they held.

use super::estimates::estimates;
use crate::statistics::EndingMetric;

estimates! {
    /// The ends of the jobs of a set or a community; the window is the observation after its warm-up.
    EndingSummary of EndingMetric {
        jobs_completed: JobsCompleted,
        jobs_stopped: JobsStopped,
        jobs_failed: JobsFailed,
        jobs_killed: JobsKilled,
        jobs_balked: JobsBalked,
        jobs_reneged: JobsReneged,
        left_h: LeftH,
        held_completed_h: CompletedH,
        held_stopped_h: StoppedH,
        held_failed_h: FailedH,
        held_killed_h: KilledH,
        held_other_h: OtherH,
    }
}
