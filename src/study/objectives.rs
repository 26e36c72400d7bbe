//! The objectives in each set: their means, what control variates make of them, and whether they are as precise as asked.

use super::compared::Judgement;
use super::controls::{controlled, controls};
use super::launch::Cell;
use crate::model::System;
use crate::statistics::{Estimate, Objective, PrecisionPlan, Scope, Want};
use serde::{Deserialize, Serialize};

/// One objective in all sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveSummary {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The metric's name in `runs.parquet`.
    pub metric: String,
    /// The community it is about; `None` for the whole network or a site.
    pub community: Option<String>,
    /// The site it is about.
    pub site: Option<String>,
    /// Its unit.
    pub unit: String,
    /// Which way is better.
    pub want: Want,
    /// The sets, in the scenario's order.
    pub sets: Vec<ObjectiveInSet>,
}

/// One objective in one set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveInSet {
    /// The set's id.
    pub set: String,
    /// The mean over the replications.
    pub plain: Estimate,
    /// The same with control variates; `None` where none helps to know it.
    pub controlled: Option<Estimate>,
    /// How much of the variance of the mean the controls cut.
    pub variance_cut: Option<f64>,
    /// Whether the controls pay: their interval is the narrower one.
    pub controls_pay: bool,
    /// The half-width that was asked for; `None` where none was.
    pub asked_half_width: Option<f64>,
    /// Whether the mean over the replications is as precise as that; `None` where nothing was asked.
    pub is_reached: Option<bool>,
}

/// All objectives; `cells` are sorted by (set, replication).
pub(super) fn summarise_objectives(
    system: &System,
    cells: &[Cell],
    judgement: Judgement,
) -> Vec<ObjectiveSummary> {
    let sets: Vec<&[Cell]> = cells.chunk_by(|a, b| a.set == b.set).collect();
    let controls: Vec<Vec<Vec<f64>>> = sets.iter().map(|runs| controls(under(system, runs), runs)).collect();
    let aims = judgement.precision.map_or(&[][..], |plan| &plan.aims);
    let of = |(index, objective): (usize, &Objective)| {
        let aim = aims.get(index).copied().flatten();
        let in_set = |(runs, controls): (&&[Cell], &Vec<Vec<f64>>)| {
            let values = values(system, runs, objective);
            let plain = Estimate::of(values.iter().copied());
            let found = controlled(&values, controls);
            ObjectiveInSet {
                set: system.sets[runs[0].set].id.clone(),
                plain,
                variance_cut: found.as_ref().map(|one| one.variance_cut).filter(|cut| cut.is_finite()),
                controls_pay: found.as_ref().is_some_and(crate::statistics::Controlled::pays),
                controlled: found.map(|one| one.controlled),
                asked_half_width: aim.and_then(|aim| aim.half_width(&plain)),
                is_reached: aim.map(|aim| aim.is_reached(&plain)),
            }
        };
        let (community, site) = match objective.measure.scope() {
            Scope::Network => (None, None),
            Scope::Community(id) => (Some(system.communities[id].id.clone()), None),
            Scope::Site(id) => (None, Some(system.sites[id].id.clone())),
        };
        ObjectiveSummary {
            id: objective.id.clone(),
            name: objective.name.clone(),
            metric: objective.measure.metric().to_owned(),
            community,
            site,
            unit: objective.measure.unit().to_owned(),
            want: objective.want,
            sets: sets.iter().zip(&controls).map(in_set).collect(),
        }
    };
    judgement.objectives.iter().enumerate().map(of).collect()
}

/// Whether every set is as precise in every objective as the plan asks.
pub(super) fn all_reached(
    system: &System,
    cells: &[Cell],
    objectives: &[Objective],
    plan: &PrecisionPlan,
) -> bool {
    cells.chunk_by(|a, b| a.set == b.set).all(|runs| {
        objectives.iter().zip(&plan.aims).all(|(objective, aim)| {
            let estimate = || Estimate::of(values(system, runs, objective));
            aim.is_none_or(|aim| aim.is_reached(&estimate()))
        })
    })
}

fn values(system: &System, runs: &[Cell], objective: &Objective) -> Vec<f64> {
    let set = &system.sets[runs[0].set];
    runs.iter().map(|run| objective.measure.of(system.under(set), set, &run.metrics)).collect()
}

fn under<'s>(system: &'s System, runs: &[Cell]) -> &'s System {
    system.under(&system.sets[runs[0].set])
}
