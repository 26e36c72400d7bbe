//! How the ways follow the links: which of them a change can concern, and the search for their routes.
//!
//! The routes of a way are the first of all its routes, in an order of their own; so as long as no link comes back into
//! service, they stay what they are if all their links do. A way is made anew when a link of its paths, or of their ways
//! back, has changed in any way, and all are when a link has come back. One search serves all ways from a node. Lanes
//! that nobody uses are left out: they follow when they are taken again.

use super::k_shortest::k_shortest;
use super::routes::{Route, Routes};
use super::sharing::RouteId;
use super::ways::{Ends, Network, Path, Way, WayId};
use crate::model::{LinkId, NodeId, Routing, Topology};
use crate::units::{ByteRate, Time};
use std::collections::{BTreeMap, BTreeSet};

/// What has happened to the links since the ways followed them.
#[derive(Debug, Clone, Default)]
pub(super) struct LinkChanges {
    changed: BTreeSet<LinkId>,
    /// Whether a link has come back into service.
    has_new: bool,
}

impl LinkChanges {
    pub(super) fn note(&mut self, link: LinkId, before: ByteRate, after: ByteRate) {
        if before.0.to_bits() != after.0.to_bits() {
            self.changed.insert(link);
        }
        self.has_new |= before.0 <= 0.0 && after.0 > 0.0;
    }

    fn concern(&self, links: &[LinkId]) -> bool {
        self.has_new || links.iter().any(|link| self.changed.contains(link))
    }
}

/// Searches over the links in service: one for each node that ways begin at.
pub(super) struct Searches<'a> {
    topology: &'a Topology,
    is_open: &'a dyn Fn(LinkId) -> bool,
    from: BTreeMap<NodeId, Routes<'a>>,
}

impl<'a> Searches<'a> {
    fn from(&mut self, node: NodeId) -> &Routes<'a> {
        let (topology, is_open) = (self.topology, self.is_open);
        self.from.entry(node).or_insert_with(|| Routes::over_open_links(topology, node, is_open))
    }
}

