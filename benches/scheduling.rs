//! EASY on a million jobs: the whole simulator against a bare loop of about a hundred lines (`bare_easy.rs`).
//!
//! Both get exactly the same jobs and must give the same start to every one. The case is that of `one_partition.rs`,
//! once with the jobs drawn beforehand and once drawn as they are asked for, in both. Then all policies at four loads
//! (`policies.rs`). How to get the instructions a job
//! stands in `one_run.rs`.

mod bare_easy;
mod one_partition;
mod policies;
mod rounds;

use criterion::{BatchSize, Criterion, SamplingMode, Throughput};
use one_partition::{
    bare_loop_of_drawn, bare_loop_of_recorded, drawn, recorded, simulator, simulator_of_recorded, universe,
};
use pleiade::model::System;
use pleiade::simulation::simulate;
use pleiade::statistics::RunStatistics;
use pleiade::workload::TraceJob;
use std::hint::black_box;

const JOBS: u64 = 1_000_000;
const LOADS: [f64; 2] = [0.85, 0.9];

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    for load in LOADS {
        let system = one_partition::system(load);
        let jobs = recorded(&system, JOBS);
        println!("load {load}, {JOBS} jobs on 1,024 nodes:");
        // The same starts, job by job: this is the check that makes the times comparable.
        assert_eq!(simulator_of_recorded(&system, jobs.clone()), bare_loop_of_recorded(&jobs));
        assert_eq!(simulator(&system, drawn(&system, JOBS)), bare_loop_of_drawn(&system, JOBS));
        measure(&mut criterion, load, &system, &jobs);
        print_ratios(&system, &jobs);
    }
    policies::print();
    criterion.final_summary();
}

fn measure(criterion: &mut Criterion, load: f64, system: &System, jobs: &[TraceJob]) {
    let mut group = criterion.benchmark_group(format!("easy_{load}"));
    group.sample_size(10).sampling_mode(SamplingMode::Flat).throughput(Throughput::Elements(JOBS));
    group.bench_function("simulator", |bencher| {
        bencher.iter_batched(
            || jobs.to_vec(),
            |jobs| simulator_of_recorded(system, jobs),
            BatchSize::PerIteration,
        );
    });
    group.bench_function("bare_loop", |bencher| bencher.iter(|| bare_loop_of_recorded(black_box(jobs))));
    group.finish();
}

fn print_ratios(system: &System, jobs: &[TraceJob]) {
    // The simulator takes the jobs as its own, so the copies are made before the clock runs.
    let mut copies: Vec<Vec<TraceJob>> = vec![jobs.to_vec(); if rounds::is_smoke() { 1 } else { 9 }];
    let (seconds, _) = rounds::print_ratio(
        ("easy_simulator", "bare_loop"),
        1,
        || simulator_of_recorded(system, copies.pop().expect("a copy for each round")),
        || bare_loop_of_recorded(black_box(jobs)),
    );
    println!("easy_simulator: {:.2} million jobs a second", JOBS as f64 / seconds / 1e6);
    rounds::print_ratio(
        ("easy_simulator_drawing", "bare_loop_drawing"),
        1,
        || simulator(system, drawn(system, JOBS)),
        || bare_loop_of_drawn(system, JOBS),
    );
    let (seconds, _) = rounds::print_ratio(
        ("easy_simulator_drawing_with_statistics", "bare_loop_drawing"),
        1,
        || {
            let set = &system.sets[0];
            let mut statistics = RunStatistics::new(system, set);
            simulate(system, set, universe(), drawn(system, JOBS), &mut statistics);
            statistics
        },
        || bare_loop_of_drawn(system, JOBS),
    );
    println!(
        "easy_simulator_drawing_with_statistics: {:.2} million jobs a second",
        JOBS as f64 / seconds / 1e6
    );
}
