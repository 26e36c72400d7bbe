//! The network part of the scenario file: routers, links, how they fail and change, routes, and transfers by a plan.

use super::confidence::Confidence;
use super::demand_format::Amount;
use super::quantities::{DateText, Identifier};
use crate::units::{ByteRate, Bytes, Date, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How the network behaves.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct Network {
    /// Length of the fibre over the great-circle distance.
    #[schemars(range(min = 1.0))]
    pub detour: f64,
    /// How far light travels in fibre in a millisecond, in km.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub fibre_km_per_ms: f64,
    /// The capacity of links that give none; each gives its own if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-above-zero" = true))]
    pub link_capacity: Option<ByteRate>,
    /// Which routes transfers take.
    pub routing: Routing,
    /// With `equal-paths` and `k-shortest`: the most paths between two places.
    #[schemars(range(min = 1, max = 64))]
    pub paths: u32,
    /// How long after a link has failed, come back or been changed the routes follow.
    pub reroute_delay: Span,
    /// What becomes of a transfer when a link on its way fails.
    pub on_failure: OnFailure,
    /// How all links between routers fail by chance, but for those that say it themselves; they do not if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub failures: Option<LinkFailures>,
    /// What a transfer gets of the links on its way.
    pub transfers: TransferModel,
    /// The weight of the jobs' own data where transfers share a link.
    #[schemars(range(min = 1, max = 1_000))]
    pub job_weight: u32,
}

impl Default for Network {
    fn default() -> Self {
        Self {
            detour: 1.5,
            fibre_km_per_ms: 204.0,
            link_capacity: None,
            routing: Routing::LeastLatency,
            paths: 4,
            reroute_delay: Span::from_seconds(50),
            on_failure: OnFailure::Resume,
            failures: None,
            transfers: TransferModel::default(),
            job_weight: 1,
        }
    }
}

/// A router of the research network.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Router {
    /// Its id, such as `geneva`.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name in tables; the id if absent.
    pub name: Option<String>,
    /// Degrees north.
    #[schemars(range(min = -90.0, max = 90.0))]
    pub latitude: f64,
    /// Degrees east.
    #[schemars(range(min = -180.0, max = 180.0))]
    pub longitude: f64,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

/// A link between two routers, in both directions, each with the full capacity.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Link {
    /// Its id; the two routers joined by `-` if absent.
    #[schemars(with = "Option<Identifier>")]
    pub id: Option<String>,
    /// Its name in tables; the id if absent.
    pub name: Option<String>,
    /// The two routers it joins.
    #[schemars(extend("x-refers-to" = "router"))]
    pub between: [String; 2],
    /// What it carries, each way; `network.link_capacity` if absent.
    #[schemars(extend("x-above-zero" = true))]
    pub capacity: Option<ByteRate>,
    /// Its one-way latency; if absent, it follows from the distance.
    pub latency: Option<Span>,
    /// How it fails by chance; as `network.failures` says if absent.
    pub failures: Option<LinkFailures>,
    /// When it is out of service by plan; never if absent.
    #[serde(default)]
    pub outages: Vec<LinkOutage>,
    /// When it gets another capacity; never if absent.
    #[serde(default)]
    pub upgrades: Vec<LinkUpgrade>,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

/// How a link fails by chance, in both directions at once.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkFailures {
    /// From the end of a repair to the next failure.
    pub up: Amount<Span>,
    /// How long a repair takes.
    pub repair: Amount<Span>,
}

/// When a link is out of service by plan.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkOutage {
    /// The day on which it begins.
    #[schemars(with = "DateText")]
    pub from: Date,
    /// How long after midnight UTC; at midnight if absent.
    #[serde(default)]
    pub at: Span,
    /// How long it lasts.
    #[schemars(extend("x-above-zero" = true))]
    pub duration: Span,
    /// From one begin to the next; once if absent.
    #[schemars(extend("x-above-zero" = true))]
    pub repeat: Option<Span>,
    /// The day from which on none begins; never if absent.
    #[schemars(with = "Option<DateText>")]
    pub until: Option<Date>,
}

/// When a link gets another capacity.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct LinkUpgrade {
    /// The day, at midnight UTC.
    #[schemars(with = "DateText")]
    pub from: Date,
    /// Its capacity from then on, each way.
    #[schemars(extend("x-above-zero" = true))]
    pub capacity: ByteRate,
}

/// A second way of a site into the network.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct SecondUplink {
    /// The router it leads to; its latency follows from the distance.
    #[schemars(extend("x-refers-to" = "router"))]
    pub router: String,
    /// Its capacity, each way.
    #[schemars(extend("x-above-zero" = true))]
    pub capacity: ByteRate,
}

/// Which routes transfers take.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Routing {
    /// The route of least latency, then of fewest links.
    #[default]
    LeastLatency,
    /// All routes equal to that one: each transfer takes the one on which it would be fastest.
    EqualPaths,
    /// The routes of least latency without circles: each transfer takes the one on which it would be fastest.
    KShortest,
}

/// What becomes of a transfer when a link on its way fails.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OnFailure {
    /// It waits for the link or another route, and goes on with what is left.
    #[default]
    Resume,
    /// It begins again: what it has sent is lost.
    Restart,
}

/// What a transfer gets. SimGrid's model LV08 is `efficiency = 0.97`, `start_up = 13.01`, `window = "4 MiB"` and
/// `reverse_traffic = 0.05`.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TransferModel {
    /// The part of a link's capacity that carries data; the rest are headers.
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub efficiency: f64,
    /// How many one-way latencies pass before the first byte moves.
    #[schemars(range(min = 0.0, max = 1_000.0))]
    pub start_up: f64,
    /// The most bytes of one transfer in flight, over all its streams: it gets at most this over the round trip; without
    /// bound if absent.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schemars(extend("x-above-zero" = true))]
    pub window: Option<Bytes>,
    /// The part of its rate by which a transfer loads its way back, in whole thousandths.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub reverse_traffic: f64,
}

impl Default for TransferModel {
    fn default() -> Self {
        Self { efficiency: 1.0, start_up: 1.0, window: None, reverse_traffic: 0.0 }
    }
}

/// Data that move by a plan, whatever the jobs do: a backup, a mirror, the feed of an instrument.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Transfer {
    /// Its id.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// From where: the id of a site, a country or a router.
    #[schemars(extend("x-refers-to" = "place"))]
    pub from: String,
    /// To where: the id of a site, a country or a router.
    #[schemars(extend("x-refers-to" = "place"))]
    pub to: String,
    /// How much each time.
    #[schemars(extend("x-above-zero" = true))]
    pub size: Bytes,
    /// The first day; the observation's if absent.
    #[schemars(with = "Option<DateText>")]
    pub start: Option<Date>,
    /// How long after midnight UTC; at midnight if absent.
    #[serde(default)]
    pub at: Span,
    /// From one start to the next; once if absent.
    #[schemars(extend("x-above-zero" = true))]
    pub repeat: Option<Span>,
    /// The day from which on none starts; never if absent.
    #[schemars(with = "Option<DateText>")]
    pub until: Option<Date>,
    /// Its weight where transfers share a link; 1 if absent.
    #[serde(default = "one_weight")]
    #[schemars(range(min = 1, max = 1_000))]
    pub weight: u32,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

fn one_weight() -> u32 {
    1
}
