//! How the network behaves beside its graph: cables that fail and are changed, the choice of routes, the model of
//! transfers, and bulk transfers by a plan.

use super::ids::{CableId, LinkId, NodeId, SiteId};
use crate::engine::Distribution;
use crate::units::{ByteRate, Bytes, Span, Time};

/// Both directions of a line: they fail together and are changed together.
#[derive(Debug, Clone, PartialEq)]
pub struct Cable {
    /// Its key among the random numbers: the id of the link in the scenario.
    pub key: String,
    /// Its two directions.
    pub links: [LinkId; 2],
    /// How it fails by chance; `None`: never.
    pub failures: Option<Failures>,
    /// When it is out of service by plan: disjoint, ascending.
    pub outages: Vec<(Time, Time)>,
    /// Its capacity each way from these instants on, ascending.
    pub upgrades: Vec<(Time, ByteRate)>,
}

impl Cable {
    /// Whether it is as it is for ever.
    pub fn never_changes(&self) -> bool {
        self.failures.is_none() && self.outages.is_empty() && self.upgrades.is_empty()
    }
}

/// An alternating renewal process of being up and being mended.
#[derive(Debug, Clone, PartialEq)]
pub struct Failures {
    /// Seconds from the end of a repair, or from time zero, to the next failure.
    pub up_s: Distribution,
    /// Seconds of a repair.
    pub repair_s: Distribution,
}

/// Which routes transfers take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Routing {
    /// The one of least latency.
    LeastLatency,
    /// All that are equal to it in latency and number of links, at most so many.
    EqualPaths(u32),
    /// So many without circles, of least latency.
    KShortest(u32),
}

/// What becomes of a transfer when a link on its way fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OnFailure {
    /// It waits, and goes on with what is left.
    Resume,
    /// It begins again: what it has sent is lost.
    Restart,
}

/// From capacities and latencies to what a transfer gets.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct TransferModel {
    /// The part of a link's capacity that carries data; the rest are headers.
    pub efficiency: f64,
    /// How many one-way latencies pass before the first byte moves.
    pub start_up: f64,
    /// The most bytes in flight of one transfer, over all its streams: with the round-trip time they bound its rate.
    pub window: Option<Bytes>,
    /// By how many thousandths of its rate a transfer loads its way back.
    pub reverse_traffic: u32,
}

impl TransferModel {
    /// A fluid: all of the capacity, one latency, no window, nothing on the way back.
    pub const FLUID: Self = Self { efficiency: 1.0, start_up: 1.0, window: None, reverse_traffic: 0 };
}

/// What holds for the whole network.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct NetworkRules {
    /// Which routes transfers take.
    pub routing: Routing,
    /// How long after a link has failed, come back or been changed the routes follow.
    pub reroute_delay: Span,
    /// What becomes of transfers over a link that fails.
    pub on_failure: OnFailure,
    /// What a transfer gets.
    pub transfers: TransferModel,
    /// The weight of the jobs' own data where transfers share a link.
    pub job_weight: u32,
}

impl NetworkRules {
    /// Routes of least latency that follow after 50 s, transfers as a fluid that go on where they were.
    pub const PLAIN: Self = Self {
        routing: Routing::LeastLatency,
        reroute_delay: Span(50_000_000_000),
        on_failure: OnFailure::Resume,
        transfers: TransferModel::FLUID,
        job_weight: 1,
    };

    /// The rate that a window allows: all of it once a round trip, which is twice the latency of the way there.
    pub fn cap_of(window: Bytes, latency: Span) -> ByteRate {
        ByteRate(window.0 as f64 / (2.0 * latency.as_seconds()))
    }
}

/// Data that move by a plan, whatever the jobs do: a backup, a mirror, the feed of an instrument.
#[derive(Debug, Clone, PartialEq)]
pub struct ScheduledTransfer {
    /// Its id in the scenario.
    pub id: String,
    /// Its ends.
    pub ends: [NodeId; 2],
    /// The sites among its ends: in sets without them it does not take place.
    pub sites: Vec<SiteId>,
    /// How much each time.
    pub bytes: Bytes,
    /// When, ascending.
    pub starts: Vec<Time>,
    /// Its weight where transfers share a link.
    pub weight: u32,
}

/// The changeable cables of a network, by id.
pub type Cables = super::ids::IdVec<CableId, Cable>;
