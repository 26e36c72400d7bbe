//! What every study opens and closes: its result folder, the runs kept there, threads, the progress bar, the clock.

use super::conduct::{Conduct, On};
use super::drawn::draw_page;
use super::failure::Failure;
use super::output::talk;
use super::progress::{Quiet, bar};
use super::results::{Provenance, hash, inputs};
use super::workshop::Workshop;
use crate::host::{
    BUILD, Chunks, Elsewhere, Interrupt, LocalEngine, ResultFolder, Stopwatch, StudyFolder, Threads,
    shell_word,
};
use crate::report::format::{Quantity, estimate_with_unit};
use crate::scenario::Scenario;
use crate::statistics::{Estimate, Measure, Metric, Scope};
use crate::study::{Count, Engine, Fingerprint, Input, Manifest, Runs, StudyCommand, Watch, runs_in_words};
use indicatif::ProgressBar;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// A study under way.
pub(super) struct Session<'a> {
    pub(super) folder: ResultFolder,
    pub(super) threads: Threads,
    command: StudyCommand,
    study: StudyFolder,
    inputs: Vec<Input>,
    on: On<'a>,
    bar: ProgressBar,
    watch_runs: Box<Watch>,
    chunks: Chunks,
    interrupt: Interrupt,
    watch: Stopwatch,
    is_quiet: bool,
}

/// The subfolder of a result folder in which the study of a command stands.
pub(super) fn part_of(command: &StudyCommand) -> &'static str {
    match command {
        StudyCommand::Run { .. } | StudyCommand::Compare => "",
        StudyCommand::Select => "select",
        StudyCommand::Sweep => "sweep",
    }
}

/// The folder by which a study is named.
pub(super) fn directory_of(results: &Path, command: &StudyCommand) -> PathBuf {
    match part_of(command) {
        "" => results.to_owned(),
        part => results.join(part),
    }
}

impl<'a> Session<'a> {
    /// Opens the folder of a study before anything runs: a wrong one costs no time. `expected` is how many runs the bar waits
    /// for.
    pub(super) fn open(
        scenario: &Scenario,
        command: StudyCommand,
        conduct: &Conduct<'a>,
        expected: usize,
    ) -> Result<Self, Failure> {
        let watch = Stopwatch::start();
        let path = &conduct.folder;
        let folder = ResultFolder::create(path.clone()).map_err(Failure::output(path))?;
        let bar = bar(expected, Quiet::from(conduct.quiet));
        let threads = Threads::new(conduct.threads)?;
        let chunks = Chunks::below(path, conduct.fresh).map_err(Failure::output(path))?;
        let watch_runs = watching(scenario, bar.clone());
        let interrupt = Interrupt::listen({
            let (bar, is_quiet) = (bar.clone(), conduct.quiet);
            move || {
                if !is_quiet {
                    bar.suspend(|| talk("stopping; Ctrl-C once more ends it at once"));
                }
            }
        });
        let inputs = conduct.inputs.clone().unwrap_or_else(|| inputs(scenario));
        let study = StudyFolder::of(&directory_of(path, &command));
        let manifest = Manifest {
            pleiade: env!("CARGO_PKG_VERSION").to_owned(),
            build: BUILD.to_owned(),
            command: command.clone(),
            scenario_sha256: hash(scenario.resolved_toml.as_bytes()),
            inputs: inputs.clone(),
        };
        study.lay_down(&manifest, &scenario.resolved_toml).map_err(Failure::output(study.path()))?;
        let (on, is_quiet) = (conduct.on, conduct.quiet);
        Ok(Self {
            folder,
            threads,
            command,
            study,
            inputs,
            on,
            bar,
            watch_runs,
            chunks,
            interrupt,
            watch,
            is_quiet,
        })
    }

