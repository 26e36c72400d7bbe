//! Runs by case and replication: made where they are not finished yet, then read.
//!
//! A run is a function of its case and replication, so that it does not matter when it was made, or where: more replications
//! later give the same results as all at once, and so does another machine.
//!
//! ```text
//! wanted runs -> those the store lacks -> an engine makes them -> all are read from the store, in order
//! ```

use super::case::{Case, Outcome};
use super::recipe::{Fingerprint, Wanted};
use super::rounds::ranges_in_words;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

/// One run: what a store keeps its outcome by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct RunKey {
    /// Of the case.
    pub case: Fingerprint,
    /// The replication, from 0.
    pub replication: u32,
}

/// The outcomes of some runs, as bytes.
pub type Finished = Vec<(RunKey, Vec<u8>)>;

/// Where the threads of this machine work. The results come back in the order of the cells, whoever worked on them.
pub trait Launcher {
    /// Calls `work` for each of `0..cells` and returns the results by index.
    fn launch<T: Send, F: Fn(usize) -> T + Send + Sync>(&self, cells: usize, work: F) -> Vec<T>;
}

/// Where finished runs are kept.
pub trait Store: Sync {
    /// Whether the outcome of a run is kept.
    fn holds(&self, run: &RunKey) -> bool;
    /// The bytes kept of a run, as they were written: damaged ones are not kept.
    fn read(&self, run: &RunKey) -> Option<Vec<u8>>;
    /// Keeps the outcomes of some runs, all or none of them.
    ///
    /// # Errors
    /// When they can't be kept.
    fn write(&self, finished: Finished) -> Result<(), Halt>;
}

/// Where runs are made.
pub trait Engine: Sync {
    /// Sees to it that the store holds the `missing` runs, pairs of a place in `cases` and a replication.
    ///
    /// # Errors
    /// When it does not hold them all; those that could be made are kept.
    fn make(&self, cases: &[Case], missing: &[(usize, u32)]) -> Result<(), Halt>;

    /// Whether each run is shown to whoever watches while it is made.
    fn shows_runs(&self) -> bool {
        false
    }

    /// Hears of runs that will be wanted later. An engine whose workers would wait for each other between small portions
    /// sees to it that the store holds them all.
    ///
    /// # Errors
    /// As [`Engine::make`].
    fn ahead(&self, wanted: &mut dyn Iterator<Item = Wanted>) -> Result<(), Halt> {
        let _ = wanted;
        Ok(())
    }

    /// How many runs it would like to have at once, so that no worker stands idle; 0 where that is of no matter.
    fn room(&self) -> usize {
        0
    }
}

/// Why a study stands still before its end. What is finished is kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Halt {
    /// Runs that fail whenever they are made.
    #[error("{} failed, the others are finished:\n{}", runs_in_words(.0.len()), .0.join("\n"))]
    Failed(Vec<String>),
    /// Somebody asked it to stop.
    #[error("stopped after the runs in hand")]
    Stopped,
    /// A portion of runs is to be made elsewhere.
    #[error("{} of {chunks} chunks are to be made: {}", missing.len(), ranges_in_words(missing))]
    Unfinished {
        /// Chunks of the portion.
        chunks: u32,
        /// The numbers of those that are not complete.
        missing: Vec<u32>,
    },
    /// Somebody went away from a study that a cluster goes on with.
    #[error("left to the cluster, which goes on")]
    Detached,
    /// An engine does not do what it should.
    #[error("{0}")]
    Engine(String),
    /// A file can't be written.
    #[error("failed to write {path}: {reason}")]
    Write {
        /// The file or folder.
        path: String,
        /// What the system says.
        reason: String,
    },
}

/// `3 runs`, `1 run`.
pub fn runs_in_words(runs: usize) -> String {
    format!("{runs} {}", if runs == 1 { "run" } else { "runs" })
}

/// How many runs there were.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Count {
    /// Runs made.
    pub made: u64,
    /// Runs that were finished before.
    pub read: u64,
    /// Events handled in those made.
    pub events: u64,
}

/// Looks at each run as it comes in.
pub type Watch = dyn Fn(&Case, &Outcome) + Sync;

/// An engine, and the store and threads by which its runs are read: they give the outcome of any run.
pub struct Runs<'a, L> {
    launcher: &'a L,
    store: &'a dyn Store,
    engine: &'a dyn Engine,
    watch: Option<&'a Watch>,
    made: AtomicU64,
    read: AtomicU64,
    events: AtomicU64,
}

impl<'a, L: Launcher + Sync> Runs<'a, L> {
    /// Runs made by `engine`, kept in `store`, read by `launcher`.
    pub fn new(launcher: &'a L, store: &'a dyn Store, engine: &'a dyn Engine) -> Self {
        let zero = || AtomicU64::new(0);
        Self { launcher, store, engine, watch: None, made: zero(), read: zero(), events: zero() }
    }

    /// The same runs, each shown to `watch` when it is there, unless the engine has shown it; in no order that could be
    /// relied on.
    #[must_use]
    pub fn watched(mut self, watch: &'a Watch) -> Self {
        self.watch = Some(watch);
        self
    }

    /// What `take` makes of the outcomes of the `wanted` runs, pairs of a place in `cases` and a replication, in their order.
    ///
    /// # Errors
    /// When they can't all be made.
    pub fn each<T: Send>(
        &self,
        cases: &[Case],
        wanted: &[(usize, u32)],
        take: impl Fn(&Case, Outcome) -> T + Send + Sync,
    ) -> Result<Vec<T>, Halt> {
        self.taken(cases, wanted, true, take)
    }

