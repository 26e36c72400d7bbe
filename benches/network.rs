//! Max-min rates on a network of 20 sites and 70 links with 10 to 380 routes in use, against progressive filling as one
//! writes it from the definition: in each round every link is looked at and every route that crosses the tightest one
//! is fixed.
//!
//! 10 routers in a ring with 5 chords and 20 sites of one uplink each: 30 + 40 directed links, 380 routes.
//!
//! And the price of a flow event, an end with a start in its place, while 10^2 to 10^6 transfers over 40 of the routes
//! are in flight; against a network that solves and steps flow by flow, where that ends within the day.

mod per_flow;
mod rounds;

use criterion::{BenchmarkId, Criterion};
use per_flow::PerFlow;
use pleiade::model::{Link, LinkId, LinkKind, Node, NodeId, Position, Topology};
use pleiade::network::{Route, RouteId, Routes, Sharing, Terms, Transfers};
use pleiade::units::{ByteRate, Bytes, Span, Time};
use std::hint::black_box;

const ACTIVE: [usize; 4] = [10, 50, 150, 380];

fn main() {
    let network = Network::new();
    let mut criterion = Criterion::default().configure_from_args();
    let mut group = criterion.benchmark_group("max_min");
    for active in ACTIVE {
        let (mut sharing, _) = network.sharing(active);
        group.bench_function(BenchmarkId::new("sharing", active), |b| {
            b.iter(|| black_box(&mut sharing).solve_in_full());
        });
        let naive = network.naive(active);
        group.bench_function(BenchmarkId::new("naive", active), |b| b.iter(|| black_box(&naive).rates()));
    }
    group.finish();
    let mut group = criterion.benchmark_group("flow_event");
    for in_flight in IN_FLIGHT {
        let mut churn = Churn::new(&network, in_flight);
        group.bench_function(BenchmarkId::new("transfers", in_flight), |b| b.iter(|| churn.step()));
    }
    for in_flight in BY_FLOW {
        let mut churn = SlowChurn::new(&network, in_flight);
        group.bench_function(BenchmarkId::new("per_flow", in_flight), |b| b.iter(|| churn.step()));
    }
    group.finish();
    criterion.final_summary();
    for in_flight in BY_FLOW {
        let (mut fast, mut slow) = (Churn::new(&network, in_flight), SlowChurn::new(&network, in_flight));
        for _ in 0..500 {
            let (fast, slow) = (fast.step().as_seconds(), slow.step());
            assert!((fast - slow).abs() <= 1e-6, "an end at {fast} is not one at {slow}");
        }
        let names = (format!("transfers_{in_flight}"), format!("per_flow_{in_flight}"));
        rounds::print_ratio((&names.0, &names.1), 200, || fast.step(), || slow.step());
    }
    let (mut few, mut many) = (Churn::new(&network, IN_FLIGHT[0]), Churn::new(&network, IN_FLIGHT[4]));
    let names = (format!("event_of_{}", IN_FLIGHT[4]), format!("event_of_{}", IN_FLIGHT[0]));
    rounds::print_ratio((&names.0, &names.1), 20_000, || many.step(), || few.step());
    for active in ACTIVE {
        let (mut sharing, ids) = network.sharing(active);
        let naive = network.naive(active);
        sharing.solve();
        for (&id, expected) in ids.iter().zip(naive.rates()) {
            let rate = sharing.rate(id).0;
            assert!((rate - expected).abs() <= 1e-9 * expected, "{rate} is not {expected}");
        }
        let names = (format!("sharing_{active}"), format!("naive_{active}"));
        rounds::print_ratio(
            (&names.0, &names.1),
            2_000,
            || black_box(&mut sharing).solve_in_full(),
            || black_box(&naive).rates(),
        );
    }
}

/// Transfers in flight, and so many that single flows can be stepped too.
const IN_FLIGHT: [u64; 5] = [100, 1_000, 10_000, 100_000, 1_000_000];
const BY_FLOW: [u64; 2] = [100, 1_000];

/// Every n-th of the 380 routes: 40 in all.
fn routes_in_use(network: &Network) -> impl Iterator<Item = &Vec<LinkId>> {
    (0..40).map(|k| &network.routes[k * network.routes.len() / 40])
}

/// Route and size of a transfer by its number: 1 to 41 GB, the same for all that compare.
fn transfer(number: u64) -> (usize, u64) {
    (
        (number * 7_919 % 40) as usize,
        1_000_000_000 + number.wrapping_mul(0x9e37_79b9_7f4a_7c15) % 40_000_000_000,
    )
}

/// Transfers of which one starts whenever one ends.
struct Churn {
    network: Transfers<u64>,
    routes: Vec<RouteId>,
    started: u64,
    ended: Vec<u64>,
}

impl Churn {
    fn new(network: &Network, in_flight: u64) -> Self {
        let mut transfers = Transfers::new(network.capacities.iter().copied());
        let route = |links: &Vec<LinkId>| Route::along(links.clone(), Span::ZERO);
        let routes =
            routes_in_use(network).map(|links| transfers.add_route(&route(links), Terms::PLAIN)).collect();
        let mut churn = Self { network: transfers, routes, started: 0, ended: Vec::new() };
        (0..in_flight).for_each(|_| churn.start(Time::ZERO));
        churn
    }

