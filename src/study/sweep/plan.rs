//! The runs of a sweep: points x sets x replications, some points at a time, so that memory does not grow with them.

use crate::bound::greatest_load;
use crate::model::{System, broker_in_words};
use crate::statistics::Objective;
use crate::statistics::sensitivity::Design;
use crate::study::{Case, FutureWeight, Halt, Launcher, Place, Recipe, Runs, Setting, Wanted};
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
    /// The futures over which each point is the mean, with weights that add up to 1; none where the scenario is swept as it
    /// stands.
    pub futures: Vec<FutureWeight>,
    /// What is looked at.
    pub objectives: &'a [Objective],
}

/// What the runs gave.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepValues {
    /// `[point][set][objective][replication]`, the mean over the futures; no number where there is none.
    pub values: Vec<Vec<Vec<Vec<f64>>>>,
    /// `[point][set]`: the greatest load of [`greatest_load`] in any future, for a curve.
    pub loads: Vec<Vec<Option<f64>>>,
    /// The brokers of the points, in words.
    pub brokers: BTreeSet<String>,
}

impl SweepPlan<'_> {
    /// How many runs it takes.
    pub fn runs(&self) -> usize {
        self.points.len() * self.weights().len() * self.sets.len() * self.replications as usize
    }

    /// The weights of what each point is the mean over.
    fn weights(&self) -> Vec<f64> {
        match &self.futures[..] {
            [] => vec![1.0],
            futures => futures.iter().map(|future| future.weight).collect(),
        }
    }

    /// Whether its points lie on one axis of numbers.
    pub fn is_curve(&self) -> bool {
        self.design == Design::Product && self.axes.len() == 1 && self.axes[0].unit.is_some()
    }
}

/// Makes all runs of a plan; `at` gives the system at a point in a future, 0 where there are none. Replication r of every set at
/// every point, in every future, runs in the same random universe.
///
/// # Errors
/// That of the first point whose system can't be made, or when runs can't be; runs of earlier points have been made by then.
pub fn sweep<L: Launcher + Sync, E: From<Halt>>(
    plan: &SweepPlan,
    runs: &Runs<'_, L>,
    at: impl Fn(usize, usize) -> Result<System, E>,
) -> Result<SweepValues, E> {
    let mut found = SweepValues { values: Vec::new(), loads: Vec::new(), brokers: BTreeSet::new() };
    let weights = plan.weights();
    let of_point = (weights.len() * plan.sets.len() * plan.replications as usize).max(1);
    let in_hand = (RUNS_IN_HAND / of_point).clamp(1, 64);
    let cases_at = |point: usize| -> Result<Vec<Case>, E> {
        let mut cases = Vec::new();
        for future in 0..weights.len() {
            let setting = Setting::at(Place::Point(point, future), Arc::new(at(point, future)?));
            cases.extend(plan.sets.iter().map(|&set| setting.case(&setting.system().sets[set])));
        }
        Ok(cases)
    };
    tell_of_all(plan, runs, cases_at)?;
    let points: Vec<usize> = (0..plan.points.len()).collect();
    for points in points.chunks(in_hand) {
        let cases: Vec<Vec<Case>> = points.iter().map(|&point| cases_at(point)).collect::<Result<_, E>>()?;
        let cases = cases.concat();
        found.brokers.extend(cases.iter().map(|case| broker_in_words(case.system())));
        run((plan, &weights), runs, &cases, &mut found)?;
    }
    Ok(found)
}

/// Tells of all runs before the first ones are asked for: an engine that wants to know makes them without a stop.
fn tell_of_all<L: Launcher + Sync, E: From<Halt>>(
    plan: &SweepPlan,
    runs: &Runs<'_, L>,
    cases_at: impl Fn(usize) -> Result<Vec<Case>, E>,
) -> Result<(), E> {
    let mut wrong = None;
    let mut wanted = (0..plan.points.len())
        .map_while(|point| cases_at(point).map_err(|error| wrong = Some(error)).ok())
        .flatten()
        .map(|case| Wanted { recipe: Recipe::of(&case), replications: 0..plan.replications });
    let told = runs.ahead(&mut wanted);
    drop(wanted);
    wrong.map_or(Ok(()), Err)?;
    Ok(told?)
}

/// Runs the cases of some points, one a point, future and set.
fn run<L: Launcher + Sync>(
    (plan, weights): (&SweepPlan, &[f64]),
    runs: &Runs<'_, L>,
    cases: &[Case],
    found: &mut SweepValues,
) -> Result<(), Halt> {
    let replications = 0..plan.replications;
    let wanted: Vec<(usize, u32)> =
        (0..cases.len()).flat_map(|case| replications.clone().map(move |one| (case, one))).collect();
    let outcomes = runs.each(cases, &wanted, |case, outcome| -> Vec<f64> {
        plan.objectives.iter().map(|objective| case.value(&objective.measure, &outcome)).collect()
    })?;
    let of_case = |outcomes: &[Vec<f64>]| -> Vec<Vec<f64>> {
        let of_objective = |index: usize| outcomes.iter().map(|values| values[index]).collect();
        (0..plan.objectives.len()).map(of_objective).collect()
    };
    let by_case: Vec<Vec<Vec<f64>>> = outcomes.chunks(plan.replications as usize).map(of_case).collect();
    let sets = plan.sets.len();
    for (cases, values) in cases.chunks(weights.len() * sets).zip(by_case.chunks(weights.len() * sets)) {
        let futures = |set: usize| values.iter().skip(set).step_by(sets);
        found.values.push((0..sets).map(|set| mean_over(weights, futures(set))).collect());
        let load = |set: usize| {
            let loads = cases.iter().skip(set).step_by(sets);
            loads.map(|case| greatest_load(case.system(), case.set())).reduce(f64::max)
        };
        found.loads.push((0..sets).map(|set| plan.is_curve().then(|| load(set)).flatten()).collect());
    }
    Ok(())
}

/// `[objective][replication]`: the mean over the futures by their weights. One alone stays as it is, to the last bit.
fn mean_over<'v>(weights: &[f64], futures: impl Iterator<Item = &'v Vec<Vec<f64>>>) -> Vec<Vec<f64>> {
    let weighted = weights.iter().zip(futures).map(|(weight, values)| {
        let times = |values: &Vec<f64>| values.iter().map(|value| weight * value).collect();
        values.iter().map(times).collect::<Vec<Vec<f64>>>()
    });
    let sum = |mut sums: Vec<Vec<f64>>, values: Vec<Vec<f64>>| {
        let pairs = sums.iter_mut().flatten().zip(values.iter().flatten());
        pairs.for_each(|(sum, value)| *sum += value);
        sums
    };
    weighted.reduce(sum).unwrap_or_default()
}
