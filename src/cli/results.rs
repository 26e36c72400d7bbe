//! The result folder of a study: what stands in it, and in which file.

use super::drawn::{FUTURES, GANTT, STUDY, draw_study, write};
use super::failure::Failure;
use crate::host::{ResultFolder, Stopwatch, Threads, host_name};
use crate::model::System;
use crate::report;
use crate::scenario::{Scenario, Source};
use crate::study::{Cell, Count, FuturesSummary, Gantt, Input, StudySummary, hexadecimal, run_rows};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::io;

/// What only `provenance.json` may say: it differs from machine to machine and from run to run.
pub(super) struct Provenance {
    /// Where the runs were made.
    pub(super) engine: &'static str,
    /// Threads used.
    pub(super) threads: usize,
    /// Wall time of the runs.
    pub(super) simulated_s: f64,
    /// Started when the command was.
    pub(super) watch: Stopwatch,
    /// The files that the scenario was read from.
    pub(super) inputs: Vec<Input>,
}

/// What a study found.
pub(super) struct Found {
    /// Its sets.
    pub(super) summary: StudySummary,
    /// The same in futures, where the scenario has some.
    pub(super) futures: Option<FuturesSummary>,
    /// Who held what on a partition, where that was asked for.
    pub(super) gantt: Option<Gantt>,
}

fn plain(results: &impl serde::Serialize) -> serde_json::Value {
    serde_json::to_value(results).expect("results are plain data")
}

/// Writes everything a study leaves behind into its folder.
pub(super) fn write_results(
    (scenario, system): (&Scenario, &System),
    cells: &[Cell],
    found: &Found,
    threads: &Threads,
    provenance: &Provenance,
    folder: &ResultFolder,
) -> Result<(), Failure> {
    let path = folder.path();
    let write = |name: &str, content: &[u8]| write(folder, name, content);
    write("scenario.resolved.toml", scenario.resolved_toml.as_bytes())?;
    write("manifest.json", &pretty(&manifest(scenario, system, &provenance.inputs)))?;
    let rows = report::run_rows_parquet(&run_rows(system, cells));
    write("runs.parquet", &rows.map_err(|error| Failure::output(path)(io::Error::other(error)))?)?;
    for (name, results) in [
        (STUDY, Some(plain(&found.summary))),
        (FUTURES, found.futures.as_ref().map(plain)),
        (GANTT, found.gantt.as_ref().map(plain)),
    ] {
        match results {
            Some(results) => write(name, &pretty(&results))?,
            // Those of an earlier study in this folder would be drawn with this one.
            None => folder.remove(name).map_err(Failure::output(&path.join(name)))?,
        }
    }
    draw_study(folder, threads)?;
    let events = cells.iter().map(|cell| cell.events).sum();
    write("provenance.json", &pretty(&provenance_json(provenance, cells.len() as u64, events)))
}

/// Writes the results of a part of a study into a folder of its own below the study's: what was asked, `file` as JSON, and
/// provenance.
pub(super) fn write_part(
    folder: &ResultFolder,
    scenario: &Scenario,
    (file, results): (&str, &serde_json::Value),
    (provenance, count): (&Provenance, Count),
) -> Result<(), Failure> {
    let part = file.rfind('/').map_or("", |end| &file[..=end]);
    let write_in = |name: &str, content: &[u8]| write(folder, &format!("{part}{name}"), content);
    write_in("scenario.resolved.toml", scenario.resolved_toml.as_bytes())?;
    write_in("manifest.json", &pretty(&manifest(scenario, &scenario.system, &provenance.inputs)))?;
    write(folder, file, &pretty(results))?;
    write_in("provenance.json", &pretty(&provenance_json(provenance, count.made + count.read, count.events)))
}

/// The SHA-256 of `content` in hexadecimal digits.
pub(super) fn hash(content: &[u8]) -> String {
    hexadecimal(&Sha256::digest(content))
}

/// The files that a scenario was read from.
pub(super) fn inputs(scenario: &Scenario) -> Vec<Input> {
    // Names are relative to the main file, the first one read, so that they do not depend on where the program ran.
    let main = scenario.sources.first().map_or("", |source| &source.name);
    let folder = main.rfind('/').map_or("", |end| &main[..=end]);
    let input = |source: &Source| Input {
        name: source.name.strip_prefix(folder).unwrap_or(&source.name).to_owned(),
        sha256: hash(&source.content),
    };
    scenario.sources.iter().map(input).collect()
}

/// Version, seed and input hashes: what identifies the results.
fn manifest(scenario: &Scenario, system: &System, inputs: &[Input]) -> serde_json::Value {
    let observation = &system.observation;
    json!({
        "pleiade": env!("CARGO_PKG_VERSION"),
        "scenario": scenario.system.name,
        "title": scenario.title,
        "seed": observation.seed,
        "replications": observation.replications,
        "sets": scenario.system.sets.iter().map(|set| &set.id).collect::<Vec<_>>(),
        "inputs": inputs,
        "resolved_sha256": hash(scenario.resolved_toml.as_bytes()),
    })
}

fn provenance_json(provenance: &Provenance, runs: u64, events: u64) -> serde_json::Value {
    json!({
        "host": host_name(),
        "engine": provenance.engine,
        "threads": provenance.threads,
        "runs": runs,
        "events": events,
        "simulated_s": provenance.simulated_s,
        "wall_s": provenance.watch.elapsed_s(),
    })
}

pub(super) fn pretty(value: &serde_json::Value) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(value).expect("results are plain data");
    text.push(b'\n');
    text
}
