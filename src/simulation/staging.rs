//! Data on the way: inputs and datasets to the sites before jobs may queue, results home after they ended, and transfers
//! by plan.

use super::event::Event;
use super::live::JobSlot;
use super::run::Simulation;
use crate::engine::EventHandle;
use crate::model::{CandidateSet, CountryId, DatasetHome, DatasetId, LinkId, NodeId, SiteId, System};
use crate::network::{Network, WayId};
use crate::records::{Sink, TransferKind, TransferRow};
use crate::units::{ByteRate, Bytes, Span, Time};
use crate::workload::Workload;

/// What a transfer carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cargo {
    /// The input of a job that waits for it.
    Input(JobSlot),
    /// Results on their way home.
    Output,
    /// Data that move by a plan, with its place among these.
    Scheduled(u32),
    /// A dataset for the storage of a site.
    Dataset {
        /// The site.
        site: SiteId,
        /// The dataset.
        dataset: DatasetId,
    },
    /// A dataset for the scratch space of one job.
    Stream {
        /// The job.
        job: JobSlot,
        /// Whose copy it is read from.
        from: DatasetHome,
    },
}

/// A transfer under way.
#[derive(Debug, Clone, Copy)]
struct Flight {
    cargo: Cargo,
    from: NodeId,
    to: NodeId,
    bytes: Bytes,
    started: Time,
}

/// The network during a run, with the ways between all countries and the sites of the set.
#[derive(Debug)]
pub(super) struct Staging<'a> {
    network: Network<'a, u32>,
    /// The transfers under way, by the number that the network knows them by.
    flights: Vec<Option<Flight>>,
    free: Vec<u32>,
    /// Of all transfers that have finished.
    bytes_arrived: u128,
    sites: usize,
    /// `[country][site]`, to the site; `None` where no route leads or the site is not in the set.
    inbound: Vec<Option<WayId>>,
    /// `[country][site]`, from the site.
    outbound: Vec<Option<WayId>>,
    /// `[site][site]`, from each site that may hold datasets to those of the set; empty where there are no datasets.
    between: Vec<Option<WayId>>,
    /// `[site]`, from the sites of the set to the archive; empty where there is none.
    to_archive: Vec<Option<WayId>>,
    /// The event scheduled for the network's next instant.
    scheduled: Option<(Time, EventHandle)>,
    /// Transfers changed since the next instant was asked for.
    stale: bool,
    bin_start: Time,
    /// Bytes carried by each link until the present bin began, and that it could have carried.
    carried_before: Vec<f64>,
    offered_before: Vec<f64>,
    arrived: Vec<u32>,
}

impl<'a> Staging<'a> {
    pub(super) fn new(system: &'a System, set: &CandidateSet) -> Self {
        let topology = &system.topology;
        let job_weight = system.network.job_weight;
        let mut network = Network::new(topology, system.network);
        let sites = system.sites.len();
        let mut inbound = vec![None; system.countries.len() * sites];
        let mut outbound = inbound.clone();
        for (country, from) in system.countries.enumerate() {
            for &site in &set.sites {
                let (place, node) = (country.index() * sites + site.index(), system.sites[site].node);
                inbound[place] = network.way(from.node, node, job_weight);
                outbound[place] = network.way(node, from.node, job_weight);
            }
        }
        let between = ways_between(system, set, &mut network);
        let to_archive = ways_to_archive(system, set, &mut network);
        Self {
            network,
            flights: Vec::new(),
            free: Vec::new(),
            bytes_arrived: 0,
            sites,
            inbound,
            outbound,
            between,
            to_archive,
            scheduled: None,
            stale: false,
            bin_start: Time::ZERO,
            carried_before: vec![0.0; topology.links.len()],
            offered_before: vec![0.0; topology.links.len()],
            arrived: Vec::new(),
        }
    }

    fn of(&self, ways: &[Option<WayId>], country: CountryId, site: SiteId) -> Option<WayId> {
        ways[country.index() * self.sites + site.index()]
    }

    /// The latency from a country to a site while all links are up, if routes lead there and back.
    pub(super) fn latency(&self, country: CountryId, site: SiteId) -> Option<Span> {
        self.of(&self.outbound, country, site)?;
        self.of(&self.inbound, country, site).map(|way| self.network.latency(way))
    }

    /// How long `bytes` take to a reachable site if nothing else is on the way.
    pub(super) fn alone(&self, country: CountryId, site: SiteId, bytes: Bytes) -> Span {
        let way = self.of(&self.inbound, country, site).expect("jobs are sent to reachable sites");
        self.network.alone(way, bytes)
    }

    /// The way of a dataset from a holder to a site of the set, if links lead there; none leads from a site to itself.
    fn way_from(&self, holder: DatasetHome, site: SiteId) -> Option<WayId> {
        match holder {
            DatasetHome::Country(country) => self.of(&self.inbound, country, site),
            DatasetHome::Site(from) => self.between[from.index() * self.sites + site.index()],
        }
    }

