//! The transfers in flight: bytes moving at max-min fair rates, with one pending instant for the whole network.
//!
//! A transfer pays the latency of its route first and is served afterwards, together with all others on its links. Its
//! end is rounded up to the next whole nanosecond. Rates are solved at most once an instant, when they are first needed:
//! all starts and ends at one instant share one solution. A start or an end costs O(log members of its class), plus
//! the solution, plus O(1) for each class that the solution gave its rate anew, plus O(rounds of sharing) to find the
//! next end; nothing is allocated once heaps and lists have grown.
//!
//! Who owns the event queue drives it so, at the network's place in the order of equal times:
//!
//! 1. after any number of [`Transfers::start`] at an instant, and after each [`Transfers::advance`], ask
//!    [`Transfers::next_event`] once and schedule one event at that instant in place of the former one;
//! 2. on that event, call [`Transfers::advance`] and handle the transfers it returns.
//!
//! Refused (assertions): time that goes back, and time that passes an end that was not collected.

use super::class::{Classes, Sent};
use super::ledger::{Ledger, RunningSum};
use super::routes::Route;
use super::sharing::{RouteId, Sharing, Terms};
use super::waiting::Waiting;
use crate::model::{LinkId, Topology};
use crate::units::{ByteRate, Bytes, Span, Time};
use std::collections::BinaryHeap;

/// All transfers of one network. `T` is what the owner knows a transfer by: a small number.
///
/// ```
/// use pleiade::model::LinkId;
/// use pleiade::network::{Route, Terms, Transfers};
/// use pleiade::units::{ByteRate, Bytes, Span, Time};
/// let mut network = Transfers::new([ByteRate(1e9)]);
/// let route = network.add_route(&Route::along(vec![LinkId(0)], Span::ZERO), Terms::PLAIN);
/// network.start(Time::ZERO, route, Bytes(1_000_000_000), 'a');
/// network.start(Time::ZERO, route, Bytes(2_000_000_000), 'b');
/// let mut finished = Vec::new();
/// while let Some(instant) = network.next_event() {
///     network.advance(instant, &mut finished);
/// }
/// assert_eq!(finished, ['a', 'b']);
/// assert_eq!(network.now(), Time::from_seconds(3));
/// ```
#[derive(Debug, Clone)]
pub struct Transfers<T> {
    pub(super) sharing: Sharing,
    /// By route.
    pub(super) classes: Classes<T>,
    latencies: Vec<Span>,
    /// By route: transfers started and not finished.
    pub(super) population: Vec<u32>,
    pub(super) waiting: BinaryHeap<Waiting<T>>,
    now: Time,
    /// Members or capacities have changed since rates were solved.
    pub(super) unsolved: bool,
    /// The earliest end in any class, at the rates solved.
    due: Time,
    /// By round of sharing: the earliest end of the classes it fixed.
    round_dues: Vec<Time>,
    /// The classes that end a member then.
    due_classes: Vec<RouteId>,
    /// By link: bytes carried until `carried_until`.
    carried: Vec<RunningSum>,
    carried_until: Time,
    sequence: u64,
    pub(super) in_flight: usize,
    injected: u128,
    delivered: u128,
    /// Bytes of all transfers that were called off.
    pub(super) cancelled: u128,
    /// Bytes sent in vain: by transfers that were called off or began again.
    pub(super) lost: RunningSum,
    rounding: RunningSum,
    /// Scratch: (order of starting, token) of what ends at one instant.
    ended: Vec<(u64, T)>,
}

impl<T: Copy> Transfers<T> {
    /// An idle network at time zero, of links with these capacities, numbered from 0.
    pub fn new(capacities: impl IntoIterator<Item = ByteRate>) -> Self {
        let capacities: Vec<ByteRate> = capacities.into_iter().collect();
        Self {
            carried: vec![RunningSum::default(); capacities.len()],
            sharing: Sharing::new(capacities),
            classes: Classes::new(),
            latencies: Vec::new(),
            population: Vec::new(),
            waiting: BinaryHeap::new(),
            now: Time::ZERO,
            unsolved: false,
            due: Time::MAX,
            round_dues: Vec::new(),
            due_classes: Vec::new(),
            carried_until: Time::ZERO,
            sequence: 0,
            in_flight: 0,
            injected: 0,
            delivered: 0,
            cancelled: 0,
            lost: RunningSum::default(),
            rounding: RunningSum::default(),
            ended: Vec::new(),
        }
    }