    fn start(&mut self, now: Time) {
        let (route, bytes) = transfer(self.started);
        self.network.start(now, self.routes[route], Bytes(bytes), self.started);
        self.started += 1;
    }

    /// To the next end, and the start in its place.
    fn step(&mut self) -> Time {
        let now = self.network.next_event().expect("transfers are in flight");
        self.network.advance(now, &mut self.ended);
        for _ in 0..self.ended.len() {
            self.start(now);
        }
        self.ended.clear();
        now
    }
}

/// The same flow by flow.
struct SlowChurn {
    network: PerFlow,
    started: u64,
}

impl SlowChurn {
    fn new(network: &Network, in_flight: u64) -> Self {
        let routes = routes_in_use(network).map(|links| links.iter().map(|link| link.index()).collect());
        let capacities = network.capacities.iter().map(|capacity| capacity.0).collect();
        let mut churn = Self { network: PerFlow::new(capacities, routes.collect()), started: 0 };
        (0..in_flight).for_each(|_| churn.start());
        churn
    }

    fn start(&mut self) {
        let (route, bytes) = transfer(self.started);
        self.network.start(route, bytes as f64);
        self.started += 1;
    }

    fn step(&mut self) -> f64 {
        let ended = self.network.step_to_end();
        (0..ended).for_each(|_| self.start());
        self.network.now_s()
    }
}

/// The links' capacities and all routes between sites.
struct Network {
    capacities: Vec<ByteRate>,
    routes: Vec<Vec<LinkId>>,
}

impl Network {
    fn new() -> Self {
        let mut topology = Topology::default();
        let position = Position { latitude: 0.0, longitude: 0.0 };
        let nodes: Vec<NodeId> = (0..30)
            .map(|index| topology.add_node(Node { name: format!("node:{index}"), position }))
            .collect();
        let (routers, sites) = nodes.split_at(10);
        for r in 0..10 {
            join(&mut topology, (routers[r], routers[(r + 1) % 10]), 100.0 + 37.0 * r as f64, 3_000_000);
        }
        for r in 0..5 {
            join(&mut topology, (routers[r], routers[r + 5]), 200.0 + 41.0 * r as f64, 7_000_000);
        }
        for s in 0..20 {
            join(&mut topology, (sites[s], routers[s / 2]), 40.0 + 13.0 * (s % 7) as f64, 100_000);
        }
        let mut routes = Vec::new();
        for &from in sites {
            let known = Routes::from_node(&topology, from);
            for &to in sites.iter().filter(|&&to| to != from) {
                routes.push(known.to(to).expect("the network is connected").links);
            }
        }
        assert_eq!((topology.links.len(), routes.len()), (70, 380));
        Self { capacities: topology.links.iter().map(|link| link.capacity).collect(), routes }
    }

    /// The routes in use, spread over all, each with its number of transfers.
    fn used(&self, active: usize) -> impl Iterator<Item = (usize, u32)> + '_ {
        (0..active).map(move |k| (k * self.routes.len() / active, 1 + (k % 5) as u32))
    }

    fn sharing(&self, active: usize) -> (Sharing, Vec<RouteId>) {
        let mut sharing = Sharing::new(self.capacities.iter().copied());
        let all: Vec<RouteId> =
            self.routes.iter().map(|links| sharing.add_class(links, &[], Terms::PLAIN)).collect();
        let ids = self.used(active).map(|(route, members)| {
            sharing.set_members(all[route], members);
            all[route]
        });
        let ids = ids.collect();
        (sharing, ids)
    }

    fn naive(&self, active: usize) -> Naive {
        let links = |route: usize| self.routes[route].iter().map(|link| link.index()).collect();
        Naive {
            capacities: self.capacities.iter().map(|capacity| capacity.0).collect(),
            classes: self.used(active).map(|(route, members)| (links(route), f64::from(members))).collect(),
        }
    }
}

fn join(topology: &mut Topology, ends: (NodeId, NodeId), gbit: f64, latency_ns: u64) {
    for (from, to) in [ends, (ends.1, ends.0)] {
        topology.add_link(Link {
            name: format!("{}-{}", from.0, to.0),
            kind: LinkKind::Backbone,
            capacity: ByteRate(gbit * 1.25e8),
            latency: Span(latency_ns),
            from,
            to,
        });
    }
}

/// Capacities, and the links and number of transfers of each route in use.
struct Naive {
    capacities: Vec<f64>,
    classes: Vec<(Vec<usize>, f64)>,
}

impl Naive {
    /// The rate of one transfer of each route.
    fn rates(&self) -> Vec<f64> {
        let mut left = self.capacities.clone();
        let mut open = vec![0.0; left.len()];
        for (links, members) in &self.classes {
            for &link in links {
                open[link] += members;
            }
        }
        let mut rates = vec![f64::INFINITY; self.classes.len()];
        loop {
            let mut tightest = (f64::INFINITY, 0);
            for link in 0..left.len() {
                if open[link] > 0.0 && left[link] / open[link] < tightest.0 {
                    tightest = (left[link] / open[link], link);
                }
            }
            let (share, full) = tightest;
            if share.is_infinite() {
                return rates;
            }
            for (rate, (links, members)) in rates.iter_mut().zip(&self.classes) {
                if rate.is_infinite() && links.contains(&full) {
                    *rate = share;
                    for &link in links {
                        open[link] -= members;
                        left[link] = (left[link] - share * members).max(0.0);
                    }
                }
            }
        }
    }
}
