//! Local policies on a million jobs at four loads: jobs a second, and the time over that of a bare EASY loop.
//!
//! The case is that of `one_partition.rs`, with the jobs drawn beforehand. The minimum is the loop of `bare_easy.rs` at
//! load 0.9, for all loads: at a load above 1 that loop scans the whole backlog at every end, and its time says nothing.
//! The last line of each policy has twice as many jobs at load 1.3, and so twice the backlog: a policy whose time grows
//! with it shows there.

use crate::one_partition::{bare_loop_of_recorded, recorded, simulator_of_recorded, system_under, universe};
use crate::rounds;
use pleiade::model::{
    Backfill, Compression, Conservative, Cycle, Decay, Easy, LocalPolicy, Multifactor, Order, ScanOrder,
    SizeFavour, System,
};
use pleiade::records::{JobRow, LinkRow, Sink};
use pleiade::simulation::simulate;
use pleiade::units::{Span, Time};
use pleiade::workload::{Estimates, Trace, TraceJob};
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
        for (load, jobs) in LOADS.map(|load| (load, jobs)).into_iter().chain([(LOADS[3], 2 * jobs)]) {
            let system = system_under(policy, load);
            let recorded = recorded(&system, jobs);
            let (a_job, bare) = measure(&system, &recorded, &at_09);
            println!(
                "{name}, load {load}, {jobs} jobs, backlog {}: {:.2} million jobs a second, {:.0} ns a job, ratio to \
                 the bare EASY loop at load 0.9 {:.2}",
                backlog(&system, recorded),
                1e-6 / a_job,
                a_job * 1e9,
                a_job / bare
            );
        }
    }
}

/// Seconds a job of the policy, and of the bare loop by turns with it.
fn measure(system: &System, jobs: &[TraceJob], at_09: &[TraceJob]) -> (f64, f64) {
    let rounds = if rounds::is_smoke() { 1 } else { 3 };
    let mut copies = vec![jobs.to_vec(); rounds];
    let mut work = || simulator_of_recorded(system, copies.pop().expect("a copy for each round"));
    let (seconds, bare) =
        rounds::medians(rounds, 1, &mut work, &mut || bare_loop_of_recorded(black_box(at_09)));
    (seconds / jobs.len() as f64, bare / at_09.len() as f64)
}

/// How many of the recorded jobs still wait when the last one has come.
fn backlog(system: &System, jobs: Vec<TraceJob>) -> usize {
    let last = jobs.iter().map(|job| job.submit_s).max().map_or(Time::ZERO, Time::from_seconds);
    let mut late = LateStarts { after: last, jobs: 0 };
    let workload = Trace::new(jobs, Estimates::Requested);
    simulate(system, &system.sets[0], universe(), workload, &mut late);
    late.jobs
}

/// Counts the jobs that start after an instant.
struct LateStarts {
    after: Time,
    jobs: usize,
}

impl Sink for LateStarts {
    fn job(&mut self, row: &JobRow) {
        self.jobs += usize::from(row.start.is_some_and(|start| start > self.after));
    }

    fn link(&mut self, _: &LinkRow) {}
}
