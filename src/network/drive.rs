//! A fixed list of transfers on an otherwise idle network: the finish instant of each.
//!
//! It serves validation, where nothing but the network is under test.

use super::sharing::RouteId;
use super::transfers::Transfers;
use crate::units::{Bytes, Time};

/// A transfer that starts at a given instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PlannedTransfer {
    /// When its latency begins.
    pub start: Time,
    /// Along which route.
    pub route: RouteId,
    /// How much.
    pub bytes: Bytes,
}

/// Runs `plan`, in any order of starts, on `network`, which has the routes and no transfer yet. Gives the finish
/// instants in the order of the plan: [`Time::MAX`] for a transfer that stands still for ever.
///
/// ```
/// use pleiade::model::LinkId;
/// use pleiade::network::{PlannedTransfer, Route, Terms, Transfers, drive};
/// use pleiade::units::{ByteRate, Bytes, Span, Time};
/// let mut network = Transfers::new([ByteRate(1e9)]);
/// let route = Route::along(vec![LinkId(0)], Span::from_seconds(1));
/// let route = network.add_route(&route, Terms::PLAIN);
/// let plan = [PlannedTransfer { start: Time::ZERO, route, bytes: Bytes(2_000_000_000) }];
/// assert_eq!(drive(&mut network, &plan), [Time::from_seconds(3)]);
/// ```
pub fn drive(network: &mut Transfers<u32>, plan: &[PlannedTransfer]) -> Vec<Time> {
    let mut order: Vec<u32> = (0..u32::try_from(plan.len()).expect("fewer than 2^32 transfers")).collect();
    order.sort_by_key(|&index| plan[index as usize].start);
    let mut finish = vec![Time::MAX; plan.len()];
    let mut finished = Vec::new();
    let mut starts = order.into_iter().peekable();
    loop {
        let start = starts.peek().map(|&index| plan[index as usize].start);
        let Some(now) = network.next_event().into_iter().chain(start).min() else { break };
        network.advance(now, &mut finished);
        for index in finished.drain(..) {
            finish[index as usize] = now;
        }
        while let Some(index) = starts.next_if(|&index| plan[index as usize].start == now) {
            let PlannedTransfer { route, bytes, .. } = plan[index as usize];
            network.start(now, route, bytes, index);
        }
    }
    finish
}
