//! Who is next by right rather than by arrival: decaying usage, Slurm's fair tree and multifactor priority, and
//! dominant-resource fairness.
//!
//! The way of the data: what jobs hold becomes the usage of their account ([`DecayedUsage`]); usage and shares become a
//! factor for each leaf of the tree of accounts ([`FairTree`]); that factor, size, quality of service and age become the
//! priority of a job ([`Multifactor`](crate::model::Multifactor)). [`least_served`] is the other road: it compares what communities hold now, over
//! several partitions at once, and needs no history.

mod accounts;
mod dominant;
mod fair_tree;
mod multifactor;
mod usage;
#[cfg(test)]
mod walk;

pub use accounts::Accounts;
pub use dominant::{Claim, least_served};
pub use fair_tree::{Account, FairTree};
pub use multifactor::{SplitPriority, Standing};
pub use usage::DecayedUsage;
