//! `pleiade run` and `pleiade compare`: replications of one or of all candidate sets.

use super::arguments::{CompareOptions, RunOptions, StudyOptions};
use super::failure::Failure;
use super::output::print_tables;
use super::results::{Found, write_results};
use super::session::Session;
use crate::host::FileLoader;
use crate::model::{CandidateSet, PartitionId, System};
use crate::report::choosing::futures_tables;
use crate::report::objective_tables::missed_aims;
use crate::report::overview;
use crate::scenario::{self, Override, Scenario};
use crate::study::{Case, GanttPlan, Judgement, cells_until_precise, gantt, in_futures, summarise};
use crate::units::Time;

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
    let plan =
        options.gantt.as_ref().map(|path| gantt_plan(&scenario.system, &set, (path, options))).transpose()?;
    if options.candidates.is_some() {
        scenario.resolved_toml = with_only_set(&scenario.resolved_toml, &set.id);
    }
    scenario.system.sets = vec![set];
    study(scenario, &options.study, plan)
}

/// The partition and the days that are to be drawn.
fn gantt_plan(
    system: &System,
    set: &CandidateSet,
    (path, options): (&str, &RunOptions),
) -> Result<GanttPlan, Failure> {
    let wrong = |text: String| Failure::Option(format!("--gantt {path}: {text}"));
    let name = |id: PartitionId| {
        let partition = &system.partitions[id];
        format!("{}/{}", system.sites[partition.site].id, partition.id)
    };
    let known: Vec<PartitionId> =
        set.sites.iter().flat_map(|&site| system.sites[site].partitions.iter().copied()).collect();
    let partition = known.iter().copied().find(|&id| name(id) == path).ok_or_else(|| {
        let names: Vec<String> = known.iter().map(|&id| name(id)).collect();
        wrong(format!("the set {} has no such partition, it has: {}", set.id, names.join(", ")))
    })?;
    let observation = &system.observation;
    let date = |time| system.calendar.date_of(time).expect("an observation lies within the calendar");
    let opens = observation.warm_up.max(system.partitions[partition].opens);
    let from = options.gantt_from.unwrap_or_else(|| date(opens.min(observation.end)));
    if from < date(Time::ZERO) || from >= date(observation.end) {
        let (first, end) = (date(Time::ZERO), date(observation.end));
        return Err(wrong(format!("{from} lies outside the observation, from {first} to before {end}")));
    }
    Ok(GanttPlan { partition, from, days: options.gantt_days })
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
    study(load(&options.study)?, &options.study, None)
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

fn study(mut scenario: Scenario, options: &StudyOptions, plan: Option<GanttPlan>) -> Result<(), Failure> {
    let judged = scenario.system.sets.len() * (1 + scenario.futures.len());
    let begun = judged * scenario.system.observation.replications as usize;
    let session = Session::open(&scenario, options, begun)?;
    let runs = session.runs();
    let more = |runs: usize| session.expect(runs * (1 + scenario.futures.len()));
    let (cells, replications) = cells_until_precise(&scenario.system, judgement_of(&scenario), &runs, more);
    scenario.system.observation.replications = replications;
    let (system, futures, objectives) = (&scenario.system, &scenario.futures, &scenario.objectives);
    let in_futures = (!futures.is_empty()).then(|| in_futures(system, futures, objectives, &runs));
    let gantt = plan.map(|plan| gantt(&Case::of(system, 0), &plan));
    let provenance = session.simulated();
    let summary = summarise(&scenario.system, &cells, judgement_of(&scenario));
    let found = Found { summary, futures: in_futures, gantt };
    write_results(&scenario, &cells, &found, &session.threads, &provenance, &session.folder)?;
    let summary = &found.summary;
    let mut tables = overview(summary);
    tables.extend(found.futures.iter().flat_map(|found| futures_tables(found, summary.replications)));
    print_tables(&tables, options.format)?;
    session.tell(runs.count(), provenance.simulated_s, None);
    let missed = missed_aims(summary);
    if !missed.is_empty() {
        session.remark(&format!(
            "warning: not as precise after {replications} replications as was asked for: {}",
            missed.join(", ")
        ));
    }
    Ok(())
}

/// What the sets of a scenario are judged by.
fn judgement_of(scenario: &Scenario) -> Judgement<'_> {
    Judgement {
        plan: scenario.comparison,
        objectives: &scenario.objectives,
        precision: scenario.precision.as_ref(),
    }
}
