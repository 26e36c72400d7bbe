//! Where the sites, the links and the users of a study are: what a map needs beside the results.
//!
//! Latitudes and longitudes are in degrees, north and east positive.

use crate::model::{Country, CountryId, Node, Partition, SiteId, System};
use serde::{Deserialize, Serialize};

/// The places of a study. Nothing in it depends on a run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Places {
    /// All sites, committed and candidates, be they in a set or not.
    pub sites: Vec<SitePlace>,
    /// All links, in the order in which each set has its results of them.
    pub links: Vec<LinkPlace>,
    /// The countries with users.
    pub countries: Vec<CountryPlace>,
}

/// A site.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SitePlace {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
    /// The code of the country that hosts it, ISO 3166-1.
    pub country: String,
    /// The codes of the other countries of its consortium.
    pub consortium: Vec<String>,
    /// Accelerators open to the factory's work at the end of the window.
    pub accelerators: u32,
    /// Whether it belongs to every set.
    pub committed: bool,
    /// The ids of the sets that it is in.
    pub sets: Vec<String>,
}

/// A directed link.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinkPlace {
    /// Its name.
    pub name: String,
    /// Where it begins.
    pub from: LinkEnd,
    /// Where it ends.
    pub to: LinkEnd,
}

/// One end of a link.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinkEnd {
    /// The node of the network: `router:geneva`, `gate:lumi`, `site:lumi`, `country:FI`.
    pub node: String,
    /// Degrees north.
    pub latitude: f64,
    /// Degrees east.
    pub longitude: f64,
}

/// A country with users.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CountryPlace {
    /// Its code, ISO 3166-1.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The ids of the sets with a site that it hosts.
    pub hosts_in: Vec<String>,
    /// The ids of the sets with a site of whose consortium it is, the hosts' own sites included.
    pub takes_part_in: Vec<String>,
}

impl Places {
    /// Whether nothing has a place.
    pub fn is_empty(&self) -> bool {
        self.sites.is_empty() && self.links.is_empty() && self.countries.is_empty()
    }

    /// The places of a system.
    pub(super) fn of(system: &System) -> Self {
        let links = system.topology.links.iter().map(|link| LinkPlace {
            name: link.name.clone(),
            from: link_end(&system.topology.nodes[link.from]),
            to: link_end(&system.topology.nodes[link.to]),
        });
        Self {
            sites: system.sites.ids().map(|id| site(system, id)).collect(),
            links: links.collect(),
            countries: countries(system),
        }
    }
}

fn link_end(node: &Node) -> LinkEnd {
    let position = node.position;
    LinkEnd { node: node.name.clone(), latitude: position.latitude, longitude: position.longitude }
}

/// The ids of the sets with a site of which something holds.
fn sets_with(system: &System, holds: impl Fn(SiteId) -> bool) -> Vec<String> {
    let sets = system.sets.iter().filter(|set| set.sites.iter().any(|&site| holds(site)));
    sets.map(|set| set.id.clone()).collect()
}

fn site(system: &System, id: SiteId) -> SitePlace {
    let site = &system.sites[id];
    let partitions = site.partitions.iter().map(|&partition| &system.partitions[partition]);
    let open = partitions.filter(|partition| partition.opens < system.observation.end);
    let country = |id| system.countries[id].id.clone();
    SitePlace {
        id: site.id.clone(),
        name: site.name.clone(),
        latitude: site.position.latitude,
        longitude: site.position.longitude,
        country: country(site.country),
        consortium: site.consortium.iter().copied().map(country).collect(),
        accelerators: open.map(Partition::accelerators).sum(),
        committed: site.committed,
        sets: sets_with(system, |other| other == id),
    }
}

fn countries(system: &System) -> Vec<CountryPlace> {
    let country = |(id, country): (CountryId, &Country)| CountryPlace {
        id: country.id.clone(),
        name: country.name.clone(),
        hosts_in: sets_with(system, |site| system.sites[site].country == id),
        takes_part_in: sets_with(system, |site| {
            let site = &system.sites[site];
            site.country == id || site.consortium.contains(&id)
        }),
    };
    system.countries.ids().zip(system.countries.iter()).map(country).collect()
}
