//! Access to the machines: who supports a project or reviews its application, and when they are done; what an access mode may
//! still grant, and what a project does with it.
//!
//! Staff are servers on a working clock. The desks hold all pools of a run and one queue before them, and say when each task
//! ends. Desks and ledgers are state machines over instants that draw nothing; the simulation drives them.

mod able;
mod account;
mod budget;
mod desks;
mod lines;
mod project;
#[cfg(test)]
mod slow;
mod tally;

pub use able::able;
pub use account::{Account, Balance};
pub use budget::Ledger;
pub use desks::{Begun, Desks, Task};
pub use project::{Project, Stalled, mean_pause};
pub use tally::{Law, Usage};
