//! Rules of objectives: metrics that there are, of a scope that has them, with values in their units.

use super::build_objectives::{indifference_of, threshold_of};
use super::check::sound;
use super::diagnostics::Report;
use super::draft::Draft;
use super::objective_format::{Objective, Threshold};
use super::problem::{Near, Problem};
use super::tree::Node;
use crate::statistics::{Indifference, Measure, Scope};

/// Reports every broken rule of objectives.
pub(super) fn check_objectives(tree: &Node, draft: &Draft, report: &mut Report) {
    for (path, objective) in sound(&draft.objectives) {
        if objective.community.is_some() && objective.site.is_some() {
            report.rule(
                tree,
                &format!("{path}.site"),
                "an objective is of a `community` or of a `site`, not of both",
            );
            continue;
        }
        if let Some(measure) = measure(tree, (path, objective), report) {
            check_values(tree, (path, objective), measure.unit(), report);
        }
    }
}

/// The measure of an objective, as far as its metric tells it.
fn measure(tree: &Node, (path, objective): (&str, &Objective), report: &mut Report) -> Option<Measure> {
    let scope = objective.kind_of_scope();
    let of = match scope {
        Scope::Network => "the network",
        Scope::Community(_) => "communities",
        Scope::Site(_) => "sites",
    };
    let found = Measure::find(&objective.metric, scope);
    if found.is_none() {
        let path = format!("{path}.metric");
        if Measure::names().any(|name| name == objective.metric) {
            report.rule(tree, &path, format!("`{}` is no metric of {of}", objective.metric));
        } else {
            let near = Near::new(&objective.metric, Measure::names());
            let problem =
                Problem::UnknownReference { kind: "metric".to_owned(), id: objective.metric.clone(), near };
            report.in_tree(tree, &path, problem);
        }
    }
    found
}

fn check_values(tree: &Node, (path, objective): (&str, &Objective), unit: &str, report: &mut Report) {
    let mut value = |key: &str, threshold: Option<&Threshold>| match threshold
        .map(|threshold| threshold_of(threshold, unit))
    {
        Some(Err(text)) => {
            report.rule(tree, &format!("{path}.{key}"), text);
            None
        }
        Some(Ok(value)) => Some(value),
        None => None,
    };
    let (least, most) =
        (value("at_least", objective.at_least.as_ref()), value("at_most", objective.at_most.as_ref()));
    if least.zip(most).is_some_and(|(least, most)| least > most) {
        report.rule(tree, &format!("{path}.at_most"), "no value is at most this and at least `at_least`");
    }
    let path = format!("{path}.indifference");
    match objective.indifference.as_ref().map(|threshold| indifference_of(threshold, unit)) {
        Some(Err(text)) => report.rule(tree, &path, text),
        Some(Ok(Indifference::Absolute(value) | Indifference::Relative(value))) if value <= 0.0 => {
            report.rule(tree, &path, "must be above zero: between sets that are equal nobody can choose");
        }
        _ => {}
    }
}
