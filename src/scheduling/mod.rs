//! Local policies and the broker: a read-only view in, decisions out.
//!
//! A policy sees requests, never true run times, and never the event queue. It decides; `simulation` applies.

mod broker;
mod local;
#[cfg(test)]
mod naive;
mod packing;
mod prediction;
mod running;
mod wait_queue;

pub use broker::{Choice, Preference, choose_by_completion};
pub use local::{Change, Decision, LocalScheduler, View};
pub use packing::{Packing, Placement};
pub use prediction::{Outlook, predicted_start};
pub use running::RunningSet;
pub use wait_queue::{WaitQueue, Waiting};
