//! The cells of a comparison: (candidate set, replication) pairs, each a pure function, gathered by index.

use super::case::{Case, Outcome, Setting};
use super::runs::{Launcher, NoStore, Runs};
use crate::model::System;
use crate::statistics::RunMetrics;
use std::sync::Arc;

/// One run of one candidate set.
#[derive(Debug, Clone, PartialEq)]
pub struct Cell {
    /// The set, by its place in the scenario.
    pub set: usize,
    /// The replication, from 0.
    pub replication: u32,
    /// What was measured.
    pub metrics: RunMetrics,
    /// Events handled.
    pub events: u64,
}

/// The cases of all sets of `system`, in order.
pub fn cases_of(system: &System) -> Vec<Case> {
    let setting = Setting::new(Arc::new(system.clone()));
    system.sets.iter().map(|set| setting.case(set)).collect()
}

/// Every replication of every set of `system`, sorted by (set, replication). Replication r of every set runs in the same
/// random universe.
pub fn cells<L: Launcher + Sync>(system: &System, runs: &Runs<'_, L>) -> Vec<Cell> {
    let cases = cases_of(system);
    let replications = 0..system.observation.replications;
    let wanted: Vec<(usize, u32)> = (0..cases.len())
        .flat_map(|set| replications.clone().map(move |replication| (set, replication)))
        .collect();
    let outcomes = runs.each(&cases, &wanted, |_, outcome| outcome);
    wanted.into_iter().zip(outcomes).map(|(at, outcome)| cell(at, outcome)).collect()
}

/// The same, all of them made now and kept nowhere.
pub fn run_cells(system: &System, launcher: &(impl Launcher + Sync)) -> Vec<Cell> {
    cells(system, &Runs::new(launcher, &NoStore))
}

/// Runs one replication of one set.
pub fn run_cell(system: &System, set: usize, replication: u32) -> Cell {
    cell((set, replication), Case::of(system, set).run(replication))
}

fn cell((set, replication): (usize, u32), outcome: Outcome) -> Cell {
    Cell { set, replication, metrics: outcome.metrics, events: outcome.events }
}
