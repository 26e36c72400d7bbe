//! Which sites a country's jobs reach, and over which links their input goes.

use crate::model::{CandidateSet, CountryId, LinkId, SiteId, System};
use crate::network::Routes;
use crate::units::{Bytes, Span, Time};

/// The routes from all countries to the sites of a set.
#[derive(Debug, Clone)]
pub(super) struct Reach {
    sites: usize,
    /// `[country][site]`: the links to the site; `None` where none lead there or back, or the site is not in the set.
    links: Vec<Option<Vec<LinkId>>>,
    /// `[country]`: the least latency to any site, and the greatest rate to any, in bytes per second.
    best: Vec<(Span, f64)>,
}

impl Reach {
    pub(super) fn new(system: &System, set: &CandidateSet) -> Self {
        let sites = system.sites.len();
        let topology = &system.topology;
        let mut links = vec![None; system.countries.len() * sites];
        let mut best = vec![(Span::MAX, 0.0_f64); system.countries.len()];
        let home: Vec<_> =
            set.sites.iter().map(|&site| Routes::from_node(topology, system.sites[site].node)).collect();
        for (country, from) in system.countries.enumerate() {
            let routes = Routes::from_node(topology, from.node);
            for (&site, home) in set.sites.iter().zip(&home) {
                let returns = home.to(from.node).is_some();
                let Some(route) = routes.to(system.sites[site].node).filter(|_| returns) else { continue };
                let rate = route.bottleneck(topology).map_or(f64::INFINITY, |rate| rate.0);
                let (latency, fastest) = &mut best[country.index()];
                (*latency, *fastest) = (route.latency.min(*latency), rate.max(*fastest));
                links[country.index() * sites + site.index()] = Some(route.links);
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
        let (latency, rate) = self.best[country.index()];
        if input == Bytes::ZERO || latency == Span::MAX {
            return submit;
        }
        // A little less, for the rounding of rates.
        let flowing = input.0 as f64 / rate * (1.0 - 1e-12) * 1e9;
        submit.saturating_add(latency).saturating_add(Span(flowing as u64))
    }
}
