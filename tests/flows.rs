//! Networks whose completion times SimGrid 3.32 computed, through the simulator itself: each flow is a job's input.
//!
//! The cases list the links of each route, while the simulator finds routes of least latency by itself. So every link
//! of a case is a link between two nodes of its own, and wires of ample capacity and no latency lead from one link to
//! the next of a route. A link that carries both directions in one capacity needs nothing special then, and what
//! bounds each flow by itself is the capacity of a wire that only this flow has.

use crate::shared;
use pleiade::engine::Universe;
use pleiade::model::{
    CandidateSet, ClassId, CommunityId, Country, CountryId, EventOrder, Job, JobId, Link, LinkId, LinkKind,
    LocalPolicy, Node, NodeId, Partition, PartitionId, Position, Profile, Request, Scaling, Site, SiteId,
    StreamId, System, Topology,
};
use pleiade::network::Routes;
use pleiade::records::{JobRow, LinkRow, Sink};
use pleiade::simulation::simulate;
use pleiade::study::SinglePartition;
use pleiade::units::{ByteRate, Bytes, Span, Time};
use pleiade::workload::{Submission, Workload};
use std::collections::{BTreeMap, BTreeSet};

const NAMES: [&str; 11] = [
    "00_star3_2flows",
    "01_star3_incast",
    "04_star16_hot",
    "08_star10_fatpipe",
    "11_dumbbell4",
    "15_parking8",
    "18_leafspine_2x4x2",
    "23_torus4x4",
    "27_rgraph8_2",
    "30_rgraph20_5",
    "35_star12_eqlat",
];

/// No choice of costs gives its routes as they are: h0-h4 and h1-h5 go over spine 0, h0-h5 and h1-h4 over spine 1. So
/// those over spine 1 are built from their last link to their first, which changes nothing for a fluid: a flow holds
/// the same share on all its links at once.
const BACKWARDS_OVER_SPINE_1: &str = "18_leafspine_2x4x2";

/// Before this a nanosecond of the clock is more than 5e-8 of the time.
const EARLY_S: f64 = 0.02;

/// Far above every capacity of the cases, so that wires bound nothing.
const AMPLE: ByteRate = ByteRate(1e13);

/// The way back must exist for a site to count as reachable; it is long, so that no way there leads over it.
const WAY_BACK: Span = Span(3_600_000_000_000);

#[derive(serde::Deserialize)]
struct Case {
    links: Vec<CaseLink>,
    routes: Vec<CaseRoute>,
    flows: Vec<CaseFlow>,
}

#[derive(serde::Deserialize)]
struct CaseLink {
    name: String,
    bandwidth: f64,
    latency: f64,
    policy: String,
}

#[derive(serde::Deserialize)]
struct CaseRoute {
    src: String,
    dst: String,
    links: Vec<String>,
}

#[derive(serde::Deserialize)]
struct CaseFlow {
    src: String,
    dst: String,
    bytes: u64,
    start: f64,
    finish: f64,
}

/// The shared links of a route in the order they are built, and what its `fatpipe` links allow each flow by itself.
struct Way {
    links: Vec<String>,
    bound: Option<ByteRate>,
}

impl Case {
    fn way(&self, name: &str, flow: &CaseFlow) -> Way {
        let route = self.routes.iter().find(|r| r.src == flow.src && r.dst == flow.dst).unwrap();
        let (mut links, mut bound) = (Vec::new(), None::<f64>);
        for name in &route.links {
            let link = self.links.iter().find(|link| &link.name == name).unwrap();
            match link.policy.as_str() {
                "shared" => links.push(name.clone()),
                "fatpipe" => bound = Some(bound.map_or(link.bandwidth, |bound| bound.min(link.bandwidth))),
                other => panic!("unknown policy {other}"),
            }
        }
        if name == BACKWARDS_OVER_SPINE_1 && links.iter().any(|link| link.ends_with("_1")) {
            links.reverse();
        }
        Way { links, bound: bound.map(ByteRate) }
    }
}

/// Where a flow's job comes from and where it must go.
type Ends = (CountryId, SiteId);

/// The system of a case as it grows, and the ends of each flow.
struct Builder {
    system: System,
    site: Site,
    partition: Partition,
    links: BTreeMap<String, LinkId>,
    wires: BTreeSet<(NodeId, NodeId)>,
    by_flow: Vec<Ends>,
}

