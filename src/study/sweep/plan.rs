//! The runs of a sweep: points x sets x replications, some points at a time, so that memory does not grow with them.

use crate::bound::greatest_load;
use crate::model::{System, broker_in_words};
use crate::statistics::Objective;
use crate::statistics::sensitivity::Design;
use crate::study::{Case, Launcher, Runs, Setting};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::sync::Arc;

/// About so many runs are in hand at once: enough that no thread waits for the last of them long.
const RUNS_IN_HAND: usize = 256;

/// An axis of a sweep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SweepAxis {
    /// Its id.
    pub id: String,
    /// Its name in tables and plots.
    pub name: String,
    /// The unit of its numbers, empty for plain ones; none where its values are not all numbers of one unit.
    pub unit: Option<String>,
    /// Whether equal steps are equal ratios.
    pub is_logarithmic: bool,
    /// Whether its numbers multiply what the scenario says.
    pub is_factor: bool,
    /// How many values it takes in the product.
    pub values: u32,
}

/// An axis at one point.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct AxisPlace {
    /// From 0 to 1; none where the scenario is as it is.
    pub place: Option<f64>,
    /// The value as a number, where it is one.
    pub number: Option<f64>,
    /// The value in words.
    pub text: String,
}

/// What is run.
#[derive(Debug, Clone)]
pub struct SweepPlan<'a> {
    /// The design that the points come from.
    pub design: Design,
    /// What is varied.
    pub axes: Vec<SweepAxis>,
    /// `[point][axis]`, in the order of the design.
    pub points: Vec<Vec<AxisPlace>>,
    /// The sets, by their places in the system.
    pub sets: Vec<usize>,
    /// Runs of each set at each point.
    pub replications: u32,
    /// What is looked at.
    pub objectives: &'a [Objective],
}

/// What the runs gave.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepValues {
    /// `[point][set][objective][replication]`; no number where there is none.
    pub values: Vec<Vec<Vec<Vec<f64>>>>,
    /// `[point][set]`: the greatest load of [`greatest_load`], for a curve.
    pub loads: Vec<Vec<Option<f64>>>,
    /// The brokers of the points, in words.
    pub brokers: BTreeSet<String>,
}

impl SweepPlan<'_> {
    /// How many runs it takes.
    pub fn runs(&self) -> usize {
        self.points.len() * self.sets.len() * self.replications as usize
    }

    /// Whether its points lie on one axis of numbers.
    pub fn is_curve(&self) -> bool {
        self.design == Design::Product && self.axes.len() == 1 && self.axes[0].unit.is_some()
    }
}

/// Makes all runs of a plan; `at` gives the system at a point. Replication r of every set at every point runs in the same
/// random universe.
///
/// # Errors
/// That of the first point whose system can't be made; runs of earlier points have been made by then.
pub fn sweep<L: Launcher + Sync, E>(
    plan: &SweepPlan,
    runs: &Runs<'_, L>,
    at: impl Fn(usize) -> Result<System, E>,
) -> Result<SweepValues, E> {
    let mut found = SweepValues { values: Vec::new(), loads: Vec::new(), brokers: BTreeSet::new() };
    let of_point = (plan.sets.len() * plan.replications as usize).max(1);
    let in_hand = (RUNS_IN_HAND / of_point).clamp(1, 64);
    let points: Vec<usize> = (0..plan.points.len()).collect();
    for points in points.chunks(in_hand) {
        let mut cases = Vec::new();
        for &point in points {
            let setting = Setting::new(Arc::new(at(point)?));
            found.brokers.insert(broker_in_words(setting.system()));
            cases.extend(plan.sets.iter().map(|&set| setting.case(&setting.system().sets[set])));
        }
        run(plan, runs, &cases, &mut found);
    }
    Ok(found)
}

/// Runs the cases of some points, one a point and set.
fn run<L: Launcher + Sync>(plan: &SweepPlan, runs: &Runs<'_, L>, cases: &[Case], found: &mut SweepValues) {
    let replications = 0..plan.replications;
    let wanted: Vec<(usize, u32)> =
        (0..cases.len()).flat_map(|case| replications.clone().map(move |one| (case, one))).collect();
    let outcomes = runs.each(cases, &wanted, |case, outcome| -> Vec<f64> {
        plan.objectives.iter().map(|objective| case.value(&objective.measure, &outcome)).collect()
    });
    let of_case = |outcomes: &[Vec<f64>]| -> Vec<Vec<f64>> {
        let of_objective = |index: usize| outcomes.iter().map(|values| values[index]).collect();
        (0..plan.objectives.len()).map(of_objective).collect()
    };
    let mut by_case = outcomes.chunks(plan.replications as usize).map(of_case);
    for cases in cases.chunks(plan.sets.len()) {
        found.values.push(by_case.by_ref().take(cases.len()).collect());
        let load = |case: &Case| plan.is_curve().then(|| greatest_load(case.system(), case.set()));
        found.loads.push(cases.iter().map(load).collect());
    }
}
