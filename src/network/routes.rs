//! Routes of least latency over the network graph.
//!
//! A route minimises (latency in nanoseconds, number of links), in this order, with petgraph's `dijkstra`. Among routes
//! that are equal in both, the links are chosen by name, walking back from the target. No node or link number decides,
//! so adding an unused leaf changes no route between other nodes. Counting links keeps the walk free of circles where
//! latencies are zero.

use crate::model::{LinkId, NodeId, Topology};
use crate::units::{ByteRate, Span};
use petgraph::Direction::Incoming;
use petgraph::algo::dijkstra;
use petgraph::graph::NodeIndex;
use petgraph::visit::EdgeFiltered;
use std::ops::Add;

/// The links that a transfer crosses, in order, and the one-way latency along them.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Route {
    /// The links, from source to target; empty where source and target are one node.
    pub links: Vec<LinkId>,
    /// The sum of the links' one-way latencies.
    pub latency: Span,
    /// The links that answers take, from target to source: they count only where there is reverse traffic.
    pub back: Vec<LinkId>,
}

impl Route {
    /// A route along these links, of this latency, on whose way back nothing is counted.
    pub fn along(links: Vec<LinkId>, latency: Span) -> Self {
        Self { links, latency, back: Vec::new() }
    }

    /// The least capacity of its links: what a single transfer can get on an idle network. None if it has no links.
    pub fn bottleneck(&self, topology: &Topology) -> Option<ByteRate> {
        let capacities = self.links.iter().map(|&link| topology.links[link].capacity);
        capacities.min_by(|a, b| a.0.total_cmp(&b.0))
    }
}

/// What a route minimises: nanoseconds, then links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
struct Cost {
    latency: Span,
    links: u32,
}

impl Add for Cost {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { latency: self.latency + other.latency, links: self.links + other.links }
    }
}

/// All routes of least latency from one node: one run of Dijkstra's algorithm serves every target.
#[derive(Clone)]
pub struct Routes<'t> {
    topology: &'t Topology,
    from: NodeId,
    is_open: &'t dyn Fn(LinkId) -> bool,
    /// By node; none where the node can't be reached.
    costs: Vec<Option<Cost>>,
}

impl<'t> Routes<'t> {
    /// The routes from `from` to everywhere: O(links x log nodes).
    pub fn from_node(topology: &'t Topology, from: NodeId) -> Self {
        Self::over_open_links(topology, from, &|_| true)
    }

    /// The same over these links alone.
    pub fn over_open_links(
        topology: &'t Topology,
        from: NodeId,
        is_open: &'t dyn Fn(LinkId) -> bool,
    ) -> Self {
        let graph = EdgeFiltered::from_fn(topology.graph(), |edge| is_open(*edge.weight()));
        let reached = dijkstra(&graph, vertex(from), None, |edge| hop(topology, *edge.weight()));
        let costs = topology.nodes.ids().map(|node| reached.get(&vertex(node)).copied()).collect();
        Self { topology, from, is_open, costs }
    }

    /// The route to `to`, if there is one. O(links at the nodes on its way).
    pub fn to(&self, to: NodeId) -> Option<Route> {
        let latency = self.costs[to.index()]?.latency;
        let mut links = Vec::new();
        let mut node = to;
        while node != self.from {
            let link = self.last_links(node)[0];
            links.push(link);
            node = self.topology.links[link].from;
        }
        links.reverse();
        Some(Route::along(links, latency))
    }

    /// The routes to `to` that are equal in latency and number of links, at most so many: the one of [`Routes::to`]
    /// first, the others by their links' names, walking back from the target.
    pub fn all_to(&self, to: NodeId, most: usize) -> Vec<Route> {
        let Some(cost) = self.costs[to.index()] else { return Vec::new() };
        let mut found = Vec::new();
        // Ways back that are not yet at the source, the next to go on with last.
        let mut open: Vec<(NodeId, Vec<LinkId>)> = vec![(to, Vec::new())];
        while let Some((node, mut links)) = open.pop() {
            if found.len() == most {
                break;
            }
            if node == self.from {
                links.reverse();
                found.push(Route::along(links, cost.latency));
                continue;
            }
            for link in self.last_links(node).into_iter().rev() {
                let longer = links.iter().copied().chain([link]).collect();
                open.push((self.topology.links[link].from, longer));
            }
        }
        found
    }

    /// The route from one node to another, if there is one. For many targets of one source, keep the [`Routes`].
    pub fn least_latency(topology: &'t Topology, from: NodeId, to: NodeId) -> Option<Route> {
        Self::from_node(topology, from).to(to)
    }

    /// The last links of the routes of least cost to `node`, by name; a node that was reached has one, but for the
    /// source.
    fn last_links(&self, node: NodeId) -> Vec<LinkId> {
        let topology = self.topology;
        let incoming = topology.graph().edges_directed(vertex(node), Incoming).map(|edge| *edge.weight());
        let mut last: Vec<LinkId> = incoming
            .filter(|&link| {
                let before = self.costs[topology.links[link].from.index()];
                (self.is_open)(link)
                    && before.map(|cost| cost + hop(topology, link)) == self.costs[node.index()]
            })
            .collect();
        last.sort_by(|&a, &b| topology.links[a].name.cmp(&topology.links[b].name).then(a.cmp(&b)));
        last
    }
}

