//! Local policies on a million jobs at four loads: jobs a second, and the time over that of a bare EASY loop.
//!
//! The case is that of `one_partition.rs`, with the jobs drawn beforehand. The minimum is the loop of `bare_easy.rs` at
//! load 0.9, for all loads: at a load above 1 that loop scans a backlog of 10^5 jobs at every end, and its time says
//! nothing. A second line for each policy at load 1.3 gives the time a job for half as many jobs: a policy whose time
//! grows with the backlog shows there.
#![expect(clippy::disallowed_types, reason = "a bench reads the wall clock")]

mod bare_easy;
mod one_partition;
mod rounds;

use one_partition::{bare_loop_of_recorded, recorded, simulator_of_recorded, system_under};
use pleiade::model::{
    Backfill, Compression, Conservative, Cycle, Decay, Easy, LocalPolicy, Multifactor, Order, ScanOrder,
    SizeFavour,
};
use pleiade::units::Span;
use std::hint::black_box;
use std::time::Instant;

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

fn main() {
    let jobs = if rounds::is_smoke() { 20_000 } else { JOBS };
    let at_09 = recorded(&system_under(LocalPolicy::EASY, 0.9), jobs);
    let bare = seconds(|| bare_loop_of_recorded(black_box(&at_09))) / jobs as f64;
    println!("bare EASY loop at load 0.9: {:.0} ns a job", bare * 1e9);
    let chosen: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    let is_chosen =
        |name: &str| chosen.is_empty() || chosen.iter().any(|word| name.starts_with(word.as_str()));
    for (name, policy) in policies().into_iter().filter(|(name, _)| is_chosen(name)) {
        for load in LOADS {
            let a_job = measure(policy, load, jobs);
            println!(
                "{name}, load {load}: {:.2} million jobs a second, {:.0} ns a job, ratio to the bare loop {:.2}",
                1e-6 / a_job,
                a_job * 1e9,
                a_job / bare
            );
        }
        let half = measure(policy, 1.3, jobs / 2);
        println!("{name}, load 1.3, half as many jobs: {:.0} ns a job", half * 1e9);
    }
}

/// Seconds a job.
fn measure(policy: LocalPolicy, load: f64, jobs: u64) -> f64 {
    let system = system_under(policy, load);
    let mut copies = vec![recorded(&system, jobs); if rounds::is_smoke() { 1 } else { 3 }];
    seconds(|| simulator_of_recorded(&system, copies.pop().expect("a copy for each round"))) / jobs as f64
}

/// The median of three rounds.
fn seconds<T>(mut work: impl FnMut() -> T) -> f64 {
    let rounds = if rounds::is_smoke() { 1 } else { 3 };
    let time = |_| {
        let begin = Instant::now();
        black_box(work());
        begin.elapsed().as_secs_f64()
    };
    let mut times: Vec<f64> = (0..rounds).map(time).collect();
    times.sort_unstable_by(f64::total_cmp);
    times[times.len() / 2]
}
