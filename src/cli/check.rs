//! `pleiade check`: validates scenarios, prints what they resolve to and warns before anything runs.

use super::arguments::CheckOptions;
use super::failure::Failure;
use super::output::{print_tables, talk};
use super::warnings::warn;
use crate::host::FileLoader;
use crate::model::broker_in_words;
use crate::report::plan_tables;
use crate::scenario::{self, Override};
use crate::study::{expected_jobs, mean_work_h, offered_load};
use crate::units::Span;
use std::path::Path;

/// How often the table shows the load.
const YEAR: Span = Span(365 * 86_400_000_000_000);

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
    let loads: Vec<_> =
        system.sets.iter().map(|set| (set, offered_load(system.under(set), set, YEAR))).collect();
    let mut shown = vec![plan_tables::system(system)];
    shown.extend(plan_tables::datasets(system));
    shown.push(plan_tables::offered_load(&loads));
    shown.extend(loads.iter().take(1).map(|(set, load)| plan_tables::home_load(system, set, load)));
    print_tables(&shown, options.format)?;
    talk(&format!("{}: broker: {}", file.display(), broker_in_words(system)));
    let jobs = expected_jobs(system);
    if let Some(work_h) = mean_work_h(system) {
        let reference = &system.accelerators[system.reference_accelerator].name;
        let size = format!("{work_h:.0} {reference}-hours a job in the mean at the start");
        talk(&format!("{}: about {jobs:.0} jobs a run, {size}", file.display()));
    } else {
        talk(&format!("warning: {}: nobody asks for anything", file.display()));
    }
    warn(system);
    Ok(())
}
