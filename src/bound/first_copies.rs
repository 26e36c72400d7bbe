//! First copies: the bytes of a dataset that links have to carry before any job that reads it runs beyond them.

use super::FluidBound;
use super::capacity::{Window, offered_h};
use crate::model::{DatasetId, LinkId, PartitionId, SiteId, System};
use std::collections::{BTreeMap, BTreeSet};

/// The most work that jobs that read a dataset could do beyond a link that its first copy has to cross.
#[derive(Debug, Clone, Default)]
pub(super) struct FirstCopies {
    most_h: BTreeMap<(LinkId, DatasetId), f64>,
}

/// What could be done beyond a link.
#[derive(Debug, Default)]
struct Beyond {
    /// Hours of the jobs.
    asked_h: f64,
    /// By nodes: the least that an hour of their work holds there.
    held_per_work: BTreeMap<PartitionId, f64>,
}

impl Beyond {
    /// No more than the jobs are, and no more than the nodes are.
    fn most_h(&self, system: &System, window: Window) -> f64 {
        let nodes = self.held_per_work.iter().map(|(&pool, held)| offered_h(system, pool, window) / held);
        nodes.sum::<f64>().min(self.asked_h)
    }
}

impl FirstCopies {
    /// Bytes that cross a link for each hour of work on a dataset beyond it: they are the whole of it if that is done
    /// which could be.
    pub(super) fn bytes_per_h(&self, system: &System, link: LinkId, dataset: DatasetId) -> Option<f64> {
        self.most_h.get(&(link, dataset)).map(|most_h| system.datasets[dataset].size.0 as f64 / most_h)
    }

    /// The links that first copies have to cross, each with one of the datasets.
    pub(super) fn crossings(&self) -> impl Iterator<Item = (LinkId, DatasetId)> {
        self.most_h.keys().copied()
    }
}

impl FluidBound<'_> {
    pub(super) fn first_copies(&self) -> FirstCopies {
        let mut beyond: BTreeMap<(LinkId, DatasetId), Beyond> = BTreeMap::new();
        for demand in &self.demands.all {
            let Some(dataset) = demand.dataset else { continue };
            for (share, ways) in demand.shares() {
                let mut crossed = BTreeSet::new();
                for way in ways {
                    let partition = &self.system.partitions[way.partition];
                    for &link in self.demands.readers.crossed(dataset, partition.site) {
                        let beyond = beyond.entry((link, dataset)).or_default();
                        beyond.asked_h += if crossed.insert(link) { share.all_hours() } else { 0.0 };
                        let least = beyond.held_per_work.entry(partition.pool).or_insert(f64::INFINITY);
                        *least = way.held_per_work.min(*least);
                    }
                }
            }
        }
        let most = beyond.into_iter().map(|(key, beyond)| (key, beyond.most_h(self.system, self.window)));
        FirstCopies { most_h: most.filter(|&(_, most_h)| most_h > 0.0).collect() }
    }

    /// Whether nothing of a dataset was on its way before the window: nobody had asked for it.
    pub(super) fn comes_in_window(&self, dataset: DatasetId) -> bool {
        self.demands.first_asked[dataset.index()] >= self.window.from
    }

    /// The first copies that a job at a site needs: the links, with bytes for each hour of its work.
    pub(super) fn copies_needed<'c>(
        &'c self,
        copies: &'c FirstCopies,
        dataset: Option<DatasetId>,
        site: SiteId,
    ) -> impl Iterator<Item = (LinkId, DatasetId, f64)> + 'c {
        dataset.into_iter().flat_map(move |dataset| {
            let links = self.demands.readers.crossed(dataset, site).iter();
            links.filter_map(move |&link| {
                Some((link, dataset, copies.bytes_per_h(self.system, link, dataset)?))
            })
        })
    }
}
