//! What real partitions have, on schedules worked out by hand: tiers, limits, calendars, preemption.

use crate::one_machine::{Asked, Seen, check, jobs_of, preempting, run, second, system};
use pleiade::model::{
    Backfill, BrokerPolicy, CalendarBlock, Cycle, HeldLimit, LocalPolicy, Order, PartitionId, PreemptionMode,
};
use pleiade::records::{Outcome, Rejection};
use pleiade::units::Time;

const CYCLE: LocalPolicy =
    LocalPolicy { order: Order::Submission, backfill: Backfill::Cycle(Cycle::DEFAULT) };

#[test]
fn a_higher_tier_goes_first_and_interrupts_nobody() {
    let system = system(LocalPolicy::FCFS);
    check(
        &system,
        &[[0, 10, 50, 50], [1, 6, 10, 10], [2, 6, 10, 10]],
        &[[3, 6, 20, 20]],
        [&[0, 70, 80], &[50]],
    );
}

#[test]
fn a_limit_passes_over_and_blocks_nobody() {
    for policy in [LocalPolicy::EASY, CYCLE] {
        let mut system = system(policy);
        system.partitions[PartitionId(0)].limits = vec![HeldLimit::of_nodes(jobs_of(0), 6)];
        // The second job of community 0 exceeds its 6 nodes and lets the third, which does not, and the other community by.
        let normal = [[0, 4, 100, 100], [1, 4, 50, 50], [2, 2, 30, 30]];
        check(&system, &normal, &[[3, 4, 10, 10]], [&[0, 100, 2], &[3]]);
    }
}

#[test]
fn a_partition_drains_before_maintenance() {
    for policy in [LocalPolicy::FCFS, LocalPolicy::EASY, CYCLE] {
        let mut system = system(policy);
        let block = |from, to, nodes| CalendarBlock {
            from: Time::from_seconds(from),
            to: Time::from_seconds(to),
            nodes,
            least_nodes: 0,
        };
        system.partitions[PartitionId(0)].calendar = vec![block(100, 200, 10), block(300, 400, 4)];
        // The first ends just in time, the second would not; the third waits behind it under FCFS, and for a cycle.
        let third = if policy == LocalPolicy::EASY { 61 } else { 200 };
        let normal =
            [[50, 2, 50, 50], [60, 2, 41, 41], [61, 2, 30, 30], [200, 6, 150, 150], [201, 6, 100, 100]];
        check(&system, &normal, &[], [&[50, 200, third, 200, 350], &[]]);
    }
}

#[test]
fn a_day_for_large_jobs_keeps_small_ones_away() {
    let mut system = system(LocalPolicy::EASY);
    system.partitions[PartitionId(0)].calendar = vec![CalendarBlock {
        from: Time::from_seconds(100),
        to: Time::from_seconds(200),
        nodes: 0,
        least_nodes: 8,
    }];
    let normal = [[90, 2, 20, 20], [95, 8, 50, 50], [96, 3, 4, 4], [150, 9, 10, 10]];
    check(&system, &normal, &[], [&[200, 95, 145 + 55, 150], &[]]);
}

/// Two jobs run from 0 and 10; at 55 an urgent one needs what the younger holds.
const VICTIMS: [Asked; 2] = [[0, 5, 200, 100], [10, 5, 200, 100]];
const URGENT: [Asked; 1] = [[55, 4, 30, 30]];

#[track_caller]
fn check_preempted(
    mode: PreemptionMode,
    urgent_start: u64,
    segment: (u64, u64),
    last_start: Option<u64>,
    end: u64,
) {
    let (seen, _) = run(&preempting(mode, 0), &VICTIMS, &URGENT);
    assert_eq!(seen.times(0, 0)[2], Some(100), "the older runs on");
    assert_eq!(seen.times(1, 0)[0], Some(urgent_start));
    let restarted =
        last_start.filter(|&ready| ready == urgent_start + 33).map(|ready| (0, ready - 3, ready, 3));
    let rows: Vec<_> = [(0, 10, segment.0, segment.1)].into_iter().chain(restarted).collect();
    assert_eq!(seen.segments, rows);
    assert_eq!(seen.times(0, 1), [Some(10), last_start, Some(end)]);
}

#[test]
fn the_younger_is_pushed_out_in_four_ways() {
    // It has done 45 s. Cancelled, all are lost.
    check_preempted(PreemptionMode::Cancel, 55, (55, 45), None, 55);
    // Its last checkpoint was after 40 s: 60 s are left, and 3 s to restart, from when the urgent one has ended.
    check_preempted(PreemptionMode::Requeue, 55, (55, 5), Some(88), 88 + 60);
    // Suspended, 55 s are left.
    check_preempted(PreemptionMode::Suspend, 55, (55, 0), Some(85), 85 + 55);
    // It writes a checkpoint for 5 s, then goes; 55 s and the restart are left.
    check_preempted(PreemptionMode::CheckpointThenRequeue, 60, (60, 5), Some(93), 93 + 55);
}

