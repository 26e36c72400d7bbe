//! The scenario file as typed structs: what may be written, its defaults and its ranges.
//!
//! The doc comments are the documentation that planners read: they are the descriptions of the JSON Schema, and the
//! help of error messages. Extensions that start with `x-` are rules that JSON Schema can't say: `x-refers-to` names
//! the kind of thing whose id stands here, `x-above-zero` forbids a quantity of zero.

use super::access_format::AccessMode;
use super::broker_format::Broker;
use super::choice_format::Choice;
use super::comparison_format::Comparison;
use super::confidence::Confidence;
use super::data_format::{Archive, Dataset, DatasetGroup, Storage};
use super::demand_format::{Community, Country, JobClass};
use super::network_format::{
    Link, LinkFailures, LinkOutage, LinkUpgrade, Network, Router, SecondUplink, Transfer,
};
use super::objective_format::{Future, Objective};
use super::partition_format::Partition;
use super::precision_format::Precision;
use super::project_format::ProjectKind;
use super::quantities::{DateText, Identifier};
use super::select_format::{Select, Worth};
use super::staff_format::{Reviewers, Staff};
use super::sweep_format::Sweep;
use super::table_format::Table;
use crate::units::{ByteRate, Bytes, Carbon, Date, Money, Span};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// A scenario of Pléiade: the sites, the network between them, who asks for what, and the sets of sites to compare.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ScenarioFile {
    /// The scenario's name, which names the result folder: letters, digits, `-` and `_`.
    #[schemars(with = "Identifier")]
    pub name: String,
    /// The title of tables and plots; the name if absent.
    pub title: Option<String>,
    /// Files to merge first, in order, relative to this file; what this file says overrides them.
    #[serde(default)]
    pub import: Vec<String>,
    /// The accelerator in whose hours work is counted.
    #[schemars(extend("x-refers-to" = "accelerator"))]
    pub reference_accelerator: String,
    /// The order of events at one instant; `ends-first` if absent.
    #[serde(default)]
    pub event_order: EventOrder,
    /// What is observed, for how long and how often.
    pub observation: Observation,
    /// How jobs find their site.
    pub broker: Broker,
    /// How the network behaves: latency by distance, routes, failures, what a transfer gets.
    #[serde(default)]
    pub network: Network,
    /// The kinds of accelerators.
    #[schemars(length(min = 1))]
    pub accelerator: Vec<Accelerator>,
    /// The routers of the research network.
    #[schemars(length(min = 1))]
    pub router: Vec<Router>,
    /// The links between routers, each in both directions.
    #[serde(default)]
    pub link: Vec<Link>,
    /// Bulk transfers by a plan, beside the data of the jobs.
    #[serde(default)]
    pub transfer: Vec<Transfer>,
    /// The AI factories, committed ones and candidates.
    #[schemars(length(min = 1))]
    pub site: Vec<Site>,
    /// The countries with users, and those that host sites.
    #[schemars(length(min = 1))]
    pub country: Vec<Country>,
    /// The communities of users.
    #[schemars(length(min = 1))]
    pub community: Vec<Community>,
    /// The kinds of jobs.
    #[schemars(length(min = 1))]
    pub class: Vec<JobClass>,
    /// The data that jobs of several classes read, beside the input of their own.
    #[serde(default)]
    pub dataset: Vec<Dataset>,
    /// Datasets by the dozen.
    #[serde(default)]
    pub dataset_group: Vec<DatasetGroup>,
    /// Published distributions of durations and sizes that classes name.
    #[serde(default)]
    pub table: Vec<Table>,
    /// Where the results of classes that archive them go; no class may if absent.
    pub archive: Option<Archive>,
    /// How projects are granted accelerator-hours.
    #[serde(default)]
    pub access: Vec<AccessMode>,
    /// The kinds of projects.
    #[serde(default)]
    pub project: Vec<ProjectKind>,
    /// Support staff.
    #[serde(default)]
    pub staff: Vec<Staff>,
    /// Reviewers of applications.
    #[serde(default)]
    pub reviewers: Vec<Reviewers>,
    /// The rules by which sites are chosen.
    pub choice: Option<Choice>,
    /// What is wanted of a set; the first counts most. The most work done, `done_h`, if absent.
    #[serde(default)]
    pub objective: Vec<Objective>,
    /// Futures in which sets are judged, with their weights; only the scenario as it stands if absent.
    #[serde(default)]
    pub future: Vec<Future>,
    /// How much `select` may take, and how sure its answer is to be.
    #[serde(default)]
    pub select: Select,
    /// Asks `select` for what each candidate is worth; it is left out if absent.
    pub worth: Option<Worth>,
    /// What `pleiade sweep` varies; nothing if absent.
    pub sweep: Option<Sweep>,
    /// The sets of sites to compare; the first is the base. If absent, there is one set `all` of all sites.
    #[serde(default)]
    pub set: Vec<CandidateSet>,
    /// How the sets are compared.
    #[serde(default)]
    pub comparison: Comparison,
    /// How precise the objectives have to be; each set is run as often as `observation.replications` says if absent.
    pub precision: Option<Precision>,
}

/// The order of events at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum EventOrder {
    /// Completions, network updates, arrivals, then one scheduling pass for each partition.
    #[default]
    EndsFirst,
    /// Submissions one by one, then completions one by one, a scheduling pass after each: the order of published schedules.
    SubmissionsFirst,
}

