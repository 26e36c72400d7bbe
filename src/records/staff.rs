//! One row a pool of reviewers or support staff: what its people did.

use crate::model::PoolId;

/// What the people of a pool did from time zero to the end of the observation, in person-nanoseconds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StaffRow {
    /// The pool.
    pub pool: PoolId,
    /// With a task, in working hours.
    pub worked: u128,
    /// Employed, in working hours: never less.
    pub staffed: u128,
}
