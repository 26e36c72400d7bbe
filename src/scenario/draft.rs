//! The merged tree as typed parts, each part by itself: a broken site leaves the other sites readable, so that the
//! rules that span several values can be checked, and reported, together with the errors of the broken part.

use super::access_format::AccessMode;
use super::broker_format::Broker;
use super::choice_format::Choice;
use super::data_format::{Dataset, DatasetGroup};
use super::demand_format::{Community, Country, JobClass};
use super::format::{CandidateSet, Observation, Site};
use super::network_format::{Link, Network, Transfer};
use super::objective_format::Objective;
use super::precision_format::Precision;
use super::project_format::ProjectKind;
use super::staff_format::{Reviewers, Staff};
use super::sweep_format::Sweep;
use super::table_format::Table as FileTable;
use super::tree::{Node, Value};
use serde::de::DeserializeOwned;
use serde_json::{Map, Number, Value as Json};

/// A part of the scenario with its path; no value where it is broken.
pub(super) struct Item<T> {
    pub(super) path: String,
    pub(super) value: Option<T>,
}

/// The parts that rules are checked on.
pub(super) struct Draft {
    pub(super) observation: Option<Observation>,
    pub(super) broker: Option<Broker>,
    pub(super) choice: Option<Choice>,
    pub(super) network: Option<Network>,
    pub(super) links: Vec<Item<Link>>,
    pub(super) transfers: Vec<Item<Transfer>>,
    pub(super) sites: Vec<Item<Site>>,
    pub(super) communities: Vec<Item<Community>>,
    pub(super) classes: Vec<Item<JobClass>>,
    pub(super) countries: Vec<Item<Country>>,
    pub(super) datasets: Vec<Item<Dataset>>,
    pub(super) dataset_groups: Vec<Item<DatasetGroup>>,
    pub(super) sets: Vec<Item<CandidateSet>>,
    pub(super) tables: Vec<Item<FileTable>>,
    pub(super) access: Vec<Item<AccessMode>>,
    pub(super) projects: Vec<Item<ProjectKind>>,
    pub(super) staff: Vec<Item<Staff>>,
    pub(super) reviewers: Vec<Item<Reviewers>>,
    pub(super) objectives: Vec<Item<Objective>>,
    pub(super) precision: Option<Precision>,
    pub(super) sweep: Option<Sweep>,
}

impl Draft {
    pub(super) fn new(tree: &Node) -> Self {
        Self {
            observation: tree.get("observation").and_then(typed),
            broker: tree.get("broker").and_then(typed),
            choice: tree.get("choice").and_then(typed),
            network: tree.get("network").map_or_else(|| Some(Network::default()), typed),
            links: items(tree, "link"),
            transfers: items(tree, "transfer"),
            sites: items(tree, "site"),
            communities: items(tree, "community"),
            classes: items(tree, "class"),
            countries: items(tree, "country"),
            datasets: items(tree, "dataset"),
            dataset_groups: items(tree, "dataset_group"),
            sets: items(tree, "set"),
            tables: items(tree, "table"),
            access: items(tree, "access"),
            projects: items(tree, "project"),
            staff: items(tree, "staff"),
            reviewers: items(tree, "reviewers"),
            objectives: items(tree, "objective"),
            precision: tree.get("precision").and_then(typed),
            sweep: tree.get("sweep").and_then(typed),
        }
    }
}

fn items<T: DeserializeOwned>(tree: &Node, kind: &str) -> Vec<Item<T>> {
    let nodes = tree.get(kind).map_or(&[][..], Node::items);
    let item = |(index, node): (usize, &Node)| {
        let id = node.id().unwrap_or_else(|| index.to_string());
        Item { path: format!("{kind}.{id}"), value: typed(node) }
    };
    nodes.iter().enumerate().map(item).collect()
}

fn typed<T: DeserializeOwned>(node: &Node) -> Option<T> {
    serde_json::from_value(json_of(node)).ok()
}

/// A tree without its places, for serde.
pub(super) fn json_of(node: &Node) -> Json {
    match &node.value {
        Value::Text(text) => text.as_str().into(),
        Value::Integer(number) => Number::from_i128(*number).map_or(Json::Null, Json::Number),
        Value::Float(number) => Number::from_f64(*number).map_or(Json::Null, Json::Number),
        Value::Boolean(truth) => (*truth).into(),
        Value::Date(date) => date.to_string().into(),
        Value::Array(items) => items.iter().map(json_of).collect(),
        Value::Table(table) => {
            let pairs = table.entries.iter().map(|entry| (entry.key.clone(), json_of(&entry.node)));
            Json::Object(pairs.collect::<Map<_, _>>())
        }
    }
}
