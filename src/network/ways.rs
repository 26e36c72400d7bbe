//! The network of a run: the ways between its places over the links as they are now, and the transfers on them.
//!
//! A way is what a transfer asks for: from where, to where, with which weight. It has one path, or several; a transfer
//! takes the one on which it would be fastest if all that are on it shared its narrowest link, and keeps it. When links
//! fail or change, transfers on them stand still or speed up at once; the ways follow when [`Network::reroute`] is
//! called, and transfers on paths that are none any more go on with what is left on the best of the new ones. Where no
//! way is left the old paths stay, and transfers wait on them.

use super::ledger::Ledger;
use super::reroute::LinkChanges;
use super::routes::{Route, Routes};
use super::sharing::{RouteId, Terms};
use super::transfers::Transfers;
use crate::model::{LinkId, NetworkRules, NodeId, OnFailure, Topology};
use crate::units::{ByteRate, Bytes, Span, Time};
use std::collections::BTreeMap;

/// The rate of a copy within one node of the graph: it takes no noticeable time.
const LOCAL: ByteRate = ByteRate(1e18);

/// A way between two nodes for transfers of one weight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct WayId(pub(super) u32);

/// What tells ways apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Ends {
    pub(super) from: NodeId,
    pub(super) to: NodeId,
    weight: u32,
    /// 0 for all transfers without a cap of their own; each transfer with one has a lane for itself.
    lane: u32,
}

#[derive(Debug, Clone)]
pub(super) struct Way {
    pub(super) ends: Ends,
    /// The most that its transfer gets, where it has a lane for itself.
    pub(super) cap: Option<ByteRate>,
    /// The latency of its best path when all links were up.
    latency: Span,
    pub(super) paths: Vec<Path>,
}

/// One of the paths of a way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Path {
    pub(super) route: RouteId,
    /// From the start of a transfer to its first byte.
    start_up: Span,
    /// What a transfer gets if it is alone on these links, on the terms of its way.
    pub(super) rate: ByteRate,
    /// The same without a cap of its own.
    uncapped: ByteRate,
    /// The most that the window gives to a transfer; infinite without one.
    window: ByteRate,
}

impl Path {
    /// The transfer that has this path for itself, or is to have it, gets so much at most.
    fn own_cap<T: Copy>(&mut self, cap: ByteRate, transfers: &mut Transfers<T>) {
        self.rate = ByteRate(self.uncapped.0.min(cap.0));
        if transfers.population(self.route) == 0 {
            transfers.set_cap(self.route, ByteRate(self.window.0.min(cap.0)));
        }
    }
}

/// The links as they are, the ways over them, and the transfers in flight. `T` is what the owner knows a transfer by.
#[derive(Debug, Clone)]
pub struct Network<'t, T> {
    pub(super) topology: &'t Topology,
    pub(super) rules: NetworkRules,
    pub(super) transfers: Transfers<T>,
    /// By link, as it is now: nothing while it is out of service.
    pub(super) capacities: Vec<ByteRate>,
    pub(super) ways: Vec<Way>,
    by_ends: BTreeMap<Ends, WayId>,
    /// The routes that the transfers know, by links, links of the way back, weight and lane.
    pub(super) routes: BTreeMap<(Vec<LinkId>, Vec<LinkId>, u32, u32), RouteId>,
    /// By ends: the lanes that nobody uses. So there are never more lanes than were in use at once.
    pub(super) idle_lanes: BTreeMap<Ends, Vec<WayId>>,
    lanes: u32,
    /// Whether no link has ever changed.
    is_as_built: bool,
    /// What has happened to the links since the ways were made to follow them.
    pub(super) changes: LinkChanges,
    /// By link: bytes that it could have carried until an instant.
    offered: Vec<(f64, Time)>,
}

impl<'t, T: Copy + PartialEq> Network<'t, T> {
    /// The network of a topology at time zero, all links in service.
    pub fn new(topology: &'t Topology, rules: NetworkRules) -> Self {
        let model = rules.transfers;
        let usable = topology.links.iter().map(|link| ByteRate(link.capacity.0 * model.efficiency));
        let transfers = match model.reverse_traffic {
            0 => Transfers::new(usable),
            thousandths => Transfers::with_reverse_traffic(usable, thousandths),
        };
        Self {
            topology,
            rules,
            transfers,
            capacities: topology.links.iter().map(|link| link.capacity).collect(),
            ways: Vec::new(),
            by_ends: BTreeMap::new(),
            routes: BTreeMap::new(),
            idle_lanes: BTreeMap::new(),
            lanes: 0,
            is_as_built: true,
            changes: LinkChanges::default(),
            offered: vec![(0.0, Time::ZERO); topology.links.len()],
        }
    }

