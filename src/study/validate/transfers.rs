//! Transfers with known finish times on shared links, through the transfer engine of the simulator.

use super::{RELATIVE, Verdict};
use crate::model::LinkId;
use crate::network::{Route, Terms, Transfers};
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
    finish_times().into_iter().chain(rates).collect()
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
