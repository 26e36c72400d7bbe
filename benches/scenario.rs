//! The shipped scenario of November 2024 over one year: one replication of its first set, with statistics and the fluid
//! bound; and the price of the bound by itself.
//!
//! The minimum is drawing the same jobs and doing nothing with them: what no simulator of this demand can go below.

mod price_of_bound;
mod rounds;

use criterion::{Criterion, SamplingMode, Throughput};
use pleiade::engine::Universe;
use pleiade::model::{StreamId, System};
use pleiade::scenario::{self, LoadError, Loader, Override};
use pleiade::statistics::Metric;
use pleiade::study::run_cell;
use pleiade::workload::{Synthetic, Workload};
use std::hint::black_box;

fn main() {
    let system = one_year();
    let (run, jobs) = (run_cell(&system, 0, 0), drawn(&system));
    let counted = run.metrics.network.get(Metric::Jobs) as u64;
    assert!(
        counted < jobs && counted > jobs / 2,
        "the run counts {counted} jobs after the warm-up, of {jobs}"
    );
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("open-demand");
    group.sample_size(10).sampling_mode(SamplingMode::Flat).throughput(Throughput::Elements(jobs));
    group.bench_function("one_year", |b| b.iter(|| run_cell(black_box(&system), 0, 0)));
    group.bench_function("drawing", |b| b.iter(|| drawn(black_box(&system))));
    group.finish();
    price_of_bound::measure(&mut criterion, &system);
    criterion.final_summary();
    let (seconds, _) = rounds::print_ratio(
        ("open_demand_one_year", "drawing"),
        1,
        || run_cell(&system, 0, 0),
        || drawn(&system),
    );
    println!(
        "open_demand_one_year: {jobs} jobs, {} events, {:.0} thousand jobs a second",
        run.events,
        jobs as f64 / seconds / 1e3
    );
    price_of_bound::print(&system);
}

/// The sites of November 2024 with the jobs of the catalog that come without projects, so that they can be drawn alone.
fn one_year() -> System {
    let until = Override("observation.end=2026-01-01".to_owned());
    scenario::load(OPEN_DEMAND, &Files, &[until]).expect("the shipped scenario loads").system
}

/// How many jobs come within the observation.
fn drawn(system: &System) -> u64 {
    let mut demand = Synthetic::new(system, Universe::new(system.observation.seed, 0));
    let mut jobs = 0;
    for stream in 0..demand.streams() as u32 {
        while let Some(submission) = demand.next(StreamId(stream)) {
            if black_box(submission).at >= system.observation.end {
                break;
            }
            jobs += 1;
        }
    }
    jobs
}

/// Stands beside the shipped scenarios; holds what november-2024.toml holds, but for its demand.
const OPEN_DEMAND: &str = "scenarios/open-demand.toml";

/// The files of this package.
struct Files;

impl Loader for Files {
    fn read(&self, path: &str) -> Result<Vec<u8>, LoadError> {
        let path = if path == OPEN_DEMAND { "scenarios/november-2024.toml" } else { path };
        let file = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
        let content = std::fs::read(file).map_err(|_| LoadError::NotFound(path.to_owned()))?;
        let text = String::from_utf8(content).map_err(|_| LoadError::NotFound(path.to_owned()))?;
        Ok(text.replace("catalog/demand-projects.toml", "catalog/demand.toml").into_bytes())
    }
}
