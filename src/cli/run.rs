//! `pleiade run` and `pleiade compare`: replications of one or of all candidate sets.

use super::arguments::{CompareOptions, RunOptions, StudyOptions};
use super::conduct::Conduct;
use super::engine::conducted;
use super::failure::Failure;
use super::output::print_tables;
use super::results::{Found, RunsFile, write_results};
use super::session::Session;
use crate::host::FileLoader;
use crate::model::{PartitionId, System};
use crate::report::choosing::futures_tables;
use crate::report::objective_tables::missed_aims;
use crate::report::overview;
use crate::scenario::{self, Override, Scenario};
use crate::study::{
    Case, GanttAsked, GanttPlan, Judgement, StudyCommand, gantt, gathered, in_futures,
    replications_until_precise,
};
use crate::units::Time;
use std::sync::Arc;

/// Runs one candidate set.
pub(super) fn run(options: &RunOptions) -> Result<(), Failure> {
    let mut scenario = load(&options.study)?;
    let sets = &scenario.system.sets;
    let wanted = match &options.candidates {
        None => 0,
        Some(id) => sets.iter().position(|set| set.id == *id).ok_or_else(|| {
            let known: Vec<&str> = sets.iter().map(|set| set.id.as_str()).collect();
            Failure::Option(format!("the scenario has no candidate set {id:?}, it has: {}", known.join(", ")))
        })?,
    };
    if options.candidates.is_some() {
        scenario.resolved_toml = with_only_set(&scenario.resolved_toml, &sets[wanted].id);
    }
    keep_only(&mut scenario, wanted);
    let gantt = options.gantt.clone().map(|partition| GanttAsked {
        partition,
        from: options.gantt_from,
        days: options.gantt_days,
    });
    let command = StudyCommand::Run { gantt };
    conducted(&scenario, &command.clone(), &options.study, |conduct| study(&scenario, command, conduct))
}

/// Leaves one of the sets in the scenario and in its futures.
pub(super) fn keep_only(scenario: &mut Scenario, place: usize) {
    let keep = |system: &mut System| system.sets = vec![system.sets.swap_remove(place)];
    keep(&mut scenario.system);
    for future in &mut scenario.futures {
        keep(Arc::make_mut(&mut future.system));
    }
}

/// The partition and the days that are to be drawn.
fn gantt_plan(system: &System, asked: &GanttAsked) -> Result<GanttPlan, Failure> {
    let (set, path) = (&system.sets[0], asked.partition.as_str());
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
    let from = asked.from.unwrap_or_else(|| date(opens.min(observation.end)));
    if from < date(Time::ZERO) || from >= date(observation.end) {
        let (first, end) = (date(Time::ZERO), date(observation.end));
        return Err(wrong(format!("{from} lies outside the observation, from {first} to before {end}")));
    }
    Ok(GanttPlan { partition, from, days: asked.days })
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
    let scenario = load(&options.study)?;
    let command = StudyCommand::Compare;
    conducted(&scenario, &command.clone(), &options.study, |conduct| study(&scenario, command, conduct))
}

/// Reads the scenario with the overrides of the command line.
pub(super) fn load(options: &StudyOptions) -> Result<Scenario, Failure> {
    load_with(options, None)
}

/// The same with one more override.
pub(super) fn load_with(options: &StudyOptions, more: Option<String>) -> Result<Scenario, Failure> {
    let named = [
        options.seed.map(|seed| format!("observation.seed={seed}")),
        options.replications.map(|count| format!("observation.replications={count}")),
    ];
    let named = named.into_iter().flatten().chain(more);
    let overrides: Vec<Override> = options.overrides.iter().cloned().chain(named).map(Override).collect();
    scenario::load(&options.file.to_string_lossy(), &FileLoader, &overrides).map_err(Failure::Scenario)
}

/// Carries out the study of `run`, of the only set of the scenario, or of `compare`.
pub(super) fn study(
    scenario: &Scenario,
    command: StudyCommand,
    conduct: &Conduct<'_>,
) -> Result<(), Failure> {
    let plan = match &command {
        StudyCommand::Run { gantt: Some(asked) } => Some(gantt_plan(&scenario.system, asked)?),
        _ => None,
    };
    let judged = scenario.system.sets.len() * (1 + scenario.futures.len());
    let begun = judged * scenario.system.observation.replications as usize;
    let session = Session::open(scenario, command, conduct, begun)?;
    let more = |runs: usize| session.expect(runs * (1 + scenario.futures.len()));
    let (futures, objectives) = (&scenario.futures, &scenario.objectives);
    let ((system, summary, rows, in_futures), count) = session.carry_out(scenario, |runs| {
        let mut system = scenario.system.clone();
        let judgement = judgement_of(scenario);
        let replications = replications_until_precise(&system, judgement, runs, more)?;
        system.observation.replications = replications;
        let wanted = (!futures.is_empty()).then_some(replications);
        let in_futures =
            wanted.map(|replications| in_futures((&system, replications), futures, objectives, runs));
        let in_futures = in_futures.transpose()?;
        let mut rows = RunsFile::begin(&session.folder)?;
        let summary = gathered(&system, judgement, runs, |cells| rows.add(&system, cells))?;
        Ok::<_, Failure>((system, summary, rows, in_futures))
    })?;
    let replications = summary.replications;
    let gantt = plan.map(|plan| gantt(&Case::of(&system, 0), &plan));
    let provenance = session.simulated();
    let found = Found { summary, futures: in_futures, gantt };
    write_results((scenario, &system), (rows, &found), &session.threads, &provenance, &session.folder)?;
    session.draw_page_again()?;
    let summary = &found.summary;
    let mut tables = overview(summary);
    tables.extend(found.futures.iter().flat_map(|found| futures_tables(found, summary.replications)));
    print_tables(&tables, conduct.format)?;
    session.tell(count, provenance.simulated_s);
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
