//! Where a job fits: open partitions that admit it, are large enough and allow its time; why it fits nowhere.

use super::holding_back::project_of;
use super::run::Simulation;
use super::times::Times;
use crate::model::{Asks, Flexibility, Job, PartitionId, SiteId};
use crate::records::{Rejection, Sink};
use crate::workload::Workload;

/// A partition on which a job may run, with the accelerators that it would take there, and its times on them.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    pub(super) partition: PartitionId,
    pub(super) accelerators: u32,
    pub(super) times: Times,
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// The open partitions of a site on which the job fits, each with every size on which it does.
    pub(super) fn feasible<'s>(&'s self, job: &'s Job, site: SiteId) -> impl Iterator<Item = Place> + 's {
        self.feasible_on(job, site, self.sizes(job))
    }

    /// The open partitions of a site that take the job, each with every one of these sizes that fits there.
    pub(super) fn feasible_on<'s>(
        &'s self,
        job: &'s Job,
        site: SiteId,
        sizes: &'s [u32],
    ) -> impl Iterator<Item = Place> + 's {
        let partitions = &self.system.sites[site].partitions;
        let (mut partition, mut size) = (0, 0);
        let next = move || {
            if size == sizes.len() {
                (partition, size) = (partition + 1, 0);
            }
            size += 1;
            Some((*partitions.get(partition)?, *sizes.get(size - 1)?))
        };
        std::iter::from_fn(next).filter_map(move |(partition, accelerators)| {
            let place = self.place(job, partition, accelerators).filter(|_| self.admits(job, partition));
            place.filter(|_| self.may_read(job, site))
        })
    }

    /// The sites on which the job fits, in the order given.
    pub(super) fn feasible_sites(&self, job: &Job, sites: &[SiteId]) -> Vec<SiteId> {
        let sizes = self.sizes(job);
        let takes = |id: PartitionId| {
            self.admits(job, id) && sizes.iter().any(|&size| self.place(job, id, size).is_some())
        };
        let fits = |site: &&SiteId| self.system.sites[**site].partitions.iter().any(|&id| takes(id));
        sites.iter().filter(fits).filter(|&&site| self.may_read(job, site)).copied().collect()
    }

    fn admits(&self, job: &Job, id: PartitionId) -> bool {
        self.system.partitions[id].admits.as_ref().is_none_or(|admitted| admitted.contains(&job.community))
    }

    fn place(&self, job: &Job, partition: PartitionId, accelerators: u32) -> Option<Place> {
        let times = self.times(job, partition, accelerators)?;
        let fits = self.is_large_enough(job, partition, accelerators);
        fits.then_some(Place { partition, accelerators, times })
    }

    fn is_large_enough(&self, job: &Job, id: PartitionId, size: u32) -> bool {
        let partition = &self.system.partitions[id];
        let most = u64::from(partition.max_nodes_per_job) * u64::from(partition.accelerators_per_node);
        let state = &self.partitions[partition.pool];
        let units = partition.units_for(size);
        state.is_open()
            && partition.opens <= self.queue.now()
            && u64::from(units) <= self.system.most_units(id, (job.community, job.country), self.asks(job))
            && u64::from(size) <= most
            && units <= state.capacity
    }

    /// Whether a job comes by a project.
    fn asks(&self, job: &Job) -> Asks {
        project_of(self.system, job.id).map_or(Asks::Jobs, |_| Asks::Projects)
    }

    /// The numbers of accelerators on which a job may start.
    fn sizes<'s>(&'s self, job: &'s Job) -> &'s [u32] {
        let class = self.system.classes.get(job.class);
        let flexibility = class.map_or(&Flexibility::Rigid, |class| &class.flexibility);
        flexibility.starting_sizes(&job.request.accelerators)
    }

    fn is_any_large_enough(&self, job: &Job, id: PartitionId) -> bool {
        self.sizes(job).iter().any(|&size| self.is_large_enough(job, id, size))
    }

    /// Why no partition of these sites takes a job.
    pub(super) fn why_nowhere(&self, job: &Job, sites: &[SiteId]) -> Rejection {
        let open = |id: &PartitionId| {
            let partition = &self.system.partitions[*id];
            self.partitions[partition.pool].is_open() && partition.opens <= self.queue.now()
        };
        let partitions_of = |site: SiteId| self.system.sites[site].partitions.iter().copied();
        let reachable = || sites.iter().filter(|&&site| self.data_reaches(job, site));
        let readable = || {
            let sites = reachable().filter(|&&site| self.may_read(job, site));
            sites.flat_map(|&site| partitions_of(site))
        };
        if !self.partitions.ids().any(|id| open(&id)) {
            Rejection::NoOpenSite
        } else if !reachable().flat_map(|&site| partitions_of(site)).any(|id| open(&id)) {
            Rejection::Unreachable
        } else if !readable().any(|id| open(&id)) {
            Rejection::Residency
        } else if !readable().any(|id| open(&id) && self.admits(job, id)) {
            Rejection::NotAdmitted
        } else if readable().any(|id| self.admits(job, id) && self.is_any_large_enough(job, id)) {
            Rejection::TooLong
        } else {
            Rejection::TooLarge
        }
    }
}
