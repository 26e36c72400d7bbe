//! The fractions of the fluid programme, and what a broker does with them.

use pleiade::bound::routing_plan;
use pleiade::engine::Distribution;
use pleiade::host::FileLoader;
use pleiade::model::{
    BrokerInformation, BrokerPolicy, ClassId, CommunityId, CountryId, EventOrder, JobKind, Link, LinkKind,
    LocalPolicy, Node, NodeId, PartitionId, SiteId, System, Topology,
};
use pleiade::scenario::{self, Override};
use pleiade::statistics::Metric;
use pleiade::study::{
    DemandClass, IdenticalSites, Launcher, PoissonDemand, SinglePartition, run_cell, run_cells,
};
use pleiade::units::{ByteRate, Span, Time};

use crate::program::project;

const FLUID: BrokerPolicy = BrokerPolicy::Fluid { plan: None };
const HOUR_S: f64 = 3_600.0;

/// Sites of ten accelerators for 2,000 hours, whose jobs run an hour on one, of so many a hour.
fn sites(sites: u32, jobs_per_hour: f64) -> System {
    let class = DemandClass::on_one(Distribution::Exponential { mean: HOUR_S });
    let demand = PoissonDemand { rate_per_s: jobs_per_hour / HOUR_S, classes: vec![class] };
    let each = SinglePartition {
        accelerators: 10,
        policy: LocalPolicy::FCFS,
        event_order: EventOrder::EndsFirst,
        max_queued: None,
        end: Time::from_seconds(2_000 * 3_600),
        warm_up: Time::from_seconds(200 * 3_600),
        demand: Some(demand),
    };
    IdenticalSites { sites, broker: FLUID, information: BrokerInformation::default(), each }.system()
}

/// The only kind of job of these systems.
const KIND: JobKind = JobKind {
    community: CommunityId(0),
    country: CountryId(0),
    class: ClassId(0),
    dataset: None,
    accelerators: 1,
};

/// The fractions at an hour, by site.
fn fractions(system: &System, hour: u64) -> Vec<f64> {
    let plan = routing_plan(system, &system.sets[0]);
    let found = plan.fractions(Time::from_seconds(hour * 3_600), &KIND);
    let of = |site: SiteId| found.iter().find(|(id, _)| *id == site).map_or(0.0, |(_, share)| *share);
    system.sites.ids().map(of).collect()
}

#[track_caller]
fn check(found: &[f64], expected: &[f64]) {
    let near = found.iter().zip(expected).all(|(found, expected)| (found - expected).abs() < 1e-4);
    assert!(near && found.len() == expected.len(), "{found:?}, by hand {expected:?}");
}

fn done_and_bound(system: &System, replication: u32) -> (f64, f64) {
    let metrics = run_cell(system, 0, replication).metrics;
    (metrics.network.get(Metric::DoneH), metrics.network.get(Metric::BoundH))
}

/// Each site its share of the capacity, at every load; and under a load that fills all of them nothing stands idle, while
/// jobs that stay home leave a half idle.
#[test]
fn alike_sites_get_what_they_can_do() {
    for load in [0.5, 1.0, 1.5] {
        check(&fractions(&sites(2, 20.0 * load), 0), &[0.5, 0.5]);
    }
    let mut uneven = sites(2, 12.0);
    uneven.partitions[PartitionId(0)].nodes = 30;
    uneven.partitions[PartitionId(0)].max_nodes_per_job = 30;
    check(&fractions(&uneven, 0), &[0.75, 0.25]);
    for (jobs_per_hour, least) in [(12.0, 0.97), (19.0, 0.95), (25.0, 0.995)] {
        let mut system = sites(2, jobs_per_hour);
        let (done, bound) = done_and_bound(&system, 1);
        assert!(
            done <= bound * (1.0 + 1e-9) && done > least * bound,
            "{jobs_per_hour}: {done} h of {bound} h"
        );
        system.broker = BrokerPolicy::Home { overflow_wait: None };
        let (home, _) = done_and_bound(&system, 1);
        assert!(jobs_per_hour < 20.0 || home < 0.51 * bound, "{home} h of {bound} h");
    }
}

/// The first site is left out until it opens; then both share.
#[test]
fn fractions_change_when_a_site_opens() {
    let mut system = sites(2, 12.0);
    system.partitions[PartitionId(0)].opens = Time::from_seconds(500 * 3_600);
    check(&fractions(&system, 499), &[0.0, 1.0]);
    check(&fractions(&system, 500), &[0.5, 0.5]);
    let plan = routing_plan(&system, &system.sets[0]);
    assert_eq!(plan.periods.len(), 2);
    // What is not expected has no fractions.
    assert!(plan.fractions(Time::ZERO, &JobKind { accelerators: 2, ..KIND }).is_empty());
}

