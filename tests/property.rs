//! Laws that hold for every scenario.

use crate::program::project;
use pleiade::host::FileLoader;
use pleiade::model::System;
use pleiade::records::{CopyRow, JobRow, LinkRow, Sink};
use pleiade::scenario::{self, Override};
use pleiade::study::{Case, run_cell};
use pleiade::workload::Synthetic;
use proptest::prelude::*;
use std::collections::BTreeMap;

pub(crate) fn load(scenario: &str, overrides: &[&str]) -> System {
    let overrides: Vec<Override> = overrides.iter().map(|&text| Override(text.to_owned())).collect();
    let path = project(scenario);
    scenario::load(path.to_str().unwrap(), &FileLoader, &overrides).map_err(|d| d.to_string()).unwrap().system
}

/// A site on which nothing fits, of the set that runs, changes no job, whatever the broker: not its own draws either.
#[test]
fn an_infeasible_site_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let extended = folder.path().join("extended.toml");
    let more = format!(
        r#"
name = "extended"
import = ["{}"]
[[site]]
id = "aaa-too-late"
country = "FI"
latitude = 60.0
longitude = 20.0
router = "helsinki"
uplink = "800 Gbit/s"
transfer_nodes = "400 Gbit/s"
electricity_price_per_mwh = "1 EUR"
status = "committed"
partition = [{{ id = "gpu", accelerator = "h100", nodes = 99, accelerators_per_node = 4, opens = 2026-12-31, accelerator_power = "1 W" }}]
"#,
        project("src/scenario/example.toml").display()
    );
    std::fs::write(&extended, more).unwrap();
    for broker in BROKERS {
        let mut overrides =
            vec!["observation.end=2026-05-01", "community.startups.jobs_per_day=30.0", broker];
        overrides.extend(ENERGY);
        let log = |file: &str| log_of(Case::of(&load(file, &overrides), 0).system());
        let without = log("src/scenario/example.toml");
        let with = log(extended.to_str().unwrap());
        assert!(without.jobs.len() > 3_000);
        assert_eq!(without.jobs, with.jobs, "{broker}");
    }
}

/// Nobody asks for anything, or for nothing that fits: then there is nothing to plan.
#[test]
fn a_plan_for_nobody_is_empty() {
    let fluid = "broker={ policy = \"fluid\" }";
    let nobody = ["community.startups.jobs_per_day=0.0", "community.researchers.jobs_per_day=0.0", fluid];
    assert!(log_of(Case::of(&load("src/scenario/example.toml", &nobody), 0).system()).jobs.is_empty());
}

/// Without a bound, a job goes to a site of least price among those on which it fits.
#[test]
fn the_cheapest_site_of_all_on_which_it_fits() {
    let mut overrides = vec!["observation.end=2026-05-01", "broker={ policy = \"cheapest\" }"];
    overrides.extend(ENERGY);
    // Its jobs wear the price of energy alone: the same accelerators, and smaller machines at lower prices.
    overrides.extend([
        "site.south.partition.gpu.accelerator=h100",
        "site.south.partition.gpu.accelerator_power=900 W",
        "site.north.partition.gpu.nodes=4",
        "site.west.partition.gpu.nodes=8",
        "class.training.accelerators=[{ count = 8, weight = 1 }, { count = 16, weight = 1 }, { count = 32, weight = 1 }]",
    ]);
    let system = load("src/scenario/example.toml", &overrides);
    let universe = pleiade::engine::Universe::new(5, 0);
    let mut cheapest = Cheapest { system: &system, jobs: [0; 3] };
    let workload = Synthetic::new(&system, universe);
    pleiade::simulation::simulate(&system, &system.sets[0], universe, workload, &mut cheapest);
    println!("{:?}", cheapest.jobs);
    assert!(cheapest.jobs.iter().all(|&jobs| jobs > 50), "{:?}", cheapest.jobs);
}

struct Cheapest<'a> {
    system: &'a System,
    jobs: [u32; 3],
}

impl Sink for Cheapest<'_> {
    fn job(&mut self, row: &JobRow) {
        let Some(partition) = row.partition else { return };
        let price = |id| self.system.sites[id].electricity_price_per_mwh;
        let chosen = self.system.partitions[partition].site;
        self.jobs[chosen.index()] += 1;
        for partition in &self.system.partitions {
            if row.accelerators <= partition.accelerators() {
                assert!(price(chosen) <= price(partition.site), "{row:?}");
            }
        }
    }

    fn link(&mut self, _: &LinkRow) {}
}

/// Everything a run says, by names that do not depend on the numbers of sites and links.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Log {
    jobs: Vec<String>,
    links: BTreeMap<String, Vec<(u64, u64)>>,
}

struct Named<'a>(&'a System, Log);

impl Sink for Named<'_> {
    fn job(&mut self, row: &JobRow) {
        let system = self.0;
        let partition = row.partition.map(|id| {
            let partition = &system.partitions[id];
            (&system.sites[partition.site].id, &partition.id)
        });
        let key = &system.streams[row.id.stream].key;
        let times = (row.submit, row.queued, row.start, row.end, row.requested, row.outcome);
        self.1.jobs.push(format!("{key} {} {partition:?} {} {times:?}", row.id.ordinal, row.accelerators));
    }

    fn link(&mut self, row: &LinkRow) {
        let name = self.0.topology.links[row.link].name.clone();
        self.1.links.entry(name).or_default().push((row.from.0, row.bytes.to_bits()));
    }
}

