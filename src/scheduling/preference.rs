//! The order in which the sites of a set are home to a country.

use crate::model::{CandidateSet, CountryId, SiteId, System};
use crate::units::Span;

/// For each country, the sites of a set in the order in which they are its home: sites of its own, then those whose
/// consortium it belongs to, then the others; within each by least latency, then id. Openness is asked when a job
/// comes, since sites open over time.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preference {
    by_country: Vec<Vec<SiteId>>,
}

impl Preference {
    /// The preference of every country; `latency` gives the least latency from a country to a site, if any route
    /// leads there, and sites out of reach are left out.
    pub fn new(
        system: &System,
        set: &CandidateSet,
        latency: impl Fn(CountryId, SiteId) -> Option<Span>,
    ) -> Self {
        let of_country = |country: CountryId| {
            let mut sites: Vec<(u8, Span, SiteId)> = set
                .sites
                .iter()
                .filter_map(|&site| Some((kinship(system, country, site), latency(country, site)?, site)))
                .collect();
            sites.sort_unstable();
            sites.into_iter().map(|(_, _, site)| site).collect()
        };
        Self { by_country: system.countries.ids().map(of_country).collect() }
    }

    /// The sites in the order in which they are home to `country`.
    pub fn sites(&self, country: CountryId) -> &[SiteId] {
        &self.by_country[country.index()]
    }
}

fn kinship(system: &System, country: CountryId, site: SiteId) -> u8 {
    let site = &system.sites[site];
    if site.country == country {
        0
    } else if site.consortium.contains(&country) {
        1
    } else {
        2
    }
}
