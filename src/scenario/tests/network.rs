//! What is wrong with links, outages, upgrades and transfers by plan, and where.

use super::broken::check;
use super::example;
use crate::model::{LinkId, LinkKind, NetworkRules, OnFailure, Routing, System};
use crate::scenario::{Diagnostics, EXAMPLE, MemoryLoader, Scenario, load};
use crate::units::{ByteRate, Span, Time};

const LINK: &str = "capacity = \"400 Gbit/s\" }";
const SETS: &str = "# The sets to compare";

fn link(more: &str) -> String {
    format!("capacity = \"400 Gbit/s\", {more} }}")
}

fn transfer(keys: &str) -> String {
    format!("[[transfer]]\nid = \"mirror\"\n{keys}\n\n{SETS}")
}

#[test]
fn failures_outages_and_upgrades() {
    check(
        LINK,
        &link("failures = { up = |\"0 s\", repair = \"8 h\" }"),
        &["link.helsinki-milan.failures.up", "above zero"],
    );
    check(
        LINK,
        &link(
            "failures = { up = \"90 d\", repair = { kind = \"hyperexponential\", mean = \"1 h\", cv2 = |0.5 } }",
        ),
        &["cv2"],
    );
    check(
        LINK,
        &link("outages = [{ from = 2026-03-01, at = |\"25 h\", duration = \"1 h\" }]"),
        &["another day"],
    );
    check(
        LINK,
        &link("outages = [{ from = 2026-03-01, duration = \"3 d\", repeat = |\"1 d\" }]"),
        &["3 d at the earliest"],
    );
    check(
        LINK,
        &link("outages = [{ from = 2026-03-01, duration = \"3 d\", until = |2026-03-01 }]"),
        &["must lie after the first"],
    );
    check(
        LINK,
        &link(
            "upgrades = [{ from = 2026-03-01, capacity = \"1 Gbit/s\" }, { from = |2026-03-01, capacity = \"2 Gbit/s\" }]",
        ),
        &["two capacities from 2026-03-01 on"],
    );
    check(
        "link = [{ between = [\"helsinki\", \"milan\"], capacity = \"400 Gbit/s\" }]",
        "link = [|{ between = [\"helsinki\", \"milan\"], latency = \"1 ms\" }]",
        &["gives no `capacity`", "network.link_capacity"],
    );
    check(
        "uplink = \"10 Gbit/s\"",
        "uplink = \"10 Gbit/s\"\nuplink_outages = [{ from = 2026-03-01, duration = |\"0 s\" }]",
        &["above zero"],
    );
    check(
        "uplink = \"10 Gbit/s\"",
        "uplink = \"10 Gbit/s\"\nsecond_uplink = { router = |\"milan\", capacity = \"1 Gbit/s\" }",
        &["another router than `milan`"],
    );
}

#[test]
fn rules_of_the_whole_network() {
    let network = |more: &str| format!("seed = 1 }}\nnetwork = {{ {more} }}");
    let check = |more: &str, words: &[&str]| check("seed = 1 }", &network(more), words);
    check("routing = |\"k-shortes\"", &["did you mean `k-shortest`?"]);
    check("paths = |0", &["at least 1"]);
    check("on_failure = |\"retry\"", &["unknown on_failure `retry`", "resume"]);
    check("transfers = { efficiency = |0.0 }", &["above 0"]);
    check("transfers = { reverse_traffic = |0.0505 }", &["thousandths"]);
    check("job_weight = |0", &["at least 1"]);
}

#[test]
fn transfers_by_plan() {
    check(
        SETS,
        &transfer("from = |\"FX\"\nto = \"north\"\nsize = \"1 TB\""),
        &["there is no place `FX`, did you mean `FI`?"],
    );
    check(SETS, &transfer("from = \"FI\"\nto = |\"FI\"\nsize = \"1 TB\""), &["joins two places"]);
    check(SETS, &transfer("from = \"FI\"\nto = \"milan\"\nsize = |\"0 B\""), &["above zero"]);
    check(
        SETS,
        &transfer("from = \"FI\"\nto = \"milan\"\nsize = \"1 TB\"\nrepeat = |\"1 s\""),
        &["1 min at the earliest"],
    );
    check(
        SETS,
        &transfer("from = \"FI\"\nto = \"milan\"\nsize = \"1 TB\"\nuntil = |2026-01-01"),
        &["must lie after the first"],
    );
}

#[test]
fn a_network_says_little_and_all_holds() {
    assert_eq!(example(&[]).system.network, NetworkRules::PLAIN);
    let system = example(&[
        "network.routing=\"equal-paths\"",
        "network.on_failure=\"restart\"",
        "network.transfers.reverse_traffic=0.05",
        "link.helsinki-milan.outages=[{ from = 2026-03-01, duration = \"2 d\" }, { from = 2026-03-02, duration = \"2 d\" }]",
        "link.helsinki-milan.upgrades=[{ from = 2026-02-01, capacity = \"800 Gbit/s\" }]",
    ])
    .system;
    assert_eq!(
        (system.network.routing, system.network.on_failure),
        (Routing::EqualPaths(4), OnFailure::Restart)
    );
    assert_eq!(system.network.transfers.reverse_traffic, 50);
    let cables: Vec<_> = system.topology.cables.iter().collect();
    let day = |day: u64| Time::ZERO + Span::from_seconds(86_400 * day);
    // Two outages that overlap are one.
    assert_eq!(cables[0].outages, [(day(59), day(62))]);
    assert_eq!(cables[0].upgrades, [(day(31), ByteRate(1e11))]);
    assert_eq!((cables.len(), cables[0].key.as_str()), (1, "helsinki-milan"));
}

