//! The broker's rules: which partition a job goes to, given what the partitions predict of themselves.

use crate::model::{CandidateSet, CountryId, PartitionId, SiteId, System};
use crate::units::{Span, Time};
use std::cmp::Reverse;

/// A partition on which the job fits, with what it predicts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Choice {
    /// The partition.
    pub partition: PartitionId,
    /// The accelerators on which it would run.
    pub accelerators: u32,
    /// The partition's tier.
    pub tier: i32,
    /// When its turn would come there, its input aside.
    pub turn: Time,
    /// When it would end there if it used all the time it requests.
    pub completion: Time,
}

/// The choice of least predicted completion: so a moldable job runs on the size that finishes first. Ties go to the
/// fewest accelerators, then to the highest tier, then by partition id: of the partitions on the same nodes that take a
/// job, it goes to the most urgent. `None` if there are no choices.
pub fn choose_by_completion(choices: impl IntoIterator<Item = Choice>) -> Option<Choice> {
    choices
        .into_iter()
        .min_by_key(|choice| (choice.completion, choice.accelerators, Reverse(choice.tier), choice.partition))
}

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
