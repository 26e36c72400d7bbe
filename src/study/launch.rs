//! Running the cells of a study: (candidate set, replication) pairs, each a pure function, gathered by index.

use crate::bound::{FluidBound, routing_plan};
use crate::engine::Universe;
use crate::model::{BrokerPolicy, System};
use crate::simulation::{RunReport, simulate};
use crate::statistics::{Metric, RunMetrics, RunStatistics};
use crate::workload::Synthetic;
use std::borrow::Cow;

/// By how much of it a bound may be missed: far more than the rounding of sums of work, far less than any job.
const BOUND_ROUNDING: f64 = 1e-9;

/// Where the cells of a study run. The results come back in the order of the cells, whoever ran them.
pub trait Launcher {
    /// Calls `work` for each of `0..cells` and returns the results by index.
    fn launch<T: Send, F: Fn(usize) -> T + Send + Sync>(&self, cells: usize, work: F) -> Vec<T>;
}

/// One run of one candidate set.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The set, by its place in the scenario.
    pub set: usize,
    /// The replication, from 0.
    pub replication: u32,
    /// What was measured.
    pub metrics: RunMetrics,
    /// What the run says of itself.
    pub report: RunReport,
}

/// Runs every replication of the first `sets` sets of `system`, sorted by (set, replication). Replication r of every set
/// runs in the same random universe.
pub fn run_cells(system: &System, sets: usize, launcher: &impl Launcher) -> Vec<Cell> {
    let replications = system.observation.replications as usize;
    let planned: Vec<Cow<'_, System>> = (0..sets).map(|set| planned(system, set)).collect();
    launcher.launch(sets * replications, |index| {
        let set = index / replications;
        run_planned(&planned[set], set, (index % replications) as u32)
    })
}

/// Runs one replication of one set.
pub fn run_cell(system: &System, set: usize, replication: u32) -> Cell {
    run_planned(&planned(system, set), set, replication)
}

/// The system as it is run with one of its sets: with what that changes, and where jobs are routed by a plan, with its own.
pub fn planned(system: &System, set: usize) -> Cow<'_, System> {
    let chosen = &system.sets[set];
    let own = match chosen.variant.as_deref() {
        None => Cow::Borrowed(system),
        Some(variant) => Cow::Owned(System { sets: system.sets.clone(), ..variant.clone() }),
    };
    let BrokerPolicy::Fluid { .. } = own.broker else { return own };
    let plan = Some(routing_plan(&own, chosen));
    Cow::Owned(System { broker: BrokerPolicy::Fluid { plan }, ..own.into_owned() })
}

fn run_planned(system: &System, set: usize, replication: u32) -> Cell {
    let universe = Universe::new(system.observation.seed, replication);
    let mut statistics = RunStatistics::new(system, &system.sets[set]);
    let workload = Synthetic::new(system, universe);
    let mut bound = FluidBound::new(system, &system.sets[set]);
    let report = simulate(system, &system.sets[set], universe, workload, (&mut statistics, &mut bound));
    let mut metrics = statistics.finish();
    note_bound(&mut metrics, bound.bound_h());
    Cell { set, replication, metrics, report }
}

/// Adds the bound to the metrics of a run. Panics if the run did more: then work was made from nothing.
fn note_bound(metrics: &mut RunMetrics, bound_h: f64) {
    let done_h = metrics.network.get(Metric::DoneH);
    assert!(
        done_h <= bound_h * (1.0 + BOUND_ROUNDING),
        "no policy beats the bound: {done_h} h over {bound_h} h"
    );
    metrics.network.set(Metric::BoundH, bound_h);
    metrics.network.set(Metric::DoneOfBound, done_h / bound_h);
}
