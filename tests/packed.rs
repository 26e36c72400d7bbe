//! Jobs that share nodes: schedules worked out by hand, and a plain form of the rules on lists of nodes.

use crate::one_machine::{Asked, Listed, Seen, check, system};
use pleiade::engine::Universe;
use pleiade::model::{AllocationUnit, Backfill, LocalPolicy, Order, System};
use pleiade::simulation::simulate;
use proptest::prelude::*;

/// A machine of such nodes, whose accelerators are packed.
fn shared_nodes(policy: LocalPolicy, nodes: u32, each: u32) -> System {
    let mut system = system(policy);
    for partition in &mut system.partitions {
        partition.unit = AllocationUnit::Packed;
        (partition.nodes, partition.accelerators_per_node, partition.max_nodes_per_job) =
            (nodes, each, nodes);
    }
    system
}

const FIRST_FIT: LocalPolicy = LocalPolicy { order: Order::Submission, backfill: Backfill::FirstFit };

#[test]
fn small_jobs_keep_whole_nodes_free() {
    // Two nodes of four: 1 and 2 lie on one, so the job of four finds the other; the last would fit if they did not.
    let system = shared_nodes(LocalPolicy::FCFS, 2, 4);
    let normal = [[0, 1, 50, 50], [0, 2, 50, 50], [0, 4, 20, 20], [1, 1, 9, 9], [2, 2, 9, 9]];
    check(&system, &normal, &[], [&[0, 0, 0, 1, 20], &[]]);
}

#[test]
fn a_wide_job_waits_for_its_node_and_is_not_starved() {
    // Three of each node are taken, until 40 and 60. Two accelerators are free on two nodes: a job of two waits.
    let taken = [[0, 3, 40, 40], [0, 3, 60, 60]];
    let wide = [10, 2, 30, 30];
    let small = [[11, 1, 29, 29], [12, 1, 29, 29]];
    let normal = [taken[0], taken[1], wide, small[0], small[1]];
    check(&shared_nodes(LocalPolicy::FCFS, 2, 4), &normal, &[], [&[0, 0, 40, 40, 40], &[]]);
    // Under EASY it is promised 40: the first of the small ends by then, the second does not.
    let seen = check(&shared_nodes(LocalPolicy::EASY, 2, 4), &normal, &[], [&[0, 0, 40, 11, 40], &[]]);
    assert_eq!(seen.causes(0, 2), [0, 30, 0, 0], "for capacity: two are free, on two nodes");
    check(&shared_nodes(FIRST_FIT, 2, 4), &normal, &[], [&[0, 0, 40, 11, 12], &[]]);
}

/// A job that runs in the plain form: its end, its requested end, and what it holds of which nodes.
type Held = (u64, u64, Vec<(usize, u64)>);

/// What a job gets of the nodes by the rule, or nothing: whole nodes first, then the fullest node that has the rest.
fn place(free: &[u64], each: u64, accelerators: u64) -> Option<Vec<(usize, u64)>> {
    let (mut left, mut taken) = (free.to_vec(), Vec::new());
    let mut wanted = accelerators;
    while wanted > each {
        let node = left.iter().position(|&free| free == each)?;
        left[node] = 0;
        taken.push((node, each));
        wanted -= each;
    }
    let fitting = left.iter().enumerate().filter(|(_, free)| **free >= wanted);
    let (node, _) = fitting.min_by_key(|&(node, &free)| (free, node))?;
    taken.push((node, wanted));
    Some(taken)
}

/// The starts by the rules, second by second.
fn plain(jobs: &[Asked], policy: LocalPolicy, nodes: usize, each: u64) -> Vec<u64> {
    let mut starts = vec![u64::MAX; jobs.len()];
    let mut running: Vec<Held> = Vec::new();
    for now in 0.. {
        running.retain(|(end, ..)| *end > now);
        while let Some((job, taken)) = next(jobs, &starts, &running, policy, now, nodes, each) {
            let [_, _, requested, run] = jobs[job];
            starts[job] = now;
            running.push((now + run.min(requested), now + requested, taken));
        }
        if starts.iter().all(|&start| start < u64::MAX) {
            return starts;
        }
    }
    unreachable!("every job starts")
}

fn free_of(running: &[Held], nodes: usize, each: u64) -> Vec<u64> {
    let mut free = vec![each; nodes];
    for (node, taken) in running.iter().flat_map(|(.., taken)| taken) {
        free[*node] -= taken;
    }
    free
}

/// The next job to start, with what it gets.
fn next(
    jobs: &[Asked],
    starts: &[u64],
    running: &[Held],
    policy: LocalPolicy,
    now: u64,
    nodes: usize,
    each: u64,
) -> Option<(usize, Vec<(usize, u64)>)> {
    let waiting = |&job: &usize| starts[job] == u64::MAX && jobs[job][0] <= now;
    let mut queue = (0..jobs.len()).filter(waiting);
    let free = free_of(running, nodes, each);
    let head = queue.next()?;
    if let Some(taken) = place(&free, each, jobs[head][1]) {
        return Some((head, taken));
    }
    let until = match policy.backfill {
        Backfill::None => return None,
        Backfill::FirstFit => u64::MAX,
        _ => {
            let mut ends: Vec<u64> = running.iter().map(|(_, expected, _)| *expected).collect();
            ends.sort_unstable();
            let fits = |end: &u64| {
                let later: Vec<Held> =
                    running.iter().filter(|(_, expected, _)| expected > end).cloned().collect();
                place(&free_of(&later, nodes, each), each, jobs[head][1]).is_some()
            };
            ends.into_iter().find(fits).unwrap()
        }
    };
    queue.find_map(|job| {
        let ends_in_time = now.saturating_add(jobs[job][2]) <= until;
        Some((job, place(&free, each, jobs[job][1]).filter(|_| ends_in_time)?))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn equals_the_plain_form(
        drawn in prop::collection::vec((0_u64..4, 1_u64..13, 1_u64..12, 1_u64..12), 1..25),
        policy in prop_oneof![Just(LocalPolicy::FCFS), Just(FIRST_FIT), Just(LocalPolicy::EASY)],
        (nodes, each) in (1_u32..5, 1_u32..6),
    ) {
        let mut now = 0;
        let submitted = drawn.into_iter().map(|(gap, accelerators, requested, run)| {
            now += gap;
            [now, accelerators.min(u64::from(nodes * each)), requested, run]
        });
        let jobs: Vec<Asked> = submitted.collect();
        let system = shared_nodes(policy, nodes, each);
        let mut seen = Seen::default();
        simulate(&system, &system.sets[0], Universe::new(0, 0), Listed::new(&jobs, &[]), &mut seen);
        let found: Vec<u64> = (0..jobs.len()).map(|job| seen.times(0, job as u64)[0].unwrap()).collect();
        prop_assert_eq!(found, plain(&jobs, policy, nodes as usize, each.into()));
    }
}
