//! What the page's charts of futures and of a choice draw from, as JSON beside that of the study.

use super::charts::{estimate, estimates, round};
use crate::report::choosing::{future_in_words, in_the_final, on_front, required};
use crate::report::format;
use crate::statistics::{Estimate, Want};
use crate::study::select::{Finalist, SelectSummary, Selection};
use crate::study::{CandidateWorth, FuturesSummary, ObjectiveInFutures, ObjectiveRow, Worth};
use serde_json::{Value, json};

/// The regrets of sets in futures, and how often one beats another.
pub(super) fn futures(futures: &FuturesSummary) -> Value {
    let objective = |one: &ObjectiveInFutures| {
        let regrets = one.sets.iter().map(|set| {
            let regrets = set.regrets.iter().chain([&set.weighted_regret]);
            regrets.map(estimate).collect::<Vec<_>>()
        });
        let values = one
            .sets
            .iter()
            .map(|set| set.values.iter().chain([&set.weighted]).map(estimate).collect::<Vec<_>>());
        json!({
            "name": one.row.name, "unit": one.row.unit,
            "regrets": regrets.collect::<Vec<_>>(),
            "values": values.collect::<Vec<_>>(),
            "beats": one.beats.iter().map(|row| estimates(row)).collect::<Vec<_>>(),
        })
    };
    json!({
        "futures": futures.futures.iter().map(future_in_words).collect::<Vec<_>>(),
        "sets": futures.set_names,
        "objectives": futures.objectives.iter().map(objective).collect::<Vec<_>>(),
    })
}

/// The finalists, and what each candidate is worth.
pub(super) fn select(summary: &SelectSummary) -> Value {
    json!({
        "confidence": format::number(summary.confidence * 100.0, 0),
        "objectives": summary.objectives.iter().map(objective).collect::<Vec<_>>(),
        "finalists": summary.selection.as_ref().map_or(Vec::new(), finalists),
        "worth": summary.worth.iter().map(|one| worth(summary, one)).collect::<Vec<_>>(),
    })
}

/// An objective's name, unit, limits and which way is better.
pub(super) fn objective(row: &ObjectiveRow) -> Value {
    let want = match row.want {
        Want::Most => "most",
        Want::Least => "least",
    };
    json!({
        "name": row.name, "unit": row.unit, "want": want,
        "at_most": row.at_most.map(round), "at_least": row.at_least.map(round),
    })
}

fn finalists(selection: &Selection) -> Vec<Value> {
    let row = |(place, one): (usize, &Finalist)| {
        json!({
            "name": one.sites.join(", "), "sites": one.names.join(", "), "cost": one.cost_euros,
            "values": estimates(&one.objectives),
            "is_chosen": place == selection.chosen,
            "final": in_the_final(selection, place),
            "required": (!one.requirements.is_empty()).then(|| required(one)),
            "front": one.standing.map(on_front),
        })
    };
    selection.finalists.iter().enumerate().map(row).collect()
}

/// The candidates, the one worth most first; a series that no candidate has a value of is left out.
fn worth(summary: &SelectSummary, worth: &Worth) -> Value {
    let values = |one: &CandidateWorth| [Some(one.first), one.shapley, Some(one.last)];
    let mean = |one: &Option<Estimate>| one.as_ref().and_then(format::mean);
    let mut candidates: Vec<&CandidateWorth> = worth.candidates.iter().collect();
    let size =
        |one: &CandidateWorth| mean(&Some(one.shapley.unwrap_or(one.last))).unwrap_or(f64::NEG_INFINITY);
    candidates.sort_by(|one, other| size(other).total_cmp(&size(one)));
    let name = |id: &str| {
        let place = summary.candidates.iter().position(|candidate| candidate == id);
        place.map_or(id, |place| summary.candidate_names[place].as_str()).to_owned()
    };
    let names = [
        "added to the committed sites alone",
        "in the mean over all orders (Shapley value)",
        "added to all others",
    ];
    let series = names.into_iter().enumerate().filter_map(|(place, name)| {
        let of: Vec<_> = candidates.iter().map(|one| values(one)[place]).collect();
        let is_known = of.iter().any(|one| mean(one).is_some());
        let texts = of.iter().map(|one| one.as_ref().map_or(Value::Null, estimate));
        is_known.then(|| json!({"name": name, "values": texts.collect::<Vec<_>>()}))
    });
    let objective = summary.objectives.iter().position(|one| one.id == worth.objective);
    json!({
        "objective": objective,
        "candidates": candidates.iter().map(|one| name(&one.site)).collect::<Vec<_>>(),
        "series": series.collect::<Vec<_>>(),
        "n": worth.all.count,
    })
}
