//! The small schedules through the replay of traces: every start in each case under each policy.

use super::Verdict;
use super::schedule_cases::{SCHEDULE_CASES, ScheduleCase};
use crate::model::{EventOrder, LocalPolicy};
use crate::study::{ReplayOptions, replay};
use crate::workload::{Estimates, TraceJob};

/// Counts the starts that agree in each case and policy; all must.
pub(super) fn run() -> Vec<Verdict> {
    let judge = |case: &ScheduleCase, policy: LocalPolicy, expected: &[u64]| {
        let starts = starts(case, policy);
        let equal = starts.iter().zip(expected).filter(|(ours, theirs)| ours == theirs).count();
        let quantity = format!("starts in the known second, {policy}");
        Verdict::new(case.id, &quantity, expected.len() as f64, equal as f64, 0.0, expected.len() as u64)
    };
    let cases = SCHEDULE_CASES.iter();
    cases.flat_map(|case| case.starts.iter().map(|&(policy, starts)| judge(case, policy, starts))).collect()
}

fn starts(case: &ScheduleCase, policy: LocalPolicy) -> Vec<u64> {
    let job = |(index, &[submit_s, processors, requested_s, run_s]): (usize, &[u64; 4])| TraceJob {
        number: index as u64,
        submit_s,
        run_s,
        processors: processors as u32,
        requested_s,
    };
    let jobs = case.jobs.iter().enumerate().map(job).collect();
    let options = ReplayOptions {
        nodes: case.nodes,
        policy,
        estimates: Estimates::Requested,
        event_order: EventOrder::EndsFirst,
    };
    replay(jobs, options).schedule.iter().map(|job| job.start).collect()
}