#[test]
fn the_exempt_time_protects() {
    let (seen, report) = run(&preempting(PreemptionMode::Cancel, 46), &VICTIMS, &URGENT);
    // The older has run 55 s and goes; the younger has not run its 46 s yet.
    assert_eq!((seen.jobs[&(0, 0)].outcome, seen.times(0, 1)[2]), (Outcome::Preempted, Some(110)));
    assert_eq!((report.checks.preempted, seen.times(1, 0)[0]), (1, Some(55)));
    let (seen, _) = run(&preempting(PreemptionMode::Cancel, 60), &VICTIMS, &URGENT);
    // The older has run its 60 s at 60.
    assert_eq!((seen.times(1, 0)[0], seen.times(0, 0)[2]), (Some(60), Some(60)));
}

#[test]
fn waits_are_split_by_cause() {
    let mut system = system(LocalPolicy::EASY);
    // Ten nodes until 100; then the second needs all ten, and the third would delay it.
    let plain = [[0, 6, 100, 100], [1, 10, 50, 50], [2, 4, 200, 10], [3, 5, 10, 10]];
    let (seen, _) = run(&system, &plain, &[]);
    assert_eq!(seen.causes(0, 1), [0, 99, 0, 0]);
    // Four are free until 100, but it would run into the reservation; from 100 to 150 nothing is free.
    assert_eq!(seen.causes(0, 2), [0, 50, 0, 98]);
    assert_eq!(seen.causes(0, 3), [0, 147, 0, 0]);

    system.partitions[PartitionId(0)].limits = vec![HeldLimit::of_nodes(jobs_of(0), 6)];
    let (seen, _) = run(&system, &[[0, 6, 100, 100], [1, 2, 50, 50]], &[[2, 4, 150, 150]]);
    assert_eq!((seen.times(0, 1)[0], seen.causes(0, 1)), (Some(100), [99, 0, 0, 0]));

    // Maintenance from 100 to 200: the first is too long from 51 on, the second needs more than is free until 90.
    system.partitions[PartitionId(0)].limits = Vec::new();
    system.partitions[PartitionId(0)].calendar = vec![CalendarBlock {
        from: Time::from_seconds(100),
        to: Time::from_seconds(200),
        nodes: 10,
        least_nodes: 0,
    }];
    let (seen, _) = run(&system, &[[0, 4, 90, 90], [10, 3, 150, 10], [20, 9, 50, 10]], &[]);
    assert_eq!((seen.times(0, 1)[0], seen.causes(0, 1)), (Some(200), [0, 0, 190, 0]));
    // Until 90 six are free of nine; then it is the maintenance.
    assert_eq!((seen.times(0, 2)[0], seen.causes(0, 2)), (Some(210), [0, 80, 110, 0]));
}

#[test]
fn predictions_see_tiers_and_pass_over_who_is_held_back() {
    let mut system = system(LocalPolicy::EASY);
    system.broker = BrokerPolicy::LeastCompletion;
    // All is taken until 100 and two jobs wait for 50 s each: an urgent one goes before them.
    let normal = [[0, 10, 100, 100], [1, 10, 50, 50], [2, 10, 50, 50]];
    let predicted =
        |seen: &Seen, community: u32, job: u64| seen.jobs[&(community, job)].predicted.map(second);
    let (seen, _) = run(&system, &normal, &[[5, 10, 10, 10]]);
    assert_eq!([0, 1, 2].map(|job| predicted(&seen, 0, job)), [Some(0), Some(100), Some(150)]);
    assert_eq!((predicted(&seen, 1, 0), seen.times(1, 0)[0]), (Some(100), Some(100)));
    // Of six nodes that its community may hold the first has four: the second holds nobody up.
    system.partitions[PartitionId(0)].limits = vec![HeldLimit::of_nodes(jobs_of(0), 6)];
    let (seen, _) = run(&system, &[[0, 4, 100, 100], [1, 6, 50, 50], [2, 2, 20, 20], [3, 2, 9, 9]], &[]);
    assert_eq!((predicted(&seen, 0, 2), seen.times(0, 2)[0]), (Some(2), Some(2)));
}

#[test]
fn who_is_pushed_out_and_turned_away_leaves_nothing_to_the_next() {
    let mut system = preempting(PreemptionMode::Requeue, 0);
    // Nobody may wait: the first is turned away when it is pushed out. One of the last two takes its place in the books.
    system.partitions[PartitionId(0)].max_queued = Some(0);
    let normal = [[0, 10, 100, 100], [50, 5, 20, 20], [50, 5, 20, 20]];
    let seen = check(&system, &normal, &[[10, 10, 30, 30]], [&[0, 50, 50], &[10]]);
    assert_eq!(seen.jobs[&(0, 0)].outcome, Outcome::Rejected(Rejection::QueueFull));
    assert_eq!([1, 2].map(|job| seen.times(0, job)), [[Some(50), Some(50), Some(70)]; 2]);
}
