//! The cells of a comparison: (candidate set, replication) pairs, each a pure function, gathered by index.

use super::case::{Case, Outcome, Setting};
use super::compared::Judgement;
use super::gather::{Gathering, RUNS_A_BLOCK};
use super::objectives::all_reached;
use super::runs::{Halt, Launcher, Runs, in_memory};
use super::summary::StudySummary;
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

/// Some replications of some sets, sorted by (set, replication).
fn all_of(sets: Range<usize>, replications: Range<u32>) -> Vec<(usize, u32)> {
    sets.flat_map(|set| replications.clone().map(move |replication| (set, replication))).collect()
}

/// The cells of these sets and replications by their outcomes.
fn cells(wanted: Vec<(usize, u32)>, outcomes: Vec<Outcome>) -> Vec<Cell> {
    wanted.into_iter().zip(outcomes).map(|(at, outcome)| cell(at, outcome)).collect()
}

/// Makes every replication of every set of `system`, and further ones of every set until all are as precise as `judgement`
/// asks; how many there are then. All sets have as many, so that they stay paired; how many does not depend on who runs them.
/// `more` is told how many runs are added.
///
/// Whoever stops when an interval happens to be narrow finds it a little too narrow: the first replications should be ten or
/// more (Law 2015, 9.4.1, finds coverages of 0.93 and more then).
///
/// # Errors
/// When runs can't be made.
pub fn replications_until_precise<L: Launcher + Sync>(
    system: &System,
    judgement: Judgement,
    runs: &Runs<'_, L>,
    more: impl Fn(usize),
) -> Result<u32, Halt> {
    let mut replications = system.observation.replications;
    let cases = cases_of(system);
    let plan = judgement.precision;
    let objectives = plan.map_or(&[][..], |_| judgement.objectives);
    // `[set][objective][replication]`
    let mut found = vec![vec![Vec::new(); objectives.len()]; cases.len()];
    let mut new = 0..replications;
    loop {
        let wanted = all_of(0..cases.len(), new.clone());
        let values = runs.each(&cases, &wanted, |case, outcome| -> Vec<f64> {
            objectives.iter().map(|objective| case.value(&objective.measure, &outcome)).collect()
        })?;
        for ((set, _), values) in wanted.into_iter().zip(values) {
            found[set].iter_mut().zip(values).for_each(|(all, value)| all.push(value));
        }
        let next = plan.and_then(|plan| plan.next(replications, all_reached(&found, plan)));
        let Some(next) = next else { return Ok(replications) };
        more(cases.len() * (next - replications) as usize);
        new = replications..next;
        replications = next;
    }
}

/// The summary of every replication of every set of `system`, which have been made, judged by `judgement`; `look` sees all
/// cells, some of a set at a time, sorted by (set, replication). Replication r of every set runs in the same random universe.
///
/// # Errors
/// When runs can't be made, or those of `look`.
pub fn gathered<L: Launcher + Sync, E: From<Halt>>(
    system: &System,
    judgement: Judgement,
    runs: &Runs<'_, L>,
    mut look: impl FnMut(&[Cell]) -> Result<(), E>,
) -> Result<StudySummary, E> {
    let (cases, replications) = (cases_of(system), system.observation.replications);
    let mut gathering = Gathering::new(system, judgement);
    let all = all_of(0..cases.len(), 0..replications);
    let mut blocks = all.chunk_by(|a, b| a.0 == b.0).flat_map(|set| set.chunks(RUNS_A_BLOCK)).peekable();
    let mut in_hand = Vec::new();
    while let Some(block) = blocks.next() {
        in_hand.extend_from_slice(block);
        // As many at once as keep the threads at work: sets of few replications together.
        if in_hand.len() >= RUNS_A_BLOCK || blocks.peek().is_none() {
            let wanted = std::mem::take(&mut in_hand);
            let outcomes = runs.again(&cases, &wanted, |_, outcome| outcome)?;
            for block in cells(wanted, outcomes).chunk_by(|a, b| a.set == b.set) {
                look(block)?;
                gathering.add(block);
            }
        }
    }
    Ok(gathering.summary())
}

/// Every replication of every set of `system`, sorted by (set, replication), all of them made now and kept nowhere.
pub fn run_cells(system: &System, launcher: &(impl Launcher + Sync)) -> Vec<Cell> {
    let cases = cases_of(system);
    let all = all_of(0..cases.len(), 0..system.observation.replications);
    let outcomes = in_memory(launcher, |runs| runs.each(&cases, &all, |_, outcome| outcome));
    cells(all, outcomes.expect("memory keeps every run"))
}

/// Runs one replication of one set.
pub fn run_cell(system: &System, set: usize, replication: u32) -> Cell {
    cell((set, replication), Case::of(system, set).run(replication))
}

fn cell((set, replication): (usize, u32), outcome: Outcome) -> Cell {
    Cell { set, replication, metrics: outcome.metrics, events: outcome.events }
}
