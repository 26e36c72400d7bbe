//! Timings of the network, by hand: `cargo test --release --lib network::timing -- --ignored --nocapture`.
#![expect(clippy::disallowed_types, reason = "a timing reads the wall clock")]

use super::{PlannedTransfer, Route, RouteId, Routes, Sharing, Transfers, drive, flow_cases};
use crate::model::{Link, LinkId, LinkKind, Node, NodeId, Position, Topology};
use crate::units::{ByteRate, Bytes, Span, Time};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader};
use std::time::Instant;

fn add_pair(topology: &mut Topology, ends: (NodeId, NodeId), gbit: f64, latency: u64) {
    for (from, to) in [ends, (ends.1, ends.0)] {
        let name = format!("{}-{}", from.0, to.0);
        let capacity = ByteRate(gbit * 1.25e8);
        let kind = LinkKind::Backbone;
        topology.add_link(Link { name, kind, capacity, latency: Span(latency), from, to });
    }
}

/// 10 routers in a ring with 5 chords, 20 sites with an uplink each: 30 + 40 = 70 directed links.
fn european_size() -> (Topology, Vec<NodeId>) {
    let mut topology = Topology::default();
    let node = |name: String, topology: &mut Topology| {
        topology.add_node(Node { name, position: Position { latitude: 0.0, longitude: 0.0 } })
    };
    let routers: Vec<_> = (0..10).map(|r| node(format!("router:{r}"), &mut topology)).collect();
    let sites: Vec<_> = (0..20).map(|s| node(format!("site:{s}"), &mut topology)).collect();
    for r in 0..10_usize {
        add_pair(&mut topology, (routers[r], routers[(r + 1) % 10]), 100.0 + 37.0 * r as f64, 3_000_000);
    }
    for r in 0..5_usize {
        add_pair(&mut topology, (routers[r], routers[r + 5]), 200.0 + 41.0 * r as f64, 7_000_000);
    }
    for s in 0..20_usize {
        add_pair(&mut topology, (sites[s], routers[s / 2]), 40.0 + 13.0 * (s % 7) as f64, 100_000);
    }
    assert_eq!(topology.links.len(), 70);
    (topology, sites)
}

fn all_routes(topology: &Topology, sites: &[NodeId]) -> Vec<Route> {
    let from = |&site| {
        let routes = Routes::from_node(topology, site);
        let others = sites.iter().filter(move |&&other| other != site);
        others.map(|&other| routes.to(other).unwrap()).collect::<Vec<_>>()
    };
    sites.iter().flat_map(from).collect()
}

/// Cap classes as a scenario may have them: every third class under a cap of its own.
fn time_solver(active: usize, with_caps: usize) -> f64 {
    let (topology, sites) = european_size();
    let routes = all_routes(&topology, &sites);
    let mut sharing = Sharing::new(topology.links.iter().map(|link| link.capacity));
    let cap = |index: usize| {
        (with_caps > 0 && index % with_caps == 0).then(|| ByteRate(1e8 + 7e6 * (index % 50) as f64))
    };
    let ids: Vec<_> = (0..routes.len()).map(|r| sharing.add_class(&routes[r].links, cap(r))).collect();
    for k in 0..active {
        sharing.set_members(ids[k * ids.len() / active], 1 + (k % 5) as u32);
    }
    let repeats = 100_000_u32;
    let begin = Instant::now();
    for _ in 0..repeats {
        std::hint::black_box(&mut sharing).solve();
    }
    begin.elapsed().as_secs_f64() / f64::from(repeats)
}

#[test]
#[ignore = "a timing, not a check"]
fn solver() {
    for active in [10, 50, 150, 380] {
        for with_caps in [0, 3] {
            let seconds = time_solver(active, with_caps);
            println!("{active} active classes, cap on 1 in {with_caps}: {:.2} us", seconds * 1e6);
        }
    }
}

