//! `pleiade study`: the same studies in pieces, for many machines.

use super::conduct::{Conduct, On};
use super::engine::with_engine;
use super::failure::Failure;
use super::output::{print_tables, talk};
use super::results::hash;
use super::run::load;
use super::session::{directory_of, of_damaged, part_of};
use super::study_arguments::{
    MergeOptions, PlanOptions, PlannedCommand, ResumeOptions, StatusOptions, StudyCommands, WorkOptions,
};
use super::workshop::Workshop;
use super::{run, select, sweep};
use crate::host::{
    BUILD, Carrier, ChunkSize, Chunks, FileLoader, Interrupt, StudyFolder, Unmade, Work, shell_word,
};
use crate::report::status_table;
use crate::scenario::{self, Scenario};
use crate::study::{Halt, Manifest, Round, Store as _, StudyCommand, runs_in_words};
use std::io;
use std::path::{Path, PathBuf};

/// About how long a chunk is, where nothing is said.
const PLANNED_CHUNK_S: f64 = 60.0;

/// Does what is asked with a study.
pub(super) fn study(command: &StudyCommands) -> Result<(), Failure> {
    match command {
        StudyCommands::Plan(options) => plan(options),
        StudyCommands::Work(options) => work_on(options),
        StudyCommands::Status(options) => status(options),
        StudyCommands::Merge(options) => merge(options),
        StudyCommands::Resume(options) => resume(options),
    }
}

/// Leaves what is laid down to others.
struct LeftToOthers;

impl Carrier for LeftToOthers {
    fn carry(&self, unmade: &Unmade<'_>) -> Result<(), Halt> {
        let missing: Vec<u32> = unmade.by_chunk.iter().map(|(chunk, _)| *chunk).collect();
        Err(Halt::Unfinished { chunks: unmade.complete + missing.len() as u32, missing })
    }
}

fn plan(options: &PlanOptions) -> Result<(), Failure> {
    let (scenario, command) = planned(options)?;
    let size = options.study.engine.size.or(PLANNED_CHUNK_S);
    let here = Conduct::here(&scenario, &options.study);
    let conduct =
        Conduct { on: On::Elsewhere { carrier: &LeftToOthers, name: "", size, options: "" }, ..here };
    let directory = directory_of(&conduct.folder, &command);
    match carry_out(&scenario, command, &conduct) {
        Err(Failure::Halted { halt: Halt::Unfinished { chunks, missing }, .. }) => {
            if !options.study.quiet {
                let folder = shell_word(&directory);
                talk(&format!(
                    "{} of {chunks} chunks are to be made, each by: pleiade study work {folder} --chunk NUMBER\n\
                     which ones: pleiade study status {folder}; all of them here: pleiade study resume {folder}",
                    missing.len()
                ));
            }
            Ok(())
        }
        other => other,
    }
}

/// The scenario as the command reads it, and the command.
fn planned(options: &PlanOptions) -> Result<(Scenario, StudyCommand), Failure> {
    Ok(match options.command {
        PlannedCommand::Run => {
            let mut scenario = load(&options.study)?;
            run::keep_only(&mut scenario, 0);
            (scenario, StudyCommand::Run { gantt: None })
        }
        PlannedCommand::Compare => (load(&options.study)?, StudyCommand::Compare),
        PlannedCommand::Select => (load(&options.study)?, StudyCommand::Select),
        PlannedCommand::Sweep => (sweep::loaded(&options.study)?, StudyCommand::Sweep),
    })
}

/// Carries out the study of a command.
fn carry_out(scenario: &Scenario, command: StudyCommand, conduct: &Conduct<'_>) -> Result<(), Failure> {
    match command {
        StudyCommand::Run { .. } | StudyCommand::Compare => run::study(scenario, command, conduct),
        StudyCommand::Select => select::study(scenario, conduct),
        StudyCommand::Sweep => sweep::study(scenario, conduct),
    }
}

/// A study that lies in a folder.
struct Laid {
    scenario: Scenario,
    manifest: Manifest,
    folder: StudyFolder,
    /// The folder of the results of all commands over this scenario.
    results: PathBuf,
}

