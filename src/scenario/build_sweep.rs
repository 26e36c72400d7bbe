//! The sweep of a sound scenario: what its axes find in the scenario, and whether their values may stand where they are put.

use super::check_sweep::path_of;
use super::diagnostics::Report;
use super::format::ScenarioFile;
use super::objective_format::Future;
use super::overrides::{OVERRIDES, Override};
use super::problem::Problem;
use super::schema::{View, json_schema};
use super::sweep_axis::{Amount, Axis, Key, Sweep, SweepFuture, Values};
use super::sweep_format::{AxisValue, Sweep as Written, SweepAxis, SweepDesign};
use super::tree::{Node, Value};
use super::variants::{at, changed};
use crate::model::System;
use crate::statistics::sensitivity::Design;
use serde_json::Value as Json;

/// Levels of Morris' design if none are said.
const MORRIS_LEVELS: u32 = 4;
/// More points than this are a slip.
const MOST_POINTS: u64 = 1_000_000;

/// The sweep of a sound `file`, if it has one; `tree` is the same scenario.
pub(super) fn build_sweep(
    file: &ScenarioFile,
    tree: &Node,
    system: &System,
    report: &mut Report,
) -> Option<Sweep> {
    let written = file.sweep.as_ref()?;
    let schema = json_schema();
    let axes: Option<Vec<Axis>> =
        written.axis.iter().map(|axis| axis_of(axis, tree, &schema, report)).collect();
    let axes = axes?;
    let sweep = Sweep {
        sets: sets_of(written, system),
        design: design_of(written),
        replications: written.replications.unwrap_or(system.observation.replications),
        futures: futures_of(file, written, (tree, &schema), report),
        axes,
    };
    let values: Vec<u32> = sweep.axes.iter().map(Axis::values).collect();
    let points = sweep.design.points(&values);
    if points > MOST_POINTS {
        report.rule(tree, "sweep", format!("{points} points are swept, at most {MOST_POINTS} can be"));
    }
    let before = report.len();
    for (axis, written) in sweep.axes.iter().zip(&written.axis) {
        try_values((axis, written), None, (system, tree), report);
    }
    // What is wrong with a value anyway need not be told of each future, too.
    let is_sound = report.len() == before;
    for future in sweep.futures.iter().filter(|_| is_sound) {
        for (axis, written) in future.axes.iter().zip(&written.axis) {
            try_values((axis, written), Some(future), (system, tree), report);
        }
    }
    Some(sweep)
}

/// The axes in each future that the sweep goes over.
fn futures_of(
    file: &ScenarioFile,
    written: &Written,
    (tree, schema): (&Node, &Json),
    report: &mut Report,
) -> Vec<SweepFuture> {
    if written.over_futures && file.future.is_empty() {
        report.rule(tree, "sweep.over_futures", "the scenario has no [[future]] to go over");
    }
    let wanted = file.future.iter().filter(|_| written.over_futures);
    let of_future = |future: &Future| {
        let changes: Vec<Override> = future.with.iter().cloned().map(Override).collect();
        // Its changes have been found to be sound.
        let own = changed(tree, &changes, OVERRIDES, &mut Report::default())?;
        let axes = written.axis.iter().map(|axis| axis_of(axis, &own, schema, report)).collect::<Option<_>>();
        Some(SweepFuture { id: future.id.clone(), changes, axes: axes? })
    };
    wanted.filter_map(of_future).collect()
}

fn sets_of(written: &Written, system: &System) -> Vec<usize> {
    let is_meant = |id: &str| written.sets.is_empty() || written.sets.iter().any(|set| set == id);
    let sets = system.sets.iter().enumerate();
    sets.filter(|(_, set)| is_meant(&set.id)).map(|(index, _)| index).collect()
}

fn design_of(written: &Written) -> Design {
    // What is missing has been reported.
    let points = written.points.unwrap_or(2);
    match written.design {
        SweepDesign::Product => Design::Product,
        SweepDesign::OneAtATime => Design::OneAtATime,
        SweepDesign::LatinHypercube => Design::LatinHypercube { points },
        SweepDesign::Morris => Design::Morris {
            trajectories: written.trajectories.unwrap_or(2),
            levels: written.levels.unwrap_or(MORRIS_LEVELS),
        },
        SweepDesign::Sobol => Design::Sobol { rows: points },
    }
}