impl Builder {
    /// The links of a case. Sites belong to a country without users, so that only consortia make a site a home.
    fn new(case: &Case) -> Self {
        let end = case.flows.iter().map(|flow| flow.finish).fold(0.0, f64::max) + 60.0;
        let mut system = SinglePartition {
            accelerators: case.flows.len() as u32,
            policy: LocalPolicy::FCFS,
            event_order: EventOrder::EndsFirst,
            max_queued: None,
            end: Time::ZERO + Span::from_seconds_round(end),
            warm_up: Time::ZERO,
            demand: None,
        }
        .system();
        let (site, partition) = (system.sites[SiteId(0)].clone(), system.partitions[PartitionId(0)].clone());
        system.sites = [].into_iter().collect();
        system.partitions = [].into_iter().collect();
        let mut links = BTreeMap::new();
        for link in case.links.iter().filter(|link| link.policy == "shared") {
            let [from, to] = ["tail", "head"].map(|end| node(&mut system.topology, end, &link.name));
            let id = system.topology.add_link(Link {
                name: link.name.clone(),
                kind: LinkKind::Backbone,
                capacity: ByteRate(link.bandwidth),
                latency: Span::from_seconds_round(link.latency),
                from,
                to,
            });
            links.insert(link.name.clone(), id);
        }
        let (wires, by_flow) = Default::default();
        Self { system, site, partition, links, wires, by_flow }
    }

    fn build(name: &str, case: &Case) -> Self {
        let mut builder = Self::new(case);
        let mut known = BTreeMap::<(&str, &str), Ends>::new();
        for flow in &case.flows {
            let way = case.way(name, flow);
            let pair = (flow.src.as_str(), flow.dst.as_str());
            // What bounds each flow by itself is a link of its own, so such flows have ends of their own.
            let shared = known.get(&pair).copied().filter(|_| way.bound.is_none());
            let ends = shared.unwrap_or_else(|| builder.add_ends(&way));
            known.insert(pair, ends);
            builder.by_flow.push(ends);
        }
        let sites = builder.system.sites.ids().collect();
        builder.system.sets =
            vec![CandidateSet { id: "all".to_owned(), name: "All".to_owned(), sites, variant: None }];
        builder
    }

    /// A country, the site that is its home, and the wires of the way there.
    fn add_ends(&mut self, way: &Way) -> Ends {
        let id = format!("{:04}", self.system.countries.len());
        let from = node(&mut self.system.topology, "country", &id);
        let country = self.system.countries.push(Country {
            name: id.clone(),
            id,
            node: from,
            in_union: true,
            languages: vec![],
        });
        let site = self.add_site(country);
        let to = self.system.sites[site].node;
        let (mut last, mut capacity) = (from, way.bound.unwrap_or(AMPLE));
        for link in &way.links {
            let link = &self.system.topology.links[self.links[link]];
            let (tail, head) = (link.from, link.to);
            self.wire(last, tail, capacity, Span::ZERO);
            (last, capacity) = (head, AMPLE);
        }
        self.wire(last, to, AMPLE, Span::ZERO);
        self.wire(to, from, AMPLE, WAY_BACK);
        (country, site)
    }

    fn add_site(&mut self, country: CountryId) -> SiteId {
        let name = self.system.countries[country].id.clone();
        let node = node(&mut self.system.topology, "site", &name);
        let id = SiteId(self.system.sites.len() as u32);
        let partition = self.system.partitions.push(Partition { site: id, ..self.partition.clone() });
        let (partitions, consortium) = (vec![partition], vec![country]);
        self.system.sites.push(Site { id: name, node, partitions, consortium, ..self.site.clone() });
        id
    }

    fn wire(&mut self, from: NodeId, to: NodeId, capacity: ByteRate, latency: Span) {
        if self.wires.insert((from, to)) {
            let topology = &mut self.system.topology;
            let name = format!("{} {}", topology.nodes[from].name, topology.nodes[to].name);
            topology.add_link(Link { name, kind: LinkKind::Access, capacity, latency, from, to });
        }
    }