    /// What `work` makes of the study's runs, and how many there were.
    pub(super) fn carry_out<T, E: Into<Failure>>(
        &self,
        scenario: &Scenario,
        work: impl FnOnce(&Runs<'_, Threads>) -> Result<T, E>,
    ) -> Result<(T, Count), Failure> {
        let watch = Some(&*self.watch_runs);
        let (threads, chunks, interrupt) = (&self.threads, &self.chunks, &self.interrupt);
        let here = LocalEngine { threads, chunks, watch, interrupt };
        let workshop = Workshop::new(scenario, &self.command);
        let case_of = |recipe: &_| workshop.case(recipe);
        let on_progress = |left: usize| self.bar.set_message(format!("{left} runs not finished"));
        let elsewhere;
        let engine: &dyn Engine = match self.on {
            On::Here => &here,
            On::Elsewhere { carrier, size, .. } => {
                let folder = &self.study;
                let (case_of, on_progress) = (&case_of, &on_progress);
                let run_s = Mutex::default();
                elsewhere =
                    Elsewhere { folder, chunks, carrier, size, case_of, interrupt, on_progress, run_s };
                &elsewhere
            }
        };
        let runs = Runs::new(threads, chunks, engine).watched(&*self.watch_runs);
        let worked = work(&runs).map_err(|failure| self.with_place(failure.into()));
        self.bar.finish_and_clear();
        for path in chunks.damaged() {
            self.remark(&of_damaged(&path));
        }
        Ok((worked?, runs.count()))
    }

    /// A halt says how it goes on.
    fn with_place(&self, failure: Failure) -> Failure {
        let options = match self.on {
            On::Here => "",
            On::Elsewhere { options, .. } => options,
        };
        let go_on = || format!("pleiade study resume {}{options}", shell_word(&self.directory()));
        match failure {
            Failure::Halted { halt, .. } => Failure::Halted { halt, go_on: Some(go_on()) },
            other => other,
        }
    }

    /// The folder by which the study is named.
    pub(super) fn directory(&self) -> PathBuf {
        directory_of(self.folder.path(), &self.command)
    }

    /// So many more runs are expected.
    pub(super) fn expect(&self, more: usize) {
        self.bar.inc_length(more as u64);
    }

    /// All runs are made: what came of the time.
    pub(super) fn simulated(&self) -> Provenance {
        let engine = match self.on {
            On::Here => "threads of this machine",
            On::Elsewhere { name, .. } => name,
        };
        let (threads, simulated_s) = (self.threads.count(), self.watch.elapsed_s());
        Provenance { engine, threads, simulated_s, watch: self.watch, inputs: self.inputs.clone() }
    }

    /// Says on stderr how many runs there were and where the results are.
    pub(super) fn tell(&self, count: Count, simulated_s: f64) {
        let path = self.directory();
        self.remark(&format!("{}; results and plots in {}", in_words(count, simulated_s), path.display()));
    }

    /// The page of the folder shows what was added. Where other results of it can't be read, it is left as it is.
    pub(super) fn draw_page_again(&self) -> Result<(), Failure> {
        match draw_page(&self.folder) {
            Err(error @ (Failure::Stored { .. } | Failure::Input { .. })) => {
                self.remark(&format!("warning: report.html was not drawn again: {error}"));
                Ok(())
            }
            drawn => drawn,
        }
    }

    /// A remark on stderr, unless nothing is to be said.
    pub(super) fn remark(&self, text: &str) {
        if !self.is_quiet {
            talk(text);
        }
    }
}

/// What is said of a file of finished runs that was found damaged.
pub(super) fn of_damaged(path: &Path) -> String {
    format!("warning: {} is damaged and was not read; its runs are made again", path.display())
}

/// Moves the bar on with each run, and tells beside it how precise the first objective is by now, or the mean wait without
/// one, in the case that the run is of.
fn watching(scenario: &Scenario, bar: ProgressBar) -> Box<Watch> {
    let usual = || Measure::find(Metric::WaitSMean.name(), Scope::Network).expect("the network has a wait");
    let measure = scenario.objectives.first().map_or_else(usual, |objective| objective.measure);
    let values: Mutex<BTreeMap<Fingerprint, Vec<f64>>> = Mutex::default();
    Box::new(move |case, outcome| {
        bar.inc(1);
        // Nobody reads the numbers of a bar that is not drawn.
        if bar.is_hidden() {
            return;
        }
        let mut values = values.lock().expect("nobody panics with the lock");
        let values = values.entry(case.fingerprint()).or_default();
        values.push(case.value(&measure, outcome));
        let (estimate, count) = (Estimate::of(values.iter().copied()), values.len() as u32);
        let text = estimate_with_unit(&estimate, Quantity::of_unit(measure.unit()), count);
        if estimate.half_width.is_some() {
            bar.set_message(format!("{} of {}: {text}, n = {count}", measure.metric(), case.set().id));
        }
    })
}

/// How many runs there were, and what they took.
fn in_words(count: Count, simulated_s: f64) -> String {
    let runs = |runs: u64| runs_in_words(runs as usize);
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
