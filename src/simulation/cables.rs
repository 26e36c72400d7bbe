//! Cables that fail, are mended, go out of service by plan and get other capacities; routes follow after a delay.

use super::event::{CableChange, Event};
use super::run::Simulation;
use crate::engine::{Purpose, entity_key};
use crate::model::{Cable, CableId, System};
use crate::records::Sink;
use crate::units::{ByteRate, Span, Time};
use crate::workload::Workload;

/// The draws of a cable's times between failures and of its repairs.
const UP: Purpose = 32;
const REPAIR: Purpose = 33;

/// How a cable stands.
#[derive(Debug, Clone)]
pub(super) struct CableState {
    /// The key of its random numbers.
    key: u64,
    /// What each direction carries while it is in service.
    capacities: [ByteRate; 2],
    /// Reasons for which it is out of service: a failure, an outage by plan.
    reasons: u32,
    /// Failures so far.
    failures: u64,
    /// Outages by plan that have begun.
    outages: usize,
    /// Upgrades so far.
    upgrades: usize,
}

impl CableState {
    pub(super) fn new(system: &System, cable: &Cable) -> Self {
        Self {
            key: entity_key("cable", &cable.key),
            capacities: cable.links.map(|link| system.topology.links[link].capacity),
            reasons: 0,
            failures: 0,
            outages: 0,
            upgrades: 0,
        }
    }
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// Schedules the first change of every cable.
    pub(super) fn prepare_cables(&mut self) {
        for id in self.system.topology.cables.ids() {
            self.schedule_failure(id);
            self.schedule_outage(id);
            self.schedule_upgrade(id);
        }
    }

    fn schedule_change(&mut self, id: CableId, at: Time, change: CableChange) {
        if at < self.system.observation.end {
            self.schedule(at, Event::Cable(id, change));
        }
    }

    fn schedule_failure(&mut self, id: CableId) {
        let Some(failures) = &self.system.topology.cables[id].failures else { return };
        let state = &self.cables[id];
        let up = failures.up_s.draw(&mut self.universe.stream(state.key, state.failures, UP));
        let at = self.queue.now().saturating_add(Span::from_seconds_ceil(up));
        self.schedule_change(id, at, CableChange::Fails);
    }

    fn schedule_outage(&mut self, id: CableId) {
        let next = self.system.topology.cables[id].outages.get(self.cables[id].outages);
        if let Some(&(from, _)) = next {
            self.schedule_change(id, from, CableChange::OutageBegins);
        }
    }

    fn schedule_upgrade(&mut self, id: CableId) {
        let next = self.system.topology.cables[id].upgrades.get(self.cables[id].upgrades);
        if let Some(&(from, _)) = next {
            self.schedule_change(id, from, CableChange::IsUpgraded);
        }
    }

    /// Something happens to a cable: its links feel it at once, the routes later.
    pub(super) fn change_cable(&mut self, id: CableId, change: CableChange) {
        let now = self.queue.now();
        let cable = &self.system.topology.cables[id];
        let state = &mut self.cables[id];
        match change {
            CableChange::Fails => {
                state.reasons += 1;
                let repair = cable.failures.as_ref().expect("a cable that fails can fail").repair_s.clone();
                let draw = repair.draw(&mut self.universe.stream(state.key, state.failures, REPAIR));
                state.failures += 1;
                let at = now.saturating_add(Span::from_seconds_ceil(draw).max(Span::STEP));
                self.schedule_change(id, at, CableChange::IsMended);
            }
            CableChange::IsMended => {
                state.reasons -= 1;
                self.schedule_failure(id);
            }
            CableChange::OutageBegins => {
                state.reasons += 1;
                let (_, until) = cable.outages[state.outages];
                state.outages += 1;
                self.schedule_change(id, until, CableChange::OutageEnds);
            }
            CableChange::OutageEnds => {
                state.reasons -= 1;
                self.schedule_outage(id);
            }
            CableChange::IsUpgraded => {
                state.capacities = [cable.upgrades[state.upgrades].1; 2];
                state.upgrades += 1;
                self.schedule_upgrade(id);
            }
        }
        self.apply_cable(id);
        let follows = now.saturating_add(self.system.network.reroute_delay);
        if follows < self.system.observation.end {
            self.schedule(follows, Event::Reroute);
        }
    }

    fn apply_cable(&mut self, id: CableId) {
        let (now, state) = (self.queue.now(), &self.cables[id]);
        for (&link, capacity) in self.system.topology.cables[id].links.iter().zip(state.capacities) {
            let capacity = if state.reasons == 0 { capacity } else { ByteRate(0.0) };
            self.staging.set_capacity(now, link, capacity);
        }
    }

    /// The routes follow the cables as they are now.
    pub(super) fn reroute(&mut self) {
        self.staging.reroute(self.queue.now());
    }
}
