//! Data on the way: inputs and datasets to the sites before jobs may queue, results home after they ended.

use super::event::Event;
use super::live::JobSlot;
use super::run::Simulation;
use crate::engine::EventHandle;
use crate::model::{CandidateSet, CountryId, DatasetHome, DatasetId, LinkId, SiteId, System};
use crate::network::{Route, RouteId, Routes, Transfers};
use crate::records::Sink;
use crate::units::{ByteRate, Bytes, Span, Time};
use crate::workload::Workload;

/// The rate of a copy within one node of the graph: it takes no noticeable time.
const LOCAL: ByteRate = ByteRate(1e18);

/// What a transfer carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cargo {
    /// The input of a job that waits for it.
    Input(JobSlot),
    /// Results on their way home.
    Output,
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

/// A known way between a country and a site, or two sites.
#[derive(Debug, Clone, Copy)]
struct Way {
    route: RouteId,
    latency: Span,
    bottleneck: ByteRate,
}

impl Way {
    /// How long `bytes` take if nothing else is on the way.
    fn alone(self, bytes: Bytes) -> Span {
        let flowing = Span::from_seconds_ceil(bytes.0 as f64 / self.bottleneck.0);
        Span(self.latency.0.saturating_add(flowing.0))
    }
}

/// Whether a site holds datasets, or may come to hold them: one of the set, or the home of one.
fn holds_datasets(system: &System, set: &CandidateSet, site: SiteId) -> bool {
    set.contains(site) || system.datasets.iter().any(|dataset| dataset.home == DatasetHome::Site(site))
}

/// The network during a run, with the routes between all countries and the sites of the set.
#[derive(Debug)]
pub(super) struct Staging {
    transfers: Transfers<Cargo>,
    sites: usize,
    /// `[country][site]`, to the site; `None` where no route leads or the site is not in the set.
    inbound: Vec<Option<Way>>,
    /// `[country][site]`, from the site.
    outbound: Vec<Option<Way>>,
    /// `[site][site]`, from each site that holds datasets to those of the set; empty where there are no datasets.
    between: Vec<Option<Way>>,
    /// The event scheduled for the network's next instant.
    scheduled: Option<(Time, EventHandle)>,
    /// Transfers changed since the next instant was asked for.
    stale: bool,
    bin_start: Time,
    /// Bytes carried by each link until the present bin began.
    carried_before: Vec<f64>,
    arrived: Vec<Cargo>,
}

impl Staging {
    pub(super) fn new(system: &System, set: &CandidateSet) -> Self {
        let topology = &system.topology;
        let mut transfers = Transfers::over(topology);
        let mut add = |route: Option<Route>| {
            route.map(|route| Way {
                route: transfers.add_route(&route, route.links.is_empty().then_some(LOCAL)),
                latency: route.latency,
                bottleneck: route.bottleneck(topology).unwrap_or(LOCAL),
            })
        };
        let sites = system.sites.len();
        let mut inbound = vec![None; system.countries.len() * sites];
        let mut outbound = inbound.clone();
        for (country, from) in system.countries.enumerate() {
            let routes = Routes::from_node(topology, from.node);
            for &site in &set.sites {
                inbound[country.index() * sites + site.index()] = add(routes.to(system.sites[site].node));
            }
        }
        for &site in &set.sites {
            let routes = Routes::from_node(topology, system.sites[site].node);
            for (country, to) in system.countries.enumerate() {
                outbound[country.index() * sites + site.index()] = add(routes.to(to.node));
            }
        }
        // Behind all others, so that datasets renumber no route.
        let mut between = Vec::new();
        if !system.datasets.is_empty() {
            between.resize(sites * sites, None);
            for (from, holder) in system.sites.enumerate().filter(|&(id, _)| holds_datasets(system, set, id))
            {
                let routes = Routes::from_node(topology, holder.node);
                for &site in set.sites.iter().filter(|&&site| site != from) {
                    between[from.index() * sites + site.index()] = add(routes.to(system.sites[site].node));
                }
            }
        }
        let carried_before = vec![0.0; topology.links.len()];
        Self {
            transfers,
            sites,
            inbound,
            outbound,
            between,
            scheduled: None,
            stale: false,
            bin_start: Time::ZERO,
            carried_before,
            arrived: Vec::new(),
        }
    }

    fn way(&self, ways: &[Option<Way>], country: CountryId, site: SiteId) -> Option<Way> {
        ways[country.index() * self.sites + site.index()]
    }

