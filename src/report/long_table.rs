//! Every result of every set as one long table for spreadsheets, and what its metrics mean.

use super::format::Quantity;
use super::table::{Cell, Column, Table};
use crate::statistics::{EndingMetric, Estimate, Metric, ProjectMetric, StorageMetric, WaterfallMetric};
use crate::study::{FairnessSummary, SetSummary, StudySummary};

/// Name, unit and estimate of a metric.
type Named = (&'static str, &'static str, Estimate);

/// What fairness is measured by: name, unit, meaning.
const FAIRNESS: [(&str, &str, &str); 7] = [
    (
        "entitled_share",
        "share",
        "A community's shares of the machines over those of all; a country's part of the work that the scenario expects to be asked for inside the window.",
    ),
    (
        "delivered_share",
        "share",
        "`served_h` of a community, or of a country's users, over that of the network.",
    ),
    ("delivered_of_entitled", "ratio", "The one over the other."),
    (
        "jain_of_communities",
        "ratio",
        "Jain's index of `delivered_of_entitled`: its squared sum over n times the sum of its squares.",
    ),
    (
        "max_min_of_communities",
        "ratio",
        "The greatest `delivered_of_entitled` over the least; no value in runs in which a community was given nothing.",
    ),
    ("jain_of_countries", "ratio", "As of communities."),
    ("max_min_of_countries", "ratio", "As of communities."),
];

/// Every total of every set as one long CSV table: set, scope, name, metric, unit, mean, low, high, n.
pub fn summary_csv(summary: &StudySummary) -> String {
    let words = ["set", "scope", "name", "metric", "unit"].map(|key| Column::words(key, key));
    let value = Column::numbers("value", "value", Quantity::Plain);
    let mut rows = Vec::new();
    for set in &summary.sets {
        let mut push = |scope: &str, name: &str, (metric, unit, estimate): Named| {
            let words = [&set.id, scope, name, metric, unit].map(Cell::from);
            rows.push(words.into_iter().chain([Cell::Estimate(estimate)]).collect());
        };
        push_totals(set, &mut push);
        push_storages(set, &mut push);
        push_endings(set, &mut push);
        push_waterfalls(set, &mut push);
        push_projects(set, &mut push);
        push_fairness(set, &mut push);
    }
    let columns = words.into_iter().chain([value]).collect();
    Table { title: String::new(), columns, rows, note: String::new(), replications: summary.replications }
        .csv()
}

/// Takes scope, name and metric of a row.
type Push<'p> = &'p mut dyn FnMut(&str, &str, Named);

fn push_totals(set: &SetSummary, push: Push) {
    let network = ("network", "", &set.total);
    let communities = set.communities.iter().map(|one| ("community", one.id.as_str(), &one.total));
    let sites = set.sites.iter().map(|one| ("site", one.id.as_str(), &one.total));
    for (scope, name, totals) in std::iter::once(network).chain(communities).chain(sites) {
        for metric in Metric::ALL.into_iter().filter(|metric| scope == "network" || metric.is_of_parts()) {
            push(scope, name, (metric.name(), metric.unit(), totals.get(metric)));
        }
    }
}

fn push_storages(set: &SetSummary, push: Push) {
    let network = ("network", "", set.storage.as_ref());
    let sites = set.sites.iter().map(|one| ("site", one.id.as_str(), one.storage.as_ref()));
    for (scope, name, storage) in std::iter::once(network).chain(sites) {
        let Some(storage) = storage else { continue };
        for metric in StorageMetric::ALL {
            push(scope, name, (metric.name(), metric.unit(), storage.get(metric)));
        }
    }
}

fn push_endings(set: &SetSummary, push: Push) {
    let network = ("network", "", set.endings.as_ref());
    let communities = set.communities.iter().map(|one| ("community", one.id.as_str(), one.endings.as_ref()));
    for (scope, name, endings) in std::iter::once(network).chain(communities) {
        let Some(endings) = endings else { continue };
        for metric in EndingMetric::ALL {
            push(scope, name, (metric.name(), metric.unit(), endings.get(metric)));
        }
    }
}

fn push_waterfalls(set: &SetSummary, push: Push) {
    let network = ("network", "", &set.waterfall);
    let communities = set.communities.iter().map(|one| ("community", one.id.as_str(), &one.waterfall));
    for (scope, name, waterfall) in std::iter::once(network).chain(communities) {
        for metric in
            WaterfallMetric::ALL.into_iter().filter(|metric| scope == "network" || metric.is_of_parts())
        {
            push(scope, name, (metric.name(), metric.unit(), waterfall.get(metric)));
        }
    }
}

fn push_projects(set: &SetSummary, push: Push) {
    let network = ("network", "", set.projects.as_ref());
    let communities = set.communities.iter().map(|one| ("community", one.id.as_str(), one.projects.as_ref()));
    let sites = set.sites.iter().map(|one| ("site", one.id.as_str(), one.projects.as_ref()));
    for (scope, name, projects) in std::iter::once(network).chain(communities).chain(sites) {
        let Some(projects) = projects else { continue };
        for metric in ProjectMetric::ALL {
            push(scope, name, (metric.name(), metric.unit(), projects.get(metric)));
        }
    }
}

fn push_fairness(set: &SetSummary, push: Push) {
    let mut of = |scope: &str, fairness: &FairnessSummary, [jain, max_min]: [&'static str; 2]| {
        push("network", "", (jain, "ratio", fairness.jain));
        push("network", "", (max_min, "ratio", fairness.max_min));
        for group in &fairness.groups {
            push(scope, &group.id, ("delivered_share", "share", group.delivered_share));
            push(scope, &group.id, ("delivered_of_entitled", "ratio", group.delivered_of_entitled));
        }
    };
    let communities = ["jain_of_communities", "max_min_of_communities"];
    of("community", &set.fairness_of_communities, communities);
    of("country", &set.fairness_of_countries, ["jain_of_countries", "max_min_of_countries"]);
}

/// What each metric of the study is.
pub(super) fn metric_meanings(summary: &StudySummary) -> Table {
    let columns = ["metric", "unit", "meaning"].map(|key| Column::words(key, key)).to_vec();
    let any = |has: fn(&SetSummary) -> bool| summary.sets.iter().any(has);
    let mut meanings: Vec<(&str, &str, &str)> = Vec::new();
    meanings.extend(Metric::ALL.map(|one| (one.name(), one.unit(), one.meaning())));
    if any(|set| set.storage.is_some()) {
        meanings.extend(StorageMetric::ALL.map(|one| (one.name(), one.unit(), one.meaning())));
    }
    if any(|set| set.endings.is_some()) {
        meanings.extend(EndingMetric::ALL.map(|one| (one.name(), one.unit(), one.meaning())));
    }
    meanings.extend(WaterfallMetric::ALL.map(|one| (one.name(), one.unit(), one.meaning())));
    if any(|set| set.projects.is_some()) {
        meanings.extend(ProjectMetric::ALL.map(|one| (one.name(), one.unit(), one.meaning())));
    }
    meanings.extend(FAIRNESS);
    Table {
        title: "Metrics of `summary.csv` and `runs.parquet`".to_owned(),
        columns,
        rows: meanings
            .into_iter()
            .map(|(name, unit, meaning)| [name, unit, meaning].map(Cell::from).to_vec())
            .collect(),
        note: "Work in hours of the reference accelerator; the window is the observation after its warm-up."
            .to_owned(),
        replications: 1,
    }
}
