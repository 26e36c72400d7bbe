//! Datasets in storage: which site may hold them, which holds a copy, and which copy goes when room is needed.
//!
//! Pure structures. [`may_hold`] is the rule of residency, [`Storage`] the copies of one site, [`Replicas`] those of all
//! sites with the homes. They know no time but the order of what they are told, and move no bytes: who owns them says
//! when a copy came, who uses it and when it is let go of.

mod replicas;
mod residency;
#[cfg(test)]
mod slow;
mod storage;

pub use replicas::Replicas;
pub use residency::may_hold;
pub use storage::{Answer, Books, Storage};
