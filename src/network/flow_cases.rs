//! Networks whose completion times SimGrid 3.32 computed, and an independent progressive filling to 1e-15.
//!
//! The files stand in `data/flows` of the shared collection, which `PLEIADE_SHARED` names; without it, `../shared` is
//! looked at. Where it is absent the tests are skipped, unless `PLEIADE_SHARED_REQUIRED=1`.

use super::slow::{self, Flow};
use super::{PlannedTransfer, Route, RouteId, Sharing, Terms, Transfers, drive};
use crate::model::LinkId;
use crate::units::{ByteRate, Bytes, Span, Time};
use std::collections::BTreeMap;
use std::path::PathBuf;

#[derive(serde::Deserialize)]
struct Case {
    name: String,
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

/// The folder of flow cases, if the shared collection is there.
pub(super) fn folder() -> Option<PathBuf> {
    let beside = || PathBuf::from(concat!(env!("CARGO_MANIFEST_DIR"), "/../shared"));
    let folder = std::env::var_os("PLEIADE_SHARED").map_or_else(beside, PathBuf::from).join("data/flows");
    if folder.is_dir() {
        return Some(folder);
    }
    let required = std::env::var_os("PLEIADE_SHARED_REQUIRED").is_some_and(|value| value == "1");
    assert!(!required, "the shared collection is required and {} is absent", folder.display());
    eprintln!("skipped: {} is absent", folder.display());
    None
}

fn cases(folder: &PathBuf) -> Vec<Case> {
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.retain(|path| path.extension().is_some_and(|extension| extension == "json"));
    paths.sort();
    let cases: Vec<Case> =
        paths.iter().map(|path| serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()).collect();
    assert_eq!(cases.len(), 11, "the collection has eleven cases");
    cases
}

impl Case {
    /// The route and cap between two hosts: a `fatpipe` link bounds each flow by itself and is shared with none.
    fn route(&self, route: &CaseRoute) -> (Route, Option<ByteRate>) {
        let (mut shared, mut cap, mut latency) = (Vec::new(), None::<f64>, 0.0);
        for name in &route.links {
            let index = self.links.iter().position(|link| &link.name == name).unwrap();
            let link = &self.links[index];
            latency += link.latency;
            match link.policy.as_str() {
                "shared" => shared.push(LinkId(index as u32)),
                "fatpipe" => cap = Some(cap.map_or(link.bandwidth, |cap| cap.min(link.bandwidth))),
                other => panic!("unknown policy {other}"),
            }
        }
        (Route::along(shared, Span::from_seconds_round(latency)), cap.map(ByteRate))
    }

    fn capacities(&self) -> impl Iterator<Item = ByteRate> + '_ {
        self.links.iter().map(|link| ByteRate(link.bandwidth))
    }

    /// Adds all routes with `add`, and gives them by their ends.
    fn routes(
        &self,
        mut add: impl FnMut(&Route, Option<ByteRate>) -> RouteId,
    ) -> BTreeMap<(&str, &str), RouteId> {
        let add = |route: &CaseRoute| {
            let (links, cap) = self.route(route);
            add(&links, cap)
        };
        let ids: Vec<_> = self.routes.iter().map(add).collect();
        self.routes.iter().map(|route| (route.src.as_str(), route.dst.as_str())).zip(ids).collect()
    }

    /// Compares finish times (s): at most `relative` of the time off, plus `absolute` seconds.
    fn check(&self, times: impl IntoIterator<Item = f64>, relative: f64, absolute: f64) {
        let mut worst = 0.0_f64;
        for (time, flow) in times.into_iter().zip(&self.flows) {
            let off = (time - flow.finish).abs();
            assert!(off <= relative * flow.finish + absolute, "{}: {time} for {}", self.name, flow.finish);
            worst = worst.max(off / flow.finish);
        }
        println!("{}: {} flows, worst relative difference {worst:.1e}", self.name, self.flows.len());
    }
}

/// Two nanoseconds: a start is rounded by up to half of one, an end by up to one, and an end that comes late delays the
/// others by less. Two cases have flows that end at 2 and 4 ms, of which one nanosecond alone is 5e-7.
const CLOCK_ROUNDING_S: f64 = 2e-9;

/// Through the integer clock: 1e-9, and the rounding of the clock itself.
#[test]
fn transfers_finish_when_simgrid_says() {
    for case in folder().iter().flat_map(cases) {
        let mut network = Transfers::new(case.capacities());
        let routes = case.routes(|route, cap| network.add_route(route, Terms::capped(cap)));
        let plan: Vec<_> = case
            .flows
            .iter()
            .map(|flow| PlannedTransfer {
                start: Time::ZERO + Span::from_seconds_round(flow.start),
                route: routes[&(flow.src.as_str(), flow.dst.as_str())],
                bytes: Bytes(flow.bytes),
            })
            .collect();
        case.check(drive(&mut network, &plan).iter().map(|time| time.as_seconds()), 1e-9, CLOCK_ROUNDING_S);
        let now = network.now();
        assert!(network.ledger(now).relative_error() < 1e-12, "{:?}", network.ledger(now));
    }
}

/// The solver alone, stepped in f64 seconds: 1e-9.
#[test]
fn shares_are_those_of_simgrid() {
    for case in folder().iter().flat_map(cases) {
        let mut sharing = Sharing::new(case.capacities());
        let ids = case.routes(|route, cap| sharing.add_class(&route.links, &[], Terms::capped(cap)));
        let id = |flow: &CaseFlow| ids[&(flow.src.as_str(), flow.dst.as_str())];
        let latency = |flow: &CaseFlow| {
            let route = case.routes.iter().find(|r| r.src == flow.src && r.dst == flow.dst).unwrap();
            case.route(route).0.latency.as_seconds()
        };
        let flows: Vec<Flow> = case
            .flows
            .iter()
            .map(|flow| Flow {
                links: vec![],
                cap: f64::INFINITY,
                weight: 1.0,
                start: flow.start + latency(flow),
                bytes: flow.bytes as f64,
            })
            .collect();
        let finish = slow::finish_times(&flows, |active| {
            let mut members = BTreeMap::<RouteId, u32>::new();
            for &flow in active {
                *members.entry(id(&case.flows[flow])).or_default() += 1;
            }
            for &id in ids.values() {
                sharing.set_members(id, members.get(&id).copied().unwrap_or(0));
            }
            sharing.solve();
            active.iter().map(|&flow| sharing.rate(id(&case.flows[flow])).0).collect()
        });
        case.check(finish, 1e-9, 0.0);
    }
}
