//! `pleiade sweep`: the candidate sets over axes of parameters.

use super::arguments::{StudyOptions, SweepOptions};
use super::failure::Failure;
use super::output::print_tables;
use super::results::{below, pretty};
use super::run::load;
use super::session::Session;
use crate::report::sweep::{sweep_csv, sweep_figures, sweep_markdown, sweep_tables};
use crate::scenario::{Axis, Override, Scenario, Sweep, SweepFuture, sweep_format::AxisScale};
use crate::study::design::{DesignAxis, coordinates};
use crate::study::future_weights;
use crate::study::sweep::{AxisPlace, SweepAxis, SweepPlan, summarise_sweep, sweep as run_sweep};

/// Runs the sweep of a scenario.
pub(super) fn sweep(options: &SweepOptions) -> Result<(), Failure> {
    let scenario = load(&options.study)?;
    let Some(sweep) = &scenario.sweep else {
        let text =
            "the scenario has no [sweep]: nothing says what is varied; scenarios/load-curve.toml shows one";
        return Err(Failure::Option(text.to_owned()));
    };
    study(&scenario, sweep, &options.study)
}

fn study(scenario: &Scenario, sweep: &Sweep, options: &StudyOptions) -> Result<(), Failure> {
    let (plan, changes) = plan(scenario, sweep, options.replications);
    let session = Session::open(scenario, options, plan.runs())?;
    let runs = session.runs();
    let at = |point: usize, future: usize| {
        let place = format!("point {point} of the sweep");
        scenario.at(&changes[point][future], &place).map_err(Failure::Scenario)
    };
    let found = run_sweep(&plan, &runs, at);
    let provenance = session.simulated();
    let summary = summarise_sweep(&scenario.system, &plan, &found?);
    let value = serde_json::to_value(&summary).expect("a summary is plain data");
    let files = [
        ("sweep.csv", sweep_csv(&summary).into_bytes()),
        ("sweep.json", pretty(&value)),
        ("tables.md", sweep_markdown(&summary).into_bytes()),
    ];
    let figures = (&*sweep_figures(&summary), &session.threads);
    below(&session.folder, "sweep", scenario, &files, figures, (&provenance, runs.count()))?;
    print_tables(&sweep_tables(&summary), options.format)?;
    session.remark(&format!("{}: {} points", plan.design.name(), plan.points.len()));
    session.tell(runs.count(), provenance.simulated_s, Some("sweep"));
    Ok(())
}

/// What is run, and `[point][future]` the changes that make it.
fn plan<'s>(
    scenario: &'s Scenario,
    sweep: &Sweep,
    replications: Option<u32>,
) -> (SweepPlan<'s>, Vec<Vec<Vec<Override>>>) {
    let axes: Vec<DesignAxis> =
        sweep.axes.iter().map(|axis| DesignAxis { id: &axis.id, values: axis.values() }).collect();
    let places = coordinates(sweep.design, &axes, scenario.system.observation.seed);
    let set = |axes: &[Axis], places: &[Option<f64>]| -> Vec<Override> {
        axes.iter().zip(places).flat_map(|(axis, &place)| axis.at(place).overrides).collect()
    };
    let point = |places: &Vec<Option<f64>>| {
        let at = sweep.axes.iter().zip(places).map(|(axis, &place)| {
            let point = axis.at(place);
            AxisPlace { place, number: point.number, text: point.text }
        });
        let in_future = |future: &SweepFuture| [future.changes.clone(), set(&future.axes, places)].concat();
        let changes = match &sweep.futures[..] {
            [] => vec![set(&sweep.axes, places)],
            futures => futures.iter().map(in_future).collect(),
        };
        (at.collect(), changes)
    };
    let (points, changes) = places.iter().map(point).unzip();
    let plan = SweepPlan {
        design: sweep.design,
        axes: sweep.axes.iter().map(axis).collect(),
        points,
        sets: sweep.sets.clone(),
        replications: replications.unwrap_or(sweep.replications),
        futures: if sweep.futures.is_empty() { Vec::new() } else { future_weights(&scenario.futures) },
        objectives: &scenario.objectives,
    };
    (plan, changes)
}

fn axis(axis: &Axis) -> SweepAxis {
    SweepAxis {
        id: axis.id.clone(),
        name: axis.name.clone(),
        unit: axis.unit().map(str::to_owned),
        is_logarithmic: axis.scale == AxisScale::Log,
        is_factor: axis.factor,
        values: axis.values(),
    }
}
