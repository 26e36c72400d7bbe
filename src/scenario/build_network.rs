//! The network graph of a checked scenario: routers and links, the countries' access, the sites with their gates.
//!
//! Nodes and links are added in the order routers, links, countries, sites, each sorted by id.

use super::build::sorted;
use super::demand_format::Country;
use super::format::{Link as FileLink, ScenarioFile, Site};
use crate::model::{Link, LinkKind, Node, NodeId, Position, Topology};
use crate::units::{ByteRate, Span};
use std::collections::{BTreeMap, BTreeSet};

/// The graph and the ends of its routes.
pub(super) struct Network {
    pub(super) topology: Topology,
    /// The countries' nodes, sorted by the countries' ids.
    pub(super) countries: Vec<NodeId>,
    /// The sites' storage nodes, sorted by the sites' ids.
    pub(super) sites: Vec<NodeId>,
}

struct Builder<'a> {
    file: &'a ScenarioFile,
    topology: Topology,
    routers: BTreeMap<&'a str, NodeId>,
    names: BTreeSet<String>,
}

/// Builds the graph.
pub(super) fn build_network(file: &ScenarioFile) -> Network {
    let mut builder =
        Builder { file, topology: Topology::default(), routers: BTreeMap::new(), names: BTreeSet::new() };
    for router in sorted(&file.router, |router| router.id.clone()) {
        let position = Position { latitude: router.latitude, longitude: router.longitude };
        let node = builder.node(format!("router:{}", router.id), position);
        builder.routers.insert(&router.id, node);
    }
    for link in sorted(&file.link, FileLink::id_or_ends) {
        builder.backbone(link);
    }
    let countries = sorted(&file.country, |country| country.id.clone()).into_iter();
    let countries = countries.map(|country| builder.country(country)).collect();
    let sites = sorted(&file.site, |site| site.id.clone()).into_iter();
    let sites = sites.map(|site| builder.site(site)).collect();
    Network { topology: builder.topology, countries, sites }
}

impl FileLink {
    /// The id, or the two routers joined by `-`.
    pub(super) fn id_or_ends(&self) -> String {
        self.id.clone().unwrap_or_else(|| self.between.join("-"))
    }
}

/// What both directions of a link have in common.
#[derive(Clone, Copy)]
struct Line {
    kind: LinkKind,
    capacity: ByteRate,
    latency: Span,
}

impl Builder<'_> {
    fn node(&mut self, name: String, position: Position) -> NodeId {
        self.topology.add_node(Node { name, position })
    }

    fn router(&self, id: &str) -> NodeId {
        *self.routers.get(id).expect("references are checked before the system is built")
    }

    /// Latency of a fibre between two nodes: distance times detour over the speed in fibre.
    fn latency(&self, from: NodeId, to: NodeId) -> Span {
        let position = |node| self.topology.nodes[node].position;
        let network = &self.file.network;
        let km = position(from).distance_km(position(to)) * network.detour;
        Span::from_seconds_round(km / (network.fibre_km_per_ms * 1_000.0))
    }

    /// Adds one direction; a name that is taken already gets `longer`.
    fn link(&mut self, names: [String; 2], line: Line, [from, to]: [NodeId; 2]) {
        let [name, longer] = names;
        let name = if self.names.contains(&name) { longer } else { name };
        self.names.insert(name.clone());
        let Line { kind, capacity, latency } = line;
        self.topology.add_link(Link { name, kind, capacity, latency, from, to });
    }

    fn backbone(&mut self, link: &FileLink) {
        let [from, to] = [self.router(&link.between[0]), self.router(&link.between[1])];
        let latency = link.latency.unwrap_or_else(|| self.latency(from, to));
        let line = Line { kind: LinkKind::Backbone, capacity: link.capacity, latency };
        let id = link.id_or_ends();
        let [a, b] = &link.between;
        let plain = id == format!("{a}-{b}");
        for (start, end, nodes) in [(a, b, [from, to]), (b, a, [to, from])] {
            let directed = format!("{start}-{end}");
            let longer = format!("{id} {directed}");
            self.link([if plain { directed } else { longer.clone() }, longer], line, nodes);
        }
    }

    fn country(&mut self, country: &Country) -> NodeId {
        let router = self.router(&country.router);
        let node = self.node(format!("country:{}", country.id), self.topology.nodes[router].position);
        let line = Line { kind: LinkKind::Access, capacity: country.access, latency: Span::ZERO };
        for (way, nodes) in [("up", [node, router]), ("down", [router, node])] {
            self.link(
                [format!("{} {way}", country.id), format!("country {} {way}", country.id)],
                line,
                nodes,
            );
        }
        node
    }

    fn site(&mut self, site: &Site) -> NodeId {
        let id = &site.id;
        let position = Position { latitude: site.latitude, longitude: site.longitude };
        let router = self.router(&site.router);
        let gate = self.node(format!("gate:{id}"), position);
        let storage = self.node(format!("site:{id}"), position);
        let latency = self.latency(router, gate);
        let uplink = Line { kind: LinkKind::Uplink, capacity: site.uplink, latency };
        let names = [format!("{}-{id}", site.router), format!("{}-site:{id}", site.router)];
        self.link(names, uplink, [router, gate]);
        let names = [format!("{id}-{}", site.router), format!("site:{id}-{}", site.router)];
        self.link(names, uplink, [gate, router]);
        let transfer =
            Line { kind: LinkKind::TransferNodes, capacity: site.transfer_nodes, latency: Span::ZERO };
        self.link([format!("{id} in"), format!("site:{id} in")], transfer, [gate, storage]);
        self.link([format!("{id} out"), format!("site:{id} out")], transfer, [storage, gate]);
        storage
    }
}
