//! The objectives in each set: their means, what control variates make of them, and whether they are as precise as asked.

use super::compared::Judgement;
use super::controls::{controlled, controls};
use super::gather::SetRuns;
use super::objective_row::ObjectiveRow;
use crate::model::System;
use crate::statistics::{Estimate, Objective, PrecisionPlan};
use serde::{Deserialize, Serialize};

/// One objective in all sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveSummary {
    /// The objective.
    #[serde(flatten)]
    pub row: ObjectiveRow,
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
    sets: &[SetRuns],
    judgement: Judgement,
) -> Vec<ObjectiveSummary> {
    let of_set = |runs: &SetRuns| controls(system.under(&system.sets[runs.set]), runs);
    let controls: Vec<Vec<Vec<f64>>> = sets.iter().map(of_set).collect();
    let aims = judgement.precision.map_or(&[][..], |plan| &plan.aims);
    let of = |(index, objective): (usize, &Objective)| {
        let aim = aims.get(index).copied().flatten();
        let in_set = |(runs, controls): (&SetRuns, &Vec<Vec<f64>>)| {
            let values = runs.values(&objective.measure);
            let plain = Estimate::of(values.iter().copied());
            let found = controlled(values, controls);
            ObjectiveInSet {
                set: runs.id(system),
                plain,
                variance_cut: found.as_ref().map(|one| one.variance_cut).filter(|cut| cut.is_finite()),
                controls_pay: found.as_ref().is_some_and(crate::statistics::Controlled::pays),
                controlled: found.map(|one| one.controlled),
                asked_half_width: aim.and_then(|aim| aim.half_width(&plain)),
                is_reached: aim.map(|aim| aim.is_reached(&plain)),
            }
        };
        ObjectiveSummary {
            row: ObjectiveRow::of(system, objective),
            sets: sets.iter().zip(&controls).map(in_set).collect(),
        }
    };
    judgement.objectives.iter().enumerate().map(of).collect()
}

/// Whether every set is as precise in every objective as the plan asks, by `values`, `[set][objective][replication]`.
pub(super) fn all_reached(values: &[Vec<Vec<f64>>], plan: &PrecisionPlan) -> bool {
    values.iter().all(|objectives| {
        objectives
            .iter()
            .zip(&plan.aims)
            .all(|(values, aim)| aim.is_none_or(|aim| aim.is_reached(&Estimate::of(values.iter().copied()))))
    })
}