    /// The same of runs that were asked for before: they are neither counted nor shown once more.
    ///
    /// # Errors
    /// When they can't all be made.
    pub fn again<T: Send>(
        &self,
        cases: &[Case],
        wanted: &[(usize, u32)],
        take: impl Fn(&Case, Outcome) -> T + Send + Sync,
    ) -> Result<Vec<T>, Halt> {
        self.taken(cases, wanted, false, take)
    }

    fn taken<T: Send>(
        &self,
        cases: &[Case],
        wanted: &[(usize, u32)],
        is_first: bool,
        take: impl Fn(&Case, Outcome) -> T + Send + Sync,
    ) -> Result<Vec<T>, Halt> {
        let missing = self.missing(cases, wanted);
        if !missing.is_empty() {
            self.engine.make(cases, &missing)?;
        }
        let is_missing: BTreeSet<(usize, u32)> = missing.into_iter().collect();
        let taken = self.launcher.launch(wanted.len(), |index| {
            let (case, made) = (&cases[wanted[index].0], is_missing.contains(&wanted[index]));
            let outcome = match self.outcome(case, wanted[index].1) {
                Some(outcome) => outcome,
                None => self.once_more(cases, wanted[index])?,
            };
            if !is_first {
                return Ok(take(case, outcome));
            }
            if made {
                self.made.fetch_add(1, Ordering::Relaxed);
                self.events.fetch_add(outcome.events, Ordering::Relaxed);
            } else {
                self.read.fetch_add(1, Ordering::Relaxed);
            }
            if let Some(watch) = self.watch.filter(|_| !made || !self.engine.shows_runs()) {
                watch(case, &outcome);
            }
            Ok(take(case, outcome))
        });
        taken.into_iter().collect()
    }

    /// Tells the engine of runs that will be wanted.
    ///
    /// # Errors
    /// When an engine that makes them at once can't.
    pub fn ahead(&self, wanted: &mut dyn Iterator<Item = Wanted>) -> Result<(), Halt> {
        self.engine.ahead(wanted)
    }

    /// How many runs the engine would like to have at once.
    pub fn room(&self) -> usize {
        self.engine.room()
    }

    /// How many runs there were so far.
    pub fn count(&self) -> Count {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Count { made: of(&self.made), read: of(&self.read), events: of(&self.events) }
    }

    /// The wanted runs that the store lacks, each once, in their order.
    fn missing(&self, cases: &[Case], wanted: &[(usize, u32)]) -> Vec<(usize, u32)> {
        let mut seen = BTreeSet::new();
        let lacks = |&&(case, replication): &&(usize, u32)| {
            let run = cases[case].run_key(replication);
            seen.insert(run) && !self.store.holds(&run)
        };
        wanted.iter().filter(lacks).copied().collect()
    }

    fn outcome(&self, case: &Case, replication: u32) -> Option<Outcome> {
        postcard::from_bytes(&self.store.read(&case.run_key(replication))?).ok()
    }

    /// A run that was kept and can't be read is made again.
    fn once_more(&self, cases: &[Case], run: (usize, u32)) -> Result<Outcome, Halt> {
        self.engine.make(cases, &[run])?;
        let (case, replication) = (&cases[run.0], run.1);
        self.outcome(case, replication).ok_or_else(|| {
            Halt::Engine(format!("replication {replication} of {} can't be read back", case.name()))
        })
    }
}

/// The outcome as a store keeps it.
pub fn outcome_bytes(outcome: &Outcome) -> Vec<u8> {
    postcard::to_stdvec(outcome).expect("outcomes are plain data")
}

/// A store in memory, for as long as it lives.
#[derive(Debug, Default)]
struct MemoryStore(Mutex<BTreeMap<RunKey, Vec<u8>>>);

impl Store for MemoryStore {
    fn holds(&self, run: &RunKey) -> bool {
        self.0.lock().expect("nobody panics with the lock").contains_key(run)
    }

    fn read(&self, run: &RunKey) -> Option<Vec<u8>> {
        self.0.lock().expect("nobody panics with the lock").get(run).cloned()
    }

    fn write(&self, finished: Finished) -> Result<(), Halt> {
        self.0.lock().expect("nobody panics with the lock").extend(finished);
        Ok(())
    }
}

/// What `work` makes of runs that are made by `launcher` and kept in memory for as long as it takes.
pub fn in_memory<L: Launcher + Sync, T>(launcher: &L, work: impl FnOnce(&Runs<'_, L>) -> T) -> T {
    let store = MemoryStore::default();
    let engine = Direct { launcher, store: &store };
    work(&Runs::new(launcher, &store, &engine))
}

/// Makes runs at once, one a cell of a launcher; those that fail take the study with them.
struct Direct<'a, L> {
    launcher: &'a L,
    store: &'a dyn Store,
}

impl<L: Launcher + Sync> Engine for Direct<'_, L> {
    fn make(&self, cases: &[Case], missing: &[(usize, u32)]) -> Result<(), Halt> {
        let made = self.launcher.launch(missing.len(), |index| {
            let (case, replication) = (&cases[missing[index].0], missing[index].1);
            self.store.write(vec![(case.run_key(replication), outcome_bytes(&case.run(replication)))])
        });
        made.into_iter().collect()
    }
}