/// An axis with what the scenario says at its keys; none where it multiplies what is no number.
fn axis_of(written: &SweepAxis, tree: &Node, schema: &Json, report: &mut Report) -> Option<Axis> {
    let mut keys = Vec::new();
    for (index, path) in written.keys.iter().enumerate() {
        let said = written.factor.then(|| said_at(tree, path)).flatten();
        if written.factor && said.is_none() {
            let text = format!(
                "the scenario says nothing at `{path}` that can be multiplied: a number, or a quantity of one unit"
            );
            report.rule(tree, &format!("{}.keys.{index}", path_of(written)), text);
            continue;
        }
        keys.push(Key { path: path.clone(), said, is_whole: is_whole(schema, path) });
    }
    let range = || {
        let (from, to) = (Amount::of(written.from.as_ref()?)?, Amount::of(written.to.as_ref()?)?);
        Some(Values::Range { from: from.number, to: to.number, unit: to.unit, steps: written.steps })
    };
    let values = written.values.clone().map(Values::List).or_else(range)?;
    (keys.len() == written.keys.len()).then(|| Axis {
        id: written.id.clone(),
        name: written.name.clone().unwrap_or_else(|| written.id.clone()),
        keys,
        values,
        scale: written.scale,
        factor: written.factor,
    })
}

/// The number or quantity at a path.
fn said_at(tree: &Node, path: &str) -> Option<Amount> {
    let node = path.split('.').try_fold(tree, Node::child)?;
    match &node.value {
        Value::Integer(number) => Amount::of(&AxisValue::Number(*number as f64)),
        Value::Float(number) => Amount::of(&AxisValue::Number(*number)),
        Value::Text(text) => Amount::of_text(text),
        _ => None,
    }
}

/// Whether the format takes only whole numbers at a path.
fn is_whole(schema: &Json, path: &str) -> bool {
    let mut here = vec![schema];
    for step in path.split('.') {
        here = here.iter().flat_map(|part| below(schema, part, step)).collect();
    }
    let kinds: Vec<&str> =
        here.iter().flat_map(|part| shapes(schema, part)).filter_map(|view| view.text("type")).collect();
    kinds.contains(&"integer") && !kinds.contains(&"number")
}

/// A schema and all that it may be instead.
fn shapes<'a>(root: &'a Json, schema: &'a Json) -> Vec<View<'a>> {
    let view = View::new(root, schema);
    let branches = view.branches().unwrap_or(&[]).iter().flat_map(|branch| shapes(root, branch));
    std::iter::once(view).chain(branches).collect()
}

/// What may stand one step below.
fn below<'a>(root: &'a Json, schema: &'a Json, step: &str) -> Vec<&'a Json> {
    let of = |view: View<'a>| {
        let named = view.get("properties").and_then(|known| known.get(step));
        named
            .or_else(|| view.get("items"))
            .or_else(|| view.get("additionalProperties").filter(|any| any.is_object()))
    };
    shapes(root, schema).into_iter().filter_map(of).collect()
}

/// Builds the scenario, or one of its futures, at each value of a list, or at both ends of a range, and reports what is wrong
/// with it there.
fn try_values(
    (axis, written): (&Axis, &SweepAxis),
    future: Option<&SweepFuture>,
    (system, tree): (&System, &Node),
    report: &mut Report,
) {
    let within = future.map_or(String::new(), |future| format!(" in the future `{}`", future.id));
    let path = path_of(written);
    let tries: Vec<(String, f64)> = match &written.values {
        None => vec![(format!("{path}.from"), 0.0), (format!("{path}.to"), 1.0)],
        Some(values) => {
            let middle = |index: usize| (index as f64 + 0.5) / values.len() as f64;
            (0..values.len()).map(|index| (format!("{path}.values.{index}"), middle(index))).collect()
        }
    };
    for (at, place) in tries {
        let point = axis.at(Some(place));
        let changes = future.map_or(&[][..], |future| &future.changes);
        for (below, problem) in problems_at(system, tree, &[changes, &point.overrides].concat()) {
            let is_of = |key: &Key| below == key.path || below.starts_with(&format!("{}.", key.path));
            let key = axis.keys.iter().position(is_of).filter(|_| is_about_the_key(&problem));
            if let Some(key) = key {
                report.in_tree(tree, &format!("{path}.keys.{key}"), problem);
            } else {
                report.rule(tree, &at, format!("with {}{within}, {below}: {problem}", point.text));
            }
        }
    }
}

/// What is wrong with the scenario at a point, by path. The places of the tree are in files that this report does not have: it
/// is asked for words only.
fn problems_at(system: &System, tree: &Node, changes: &[Override]) -> Vec<(String, Problem)> {
    let mut report = Report::default();
    at(system, (tree, changes), OVERRIDES, &mut report);
    report.into_problems()
}

/// Whether another value would not help.
fn is_about_the_key(problem: &Problem) -> bool {
    matches!(problem, Problem::NoSuchPath { .. } | Problem::UnknownKey { .. } | Problem::BadOverride(_))
}
