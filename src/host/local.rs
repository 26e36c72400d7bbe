//! The threads of this machine as the engine of a study.

use super::chunks::Chunks;
use super::interrupt::Interrupt;
use super::threads::Threads;
use super::watch::Stopwatch;
use crate::study::{Case, Engine, Finished, Halt, Launcher, Store, Watch, outcome_bytes};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};

/// A thread keeps what it has finished after so many seconds, and so much is lost at most when it is killed.
const KEPT_EVERY_S: f64 = 1.0;
/// A portion of this many runs is kept whatever it took.
const RUNS_A_CHUNK: usize = 64;

/// Makes runs on threads of this machine.
pub struct LocalEngine<'a> {
    /// The threads.
    pub threads: &'a Threads,
    /// Where finished runs are kept.
    pub chunks: &'a Chunks,
    /// Looks at each run as it is made.
    pub watch: Option<&'a Watch>,
    /// Asks it to stop after the runs in hand.
    pub interrupt: &'a Interrupt,
}

impl Engine for LocalEngine<'_> {
    fn make(&self, cases: &[Case], missing: &[(usize, u32)]) -> Result<(), Halt> {
        // As many portions as keep all threads at work to the end, so that the last one is never long.
        let portion = (missing.len() / (32 * self.threads.count())).clamp(1, RUNS_A_CHUNK);
        let portions: Vec<&[(usize, u32)]> = missing.chunks(portion).collect();
        // What can't be kept is not worth making.
        let is_broken = AtomicBool::new(false);
        let ends = self.threads.launch(portions.len(), |index| {
            if is_broken.load(Ordering::Relaxed) {
                return Ok(Vec::new());
            }
            let failed = self.portion(cases, portions[index]);
            is_broken.fetch_or(failed.is_err(), Ordering::Relaxed);
            failed
        });
        let failed: Vec<String> = ends.into_iter().collect::<Result<Vec<_>, _>>()?.concat();
        match (self.interrupt.is_asked(), failed.is_empty()) {
            (true, _) => Err(Halt::Stopped),
            (false, true) => Ok(()),
            (false, false) => Err(Halt::Failed(failed)),
        }
    }

    fn shows_runs(&self) -> bool {
        self.watch.is_some()
    }
}

impl LocalEngine<'_> {
    /// Makes some runs on this thread and keeps them; those that failed, in words.
    ///
    /// # Errors
    /// When what is finished can't be kept.
    fn portion(&self, cases: &[Case], runs: &[(usize, u32)]) -> Result<Vec<String>, Halt> {
        let (mut finished, mut failed) = (Finished::new(), Vec::new());
        let mut since = Stopwatch::start();
        for &(case, replication) in runs {
            if self.interrupt.is_asked() {
                break;
            }
            let case = &cases[case];
            match made(case, replication, self.watch) {
                Ok(outcome) => finished.push((case.run_key(replication), outcome)),
                Err(failure) => failed.push(failure),
            }
            if since.elapsed_s() > KEPT_EVERY_S {
                self.keep(&mut finished)?;
                since = Stopwatch::start();
            }
        }
        self.keep(&mut finished)?;
        Ok(failed)
    }

    fn keep(&self, finished: &mut Finished) -> Result<(), Halt> {
        if finished.is_empty() { Ok(()) } else { self.chunks.write(std::mem::take(finished)) }
    }
}

/// The outcome of a run as bytes; where it broke down, which one and why.
pub(super) fn made(case: &Case, replication: u32, watch: Option<&Watch>) -> Result<Vec<u8>, String> {
    // A run works on what is its own, so that nothing half-changed outlives it.
    let outcome = catch_unwind(AssertUnwindSafe(|| case.run(replication)))
        .map_err(|cause| format!("{}, replication {replication}: {}", case.name(), in_words(&*cause)))?;
    if let Some(watch) = watch {
        watch(case, &outcome);
    }
    Ok(outcome_bytes(&outcome))
}

fn in_words(cause: &(dyn Any + Send)) -> &str {
    let text = cause.downcast_ref::<String>().map(String::as_str);
    text.or_else(|| cause.downcast_ref::<&str>().copied()).unwrap_or("it broke down without a word")
}
