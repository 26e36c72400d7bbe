//! The datasets of a run: what is fetched for whom, when it would be there, who uses which copy, and what storages hold.
//!
//! A job that is submitted asks the storage of its site for its dataset. If a copy is there, or on its way, the job uses
//! that one; else the dataset comes from the nearest holder, once for all jobs that ask for it meanwhile; where there is
//! no room for it, the job streams it into scratch space of its own. A copy is in use from then until the job is gone,
//! and at its source while it is sent. Nothing of this exists in a run without datasets.

use super::checks::Integral;
use super::live::{JobSlot, Reading};
use super::run::Simulation;
use super::staging::Cargo;
use crate::data::{Answer, Books, Replicas, may_hold};
use crate::model::{CandidateSet, DatasetHome, DatasetId, IdVec, Job, SiteId, System};
use crate::records::{Sink, StorageRow};
use crate::units::{Bytes, Time};
use crate::workload::Workload;
use std::collections::BTreeMap;

/// A dataset on its way to a storage.
#[derive(Debug)]
struct Delivery {
    from: DatasetHome,
    started: Time,
    /// Who waits for it, in the order of asking.
    waiting: Vec<JobSlot>,
}

/// What is counted of one site's storage.
#[derive(Debug, Clone, Default)]
struct Counts {
    taken: Integral,
    hits: u64,
    shared: u64,
    misses: u64,
    /// What the clock and the books showed when the present bin began.
    taken_before: u128,
    books_before: Books,
}

/// All datasets during a run.
#[derive(Debug)]
pub(super) struct DataState {
    replicas: Replicas,
    deliveries: BTreeMap<(SiteId, DatasetId), Delivery>,
    counts: IdVec<SiteId, Counts>,
    sites: Vec<SiteId>,
}

impl DataState {
    /// The copies at the beginning; `None` where the system has no datasets.
    pub(super) fn new(system: &System, set: &CandidateSet) -> Option<Self> {
        if system.datasets.is_empty() {
            return None;
        }
        let replicas = Replicas::new(system, set);
        let mut counts = IdVec::filled(Counts::default(), system.sites.len());
        for &site in &set.sites {
            counts[site].taken.set(Time::ZERO, replicas.storage(site).taken().0);
            counts[site].books_before = replicas.storage(site).books();
        }
        Some(Self { replicas, deliveries: BTreeMap::new(), counts, sites: set.sites.clone() })
    }

    fn ask(&mut self, now: Time, site: SiteId, dataset: DatasetId) -> Answer {
        let answer = self.replicas.storage_mut(site).ask(dataset);
        let counts = &mut self.counts[site];
        match answer {
            Answer::Here => counts.hits += 1,
            Answer::Coming => counts.shared += 1,
            Answer::Fetch | Answer::PassThrough => counts.misses += 1,
        }
        counts.taken.set(now, self.replicas.storage(site).taken().0);
        answer
    }

    /// The copy at a holder is read to be sent elsewhere.
    fn hold(&mut self, holder: DatasetHome, dataset: DatasetId) {
        if let DatasetHome::Site(site) = holder {
            self.replicas.storage_mut(site).hold(dataset);
        }
    }

    /// The counterpart of [`DataState::hold`].
    fn let_go(&mut self, holder: DatasetHome, dataset: DatasetId) {
        if let DatasetHome::Site(site) = holder {
            self.replicas.storage_mut(site).let_go(dataset);
        }
    }

    fn delivery(&mut self, site: SiteId, dataset: DatasetId) -> &mut Delivery {
        self.deliveries.get_mut(&(site, dataset)).expect("what is on its way to a storage is delivered")
    }

    /// The rows of the bin that ends now; the next one begins.
    fn close_bin(&mut self, from: Time, to: Time) -> Vec<StorageRow> {
        let row = |&site: &SiteId| {
            let (books, counts) = (self.replicas.storage(site).books(), &mut self.counts[site]);
            let (taken, before) = (counts.taken.up_to(to), counts.books_before);
            let row = StorageRow {
                site,
                from,
                to,
                taken: taken - std::mem::replace(&mut counts.taken_before, taken),
                hits: std::mem::take(&mut counts.hits),
                shared: std::mem::take(&mut counts.shared),
                misses: std::mem::take(&mut counts.misses),
                came_in: books.came_in - before.came_in,
                passed_through: books.passed_through - before.passed_through,
                evicted: books.evicted - before.evicted,
            };
            counts.books_before = books;
            row
        };
        self.sites.iter().map(row).collect()
    }

    /// Whether the books of every storage balance, and all that is on its way is waited for.
    fn balances(&self) -> bool {
        let deliveries = || self.deliveries.iter();
        self.sites.iter().all(|&site| self.replicas.storage(site).balances())
            && deliveries().all(|(&(site, dataset), _)| self.replicas.storage(site).awaits(dataset))
            && deliveries().all(|(_, delivery)| !delivery.waiting.is_empty())
    }
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// When a job's data would be at a site if they travelled alone: its input from its country, and its dataset, which
    /// is there at once where a copy is, after what is left to one on its way, and else comes from the nearest holder.
    pub(super) fn data_there(&self, job: &Job, site: SiteId) -> Time {
        let now = self.queue.now();
        let input = now.saturating_add(self.staging.alone(job.country, site, job.request.input));
        job.dataset.map_or(input, |dataset| input.max(self.dataset_there(dataset, site)))
    }

