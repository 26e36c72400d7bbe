//! The network: routes of least latency, max-min fair sharing of links, and transfers in flight.
//!
//! Bandwidth is shared as by a fluid: all transfers in flight get the max-min fair rates of their routes, at once and
//! exactly. That is right for long flows (size / rate far above the round-trip time); packets, slow start and queues
//! in routers are not seen. Rates are f64 bytes per second, instants are integer nanoseconds.
//!
//! Reading order: [`Routes`] and [`k_shortest()`] find the links that a transfer crosses, [`Sharing`] gives rates to classes
//! of transfers, [`Transfers`] moves bytes at those rates and says when the next one is done, [`Network`] keeps the ways
//! between places up to date while links fail and change, [`drive()`] runs a fixed list of transfers.

mod class;
mod clock;
mod demand;
mod drive;
mod filling;
mod fixing;
mod former;
mod group;
mod k_shortest;
mod ledger;
mod link;
mod reroute;
mod routes;
mod sharing;
mod transfers;
mod turns;
mod waiting;
mod ways;

pub use drive::{PlannedTransfer, drive};
pub use k_shortest::k_shortest;
pub use ledger::Ledger;
pub use routes::{Route, Routes};
pub use sharing::{RouteId, Sharing, Terms};
pub use transfers::Transfers;
pub use ways::{Network, WayId};

#[cfg(test)]
mod analytic;
#[cfg(test)]
mod flow_cases;
#[cfg(test)]
mod incremental;
#[cfg(test)]
mod property;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod timing;