    /// The way between two nodes for transfers of this weight; `None` if no links lead there, in service or not.
    pub fn way(&mut self, from: NodeId, to: NodeId, weight: u32) -> Option<WayId> {
        let ends = Ends { from, to, weight, lane: 0 };
        if let Some(&known) = self.by_ends.get(&ends) {
            return Some(known);
        }
        let id = self.new_way(ends, None)?;
        self.by_ends.insert(ends, id);
        Some(id)
    }

    /// A way between two nodes for one transfer that gets `cap` at most, until [`Network::leave_lane`]; `None` if no links
    /// lead there.
    pub fn lane(&mut self, from: NodeId, to: NodeId, weight: u32, cap: ByteRate) -> Option<WayId> {
        let ends = Ends { from, to, weight, lane: 0 };
        let Some(id) = self.idle_lanes.get_mut(&ends).and_then(Vec::pop) else {
            self.lanes += 1;
            return self.new_way(Ends { lane: self.lanes, ..ends }, Some(cap));
        };
        self.ways[id.0 as usize].cap = Some(cap);
        let routes = self
            .routes_between(self.ways[id.0 as usize].ends, &mut self.searches(&|link| self.is_open(link)));
        self.take(id, routes);
        for path in &mut self.ways[id.0 as usize].paths {
            path.own_cap(cap, &mut self.transfers);
        }
        Some(id)
    }

    /// The transfer that had this lane has finished or was called off.
    pub fn leave_lane(&mut self, way: WayId) {
        let ends = Ends { lane: 0, ..self.ways[way.0 as usize].ends };
        self.idle_lanes.entry(ends).or_default().push(way);
    }

    fn new_way(&mut self, ends: Ends, cap: Option<ByteRate>) -> Option<WayId> {
        let Ends { from, to, .. } = ends;
        let mut routes = self.routes_between(ends, &mut self.searches(&|link| self.is_open(link)));
        let latency = match routes.first() {
            // The first is the least, and all links are as they were.
            Some(least) if self.is_as_built => least.latency,
            _ => {
                let least = Routes::from_node(self.topology, from).to(to)?;
                let latency = least.latency;
                if routes.is_empty() {
                    routes.push(least);
                }
                latency
            }
        };
        let paths = routes.into_iter().map(|route| self.path(route, ends, cap)).collect();
        let id = WayId(u32::try_from(self.ways.len()).expect("fewer than 2^32 ways"));
        self.ways.push(Way { ends, cap, latency, paths });
        Some(id)
    }

    /// The latency of a way while all links are up.
    pub fn latency(&self, way: WayId) -> Span {
        self.ways[way.0 as usize].latency
    }

    /// How long `bytes` take if nothing else is on the way, as the ways are now; no time for no bytes, for ever where the
    /// way is interrupted.
    pub fn alone(&self, way: WayId, bytes: Bytes) -> Span {
        if bytes == Bytes::ZERO {
            return Span::ZERO;
        }
        let Path { start_up, rate, .. } = self.best(way, |_| 1.0);
        if rate.0 <= 0.0 {
            return Span::MAX;
        }
        let flowing = Span::from_seconds_ceil(bytes.0 as f64 / rate.0);
        Span(start_up.0.saturating_add(flowing.0))
    }

    /// Starts a transfer.
    pub fn start(&mut self, now: Time, way: WayId, bytes: Bytes, token: T) {
        let transfers = &self.transfers;
        let path = self.best(way, |route| f64::from(transfers.population(route) + 1));
        self.transfers.start(now, path.route, bytes, token);
    }

    /// The path with the most for a transfer among so many on it, the first of equals.
    pub(super) fn best(&self, way: WayId, sharers: impl Fn(RouteId) -> f64) -> Path {
        let paths = &self.ways[way.0 as usize].paths;
        let share = |path: &Path| path.rate.0 / sharers(path.route);
        let better = |best: Path, path: &Path| if share(path) > share(&best) { *path } else { best };
        paths[1..].iter().fold(paths[0], better)
    }