    /// The part of it that is left to a dataset on its way counts from its start, as the ways are now.
    fn dataset_there(&self, dataset: DatasetId, site: SiteId) -> Time {
        let (now, data) = (self.queue.now(), self.datasets());
        if data.replicas.storage(site).holds(dataset) {
            return now;
        }
        let (from, started) = match data.deliveries.get(&(site, dataset)) {
            Some(delivery) => (delivery.from, delivery.started),
            None => (self.nearest_holder(dataset, site), now),
        };
        let alone = self.staging.alone_from(from, site, self.system.datasets[dataset].size);
        started.saturating_add(alone).max(now)
    }

    fn datasets(&self) -> &DataState {
        self.data.as_ref().expect("a job reads a dataset of its system")
    }

    fn datasets_mut(&mut self) -> &mut DataState {
        self.data.as_mut().expect("a job reads a dataset of its system")
    }

    fn nearest_holder(&self, dataset: DatasetId, site: SiteId) -> DatasetHome {
        let latency = |holder| self.staging.latency_from(holder, site);
        self.datasets()
            .replicas
            .nearest(dataset, latency)
            .expect("jobs are sent where a route leads from the home")
    }

    /// Whether a route leads to a site from the home of the job's dataset.
    pub(super) fn data_reaches(&self, job: &Job, site: SiteId) -> bool {
        let home = |dataset| self.system.datasets[dataset].home;
        job.dataset.is_none_or(|dataset| self.staging.latency_from(home(dataset), site).is_some())
    }

    /// Whether a job may read its dataset at a site, and the dataset can get there.
    #[inline]
    pub(super) fn may_read(&self, job: &Job, site: SiteId) -> bool {
        let may = |dataset| may_hold(self.system, &self.system.datasets[dataset], site);
        job.dataset.is_none_or(may) && self.data_reaches(job, site)
    }

    /// Sends a job its data. Whether there is anything to wait for.
    #[inline]
    pub(super) fn send_data(&mut self, slot: JobSlot) -> bool {
        let live = self.live.get(slot);
        let Job { country, dataset, request, .. } = live.job;
        let site = self.system.partitions[live.partition].site;
        if request.input == Bytes::ZERO && dataset.is_none() {
            return false;
        }
        let mut awaited = 0;
        if request.input > Bytes::ZERO {
            self.send_input(country, site, request.input, slot);
            awaited += 1;
        }
        if let Some(dataset) = dataset {
            awaited += u8::from(self.send_dataset(slot, site, dataset));
        }
        self.live.get_mut(slot).awaited = awaited;
        awaited > 0
    }

    /// Sees to it that a job's dataset comes. Whether it is not there yet.
    fn send_dataset(&mut self, slot: JobSlot, site: SiteId, dataset: DatasetId) -> bool {
        let now = self.queue.now();
        let answer = self.datasets_mut().ask(now, site, dataset);
        if answer != Answer::PassThrough {
            self.live.get_mut(slot).reading = Reading::Copy(dataset);
        }
        match answer {
            Answer::Here => return false,
            Answer::Coming => self.datasets_mut().delivery(site, dataset).waiting.push(slot),
            Answer::Fetch => {
                let from = self.send_copy(site, dataset, |_| Cargo::Dataset { site, dataset });
                let delivery = Delivery { from, started: now, waiting: vec![slot] };
                self.datasets_mut().deliveries.insert((site, dataset), delivery);
            }
            Answer::PassThrough => {
                self.send_copy(site, dataset, |from| Cargo::Stream { job: slot, from });
            }
        }
        true
    }

    /// Sends a dataset to a site from its nearest holder, and says from whom.
    fn send_copy(
        &mut self,
        site: SiteId,
        dataset: DatasetId,
        cargo: impl FnOnce(DatasetHome) -> Cargo,
    ) -> DatasetHome {
        let from = self.nearest_holder(dataset, site);
        self.datasets_mut().hold(from, dataset);
        self.send_from(from, site, self.system.datasets[dataset].size, cargo(from));
        from
    }

    /// A dataset has come to a storage: all who wait for it have it.
    pub(super) fn dataset_came(&mut self, site: SiteId, dataset: DatasetId) {
        let data = self.datasets_mut();
        data.replicas.storage_mut(site).arrive(dataset);
        let delivery = data.deliveries.remove(&(site, dataset)).expect("what comes was delivered");
        data.let_go(delivery.from, dataset);
        for slot in delivery.waiting {
            self.end_transfer(slot);
        }
    }

    /// A dataset has come into a job's own scratch space.
    pub(super) fn stream_came(&mut self, slot: JobSlot, from: DatasetHome) {
        let live = self.live.get(slot);
        let (site, dataset) = (self.system.partitions[live.partition].site, live.job.dataset);
        let dataset = dataset.expect("who streams a dataset has one");
        let data = self.datasets_mut();
        data.let_go(from, dataset);
        data.replicas.storage_mut(site).pass_through(dataset);
        self.end_transfer(slot);
    }

    /// A job is gone: it uses no copy any more.
    #[inline]
    pub(super) fn end_reading(&mut self, slot: JobSlot) {
        let live = self.live.get(slot);
        let Reading::Copy(dataset) = live.reading else { return };
        let site = self.system.partitions[live.partition].site;
        self.datasets_mut().replicas.storage_mut(site).let_go(dataset);
    }

    /// Writes the storage rows of the bin that began at `began` and ends now.
    pub(super) fn write_storage(&mut self, began: Time, now: Time) {
        let Some(data) = &mut self.data else { return };
        let rows = data.close_bin(began, now);
        if began < now && began >= self.system.observation.warm_up {
            for row in &rows {
                self.sink.storage(row);
            }
        }
    }

    /// Asserts that no byte of a dataset was lost.
    pub(super) fn check_data(&self) {
        assert!(self.data.as_ref().is_none_or(DataState::balances), "bytes of datasets are conserved");
    }
}
