//! Access to the machines by people for people: who supports a project or reviews its application, and when they are done.
//!
//! Staff are servers on a working clock. The desks hold all pools of a run, one queue before them, and say when each task
//! ends; they are a pure state machine over instants, and the simulation drives them.

mod able;
mod desks;
mod lines;
#[cfg(test)]
mod slow;
mod tally;

pub use able::able;
pub use desks::{Begun, Desks, Task};
pub use tally::{Law, Usage};