    /// The latency from a country to a site, if routes lead there and back.
    pub(super) fn latency(&self, country: CountryId, site: SiteId) -> Option<Span> {
        self.way(&self.outbound, country, site)?;
        self.way(&self.inbound, country, site).map(|way| way.latency)
    }

    /// How long `bytes` take to a reachable site if nothing else is on the way.
    pub(super) fn alone(&self, country: CountryId, site: SiteId, bytes: Bytes) -> Span {
        let way = self.way(&self.inbound, country, site).expect("jobs are sent to reachable sites");
        if bytes == Bytes::ZERO { Span::ZERO } else { way.alone(bytes) }
    }

    /// The way of a dataset from a holder to a site of the set, if a route leads there.
    fn way_from(&self, holder: DatasetHome, site: SiteId) -> Option<Way> {
        match holder {
            DatasetHome::Country(country) => self.way(&self.inbound, country, site),
            DatasetHome::Site(from) => self.between[from.index() * self.sites + site.index()],
        }
    }

    /// The latency from a holder of datasets to a site of the set, if a route leads there; none passes at the holder.
    pub(super) fn latency_from(&self, holder: DatasetHome, site: SiteId) -> Option<Span> {
        if holder == DatasetHome::Site(site) {
            return Some(Span::ZERO);
        }
        self.way_from(holder, site).map(|way| way.latency)
    }

    /// How long a dataset of `bytes` takes from a holder to a site if nothing else is on the way.
    pub(super) fn alone_from(&self, holder: DatasetHome, site: SiteId, bytes: Bytes) -> Span {
        self.way_from(holder, site).expect("datasets come where a route leads").alone(bytes)
    }

    pub(super) fn send_dataset(
        &mut self,
        now: Time,
        holder: DatasetHome,
        site: SiteId,
        bytes: Bytes,
        cargo: Cargo,
    ) {
        let way = self.way_from(holder, site).expect("datasets come where a route leads");
        self.transfers.start(now, way.route, bytes, cargo);
        self.stale = true;
    }

    pub(super) fn send_input(
        &mut self,
        now: Time,
        country: CountryId,
        site: SiteId,
        bytes: Bytes,
        job: JobSlot,
    ) {
        let way = self.way(&self.inbound, country, site).expect("jobs are sent to reachable sites");
        self.transfers.start(now, way.route, bytes, Cargo::Input(job));
        self.stale = true;
    }

    pub(super) fn send_output(&mut self, now: Time, site: SiteId, country: CountryId, bytes: Bytes) {
        let way = self.way(&self.outbound, country, site).expect("jobs ran where a route leads home");
        self.transfers.start(now, way.route, bytes, Cargo::Output);
        self.stale = true;
    }

    pub(super) fn is_stale(&self) -> bool {
        self.stale
    }

    pub(super) fn bin_start(&self) -> Time {
        self.bin_start
    }

    /// Begins a new calendar bin at `now` and returns the bytes each link carried in the one that ends.
    pub(super) fn close_bin(&mut self, now: Time) -> Vec<(LinkId, f64)> {
        self.bin_start = now;
        let links = 0..self.carried_before.len() as u32;
        links
            .map(|index| {
                let carried = self.transfers.carried(now, LinkId(index));
                let before = std::mem::replace(&mut self.carried_before[index as usize], carried);
                (LinkId(index), carried - before)
            })
            .collect()
    }

    /// The relative error of the network's books.
    pub(super) fn conservation_error(&mut self, now: Time) -> f64 {
        self.transfers.ledger(now).relative_error()
    }
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// Transfers finish: inputs let their jobs join the queue.
    pub(super) fn update_network(&mut self) {
        let now = self.queue.now();
        self.staging.scheduled = None;
        self.staging.stale = true;
        let mut arrived = std::mem::take(&mut self.staging.arrived);
        self.staging.transfers.advance(now, &mut arrived);
        for cargo in arrived.drain(..) {
            match cargo {
                Cargo::Input(slot) => self.end_transfer(slot),
                Cargo::Output => {}
                Cargo::Dataset { site, dataset } => self.dataset_came(site, dataset),
                Cargo::Stream { job, from } => self.stream_came(job, from),
            }
        }
        self.staging.arrived = arrived;
    }

    /// Asks the network for its next instant and keeps exactly one event for it.
    pub(super) fn reschedule_network(&mut self) {
        if !self.staging.stale {
            return;
        }
        self.staging.stale = false;
        let next = self.staging.transfers.next_event();
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
