//! The network: routes of least latency, max-min fair sharing of links, and transfers in flight.
//!
//! Bandwidth is shared as by a fluid: all transfers in flight get the max-min fair rates of their routes, at once and
//! exactly. That is right for long flows (size / rate far above the round-trip time); packets, slow start and queues
//! in routers are not seen. Rates are f64 bytes per second, instants are integer nanoseconds.
//!
//! Reading order: [`Routes`] finds the links that a transfer crosses, [`Sharing`] gives rates to classes of transfers,
//! [`Transfers`] moves bytes at those rates and says when the next one is done, [`drive`] runs a fixed list of them.

mod bits;
mod class;
mod drive;
mod ledger;
mod routes;
mod sharing;
mod transfers;

pub use drive::{PlannedTransfer, drive};
pub use ledger::Ledger;
pub use routes::{Route, Routes};
pub use sharing::{RouteId, Sharing, Terms};
pub use transfers::Transfers;

#[cfg(test)]
mod analytic;
#[cfg(test)]
mod flow_cases;
#[cfg(test)]
mod property;
#[cfg(test)]
mod slow;
#[cfg(test)]
mod timing;
