//! Which sites a country's jobs reach, and over which links their input goes whatever the routing.

use crate::model::{CandidateSet, CountryId, LinkId, NodeId, SiteId, System, Topology};
use crate::network::Routes;
use crate::units::{Bytes, Span, Time};

/// The ways from all countries to the sites of a set.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    sites: usize,
    /// `[country][site]`: the links that nothing leads around; `None` where no links lead there or back, or the site is
    /// not in the set.
    links: Vec<Option<Vec<LinkId>>>,
    /// `[country]`: the greatest rate at which input can move to any site, in bytes per second.
    best: Vec<f64>,
}

impl Reach {
    pub(super) fn new(system: &System, set: &CandidateSet) -> Self {
        let sites = system.sites.len();
        let topology = &system.topology;
        let mut links = vec![None; system.countries.len() * sites];
        let mut best = vec![0.0_f64; system.countries.len()];
        let back: Vec<_> =
            set.sites.iter().map(|&site| Routes::from_node(topology, system.sites[site].node)).collect();
        let into: Vec<_> =
            set.sites.iter().map(|&site| Ends::into(topology, system.sites[site].node)).collect();
        for (country, from) in system.countries.enumerate() {
            let (there, out) = (Routes::from_node(topology, from.node), Ends::out_of(topology, from.node));
            for ((&site, back), into) in set.sites.iter().zip(&back).zip(&into) {
                let node = system.sites[site].node;
                if there.to(node).is_none() || back.to(from.node).is_none() {
                    continue;
                }
                let crossed = out.links_beyond(node).chain(into.links_beyond(from.node));
                let mut crossed: Vec<LinkId> = crossed.collect();
                crossed.sort_unstable();
                crossed.dedup();
                let rate =
                    crossed.iter().map(|&link| greatest_rate(system, link)).fold(f64::INFINITY, f64::min);
                best[country.index()] = best[country.index()].max(rate);
                links[country.index() * sites + site.index()] = Some(crossed);
            }
        }
        Self { sites, links, best }
    }

    /// The links that input crosses on its way to a site, if it gets there.
    pub(super) fn links(&self, country: CountryId, site: SiteId) -> Option<&[LinkId]> {
        self.links[country.index() * self.sites + site.index()].as_deref()
    }

    /// Before this instant no input of so many bytes that is sent at `submit` is at any site.
    pub(super) fn staged(&self, country: CountryId, submit: Time, input: Bytes) -> Time {
        if input == Bytes::ZERO {
            return submit;
        }
        // A little less, for the rounding of rates.
        let flowing = input.0 as f64 / self.best[country.index()] * (1.0 - 1e-12) * 1e9;
        submit.saturating_add(Span(flowing as u64))
    }
}

/// The most that a link ever carries, in bytes per second.
pub(super) fn greatest_rate(system: &System, link: LinkId) -> f64 {
    let cables = system.topology.cables.iter().filter(|cable| cable.links.contains(&link));
    let upgrades = cables.flat_map(|cable| &cable.upgrades).map(|(_, capacity)| capacity.0);
    upgrades.fold(system.topology.links[link].capacity.0, f64::max) * system.network.transfers.efficiency
}

/// The links at one end of every way: as long as only one link leads on from the nodes passed.
struct Ends(Vec<(LinkId, NodeId)>);

impl Ends {
    /// The links that all ways out of a node begin with, each with the node that it leaves.
    fn out_of(topology: &Topology, node: NodeId) -> Self {
        Self::of(topology, node, |link| (topology.links[link].from, topology.links[link].to))
    }

    /// The links that all ways into a node end with, each with the node that it leads to.
    fn into(topology: &Topology, node: NodeId) -> Self {
        Self::of(topology, node, |link| (topology.links[link].to, topology.links[link].from))
    }

    fn of(topology: &Topology, node: NodeId, ends: impl Fn(LinkId) -> (NodeId, NodeId)) -> Self {
        let (mut passed, mut links) = (vec![node], Vec::new());
        loop {
            let leads_on = |&link: &LinkId| {
                let (near, far) = ends(link);
                passed.contains(&near) && !passed.contains(&far)
            };
            let mut on = topology.links.ids().filter(leads_on);
            let (Some(link), None) = (on.next(), on.next()) else { return Self(links) };
            let (near, far) = ends(link);
            links.push((link, near));
            passed.push(far);
        }
    }

    /// Those of them that lie between the node and another one.
    fn links_beyond(&self, other: NodeId) -> impl Iterator<Item = LinkId> {
        // Once the other end is passed, nothing has to be crossed any more.
        self.0.iter().take_while(move |&&(_, near)| near != other).map(|&(link, _)| link)
    }
}
