//! Random networks: the fast network against the slow one, and the laws that every state obeys.

use super::slow::{self, Change, Flow};
use super::{PlannedTransfer, Route, RouteId, Sharing, Terms, Transfers, drive};
use crate::model::LinkId;
use crate::units::{ByteRate, Bytes, Span, Time};
use proptest::prelude::*;

/// Capacities and caps lie in this range (bytes per second), sizes in 1e8..1e10: a transfer takes 1e3 s or more, so
/// that the rounding of an instant to 1 ns stays far below the relative 1e-9 that is asked for.
const RATES: std::ops::Range<f64> = 1e3..1e5;

/// A class: its links, its cap and weight, its members' starts (ns) and sizes (B), and its latency.
#[derive(Debug, Clone)]
struct RandomClass {
    links: Vec<usize>,
    cap: Option<f64>,
    weight: u32,
    latency: u64,
    members: Vec<(u64, u64)>,
}

fn random_class(links: usize) -> impl Strategy<Value = RandomClass> {
    let path = proptest::sample::subsequence((0..links).collect::<Vec<_>>(), 1..=links.min(4));
    let cap = proptest::option::of(RATES);
    // Half of the starts coincide, to have many changes at one instant.
    let start = prop_oneof![Just(1_000_000_000_u64), 0..1_000_000_000_000_000_u64];
    let members = proptest::collection::vec((start, 100_000_000..10_000_000_000_u64), 1..6);
    (path, cap, 1..5_u32, prop_oneof![Just(0), 0..1_000_000_000_u64], members).prop_map(
        |(links, cap, weight, latency, members)| RandomClass { links, cap, weight, latency, members },
    )
}

fn random_network() -> impl Strategy<Value = (Vec<f64>, Vec<RandomClass>)> {
    (1..9_usize).prop_flat_map(|links| {
        (proptest::collection::vec(RATES, links), proptest::collection::vec(random_class(links), 1..8))
    })
}

impl RandomClass {
    fn path(&self) -> Vec<LinkId> {
        self.links.iter().map(|&link| LinkId(link as u32)).collect()
    }

    fn route(&self) -> Route {
        Route::along(self.path(), Span(self.latency))
    }

    fn terms(&self) -> Terms {
        Terms { cap: self.cap.map(ByteRate), weight: self.weight }
    }

    fn flows(&self) -> impl Iterator<Item = Flow> + '_ {
        self.members.iter().map(|&(start, bytes)| Flow {
            links: self.links.clone(),
            cap: self.cap.unwrap_or(f64::INFINITY),
            weight: self.weight.into(),
            start: Time(start + self.latency).as_seconds(),
            bytes: bytes as f64,
        })
    }
}

fn solved(capacities: &[f64], classes: &[RandomClass]) -> (Sharing, Vec<RouteId>) {
    let mut sharing = Sharing::new(capacities.iter().copied().map(ByteRate));
    let ids: Vec<_> =
        classes.iter().map(|class| sharing.add_class(&class.path(), &[], class.terms())).collect();
    for (&id, class) in ids.iter().zip(classes) {
        sharing.set_members(id, class.members.len() as u32);
    }
    sharing.solve();
    (sharing, ids)
}

fn network_and_plan(capacities: &[f64], classes: &[RandomClass]) -> (Transfers<u32>, Vec<PlannedTransfer>) {
    let mut network = Transfers::new(capacities.iter().copied().map(ByteRate));
    let mut plan = Vec::new();
    for class in classes {
        let route = network.add_route(&class.route(), class.terms());
        plan.extend(class.members.iter().map(|&(start, bytes)| PlannedTransfer {
            start: Time(start),
            route,
            bytes: Bytes(bytes),
        }));
    }
    (network, plan)
}

/// What may happen to a network; classes, links and transfers are named by any number.
#[derive(Debug, Clone)]
enum Happening {
    Capacity(usize, f64),
    Reroute(usize, usize),
    Restart(usize),
    Cancel(usize),
}

