//! What the page's charts of a sweep draw from, as JSON beside that of the study.

use super::charts::{estimate, estimates, round};
use super::choices::objective;
use crate::report::format;
use crate::report::sweep::{axis_title, limit_in_words, ordered_indices, ordered_swings};
use crate::statistics::sensitivity::{Index, Morris, SobolIndices, Swing};
use crate::study::sweep::{Break, Effects, Indices, PointSummary, SweepSummary, Tornado, is_steep};
use serde_json::{Value, json};

/// All that the charts of a sweep need.
pub(super) fn sweep(summary: &SweepSummary) -> Value {
    let axes = summary.axes.iter().map(|axis| {
        json!({"name": axis.name, "title": axis_title(axis), "is_logarithmic": axis.is_logarithmic, "values": axis.values})
    });
    let objectives = summary.objectives.iter().enumerate().map(|(index, row)| {
        let mut objective = objective(row);
        objective["is_steep"] = is_steep(&summary.points, index).into();
        objective
    });
    let is_curve = !summary.breaks.is_empty();
    let is_map = summary.axes.len() == 2 && summary.design.name() == "product";
    json!({
        "n": summary.replications,
        "confidence": format::number(summary.confidence * 100.0, 0),
        "axes": axes.collect::<Vec<_>>(),
        "sets": summary.sets.iter().map(|set| &set.name).collect::<Vec<_>>(),
        "objectives": objectives.collect::<Vec<_>>(),
        "curve": is_curve.then(|| curve(summary)),
        "map": is_map.then(|| summary.points.iter().map(point).collect::<Vec<_>>()),
        "breaks": summary.breaks.iter().map(|one| broken(summary, one)).collect::<Vec<_>>(),
        "tornados": summary.tornados.iter().map(|one| tornado(summary, one)).collect::<Vec<_>>(),
        "effects": summary.effects.iter().map(effects).collect::<Vec<_>>(),
        "indices": summary.indices.iter().map(indices).collect::<Vec<_>>(),
    })
}

/// The points by their place on the only axis.
fn curve(summary: &SweepSummary) -> Vec<Value> {
    let number = |point: &PointSummary| point.axes[0].number;
    let mut points: Vec<_> =
        summary.points.iter().filter_map(|one| number(one).map(|number| (number, one))).collect();
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    points.into_iter().map(|(_, one)| point(one)).collect()
}

fn point(point: &PointSummary) -> Value {
    json!({
        "texts": point.axes.iter().map(|place| &place.text).collect::<Vec<_>>(),
        "number": point.axes.first().and_then(|place| place.number).map(round),
        "results": point.results.iter().map(|of_set| estimates(of_set)).collect::<Vec<_>>(),
    })
}

fn broken(summary: &SweepSummary, one: &Break) -> Value {
    json!({
        "set": one.set, "objective": one.objective, "limit": round(one.limit), "what": limit_in_words(summary, one),
        "at": one.crossing.at.map(round), "earliest": one.crossing.earliest.map(round),
        "latest": one.crossing.latest.map(round), "side": one.side,
    })
}

/// The axes of a tornado, the greatest swing first, each end with its value in words.
fn tornado(summary: &SweepSummary, tornado: &Tornado) -> Value {
    let text = |point: usize, axis: usize| {
        summary.points.get(point).map_or("", |point| point.axes[axis].text.as_str()).to_owned()
    };
    let row = |(axis, swing): (usize, &Swing)| {
        json!({
            "axis": axis, "low": estimate(&swing.low), "high": estimate(&swing.high),
            "low_end": text(2 * axis + 1, axis), "high_end": text(2 * axis + 2, axis),
        })
    };
    json!({
        "set": tornado.set, "objective": tornado.objective, "base": estimate(&tornado.base),
        "rows": ordered_swings(tornado).into_iter().map(row).collect::<Vec<_>>(),
    })
}

fn effects(effects: &Effects) -> Value {
    let row = |one: &Morris| json!([estimate(&one.mu_star), estimate(&one.sigma), estimate(&one.mu)]);
    json!({
        "set": effects.set, "objective": effects.objective,
        "axes": effects.axes.iter().map(row).collect::<Vec<_>>(),
    })
}

/// Each index as value, low and high end; the greatest total index first.
fn indices(found: &Indices) -> Value {
    let ends = |index: Index| {
        let (low, high) = index.interval.unzip();
        json!([index.value.map(round), low.map(round), high.map(round)])
    };
    let row = |(axis, one): (usize, &SobolIndices)| json!({"axis": axis, "first": ends(one.first), "total": ends(one.total)});
    json!({
        "set": found.set, "objective": found.objective,
        "rows": ordered_indices(found).into_iter().map(row).collect::<Vec<_>>(),
    })
}