    /// The latency from a holder of datasets to a site of the set while all links are up, if routes lead there: none to
    /// what is at the site.
    pub(super) fn latency_from(&self, holder: DatasetHome, site: SiteId) -> Option<Span> {
        if holder == DatasetHome::Site(site) {
            return Some(Span::ZERO);
        }
        self.way_from(holder, site).map(|way| self.network.latency(way))
    }

    /// How long a dataset of `bytes` takes from a holder to a site if nothing else is on the way.
    pub(super) fn alone_from(&self, holder: DatasetHome, site: SiteId, bytes: Bytes) -> Span {
        self.network.alone(self.way_from(holder, site).expect("datasets come where a route leads"), bytes)
    }

    /// Starts a transfer.
    fn send(&mut self, way: WayId, flight: Flight) {
        let number = self.free.pop().unwrap_or_else(|| {
            self.flights.push(None);
            u32::try_from(self.flights.len() - 1).expect("fewer than 2^32 transfers under way")
        });
        self.flights[number as usize] = Some(flight);
        self.network.start(flight.started, way, flight.bytes, number);
        self.stale = true;
    }

    /// Takes a transfer that has finished off the list of those under way.
    fn take(&mut self, number: u32) -> Flight {
        self.free.push(number);
        let flight = self.flights[number as usize].take();
        let flight = flight.expect("a number in use names a transfer under way");
        self.bytes_arrived += u128::from(flight.bytes.0);
        flight
    }

    /// A link has this capacity from now on.
    pub(super) fn set_capacity(&mut self, now: Time, link: LinkId, capacity: ByteRate) {
        self.network.set_capacity(now, link, capacity);
        self.stale = true;
    }

    /// The ways follow the links as they are.
    pub(super) fn reroute(&mut self, now: Time) {
        self.network.reroute(now);
        self.stale = true;
    }

    pub(super) fn is_stale(&self) -> bool {
        self.stale
    }

    pub(super) fn bin_start(&self) -> Time {
        self.bin_start
    }

    /// Begins a new calendar bin at `now` and returns the bytes that each link carried in the one that ends, with its
    /// mean capacity.
    pub(super) fn close_bin(&mut self, now: Time) -> Vec<(LinkId, f64, ByteRate)> {
        let length = now.since(std::mem::replace(&mut self.bin_start, now)).as_seconds();
        let links = 0..self.carried_before.len();
        links
            .map(|index| {
                let link = LinkId(index as u32);
                let carried = self.network.carried(now, link);
                let offered = self.network.offered_until(now, link);
                let before = std::mem::replace(&mut self.carried_before[index], carried);
                let offered_before = std::mem::replace(&mut self.offered_before[index], offered);
                let capacity = match self.network.constant_capacity(link) {
                    Some(capacity) => capacity,
                    None => ByteRate((offered - offered_before) / length),
                };
                (link, carried - before, capacity)
            })
            .collect()
    }

    /// The relative error of the network's books; transfer by transfer they are exact: what the rows say has arrived is
    /// what the network has delivered, and what is under way is the rest.
    pub(super) fn conservation_error(&mut self, now: Time) -> f64 {
        let books = self.network.ledger(now);
        let under_way: u128 = self.flights.iter().flatten().map(|flight| u128::from(flight.bytes.0)).sum();
        assert_eq!(self.bytes_arrived, books.delivered, "the bytes of each transfer arrive once");
        assert_eq!(under_way, books.injected - books.delivered - books.cancelled, "no transfer is lost");
        books.relative_error()
    }
}

/// The ways from the sites of a set to the archive, if there is one.
fn ways_to_archive(
    system: &System,
    set: &CandidateSet,
    network: &mut Network<'_, u32>,
) -> Vec<Option<WayId>> {
    let Some(archive) = system.archive else { return Vec::new() };
    let mut ways = vec![None; system.sites.len()];
    for &site in &set.sites {
        let ends = [site, archive].map(|site| system.sites[site].node);
        ways[site.index()] = network.way(ends[0], ends[1], system.network.job_weight);
    }
    ways
}

