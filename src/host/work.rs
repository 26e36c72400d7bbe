//! The work on one chunk of a study: what a node of a cluster does.

use super::chunks::Chunks;
use super::elsewhere::unwritable;
use super::interrupt::Interrupt;
use super::local::made;
use super::study_folder::StudyFolder;
use super::watch::Stopwatch;
use crate::study::{Case, Finished, Halt, Recipe, Round, RunKey, Store as _};

/// What is finished is kept after so many seconds, so that a long chunk that is killed goes on from there.
const KEPT_EVERY_S: f64 = 60.0;

/// Works on a chunk.
pub struct Work<'a> {
    /// Where the study is laid down.
    pub folder: &'a StudyFolder,
    /// What is finished of the chunk.
    pub chunks: &'a Chunks,
    /// Asks it to stop after the run in hand.
    pub interrupt: &'a Interrupt,
}

/// What came of a chunk.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Worked {
    /// Runs made.
    pub made: usize,
    /// Runs that were finished before.
    pub found: usize,
}

impl Work<'_> {
    /// Makes the runs of a chunk that are not finished, on this thread. `case_of` makes cases from their recipes.
    ///
    /// # Errors
    /// When some of them failed: the others are finished, and the failures noted. When it was asked to stop, or what is
    /// finished can't be kept.
    pub fn chunk(
        &self,
        round: &Round,
        chunk: u32,
        case_of: impl Fn(&Recipe) -> Result<Case, Halt>,
    ) -> Result<Worked, Halt> {
        let name = round.name_of(chunk);
        self.folder.forget_failed(chunk).map_err(|error| unwritable(self.folder, &error))?;
        let (mut worked, mut finished, mut failed) = (Worked::default(), Finished::new(), Vec::new());
        let mut since = Stopwatch::start();
        for (place, replication) in round.runs_of(chunk) {
            let recipe = &round.wanted[place].recipe;
            let run = RunKey { case: recipe.fingerprint, replication };
            if self.chunks.holds(&run) {
                worked.found += 1;
                continue;
            }
            let case = case_of(recipe).map_err(|halt| halt.to_string());
            match case.and_then(|case| made(&case, replication, None)) {
                Ok(outcome) => finished.push((run, outcome)),
                Err(failure) => failed.push(failure),
            }
            if since.elapsed_s() > KEPT_EVERY_S || self.interrupt.is_asked() {
                worked.made += self.keep(&name, &mut finished)?;
                since = Stopwatch::start();
            }
            if self.interrupt.is_asked() {
                return Err(Halt::Stopped);
            }
        }
        worked.made += self.keep(&name, &mut finished)?;
        if failed.is_empty() {
            return Ok(worked);
        }
        self.folder.note_failed(chunk, &failed).map_err(|error| unwritable(self.folder, &error))?;
        Err(Halt::Failed(failed))
    }

    fn keep(&self, name: &str, finished: &mut Finished) -> Result<usize, Halt> {
        if finished.is_empty() {
            return Ok(0);
        }
        let kept = self.chunks.keep(name, finished);
        kept.map_err(|error| unwritable(self.folder, &error))?;
        Ok(std::mem::take(finished).len())
    }
}
