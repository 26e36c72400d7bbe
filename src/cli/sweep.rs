//! `pleiade sweep`: the candidate sets over axes of parameters.

use super::arguments::{StudyOptions, SweepOptions};
use super::failure::Failure;
use super::output::{print_tables, talk};
use super::progress::{Quiet, bar};
use super::results::{Provenance, manifest, paint, pretty, provenance_json, result_folder};
use super::run::{in_words, load};
use crate::host::{Chunks, ResultFolder, Stopwatch, Threads};
use crate::report::sweep::{sweep_csv, sweep_figures, sweep_markdown, sweep_tables};
use crate::scenario::{Axis, Override, Scenario, Sweep, sweep_format::AxisScale};
use crate::study::design::{DesignAxis, coordinates};
use crate::study::sweep::{
    AxisPlace, SweepAxis, SweepPlan, SweepSummary, summarise_sweep, sweep as run_sweep,
};
use crate::study::{Count, Runs};

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
    let watch = Stopwatch::start();
    let (plan, changes) = plan(scenario, sweep, options.replications);
    let folder = result_folder(scenario, &options.output)?;
    let bar = bar(plan.runs(), Quiet::from(options.quiet));
    let threads = Threads::new(options.threads, {
        let bar = bar.clone();
        move || bar.inc(1)
    })?;
    let chunks = Chunks::below(folder.path(), options.fresh).map_err(Failure::output(folder.path()))?;
    let runs = Runs::new(&threads, &chunks);
    let at = |point: usize| {
        scenario.at(&changes[point], &format!("point {point} of the sweep")).map_err(Failure::Scenario)
    };
    let found = run_sweep(&plan, &runs, at);
    bar.finish_and_clear();
    let summary = summarise_sweep(&scenario.system, &plan, &found?);
    let provenance = Provenance { threads: threads.count(), simulated_s: watch.elapsed_s(), watch };
    write(scenario, &summary, (&threads, &provenance, runs.count()), &folder)?;
    print_tables(&sweep_tables(&summary), options.format)?;
    if !options.quiet {
        let (made, path) = (in_words(runs.count(), provenance.simulated_s), folder.path().join("sweep"));
        talk(&format!(
            "{}: {} points; {made}; results and plots in {}",
            plan.design.name(),
            plan.points.len(),
            path.display()
        ));
        if let Some(error) = chunks.failure() {
            talk(&format!("warning: finished runs could not be kept for a later study: {error}"));
        }
    }
    Ok(())
}

/// What is run, and the changes that make each point.
fn plan<'s>(
    scenario: &'s Scenario,
    sweep: &Sweep,
    replications: Option<u32>,
) -> (SweepPlan<'s>, Vec<Vec<Override>>) {
    let axes: Vec<DesignAxis> =
        sweep.axes.iter().map(|axis| DesignAxis { id: &axis.id, values: axis.values() }).collect();
    let places = coordinates(sweep.design, &axes, scenario.system.observation.seed);
    let point = |places: &Vec<Option<f64>>| {
        let at = sweep.axes.iter().zip(places).map(|(axis, &place)| {
            let point = axis.at(place);
            (AxisPlace { place, number: point.number, text: point.text }, point.overrides)
        });
        let (at, changes): (Vec<AxisPlace>, Vec<Vec<Override>>) = at.unzip();
        (at, changes.concat())
    };
    let (points, changes) = places.iter().map(point).unzip();
    let plan = SweepPlan {
        design: sweep.design,
        axes: sweep.axes.iter().map(axis).collect(),
        points,
        sets: sweep.sets.clone(),
        replications: replications.unwrap_or(sweep.replications),
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

/// Writes everything a sweep leaves behind below the folder `sweep` of the results.
fn write(
    scenario: &Scenario,
    summary: &SweepSummary,
    (threads, provenance, count): (&Threads, &Provenance, Count),
    folder: &ResultFolder,
) -> Result<(), Failure> {
    let write = |name: &str, content: &[u8]| {
        let name = format!("sweep/{name}");
        folder.write(&name, content).map_err(Failure::output(&folder.path().join(&name)))
    };
    write("scenario.resolved.toml", scenario.resolved_toml.as_bytes())?;
    write("manifest.json", &pretty(&manifest(scenario)))?;
    write("sweep.csv", sweep_csv(summary).as_bytes())?;
    write("sweep.json", &pretty(&serde_json::to_value(summary).expect("a summary is plain data")))?;
    write("tables.md", sweep_markdown(summary).as_bytes())?;
    let plots = folder.path().join("sweep/plots");
    folder.clear("sweep/plots", &["svg", "png"]).map_err(Failure::output(&plots))?;
    for (name, svg, png) in paint(&sweep_figures(summary), threads) {
        write(&format!("plots/{name}.svg"), svg.as_bytes())?;
        write(&format!("plots/{name}.png"), &png)?;
    }
    write("provenance.json", &pretty(&provenance_json(provenance, count.made + count.read, count.events)))
}
