//! Local policies and the broker: a read-only view in, decisions out.
//!
//! A policy sees requests, never true run times, and never the event queue. It decides; `simulation` applies.

mod broker;
mod calendar;
mod conservative;
mod cost;
mod cycle;
mod earlier_slots;
mod easy;
mod fair_share;
mod in_order;
mod limits;
mod malleable;
#[cfg(test)]
mod naive;
mod order;
mod packed;
mod packing;
mod policy;
mod prediction;
mod preemption;
mod preference;
mod profile;
mod queue;
mod replan;
mod running;
mod snapshot;

pub use broker::{Choice, Offer, choose_by_completion, choose_by_score, draw, draw_by_fraction, fewest};
pub use calendar::{Block, Blocks};
pub use cost::{Cause, Cost, causes, cost};
pub use fair_share::{
    Account, Accounts, Claim, DecayedUsage, FairTree, SplitPriority, Standing, least_served,
};
pub use limits::{Borrowing, Entitlement, Limits, Most, Project, Share, Tally, Turn};
pub use malleable::{MalleableJob, redistribute};
pub use packed::SharedNodes;
pub use packing::{Packing, Placement};
pub use policy::{Change, Decision, Policy, Promise, Setting, View, policy};
pub use prediction::{Forecast, Outlook};
pub use preemption::{Active, Claimant, Leaves, borrowers_to_push_out, victims};
pub use preference::Preference;
pub use profile::Profile;
pub use queue::{Fit, From, Joining, Place, WaitQueue, Waiting};
pub use running::RunningSet;
pub use snapshot::Snapshot;
