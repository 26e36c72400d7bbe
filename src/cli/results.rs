//! The result folder of a study: what stands in it, and in which file.

use super::drawn::{FUTURES, GANTT, RUNS, STUDY, draw_study, write};
use super::failure::Failure;
use crate::host::{NewFile, ResultFolder, Stopwatch, Threads, host_name};
use crate::model::System;
use crate::report::RunRowsWriter;
use crate::scenario::{Scenario, Source};
use crate::study::{Cell, Count, FuturesSummary, Gantt, Input, StudySummary, hexadecimal, run_rows};
use serde_json::json;
use sha2::{Digest, Sha256};
use std::io;
use std::path::{Path, PathBuf};

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
    (runs, found): (RunsFile, &Found),
    threads: &Threads,
    provenance: &Provenance,
    folder: &ResultFolder,
) -> Result<(), Failure> {
    let path = folder.path();
    let write = |name: &str, content: &[u8]| write(folder, name, content);
    write("scenario.resolved.toml", scenario.resolved_toml.as_bytes())?;
    write("manifest.json", &pretty(&manifest(scenario, system, &provenance.inputs)))?;
    let (runs, events) = runs.end()?;
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
    write("provenance.json", &pretty(&provenance_json(provenance, runs, events)))
}

/// `runs.parquet`, written while runs are read.
pub(super) struct RunsFile {
    rows: RunRowsWriter<NewFile>,
    path: PathBuf,
    runs: u64,
    events: u64,
}

impl RunsFile {
    /// Begins the file in a folder.
    pub(super) fn begin(folder: &ResultFolder) -> Result<Self, Failure> {
        let path = folder.path().join(RUNS);
        let file = folder.begin(RUNS).map_err(Failure::output(&path))?;
        let rows = RunRowsWriter::new(file).map_err(unwritten(&path))?;
        Ok(Self { rows, path, runs: 0, events: 0 })
    }

    /// Adds the rows of some cells.
    pub(super) fn add(&mut self, system: &System, cells: &[Cell]) -> Result<(), Failure> {
        self.runs += cells.len() as u64;
        self.events += cells.iter().map(|cell| cell.events).sum::<u64>();
        self.rows.add(run_rows(system, cells)).map_err(unwritten(&self.path))
    }

    /// Lets the file appear; how many runs there were, and events in them.
    fn end(self) -> Result<(u64, u64), Failure> {
        let file = self.rows.end().map_err(unwritten(&self.path))?;
        file.end().map_err(Failure::output(&self.path))?;
        Ok((self.runs, self.events))
    }
}

/// For a closure over an error of rows that are written to `path`.
pub(super) fn unwritten<E: Into<Box<dyn std::error::Error + Send + Sync>>>(
    path: &Path,
) -> impl FnOnce(E) -> Failure + '_ {
    move |error| Failure::output(path)(io::Error::other(error))
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
