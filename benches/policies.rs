//! Local policies on a million jobs at four loads: jobs a second, and the time over that of a bare EASY loop.
//!
//! The case is that of `one_partition.rs`, with the jobs drawn beforehand. The minimum is the loop of `bare_easy.rs` at
//! load 0.9, for all loads: at a load above 1 that loop scans a backlog of 10^5 jobs at every end, and its time says
//! nothing. The last line of each policy gives the time a job for half as many jobs at load 1.3: a policy whose time grows
//! with the backlog shows there.

use crate::one_partition::{bare_loop_of_recorded, recorded, simulator_of_recorded, system_under};
use crate::rounds;
use pleiade::model::{
    Backfill, Compression, Conservative, Cycle, Decay, Easy, LocalPolicy, Multifactor, Order, ScanOrder,
    SizeFavour,
};
use pleiade::units::Span;
use pleiade::workload::TraceJob;
use std::hint::black_box;

const JOBS: u64 = 1_000_000;
const LOADS: [f64; 4] = [0.7, 0.9, 1.1, 1.3];

fn policies() -> [(&'static str, LocalPolicy); 5] {
    let backfill = |backfill| LocalPolicy { order: Order::Submission, backfill };
    let day = Span::from_seconds(86_400);
    let weights = Multifactor {
        age_weight: 1_000.0,
        max_age: Span(7 * day.0),
        size_weight: 1_000.0,
        size_favour: SizeFavour::Large,
        fair_share_weight: 10_000.0,
        qos_weight: 2_000.0,
    };
    let decay = Decay { half_life: Some(Span(7 * day.0)), period: Span::from_seconds(300) };
    let conservative = Conservative { compression: Compression::QueueOrder, depth: Some(100) };
    [
        ("fcfs", LocalPolicy::FCFS),
        ("easy", LocalPolicy::EASY),
        ("easy-sjbf", backfill(Backfill::Easy(Easy { scan: ScanOrder::ShortestFirst, ..Easy::PLAIN }))),
        ("conservative, depth 100", backfill(Backfill::Conservative(conservative))),
        (
            "slurm-like",
            LocalPolicy {
                order: Order::Multifactor(weights, decay),
                backfill: Backfill::Cycle(Cycle::DEFAULT),
            },
        ),
    ]
}

/// Prints the figures of all policies.
pub(crate) fn print() {
    let jobs = if rounds::is_smoke() { 20_000 } else { JOBS };
    let at_09 = recorded(&system_under(LocalPolicy::EASY, 0.9), jobs);
    for (name, policy) in policies() {
        for (load, jobs) in LOADS.map(|load| (load, jobs)).into_iter().chain([(LOADS[3], jobs / 2)]) {
            let (a_job, bare) = measure(policy, load, jobs, &at_09);
            println!(
                "{name}, load {load}, {jobs} jobs: {:.2} million jobs a second, {:.0} ns a job, ratio to the bare \
                 EASY loop at load 0.9 {:.2}",
                1e-6 / a_job,
                a_job * 1e9,
                a_job / bare
            );
        }
    }
}

/// Seconds a job of the policy, and of the bare loop by turns with it.
fn measure(policy: LocalPolicy, load: f64, jobs: u64, at_09: &[TraceJob]) -> (f64, f64) {
    let rounds = if rounds::is_smoke() { 1 } else { 3 };
    let system = system_under(policy, load);
    let mut copies = vec![recorded(&system, jobs); rounds];
    let mut work = || simulator_of_recorded(&system, copies.pop().expect("a copy for each round"));
    let (seconds, bare) =
        rounds::medians(rounds, 1, &mut work, &mut || bare_loop_of_recorded(black_box(at_09)));
    (seconds / jobs as f64, bare / at_09.len() as f64)
}
