//! Local policies and the broker: a read-only view in, decisions out.
//!
//! A policy sees requests, never true run times, and never the event queue. It decides; `simulation` applies.

mod broker;
mod fair_share;
mod local;
#[cfg(test)]
mod naive;
mod prediction;
mod running;
mod wait_queue;

pub use broker::{Choice, Preference, choose_by_completion};
pub use fair_share::{
    Account, Claim, Decay, DecayedUsage, FairTree, Multifactor, SizeFavour, SplitPriority, Standing,
    least_served,
};
pub use local::{Change, Decision, LocalScheduler, View};
pub use prediction::{Outlook, predicted_start};
pub use running::RunningSet;
pub use wait_queue::{WaitQueue, Waiting};