    /// Calls a transfer off; whether it was under way.
    pub fn cancel(&mut self, now: Time, way: WayId, token: T) -> bool {
        let routes: Vec<RouteId> = self.ways[way.0 as usize].paths.iter().map(|path| path.route).collect();
        routes.into_iter().any(|route| self.transfers.cancel(now, route, token))
    }

    /// A link has this capacity from now on: nothing while it is out of service. Transfers on it feel it at once, and
    /// begin again if they have to when it fails; ways change with the next [`Network::reroute`].
    pub fn set_capacity(&mut self, now: Time, link: LinkId, capacity: ByteRate) {
        self.is_as_built = false;
        self.offered[link.index()] = (self.offered_until(now, link), now);
        self.changes.note(link, self.capacities[link.index()], capacity);
        self.capacities[link.index()] = capacity;
        self.transfers.set_capacity(now, link, ByteRate(capacity.0 * self.rules.transfers.efficiency));
        if capacity.0 <= 0.0 && self.rules.on_failure == OnFailure::Restart {
            let crossing = self.routes.iter().filter(|((links, ..), _)| links.contains(&link));
            let crossing: Vec<RouteId> = crossing.map(|(_, &route)| route).collect();
            for route in crossing {
                self.transfers.restart(now, route);
            }
        }
    }

    pub(super) fn path(&mut self, route: Route, ends: Ends, own_cap: Option<ByteRate>) -> Path {
        let model = self.rules.transfers;
        let start_up = delayed(route.latency, model.start_up);
        let window = self.cap(&route).unwrap_or(ByteRate(f64::INFINITY));
        let capacities = route.links.iter().map(|link| self.capacities[link.index()].0 * model.efficiency);
        let uncapped = ByteRate(capacities.fold(window.0, f64::min));
        let transfers = &mut self.transfers;
        let key = (route.links.clone(), route.back.clone(), ends.weight, ends.lane);
        let route = *self.routes.entry(key).or_insert_with(|| {
            let cap = Some(window).filter(|window| window.0.is_finite());
            transfers.add_route(&Route { latency: start_up, ..route }, Terms { cap, weight: ends.weight })
        });
        let mut path = Path { route, start_up, rate: uncapped, uncapped, window };
        if let Some(cap) = own_cap {
            path.own_cap(cap, transfers);
        }
        path
    }

    /// The window over the round trip: as long as the way there, twice.
    fn cap(&self, route: &Route) -> Option<ByteRate> {
        if route.links.is_empty() {
            return Some(LOCAL);
        }
        let window = self.rules.transfers.window.filter(|_| route.latency > Span::ZERO)?;
        Some(NetworkRules::cap_of(window, route.latency))
    }

    /// As [`Transfers::advance`].
    pub fn advance(&mut self, now: Time, finished: &mut Vec<T>) {
        self.transfers.advance(now, finished);
    }

    /// As [`Transfers::next_event`].
    pub fn next_event(&mut self) -> Option<Time> {
        self.transfers.next_event()
    }

    /// Bytes that `link` carried from time zero until `now`.
    pub fn carried(&mut self, now: Time, link: LinkId) -> f64 {
        self.transfers.carried(now, link)
    }

    /// The capacity of `link` if it has never changed.
    pub fn constant_capacity(&self, link: LinkId) -> Option<ByteRate> {
        let (_, since) = self.offered[link.index()];
        (since == Time::ZERO).then_some(self.capacities[link.index()])
    }

    /// Bytes that `link` could have carried from time zero until `now`.
    pub fn offered_until(&self, now: Time, link: LinkId) -> f64 {
        let (bytes, since) = self.offered[link.index()];
        bytes + self.capacities[link.index()].0 * now.since(since).as_seconds()
    }

    /// The books at `now`.
    pub fn ledger(&mut self, now: Time) -> Ledger {
        self.transfers.ledger(now)
    }
}

/// A latency times the model's factor; a factor of 1 leaves it as it is.
fn delayed(latency: Span, factor: f64) -> Span {
    if factor.total_cmp(&1.0).is_eq() {
        return latency;
    }
    Span::from_seconds_round(latency.as_seconds() * factor)
}
