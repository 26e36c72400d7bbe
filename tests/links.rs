//! Links that fail, go out of service and are upgraded, several paths, weights and windows: transfers by plan on
//! schedules worked out by hand, from scenario to rows.

use crate::rows::Rows;
use pleiade::engine::Universe;
use pleiade::model::System;
use pleiade::records::{TransferKind, TransferRow};
use pleiade::scenario::{EXAMPLE, MemoryLoader, load};
use pleiade::simulation::simulate;
use pleiade::units::{Bytes, Time};
use pleiade::workload::Synthetic;

/// Nobody asks for anything: routers a and b, joined by a link of 1 GB/s and, over c, by links of 0.5 GB/s; all
/// latencies are zero but for the longer way's. The site `s` hangs on b.
const NETWORK: &str = r#"
name = "links"
reference_accelerator = "g"
observation = { start = 2026-01-01, end = 2026-02-01, replications = 1, seed = 1 }
broker = { policy = "home" }
RULES
accelerator = [{ id = "g", peak_bf16_tflops = 1.0 }]
router = [
    { id = "a", latitude = 0.0, longitude = 0.0 },
    { id = "b", latitude = 0.0, longitude = 0.0 },
    { id = "c", latitude = 0.0, longitude = 0.0 },
]
community = [{ id = "users", jobs_per_day = 0.0, countries = { X = 1 }, classes = { job = 1 } }]
class = [{ id = "job", accelerators = 1, duration = "1 h" }]
country = [{ id = "X", router = "a", access = "800 Gbit/s" }]

[[link]]
between = ["a", "b"]
capacity = "8 Gbit/s"
latency = "0 s"
AB
[[link]]
between = ["a", "c"]
capacity = "4 Gbit/s"
latency = "0 s"
[[link]]
between = ["c", "b"]
capacity = "4 Gbit/s"
latency = "0 s"

[[site]]
id = "s"
country = "X"
latitude = 0.0
longitude = 0.0
router = "b"
uplink = "800 Gbit/s"
transfer_nodes = "800 Gbit/s"
SITE
partition = [{ id = "p", accelerator = "g", nodes = 1, accelerators_per_node = 1 }]
MORE
"#;

fn resolved(text: &str) -> System {
    load("scenario.toml", &MemoryLoader::new(&[("scenario.toml", text)]), &[])
        .unwrap_or_else(|problems| panic!("{problems}"))
        .system
}

fn run(system: &System) -> Rows {
    let (mut rows, universe) = (Rows::default(), Universe::new(system.observation.seed, 0));
    simulate(system, &system.sets[0], universe, Synthetic::new(system, universe), &mut rows);
    rows
}

/// What is said more: of the whole network, the link a-b, the site, and at the end.
#[derive(Default)]
struct Said<'a> {
    rules: &'a str,
    link: &'a str,
    site: &'a str,
    more: &'a str,
}

impl Said<'_> {
    fn text(&self) -> String {
        NETWORK
            .replace("RULES", self.rules)
            .replace("AB", self.link)
            .replace("SITE", self.site)
            .replace("MORE", self.more)
    }

    fn system(&self) -> System {
        resolved(&self.text())
    }
}

/// Transfers from the country to the site that start on 2 January; seconds after that midnight at which they end.
fn ends_s(system: &System) -> Vec<u64> {
    let mut transfers = run(system).transfers;
    transfers.sort_by_key(|row| (row.started, row.ended));
    let end = |row: TransferRow| {
        assert!(matches!(row.kind, TransferKind::Scheduled(_)));
        let ns = row.ended.expect("it arrives").0 - Time::from_seconds(86_400).0;
        assert_eq!(ns % 1_000_000_000, 0);
        ns / 1_000_000_000
    };
    transfers.into_iter().map(end).collect()
}

fn one(size: &str) -> String {
    format!("[[transfer]]\nid = \"t\"\nfrom = \"X\"\nto = \"s\"\nstart = 2026-01-02\nsize = \"{size}\"\n")
}

