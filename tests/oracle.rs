//! Published schedules, start by start.

use crate::shared;
use pleiade::model::{Backfill, Compression, Conservative, Easy, EventOrder, LocalPolicy, Order, ScanOrder};
use pleiade::study::{Replay, ReplayOptions, replay};
use pleiade::workload::{Estimates, TraceJob, read_swf};

/// Starts by job in the order of a published schedule: SWF with the simulated wait in column 3.
fn published(relative: &str) -> Option<Vec<(u64, u64)>> {
    let text = shared::text(relative)?;
    let row = |line: &str| {
        let columns: Vec<i64> = line.split_ascii_whitespace().map(|c| c.parse().unwrap()).collect();
        (columns[0] as u64, (columns[1] + columns[2]) as u64)
    };
    Some(text.lines().filter(|line| !line.starts_with(';') && !line.is_empty()).map(row).collect())
}

const EASY_SJBF: LocalPolicy = LocalPolicy {
    order: Order::Submission,
    backfill: Backfill::Easy(Easy { scan: ScanOrder::ShortestFirst, ..Easy::PLAIN }),
};

const fn conservative(compression: Compression) -> LocalPolicy {
    let backfill = Backfill::Conservative(Conservative { compression, depth: None });
    LocalPolicy { order: Order::Submission, backfill }
}

fn replay_log(trace: &str, nodes: u32, policy: LocalPolicy, estimates: Estimates) -> Option<Replay> {
    let log = read_swf(shared::text(trace)?.as_bytes(), nodes, estimates).unwrap();
    let event_order = EventOrder::SubmissionsFirst;
    Some(replay(log.jobs, ReplayOptions { nodes, policy, estimates, event_order }))
}

#[track_caller]
fn check_published(
    (trace, nodes): (&str, u32),
    policy: LocalPolicy,
    estimates: Estimates,
    schedule: &str,
    jobs: usize,
) {
    let (Some(replay), Some(mut expected)) = (
        replay_log(&format!("traces/{trace}"), nodes, policy, estimates),
        published(&format!("schedules/{schedule}")),
    ) else {
        return;
    };
    let mut starts: Vec<(u64, u64)> = replay.schedule.iter().map(|job| (job.job, job.start)).collect();
    starts.sort_unstable();
    expected.sort_unstable();
    assert_eq!(starts.len(), jobs);
    let equal = starts.iter().zip(&expected).filter(|(ours, theirs)| ours == theirs).count();
    println!("{schedule}: {equal} of {jobs} starts in the published second");
    assert_eq!(equal, jobs);
}

const KTH_SP2: (&str, u32) = ("KTH-SP2-1996-2.swf.gz", 100);
const CTC_SP2: (&str, u32) = ("CTC-SP2.reconstructed.swf.gz", 338);

#[test]
fn kth_sp2() {
    let check = |policy, estimates, schedule| check_published(KTH_SP2, policy, estimates, schedule, 28_481);
    check(LocalPolicy::EASY, Estimates::Requested, "KTH-SP2.easy-reqtime.swf.gz");
    check(LocalPolicy::EASY, Estimates::Exact, "KTH-SP2.easy-clairvoyant.swf.gz");
    check(EASY_SJBF, Estimates::Exact, "KTH-SP2.easy-sjbf-clairvoyant.swf.gz");
}

#[test]
fn ctc_sp2() {
    let check = |policy, estimates, schedule| check_published(CTC_SP2, policy, estimates, schedule, 77_199);
    check(LocalPolicy::EASY, Estimates::Requested, "CTC-SP2.easy-reqtime.swf.gz");
    check(LocalPolicy::EASY, Estimates::Exact, "CTC-SP2.easy-clairvoyant.swf.gz");
    check(EASY_SJBF, Estimates::Exact, "CTC-SP2.easy-sjbf-clairvoyant.swf.gz");
}

/// The twenty small traces full of ties: job, submit, run, processors, requested; and the starts by policy.
#[test]
fn small_tie_heavy_traces() {
    for index in 0..20 {
        let Some(trace) = shared::text(&format!("cases/small/s{index:02}.trace.csv")) else { return };
        let starts = shared::text(&format!("cases/small/s{index:02}.starts.csv")).unwrap();
        let number = |text: &str| text.parse::<u64>().unwrap();
        let jobs: Vec<TraceJob> = trace
            .lines()
            .skip(1)
            .map(|line| line.split(',').map(number).collect::<Vec<_>>())
            .map(|c| TraceJob {
                number: c[0],
                submit_s: c[1],
                run_s: c[2],
                processors: c[3] as u32,
                requested_s: c[4],
            })
            .collect();
        let nodes = number(starts.lines().next().unwrap().trim_start_matches("# P=")) as u32;
        let header: Vec<&str> = starts.lines().nth(1).unwrap().split(',').collect();
        for (column, policy, event_order) in [
            ("fcfs", LocalPolicy::FCFS, EventOrder::EndsFirst),
            ("easy", LocalPolicy::EASY, EventOrder::EndsFirst),
            ("cons", conservative(Compression::ReservationOrder), EventOrder::EndsFirst),
            ("cons-queue", conservative(Compression::QueueOrder), EventOrder::EndsFirst),
            ("cons-rebuild", conservative(Compression::Replan), EventOrder::EndsFirst),
            ("easy-pyss", LocalPolicy::EASY, EventOrder::SubmissionsFirst),
            ("cons-pyss", conservative(Compression::QueueOrderEachEnd), EventOrder::SubmissionsFirst),
        ] {
            let place = header.iter().position(|&name| name == column).unwrap();
            let expected: Vec<(u64, u64)> = starts
                .lines()
                .skip(2)
                .map(|line| line.split(',').map(number).collect::<Vec<_>>())
                .map(|c| (c[0], c[place]))
                .collect();
            let options = ReplayOptions { nodes, policy, estimates: Estimates::Requested, event_order };
            let mut ours: Vec<_> =
                replay(jobs.clone(), options).schedule.iter().map(|job| (job.job, job.start)).collect();
            ours.sort_unstable();
            assert_eq!(ours, expected, "trace {index}, {column}");
        }
    }
}
