//! The threads of this machine as a launcher: cells in parallel, results by index.

use crate::study::Launcher;
use rayon::prelude::*;

/// A pool of threads that tells how many cells are done.
pub struct Threads {
    pool: rayon::ThreadPool,
    on_done: Box<dyn Fn() + Send + Sync>,
}

impl Threads {
    /// A pool of `threads` (0: one a core) that calls `on_done` after each cell.
    ///
    /// # Errors
    /// When the operating system gives no threads.
    pub fn new(
        threads: usize,
        on_done: impl Fn() + Send + Sync + 'static,
    ) -> Result<Self, rayon::ThreadPoolBuildError> {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(threads).build()?;
        Ok(Self { pool, on_done: Box::new(on_done) })
    }

    /// How many threads it has.
    pub fn count(&self) -> usize {
        self.pool.current_num_threads()
    }
}

impl Launcher for Threads {
    fn launch<T: Send, F: Fn(usize) -> T + Send + Sync>(&self, cells: usize, work: F) -> Vec<T> {
        let run = |cell| {
            let result = work(cell);
            (self.on_done)();
            result
        };
        // One cell a task: cells differ in length, and no order of work changes the results.
        self.pool.install(|| (0..cells).into_par_iter().with_max_len(1).map(run).collect())
    }
}