pub(crate) fn log_of(system: &System) -> Log {
    let universe = pleiade::engine::Universe::new(system.observation.seed, 0);
    let mut named = Named(system, Log::default());
    let workload = Synthetic::new(system, universe);
    pleiade::simulation::simulate(system, &system.sets[0], universe, workload, &mut named);
    named.1
}

/// A site that no set uses changes no number of another site, link, community or job, to the last bit.
#[test]
fn an_unused_site_changes_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let base = project("scenarios/november-2024.toml");
    let extended = folder.path().join("extended.toml");
    let more = format!(
        r#"
name = "extended"
import = ["{}"]
[[router]]
id = "aaa-first"
latitude = 47.0
longitude = 8.0
[[link]]
between = ["aaa-first", "geneva"]
capacity = "800 Gbit/s"
[[site]]
id = "aaa-unused"
country = "FR"
latitude = 48.0
longitude = 7.0
router = "paris"
uplink = "800 Gbit/s"
transfer_nodes = "400 Gbit/s"
[[site.partition]]
id = "gpu"
accelerator = "h100"
nodes = 1000
accelerators_per_node = 4
"#,
        base.display()
    );
    std::fs::write(&extended, more).unwrap();
    let short = ["observation.end=2025-07-01"];
    let without = log_of(&load("scenarios/november-2024.toml", &short));
    let with = log_of(&load(extended.to_str().unwrap(), &short));
    assert!(without.jobs.len() > 5_000);
    assert_eq!(without.jobs, with.jobs);
    for (link, rows) in &without.links {
        assert_eq!(Some(rows), with.links.get(link), "{link}");
    }
}

/// A set's numbers do not depend on which other sets the scenario compares.
#[test]
fn sets_do_not_touch_each_other() {
    let system = load("src/scenario/example.toml", &["observation.end=2026-04-01"]);
    let mut alone = system.clone();
    alone.sets.remove(0);
    // Compared as text, since the waits of a site outside the set are no numbers and equal nothing.
    let metrics = |system, set| format!("{:?}", run_cell(system, set, 3).metrics);
    assert_eq!(metrics(&system, 1), metrics(&alone, 0));
}

pub(crate) const BROKERS: [&str; 17] = [
    "broker={ policy = \"home\" }",
    "broker={ policy = \"home\", overflow_wait = \"12 h\" }",
    "broker={ policy = \"least-completion\" }",
    "broker={ policy = \"random\" }",
    "broker={ policy = \"least-wait\" }",
    "broker={ policy = \"least-wait\", information_age = \"6 h\" }",
    "broker={ policy = \"fewest-jobs\", information_age = \"1 d\", own_routings = true }",
    "broker={ policy = \"home\", overflow_wait = \"1 h\", information_age = \"60 s\" }",
    "broker={ policy = \"best-of\" }",
    "broker={ policy = { kind = \"best-of\", by = \"jobs-present\" } }",
    "broker={ policy = { kind = \"cheapest\", wait_bound = \"8 h\" } }",
    "broker={ policy = { kind = \"weighted\", wait = 1, cost = 0.1, utilisation = 2 }, information_age = \"2 h\", \
     own_routings = true }",
    "broker={ policy = { kind = \"fixed\", fractions = { south = 2, west = 1 } } }",
    "broker={ policy = \"fluid\" }",
    "broker={ policy = \"quota-aware\", information_age = \"2 h\", own_routings = true }",
    "broker={ policy = { kind = \"redundant\", copies = 3 } }",
    "broker={ policy = { kind = \"redundant\", sites = \"least-completion\" }, information_age = \"1 h\" }",
];

/// What brokers that compare the energy of jobs need to know.
pub(crate) const ENERGY: [&str; 7] = [
    "site.north.electricity_price_per_mwh=60 EUR",
    "site.south.electricity_price_per_mwh=120 EUR",
    "site.west.electricity_price_per_mwh=90 EUR",
    "site.north.partition.gpu.accelerator_power=900 W",
    "site.south.partition.gpu.accelerator_power=600 W",
    "site.west.partition.gpu.accelerator_power=900 W",
    "site.west.partition.gpu.quota=[{ community = \"startups\", nodes = 3, borrow = 5 }]",
];

