//! Whose the nodes are, for how long and how often, on schedules worked out by hand: quotas with borrowing and reclaim,
//! budgets, grace, chains of segments.

use crate::one_machine::{Asked, check, class, jobs_of, preempting, run, system};
use pleiade::model::{
    Budget, CalendarBlock, Checkpoint, EventOrder, JobClass, LocalPolicy, PartitionId, PreemptionMode, Quota,
    System,
};
use pleiade::records::Outcome;
use pleiade::units::{AcceleratorTime, Span, Time};

const OWNER: PartitionId = PartitionId(0);

/// Four nodes are those of community 0 and six those of community 1, in one tier; all may be borrowed.
fn share_out(mut system: System) -> System {
    let quota = |community, nodes| Quota { askers: jobs_of(community), nodes, borrow: 10, lend: nodes };
    system.partitions[OWNER].quotas = vec![quota(0, 4), quota(1, 6)];
    system.partitions[PartitionId(1)].tier = 0;
    system
}

/// Community 0 holds all ten nodes, six of them borrowed, when community 1 asks for four of its own.
const BORROWERS: [Asked; 2] = [[0, 5, 100, 100], [0, 5, 100, 100]];
const OWNER_COMES: [Asked; 1] = [[20, 4, 30, 30]];

#[test]
fn idle_nodes_are_borrowed_and_taken_back() {
    let system = share_out(preempting(PreemptionMode::Requeue, 0));
    let seen = check(&system, &BORROWERS, &OWNER_COMES, [&[0, 0], &[20]]);
    // The second borrower goes: its last checkpoint was at 20. It restarts for 3 s when the owner has ended.
    assert_eq!(seen.segments, [(0, 0, 20, 0), (0, 50, 53, 3)]);
    assert_eq!([seen.times(0, 0)[2], seen.times(0, 1)[2]], [Some(100), Some(53 + 80)]);
}

#[test]
fn who_is_asked_for_a_checkpoint_makes_way_for_the_owner_alone() {
    let system = share_out(preempting(PreemptionMode::CheckpointThenRequeue, 0));
    // The third job of community 0 would fit what comes free at 25, but that was taken back for the owner; at 55 the second goes on.
    let normal = [BORROWERS[0], BORROWERS[1], [21, 3, 10, 10]];
    let seen = check(&system, &normal, &OWNER_COMES, [&[0, 0, 100], &[25]]);
    assert_eq!(seen.segments[0], (0, 0, 25, 5));
}

#[test]
fn without_preemption_the_owner_waits_for_its_own() {
    let seen = check(&share_out(system(LocalPolicy::EASY)), &BORROWERS, &OWNER_COMES, [&[0, 0], &[100]]);
    assert_eq!(seen.causes(1, 0), [0, 80, 0, 0], "for capacity: no limit holds it");
}

#[test]
fn no_more_is_borrowed_than_both_sides_allow() {
    // Beyond its own four, community 0 may hold one more, or the two that community 1 lends.
    for (borrow, lend, second) in [(1, 6, 100), (10, 2, 100), (10, 6, 0)] {
        let mut system = share_out(system(LocalPolicy::EASY));
        let quotas = &mut system.partitions[OWNER].quotas;
        (quotas[0].borrow, quotas[1].lend) = (borrow, lend);
        check(&system, &BORROWERS, &[], [&[0, second], &[]]);
    }
}

#[test]
fn a_budget_is_used_up_and_renewed() {
    let mut system = system(LocalPolicy::EASY);
    let amount = AcceleratorTime::of(100, Span::from_seconds(1));
    let period = Span::from_seconds(100);
    system.partitions[OWNER].budgets = vec![Budget { askers: jobs_of(0), amount, period }];
    // 100 accelerator-seconds are used up at 20 of the first period, and of the second by the fourth job at 150.
    let normal = [[0, 5, 40, 40], [19, 1, 1, 1], [20, 1, 10, 10], [100, 2, 100, 100], [140, 1, 5, 5]];
    let seen = check(&system, &normal, &[[30, 5, 5, 5]], [&[0, 19, 100, 100, 140], &[30]]);
    assert_eq!(seen.causes(0, 2), [80, 0, 0, 0]);
    let normal = [[0, 1, 200, 200], [150, 9, 10, 10], [151, 1, 5, 5]];
    let seen = check(&system, &normal, &[], [&[0, 150, 200], &[]]);
    assert_eq!(seen.causes(0, 2), [45, 4, 0, 0], "used up at 155: the limit counts before the capacity");
}

