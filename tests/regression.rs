//! Faults found once, kept out since.

use pleiade::model::{EventOrder, LocalPolicy};
use pleiade::study::{ReplayOptions, replay};
use pleiade::workload::{Estimates, TraceJob};

fn job(number: u64, submit_s: u64, run_s: u64, processors: u32) -> TraceJob {
    TraceJob { number, submit_s, run_s, processors, requested_s: run_s }
}

/// A trace replays to its end however far it lies: no calendar is walked month by month where there are no links.
#[test]
fn a_replay_has_no_horizon() {
    let far = 500 * 365 * 86_400;
    let options = ReplayOptions {
        nodes: 1,
        policy: LocalPolicy::EASY,
        estimates: Estimates::Requested,
        event_order: EventOrder::EndsFirst,
    };
    let replay = replay(vec![job(1, 0, 10, 1), job(2, far, 10, 1)], options);
    assert_eq!(replay.schedule[1].start, far);
}

/// All submissions of one second form one round: one pass sees them all, so the order of arrival in the second does
/// not let a later job start in an earlier pass.
#[test]
fn one_pass_sees_all_submissions_of_an_instant() {
    let options = ReplayOptions {
        nodes: 4,
        policy: LocalPolicy::FCFS,
        estimates: Estimates::Requested,
        event_order: EventOrder::EndsFirst,
    };
    let jobs = vec![job(1, 5, 10, 4), job(2, 5, 10, 2), job(3, 5, 10, 2), job(4, 15, 1, 4)];
    let starts: Vec<u64> = replay(jobs, options).schedule.iter().map(|job| job.start).collect();
    assert_eq!(starts, [5, 15, 15, 25]);
}
