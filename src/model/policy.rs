//! The policies a scenario chooses from. What they do is written in `scheduling`.

use crate::units::Span;

/// How a partition serves its queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LocalPolicy {
    /// First come, first served: the head starts when it fits, nothing overtakes it.
    Fcfs,
    /// EASY backfilling: the head of the queue has the only reservation.
    Easy,
}

/// How a job finds its site.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum BrokerPolicy {
    /// The country's home site; above a predicted wait, the site of least predicted completion. `None` never overflows.
    Home {
        /// The predicted wait above which a job leaves its home.
        overflow_wait: Option<Span>,
    },
    /// The site where the job is predicted to complete first.
    LeastCompletion,
    /// Any site on which it fits, with equal probability.
    Random,
}

/// The order of events at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EventOrder {
    /// Completions, network updates, arrivals, then one scheduling pass for each partition.
    EndsFirst,
    /// Submissions one by one, then completions one by one in the order of their starts, a pass after each: the order
    /// of the published schedules of the parallel workloads archive's logs.
    SubmissionsFirst,
}