fn vertex(node: NodeId) -> NodeIndex {
    NodeIndex::new(node.index())
}

fn hop(topology: &Topology, link: LinkId) -> Cost {
    Cost { latency: topology.links[link].latency, links: 1 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Link, LinkKind, Node, Position};

    fn node(topology: &mut Topology, name: &str) -> NodeId {
        topology.add_node(Node { name: name.into(), position: Position { latitude: 0.0, longitude: 0.0 } })
    }

    /// Adds a link for each (name, from, to, latency in ns, Gbit/s).
    fn network(nodes: &[&str], links: &[(&str, &str, &str, u64, f64)]) -> Topology {
        let mut topology = Topology::default();
        for name in nodes {
            node(&mut topology, name);
        }
        for &(name, from, to, latency, gbit) in links {
            let find = |name| topology.nodes.position(|n| n.name == name).unwrap();
            let (from, to) = (find(from), find(to));
            topology.add_link(Link {
                name: name.into(),
                kind: LinkKind::Backbone,
                capacity: ByteRate(gbit * 1.25e8),
                latency: Span(latency),
                from,
                to,
            });
        }
        topology
    }

    fn names(topology: &Topology, from: &str, to: &str) -> Option<(Vec<String>, u64)> {
        let find = |name| topology.nodes.position(|n| n.name == name).unwrap();
        let route = Routes::least_latency(topology, find(from), find(to))?;
        Some((route.links.iter().map(|&l| topology.links[l].name.clone()).collect(), route.latency.0))
    }

    #[test]
    fn latency_decides_then_links_then_names() {
        let nodes = ["a", "b", "c", "d"];
        let mut links = vec![
            ("ab", "a", "b", 5, 10.0),
            ("bd", "b", "d", 5, 10.0),
            ("ac", "a", "c", 4, 1.0),
            ("cd", "c", "d", 5, 1.0),
        ];
        let got = |links: &[_]| names(&network(&nodes, links), "a", "d").unwrap();
        assert_eq!(got(&links), (vec!["ac".into(), "cd".into()], 9));
        // Equal latency: the direct link has fewer links; equal in both: the first name, here of parallel links.
        links.push(("direct", "a", "d", 9, 1.0));
        assert_eq!(got(&links), (vec!["direct".into()], 9));
        links.push(("also-direct", "a", "d", 9, 1.0));
        assert_eq!(got(&links), (vec!["also-direct".into()], 9));
    }

    #[test]
    fn links_are_one_way_and_a_node_is_at_home() {
        let topology = network(&["a", "b"], &[("ab", "a", "b", 1, 1.0)]);
        assert_eq!(names(&topology, "b", "a"), None);
        assert_eq!(names(&topology, "a", "a"), Some((vec![], 0)));
    }

    #[test]
    fn the_bottleneck_is_the_least_capacity() {
        let topology = network(&["a", "b", "c"], &[("ab", "a", "b", 1, 400.0), ("bc", "b", "c", 1, 100.0)]);
        let route = Routes::least_latency(&topology, NodeId(0), NodeId(2)).unwrap();
        assert_eq!(route.bottleneck(&topology), Some(ByteRate(12.5e9)));
        assert_eq!(Route::default().bottleneck(&topology), None);
    }

    #[test]
    fn zero_latencies_make_no_circle() {
        let pairs =
            [("ab", "a", "b"), ("ba", "b", "a"), ("bc", "b", "c"), ("cb", "c", "b"), ("ca", "c", "a")];
        let links: Vec<_> = pairs.iter().map(|&(name, from, to)| (name, from, to, 0, 1.0)).collect();
        let topology = network(&["a", "b", "c"], &links);
        assert_eq!(names(&topology, "a", "c"), Some((vec!["ab".into(), "bc".into()], 0)));
    }

    /// A square of routers is full of ties. Whatever leaves hang on it, and in whatever order, routes stay.
    #[test]
    fn an_unused_leaf_changes_no_route() {
        let square = [
            ("ab", "a", "b", 3, 1.0),
            ("bd", "b", "d", 3, 1.0),
            ("ac", "a", "c", 3, 1.0),
            ("cd", "c", "d", 3, 1.0),
        ];
        let plain = network(&["a", "b", "c", "d"], &square);
        let leaves = [
            ("1-up", "leaf", "c", 0, 9.0),
            ("1-down", "c", "leaf", 0, 9.0),
            ("ac-2", "other", "c", 0, 9.0),
            ("ca-2", "c", "other", 0, 9.0),
        ];
        for position in 0..=square.len() {
            let mut links = square.to_vec();
            links.splice(position..position, leaves);
            let grown = network(&["leaf", "a", "other", "b", "c", "d"], &links);
            assert_eq!(names(&grown, "a", "d"), names(&plain, "a", "d"));
        }
    }
}
