//! The network graph: routers, sites and countries as nodes of a petgraph graph, directed links as edges.
//!
//! A site hangs on its router by two links in a row each way: the uplink and the data transfer nodes (DTN), so that
//! the sharing of bandwidth needs no special case for the ends. A country's users hang on a router by one access link.

use super::ids::{IdVec, LinkId, NodeId};
use super::network_rules::Cables;
use super::site::Position;
use crate::units::{ByteRate, Span};
use petgraph::graph::DiGraph;

/// A node of the network.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// A unique name: `router:geneva`, `gate:lumi`, `site:lumi`, `country:FI`.
    pub name: String,
    /// Where it stands.
    pub position: Position,
}

/// What a link is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum LinkKind {
    /// Between two routers.
    Backbone,
    /// Between a site and its router.
    Uplink,
    /// The data transfer nodes of a site.
    TransferNodes,
    /// The storage of a site, read or written.
    Storage,
    /// Between a country's users and their router.
    Access,
}

/// A directed link.
#[derive(Debug, Clone, PartialEq)]
pub struct Link {
    /// A unique name, such as `geneva-paris`.
    pub name: String,
    /// What it is for.
    pub kind: LinkKind,
    /// Its capacity.
    pub capacity: ByteRate,
    /// Its one-way latency.
    pub latency: Span,
    /// From where.
    pub from: NodeId,
    /// To where.
    pub to: NodeId,
}

/// Nodes and directed links. Node and link ids are the graph's own indices.
#[derive(Debug, Clone, Default)]
pub struct Topology {
    /// The nodes.
    pub nodes: IdVec<NodeId, Node>,
    /// The links.
    pub links: IdVec<LinkId, Link>,
    /// The cables that fail or are changed, sorted by key.
    pub cables: Cables,
    graph: DiGraph<NodeId, LinkId>,
}

impl Topology {
    /// Adds a node.
    pub fn add_node(&mut self, node: Node) -> NodeId {
        let id = self.nodes.push(node);
        let index = self.graph.add_node(id);
        debug_assert_eq!(index.index(), id.index());
        id
    }

    /// Adds a directed link.
    pub fn add_link(&mut self, link: Link) -> LinkId {
        let (from, to) = (link.from, link.to);
        let id = self.links.push(link);
        self.graph.add_edge((from.0).into(), (to.0).into(), id);
        id
    }

    /// The graph, for petgraph's algorithms; node weights are node ids and edge weights are link ids.
    pub fn graph(&self) -> &DiGraph<NodeId, LinkId> {
        &self.graph
    }
}

impl PartialEq for Topology {
    /// The graph follows from nodes and links, so they alone are compared.
    fn eq(&self, other: &Self) -> bool {
        self.nodes == other.nodes && self.links == other.links && self.cables == other.cables
    }
}
