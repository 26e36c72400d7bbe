//! The results of every run as flat rows: one row a run, scope and metric, the content of `runs.parquet`.

use super::fairness::Groups;
use super::launch::Cell;
use crate::model::{CandidateSet, System};
use crate::records::Rejection;
use crate::statistics::{
    EndingMetric, Metric, Metrics, ProjectMetric, ProjectsMetrics, StorageMetric, UpkeepMetric,
    WaterfallMetric, WaterfallsMetrics, transfer_kinds, upkeep,
};

/// One value of one run.
#[derive(Debug, Clone, PartialEq)]
pub struct RunRow {
    /// The candidate set's id.
    pub set: String,
    /// The replication, from 0.
    pub replication: u32,
    /// What the value is about: `network`, `site`, `community`, `country`, `link`, `transfer` or `rejection`.
    pub scope: &'static str,
    /// Which site, community, country, link, kind of transfer, or community and reason; empty for the network.
    pub name: String,
    /// The metric.
    pub metric: &'static str,
    /// Its unit.
    pub unit: &'static str,
    /// Its value; `NaN` where there is none.
    pub value: f64,
}

/// Whether jobs of a system may be rejected for this reason: residency is about datasets.
pub(super) fn may_occur(system: &System, reason: Rejection) -> bool {
    reason != Rejection::Residency || !system.datasets.is_empty()
}

/// All rows, sorted by (set, replication), then network, communities, rejections, sites, storages, endings, the waterfall,
/// projects, fairness, transfers, links.
pub fn run_rows(system: &System, cells: &[Cell]) -> Vec<RunRow> {
    let mut rows = Vec::new();
    for cell in cells {
        let set = &system.sets[cell.set];
        let system = system.under(set);
        let mut push =
            |scope: &'static str, name: &str, metric: &'static str, unit: &'static str, value: f64| {
                let (set, name) = (set.id.clone(), name.to_owned());
                rows.push(RunRow { set, replication: cell.replication, scope, name, metric, unit, value });
            };
        let mut all = |scope, name: &str, metrics: &Metrics| {
            for metric in Metric::ALL.into_iter().filter(|metric| scope == "network" || metric.is_of_parts())
            {
                push(scope, name, metric.name(), metric.unit(), metrics.get(metric));
            }
        };
        all("network", "", &cell.metrics.network);
        for (community, metrics) in system.communities.iter().zip(&cell.metrics.communities) {
            all("community", &community.id, metrics);
        }
        for &site in &set.sites {
            all("site", &system.sites[site].id, &cell.metrics.sites[site.index()]);
        }
        for (community, reasons) in system.communities.iter().zip(&cell.metrics.rejections) {
            let reasons = Rejection::ALL.iter().zip(reasons);
            for (reason, &(jobs, work_h)) in reasons.filter(|(reason, _)| may_occur(system, **reason)) {
                let name = format!("{}: {}", community.id, reason.words());
                push("rejection", &name, "jobs_rejected", "jobs", jobs);
                push("rejection", &name, "rejected_h", "h", work_h);
            }
        }
        for &site in &set.sites {
            let metric = UpkeepMetric::EnergyKwh;
            let kwh = upkeep(&system.sites[site], site, &cell.metrics).get(metric);
            push("site", &system.sites[site].id, metric.name(), metric.unit(), kwh);
        }
        if let Some(storages) = &cell.metrics.storages {
            let sites =
                set.sites.iter().map(|&site| (system.sites[site].id.as_str(), &storages.sites[site.index()]));
            let network = std::iter::once(("", &storages.network));
            for (name, metrics) in network.chain(sites) {
                let scope = if name.is_empty() { "network" } else { "site" };
                for metric in StorageMetric::ALL {
                    push(scope, name, metric.name(), metric.unit(), metrics.get(metric));
                }
            }
        }
        if let Some(endings) = &cell.metrics.endings {
            let communities = system.communities.iter().zip(&endings.communities);
            let communities =
                communities.map(|(community, metrics)| ("community", community.id.as_str(), metrics));
            for (scope, name, metrics) in [("network", "", &endings.network)].into_iter().chain(communities) {
                for metric in EndingMetric::ALL {
                    push(scope, name, metric.name(), metric.unit(), metrics.get(metric));
                }
            }
        }
        push_waterfall(system, &cell.metrics.waterfall, &mut push);
        if let Some(projects) = &cell.metrics.projects {
            push_projects(system, set, projects, &mut push);
        }
        for groups in [Groups::communities(system), Groups::countries(system)] {
            push_fairness(&groups, cell, &mut push);
        }
        for (kind, transfers) in transfer_kinds(system).into_iter().zip(&cell.metrics.transfers) {
            push("transfer", kind, "started", "transfers", transfers.started);
            push("transfer", kind, "unfinished", "transfers", transfers.unfinished);
            push("transfer", kind, "arrived_tb", "TB", transfers.arrived_tb);
            push("transfer", kind, "time_s_mean", "s", transfers.time_s_mean);
            push("transfer", kind, "time_s_p95", "s", transfers.time_s_p95);
        }
        for (link, load) in system.topology.links.iter().zip(&cell.metrics.load) {
            push("link", &link.name, "load", "share", *load);
        }
    }
    rows
}

/// Takes scope, name, metric, unit and value of a row.
type Push<'p> = &'p mut dyn FnMut(&'static str, &str, &'static str, &'static str, f64);

fn push_waterfall(system: &System, waterfalls: &WaterfallsMetrics, push: Push) {
    for metric in WaterfallMetric::ALL {
        push("network", "", metric.name(), metric.unit(), waterfalls.network.get(metric));
    }
    for (community, metrics) in system.communities.iter().zip(&waterfalls.communities) {
        for metric in WaterfallMetric::ALL.into_iter().filter(|metric| metric.is_of_parts()) {
            push("community", &community.id, metric.name(), metric.unit(), metrics.get(metric));
        }
    }
}

fn push_projects(system: &System, set: &CandidateSet, projects: &ProjectsMetrics, push: Push) {
    let network = ("network", "", &projects.network);
    let communities = system.communities.iter().zip(&projects.communities);
    let communities = communities.map(|(community, metrics)| ("community", community.id.as_str(), metrics));
    let sites = set.sites.iter();
    let sites = sites.map(|&id| ("site", system.sites[id].id.as_str(), &projects.sites[id.index()]));
    for (scope, name, metrics) in std::iter::once(network).chain(communities).chain(sites) {
        for metric in ProjectMetric::ALL {
            push(scope, name, metric.name(), metric.unit(), metrics.get(metric));
        }
    }
}

fn push_fairness(groups: &Groups, cell: &Cell, push: Push) {
    let (jain, max_min) = groups.indices(&cell.metrics);
    let (jain_name, max_min_name) = match groups.scope {
        "community" => ("jain_of_communities", "max_min_of_communities"),
        _ => ("jain_of_countries", "max_min_of_countries"),
    };
    push("network", "", jain_name, "ratio", jain);
    push("network", "", max_min_name, "ratio", max_min);
    for group in groups.delivered(&cell.metrics) {
        push(groups.scope, group.id, "entitled_share", "share", group.entitled_share);
        push(groups.scope, group.id, "delivered_share", "share", group.share);
        push(groups.scope, group.id, "delivered_of_entitled", "ratio", group.of_entitled());
    }
}
