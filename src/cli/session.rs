//! What every study opens and closes: its result folder, the runs kept there, threads, the progress bar, the clock.

use super::arguments::StudyOptions;
use super::drawn::draw_page;
use super::failure::Failure;
use super::output::talk;
use super::progress::{Quiet, bar};
use super::results::{Provenance, result_folder};
use crate::host::{Chunks, ResultFolder, Stopwatch, Threads};
use crate::report::format::{Quantity, estimate_with_unit};
use crate::scenario::Scenario;
use crate::statistics::{Estimate, Measure, Metric, Scope};
use crate::study::{Count, Runs, Watch};
use indicatif::ProgressBar;
use std::collections::BTreeMap;
use std::sync::Mutex;

/// A study under way.
pub(super) struct Session {
    pub(super) folder: ResultFolder,
    pub(super) threads: Threads,
    bar: ProgressBar,
    watch_runs: Box<Watch>,
    chunks: Chunks,
    watch: Stopwatch,
    is_quiet: bool,
}

impl Session {
    /// Opens the folder of a scenario before anything runs; `expected` is how many runs the bar waits for.
    pub(super) fn open(
        scenario: &Scenario,
        options: &StudyOptions,
        expected: usize,
    ) -> Result<Self, Failure> {
        let watch = Stopwatch::start();
        let folder = result_folder(scenario, &options.output)?;
        let bar = bar(expected, Quiet::from(options.quiet));
        let threads = Threads::new(options.threads, {
            let bar = bar.clone();
            move || bar.inc(1)
        })?;
        let chunks = Chunks::below(folder.path(), options.fresh).map_err(Failure::output(folder.path()))?;
        let watch_runs = precision_told(scenario, bar.clone());
        Ok(Self { folder, threads, bar, watch_runs, chunks, watch, is_quiet: options.quiet })
    }

    /// Its runs.
    pub(super) fn runs(&self) -> Runs<'_, Threads> {
        let runs = Runs::new(&self.threads, &self.chunks);
        // Nobody reads the numbers of a bar that is not drawn.
        if self.bar.is_hidden() { runs } else { runs.watched(&*self.watch_runs) }
    }

    /// So many more runs are expected.
    pub(super) fn expect(&self, more: usize) {
        self.bar.inc_length(more as u64);
    }

    /// All runs are made: what came of the time.
    pub(super) fn simulated(&self) -> Provenance {
        self.bar.finish_and_clear();
        let simulated_s = self.watch.elapsed_s();
        Provenance { threads: self.threads.count(), simulated_s, watch: self.watch }
    }

    /// Says on stderr how many runs there were and where the results are, in the folder itself or in `part` of it.
    pub(super) fn tell(&self, count: Count, simulated_s: f64, part: Option<&str>) {
        let path = part.map_or(self.folder.path().to_owned(), |part| self.folder.path().join(part));
        self.remark(&format!("{}; results and plots in {}", in_words(count, simulated_s), path.display()));
        if let Some(error) = self.chunks.failure() {
            self.remark(&format!("warning: finished runs could not be kept for a later study: {error}"));
        }
    }

    /// The page of the folder shows what was added. Where other results of it can't be read, it is left as it is.
    pub(super) fn draw_page_again(&self) {
        if let Err(error) = draw_page(&self.folder) {
            self.remark(&format!("warning: report.html was not drawn again: {error}"));
        }
    }

    /// A remark on stderr, unless nothing is to be said.
    pub(super) fn remark(&self, text: &str) {
        if !self.is_quiet {
            talk(text);
        }
    }
}

/// Tells beside the bar how precise the first objective is by now, or the mean wait without one, in the case that a run came in of.
fn precision_told(scenario: &Scenario, bar: ProgressBar) -> Box<Watch> {
    let usual = || Measure::find(Metric::WaitSMean.name(), Scope::Network).expect("the network has a wait");
    let measure = scenario.objectives.first().map_or_else(usual, |objective| objective.measure);
    let values: Mutex<BTreeMap<String, Vec<f64>>> = Mutex::default();
    Box::new(move |case, outcome| {
        let mut values = values.lock().expect("nobody panics with the lock");
        let values = values.entry(case.fingerprint().to_owned()).or_default();
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
