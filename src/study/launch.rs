//! The cells of a comparison: (candidate set, replication) pairs, each a pure function, gathered by index.

use super::case::{Case, Outcome, Setting};
use super::compared::Judgement;
use super::objectives::all_reached;
use super::runs::{Halt, Launcher, Runs, in_memory};
use crate::model::System;
use crate::statistics::{Measure, RunMetrics};
use std::ops::Range;
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

impl Cell {
    /// The value of a measure in this run of a set of `system`.
    pub(super) fn value(&self, system: &System, measure: &Measure) -> f64 {
        let set = &system.sets[self.set];
        measure.of(system.under(set), set, &self.metrics)
    }
}

/// The cases of all sets of `system`, in order.
fn cases_of(system: &System) -> Vec<Case> {
    let setting = Setting::new(Arc::new(system.clone()));
    system.sets.iter().map(|set| setting.case(set)).collect()
}

/// Some replications of every case, sorted by (set, replication). Replication r of every set runs in the same random universe.
fn cells_of<L: Launcher + Sync>(
    cases: &[Case],
    replications: Range<u32>,
    runs: &Runs<'_, L>,
) -> Result<Vec<Cell>, Halt> {
    let wanted: Vec<(usize, u32)> = (0..cases.len())
        .flat_map(|set| replications.clone().map(move |replication| (set, replication)))
        .collect();
    let outcomes = runs.each(cases, &wanted, |_, outcome| outcome)?;
    Ok(wanted.into_iter().zip(outcomes).map(|(at, outcome)| cell(at, outcome)).collect())
}

/// Every replication of every set of `system`, sorted by (set, replication), and further ones of every set until all are as precise as `judgement` asks, and how many there are of
/// each. All sets have as many, so that they stay paired; how many does not depend on who runs them, and the results are those
/// of so many asked for at once. `more` is told how many runs are added.
///
/// Whoever stops when an interval happens to be narrow finds it a little too narrow: the first replications should be ten or
/// more (Law 2015, 9.4.1, finds coverages of 0.93 and more then).
///
/// # Errors
/// When runs can't be made.
pub fn cells_until_precise<L: Launcher + Sync>(
    system: &System,
    judgement: Judgement,
    runs: &Runs<'_, L>,
    more: impl Fn(usize),
) -> Result<(Vec<Cell>, u32), Halt> {
    let cases = cases_of(system);
    let mut replications = system.observation.replications;
    let mut found = cells_of(&cases, 0..replications, runs)?;
    let Some(plan) = judgement.precision else { return Ok((found, replications)) };
    loop {
        let all_reached = all_reached(system, &found, judgement.objectives, plan);
        let Some(next) = plan.next(replications, all_reached) else { return Ok((found, replications)) };
        more(cases.len() * (next - replications) as usize);
        found.extend(cells_of(&cases, replications..next, runs)?);
        found.sort_by_key(|cell| (cell.set, cell.replication));
        replications = next;
    }
}

/// Every replication of every set of `system`, sorted by (set, replication), all of them made now and kept nowhere.
pub fn run_cells(system: &System, launcher: &(impl Launcher + Sync)) -> Vec<Cell> {
    let (cases, replications) = (cases_of(system), 0..system.observation.replications);
    let cells = in_memory(launcher, |runs| cells_of(&cases, replications, runs));
    cells.expect("memory keeps every run")
}

/// Runs one replication of one set.
pub fn run_cell(system: &System, set: usize, replication: u32) -> Cell {
    cell((set, replication), Case::of(system, set).run(replication))
}

fn cell((set, replication): (usize, u32), outcome: Outcome) -> Cell {
    Cell { set, replication, metrics: outcome.metrics, events: outcome.events }
}
