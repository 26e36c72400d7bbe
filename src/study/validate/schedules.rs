//! Small schedules worked out by hand: every start under FCFS and EASY.

use super::Verdict;
use crate::model::{EventOrder, LocalPolicy};
use crate::study::{ReplayOptions, replay};
use crate::workload::{Estimates, TraceJob};

struct Case {
    id: &'static str,
    nodes: u32,
    /// Submit, nodes, estimate, run.
    jobs: &'static [[u64; 4]],
    fcfs: &'static [u64],
    easy: &'static [u64],
}

const CASES: [Case; 7] = [
    Case {
        id: "S1",
        nodes: 10,
        jobs: &[
            [0, 6, 100, 100],
            [1, 8, 50, 50],
            [2, 3, 80, 80],
            [3, 4, 90, 90],
            [4, 2, 120, 120],
            [5, 1, 300, 300],
            [6, 10, 20, 20],
            [7, 2, 30, 30],
        ],
        fcfs: &[0, 100, 150, 150, 150, 150, 450, 470],
        easy: &[0, 100, 2, 150, 150, 5, 305, 150],
    },
    Case {
        id: "S2",
        nodes: 10,
        jobs: &[
            [0, 6, 100, 40],
            [1, 8, 50, 50],
            [2, 3, 80, 20],
            [3, 4, 90, 90],
            [4, 2, 120, 60],
            [5, 1, 300, 300],
            [6, 10, 20, 20],
            [7, 2, 30, 10],
        ],
        fcfs: &[0, 40, 90, 90, 90, 90, 390, 410],
        easy: &[0, 40, 2, 90, 90, 5, 305, 22],
    },
    Case {
        id: "S3",
        nodes: 100,
        jobs: &[[0, 70, 100, 100], [1, 80, 100, 100], [2, 90, 100, 100], [50, 20, 250, 250]],
        fcfs: &[0, 100, 200, 300],
        easy: &[0, 100, 300, 50],
    },
    Case {
        id: "S4",
        nodes: 10,
        jobs: &[
            [0, 5, 100, 100],
            [0, 3, 60, 60],
            [1, 6, 50, 50],
            [2, 1, 500, 500],
            [3, 1, 500, 500],
            [4, 1, 40, 40],
        ],
        fcfs: &[0, 0, 100, 100, 100, 100],
        easy: &[0, 0, 100, 2, 3, 60],
    },
    Case {
        id: "S5",
        nodes: 4,
        jobs: &[[0, 4, 10, 10], [10, 2, 5, 5], [10, 4, 5, 5], [10, 2, 5, 5]],
        fcfs: &[0, 10, 15, 20],
        easy: &[0, 10, 15, 10],
    },
    Case {
        id: "S6",
        nodes: 10,
        jobs: &[
            [0, 8, 100, 100],
            [0, 2, 20, 20],
            [1, 10, 50, 50],
            [2, 2, 70, 70],
            [3, 2, 30, 30],
            [4, 2, 30, 30],
        ],
        fcfs: &[0, 0, 100, 150, 150, 150],
        easy: &[0, 0, 100, 20, 150, 150],
    },
    Case {
        id: "S7",
        nodes: 10,
        jobs: &[[0, 6, 200, 50], [1, 6, 100, 100], [2, 6, 100, 100], [3, 4, 150, 150], [4, 4, 100, 100]],
        fcfs: &[0, 50, 150, 150, 250],
        easy: &[0, 50, 150, 3, 153],
    },
];

/// Counts the starts that agree in each case and policy; all must.
pub(super) fn run() -> Vec<Verdict> {
    let judge = |case: &Case, policy: LocalPolicy, name: &str, expected: &[u64]| {
        let starts = starts(case, policy);
        let equal = starts.iter().zip(expected).filter(|(ours, theirs)| ours == theirs).count();
        let quantity = format!("starts in the known second, {name}");
        Verdict::new(case.id, &quantity, expected.len() as f64, equal as f64, 0.0, expected.len() as u64)
    };
    let both = |case| {
        [judge(case, LocalPolicy::FCFS, "FCFS", case.fcfs), judge(case, LocalPolicy::EASY, "EASY", case.easy)]
    };
    CASES.iter().flat_map(both).collect()
}

fn starts(case: &Case, policy: LocalPolicy) -> Vec<u64> {
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