fn two(size: &str, keys: [&str; 2]) -> String {
    let each =
        |(index, keys): (usize, &str)| one(size).replace("\"t\"", &format!("\"t{index}\"")) + keys + "\n";
    keys.into_iter().enumerate().map(each).collect()
}

const OUTAGE: &str = "outages = [{ from = 2026-01-02, at = \"1000 s\", duration = \"2 h\" }]";

#[test]
fn a_transfer_waits_for_the_routes_and_goes_on() {
    // 1 TB by 1,000 s, nothing until 1,100 s, then 3 TB at 0.5 GB/s.
    let more = &one("4 TB");
    let rules = "network.reroute_delay = \"100 s\"\n";
    assert_eq!(ends_s(&Said { rules, link: OUTAGE, more, ..Said::default() }.system()), [7_100]);
    // It begins again: 3.6 TB by 8,300 s, when the routes follow, then 400 GB at 1 GB/s.
    let rules = &(rules.to_owned() + "network.on_failure = \"restart\"\n");
    assert_eq!(ends_s(&Said { rules, link: OUTAGE, more, ..Said::default() }.system()), [8_700]);
}

#[test]
fn without_another_way_a_transfer_waits_for_the_link() {
    let (more, outage) = (&one("4 TB"), &format!("uplink_{OUTAGE}\n"));
    assert_eq!(ends_s(&Said { site: outage, more, ..Said::default() }.system()), [11_200]);
    // Over the second uplink, of 0.25 GB/s, from 1,050 s on; over the first one again from 8,250 s on, with 1.2 TB left.
    let site = &format!("{outage}second_uplink = {{ router = \"c\", capacity = \"2 Gbit/s\" }}");
    assert_eq!(ends_s(&Said { site, more, ..Said::default() }.system()), [9_450]);
}

#[test]
fn an_upgrade_speeds_up_what_is_under_way() {
    let link = "upgrades = [{ from = 2026-01-02, capacity = \"16 Gbit/s\" }]";
    let more = &one("1 TB").replace("start = 2026-01-02", "start = 2026-01-01\nat = \"86000 s\"");
    // 400 GB before midnight.
    assert_eq!(ends_s(&Said { link, more, ..Said::default() }.system()), [300]);
}

#[test]
fn several_paths_share_the_load() {
    let more = &(two("1500 GB", ["", ""]) + &one("1500 GB"));
    // One after the other to the path on which it gets most: a-b alone, a-b again as half of it is as much as all of the
    // other, then the other. 1,500 GB at 0.5 GB/s each.
    let rules = "network = { routing = \"k-shortest\", paths = 2 }";
    assert_eq!(ends_s(&Said { rules, more, ..Said::default() }.system()), [3_000, 3_000, 3_000]);
    let rules = "network = { routing = \"equal-paths\" }";
    assert_eq!(ends_s(&Said { rules, more, ..Said::default() }.system()), [4_500, 4_500, 4_500]);
    // Beside an equal link two share one and the third has the other to itself.
    let equal =
        "[[link]]\nid = \"twin\"\nbetween = [\"a\", \"b\"]\ncapacity = \"8 Gbit/s\"\nlatency = \"0 s\"";
    assert_eq!(ends_s(&Said { rules, link: equal, more, ..Said::default() }.system()), [1_500, 3_000, 3_000]);
}

#[test]
fn weights_windows_and_storage_bound_rates() {
    let more = &two("300 GB", ["weight = 3", ""]);
    assert_eq!(ends_s(&Said { more, ..Said::default() }.system()), [400, 600]);
    let more = &one("300 GB");
    for (site, end_s) in [("storage_write = \"0.1 GB/s\"", 3_000), ("storage_read = \"0.1 GB/s\"", 300)] {
        assert_eq!(ends_s(&Said { site, more, ..Said::default() }.system()), [end_s]);
    }
    // 100 MB of window over a round trip of 2 s; the first byte moves after two latencies of 1 s.
    let rules = "network.transfers = { window = \"100 MB\", start_up = 2.0 }";
    let text = Said { rules, more: &one("100 GB"), ..Said::default() }.text();
    let far = text.replacen("latency = \"0 s\"", "latency = \"1 s\"", 1).replace("\"0 s\"", "\"9 s\"");
    assert_eq!(ends_s(&resolved(&far)), [2_002]);
    // Half of the link carries data; answers of another half as much come back over the link's other direction.
    let rules = "network.transfers = { efficiency = 0.5, reverse_traffic = 0.5 }";
    let back = one("100 GB").replace("\"t\"", "\"back\"").replace("\"X\"\nto = \"s\"", "\"s\"\nto = \"X\"");
    let more = &(one("100 GB") + &back);
    assert_eq!(ends_s(&Said { rules, more, ..Said::default() }.system()), [300, 300]);
}

