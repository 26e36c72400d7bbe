//! Local policies and the broker: a read-only view in, decisions out.
//!
//! A policy sees requests, never true run times, and never the event queue. It decides; `simulation` applies.

mod broker;
mod local;
mod malleable;
mod moldable;
#[cfg(test)]
mod naive;
mod prediction;
mod progress;
mod running;
mod wait_queue;

pub use broker::{Choice, Preference, choose_by_completion};
pub use local::{Change, Decision, LocalScheduler, View};
pub use malleable::{MalleableJob, redistribute};
pub use moldable::{SizeOption, choose_size};
pub use prediction::{Outlook, predicted_start};
pub use progress::Progress;
pub use running::RunningSet;
pub use wait_queue::{WaitQueue, Waiting};
