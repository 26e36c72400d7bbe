//! One run of the case of `one_partition.rs` at load 0.85 by itself, for tools that look at a whole process.
//!
//! ```text
//! cargo bench --bench one_run --no-run          # prints where the program lies; PROGRAM below
//! PROGRAM WAY JOBS                              # WAY: draw, recorded, loop, drawn, drawn-loop, statistics
//! ```
//!
//! - `draw`: draws the jobs and does nothing with them, the part to subtract from `recorded` and `loop`;
//! - `recorded`, `loop`: the simulator and the bare loop on the jobs drawn beforehand;
//! - `drawn`, `drawn-loop`: both on jobs drawn as they are asked for;
//! - `statistics`: as `drawn`, with the statistics of a study as the sink.
//!
//! Instructions a job, for the million: `valgrind --tool=callgrind --callgrind-out-file=/dev/null PROGRAM recorded
//! 1000000`, the same with `loop` and `draw`; from the `Collected` of the first two subtract that of the third.
//!
//! Memory does not grow with finished jobs: `/usr/bin/time -v PROGRAM statistics 100000`, then `10000000`, and compare
//! `Maximum resident set size`. Without arguments every way runs once, on a few jobs.

mod bare_easy;
mod one_partition;

use one_partition::{
    bare_loop_of_drawn, bare_loop_of_recorded, drawn, recorded, simulator, simulator_of_recorded, universe,
};
use pleiade::simulation::simulate;
use pleiade::statistics::RunStatistics;
use std::hint::black_box;
use std::process::ExitCode;

const WAYS: [&str; 6] = ["draw", "recorded", "loop", "drawn", "drawn-loop", "statistics"];

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    match &arguments[..] {
        [] => WAYS.into_iter().for_each(|way| run(way, 1_000)),
        [way, jobs] if WAYS.contains(&way.as_str()) => match jobs.parse() {
            Ok(jobs) => run(way, jobs),
            Err(_) => return usage(),
        },
        _ => return usage(),
    }
    ExitCode::SUCCESS
}

fn usage() -> ExitCode {
    eprintln!("expected one of {} and a number of jobs", WAYS.join(", "));
    ExitCode::from(2)
}

fn run(way: &str, jobs: u64) {
    let system = one_partition::system(0.85);
    match way {
        "draw" => println!("{way}: {} jobs", black_box(recorded(&system, jobs)).len()),
        "recorded" => {
            println!("{way}: {:?}", simulator_of_recorded(&system, recorded(&system, jobs)));
        }
        "loop" => println!("{way}: {:?}", bare_loop_of_recorded(&recorded(&system, jobs))),
        "drawn" => println!("{way}: {:?}", simulator(&system, drawn(&system, jobs))),
        "drawn-loop" => println!("{way}: {:?}", bare_loop_of_drawn(&system, jobs)),
        _ => {
            let set = &system.sets[0];
            let mut statistics = RunStatistics::new(&system, set);
            let report = simulate(&system, set, universe(), drawn(&system, jobs), &mut statistics);
            let utilisation = report.checks.held_by_clock as f64 / report.ended.0 as f64 / 1_024.0;
            println!(
                "{way}: {} jobs, utilisation {utilisation:.3}, {:?}",
                report.checks.submitted,
                statistics.finish().network
            );
        }
    }
}
