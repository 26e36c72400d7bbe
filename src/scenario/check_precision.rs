//! Rules of precision, and the plan that it stands for.

use super::build_objectives::threshold_of;
use super::check::sound;
use super::diagnostics::Report;
use super::draft::Draft;
use super::format::ScenarioFile;
use super::tree::Node;
use crate::statistics::{Aim, Measure, Objective, PrecisionPlan};

/// Reports every broken rule of precision.
pub(super) fn check_precision(tree: &Node, draft: &Draft, report: &mut Report) {
    let Some(precision) = &draft.precision else { return };
    if let Some(observation) = draft.observation.as_ref().filter(|one| one.replications > precision.most) {
        let text = format!("there are {} replications to begin with", observation.replications);
        report.rule(tree, "precision.most", text);
    }
    for (id, threshold) in &precision.half_width {
        let path = format!("precision.half_width.{id}");
        let objectives = sound(&draft.objectives);
        let Some((_, objective)) = objectives.into_iter().find(|(_, objective)| objective.id == *id) else {
            continue;
        };
        let scope = objective.kind_of_scope();
        let Some(measure) = Measure::find(&objective.metric, scope) else { continue };
        match threshold_of(threshold, measure.unit()) {
            Err(text) => report.rule(tree, &path, text),
            Ok(half) if half.is_finite() && half > 0.0 => {}
            Ok(_) => report.rule(tree, &path, "must be above zero"),
        }
    }
}

/// The plan of a file that has no problem.
pub(super) fn precision_plan(file: &ScenarioFile, objectives: &[Objective]) -> Option<PrecisionPlan> {
    let precision = file.precision.as_ref()?;
    let aim = |objective: &Objective| match precision.half_width.get(&objective.id) {
        Some(half) => Some(Aim::HalfWidth(
            threshold_of(half, objective.measure.unit()).expect("half-widths are checked before"),
        )),
        None => precision.relative.map(Aim::Relative),
    };
    Some(PrecisionPlan {
        aims: objectives.iter().map(aim).collect(),
        most: precision.most,
        batch: precision.batch,
    })
}
