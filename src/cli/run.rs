//! `pleiade run` and `pleiade compare`: replications of one or of all candidate sets.

use super::arguments::{CompareOptions, RunOptions, StudyOptions};
use super::failure::Failure;
use super::output::{print_tables, talk};
use super::progress::{Quiet, bar};
use super::results::{Provenance, result_folder, write_results};
use crate::host::{Chunks, FileLoader, Stopwatch, Threads};
use crate::report::overview;
use crate::scenario::{self, Override, Scenario};
use crate::study::{Count, Judgement, Runs, cells, summarise};

/// Runs one candidate set.
pub(super) fn run(options: &RunOptions) -> Result<(), Failure> {
    let mut scenario = load(&options.study)?;
    let sets = &mut scenario.system.sets;
    let wanted = match &options.candidates {
        None => 0,
        Some(id) => sets.iter().position(|set| set.id == *id).ok_or_else(|| {
            let known: Vec<&str> = sets.iter().map(|set| set.id.as_str()).collect();
            Failure::Option(format!("the scenario has no candidate set {id:?}, it has: {}", known.join(", ")))
        })?,
    };
    let set = sets.swap_remove(wanted);
    if options.candidates.is_some() {
        scenario.resolved_toml = with_only_set(&scenario.resolved_toml, &set.id);
    }
    scenario.system.sets = vec![set];
    study(&scenario, &options.study)
}

/// The resolved scenario with one of its candidate sets, so that it runs again as it was run.
fn with_only_set(resolved: &str, id: &str) -> String {
    let mut scenario: toml::Table = resolved.parse().expect("the resolved scenario is TOML");
    if let Some(toml::Value::Array(sets)) = scenario.get_mut("set") {
        sets.retain(|set| set.get("id").and_then(toml::Value::as_str) == Some(id));
    }
    toml::to_string(&scenario).expect("what was TOML can be written as TOML")
}

/// Runs all candidate sets and compares them with the first.
pub(super) fn compare(options: &CompareOptions) -> Result<(), Failure> {
    study(&load(&options.study)?, &options.study)
}

/// Reads the scenario with the overrides of the command line.
pub(super) fn load(options: &StudyOptions) -> Result<Scenario, Failure> {
    let named = [
        options.seed.map(|seed| format!("observation.seed={seed}")),
        options.replications.map(|count| format!("observation.replications={count}")),
    ];
    let overrides: Vec<Override> =
        options.overrides.iter().cloned().chain(named.into_iter().flatten()).map(Override).collect();
    scenario::load(&options.file.to_string_lossy(), &FileLoader, &overrides).map_err(Failure::Scenario)
}

fn study(scenario: &Scenario, options: &StudyOptions) -> Result<(), Failure> {
    let watch = Stopwatch::start();
    let system = &scenario.system;
    let folder = result_folder(scenario, &options.output)?;
    let bar = bar(system.sets.len() * system.observation.replications as usize, Quiet::from(options.quiet));
    let threads = Threads::new(options.threads, {
        let bar = bar.clone();
        move || bar.inc(1)
    })?;
    let chunks = Chunks::below(folder.path(), options.fresh).map_err(Failure::output(folder.path()))?;
    let runs = Runs::new(&threads, &chunks);
    let cells = cells(system, &runs);
    bar.finish_and_clear();
    let simulated_s = watch.elapsed_s();
    let judgement = Judgement { plan: scenario.comparison, objectives: &scenario.objectives };
    let summary = summarise(system, &cells, judgement);
    let provenance = Provenance { threads: threads.count(), simulated_s, watch };
    write_results(scenario, &cells, &summary, &threads, &provenance, &folder)?;
    print_tables(&overview(&summary), options.format)?;
    if !options.quiet {
        talk(&format!(
            "{}; results and plots in {}",
            in_words(runs.count(), simulated_s),
            folder.path().display()
        ));
        if let Some(error) = chunks.failure() {
            talk(&format!("warning: finished runs could not be kept for a later study: {error}"));
        }
    }
    Ok(())
}

/// How many runs there were, and what they took.
pub(super) fn in_words(count: Count, simulated_s: f64) -> String {
    let runs = |runs: u64| format!("{runs} {}", if runs == 1 { "run" } else { "runs" });
    let made = format!(
        "{}, {:.1} million events in {simulated_s:.1} s",
        runs(count.made),
        count.events as f64 / 1e6
    );
    match (count.made, count.read) {
        (_, 0) => made,
        (0, read) => format!("{}, all finished before", runs(read)),
        (_, read) => format!("{made}, and {} finished before", runs(read)),
    }
}
