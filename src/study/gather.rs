//! What a summary needs of the runs of a study, gathered block by block: sums for the estimates of wide tables, and of each
//! run the few numbers in which sets are compared. So memory does not grow by all that was measured in a run.

use super::compared::{Judgement, all_compared};
use super::controls;
use super::launch::Cell;
use super::spread;
use super::summarise::summarise_set;
use super::summary::SetSummary;
use crate::model::System;
use crate::statistics::{DailyWaits, Estimate, Measure, Moments, RunMetrics};
use std::cell::RefCell;

/// Runs of a set are added up in blocks of so many: the last bits of what comes of more depend on it.
pub(super) const RUNS_A_BLOCK: usize = 1_000;

/// The runs of a study as far as they have come in.
pub struct Gathering<'a> {
    pub(super) system: &'a System,
    pub(super) judgement: Judgement<'a>,
    measures: Vec<Measure>,
    pub(super) sets: Vec<SetRuns>,
}

/// The runs of one set as far as they have come in.
pub(super) struct SetRuns {
    /// The set, by its place in the scenario.
    pub(super) set: usize,
    /// A value a run of each measure.
    columns: Vec<(Measure, Vec<f64>)>,
    /// One a run; none where no steady state is asked for.
    pub(super) daily_waits: Vec<DailyWaits>,
    sums: Sums,
    /// Of all blocks so far, once there is one.
    pub(super) summary: Option<SetSummary>,
}

impl<'a> Gathering<'a> {
    /// Nothing yet, of the sets of `system`, which are judged by `judgement`.
    pub fn new(system: &'a System, judgement: Judgement<'a>) -> Self {
        let mut measures: Vec<Measure> = Vec::new();
        let compared = all_compared(system, judgement.objectives).into_iter().map(|one| one.measure);
        for measure in compared.chain(spread::measures(judgement)).chain(controls::measures(system)) {
            if !measures.contains(&measure) {
                measures.push(measure);
            }
        }
        Self { system, judgement, measures, sets: Vec::new() }
    }

    /// Adds runs of one set, which follow on those of the same set that were added before. Blocks of the same runs give
    /// the same bits.
    pub fn add(&mut self, runs: &[Cell]) {
        let Some(first) = runs.first() else { return };
        let place = self.sets.iter().position(|one| one.set == first.set).unwrap_or_else(|| {
            self.sets.push(SetRuns::new(first.set, &self.measures));
            self.sets.len() - 1
        });
        let own = &mut self.sets[place];
        own.summary = Some(summarise_set(self.system, &Block { runs, sums: &own.sums }));
        own.sums.rewind();
        for (measure, values) in &mut own.columns {
            values.extend(runs.iter().map(|run| run.value(self.system, measure)));
        }
        own.daily_waits.extend(runs.iter().filter_map(|run| run.metrics.daily_waits.clone()));
    }
}

impl SetRuns {
    fn new(set: usize, measures: &[Measure]) -> Self {
        let columns = measures.iter().map(|measure| (*measure, Vec::new())).collect();
        Self { set, columns, daily_waits: Vec::new(), sums: Sums::default(), summary: None }
    }

    /// The value of a measure in each run, in the order of replications.
    pub(super) fn values(&self, measure: &Measure) -> &[f64] {
        let column = self.columns.iter().find(|(gathered, _)| gathered == measure);
        &column.expect("what sets are judged by is gathered").1
    }

    /// The estimate of a measure.
    pub(super) fn estimate(&self, measure: &Measure) -> Estimate {
        Estimate::of(self.values(measure).iter().copied())
    }

    /// The id of the set.
    pub(super) fn id(&self, system: &System) -> String {
        system.sets[self.set].id.clone()
    }
}

/// Runs of one set that came in together, after others of the same set.
pub(super) struct Block<'a> {
    runs: &'a [Cell],
    sums: &'a Sums,
}

impl Block<'_> {
    /// The set, by its place in the scenario.
    pub(super) fn set(&self) -> usize {
        self.runs[0].set
    }

    /// What was measured in the first of the runs.
    pub(super) fn first(&self) -> &RunMetrics {
        &self.runs[0].metrics
    }

    /// The estimate of one value of each run, of these and all that came in before. A block has to ask for the same values in
    /// the same order as those before it: by its place in that order a sum is found.
    pub(super) fn over(&self, value: impl Fn(&RunMetrics) -> f64) -> Estimate {
        self.sums.add(&Moments::of(self.runs.iter().map(|run| value(&run.metrics)))).estimate()
    }

    /// The same of a value that some runs may not have.
    pub(super) fn over_some(&self, value: impl Fn(&RunMetrics) -> Option<f64>) -> Estimate {
        self.over(|run| value(run).unwrap_or(f64::NAN))
    }
}

/// Sums over the blocks of a set, in the order in which a block asks for them.
#[derive(Default)]
struct Sums(RefCell<(Vec<Moments>, usize)>);

impl Sums {
    /// Adds a block to the sum that is next in order.
    fn add(&self, block: &Moments) -> Moments {
        let (sums, next) = &mut *self.0.borrow_mut();
        if *next == sums.len() {
            sums.push(Moments::default());
        }
        sums[*next] = sums[*next].and(block);
        *next += 1;
        sums[*next - 1]
    }

    /// The end of a block.
    fn rewind(&self) {
        let (sums, next) = &mut *self.0.borrow_mut();
        assert_eq!(*next, sums.len(), "every block of a set asks for the same sums");
        *next = 0;
    }
}
