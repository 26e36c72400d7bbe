//! An engine that lays runs down in rounds of chunks, for somebody else to carry them out.

use super::chunks::Chunks;
use super::interrupt::Interrupt;
use super::local::made;
use super::study_folder::StudyFolder;
use super::watch::Stopwatch;
use crate::study::chunk::chunk_name;
use crate::study::{Case, Engine, Finished, Halt, Recipe, Round, RunKey, Store, Wanted};
use std::collections::BTreeSet;
use std::io;
use std::ops::Range;
use std::sync::Mutex;

/// A round has so many runs at most: a worker reads one round to find its chunk.
const RUNS_A_ROUND: usize = 100_000;
/// To learn how long a run takes some are made, of so many cases spread over all, and as many runs at least, unless that is more
/// than a quarter of all.
const PILOT_RUNS: usize = 8;
/// They go on for so many seconds, in which what only the first ones wait for loses its weight,
const PILOT_S: f64 = 1.0;
/// but beyond those of the least they are no more than one of so many of all.
const PILOT_ONE_OF: usize = 50;
/// Fewer are made where they take more seconds than this.
const PILOT_MOST_S: f64 = 20.0;

/// A round has so many runs at least for each chunk that can be in hand at once, where the study may look ahead.
const RUNS_A_SLOT: usize = 4;

/// Carries chunks out.
pub trait Carrier: Sync {
    /// Sees to it that the chunks of these numbers are made, or says why they are not.
    ///
    /// # Errors
    /// When they are not all made. Those that are, are kept.
    fn carry(&self, unmade: &Unmade<'_>) -> Result<(), Halt>;

    /// How many chunks it can have in hand at once, where it knows.
    fn slots(&self) -> usize {
        0
    }
}

/// Chunks that are to be made.
pub struct Unmade<'a> {
    /// Where they are laid down.
    pub folder: &'a StudyFolder,
    /// Where their outcomes are kept.
    pub chunks: &'a Chunks,
    /// Their numbers and runs.
    pub by_chunk: Vec<(u32, Vec<RunKey>)>,
    /// Chunks of the same rounds that are complete.
    pub complete: u32,
    /// Asks to leave it to itself.
    pub interrupt: &'a Interrupt,
    /// Hears how many of the runs are not finished.
    pub on_progress: &'a (dyn Fn(usize) + Sync),
}

impl Unmade<'_> {
    /// The numbers of the chunks that are not complete by now.
    ///
    /// # Errors
    /// When the folder can't be read.
    pub fn left(&self) -> Result<Vec<u32>, Halt> {
        self.chunks.look_again().map_err(|error| unreadable(&error))?;
        let lacks = |keys: &[RunKey]| keys.iter().any(|key| !self.chunks.holds(key));
        Ok(self.by_chunk.iter().filter(|(_, keys)| lacks(keys)).map(|(chunk, _)| *chunk).collect())
    }

    /// Looks for some of the chunks by their names, before they count as lost.
    pub fn look_for(&self, chunks: &[u32]) {
        let chunks: BTreeSet<u32> = chunks.iter().copied().collect();
        for (_, keys) in self.by_chunk.iter().filter(|(chunk, _)| chunks.contains(chunk)) {
            self.chunks.look_for(&chunk_name(keys.iter().copied()));
        }
    }

    /// How many of the runs are not finished by now.
    pub fn runs_left(&self) -> usize {
        let keys = self.by_chunk.iter().flat_map(|(_, keys)| keys);
        keys.filter(|key| !self.chunks.holds(key)).count()
    }
}

/// How long a chunk shall be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ChunkSize {
    /// So many runs.
    Runs(u32),
    /// About so many seconds, by what a few runs take here.
    Seconds(f64),
}

/// The engine. `case_of` makes cases from their recipes.
pub struct Elsewhere<'a> {
    /// Where the study is laid down.
    pub folder: &'a StudyFolder,
    /// Where outcomes are kept.
    pub chunks: &'a Chunks,
    /// Who carries chunks out.
    pub carrier: &'a dyn Carrier,
    /// How long they are.
    pub size: ChunkSize,
    /// Makes a case from its recipe.
    pub case_of: &'a (dyn Fn(&Recipe) -> Result<Case, Halt> + Sync),
    /// Asks to leave the chunks to themselves.
    pub interrupt: &'a Interrupt,
    /// Hears how many of the runs that were asked for are not finished.
    pub on_progress: &'a (dyn Fn(usize) + Sync),
    /// How long a run takes, in s, once a few were made to learn it.
    pub run_s: Mutex<Option<f64>>,
}