/// The ways between the storages of sites, where there are datasets: behind all others, so that these change none.
fn ways_between(system: &System, set: &CandidateSet, network: &mut Network<'_, u32>) -> Vec<Option<WayId>> {
    if system.datasets.is_empty() {
        return Vec::new();
    }
    let sites = system.sites.len();
    let is_home = |site| system.datasets.iter().any(|dataset| dataset.home == DatasetHome::Site(site));
    let mut between = vec![None; sites * sites];
    for from in system.sites.ids().filter(|&site| set.contains(site) || is_home(site)) {
        for &to in set.sites.iter().filter(|&&site| site != from) {
            let ends = [from, to].map(|site| system.sites[site].node);
            between[from.index() * sites + to.index()] =
                network.way(ends[0], ends[1], system.network.job_weight);
        }
    }
    between
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// A dataset begins to travel from a holder to a site.
    pub(super) fn send_from(&mut self, holder: DatasetHome, site: SiteId, bytes: Bytes, cargo: Cargo) {
        let way = self.staging.way_from(holder, site).expect("datasets come where a route leads");
        let from = match holder {
            DatasetHome::Site(site) => self.system.sites[site].node,
            DatasetHome::Country(country) => self.system.countries[country].node,
        };
        let (to, started) = (self.system.sites[site].node, self.queue.now());
        self.staging.send(way, Flight { cargo, from, to, bytes, started });
    }

    /// A job's input begins to travel to its site.
    pub(super) fn send_input(&mut self, country: CountryId, site: SiteId, bytes: Bytes, job: JobSlot) {
        let way = self.staging.of(&self.staging.inbound, country, site);
        let (from, to) = (self.system.countries[country].node, self.system.sites[site].node);
        let started = self.queue.now();
        let flight = Flight { cargo: Cargo::Input(job), from, to, bytes, started };
        self.staging.send(way.expect("jobs are sent to reachable sites"), flight);
    }

    /// A job's results begin to travel home.
    pub(super) fn send_output(&mut self, site: SiteId, country: CountryId, bytes: Bytes) {
        let way = self.staging.of(&self.staging.outbound, country, site);
        let (from, to) = (self.system.sites[site].node, self.system.countries[country].node);
        let flight = Flight { cargo: Cargo::Output, from, to, bytes, started: self.queue.now() };
        self.staging.send(way.expect("jobs ran where a route leads home"), flight);
    }

    /// A job's results begin to travel to the archive; from the site that keeps it they need not.
    pub(super) fn archive_output(&mut self, site: SiteId, bytes: Bytes) {
        let archive = self.system.archive.expect("a class archives its results where there is an archive");
        if site == archive {
            return;
        }
        let [from, to] = [site, archive].map(|site| self.system.sites[site].node);
        let flight = Flight { cargo: Cargo::Output, from, to, bytes, started: self.queue.now() };
        let way = self.staging.to_archive[site.index()];
        self.staging.send(way.expect("sites that countries reach reach each other"), flight);
    }

    /// Schedules the transfers by plan whose sites belong to the set.
    pub(super) fn prepare_scheduled_transfers(&mut self, set: &CandidateSet) {
        for (index, transfer) in self.system.transfers.iter().enumerate() {
            let has_its_sites = transfer.sites.iter().all(|&site| set.contains(site));
            if let Some(&start) = transfer.starts.first().filter(|_| has_its_sites) {
                self.schedule(start, Event::ScheduledTransfer(index as u32));
            }
        }
    }

    /// A transfer starts by plan, and the next one of the same plan is scheduled.
    pub(super) fn start_scheduled(&mut self, index: u32) {
        let now = self.queue.now();
        let transfer = &self.system.transfers[index as usize];
        let [from, to] = transfer.ends;
        if let Some(way) = self.staging.network.way(from, to, transfer.weight) {
            self.staging.send(
                way,
                Flight { cargo: Cargo::Scheduled(index), from, to, bytes: transfer.bytes, started: now },
            );
        }
        let next = transfer.starts.partition_point(|&start| start <= now);
        if let Some(&start) = transfer.starts.get(next) {
            self.schedule(start, Event::ScheduledTransfer(index));
        }
    }

    /// Transfers finish: inputs and datasets let their jobs join the queue.
    pub(super) fn update_network(&mut self) {
        let now = self.queue.now();
        self.staging.scheduled = None;
        self.staging.stale = true;
        let mut arrived = std::mem::take(&mut self.staging.arrived);
        self.staging.network.advance(now, &mut arrived);
        for number in arrived.drain(..) {
            let flight = self.staging.take(number);
            self.sink.transfer(&row(flight, Some(now)));
            match flight.cargo {
                Cargo::Input(slot) => self.end_transfer(slot),
                Cargo::Output | Cargo::Scheduled(_) => {}
                Cargo::Dataset { site, dataset } => self.dataset_came(site, dataset),
                Cargo::Stream { job, from } => self.stream_came(job, from),
            }
        }
        self.staging.arrived = arrived;
    }

    /// Writes the rows of the transfers under way when the observation ends.
    pub(super) fn write_transfers_under_way(&mut self) {
        for &flight in self.staging.flights.iter().flatten() {
            self.sink.transfer(&row(flight, None));
        }
    }

    /// Asks the network for its next instant and keeps exactly one event for it.
    pub(super) fn reschedule_network(&mut self) {
        if !self.staging.stale {
            return;
        }
        self.staging.stale = false;
        let next = self.staging.network.next_event();
        if self.staging.scheduled.as_ref().map(|(time, _)| *time) == next {
            return;
        }
        if let Some((_, handle)) = self.staging.scheduled.take() {
            self.queue.cancel(handle);
        }
        self.staging.scheduled = next.map(|time| {
            let phase = Event::Network.phase(self.system.event_order);
            (time, self.queue.schedule(time, phase, Event::Network))
        });
    }
}

fn row(flight: Flight, ended: Option<Time>) -> TransferRow {
    let Flight { cargo, from, to, bytes, started } = flight;
    let kind = match cargo {
        Cargo::Input(_) => TransferKind::Input,
        Cargo::Output => TransferKind::Output,
        Cargo::Scheduled(plan) => TransferKind::Scheduled(plan),
        Cargo::Dataset { .. } | Cargo::Stream { .. } => TransferKind::Dataset,
    };
    TransferRow { kind, from, to, bytes, started, ended }
}