    /// The simulator's own routes cross exactly the links that the case lists, in this order.
    fn check_routes(&self, name: &str, case: &Case) {
        let topology = &self.system.topology;
        for (flow, &(country, site)) in case.flows.iter().zip(&self.by_flow) {
            let (from, to) = (self.system.countries[country].node, self.system.sites[site].node);
            let mut found = Routes::least_latency(topology, from, to).unwrap().links;
            found.retain(|&link| topology.links[link].kind == LinkKind::Backbone);
            let listed: Vec<_> = case.way(name, flow).links.iter().map(|link| self.links[link]).collect();
            assert_eq!(found, listed, "{name}: {} to {}", flow.src, flow.dst);
        }
    }
}

fn node(topology: &mut Topology, kind: &str, name: &str) -> NodeId {
    let position = Position { latitude: 0.0, longitude: 0.0 };
    topology.add_node(Node { name: format!("{kind}:{name}"), position })
}

/// The flows as jobs of one stream, latest first.
struct Flows(Vec<Submission>);

impl Flows {
    fn new(case: &Case, ends: &[Ends]) -> Self {
        let submission = |(ordinal, flow): (usize, &CaseFlow)| Submission {
            at: Time::ZERO + Span::from_seconds_round(flow.start),
            job: job(ordinal as u64, ends[ordinal].0, Bytes(flow.bytes)),
        };
        let mut jobs: Vec<_> = case.flows.iter().enumerate().map(submission).collect();
        jobs.sort_by_key(|submission| submission.at);
        jobs.reverse();
        Self(jobs)
    }
}

fn job(ordinal: u64, country: CountryId, input: Bytes) -> Job {
    let (accelerators, requested, scaling) = (1, Span(1), Scaling::WallTime);
    Job {
        id: JobId { stream: StreamId(0), ordinal },
        community: CommunityId(0),
        country,
        class: ClassId(0),
        dataset: None,
        site: None,
        request: Request { startup: Span::ZERO, accelerators, requested, scaling, input },
        profile: Profile::done(requested),
    }
}

impl Workload for Flows {
    fn streams(&self) -> usize {
        1
    }

    fn next(&mut self, _: StreamId) -> Option<Submission> {
        self.0.pop()
    }
}

/// When the input of each job was there, and where.
struct Arrivals(Vec<Option<(Time, PartitionId)>>);

impl Sink for Arrivals {
    fn job(&mut self, row: &JobRow) {
        self.0[row.id.ordinal as usize] = row.queued.zip(row.partition);
    }

    fn link(&mut self, _: &LinkRow) {}
}

/// What may lie between a computed and a simulated instant: 1e-7 of it. Two cases have flows that end at 2 to 4 ms,
/// of which one nanosecond of the clock is up to 5e-7; there, starts and ends may be rounded by one nanosecond each.
fn tolerance(finish: f64) -> f64 {
    if finish > EARLY_S { 1e-7 * finish } else { 2e-9 + 1e-9 * finish }
}

/// Simulates a case; `None` where it is absent.
fn check(name: &str) -> Option<()> {
    let case: Case = serde_json::from_str(&shared::text(&format!("flows/{name}.json"))?).unwrap();
    let builder = Builder::build(name, &case);
    builder.check_routes(name, &case);
    let system = &builder.system;
    let mut arrivals = Arrivals(vec![None; case.flows.len()]);
    let workload = Flows::new(&case, &builder.by_flow);
    simulate(system, &system.sets[0], Universe::new(1, 0), workload, &mut arrivals);
    let (mut worst, mut worst_s) = (0.0_f64, 0.0_f64);
    for ((flow, arrival), (_, site)) in case.flows.iter().zip(arrivals.0).zip(&builder.by_flow) {
        let (time, partition) = arrival.expect("every input arrives");
        assert_eq!(system.partitions[partition].site, *site, "{name}: a job goes home");
        let off = (time.as_seconds() - flow.finish).abs();
        assert!(off <= tolerance(flow.finish), "{name}: {time:?} for {}", flow.finish);
        worst_s = worst_s.max(off);
        // What ends earlier is measured in nanoseconds only.
        if flow.finish > EARLY_S {
            worst = worst.max(off / flow.finish);
        }
    }
    let flows = case.flows.len();
    println!("{name}: {flows} flows, at most {worst:.1e} of the time and {worst_s:.1e} s off");
    Some(())
}

#[test]
fn inputs_arrive_when_simgrid_says() {
    let checked = NAMES.iter().map_while(|name| check(name)).count();
    assert!(checked == 0 || checked == NAMES.len(), "the collection has all cases or is absent");
}