/// What is observed, for how long and how often.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Observation {
    /// The first day, at midnight UTC.
    #[schemars(with = "DateText")]
    pub start: Date,
    /// The day at whose beginning the observation ends.
    #[schemars(with = "DateText")]
    pub end: Date,
    /// Time at the start that counts in no statistic; none if absent.
    #[serde(default)]
    pub warm_up: Span,
    /// Whether the demand and what serves it stay as they are all the time: then it is said how many days runs take to settle
    /// (MSER-5), and the mean wait from there on gets an interval within each run (batch means); `false` if absent.
    #[serde(default)]
    pub steady_state: bool,
    /// Runs of each set, each with other random numbers.
    #[schemars(range(min = 1, max = 1_000_000))]
    pub replications: u32,
    /// The seed of all random numbers: the same seed gives the same results, to the last bit.
    pub seed: u64,
}

/// A kind of accelerator.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Accelerator {
    /// Its id, such as `a100`.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name in tables; the id if absent.
    pub name: Option<String>,
    /// Dense BF16 peak in TFLOP/s; ratios of it are ratios of speed.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub peak_bf16_tflops: f64,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

/// One AI factory.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Site {
    /// Its id, such as `lumi`.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name in plots and tables; the id if absent.
    pub name: Option<String>,
    /// The hosting country.
    #[schemars(extend("x-refers-to" = "country"))]
    pub country: String,
    /// The partner countries of its consortium; none if absent.
    #[serde(default)]
    #[schemars(extend("x-refers-to" = "country"))]
    pub consortium: Vec<String>,
    /// Degrees north.
    #[schemars(range(min = -90.0, max = 90.0))]
    pub latitude: f64,
    /// Degrees east.
    #[schemars(range(min = -180.0, max = 180.0))]
    pub longitude: f64,
    /// The router it hangs on; the uplink's latency follows from the distance.
    #[schemars(extend("x-refers-to" = "router"))]
    pub router: String,
    /// Capacity of its uplink, each way.
    #[schemars(extend("x-above-zero" = true))]
    pub uplink: ByteRate,
    /// A second way into the network, over another router; none if absent.
    pub second_uplink: Option<SecondUplink>,
    /// How its uplink fails by chance; it does not if absent.
    pub uplink_failures: Option<LinkFailures>,
    /// When its uplink is out of service by plan; never if absent.
    #[serde(default)]
    pub uplink_outages: Vec<LinkOutage>,
    /// When its uplink gets another capacity; never if absent.
    #[serde(default)]
    pub uplink_upgrades: Vec<LinkUpgrade>,
    /// What its data transfer nodes (DTN) sustain, each way.
    #[schemars(extend("x-above-zero" = true))]
    pub transfer_nodes: ByteRate,
    /// How fast its storage takes in what arrives; without bound if absent.
    #[schemars(extend("x-above-zero" = true))]
    pub storage_write: Option<ByteRate>,
    /// How fast its storage gives what is sent; without bound if absent.
    #[schemars(extend("x-above-zero" = true))]
    pub storage_read: Option<ByteRate>,
    /// Whether it is decided; `candidate` if absent.
    #[serde(default)]
    pub status: Status,
    /// What it costs: acquisition and operation over the observation; nothing if absent.
    #[serde(default)]
    pub cost: Money,
    /// The round in which a candidate is decided; the first if absent.
    #[schemars(range(min = 1, max = 100))]
    pub round: Option<u32>,
    /// Price of a megawatt-hour of electricity; nothing if absent.
    #[serde(default)]
    pub electricity_price_per_mwh: Money,
    /// Carbon intensity of its electricity; none if absent.
    #[serde(default)]
    pub carbon: Carbon,
    /// Power usage effectiveness: power of the site over power of the machine; 1 if absent.
    #[serde(default = "one")]
    #[schemars(range(min = 1.0))]
    pub pue: f64,
    /// Its storage for datasets; without a bound if absent.
    pub storage: Option<Storage>,
    /// The marks that experts gave it for the three criteria of the call; none if absent.
    pub marks: Option<Marks>,
    /// Its partitions.
    #[schemars(length(min = 1))]
    pub partition: Vec<Partition>,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

/// Marks of experts for the three criteria of the call, all on one scale, on which more is better.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Marks {
    /// Computing power.
    #[schemars(range(min = 0.0, max = 1_000_000.0))]
    pub computing: f64,
    /// Access to data.
    #[schemars(range(min = 0.0, max = 1_000_000.0))]
    pub data: f64,
    /// Availability of talent.
    #[schemars(range(min = 0.0, max = 1_000_000.0))]
    pub talent: f64,
}

/// Whether a site is decided.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// In some sets only.
    #[default]
    Candidate,
    /// In every set.
    Committed,
}

/// A set of sites that is compared with the others.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CandidateSet {
    /// Its id, such as `all-seven`.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name in plots and tables; the id if absent.
    pub name: Option<String>,
    /// Its sites; committed sites are added by themselves.
    #[schemars(extend("x-refers-to" = "site"))]
    pub sites: Vec<String>,
    /// What else is different with this set, written like `--set`: `["staff.desk.people=7"]`. It may change how things work,
    /// not which sites, communities, classes, links and the like there are, nor the observation. Nothing if absent.
    #[serde(default)]
    pub with: Vec<String>,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

pub(super) fn one() -> f64 {
    1.0
}

pub(super) fn yes() -> bool {
    true
}

/// No bytes, the default of inputs and outputs.
pub(super) fn no_bytes() -> super::demand_format::Amount<Bytes> {
    super::demand_format::Amount::Plain(Bytes::ZERO)
}
