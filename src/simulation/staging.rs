//! The network of a run: the ways between its places, what is under way on them, and the books.

use super::live::JobSlot;
use crate::engine::EventHandle;
use crate::model::{CandidateSet, CountryId, DatasetHome, DatasetId, LinkId, NodeId, SiteId, System};
use crate::network::{Network, WayId};
use crate::units::{ByteRate, Bytes, Span, Time};

/// What a transfer carries.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Cargo {
    /// The input of a job that waits for it.
    Input(JobSlot),
    /// Results on their way home.
    Output,
    /// The saved state of a job, on the way of its results.
    Checkpoint,
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
    /// Averages of a part of a training across sites.
    Averages(JobSlot),
}

/// A transfer under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Flight {
    pub(super) cargo: Cargo,
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    pub(super) bytes: Bytes,
    pub(super) started: Time,
}

/// A transfer under way in a lane of its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sending {
    pub(super) way: WayId,
    pub(super) number: u32,
}

/// The network during a run, with the ways between all countries and the sites of the set.
#[derive(Debug)]
pub(super) struct Staging<'a> {
    pub(super) network: Network<'a, u32>,
    /// The transfers under way, by the number that the network knows them by.
    pub(super) flights: Vec<Option<Flight>>,
    free: Vec<u32>,
    /// Of all transfers that have finished.
    bytes_arrived: u128,
    sites: usize,
    /// `[country][site]`, to the site; `None` where no route leads or the site is not in the set.
    pub(super) inbound: Vec<Option<WayId>>,
    /// `[country][site]`, from the site.
    pub(super) outbound: Vec<Option<WayId>>,
    /// `[site][site]`, from each site of the set, and each that may hold datasets, to those of the set; empty where nothing
    /// goes between sites.
    between: Vec<Option<WayId>>,
    /// `[site]`, from the sites of the set to the archive; empty where there is none.
    pub(super) to_archive: Vec<Option<WayId>>,
    /// The event scheduled for the network's next instant.
    pub(super) scheduled: Option<(Time, EventHandle)>,
    /// Transfers changed since the next instant was asked for.
    pub(super) stale: bool,
    bin_start: Time,
    /// Bytes carried by each link until the present bin began, and that it could have carried.
    carried_before: Vec<f64>,
    offered_before: Vec<f64>,
    pub(super) arrived: Vec<u32>,
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

    pub(super) fn of(&self, ways: &[Option<WayId>], country: CountryId, site: SiteId) -> Option<WayId> {
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
    pub(super) fn way_from(&self, holder: DatasetHome, site: SiteId) -> Option<WayId> {
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

    /// How long `bytes` take from one site of the set to another if nothing else is on the way; `None` where no links lead
    /// there, or none is in service.
    pub(super) fn alone_between(&self, from: SiteId, to: SiteId, bytes: Bytes) -> Option<Span> {
        let way = self.between[from.index() * self.sites + to.index()]?;
        Some(self.network.alone(way, bytes)).filter(|&span| span < Span::MAX)
    }

    /// Starts a transfer, and says by which number it goes.
    pub(super) fn send(&mut self, way: WayId, flight: Flight) -> u32 {
        let number = self.free.pop().unwrap_or_else(|| {
            self.flights.push(None);
            u32::try_from(self.flights.len() - 1).expect("fewer than 2^32 transfers under way")
        });
        self.flights[number as usize] = Some(flight);
        self.network.start(flight.started, way, flight.bytes, number);
        self.stale = true;
        number
    }

    /// Takes a transfer that has finished off the list of those under way.
    pub(super) fn take(&mut self, number: u32) -> Flight {
        self.free.push(number);
        let flight = self.flights[number as usize].take();
        let flight = flight.expect("a number in use names a transfer under way");
        self.bytes_arrived += u128::from(flight.bytes.0);
        flight
    }

    /// What was in a lane of its own has gone.
    pub(super) fn leave_lane(&mut self, sending: Sending) {
        self.network.leave_lane(sending.way);
    }

    /// Calls off a transfer in a lane of its own.
    pub(super) fn call_off(&mut self, now: Time, Sending { way, number }: Sending) -> Flight {
        assert!(self.network.cancel(now, way, number), "what is called off is under way");
        self.network.leave_lane(way);
        self.free.push(number);
        self.stale = true;
        self.flights[number as usize].take().expect("a number in use names a transfer under way")
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

/// The ways between sites, where there are datasets or trainings across sites: behind all others, so that these change none.
fn ways_between(system: &System, set: &CandidateSet, network: &mut Network<'_, u32>) -> Vec<Option<WayId>> {
    if system.datasets.is_empty() && !system.has_cross_site_jobs() {
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
