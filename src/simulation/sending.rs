//! Data on the way: inputs and datasets to the sites before jobs may queue, results home after they ended, averages of
//! trainings across sites, and transfers by plan.

use super::event::Event;
use super::live::JobSlot;
use super::run::Simulation;
use super::split::Averages;
use super::staging::{Cargo, Flight, Sending};
use crate::model::{CandidateSet, CountryId, DatasetHome, ResultsGo, SiteId};
use crate::records::{Sink, TransferKind, TransferRow};
use crate::units::{ByteRate, Bytes, Span, Time};
use crate::workload::Workload;

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

    /// What a job leaves behind begins to travel where its results go: home, or to the archive; from the site that keeps the
    /// archive it need not.
    pub(super) fn send_away(&mut self, slot: JobSlot, bytes: Bytes, cargo: Cargo) {
        let live = self.live.get(slot);
        let (site, country) = (self.system.partitions[live.partition].site, live.job.country);
        let from = self.system.sites[site].node;
        let to_archive = self.class_of(&live.job).is_some_and(|class| class.results == ResultsGo::ToArchive);
        let (way, to) = if to_archive {
            let archive =
                self.system.archive.expect("a class archives its results where there is an archive");
            if site == archive {
                return;
            }
            (self.staging.to_archive[site.index()], self.system.sites[archive].node)
        } else {
            (self.staging.of(&self.staging.outbound, country, site), self.system.countries[country].node)
        };
        let flight = Flight { cargo, from, to, bytes, started: self.queue.now() };
        self.staging.send(way.expect("jobs run where a route leads on for their results"), flight);
    }

    /// A part of a training begins to send its averages to the next site, in a lane of its own: all that it sends while it
    /// trains, at the least rate at which it arrives within the `left` of its run if nothing else is on the way. `None` if
    /// that is nothing.
    pub(super) fn send_averages(
        &mut self,
        job: JobSlot,
        averages: &Averages,
        training: Span,
        left: Span,
    ) -> Option<Sending> {
        let bytes = Bytes((averages.bytes_per_s * training.as_seconds()).ceil() as u64);
        if bytes == Bytes::ZERO {
            return None;
        }
        let [from, to] = [averages.from, averages.to].map(|site| self.system.sites[site].node);
        let latency = self.staging.alone_between(averages.from, averages.to, Bytes(1)).unwrap_or(Span::ZERO);
        let flows = Span(left.0.saturating_sub(latency.0).saturating_sub(1)).max(Span::STEP);
        let (cap, weight) = (ByteRate(bytes.0 as f64 / flows.as_seconds()), self.system.network.job_weight);
        let way =
            self.staging.network.lane(from, to, weight, cap).expect("parts stand where links lead around");
        let started = self.queue.now();
        let flight = Flight { cargo: Cargo::Averages(job), from, to, bytes, started };
        Some(Sending { way, number: self.staging.send(way, flight) })
    }

    /// Calls off a transfer in a lane of its own.
    pub(super) fn call_off(&mut self, now: Time, sending: Sending) {
        let flight = self.staging.call_off(now, sending);
        self.sink.transfer(&row(flight, None));
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
                Cargo::Output | Cargo::Checkpoint | Cargo::Scheduled(_) => {}
                Cargo::Dataset { site, dataset } => self.dataset_came(site, dataset),
                Cargo::Stream { job, from } => self.stream_came(job, from),
                Cargo::Averages(slot) => self.averages_sent(slot),
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
        Cargo::Checkpoint => TransferKind::Checkpoint,
        Cargo::Scheduled(plan) => TransferKind::Scheduled(plan),
        Cargo::Dataset { .. } | Cargo::Stream { .. } => TransferKind::Dataset,
        Cargo::Averages(_) => TransferKind::Averages,
    };
    TransferRow { kind, from, to, bytes, started, ended }
}
