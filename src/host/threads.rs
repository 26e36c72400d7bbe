//! The threads of this machine: cells in parallel, results by index.

use crate::study::Launcher;
use rayon::prelude::*;

/// A pool of threads.
pub struct Threads {
    pool: rayon::ThreadPool,
}

impl Threads {
    /// A pool of `threads`; 0: one a core.
    ///
    /// # Errors
    /// When the operating system gives no threads.
    pub fn new(threads: usize) -> Result<Self, rayon::ThreadPoolBuildError> {
        Ok(Self { pool: rayon::ThreadPoolBuilder::new().num_threads(threads).build()? })
    }

    /// How many threads it has.
    pub fn count(&self) -> usize {
        self.pool.current_num_threads()
    }
}

impl Launcher for Threads {
    fn launch<T: Send, F: Fn(usize) -> T + Send + Sync>(&self, cells: usize, work: F) -> Vec<T> {
        // One cell a task: cells differ in length, and no order of work changes the results.
        self.pool.install(|| (0..cells).into_par_iter().with_max_len(1).map(work).collect())
    }
}
