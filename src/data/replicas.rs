//! Who holds which dataset: the homes, and the storages of the sites of a set.

use super::Storage;
use crate::model::{CandidateSet, DatasetHome, DatasetId, IdVec, SiteId, System};
use crate::units::Span;

/// The copies of all datasets.
#[derive(Debug, Clone)]
pub struct Replicas {
    homes: Vec<DatasetHome>,
    sites: Vec<SiteId>,
    /// By site of the system; those outside the set are never asked.
    storages: IdVec<SiteId, Storage>,
}

impl Replicas {
    /// The copies at the beginning: the homes, and the replicas at sites of the set.
    pub fn new(system: &System, set: &CandidateSet) -> Self {
        let sizes = || system.datasets.iter().map(|dataset| dataset.size);
        let storage = |site: SiteId| {
            let mut storage = Storage::new(system.sites[site].storage, sizes());
            for (id, dataset) in system.datasets.enumerate() {
                if dataset.home == DatasetHome::Site(site) {
                    storage.keep_at_home(id);
                } else if dataset.replicas.contains(&site) {
                    storage.place(id);
                }
            }
            storage
        };
        Self {
            homes: system.datasets.iter().map(|dataset| dataset.home).collect(),
            sites: set.sites.clone(),
            storages: system.sites.ids().map(storage).collect(),
        }
    }

    /// The storage of a site of the set.
    #[inline]
    pub fn storage(&self, site: SiteId) -> &Storage {
        &self.storages[site]
    }

    /// The same, to change.
    #[inline]
    pub fn storage_mut(&mut self, site: SiteId) -> &mut Storage {
        &mut self.storages[site]
    }

    /// The holder of least latency, by `latency`, which gives none where no route leads; ties go to sites before users,
    /// then by id. O(sites of the set).
    pub fn nearest(
        &self,
        dataset: DatasetId,
        latency: impl Fn(DatasetHome) -> Option<Span>,
    ) -> Option<DatasetHome> {
        let copies = self.sites.iter().filter(|&&site| self.storages[site].holds(dataset));
        let holders = copies.map(|&site| DatasetHome::Site(site)).chain([self.homes[dataset.index()]]);
        holders.filter_map(|holder| Some((latency(holder)?, holder))).min().map(|(_, holder)| holder)
    }
}