/// A million transfers over all 380 routes at a steady load: starts, ends and their solutions.
#[test]
#[ignore = "a timing, not a check"]
fn events() {
    let (topology, sites) = european_size();
    let mut network = Transfers::over(&topology);
    let routes: Vec<_> =
        all_routes(&topology, &sites).iter().map(|route| network.add_route(route, None)).collect();
    let plan: Vec<_> = (0..1_000_000_u64)
        .map(|k| PlannedTransfer {
            start: Time(k * 200_000_000),
            route: routes[(k * 7_919 % 380) as usize],
            bytes: Bytes(1_000_000_000 + k * 104_729 % 40_000_000_000),
        })
        .collect();
    let begin = Instant::now();
    drive(&mut network, &plan);
    let seconds = begin.elapsed().as_secs_f64();
    let now = network.now();
    println!("1e6 transfers in {seconds:.2} s: {:.2} us each, end at {} s", seconds, now.as_seconds());
    println!("relative error of the books {:.1e}", network.ledger(now).relative_error());
}

/// Reads `perf/A_star64`: links and routes into a network, flows into a plan.
fn star64(lines: impl Iterator<Item = String>) -> (Transfers<u32>, Vec<PlannedTransfer>) {
    let (mut links, mut capacities) = (BTreeMap::new(), Vec::new());
    let (mut routes, mut flows) = (Vec::new(), Vec::new());
    for line in lines {
        let words: Vec<&str> = line.split_whitespace().collect();
        match words[..] {
            ["L", name, rate, ..] => {
                links.insert(name.to_owned(), LinkId(capacities.len() as u32));
                capacities.push(ByteRate(rate.parse().unwrap()));
            }
            ["R", from, to, _, ref path @ ..] => {
                let path = path.iter().map(|&name| links[name]).collect();
                routes.push(((from.to_owned(), to.to_owned()), Route { links: path, latency: Span::ZERO }));
            }
            ["F", _, from, to, bytes, start] => {
                flows.push(((from.to_owned(), to.to_owned()), bytes.to_owned(), start.to_owned()));
            }
            _ => {}
        }
    }
    let mut network = Transfers::new(capacities);
    let ids: BTreeMap<_, RouteId> =
        routes.into_iter().map(|(ends, route)| (ends, network.add_route(&route, None))).collect();
    let planned = |(ends, bytes, start): ((String, String), String, String)| PlannedTransfer {
        start: Time::ZERO + Span::from_seconds_round(start.parse().unwrap()),
        route: ids[&ends],
        bytes: Bytes(bytes.parse().unwrap()),
    };
    (network, flows.into_iter().map(planned).collect())
}

fn unpacked(name: &str) -> Option<impl Iterator<Item = String>> {
    let file = std::fs::File::open(flow_cases::folder()?.join("perf").join(name)).unwrap();
    Some(BufReader::new(flate2::read::GzDecoder::new(file)).lines().map(Result::unwrap))
}

/// 4,032 flows, each on a route of its own: SimGrid 4.1 needs 0.91 s. Both fluid models agree on every finish time.
#[test]
fn a_star_of_64_hosts() {
    let Some(lines) = unpacked("A_star64.case.gz") else { return };
    let (mut network, plan) = star64(lines);
    let begin = Instant::now();
    let finish = drive(&mut network, &plan);
    let seconds = begin.elapsed().as_secs_f64();
    println!("{} flows in {seconds:.3} s: {:.0} a second", plan.len(), plan.len() as f64 / seconds);
    let mut compared = 0;
    for line in unpacked("A_star64.finish.txt.gz").unwrap() {
        let words: Vec<&str> = line.split_whitespace().collect();
        let (id, expected): (usize, f64) = (words[0].parse().unwrap(), words[2].parse().unwrap());
        let off = (finish[id].as_seconds() - expected).abs();
        assert!(
            off <= 1e-9 * expected + 2e-9,
            "flow {id} ends at {} for {expected}",
            finish[id].as_seconds()
        );
        compared += 1;
    }
    assert_eq!(compared, plan.len());
}
