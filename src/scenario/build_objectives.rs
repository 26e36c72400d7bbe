//! From objectives and futures as written to those that sets are judged by.

use super::build::{named, or_id};
use super::format::ScenarioFile;
use super::objective_format::{self, Threshold};
use crate::model::System;
use crate::statistics::{Indifference, Measure, Metric, Objective, Scope, Want};
use crate::units::{Bytes, Money, Span};

/// The part of the best mean up to which sets count as equally good where nothing is said.
const INDIFFERENCE: Indifference = Indifference::Relative(0.01);

/// The objectives of a file that has no problem; the most work done where it says none.
pub(super) fn objectives(file: &ScenarioFile, system: &System) -> Vec<Objective> {
    if file.objective.is_empty() {
        let measure = Measure::find(Metric::DoneH.name(), Scope::Network);
        return vec![Objective {
            id: "done".to_owned(),
            name: "Work done".to_owned(),
            measure: measure.expect("the network has every metric"),
            want: Want::Most,
            at_most: None,
            at_least: None,
            indifference: INDIFFERENCE,
        }];
    }
    file.objective.iter().map(|objective| built(objective, system)).collect()
}

fn built(objective: &objective_format::Objective, system: &System) -> Objective {
    let scope = match (&objective.community, &objective.site) {
        (Some(id), _) => Scope::Community(named(&system.communities, |one| one.id == *id)),
        (_, Some(id)) => Scope::Site(named(&system.sites, |one| one.id == *id)),
        _ => Scope::Network,
    };
    let measure = Measure::find(&objective.metric, scope).expect("metrics are checked before");
    let value =
        |threshold: &Threshold| threshold_of(threshold, measure.unit()).expect("values are checked before");
    let indifference = objective.indifference.as_ref().map_or(INDIFFERENCE, |threshold| {
        indifference_of(threshold, measure.unit()).expect("values are checked before")
    });
    Objective {
        id: objective.id.clone(),
        name: or_id(objective.name.as_ref(), &objective.id),
        measure,
        want: match objective.want {
            objective_format::Want::Most => Want::Most,
            objective_format::Want::Least => Want::Least,
        },
        at_most: objective.at_most.as_ref().map(value),
        at_least: objective.at_least.as_ref().map(value),
        indifference,
    }
}

/// A value in a metric's unit, or what was expected instead.
pub(super) fn threshold_of(threshold: &Threshold, unit: &str) -> Result<f64, String> {
    let text = match threshold {
        Threshold::Number(number) => return Ok(*number),
        Threshold::Quantity(text) => text,
    };
    let wrong = |example: &str| Err(format!("expected a number in {unit}, or {example}, found {text:?}"));
    match unit {
        "s" => text.parse::<Span>().map(Span::as_seconds).or_else(|_| wrong("a duration such as \"10 d\"")),
        "EUR" => text.parse::<Money>().map(Money::as_euros).or_else(|_| wrong("money such as \"90 MEUR\"")),
        "TB" => text
            .parse::<Bytes>()
            .map(|size| size.0 as f64 / 1e12)
            .or_else(|_| wrong("a size such as \"3 PB\"")),
        "share" | "ratio" => percent(text).map_or_else(|| wrong("a part such as \"5 %\""), Ok),
        _ => Err(format!("expected a number in {unit}, found {text:?}")),
    }
}

/// A difference in a metric's unit, or a part of the best mean.
pub(super) fn indifference_of(threshold: &Threshold, unit: &str) -> Result<Indifference, String> {
    match threshold {
        Threshold::Quantity(text) if percent(text).is_some() => {
            Ok(Indifference::Relative(percent(text).unwrap_or_default()))
        }
        other => threshold_of(other, unit)
            .map(Indifference::Absolute)
            .map_err(|text| format!("{text}; a part of the best mean is written \"1 %\"")),
    }
}

/// `"2.5 %"` as 0.025.
fn percent(text: &str) -> Option<f64> {
    let number = text.trim().strip_suffix('%')?.trim().parse::<f64>().ok()?;
    number.is_finite().then_some(number / 100.0)
}
