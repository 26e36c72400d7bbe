//! Random networks: the fast network against the slow one, and the laws that every state obeys.

use super::slow::{self, Flow};
use super::{PlannedTransfer, Route, RouteId, Sharing, Transfers, drive};
use crate::model::LinkId;
use crate::units::{ByteRate, Bytes, Span, Time};
use proptest::prelude::*;

/// Capacities and caps lie in this range (bytes per second), sizes in 1e8..1e10: a transfer takes 1e3 s or more, so
/// that the rounding of an instant to 1 ns stays far below the relative 1e-9 that is asked for.
const RATES: std::ops::Range<f64> = 1e3..1e5;

/// A class: its links, its cap, its members' starts (ns) and sizes (B), and its latency.
#[derive(Debug, Clone)]
struct RandomClass {
    links: Vec<usize>,
    cap: Option<f64>,
    latency: u64,
    members: Vec<(u64, u64)>,
}

fn random_class(links: usize) -> impl Strategy<Value = RandomClass> {
    let path = proptest::sample::subsequence((0..links).collect::<Vec<_>>(), 1..=links.min(4));
    let cap = proptest::option::of(RATES);
    // Half of the starts coincide, to have many changes at one instant.
    let start = prop_oneof![Just(1_000_000_000_u64), 0..1_000_000_000_000_000_u64];
    let members = proptest::collection::vec((start, 100_000_000..10_000_000_000_u64), 1..6);
    (path, cap, prop_oneof![Just(0), 0..1_000_000_000_u64], members)
        .prop_map(|(links, cap, latency, members)| RandomClass { links, cap, latency, members })
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
        Route { links: self.path(), latency: Span(self.latency) }
    }

    fn flows(&self) -> impl Iterator<Item = Flow> + '_ {
        self.members.iter().map(|&(start, bytes)| Flow {
            links: self.links.clone(),
            cap: self.cap.unwrap_or(f64::INFINITY),
            start: Time(start + self.latency).as_seconds(),
            bytes: bytes as f64,
        })
    }
}

fn solved(capacities: &[f64], classes: &[RandomClass]) -> (Sharing, Vec<RouteId>) {
    let mut sharing = Sharing::new(capacities.iter().copied().map(ByteRate));
    let ids: Vec<_> =
        classes.iter().map(|class| sharing.add_class(&class.path(), class.cap.map(ByteRate))).collect();
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
        let route = network.add_route(&class.route(), class.cap.map(ByteRate));
        plan.extend(class.members.iter().map(|&(start, bytes)| PlannedTransfer {
            start: Time(start),
            route,
            bytes: Bytes(bytes),
        }));
    }
    (network, plan)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

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
    /// on which no flow is faster.
    #[test]
    fn each_class_has_a_bottleneck((capacities, classes) in random_network()) {
        let (sharing, ids) = solved(&capacities, &classes);
        let rate = |class: usize| sharing.rate(ids[class]).0;
        for (index, class) in classes.iter().enumerate() {
            let at_cap = class.cap.is_some_and(|cap| rate(index) >= cap);
            let bottleneck = class.links.iter().any(|&link| {
                let full = sharing.load(LinkId(link as u32)).0 >= capacities[link] * (1.0 - 1e-9);
                let crossing = (0..classes.len()).filter(|&other| classes[other].links.contains(&link));
                full && crossing.map(rate).all(|other| other <= rate(index) * (1.0 + 1e-9))
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
        let unused = RandomClass { links: (0..more.len()).collect(), cap: Some(1e3), latency: 1, members: vec![] };
        grown.insert(place.min(classes.len()), unused);
        let (mut network, grown_plan) = network_and_plan(&more, &grown);
        prop_assert_eq!(drive(&mut network, &grown_plan), drive(&mut plain, &plan));
    }
}