/// The example without its own network, over an imported map.
fn over_a_map(file: &str, map: &str, more: &str) -> Result<Scenario, Diagnostics> {
    let own = "link = [{ between = [\"helsinki\", \"milan\"], capacity = \"400 Gbit/s\" }]\n";
    let text = EXAMPLE.replacen(own, "", 1).replacen("router = [{ id = \"helsinki\", latitude = 60.2, longitude = 24.9 }, { id = \"milan\", latitude = 45.5, longitude = 9.2 }]\n", "", 1);
    assert!(!text.contains("between ="));
    let text = format!("import = [\"{file}\"]\n{more}\n{text}");
    let files = MemoryLoader::new(&[("scenario.toml", &text), (file, map)]);
    load("scenario.toml", &files, &[])
}

const GRAPHML: &str = r#"<?xml version="1.0"?>
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key attr.name="label" attr.type="string" for="node" id="d1"/>
  <key attr.name="Latitude" attr.type="double" for="node" id="d2"/>
  <key attr.name="Longitude" attr.type="double" for="node" id="d3"/>
  <key attr.name="LinkSpeedRaw" attr.type="double" for="edge" id="d1"/>
  <key attr.name="label" attr.type="string" for="edge" id="d2"/>
  <graph edgedefault="undirected">
    <node id="0"><data key="d1">Helsinki</data><data key="d2">60.2</data><data key="d3">24.9</data></node>
    <node id="1"><data key="d1">Milan</data><data key="d2">45.5</data><data key="d3">9.2</data></node>
    <node id="2"><data key="d1">Sankt Gallen</data><data key="d2">47.4</data><data key="d3">9.4</data></node>
    <edge source="0" target="1"><data key="d1">1e10</data></edge>
    <edge source="0" target="2"><data key="d2"><![CDATA[2.5 Gbps]]></data></edge>
    <edge source="2" target="0"><data key="d2">dark fibre</data></edge>
  </graph>
</graphml>"#;

#[test]
fn a_map_in_graphml() {
    let system = over_a_map("zoo.graphml", GRAPHML, "network.link_capacity = \"1 Gbit/s\"").unwrap().system;
    let backbone: Vec<_> =
        system.topology.links.iter().filter(|link| link.kind == LinkKind::Backbone).collect();
    let found: Vec<_> = backbone.iter().map(|link| (link.name.as_str(), link.capacity.0 / 1.25e8)).collect();
    assert_eq!(
        found,
        [
            ("helsinki-milan", 10.0),
            ("milan-helsinki", 10.0),
            ("helsinki-sankt-gallen", 2.5),
            ("sankt-gallen-helsinki", 2.5),
            ("sankt-gallen-helsinki-2 sankt-gallen-helsinki", 1.0),
            ("sankt-gallen-helsinki-2 helsinki-sankt-gallen", 1.0),
        ]
    );
    // The same network as the example's, whose latency follows from the distance.
    let own = example(&[]).system;
    let latency = |system: &System| {
        system.topology.links.iter().find(|link| link.name == "helsinki-milan").unwrap().latency
    };
    assert_eq!(latency(&system), latency(&own));
}

#[test]
fn a_map_in_json_and_what_it_lacks() {
    let map = r#"{ "directed": false, "graph": { "name": "small" },
      "nodes": [{ "id": 0, "name": "helsinki", "pos": [24.9, 60.2] }, { "id": 1, "name": "milan" }],
      "edges": [{ "source": 0, "target": 1, "dist": 1900.0 }] }"#;
    let common = "network.link_capacity = \"1 Gbit/s\"";
    let place = "router = [{ id = \"milan\", latitude = 45.5, longitude = 9.2 }]";
    let system = over_a_map("map.json", map, &format!("{common}\n{place}")).unwrap().system;
    assert_eq!(system.topology.links[LinkId(0)].capacity, ByteRate(1.25e8));
    let error = |map: &str, more: &str| over_a_map("map.json", map, more).unwrap_err().to_string();
    let lacking = error(map, common);
    assert!(lacking.contains("map.json:2:90: router.milan.latitude: missing key `latitude`"), "{lacking}");
    let without_capacity = error(map, place);
    assert!(
        without_capacity.contains("link.helsinki-milan: this link gives no `capacity`"),
        "{without_capacity}"
    );
    let nowhere = error(&map.replace("\"target\": 1", "\"target\": 7"), common);
    assert!(nowhere.contains("map.json:3:7: an edge leads to `7`"), "{nowhere}");
    let broken = error("{ \"nodes\": [}", common);
    assert!(broken.contains("map.json:1:13: this is no node-link graph"), "{broken}");
    let no_xml = over_a_map("zoo.graphml", "<graphml><node></graphml>", common).unwrap_err().to_string();
    assert!(no_xml.contains("zoo.graphml:1:") && no_xml.contains("this is no GraphML"), "{no_xml}");
}