#[test]
fn a_grace_is_not_planned_with() {
    let mut system = system(LocalPolicy::EASY);
    system.partitions[OWNER].grace = Span::from_seconds(10);
    // The second is promised 50 and starts at 58; the third may start beside it, but would not end by 50.
    let normal = [[0, 6, 50, 58], [1, 8, 10, 30], [2, 4, 49, 49]];
    let seen = check(&system, &normal, &[], [&[0, 58, 78], &[]]);
    let outcomes = [0, 1].map(|job| seen.jobs[&(0, job)].outcome);
    assert_eq!(outcomes, [Outcome::Completed, Outcome::Killed]);
    assert_eq!(seen.times(0, 1)[2], Some(78), "killed at its request and the grace");
}

fn chain(segment: u64) -> System {
    let seconds = Span::from_seconds;
    let checkpoint = Checkpoint { interval: seconds(20), cost: seconds(5), restart: seconds(3) };
    let mut system = system(LocalPolicy::EASY);
    let job = JobClass { checkpoint: Some(checkpoint), segment: Some(seconds(segment)), ..class() };
    system.classes = [job].into_iter().collect();
    system
}

#[test]
fn a_chain_joins_the_end_of_the_queue_again_and_again() {
    // 45 s of 100 are done by 50, 42 more in the second segment, 13 in the third.
    let (seen, report) = run(&chain(50), &[[0, 10, 110, 100]], &[]);
    assert_eq!(seen.segments, [(0, 0, 50, 5), (0, 50, 100, 8), (0, 100, 103, 3)]);
    assert_eq!((seen.times(0, 0), report.checks.completed), ([Some(0), Some(103), Some(116)], 1));
    // Who came meanwhile goes first.
    let (seen, _) = run(&chain(50), &[[0, 10, 110, 100], [10, 10, 20, 20]], &[]);
    assert_eq!(seen.times(0, 1)[0], Some(50));
    assert_eq!(seen.segments[1], (0, 70, 120, 8));
}

#[test]
fn a_chain_ends_at_what_it_requested() {
    // Of 60 s that it requested 45 are used up at 50 and 15 more at 68, with 3 to restart.
    let (seen, report) = run(&chain(50), &[[0, 10, 60, 90]], &[]);
    assert_eq!((seen.times(0, 0)[2], report.checks.killed), (Some(68), 1));
    // A partition that allows less cuts it shorter; one that allows too little for a segment takes it whole or not at all.
    let mut system = chain(50);
    system.partitions[OWNER].max_requested = Span::from_seconds(30);
    let (seen, _) = run(&system, &[[0, 10, 60, 60]], &[]);
    assert_eq!(seen.segments, [(0, 0, 30, 5), (0, 30, 60, 8), (0, 60, 63, 3)]);
    assert_eq!(seen.times(0, 0)[2], Some(63 + 60 - 25 - 22));
}

#[test]
fn nobody_is_pushed_out_in_vain_before_a_block_of_the_calendar() {
    let mut system = share_out(preempting(PreemptionMode::Requeue, 0));
    let owner = &mut system.partitions[OWNER];
    owner.calendar = vec![CalendarBlock {
        from: Time::from_seconds(100),
        to: Time::from_seconds(110),
        nodes: 5,
        least_nodes: 0,
    }];
    // Four and five nodes of community 0 are held, five of them borrowed until 95; from 100 on five are withdrawn.
    let normal = [[0, 4, 200, 200], [0, 5, 95, 95]];
    // What the owner asks for at 10 fits beside the four until 100 and makes the borrower go; what it asks for at 50 does
    // not, whoever goes.
    check(&system, &normal, &[[10, 5, 90, 20]], [&[0, 0], &[10]]);
    let seen = check(&system, &normal, &[[50, 5, 60, 60]], [&[0, 0], &[110]]);
    assert!(seen.segments.is_empty());
}

#[test]
fn with_submissions_first_nobody_starts_on_the_nodes_of_who_is_in_its_grace() {
    let mut system = system(LocalPolicy::EASY);
    system.event_order = EventOrder::SubmissionsFirst;
    system.partitions[OWNER].grace = Span::from_seconds(10);
    check(&system, &[[0, 10, 10, 18], [12, 10, 5, 5]], &[], [&[0, 18], &[]]);
}
