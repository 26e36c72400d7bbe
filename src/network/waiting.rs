//! The transfers whose latency has not passed yet, by the instant at which it will.

use super::sharing::RouteId;
use crate::units::Time;
use std::cmp::Ordering;

/// A transfer that waits for its latency to pass.
#[derive(Debug, Clone, Copy)]
pub(super) struct Waiting<T> {
    pub(super) until: Time,
    /// The order of starting, which breaks ties.
    pub(super) sequence: u64,
    pub(super) route: RouteId,
    pub(super) bytes: u64,
    pub(super) token: T,
}

impl<T> PartialEq for Waiting<T> {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other).is_eq()
    }
}
impl<T> Eq for Waiting<T> {}
impl<T> PartialOrd for Waiting<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}
impl<T> Ord for Waiting<T> {
    /// Reversed, since the heap gives its greatest first.
    fn cmp(&self, other: &Self) -> Ordering {
        (other.until, other.sequence).cmp(&(self.until, self.sequence))
    }
}