impl<T: Copy + PartialEq> Network<'_, T> {
    /// The ways follow the links as they are now.
    pub fn reroute(&mut self, now: Time) {
        let changes = std::mem::take(&mut self.changes);
        let is_touched = |(links, back, ..): &(Vec<LinkId>, Vec<LinkId>, u32, u32)| {
            changes.concern(links) || changes.concern(back)
        };
        let touched = self.routes.iter().filter(|(key, _)| is_touched(key));
        let touched: BTreeSet<RouteId> = touched.map(|(_, &route)| route).collect();
        let idle: BTreeSet<WayId> = self.idle_lanes.values().flatten().copied().collect();
        let is_open = |link: LinkId| self.is_open(link);
        let mut searches = self.searches(&is_open);
        let mut found: Vec<(WayId, Vec<Route>)> = Vec::new();
        for (id, way) in (0..).map(WayId).zip(&self.ways).filter(|(id, _)| !idle.contains(id)) {
            if way.paths.iter().any(|path| touched.contains(&path.route)) {
                found.push((id, self.routes_between(way.ends, &mut searches)));
            }
        }
        for (id, routes) in found {
            let former = self.take(id, routes);
            let paths = &self.ways[id.0 as usize].paths;
            let best = self.best(id, |_| 1.0).route;
            let is_left = |path: &&Path| !paths.iter().any(|new| new.route == path.route);
            let left: Vec<RouteId> = former.iter().filter(is_left).map(|path| path.route).collect();
            for route in left {
                self.transfers.reroute(now, route, best);
            }
        }
    }

    /// A way takes these routes, and says which paths it had; without any it keeps them.
    pub(super) fn take(&mut self, way: WayId, routes: Vec<Route>) -> Vec<Path> {
        let &Way { ends, cap, ref paths, .. } = &self.ways[way.0 as usize];
        let former = paths.clone();
        if !routes.is_empty() {
            let paths = routes.into_iter().map(|route| self.path(route, ends, cap)).collect();
            self.ways[way.0 as usize].paths = paths;
        }
        former
    }

    pub(super) fn is_open(&self, link: LinkId) -> bool {
        self.capacities[link.index()].0 > 0.0
    }

    pub(super) fn searches<'a>(&'a self, is_open: &'a dyn Fn(LinkId) -> bool) -> Searches<'a> {
        Searches { topology: self.topology, is_open, from: BTreeMap::new() }
    }

    /// The routes over links in service.
    pub(super) fn routes_between(&self, ends: Ends, searches: &mut Searches<'_>) -> Vec<Route> {
        let Ends { from, to, .. } = ends;
        let mut routes = match self.rules.routing {
            Routing::LeastLatency => searches.from(from).to(to).into_iter().collect(),
            Routing::EqualPaths(most) => searches.from(from).all_to(to, most as usize),
            Routing::KShortest(k) => k_shortest(self.topology, (from, to), k as usize, searches.is_open),
        };
        if self.rules.transfers.reverse_traffic > 0 {
            let back = searches.from(to).to(from).map(|route| route.links).unwrap_or_default();
            for route in &mut routes {
                route.back.clone_from(&back);
            }
        }
        routes
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{NetworkRules, TransferModel};
    use crate::network::slow::joined;
    use proptest::prelude::*;

    const NODES: u32 = 6;

    /// The paths of all ways, as routes and bits of rates.
    fn paths(network: &Network<'_, u32>) -> Vec<Vec<(RouteId, u64)>> {
        let path = |path: &Path| (path.route, path.rate.0.to_bits());
        network.ways.iter().map(|way| way.paths.iter().map(path).collect()).collect()
    }

    fn routing() -> impl Strategy<Value = Routing> {
        let several = 1_u32..4;
        prop_oneof![
            Just(Routing::LeastLatency),
            several.clone().prop_map(Routing::EqualPaths),
            several.prop_map(Routing::KShortest)
        ]
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// Ways that are made anew where a change concerns them are those of a network that makes all anew, whatever
        /// fails, shrinks and comes back, with new ways in between.
        #[test]
        fn ways_that_no_change_concerns_stay(
            links in prop::collection::vec((0..NODES, 0..NODES, 0_u64..3), 1..20),
            routing in routing(),
            reverse_traffic in prop_oneof![Just(0_u32), Just(50)],
            steps in prop::collection::vec((0_u32..6, 0_usize..40, 0..NODES, 0..NODES), 1..30),
        ) {
            let links: Vec<_> = links.into_iter().filter(|&(from, to, _)| from != to).collect();
            prop_assume!(!links.is_empty());
            let topology = joined(NODES, &links);
            let transfers = TransferModel { reverse_traffic, ..TransferModel::FLUID };
            let rules = NetworkRules { routing, transfers, ..NetworkRules::PLAIN };
            let mut twins = [0; 2].map(|_| Network::<u32>::new(&topology, rules));
            let mut lanes = [const { Vec::new() }; 2];
            for (step, (what, link, from, to)) in steps.into_iter().enumerate() {
                let now = Time::from_seconds(step as u64);
                let link = LinkId((link % links.len()) as u32);
                for (network, lanes) in twins.iter_mut().zip(&mut lanes) {
                    match what {
                        0 => network.set_capacity(now, link, ByteRate(f64::from(from.min(2)) * 1e9)),
                        1 => { network.way(NodeId(from), NodeId(to), 1); }
                        4 => lanes.extend(network.lane(NodeId(from), NodeId(to), 1, ByteRate(3e8))),
                        5 => lanes.pop().into_iter().for_each(|lane| network.leave_lane(lane)),
                        2 => network.set_capacity(now, link, ByteRate(0.0)),
                        _ => {}
                    }
                }
                if what == 3 {
                    twins[1].changes.has_new = true;
                    for network in &mut twins {
                        network.reroute(now);
                    }
                    prop_assert_eq!(paths(&twins[0]), paths(&twins[1]));
                }
            }
        }
    }
}
