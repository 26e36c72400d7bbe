//! Where jobs may read datasets, and over which links a first copy has to come, whoever sends it.

use crate::data::may_hold;
use crate::model::{CandidateSet, Dataset, DatasetHome, DatasetId, LinkId, NodeId, SiteId, System, Topology};
use petgraph::graph::NodeIndex;
use petgraph::visit::{Dfs, EdgeFiltered};
use std::collections::BTreeMap;

/// The readers' sites of all datasets, for one set.
#[derive(Debug, Clone)]
pub(super) struct Readers {
    /// `[dataset]`: its place among those that lie at the same nodes at first.
    places: Vec<usize>,
    /// `[place][site]`: the links without which nothing gets there from any of these nodes.
    crossed: Vec<Vec<Vec<LinkId>>>,
    /// `[dataset][site]`: whether jobs that read it may run there.
    may_read: Vec<Vec<bool>>,
}

impl Readers {
    pub(super) fn new(system: &System, set: &CandidateSet) -> Self {
        let mut known: BTreeMap<Vec<NodeId>, usize> = BTreeMap::new();
        let mut crossed = Vec::new();
        let mut place = |dataset: &Dataset| {
            let holders = holders(system, set, dataset);
            *known.entry(holders).or_insert_with_key(|holders| {
                crossed.push(cuts(system, set, holders));
                crossed.len() - 1
            })
        };
        let places = system.datasets.iter().map(&mut place).collect();
        let may_read = system.datasets.iter().map(|dataset| {
            let reached = reached(&system.topology, &[node_of(system, dataset.home)], None);
            let may = |site: SiteId| {
                set.contains(site)
                    && may_hold(system, dataset, site)
                    && reached[system.sites[site].node.index()]
            };
            system.sites.ids().map(may).collect()
        });
        Self { places, may_read: may_read.collect(), crossed }
    }

    /// Whether jobs that read a dataset may run at a site.
    pub(super) fn may_read(&self, dataset: Option<DatasetId>, site: SiteId) -> bool {
        dataset.is_none_or(|dataset| self.may_read[dataset.index()][site.index()])
    }

    /// The links that have to carry a dataset once before a job can read it at a site: none where it lies at first.
    pub(super) fn crossed(&self, dataset: DatasetId, site: SiteId) -> &[LinkId] {
        &self.crossed[self.places[dataset.index()]][site.index()]
    }
}

/// Where a dataset lies when the observation begins: its home, and its replicas at sites of the set.
fn holders(system: &System, set: &CandidateSet, dataset: &Dataset) -> Vec<NodeId> {
    let replicas = dataset.replicas.iter().filter(|&&site| set.contains(site));
    let mut nodes: Vec<NodeId> = replicas.map(|&site| system.sites[site].node).collect();
    nodes.push(node_of(system, dataset.home));
    nodes.sort_unstable();
    nodes.dedup();
    nodes
}

fn node_of(system: &System, home: DatasetHome) -> NodeId {
    match home {
        DatasetHome::Site(site) => system.sites[site].node,
        DatasetHome::Country(country) => system.countries[country].node,
    }
}

/// `[site]`, for the sites of a set that links lead to from some nodes: the links without which none would.
/// O(links x (links + sites)).
fn cuts(system: &System, set: &CandidateSet, from: &[NodeId]) -> Vec<Vec<LinkId>> {
    let with_all = reached(&system.topology, from, None);
    let mut cuts = vec![Vec::new(); system.sites.len()];
    for link in system.topology.links.ids() {
        let without = reached(&system.topology, from, Some(link));
        for &site in &set.sites {
            let node = system.sites[site].node.index();
            if with_all[node] && !without[node] {
                cuts[site.index()].push(link);
            }
        }
    }
    cuts
}

/// `[node]`: whether links lead there from one of some nodes, all links but one.
fn reached(topology: &Topology, from: &[NodeId], without: Option<LinkId>) -> Vec<bool> {
    let graph = EdgeFiltered::from_fn(topology.graph(), |edge| Some(*edge.weight()) != without);
    let mut search = Dfs::empty(&graph);
    for node in from {
        search.move_to(NodeIndex::new(node.index()));
        while search.next(&graph).is_some() {}
    }
    let is_reached = |node: NodeId| search.discovered.contains(node.index());
    topology.nodes.ids().map(is_reached).collect()
}
