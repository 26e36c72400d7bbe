//! How much a choice may take.

/// The runs of a search, a ranking and a final. A run is one of a set in one future and one replication.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Effort {
    /// Runs of search and ranking together, at most.
    pub runs: u64,
    /// Replications of a set in the search.
    pub look: u32,
    /// Sets that come into the final, at most.
    pub finalists: u32,
    /// Replications of each finalist before one is dropped, at least 2.
    pub first: u32,
    /// Replications of a finalist, at most.
    pub most: u32,
    /// The confidence of the answer.
    pub confidence: f64,
}

/// The part of the runs of search and ranking that the search may spend.
const SEARCH: f64 = 0.7;

impl Effort {
    /// How many sets the search may run in so many futures.
    pub fn searched_sets(&self, futures: usize) -> u64 {
        (self.runs as f64 * SEARCH) as u64 / (u64::from(self.look) * futures.max(1) as u64)
    }
}

impl Default for Effort {
    fn default() -> Self {
        Self { runs: 1_000, look: 3, finalists: 8, first: 10, most: 200, confidence: 0.95 }
    }
}

/// The runs by which the worth of each candidate is worked out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WorthEffort {
    /// Runs, at most.
    pub runs: u64,
    /// Replications of a set.
    pub replications: u32,
}

impl Default for WorthEffort {
    fn default() -> Self {
        Self { runs: 2_000, replications: 5 }
    }
}
