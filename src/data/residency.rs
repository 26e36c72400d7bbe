//! Which site may hold a copy of a dataset.

use crate::model::{Dataset, Residency, SiteId, System};

/// Whether `site` may hold a copy of `dataset`, and so run a job that reads it.
pub fn may_hold(system: &System, dataset: &Dataset, site: SiteId) -> bool {
    let country = system.sites[site].country;
    match dataset.residency {
        Residency::Country => country == dataset.country,
        Residency::Union => system.countries[country].in_union,
        Residency::Free => true,
    }
}