impl Engine for Elsewhere<'_> {
    fn make(&self, cases: &[Case], missing: &[(usize, u32)]) -> Result<(), Halt> {
        let mut wanted: Vec<Wanted> = Vec::new();
        let mut last = None;
        for &(case, replication) in missing {
            match wanted.last_mut() {
                Some(one) if last == Some(case) && one.replications.end == replication => {
                    one.replications.end += 1;
                }
                _ => wanted.push(Wanted {
                    recipe: Recipe::of(&cases[case]),
                    replications: replication..replication + 1,
                }),
            }
            last = Some(case);
        }
        self.carry_out(wanted)
    }

    fn ahead(&self, wanted: &mut dyn Iterator<Item = Wanted>) -> Result<(), Halt> {
        let missing: Vec<Wanted> = wanted.flat_map(|wanted| self.lacking(&wanted)).collect();
        if missing.is_empty() { Ok(()) } else { self.carry_out(missing) }
    }

    fn room(&self) -> usize {
        RUNS_A_SLOT * self.carrier.slots()
    }
}

impl Elsewhere<'_> {
    /// The runs that the store lacks.
    fn lacking(&self, wanted: &Wanted) -> Vec<Wanted> {
        let lacking = wanted.runs().filter(|run| !self.chunks.holds(run)).map(|run| run.replication);
        let mut ranges: Vec<Range<u32>> = Vec::new();
        for replication in lacking {
            match ranges.last_mut() {
                Some(range) if range.end == replication => range.end += 1,
                _ => ranges.push(replication..replication + 1),
            }
        }
        let of = |replications| Wanted { recipe: wanted.recipe.clone(), replications };
        ranges.into_iter().map(of).collect()
    }

    fn carry_out(&self, wanted: Vec<Wanted>) -> Result<(), Halt> {
        let rounds = self.rounds_of(wanted)?;
        let all = rounds.iter().map(|round| round.chunks().len() as u32).sum::<u32>();
        let by_chunk = rounds.iter().flat_map(Round::keys_by_chunk);
        let by_chunk: Vec<_> =
            by_chunk.filter(|(_, keys)| keys.iter().any(|key| !self.chunks.holds(key))).collect();
        if by_chunk.is_empty() {
            return Ok(());
        }
        let complete = all - by_chunk.len() as u32;
        let Self { folder, chunks, interrupt, on_progress, .. } = *self;
        self.carrier.carry(&Unmade { folder, chunks, by_chunk, complete, interrupt, on_progress })
    }

    /// The rounds that have all of these runs, laid down where there are none.
    fn rounds_of(&self, mut wanted: Vec<Wanted>) -> Result<Vec<Round>, Halt> {
        loop {
            if let Some(rounds) = self.laid_down(&wanted)? {
                return Ok(rounds);
            }
            if let Some(rounds) = self.lay_down(&mut wanted)? {
                return Ok(rounds);
            }
            // Somebody else lays down rounds of this study at the same time: they may be those that are wanted.
            self.chunks.look_again().map_err(|error| unreadable(&error))?;
        }
    }

    /// The rounds that have all of these runs already: an earlier go laid them down and was broken off.
    fn laid_down(&self, wanted: &[Wanted]) -> Result<Option<Vec<Round>>, Halt> {
        let mut rounds = self.folder.rounds().map_err(|error| unreadable(&error))?;
        let mut left: BTreeSet<RunKey> = wanted.iter().flat_map(Wanted::runs).collect();
        rounds.retain(|round| {
            let before = left.len();
            round.wanted.iter().flat_map(Wanted::runs).for_each(|run| {
                left.remove(&run);
            });
            left.len() < before
        });
        Ok(left.is_empty().then_some(rounds))
    }

    /// Lays down rounds of those of the runs that are not finished; `None` where somebody else was faster.
    fn lay_down(&self, wanted: &mut Vec<Wanted>) -> Result<Option<Vec<Round>>, Halt> {
        let runs_a_chunk = match self.size {
            ChunkSize::Runs(runs) => runs,
            ChunkSize::Seconds(seconds) => {
                let runs: usize = wanted.iter().map(|one| one.replications.len()).sum();
                let at_most = ((seconds / self.run_s(wanted)?) as usize).max(1);
                even_chunks(runs, at_most, self.carrier.slots()) as u32
            }
        };
        let known = self.folder.rounds().map_err(|error| unreadable(&error))?;
        let mut first_chunk = known.last().map_or(0, |round| round.chunks().end);
        let mut rounds: Vec<Round> = Vec::new();
        let mut part: Vec<Wanted> = Vec::new();
        let mut runs = 0;
        // Without what was just made to learn how long it takes.
        *wanted = wanted.iter().flat_map(|one| self.lacking(one)).collect();
        for (place, one) in wanted.iter().enumerate() {
            runs += one.replications.len();
            part.push(one.clone());
            if runs >= RUNS_A_ROUND || place + 1 == wanted.len() {
                let round = Round { first_chunk, runs_a_chunk, wanted: std::mem::take(&mut part) };
                if !self.folder.add(&round).map_err(|error| unwritable(self.folder, &error))? {
                    return Ok(None);
                }
                (first_chunk, runs) = (round.chunks().end, 0);
                rounds.push(round);
            }
        }
        Ok(Some(rounds))
    }

    /// How long a run takes, in s, by a few of them made here; what they give is kept.
    fn run_s(&self, wanted: &[Wanted]) -> Result<f64, Halt> {
        let mut known = self.run_s.lock().expect("nobody panics with the lock");
        if let Some(run_s) = *known {
            return Ok(run_s);
        }
        let some: Vec<&Wanted> = wanted.iter().step_by(wanted.len().div_ceil(PILOT_RUNS)).collect();
        let case_of = |one: &&Wanted| (self.case_of)(&one.recipe);
        let cases = some.iter().map(case_of).collect::<Result<Vec<_>, _>>()?;
        let longest = some.iter().map(|one| one.replications.len()).max().unwrap_or(0);
        // The first replication of each case, then the second ones.
        let runs = (0..longest).flat_map(|place| {
            let pairs = cases.iter().zip(&some);
            pairs.filter_map(move |(case, one)| Some((case, one.replications.clone().nth(place)?)))
        });
        let all: usize = wanted.iter().map(|one| one.replications.len()).sum();
        let at_least = PILOT_RUNS.min(all.div_ceil(4));
        let (watch, mut made_here, mut finished) = (Stopwatch::start(), 0, Finished::new());
        for (case, replication) in runs.take(at_least.max(all / PILOT_ONE_OF)) {
            // One that fails, fails again where it belongs.
            if let Ok(outcome) = made(case, replication, None) {
                finished.push((case.run_key(replication), outcome));
            }
            made_here += 1;
            let s = watch.elapsed_s();
            if s > PILOT_MOST_S || (made_here >= at_least && s > PILOT_S) || self.interrupt.is_asked() {
                break;
            }
        }
        let run_s = watch.elapsed_s() / made_here as f64;
        if !finished.is_empty() {
            self.chunks.write(finished)?;
        }
        if self.interrupt.is_asked() {
            return Err(Halt::Stopped);
        }
        *known = Some(run_s);
        Ok(run_s)
    }
}

/// Runs in each chunk, at most so many, for all workers to have as many chunks: none stands idle while others make the last ones.
fn even_chunks(runs: usize, at_most: usize, workers: usize) -> usize {
    let chunks = runs.div_ceil(at_most).next_multiple_of(workers.max(1));
    runs.div_ceil(chunks.max(1)).max(1)
}

fn unreadable(error: &io::Error) -> Halt {
    Halt::Engine(format!("failed to read the study: {error}"))
}

pub(super) fn unwritable(folder: &StudyFolder, error: &io::Error) -> Halt {
    Halt::Write { path: folder.path().display().to_string(), reason: error.to_string() }
}

#[cfg(test)]
mod tests {
    use super::even_chunks;

    #[test]
    fn all_workers_have_as_many_chunks() {
        // Three chunks for two workers would leave one idle: four are made.
        assert_eq!(even_chunks(12_000, 4_486, 2), 3_000);
        // Short of work, chunks are shorter, and one run is the least.
        assert_eq!((even_chunks(100, 4_486, 8), even_chunks(3, 50, 8), even_chunks(0, 50, 8)), (13, 1, 1));
        // Nobody knows how many workers there are.
        assert_eq!(even_chunks(100, 30, 0), 25);
    }
}