fn random_happening() -> impl Strategy<Value = Happening> {
    prop_oneof![
        (0..9_usize, prop_oneof![Just(0.0), RATES]).prop_map(|(link, rate)| Happening::Capacity(link, rate)),
        (0..8_usize, 0..8_usize).prop_map(|(from, to)| Happening::Reroute(from, to)),
        (0..8_usize).prop_map(Happening::Restart),
        (0..40_usize).prop_map(Happening::Cancel),
    ]
}

/// The fast network through happenings, which it tells as changes of single flows.
struct ChangingRun<'a> {
    capacities: &'a [f64],
    classes: &'a [RandomClass],
    network: Transfers<u32>,
    plan: Vec<PlannedTransfer>,
    /// The class of each transfer at present.
    class_of: Vec<usize>,
    started: Vec<bool>,
    finish: Vec<Time>,
    told: Vec<(f64, Change)>,
}

impl<'a> ChangingRun<'a> {
    fn new(capacities: &'a [f64], classes: &'a [RandomClass]) -> Self {
        let (network, plan) = network_and_plan(capacities, classes);
        let class_of = plan.iter().map(|transfer| transfer.route.index()).collect();
        let (started, finish) = (vec![false; plan.len()], vec![Time::MAX; plan.len()]);
        Self { capacities, classes, network, plan, class_of, started, finish, told: Vec::new() }
    }

    fn drive(&mut self, mut changes: Vec<(u64, Happening)>) {
        changes.sort_by_key(|&(at, _)| at);
        let mut order: Vec<usize> = (0..self.plan.len()).collect();
        order.sort_by_key(|&transfer| self.plan[transfer].start);
        let (mut starts, mut changes) = (order.into_iter().peekable(), changes.into_iter().peekable());
        loop {
            let start = starts.peek().map(|&transfer| self.plan[transfer].start);
            let change = changes.peek().map(|&(at, _)| Time(at));
            let Some(now) = self.network.next_event().into_iter().chain(start).chain(change).min() else {
                break;
            };
            let mut finished = Vec::new();
            self.network.advance(now, &mut finished);
            for transfer in finished {
                self.finish[transfer as usize] = now;
            }
            while let Some(transfer) = starts.next_if(|&transfer| self.plan[transfer].start == now) {
                let PlannedTransfer { route, bytes, .. } = self.plan[transfer];
                self.network.start(now, route, bytes, transfer as u32);
                self.started[transfer] = true;
            }
            while let Some((_, happening)) = changes.next_if(|&(at, _)| Time(at) == now) {
                self.happen(now, &happening);
            }
            assert!(self.network.ledger(now).relative_error() < 1e-11, "{:?}", self.network.ledger(now));
        }
    }