    /// As [`Transfers::new`], with every transfer loading its way back by so many thousandths of its rate.
    pub fn with_reverse_traffic(capacities: impl IntoIterator<Item = ByteRate>, thousandths: u32) -> Self {
        let capacities: Vec<ByteRate> = capacities.into_iter().collect();
        let sharing = Sharing::with_reverse_traffic(capacities.iter().copied(), thousandths);
        Self { sharing, ..Self::new(capacities) }
    }

    /// An idle network with the links of `topology`.
    pub fn over(topology: &Topology) -> Self {
        Self::new(topology.links.iter().map(|link| link.capacity))
    }

    /// Makes a route known, with the terms of each transfer on it. Add equal routes on equal terms once: the cost of
    /// sharing grows with the number of routes in use.
    pub fn add_route(&mut self, route: &Route, terms: Terms) -> RouteId {
        self.classes.add();
        self.latencies.push(route.latency);
        self.population.push(0);
        self.sharing.add_class(&route.links, &route.back, terms)
    }

    /// Sets the cap of each transfer on a route on which there is none.
    pub fn set_cap(&mut self, route: RouteId, cap: ByteRate) {
        assert_eq!(self.population(route), 0, "a cap changes while nothing is on its route");
        self.sharing.set_cap(route, cap);
    }

    /// Starts a transfer. One of no bytes finishes when the latency has passed.
    pub fn start(&mut self, now: Time, route: RouteId, bytes: Bytes, token: T) {
        self.move_to(now);
        let latency = self.latencies[route.index()];
        let transfer =
            Waiting { until: now + latency, sequence: self.sequence, route, bytes: bytes.0, token };
        self.sequence += 1;
        self.in_flight += 1;
        self.population[route.index()] += 1;
        self.injected += u128::from(bytes.0);
        if latency == Span::ZERO && bytes.0 > 0 {
            self.join(transfer);
        } else {
            self.waiting.push(transfer);
        }
    }

    /// The next instant at which [`Transfers::advance`] has something to do; none if all is idle or stands still.
    pub fn next_event(&mut self) -> Option<Time> {
        self.solve();
        let joins = self.waiting.peek().map_or(Time::MAX, |transfer| transfer.until);
        Some(self.due.min(joins)).filter(|&instant| instant < Time::MAX)
    }

    /// Moves to `now` and appends the tokens of all transfers that finish until then: by instant, then in the order in
    /// which they were started.
    pub fn advance(&mut self, now: Time, finished: &mut Vec<T>) {
        while let Some(instant) = self.next_event().filter(|&instant| instant <= now) {
            self.now = instant.max(self.now);
            self.end_due();
            self.end_waits();
            self.ended.sort_unstable_by_key(|&(sequence, _)| sequence);
            finished.extend(self.ended.drain(..).map(|(_, token)| token));
        }
        self.move_to(now);
    }

    /// The instant of the last change.
    pub fn now(&self) -> Time {
        self.now
    }

    /// The number of transfers started and not finished.
    pub fn in_flight(&self) -> usize {
        self.in_flight
    }

    /// The number of transfers on a route, started and not finished.
    pub fn population(&self, route: RouteId) -> u32 {
        self.population[route.index()]
    }

    /// The sum of rates on `link` at present.
    pub fn load(&mut self, link: LinkId) -> ByteRate {
        self.solve();
        self.sharing.load(link)
    }

    /// The rate of each transfer on `route` at present; zero if there is none.
    pub fn rate(&mut self, route: RouteId) -> ByteRate {
        self.solve();
        self.sharing.rate(route)
    }

    /// Bytes that `link` carried from time zero until `now`. Reading changes no later result.
    pub fn carried(&mut self, now: Time, link: LinkId) -> f64 {
        self.move_to(now);
        let step = self.sharing.load(link).0 * now.since(self.carried_until).as_seconds();
        self.carried[link.index()].total() + step
    }

