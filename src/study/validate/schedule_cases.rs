//! Small schedules worked out by hand: jobs, and every start under each policy. Data only; times are in seconds.

use crate::model::{Backfill, Compression, Conservative, Easy, LocalPolicy, Order, ScanOrder};

/// One small schedule.
#[derive(Debug, Clone, Copy)]
pub struct ScheduleCase {
    /// Its name, such as `S1`.
    pub id: &'static str,
    /// Nodes of the machine.
    pub nodes: u32,
    /// Submission, nodes, estimate and run time of each job, in the order of submission.
    pub jobs: &'static [[u64; 4]],
    /// The starts of all jobs under each policy.
    pub starts: &'static [(LocalPolicy, &'static [u64])],
}

const FCFS: LocalPolicy = LocalPolicy::FCFS;
const EASY: LocalPolicy = LocalPolicy::EASY;
const SJF: LocalPolicy = LocalPolicy::SJF;
const LJF: LocalPolicy = LocalPolicy::LJF;
const EASY_SJBF: LocalPolicy = LocalPolicy {
    order: Order::Submission,
    backfill: Backfill::Easy(Easy { scan: ScanOrder::ShortestFirst, ..Easy::PLAIN }),
};
/// Conservative, compressed in queue order.
const CONS: LocalPolicy = LocalPolicy {
    order: Order::Submission,
    backfill: Backfill::Conservative(Conservative { compression: Compression::QueueOrder, depth: None }),
};

/// All small schedules.
pub const SCHEDULE_CASES: [ScheduleCase; 7] = [
    ScheduleCase {
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
        starts: &[
            (FCFS, &[0, 100, 150, 150, 150, 150, 450, 470]),
            (SJF, &[0, 120, 170, 170, 170, 170, 100, 120]),
            (LJF, &[0, 202, 2, 100, 82, 5, 305, 252]),
            (EASY, &[0, 100, 2, 150, 150, 5, 305, 150]),
            (CONS, &[0, 100, 2, 150, 82, 150, 450, 150]),
        ],
    },
    ScheduleCase {
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
        starts: &[
            (FCFS, &[0, 40, 90, 90, 90, 90, 390, 410]),
            (SJF, &[0, 60, 110, 110, 110, 110, 40, 60]),
            (EASY, &[0, 40, 2, 90, 90, 5, 305, 22]),
            (CONS, &[0, 40, 2, 90, 22, 82, 382, 22]),
        ],
    },
    ScheduleCase {
        id: "S3",
        nodes: 100,
        jobs: &[[0, 70, 100, 100], [1, 80, 100, 100], [2, 90, 100, 100], [50, 20, 250, 250]],
        starts: &[(FCFS, &[0, 100, 200, 300]), (EASY, &[0, 100, 300, 50]), (CONS, &[0, 100, 200, 300])],
    },
    ScheduleCase {
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
        starts: &[
            (FCFS, &[0, 0, 100, 100, 100, 100]),
            (EASY, &[0, 0, 100, 2, 3, 60]),
            (CONS, &[0, 0, 100, 2, 3, 60]),
        ],
    },
    ScheduleCase {
        id: "S5",
        nodes: 4,
        jobs: &[[0, 4, 10, 10], [10, 2, 5, 5], [10, 4, 5, 5], [10, 2, 5, 5]],
        starts: &[(FCFS, &[0, 10, 15, 20]), (EASY, &[0, 10, 15, 10]), (CONS, &[0, 10, 15, 10])],
    },
    ScheduleCase {
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
        starts: &[
            (FCFS, &[0, 0, 100, 150, 150, 150]),
            (EASY, &[0, 0, 100, 20, 150, 150]),
            (EASY_SJBF, &[0, 0, 100, 150, 20, 50]),
            (CONS, &[0, 0, 100, 20, 150, 150]),
        ],
    },
    ScheduleCase {
        id: "S7",
        nodes: 10,
        jobs: &[[0, 6, 200, 50], [1, 6, 100, 100], [2, 6, 100, 100], [3, 4, 150, 150], [4, 4, 100, 100]],
        starts: &[
            (FCFS, &[0, 50, 150, 150, 250]),
            (EASY, &[0, 50, 150, 3, 153]),
            (CONS, &[0, 50, 150, 3, 153]),
        ],
    },
];
