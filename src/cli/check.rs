//! `pleiade check`: validates scenarios, prints what they resolve to and warns before anything runs.

use super::arguments::CheckOptions;
use super::failure::Failure;
use super::output::{print_tables, talk};
use super::people_warnings::people;
use super::warnings::warn;
use crate::host::FileLoader;
use crate::model::{Choice, Effort, broker_in_words};
use crate::report::{plan_people, plan_tables};
use crate::scenario::{self, Override};
use crate::study::{expected_jobs, mean_work_h, offered_load, work_asked};
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
    let asked: Vec<_> = people(system)
        .into_iter()
        .map(|(set, who)| (set, who, work_asked(system.under(set), set, who, YEAR)))
        .collect();
    shown.extend(plan_people::access_modes(system));
    shown.extend(plan_people::people(system));
    shown.extend(plan_people::work_asked(system, &asked));
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
    if let Some(choice) = &scenario.choice {
        talk(&format!(
            "{}: {}",
            file.display(),
            choice_in_words(choice, scenario.effort, scenario.futures.len())
        ));
    }
    warn(system);
    Ok(())
}

/// What `select` would choose from, and how many runs it would make.
fn choice_in_words(choice: &Choice, effort: Effort, futures: usize) -> String {
    let sets =
        choice.rules.count().map_or("too many sets to count".to_owned(), |count| format!("{count} sets"));
    let finals = u64::from(effort.finalists) * u64::from(effort.most) * futures.max(1) as u64;
    format!(
        "{} candidates, {sets} keep the rules; select makes up to {} runs, and up to {finals} more in the final",
        choice.candidates.len(),
        effort.runs
    )
}
