//! The network graph of a checked scenario: routers and links, the countries' access, the sites with their gates.
//!
//! Nodes and links are added in the order routers, links, countries, sites, each sorted by id.

use super::build::sorted;
use super::build_cables::Changes;
use super::demand_format::Country;
use super::format::{ScenarioFile, Site};
use super::network_format::{Link as FileLink, SecondUplink};
use crate::model::{Cable, Link, LinkId, LinkKind, Node, NodeId, Position, Topology};
use crate::units::{ByteRate, Calendar, Span};
use std::collections::{BTreeMap, BTreeSet};

/// The graph and the ends of its routes.
pub(super) struct Network {
    pub(super) topology: Topology,
    /// The routers' nodes.
    pub(super) routers: BTreeMap<String, NodeId>,
    /// The countries' nodes, sorted by the countries' ids.
    pub(super) countries: Vec<NodeId>,
    /// The sites' storage nodes, sorted by the sites' ids.
    pub(super) sites: Vec<NodeId>,
}

struct Builder<'a> {
    file: &'a ScenarioFile,
    calendar: Calendar,
    topology: Topology,
    routers: BTreeMap<&'a str, NodeId>,
    names: BTreeSet<String>,
}

/// Builds the graph.
pub(super) fn build_network(file: &ScenarioFile, calendar: Calendar) -> Network {
    let mut builder = Builder {
        file,
        calendar,
        topology: Topology::default(),
        routers: BTreeMap::new(),
        names: BTreeSet::new(),
    };
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
    let routers = builder.routers.iter().map(|(&id, &node)| (id.to_owned(), node)).collect();
    Network { topology: builder.topology, routers, countries, sites }
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
    fn link(&mut self, names: [String; 2], line: Line, [from, to]: [NodeId; 2]) -> LinkId {
        let [name, longer] = names;
        let name = if self.names.contains(&name) { longer } else { name };
        self.names.insert(name.clone());
        let Line { kind, capacity, latency } = line;
        self.topology.add_link(Link { name, kind, capacity, latency, from, to })
    }

    /// Keeps the two directions of a line together if it ever fails or changes.
    fn cable(&mut self, key: String, links: [LinkId; 2], changes: &Changes<'_>) {
        let end = self.calendar.time_of(self.file.observation.end);
        let cable = Cable { key, links, ..changes.cable(self.calendar, end) };
        if !cable.never_changes() {
            self.topology.cables.push(cable);
        }
    }

    fn backbone(&mut self, link: &FileLink) {
        let [from, to] = [self.router(&link.between[0]), self.router(&link.between[1])];
        let latency = link.latency.unwrap_or_else(|| self.latency(from, to));
        let capacity = link.capacity.or(self.file.network.link_capacity);
        let capacity = capacity.expect("a link without a capacity is refused where there is no common one");
        let line = Line { kind: LinkKind::Backbone, capacity, latency };
        let id = link.id_or_ends();
        let [a, b] = &link.between;
        let plain = id == format!("{a}-{b}");
        let links = [(a, b, [from, to]), (b, a, [to, from])].map(|(start, end, nodes)| {
            let directed = format!("{start}-{end}");
            let longer = format!("{id} {directed}");
            self.link([if plain { directed } else { longer.clone() }, longer], line, nodes)
        });
        let failures = link.failures.as_ref().or(self.file.network.failures.as_ref());
        self.cable(id, links, &Changes { failures, outages: &link.outages, upgrades: &link.upgrades });
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
        let links = self.uplink(id, &site.router, site.uplink, [router, gate]);
        let (outages, upgrades) = (&site.uplink_outages, &site.uplink_upgrades);
        let changes = Changes { failures: site.uplink_failures.as_ref(), outages, upgrades };
        self.cable(format!("uplink:{id}"), links, &changes);
        if let Some(SecondUplink { router, capacity }) = &site.second_uplink {
            self.uplink(id, router, *capacity, [self.router(router), gate]);
        }
        let line = |capacity| Line { kind: LinkKind::TransferNodes, capacity, latency: Span::ZERO };
        let transfer = line(site.transfer_nodes);
        // Where the storage has a speed of its own, the transfer nodes stand between the gate and it.
        let [arriving, leaving] =
            [("in", site.storage_write), ("out", site.storage_read)].map(|(way, speed)| {
                speed.map_or(storage, |_| self.node(format!("transfer-nodes:{id} {way}"), position))
            });
        self.link([format!("{id} in"), format!("site:{id} in")], transfer, [gate, arriving]);
        self.link([format!("{id} out"), format!("site:{id} out")], transfer, [leaving, gate]);
        let disk = |capacity| Line { kind: LinkKind::Storage, ..line(capacity) };
        if let Some(speed) = site.storage_write {
            self.link([format!("{id} write"), format!("site:{id} write")], disk(speed), [arriving, storage]);
        }
        if let Some(speed) = site.storage_read {
            self.link([format!("{id} read"), format!("site:{id} read")], disk(speed), [storage, leaving]);
        }
        storage
    }

    /// Both directions of a site's way to a router.
    fn uplink(&mut self, site: &str, router: &str, capacity: ByteRate, ends: [NodeId; 2]) -> [LinkId; 2] {
        let latency = self.latency(ends[0], ends[1]);
        let line = Line { kind: LinkKind::Uplink, capacity, latency };
        let down = [format!("{router}-{site}"), format!("{router}-site:{site}")];
        let up = [format!("{site}-{router}"), format!("site:{site}-{router}")];
        [self.link(down, line, ends), self.link(up, line, [ends[1], ends[0]])]
    }
}