    fn happen(&mut self, now: Time, happening: &Happening) {
        let route = |class: usize| RouteId(class as u32);
        let under_way = |run: &Self, class: usize| {
            let of_class = |&transfer: &usize| run.started[transfer] && run.class_of[transfer] == class;
            (0..run.plan.len()).filter(of_class).collect::<Vec<_>>()
        };
        let mut tell = |change| self.told.push((now.as_seconds(), change));
        match *happening {
            Happening::Capacity(link, rate) => {
                let link = link % self.capacities.len();
                self.network.set_capacity(now, LinkId(link as u32), ByteRate(rate));
                tell(Change::Capacity(link, rate));
            }
            Happening::Reroute(from, to) => {
                let [from, to] = [from, to].map(|class| class % self.classes.len());
                self.network.reroute(now, route(from), route(to));
                for transfer in under_way(self, from) {
                    self.class_of[transfer] = to;
                    let RandomClass { links, cap, weight, .. } = &self.classes[to];
                    let cap = cap.unwrap_or(f64::INFINITY);
                    let change = Change::Path(transfer, links.clone(), cap, (*weight).into());
                    self.told.push((now.as_seconds(), change));
                }
            }
            Happening::Restart(class) => {
                let class = class % self.classes.len();
                self.network.restart(now, route(class));
                for transfer in under_way(self, class) {
                    self.told.push((now.as_seconds(), Change::Restart(transfer)));
                }
            }
            Happening::Cancel(transfer) => {
                let transfer = transfer % self.plan.len();
                let is_under_way = self.started[transfer] && self.finish[transfer] == Time::MAX;
                let again =
                    self.told.iter().any(|(_, change)| matches!(change, Change::Cancel(t) if *t == transfer));
                let cancelled = self.network.cancel(now, route(self.class_of[transfer]), transfer as u32);
                assert_eq!(cancelled, is_under_way && !again);
                if cancelled {
                    self.told.push((now.as_seconds(), Change::Cancel(transfer)));
                }
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn class_rates_are_the_rates_of_single_flows((capacities, classes) in random_network()) {
        let flows: Vec<Flow> = classes.iter().flat_map(RandomClass::flows).collect();
        let slow = slow::rates(&capacities, &flows.iter().collect::<Vec<_>>());
        let (sharing, ids) = solved(&capacities, &classes);
        let fast = ids.iter().zip(&classes).flat_map(|(&id, c)| c.members.iter().map(move |_| id));
        for (slow, id) in slow.iter().zip(fast) {
            let fast = sharing.rate(id).0;
            prop_assert!((fast - slow).abs() <= 1e-9 * slow, "{fast} for {slow}");
        }
    }

    /// Max-min fairness by its other definition (Bertsekas and Gallager): each flow is at its cap, or has a full link
    /// on which no flow is faster for its weight.
    #[test]
    fn each_class_has_a_bottleneck((capacities, classes) in random_network()) {
        let (sharing, ids) = solved(&capacities, &classes);
        let rate = |class: usize| sharing.rate(ids[class]).0;
        let level = |class: usize| rate(class) / f64::from(classes[class].weight);
        for (index, class) in classes.iter().enumerate() {
            let at_cap = class.cap.is_some_and(|cap| rate(index) >= cap);
            let bottleneck = class.links.iter().any(|&link| {
                let full = sharing.load(LinkId(link as u32)).0 >= capacities[link] * (1.0 - 1e-9);
                let crossing = (0..classes.len()).filter(|&other| classes[other].links.contains(&link));
                full && crossing.map(level).all(|other| other <= level(index) * (1.0 + 1e-9))
            });
            prop_assert!(at_cap || bottleneck, "class {index} could be faster");
        }
    }

    /// The tolerance: 1e-9 relative, plus 1 ns for each end that was rounded up, times the greatest ratio of two
    /// rates by which the bytes withheld then can delay another transfer.
    #[test]
    fn finish_instants_are_those_of_single_flows((capacities, classes) in random_network()) {
        let flows: Vec<Flow> = classes.iter().flat_map(RandomClass::flows).collect();
        let slow = slow::finish_times(&flows, |active| {
            slow::rates(&capacities, &active.iter().map(|&f| &flows[f]).collect::<Vec<_>>())
        });
        let (mut network, plan) = network_and_plan(&capacities, &classes);
        let fast = drive(&mut network, &plan);
        let rounding = 1e-9 * flows.len() as f64 * (RATES.end / RATES.start);
        for (fast, slow) in fast.iter().zip(slow) {
            let fast = fast.as_seconds();
            prop_assert!((fast - slow).abs() <= 1e-9 * slow + rounding, "{fast} for {slow}");
        }
    }

    /// Through failures, upgrades, new routes, restarts and transfers called off, the instants are those of single
    /// flows, and the books balance whenever they are read.
    #[test]
    fn changes_of_the_network_are_those_of_single_flows(
        (capacities, classes) in random_network(),
        changes in proptest::collection::vec((0..1_500_000_000_000_000_u64, random_happening()), 0..12),
    ) {
        let mut run = ChangingRun::new(&capacities, &classes);
        run.drive(changes);
        let flows: Vec<Flow> = classes.iter().flat_map(RandomClass::flows).collect();
        let slow = slow::finish_times_through((&capacities, &flows), &run.told);
        let rounding = 4e-9 * flows.len() as f64 * (RATES.end / RATES.start);
        for (fast, slow) in run.finish.iter().zip(slow) {
            if *fast == Time::MAX {
                prop_assert!(slow.is_infinite(), "never for {slow}");
            } else {
                let fast = fast.as_seconds();
                prop_assert!((fast - slow).abs() <= 1e-9 * slow + rounding, "{fast} for {slow}");
            }
        }
    }

    /// At any instants the books balance; in the end each link has carried the bytes of the transfers that cross it;
    /// and looking at the books changes no finish instant.
    #[test]
    fn books_balance_and_reading_changes_nothing(
        (capacities, classes) in random_network(),
        readings in proptest::collection::vec(0..3_000_000_000_000_000_u64, 0..20),
    ) {
        let (mut undisturbed, mut plan) = network_and_plan(&capacities, &classes);
        plan.sort_by_key(|transfer| transfer.start);
        let expected = drive(&mut undisturbed, &plan);
        let (mut network, _) = network_and_plan(&capacities, &classes);
        let mut instants: Vec<Time> = readings.into_iter().map(Time).chain(plan.iter().map(|t| t.start)).collect();
        instants.sort();
        instants.push(Time(u64::MAX / 2));
        let mut finish = vec![Time::MAX; plan.len()];
        let (mut finished, mut started) = (Vec::new(), 0);
        for instant in instants {
            while let Some(now) = network.next_event().filter(|&now| now <= instant) {
                network.advance(now, &mut finished);
                for token in finished.drain(..) {
                    finish[token as usize] = now;
                }
            }
            prop_assert!(network.ledger(instant).relative_error() < 1e-12, "{:?}", network.ledger(instant));
            while let Some(transfer) = plan.get(started).filter(|transfer| transfer.start == instant) {
                network.start(instant, transfer.route, transfer.bytes, started as u32);
                started += 1;
            }
            prop_assert!(network.ledger(instant).relative_error() < 1e-12);
        }
        prop_assert_eq!(&finish, &expected);
        let now = network.now();
        let ledger = network.ledger(now);
        prop_assert_eq!(ledger.injected, ledger.delivered);
        prop_assert_eq!(ledger.injected, plan.iter().map(|t| u128::from(t.bytes.0)).sum());
        for link in 0..capacities.len() {
            let crossing = classes.iter().filter(|class| class.links.contains(&link));
            let bytes: u64 = crossing.flat_map(|class| &class.members).map(|&(_, bytes)| bytes).sum();
            let carried = network.carried(now, LinkId(link as u32));
            // Each end may be late by 1 ns: at most one nanosecond of the link's capacity for each transfer.
            let rounding = 1e-9 * RATES.end * plan.len() as f64;
            prop_assert!((carried - bytes as f64).abs() <= 1e-12 * bytes as f64 + rounding, "{carried} {bytes}");
        }
    }

    /// Links and routes that nobody uses leave all instants as they are, to the nanosecond.
    #[test]
    fn what_is_unused_changes_nothing((capacities, classes) in random_network(), place in 0..8_usize) {
        let (mut plain, plan) = network_and_plan(&capacities, &classes);
        let mut more = capacities.clone();
        more.insert(0, 5e3);
        let mut grown: Vec<RandomClass> = classes.clone();
        for link in grown.iter_mut().flat_map(|class| &mut class.links) {
            *link += 1;
        }
        let unused = RandomClass { links: (0..more.len()).collect(), cap: Some(1e3), weight: 1, latency: 1, members: vec![] };
        grown.insert(place.min(classes.len()), unused);
        let (mut network, grown_plan) = network_and_plan(&more, &grown);
        prop_assert_eq!(drive(&mut network, &grown_plan), drive(&mut plain, &plan));
    }
}
