//! Timings of the network, and its greatest case. By hand: `cargo test --release --lib network::timing -- --ignored --nocapture`.
#![expect(clippy::disallowed_types, reason = "a timing reads the wall clock")]

use super::slow::{Flow, finish_times};
use super::{PlannedTransfer, Route, RouteId, Routes, Sharing, Terms, Transfers, drive, flow_cases};
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
        (with_caps > 0 && index.is_multiple_of(with_caps))
            .then_some(ByteRate(1e8 + 7e6 * (index % 50) as f64))
    };
    let ids: Vec<_> =
        (0..routes.len()).map(|r| sharing.add_class(&routes[r].links, &[], Terms::capped(cap(r)))).collect();
    for k in 0..active {
        sharing.set_members(ids[k * ids.len() / active], 1 + (k % 5) as u32);
    }
    let repeats = 100_000_u32;
    let begin = Instant::now();
    for _ in 0..repeats {
        std::hint::black_box(&mut sharing).solve_in_full();
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
        all_routes(&topology, &sites).iter().map(|route| network.add_route(route, Terms::PLAIN)).collect();
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

/// A flow of `perf/A_star64`: an index into its routes, bytes, start and expected finish in seconds.
struct StarFlow {
    route: usize,
    bytes: u64,
    start: f64,
    finish: f64,
}

/// The case `perf/A_star64`: 4,032 flows, each on a route of its own over 2 of 64 links.
#[derive(Default)]
struct Star {
    capacities: Vec<ByteRate>,
    routes: Vec<Route>,
    flows: Vec<StarFlow>,
}

impl Star {
    fn read() -> Option<Self> {
        let (mut links, mut ends, mut star) = (BTreeMap::new(), BTreeMap::new(), Self::default());
        for line in unpacked("A_star64.case.gz")? {
            let words: Vec<&str> = line.split_whitespace().collect();
            match words[..] {
                ["L", name, rate, ..] => {
                    links.insert(name.to_owned(), LinkId(star.capacities.len() as u32));
                    star.capacities.push(ByteRate(rate.parse().unwrap()));
                }
                ["R", from, to, _, ref path @ ..] => {
                    ends.insert((from.to_owned(), to.to_owned()), star.routes.len());
                    let links = path.iter().map(|&name| links[name]).collect();
                    star.routes.push(Route::along(links, Span::ZERO));
                }
                ["F", _, from, to, bytes, start] => star.flows.push(StarFlow {
                    route: ends[&(from.to_owned(), to.to_owned())],
                    bytes: bytes.parse().unwrap(),
                    start: start.parse().unwrap(),
                    finish: f64::NAN,
                }),
                _ => {}
            }
        }
        for line in unpacked("A_star64.finish.txt.gz")? {
            let words: Vec<&str> = line.split_whitespace().collect();
            star.flows[words[0].parse::<usize>().unwrap()].finish = words[2].parse().unwrap();
        }
        assert_eq!(star.flows.len(), 4_032);
        Some(star)
    }

    /// Checks finish times (s), and prints how far they are off and what they took.
    fn check(&self, what: &str, begin: Instant, times: impl IntoIterator<Item = f64>, absolute: f64) {
        let seconds = begin.elapsed().as_secs_f64();
        let off = times.into_iter().zip(&self.flows).map(|(time, flow)| (time - flow.finish).abs());
        let worst = off.fold(0.0, f64::max);
        println!("{what}: {seconds:.3} s, {:.0} flows a second, worst {worst:.1e} s", 4_032.0 / seconds);
        assert!(worst <= absolute, "{what}: {worst:e} s");
    }
}

fn unpacked(name: &str) -> Option<impl Iterator<Item = String>> {
    let file = std::fs::File::open(flow_cases::folder()?.join("perf").join(name)).unwrap();
    Some(BufReader::new(flate2::read::GzDecoder::new(file)).lines().map(Result::unwrap))
}

/// SimGrid 4.1 needs 0.91 s. Starts are rounded by half a nanosecond and ends by one, and 126 flows share each link:
/// if each of them shifts a flow by its rounding, that is 126 ns.
#[test]
fn a_star_of_64_hosts() {
    let Some(star) = Star::read() else { return };
    let mut network = Transfers::new(star.capacities.iter().copied());
    let ids: Vec<RouteId> = star.routes.iter().map(|route| network.add_route(route, Terms::PLAIN)).collect();
    let planned = |flow: &StarFlow| PlannedTransfer {
        start: Time::ZERO + Span::from_seconds_round(flow.start),
        route: ids[flow.route],
        bytes: Bytes(flow.bytes),
    };
    let plan: Vec<_> = star.flows.iter().map(planned).collect();
    let begin = Instant::now();
    let finish = drive(&mut network, &plan);
    star.check("transfers", begin, finish.into_iter().map(Time::as_seconds), 126e-9);
    let now = network.now();
    assert!(network.ledger(now).relative_error() < 1e-12, "{:?}", network.ledger(now));
}

/// The solver alone, stepped in f64 seconds: 1e-11 s is some thousand last bits of a time of 30 s.
#[test]
fn a_star_of_64_hosts_without_a_clock() {
    let Some(star) = Star::read() else { return };
    let mut sharing = Sharing::new(star.capacities.iter().copied());
    let ids: Vec<RouteId> =
        star.routes.iter().map(|route| sharing.add_class(&route.links, &[], Terms::PLAIN)).collect();
    let flow = |f: &StarFlow| Flow {
        links: vec![],
        cap: f64::INFINITY,
        weight: 1.0,
        start: f.start,
        bytes: f.bytes as f64,
    };
    let flows: Vec<Flow> = star.flows.iter().map(flow).collect();
    let begin = Instant::now();
    let finish = finish_times(&flows, |active| {
        let members: Vec<RouteId> = active.iter().map(|&f| ids[star.flows[f].route]).collect();
        for &id in &members {
            sharing.set_members(id, 1);
        }
        sharing.solve();
        for &id in &members {
            sharing.set_members(id, 0);
        }
        members.iter().map(|&id| sharing.rate(id).0).collect()
    });
    star.check("solver alone", begin, finish, 1e-11);
}
