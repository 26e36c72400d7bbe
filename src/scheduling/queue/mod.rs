//! The queue of a partition: the waiting jobs in their order, with searches that skip what can't start.
//!
//! First come, first served without lanes lies in a ring ([`ArrivalLane`](arrival_lane::ArrivalLane)); every other order in balanced trees
//! ([`RankedLane`](ranked_lane::RankedLane)). Both keep the least units and the least requested time of each subtree, so that the next job that
//! may start is found in O(log n); see `naive` for the plain forms that the tests compare with.

mod ageing;
mod arrival_lane;
mod lane;
mod lanes;
mod ranked_lane;
mod summary;
mod wait_queue;
mod waiting;

pub use wait_queue::WaitQueue;
pub use waiting::{Fit, From, Joining, Place, Waiting};
