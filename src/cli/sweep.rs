//! `pleiade sweep`: the candidate sets over axes of parameters.

use super::arguments::{StudyOptions, SweepOptions};
use super::conduct::Conduct;
use super::drawn::{SWEEP, SWEEP_RUNS, draw_sweep};
use super::engine::conducted;
use super::failure::Failure;
use super::output::print_tables;
use super::results::{unwritten, write_part};
use super::run::{load, load_with};
use super::session::Session;
use crate::report::sweep::{sweep_rows_parquet, sweep_tables};
use crate::scenario::{Axis, Override, Scenario, Sweep, SweepFuture, sweep_format::AxisScale};
use crate::study::design::{DesignAxis, coordinates};
use crate::study::sweep::{AxisPlace, SweepAxis, SweepPlan, summarise_sweep, sweep as run_sweep};
use crate::study::{StudyCommand, future_weights};

/// Runs the sweep of a scenario.
pub(super) fn sweep(options: &SweepOptions) -> Result<(), Failure> {
    let scenario = loaded(&options.study)?;
    conducted(&scenario, &StudyCommand::Sweep, &options.study, |conduct| study(&scenario, conduct))
}

/// The scenario of a sweep. The replications asked for are said by it, so that it runs again as it was run.
pub(super) fn loaded(options: &StudyOptions) -> Result<Scenario, Failure> {
    let scenario = load(options)?;
    match options.replications.filter(|_| scenario.sweep.is_some()) {
        Some(count) => load_with(options, Some(format!("sweep.replications={count}"))),
        None => Ok(scenario),
    }
}

/// Carries out the sweep of a scenario.
pub(super) fn study(scenario: &Scenario, conduct: &Conduct<'_>) -> Result<(), Failure> {
    let Some(sweep) = &scenario.sweep else {
        let text =
            "the scenario has no [sweep]: nothing says what is varied; scenarios/load-curve.toml shows one";
        return Err(Failure::Option(text.to_owned()));
    };
    let (plan, changes) = plan(scenario, sweep);
    let session = Session::open(scenario, StudyCommand::Sweep, conduct, plan.runs())?;
    let at = |point: usize, future: usize| {
        let place = format!("point {point} of the sweep");
        scenario.at(&changes[point][future], &place).map_err(Failure::Scenario)
    };
    let (found, count) = session.carry_out(scenario, |runs| run_sweep(&plan, runs, at))?;
    let provenance = session.simulated();
    let summary = summarise_sweep(&scenario.system, &plan, &found);
    let value = serde_json::to_value(&summary).expect("a summary is plain data");
    let path = session.folder.path().join(SWEEP_RUNS);
    let file = session.folder.begin(SWEEP_RUNS).map_err(Failure::output(&path))?;
    let file = sweep_rows_parquet(&summary, &found, file).map_err(unwritten(&path))?;
    file.end().map_err(Failure::output(&path))?;
    write_part(&session.folder, scenario, (SWEEP, &value), (&provenance, count))?;
    draw_sweep(&session.folder, &session.threads)?;
    session.draw_page_again()?;
    print_tables(&sweep_tables(&summary), conduct.format)?;
    session.remark(&format!("{}: {} points", plan.design.name(), plan.points.len()));
    session.tell(count, provenance.simulated_s);
    Ok(())
}

/// What is run, and `[point][future]` the changes that make it.
pub(super) fn plan<'s>(scenario: &'s Scenario, sweep: &Sweep) -> (SweepPlan<'s>, Vec<Vec<Vec<Override>>>) {
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
        replications: sweep.replications,
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
