//! One run: the closed set of events, one handler each; the only place where the parts meet.
//!
//! [`simulate`] is a pure function of (system, set, universe, workload). It holds only live jobs: rows leave through the
//! sink as jobs end. Order at one instant (rule 2 of the design): month ends, completions, openings and repairs, network
//! updates, failures, arrivals, then at most one scheduling pass for each partition; what these add at the present instant forms the next
//! round. Under `submissions-first` arrivals come before completions and a pass follows each event.

mod arrivals;
mod cables;
mod calendar;
mod checks;
mod copies;
mod data;
mod draws;
mod event;
mod granting;
mod holding_back;
mod lanes;
mod live;
mod partition;
mod parts;
mod patience;
mod places;
mod preempt;
mod projects;
mod reclaim;
mod resize;
mod rights;
mod routing;
mod run;
mod segments;
mod sending;
mod service;
mod sessions;
mod sight;
mod split;
mod staging;
mod support;
mod times;
mod training;
mod waits;

pub use checks::{Checks, RunReport};
pub use run::simulate;
