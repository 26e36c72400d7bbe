//! The k routes of least latency without circles (Yen, Management Science 17, 1971).
//!
//! Routes are ordered as [`Routes`] orders them: by latency, then number of links; equal ones by their links' names.

use super::routes::{Route, Routes};
use crate::model::{LinkId, NodeId, Topology};
use std::collections::BTreeSet;

/// The `k` best routes from `from` to `to` over open links that pass no node twice, best first; fewer where there are
/// no more. O(k x links on the way) runs of Dijkstra's algorithm.
pub fn k_shortest(
    topology: &Topology,
    (from, to): (NodeId, NodeId),
    k: usize,
    is_open: &dyn Fn(LinkId) -> bool,
) -> Vec<Route> {
    let Some(best) = Routes::over_open_links(topology, from, is_open).to(to) else { return Vec::new() };
    let mut found = vec![best];
    let mut candidates: Vec<Route> = Vec::new();
    while found.len() < k {
        let last = found[found.len() - 1].clone();
        for position in 0..last.links.len() {
            let root = &last.links[..position];
            let spur = spur(topology, (from, to), root, &found, is_open);
            candidates.extend(spur.filter(|route| !found.contains(route)));
        }
        candidates.sort_by(|a, b| order(topology, a).cmp(&order(topology, b)));
        candidates.dedup();
        if candidates.is_empty() {
            break;
        }
        found.push(candidates.remove(0));
    }
    found
}

/// The best route that begins with `root` and then leaves the routes found so far.
fn spur(
    topology: &Topology,
    (from, to): (NodeId, NodeId),
    root: &[LinkId],
    found: &[Route],
    is_open: &dyn Fn(LinkId) -> bool,
) -> Option<Route> {
    let at = root.last().map_or(from, |&link| topology.links[link].to);
    let passed: BTreeSet<NodeId> = root.iter().map(|&link| topology.links[link].from).collect();
    let taken: BTreeSet<LinkId> = found
        .iter()
        .filter(|route| route.links.starts_with(root))
        .filter_map(|route| route.links.get(root.len()).copied())
        .collect();
    let is_free =
        |link| is_open(link) && !taken.contains(&link) && !passed.contains(&topology.links[link].to);
    let rest = Routes::over_open_links(topology, at, &is_free).to(to)?;
    let latency = root.iter().fold(rest.latency, |sum, &link| sum + topology.links[link].latency);
    Some(Route::along([root, &rest.links].concat(), latency))
}

/// What routes are ordered by.
fn order<'t>(topology: &'t Topology, route: &Route) -> (u64, usize, Vec<&'t str>) {
    let names = route.links.iter().rev().map(|&link| topology.links[link].name.as_str());
    (route.latency.0, route.links.len(), names.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::network::slow::joined;
    use crate::units::Span;
    use proptest::prelude::*;

    /// Every route without circles, by walking all of them.
    fn all(topology: &Topology, from: NodeId, to: NodeId) -> Vec<Route> {
        let mut routes = Vec::new();
        let mut open = vec![(from, Vec::<LinkId>::new(), vec![from])];
        while let Some((node, links, passed)) = open.pop() {
            if node == to {
                let latency = links.iter().fold(Span::ZERO, |sum, &link| sum + topology.links[link].latency);
                routes.push(Route::along(links, latency));
                continue;
            }
            for (id, link) in topology.links.enumerate().filter(|(_, link)| link.from == node) {
                if !passed.contains(&link.to) {
                    let (mut longer, mut seen) = (links.clone(), passed.clone());
                    longer.push(id);
                    seen.push(link.to);
                    open.push((link.to, longer, seen));
                }
            }
        }
        routes.sort_by(|a, b| order(topology, a).cmp(&order(topology, b)));
        routes
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        /// The k best of all routes, in their order; and the equal ones are those of least latency and links.
        #[test]
        fn routes_are_the_best_of_all(
            links in prop::collection::vec((0_u32..6, 0_u32..6, 0_u64..4), 0..16),
            k in 1_usize..8,
        ) {
            let links: Vec<_> = links.into_iter().filter(|&(from, to, _)| from != to).collect();
            let topology = joined(6, &links);
            let expected = all(&topology, NodeId(0), NodeId(5));
            let found = k_shortest(&topology, (NodeId(0), NodeId(5)), k, &|_| true);
            prop_assert_eq!(&found[..], &expected[..k.min(expected.len())]);
            let rank = |route: &Route| (route.latency, route.links.len());
            let equal = expected.iter().filter(|route| rank(route) == rank(&expected[0]));
            let routes = Routes::from_node(&topology, NodeId(0));
            prop_assert_eq!(routes.all_to(NodeId(5), k), equal.take(k).cloned().collect::<Vec<_>>());
        }
    }
}