pub(crate) const SCHEDULERS: [&str; 12] = [
    "fcfs",
    "first-fit",
    "easy",
    "easy-sjbf",
    "conservative",
    "wfp3",
    "{ order = \"sjf\", backfill = \"easy\" }",
    "{ order = \"unicef\", backfill = \"conservative\" }",
    "{ backfill = { kind = \"easy\", reservations = 3, scan = \"shortest-first\" } }",
    "{ backfill = { kind = \"easy\", spare_units = false } }",
    "{ order = \"f1\", backfill = { kind = \"conservative\", compression = \"replan\", depth = 5 } }",
    "{ backfill = { kind = \"conservative\", compression = \"reservation-order\", depth = 5 } }",
];

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever the policies, loads and bounds: the conservation laws hold (every run asserts them), no job starts
    /// before its input is there or its partition open, none runs beyond its request, and rows are complete.
    #[test]
    fn every_run_obeys_the_laws(
        seed in 0_u64..1_000_000,
        broker in prop::sample::select(BROKERS.to_vec()),
        scheduler in prop::sample::select(SCHEDULERS.to_vec()),
        unit in prop::sample::select(vec!["node", "accelerator"]),
        rate in 1.0_f64..60.0,
        queued in 0_u32..40,
        opens in prop::sample::select(vec!["2026-01-01", "2026-02-10", "2027-06-01"]),
        order in prop::sample::select(vec!["ends-first", "submissions-first"]),
    ) {
        let overrides = [
            "observation.end=2026-04-01".to_owned(),
            format!("event_order=\"{order}\""),
            "site.south.partition.gpu.max_queued=0".to_owned(),
            format!("observation.seed={seed}"),
            broker.to_owned(),
            format!("site.south.partition.gpu.scheduler={scheduler}"),
            format!("site.north.partition.gpu.unit=\"{unit}\""),
            format!("site.west.partition.gpu.opens={opens}"),
            format!("site.west.partition.gpu.max_queued={queued}"),
            format!("community.startups.jobs_per_day={rate}"),
            "class.fine-tune.requested={ factor = { kind = \"uniform\", low = 0.5, high = 3.0 } }".to_owned(),
        ];
        let overrides: Vec<&str> = overrides.iter().map(String::as_str).chain(ENERGY).collect();
        let system = load("src/scenario/example.toml", &overrides);
        let case = Case::of(&system, 0);
        let system = case.system();
        let universe = pleiade::engine::Universe::new(seed, 0);
        let mut laws = Laws { system, rows: 0 };
        let workload = Synthetic::new(system, universe);
        let report = pleiade::simulation::simulate(system, &system.sets[0], universe, workload, &mut laws);
        prop_assert_eq!(laws.rows, report.checks.submitted);
    }
}

/// Copies come and go under every local policy: each job ends in one place, and some copies are taken back while their
/// input is on the way.
#[test]
fn copies_obey_the_laws_under_every_scheduler() {
    for scheduler in SCHEDULERS {
        let mut overrides = vec![
            "observation.end=2026-02-01".to_owned(),
            "community.startups.jobs_per_day=40.0".to_owned(),
            "class.training.input=60 TB".to_owned(),
            "broker={ policy = { kind = \"redundant\", copies = 3 } }".to_owned(),
        ];
        let of_site = |site| format!("site.{site}.partition.gpu.scheduler={scheduler}");
        overrides.extend(["north", "south", "west"].map(of_site));
        let overrides: Vec<&str> = overrides.iter().map(String::as_str).collect();
        let system = load("src/scenario/example.toml", &overrides);
        let universe = pleiade::engine::Universe::new(9, 0);
        let mut sinks = (Laws { system: &system, rows: 0 }, TakenBack::default());
        let workload = Synthetic::new(&system, universe);
        let report = pleiade::simulation::simulate(&system, &system.sets[0], universe, workload, &mut sinks);
        let (laws, taken_back) = sinks;
        assert_eq!(laws.rows, report.checks.submitted, "{scheduler}");
        assert!(taken_back.waiting > 100 && taken_back.staging > 10, "{scheduler}: {taken_back:?}");
    }
}

/// Copies that were taken back, by where they stood.
#[derive(Debug, Default)]
struct TakenBack {
    waiting: u32,
    staging: u32,
}

impl Sink for TakenBack {
    fn job(&mut self, _: &JobRow) {}

    fn copy(&mut self, row: &CopyRow) {
        *(if row.queued.is_some() { &mut self.waiting } else { &mut self.staging }) += 1;
    }

    fn link(&mut self, _: &LinkRow) {}
}

struct Laws<'a> {
    system: &'a System,
    rows: u64,
}

impl Sink for Laws<'_> {
    fn job(&mut self, row: &JobRow) {
        self.rows += 1;
        if let Some(start) = row.start {
            let partition = &self.system.partitions[row.partition.unwrap()];
            assert!(row.submit <= row.queued.unwrap() && row.queued.unwrap() <= start, "{row:?}");
            assert!(start >= partition.opens, "{row:?}");
            assert!(partition.max_queued != Some(0) || row.queued == Some(start), "nobody may wait: {row:?}");
            assert!(row.end.is_none_or(|end| end.since(start) <= row.requested), "{row:?}");
            assert!(row.accelerators_held >= row.accelerators, "{row:?}");
        }
    }

    fn link(&mut self, row: &LinkRow) {
        let link = &self.system.topology.links[row.link];
        let most = link.capacity.0 * row.to.since(row.from).as_seconds();
        assert!(row.bytes >= -1.0 && row.bytes <= most * (1.0 + 1e-9), "{row:?} over {most}");
    }
}