/// The study in a folder, if this program may work on it.
fn laid_in(directory: &Path) -> Result<Laid, Failure> {
    let no_study = |reason: String| Failure::NoStudy { directory: directory.to_owned(), reason };
    let folder = StudyFolder::of(directory);
    let manifest = folder.manifest().map_err(|error| no_study(error.to_string()))?;
    let manifest = manifest.ok_or_else(|| {
        let below = |part: &&&str| StudyFolder::of(&directory.join(part)).path().exists();
        let below: Vec<&str> = ["select", "sweep"].iter().filter(below).copied().collect();
        let near = match &below[..] {
            [] => "pleiade study plan FILE lays one down".to_owned(),
            parts => format!("there is one in {}", parts.join(" and in ")),
        };
        no_study(format!("no study lies here (study/manifest.json): {near}"))
    })?;
    if manifest.build != BUILD {
        return Err(no_study(format!(
            "it was laid down by another build of the program (pleiade {}, {}; this is {}, {BUILD}), whose runs may differ: \
             go on with that one, or lay it down again",
            manifest.pleiade,
            manifest.build,
            env!("CARGO_PKG_VERSION"),
        )));
    }
    let path = folder.scenario();
    let mut scenario =
        scenario::load(&path.to_string_lossy(), &FileLoader, &[]).map_err(Failure::Scenario)?;
    let is_as_laid =
        scenario.sources.first().is_some_and(|file| hash(&file.content) == manifest.scenario_sha256);
    if !is_as_laid {
        return Err(no_study("study/scenario.toml is not what was laid down".to_owned()));
    }
    if let StudyCommand::Run { .. } = manifest.command {
        run::keep_only(&mut scenario, 0);
    }
    let results = match part_of(&manifest.command) {
        "" => directory.to_owned(),
        // Without a slash at its end, which would be followed.
        _ if directory.components().collect::<PathBuf>().is_symlink() => directory.join(".."),
        _ => directory.file_name().and_then(|_| directory.parent()).map_or_else(
            || directory.join(".."),
            |parent| if parent.as_os_str().is_empty() { PathBuf::from(".") } else { parent.to_owned() },
        ),
    };
    Ok(Laid { scenario, manifest, folder, results })
}

fn work_on(options: &WorkOptions) -> Result<(), Failure> {
    let Laid { scenario, manifest, folder, results } = laid_in(&options.directory)?;
    let no_study = |reason: String| Failure::NoStudy { directory: options.directory.clone(), reason };
    let round = folder.round_of(options.chunk).map_err(|error| no_study(error.to_string()))?;
    let round = round.ok_or_else(|| {
        let last = folder.rounds().ok().and_then(|rounds| rounds.last().map(|round| round.chunks().end));
        let known = match last {
            None | Some(0) => "it has no chunks".to_owned(),
            Some(end) => format!("the last one is {}", end - 1),
        };
        no_study(format!("it has no chunk {}: {known}", options.chunk))
    })?;
    let chunks =
        Chunks::of_one(&results, &round.name_of(options.chunk)).map_err(Failure::output(&results))?;
    let workshop = Workshop::new(&scenario, &manifest.command);
    let interrupt = Interrupt::listen(|| ());
    let work = Work { folder: &folder, chunks: &chunks, interrupt: &interrupt };
    if !options.quiet {
        warn_of_damaged(&chunks);
    }
    let made = work.chunk(&round, options.chunk, |recipe| workshop.case(recipe))?;
    if !options.quiet {
        talk(&format!(
            "chunk {}: {} made, {} finished before",
            options.chunk,
            runs_in_words(made.made),
            made.found
        ));
    }
    Ok(())
}

/// Names the files that were found damaged and set aside.
fn warn_of_damaged(chunks: &Chunks) {
    for path in chunks.damaged() {
        talk(&of_damaged(&path));
    }
}

fn status(options: &StatusOptions) -> Result<(), Failure> {
    let Laid { folder, results, .. } = laid_in(&options.directory)?;
    let unreadable = |error: io::Error| Failure::NoStudy {
        directory: options.directory.clone(),
        reason: error.to_string(),
    };
    let chunks = Chunks::below(&results, false).map_err(Failure::output(&results))?;
    let rounds = folder.rounds().map_err(unreadable)?;
    let status =
        |round: &Round| round.status(|run| chunks.holds(run), |chunk| folder.failed(chunk).is_some());
    let table = status_table(&rounds.iter().map(status).collect::<Vec<_>>());
    print_tables(&[table], options.format)?;
    warn_of_damaged(&chunks);
    talk(&format!("{} are kept in {}", runs_in_words(chunks.len()), results.join("chunks").display()));
    Ok(())
}

fn merge(options: &MergeOptions) -> Result<(), Failure> {
    // Further rounds have chunks as long as those that were planned.
    let rounds = StudyFolder::of(&options.directory).rounds().unwrap_or_default();
    let size = ChunkSize::Runs(rounds.last().map_or(1, |round| round.runs_a_chunk));
    go_on(options, On::Elsewhere { carrier: &LeftToOthers, name: "chunks", size, options: "" })
}

fn resume(options: &ResumeOptions) -> Result<(), Failure> {
    with_engine(&options.engine, &options.merge.directory, |on| go_on(&options.merge, on))
}

/// Goes on with a study to its results.
fn go_on(options: &MergeOptions, on: On<'_>) -> Result<(), Failure> {
    let Laid { scenario, manifest, results, .. } = laid_in(&options.directory)?;
    let conduct = Conduct {
        folder: results,
        threads: options.threads,
        fresh: false,
        format: options.format,
        quiet: options.quiet,
        inputs: Some(manifest.inputs),
        on,
    };
    carry_out(&scenario, manifest.command, &conduct)
}