    /// The books at `now`: O(transfers in flight + routes + links). Reading changes no later result.
    pub fn ledger(&mut self, now: Time) -> Ledger {
        self.move_to(now);
        let (mut served, mut served_by_links) = (RunningSum::default(), RunningSum::default());
        let (mut remaining, mut carried) = (RunningSum::default(), RunningSum::default());
        for (index, clock) in self.classes.clocks().iter().enumerate() {
            let bytes = clock.served(now);
            served.add(bytes);
            served_by_links.add(bytes * self.sharing.carried_per_byte(RouteId(index as u32)));
            remaining.add(self.classes.remaining(index, now));
        }
        for transfer in &self.waiting {
            remaining.add(transfer.bytes as f64);
        }
        for link in 0..self.carried.len() {
            carried.add(self.carried(now, LinkId(link as u32)));
        }
        Ledger {
            injected: self.injected,
            delivered: self.delivered,
            cancelled: self.cancelled,
            lost: self.lost.total(),
            remaining: remaining.total(),
            served: served.total(),
            rounding: self.rounding.total(),
            served_by_links: served_by_links.total(),
            carried: carried.total(),
        }
    }

    /// Lets time pass, at the rates of the present members.
    pub(super) fn move_to(&mut self, now: Time) {
        assert!(now >= self.now, "time runs forward");
        if now > self.now {
            let next = self.next_event();
            assert!(
                next.is_none_or(|next| next >= now),
                "finished transfers are collected before time passes"
            );
            self.now = now;
        }
    }

    /// Adds a transfer to its class; rates are solved when they are next needed.
    fn join(&mut self, transfer: Waiting<T>) {
        let Waiting { sequence, route, bytes, token, .. } = transfer;
        let unsent = Sent { sequence, bytes, remaining: bytes as f64, token };
        self.classes.join(route.index(), self.now, unsent);
        self.count_members(route);
    }

    pub(super) fn count_members(&mut self, route: RouteId) {
        let members = self.classes.len(route.index());
        self.sharing
            .set_members(route, u32::try_from(members).expect("fewer than 2^32 transfers on a route"));
        self.unsolved = true;
    }

    /// Solves rates if anything changed, and finds the earliest end.
    fn solve(&mut self) {
        if !self.unsolved {
            return;
        }
        self.unsolved = false;
        self.carry();
        self.sharing.solve();
        let (rounds, kept) = self.sharing.rounds();
        self.round_dues.truncate(kept);
        for round in kept..rounds {
            let due = self.classes.set_rates(self.now, self.sharing.fixed_in(round));
            self.round_dues.push(due);
        }
        self.due = self.round_dues.iter().copied().min().unwrap_or(Time::MAX);
        self.due_classes.clear();
        if self.due < Time::MAX {
            for round in (0..rounds).filter(|&round| self.round_dues[round] == self.due) {
                let routes = self.sharing.fixed_in(round).map(|(route, _)| RouteId(route));
                let is_due = |route: &RouteId| self.classes.clocks()[route.index()].due() == self.due;
                self.due_classes.extend(routes.filter(is_due));
            }
            self.due_classes.sort_unstable();
        }
    }

    /// Integrates the loads of links up to now, before they change.
    fn carry(&mut self) {
        let seconds = self.now.since(self.carried_until).as_seconds();
        self.carried_until = self.now;
        for &link in self.sharing.loaded() {
            self.carried[link as usize].add(self.sharing.load(LinkId(link)).0 * seconds);
        }
    }

    /// Ends the members that are due now.
    fn end_due(&mut self) {
        if self.due > self.now {
            return;
        }
        for position in 0..self.due_classes.len() {
            let route = self.due_classes[position];
            self.classes.end_due(route.index(), self.now, |member, excess| {
                self.in_flight -= 1;
                self.population[route.index()] -= 1;
                self.delivered += u128::from(member.bytes);
                self.rounding.add(excess);
                self.ended.push((member.sequence, member.token));
            });
            self.count_members(route);
        }
    }

    /// Takes up the transfers whose latency has passed.
    fn end_waits(&mut self) {
        while let Some(&transfer) = self.waiting.peek().filter(|transfer| transfer.until <= self.now) {
            self.waiting.pop();
            if transfer.bytes > 0 {
                self.join(transfer);
            } else {
                self.in_flight -= 1;
                self.population[transfer.route.index()] -= 1;
                self.ended.push((transfer.sequence, transfer.token));
            }
        }
    }
}
