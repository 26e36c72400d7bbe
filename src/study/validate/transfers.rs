//! Transfers with known finish times on shared links, through the transfer engine of the simulator.

use super::{RELATIVE, Verdict};
use crate::model::{Link, LinkId, LinkKind, NetworkRules, Node, Position, Topology, TransferModel};
use crate::network::{Network, Route, Terms, Transfers};
use crate::units::{ByteRate, Bytes, Span, Time};

/// One 10 Gbit/s link: 100 GB at 0 s, 50 GB at 20 s, 25 GB at 40 s.
const ONE_LINK: [(u64, u64, f64); 3] = [(0, 100, 140.0), (20, 50, 120.0), (40, 25, 100.0)];

/// Rates of max-min fairness, worked out in rationals: capacities, the links of each flow, its rate.
type RateCase = (&'static str, &'static [f64], &'static [&'static [u32]], &'static [f64]);
const RATES: [RateCase; 4] = [
    ("N01", &[10.0, 10.0, 10.0], &[&[0, 1, 2], &[0], &[1], &[2]], &[5.0, 5.0, 5.0, 5.0]),
    (
        "N02",
        &[1.0, 1.0, 2.0],
        &[&[0, 1], &[0], &[1], &[1, 2], &[2]],
        &[1.0 / 3.0, 2.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0, 5.0 / 3.0],
    ),
    ("N03", &[10.0, 4.0], &[&[0, 1], &[0], &[1], &[0]], &[2.0, 4.0, 2.0, 4.0]),
    (
        "N06",
        &[100.0, 40.0, 60.0, 30.0],
        &[&[0, 1], &[0, 2], &[1, 2], &[0], &[2, 3], &[3], &[1, 3]],
        &[15.0, 35.0, 15.0, 50.0, 10.0, 10.0, 10.0],
    ),
];

/// Judges the finish times on one link and the rates of the small networks.
pub(super) fn run() -> Vec<Verdict> {
    let rates = RATES.iter().flat_map(|&(case, capacities, flows, expected)| {
        let simulated = max_min_rates(capacities, flows);
        expected.iter().zip(simulated).enumerate().map(move |(flow, (&exact, rate))| {
            let quantity = format!("max-min rate of flow {}", flow + 1);
            Verdict::new(case, &quantity, exact, rate, RELATIVE * exact, 1)
        })
    });
    let others = [weighted_rates(), capped_rates(), lv08(), windows()];
    finish_times().into_iter().chain(rates).chain(others.into_iter().flatten()).collect()
}

/// A link of 12 and flows of weights 1, 2, 3.
fn weighted_rates() -> Vec<Verdict> {
    let terms = [1, 2, 3].map(|weight| Terms { cap: None, weight });
    one_link_rates("N05", 12.0, &terms, &[2.0, 4.0, 6.0])
}

/// A link of 10 and flows of which the first gets at most 1 and the last at most 4.
fn capped_rates() -> Vec<Verdict> {
    let terms = [Some(1.0), None, None, Some(4.0)].map(|cap| Terms::capped(cap.map(ByteRate)));
    one_link_rates("N04", 10.0, &terms, &[1.0, 3.0, 3.0, 3.0])
}

fn one_link_rates(case: &str, capacity: f64, terms: &[Terms], exact: &[f64]) -> Vec<Verdict> {
    let mut network = Transfers::new([ByteRate(capacity)]);
    let route = Route::along(vec![LinkId(0)], Span::ZERO);
    let routes: Vec<_> = terms.iter().map(|&terms| network.add_route(&route, terms)).collect();
    for (flow, &route) in routes.iter().enumerate() {
        network.start(Time::ZERO, route, Bytes(1_000_000), flow);
    }
    let verdict = |(flow, (&exact, &route)): (usize, (&f64, &_))| {
        let quantity = format!("max-min rate of flow {} of its weight and cap", flow + 1);
        Verdict::new(case, &quantity, exact, network.rate(route).0, RELATIVE * exact, 1)
    };
    exact.iter().zip(&routes).enumerate().map(verdict).collect()
}