/// Two sites behind a router; the first on a thin link, in bytes per hour. Each job brings a gigabyte.
fn on_thin_link(jobs_per_hour: f64, bytes_per_h: f64) -> System {
    let mut system = sites(2, jobs_per_hour);
    let position = system.sites[SiteId(0)].position;
    let mut topology = Topology::default();
    let router = topology.add_node(Node { name: "router".to_owned(), position });
    let mut leaf = |name: &str, kind, rate: f64| -> NodeId {
        let node = topology.add_node(Node { name: name.to_owned(), position });
        for (from, to) in [(node, router), (router, node)] {
            let (name, capacity) = (format!("{name} {}", from.0), ByteRate(rate / HOUR_S));
            topology.add_link(Link { name, kind, capacity, latency: Span::ZERO, from, to });
        }
        node
    };
    system.countries[CountryId(0)].node = leaf("users", LinkKind::Access, 1e15);
    system.sites[SiteId(0)].node = leaf("thin", LinkKind::Uplink, bytes_per_h);
    system.sites[SiteId(1)].node = leaf("thick", LinkKind::Uplink, 1e15);
    system.topology = topology;
    system.classes[ClassId(0)].input_bytes = Distribution::Constant(1e9);
    system
}

/// A thin link takes part in the balance: of 11 jobs an hour x go over a link for four, so that x / 4 = (11 - x) / 10. All
/// are served, as by no other fixed split that sends the link less than it carries and the other site less than it can do;
/// equal chances leave more than a third of those that would need the link.
#[test]
fn fractions_respect_an_uplink() {
    let system = on_thin_link(11.0, 4e9);
    let thin = 44.0 / 14.0 / 11.0;
    check(&fractions(&system, 0), &[thin, 1.0 - thin]);
    let (done, bound) = done_and_bound(&system, 0);
    assert!(done <= bound * (1.0 + 1e-9) && done > 0.97 * bound, "{done} h of {bound} h");
    let random = System { broker: BrokerPolicy::Random, ..system };
    let (equal_chances, _) = done_and_bound(&random, 0);
    assert!(equal_chances < 0.9 * bound, "{equal_chances} h of {bound} h");
    // Loaded by less than a half, it is not avoided.
    check(&fractions(&on_thin_link(8.0, 1e10), 0), &[0.5, 0.5]);
}

struct InTurn;

impl Launcher for InTurn {
    fn launch<T: Send, F: Fn(usize) -> T + Send + Sync>(&self, cells: usize, work: F) -> Vec<T> {
        (0..cells).map(work).collect()
    }
}

/// Each set has its own plan, worked out once; its cells are those that run by themselves.
#[test]
fn each_set_is_run_by_its_own_fractions() {
    let overrides =
        ["broker={ policy = \"fluid\" }", "observation.end=2026-03-01", "observation.replications=2"];
    let overrides: Vec<Override> = overrides.iter().map(|&text| Override(text.to_owned())).collect();
    let path = project("src/scenario/example.toml");
    let system = scenario::load(path.to_str().unwrap(), &FileLoader, &overrides).unwrap().system;
    let cells = run_cells(&system, &InTurn);
    for cell in &cells {
        let alone = run_cell(&system, cell.set, cell.replication);
        // As text, since the waits of a site outside the set are no numbers and equal nothing.
        assert_eq!(format!("{:?}", cell.metrics), format!("{:?}", alone.metrics));
        let share = cell.metrics.network.get(Metric::DoneOfBound);
        assert!(share <= 1.0 + 1e-9 && share > 0.5, "{share}");
    }
    for (set, other) in system.sets.iter().zip(&system.sets[1..]) {
        let [plan, other_plan] = [set, other].map(|set| routing_plan(&system, set));
        assert!(plan != other_plan && !plan.periods.is_empty());
        let sites = plan.periods.iter().flat_map(|period| period.fractions.iter().flatten());
        assert!(sites.clone().all(|(site, _)| set.contains(*site)) && sites.count() > 0);
    }
}

/// Jobs that read a register have fractions where it may be only.
#[test]
fn registers_are_read_in_their_country() {
    let path = project("scenarios/residency.toml");
    let system = scenario::load(path.to_str().unwrap(), &FileLoader, &[]).unwrap().system;
    for set in &system.sets {
        let plan = routing_plan(&system, set);
        let mut readers = 0;
        for period in &plan.periods {
            for (kind, &place) in &period.kinds {
                let Some(dataset) = kind.dataset else { continue };
                let home = system.datasets[dataset].country;
                let (site, share) = period.fractions[place][0];
                assert!(period.fractions[place].len() == 1 && (share - 1.0).abs() < 1e-6);
                assert_eq!(system.sites[site].country, home);
                readers += 1;
            }
        }
        assert!(readers > 0, "{}", set.id);
    }
}
