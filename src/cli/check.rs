//! `pleiade check`: validates scenarios, prints what they resolve to and warns before anything runs.

use super::arguments::CheckOptions;
use super::failure::Failure;
use super::output::{print_tables, talk};
use crate::host::FileLoader;
use crate::model::System;
use crate::report::plan_tables;
use crate::scenario::{self, Override};
use crate::study::{OfferedLoad, expected_jobs, mean_work_h, offered_load};
use crate::units::Span;
use std::path::Path;

/// Above this load a queue grows as long as the run lasts.
const SATURATED: f64 = 1.0;
/// How often the table shows the load, and how often it is looked at for warnings.
const YEAR: Span = Span(365 * 86_400_000_000_000);
const MONTH: Span = Span(30 * 86_400_000_000_000);
/// Above this many jobs a run takes minutes.
const MANY_JOBS: f64 = 2e7;

pub(super) fn check(options: &CheckOptions) -> Result<(), Failure> {
    let overrides: Vec<Override> = options.overrides.iter().cloned().map(Override).collect();
    let mut first = None;
    for file in &options.files {
        match check_file(file, &overrides, options) {
            // Every file is checked before the first failure is reported as the command's own.
            Err(failure) if first.is_none() => first = Some(failure),
            Err(failure) => {
                failure.report();
            }
            Ok(()) => {}
        }
    }
    first.map_or(Ok(()), Err)
}

fn check_file(file: &Path, overrides: &[Override], options: &CheckOptions) -> Result<(), Failure> {
    let scenario =
        scenario::load(&file.to_string_lossy(), &FileLoader, overrides).map_err(Failure::Scenario)?;
    let system = &scenario.system;
    let loads: Vec<_> = system.sets.iter().map(|set| (set, offered_load(system, set, YEAR))).collect();
    let mut shown = vec![plan_tables::system(system), plan_tables::offered_load(&loads)];
    shown.extend(loads.iter().take(1).map(|(set, load)| plan_tables::home_load(system, set, load)));
    print_tables(&shown, options.format)?;
    let jobs = expected_jobs(system);
    if let Some(work_h) = mean_work_h(system) {
        let reference = &system.accelerators[system.reference_accelerator].name;
        let size = format!("{work_h:.0} {reference}-hours a job in the mean at the start");
        talk(&format!("{}: about {jobs:.0} jobs a run, {size}", file.display()));
    } else {
        talk(&format!("warning: {}: nobody asks for anything", file.display()));
    }
    for set in &system.sets {
        warn_of_load(&set.id, &offered_load(system, set, MONTH));
    }
    warn_of_size(system);
    Ok(())
}

fn warn_of_load(set: &str, loads: &[OfferedLoad]) {
    let above = loads.iter().find(|load| load.load.is_some_and(|value| value >= SATURATED));
    if let Some(OfferedLoad { date, load: Some(load), .. }) = above {
        talk(&format!(
            "warning: set {set} is offered {:.0} % of its capacity on {date}: its queues grow while this lasts",
            load * 100.0
        ));
    }
    if let Some(none) = loads.iter().find(|load| load.load.is_none()) {
        talk(&format!(
            "warning: no site of set {set} is open on {}: all its jobs are rejected then",
            none.date
        ));
    }
}

fn warn_of_size(system: &System) {
    let jobs = expected_jobs(system);
    if jobs > MANY_JOBS {
        talk(&format!(
            "warning: about {jobs:.1e} jobs a run: expect minutes a run; fewer, larger jobs settle sooner"
        ));
    }
}
