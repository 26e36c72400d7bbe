//! Runs by case and replication: made where they are not finished yet, read where they are.
//!
//! A run is a function of its case and replication, so that it does not matter when it was made: more replications later
//! give the same results as all at once.

use super::case::{Case, Outcome};
use std::sync::atomic::{AtomicU64, Ordering};

/// Where the cells of a study run. The results come back in the order of the cells, whoever ran them.
pub trait Launcher {
    /// Calls `work` for each of `0..cells` and returns the results by index.
    fn launch<T: Send, F: Fn(usize) -> T + Send + Sync>(&self, cells: usize, work: F) -> Vec<T>;
}

/// Where finished runs are kept, by name. What can't be kept is made again.
pub trait Store: Sync {
    /// The bytes kept under `name`.
    fn read(&self, name: &str) -> Option<Vec<u8>>;
    /// Keeps `bytes` under `name`.
    fn write(&self, name: &str, bytes: &[u8]);
}

/// A store that keeps nothing.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoStore;

impl Store for NoStore {
    fn read(&self, _: &str) -> Option<Vec<u8>> {
        None
    }

    fn write(&self, _: &str, _: &[u8]) {}
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

/// A launcher and a store: they give the outcome of any run.
pub struct Runs<'a, L> {
    launcher: &'a L,
    store: &'a dyn Store,
    watch: Option<&'a Watch>,
    made: AtomicU64,
    read: AtomicU64,
    events: AtomicU64,
}

impl<'a, L: Launcher + Sync> Runs<'a, L> {
    /// Runs by `launcher`, kept in `store`.
    pub fn new(launcher: &'a L, store: &'a dyn Store) -> Self {
        let zero = || AtomicU64::new(0);
        Self { launcher, store, watch: None, made: zero(), read: zero(), events: zero() }
    }

    /// The same runs, each shown to `watch` when it is there, in no order that could be relied on.
    #[must_use]
    pub fn watched(mut self, watch: &'a Watch) -> Self {
        self.watch = Some(watch);
        self
    }

    /// What `take` makes of the outcomes of the `wanted` runs, pairs of a place in `cases` and a replication, in their order.
    pub fn each<T: Send>(
        &self,
        cases: &[Case],
        wanted: &[(usize, u32)],
        take: impl Fn(&Case, Outcome) -> T + Send + Sync,
    ) -> Vec<T> {
        self.launcher.launch(wanted.len(), |index| {
            let (case, replication) = (&cases[wanted[index].0], wanted[index].1);
            let outcome = self.outcome(case, replication);
            if let Some(watch) = self.watch {
                watch(case, &outcome);
            }
            take(case, outcome)
        })
    }

    /// How many runs there were so far.
    pub fn count(&self) -> Count {
        let of = |counter: &AtomicU64| counter.load(Ordering::Relaxed);
        Count { made: of(&self.made), read: of(&self.read), events: of(&self.events) }
    }

    fn outcome(&self, case: &Case, replication: u32) -> Outcome {
        let name = format!("{}-{replication}", case.fingerprint());
        let kept = self.store.read(&name).and_then(|bytes| postcard::from_bytes(&bytes).ok());
        if let Some(outcome) = kept {
            self.read.fetch_add(1, Ordering::Relaxed);
            return outcome;
        }
        let outcome = case.run(replication);
        self.made.fetch_add(1, Ordering::Relaxed);
        self.events.fetch_add(outcome.events, Ordering::Relaxed);
        self.store.write(&name, &postcard::to_stdvec(&outcome).expect("outcomes are plain data"));
        outcome
    }
}