#[test]
fn a_plan_repeats_until_its_last_day_and_only_in_sets_with_its_sites() {
    let more = &(one("1 GB") + "repeat = \"7 d\"\nuntil = 2026-01-23\n");
    let mut system = Said { more, ..Said::default() }.system();
    let days =
        |rows: &Rows| rows.transfers.iter().map(|row| row.started.0 / 86_400_000_000_000).collect::<Vec<_>>();
    assert_eq!(days(&run(&system)), [1, 8, 15]);
    assert!(run(&system).transfers.iter().all(|row| row.bytes == Bytes(1_000_000_000)));
    system.sets[0].sites.clear();
    assert!(run(&system).transfers.is_empty());
}

/// An alternating renewal process of exponentials with means u and r is up u / (u + r) of the time T, with the variance
/// 2 u^2 r^2 / ((u + r)^3 T) for large T (Cox, Renewal Theory, 7.4).
#[test]
fn a_link_is_up_as_often_as_it_should_be() {
    let link = "failures = { up = { kind = \"exponential\", mean = \"50 d\" }, repair = { kind = \"exponential\", mean = \"5 d\" } }";
    let text = Said { link, ..Said::default() }.text();
    let system = resolved(&text.replace("end = 2026-02-01", "end = 2125-12-01"));
    let links = run(&system).links;
    let (up, all) = links.iter().fold((0.0, 0.0), |(up, all), row| {
        let days = row.to.since(row.from).as_seconds() / 86_400.0;
        let is_ab = system.topology.links[row.link].name == "a-b";
        if is_ab { (up + row.capacity.0 / 1e9 * days, all + days) } else { (up, all) }
    });
    let (u, r) = (50.0_f64, 5.0_f64);
    let error = (2.0 * u * u * r * r / ((u + r).powi(3) * all)).sqrt();
    assert!((up / all - u / (u + r)).abs() < 4.0 * error, "{} for {} ± {error}", up / all, u / (u + r));
}

/// Failures of a link that nobody uses, and a transfer by plan over it, change no job and no other link.
#[test]
fn what_happens_elsewhere_changes_nothing() {
    let leaf = "router = [{ id = \"leaf\", latitude = 50.0, longitude = 5.0 }, { id = \"leaf2\", latitude = 51.0, longitude = 5.0 }, ";
    let failing = "link = [{ between = [\"leaf\", \"leaf2\"], capacity = \"10 Gbit/s\", \
                   failures = { up = \"10 d\", repair = \"1 d\" } }, ";
    let more =
        "[[transfer]]\nid = \"t\"\nfrom = \"leaf\"\nto = \"leaf2\"\nsize = \"1 TB\"\nrepeat = \"1 d\"\n";
    let text = EXAMPLE.replacen("router = [", leaf, 1).replacen("link = [", failing, 1) + more;
    let (plain, grown) = (run(&resolved(EXAMPLE)), run(&resolved(&text)));
    assert_eq!(plain.jobs, grown.jobs);
    assert!(
        grown.transfers.iter().filter(|row| matches!(row.kind, TransferKind::Scheduled(_))).count() > 300
    );
    let jobs_own = |rows: &Rows| {
        let own = rows.transfers.iter().filter(|row| !matches!(row.kind, TransferKind::Scheduled(_)));
        own.map(|row| (row.kind, row.bytes, row.started, row.ended)).collect::<Vec<_>>()
    };
    assert_eq!(jobs_own(&plain), jobs_own(&grown));
}