/// SimGrid's documented anchor of its model LV08, 100 kB over 1 Mbit/s and 10 ms, with and without the answers on the
/// same link; the documentation gives six digits.
fn lv08() -> Vec<Verdict> {
    let finish = |(answers, exact): (u32, f64)| {
        let mut topology = Topology::default();
        let position = Position { latitude: 0.0, longitude: 0.0 };
        let [from, to] =
            ["from", "to"].map(|name| topology.add_node(Node { name: name.to_owned(), position }));
        for ends in [[from, to], [to, from]] {
            topology.add_link(Link {
                name: format!("{}", ends[0].0),
                kind: LinkKind::Backbone,
                capacity: ByteRate(125_000.0),
                latency: Span::from_seconds_round(0.01),
                from: ends[0],
                to: ends[1],
            });
        }
        let transfers =
            TransferModel { efficiency: 0.97, start_up: 13.01, window: None, reverse_traffic: answers };
        let mut network = Network::new(&topology, NetworkRules { transfers, ..NetworkRules::PLAIN });
        let there = network.way(from, to, 1).expect("a link leads there");
        // On a link of one capacity both ways, the transfer's own answers take their part: here those of an equal transfer
        // the other way, which ends when this one does.
        let back = network.way(to, from, 1).expect("a link leads back");
        network.start(Time::ZERO, there, Bytes(100_000), 0);
        if answers > 0 {
            network.start(Time::ZERO, back, Bytes(100_000), 1);
        }
        let mut ended = Vec::new();
        while let Some(instant) = network.next_event() {
            network.advance(instant, &mut ended);
            if ended.contains(&0) {
                let with = if answers == 0 { "without" } else { "with" };
                let quantity = format!("LV08 {with} answers, end of a transfer, s");
                return Verdict::new("N08", &quantity, exact, instant.as_seconds(), 1e-6, 1);
            }
        }
        unreachable!("a transfer on links in service ends")
    };
    [(0, 0.954_842), (50, 0.996_079)].map(finish).into()
}

/// What windows over round trips allow on a link without bound, in Gbit/s.
fn windows() -> Vec<Verdict> {
    let cases = [(16_u64 << 20, 30, 4.473_924), (64 << 20, 30, 17.895_697), (1 << 30, 50, 171.798_692)];
    let verdict = |(window, round_trip_ms, exact): (u64, u64, f64)| {
        let cap = NetworkRules::cap_of(Bytes(window), Span(round_trip_ms * 500_000));
        let quantity = format!("rate of a window of {} MiB, Gbit/s", window >> 20);
        Verdict::new("N09", &quantity, exact, cap.0 / 1.25e8, 1e-6 * exact, 1)
    };
    cases.map(verdict).into()
}

fn finish_times() -> Vec<Verdict> {
    let mut network = Transfers::new([ByteRate(1.25e9)]);
    let route = network.add_route(&Route::along(vec![LinkId(0)], Span::ZERO), Terms::PLAIN);
    let mut finishes = [0.0; 3];
    let mut ended = Vec::new();
    let mut settle = |network: &mut Transfers<usize>, until: Time| {
        while let Some(instant) = network.next_event().filter(|&instant| instant < until) {
            network.advance(instant, &mut ended);
            for flow in ended.drain(..) {
                finishes[flow] = instant.as_seconds();
            }
        }
    };
    for (flow, (start, gigabytes, _)) in ONE_LINK.into_iter().enumerate() {
        settle(&mut network, Time::from_seconds(start));
        network.start(Time::from_seconds(start), route, Bytes(gigabytes * 1_000_000_000), flow);
    }
    settle(&mut network, Time::MAX);
    let verdict = |(flow, exact): (usize, f64)| {
        let quantity = format!("finish of transfer {} on one link, s", flow + 1);
        Verdict::new("N07", &quantity, exact, finishes[flow], RELATIVE * exact, 1)
    };
    ONE_LINK.iter().map(|row| row.2).enumerate().map(verdict).collect()
}

fn max_min_rates(capacities: &[f64], flows: &[&[u32]]) -> Vec<f64> {
    let mut network = Transfers::new(capacities.iter().map(|&capacity| ByteRate(capacity)));
    let routes: Vec<_> = flows
        .iter()
        .map(|links| {
            let links = links.iter().map(|&link| LinkId(link)).collect();
            network.add_route(&Route::along(links, Span::ZERO), Terms::PLAIN)
        })
        .collect();
    for (flow, &route) in routes.iter().enumerate() {
        network.start(Time::ZERO, route, Bytes(1_000_000), flow);
    }
    routes.into_iter().map(|route| network.rate(route).0).collect()
}
