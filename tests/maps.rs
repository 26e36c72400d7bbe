//! Published network maps as they are passed on, imported into a scenario.

use crate::shared;
use pleiade::model::{LinkKind, System};
use pleiade::network::Routes;
use pleiade::scenario::{Diagnostics, MemoryLoader, load};
use std::io::Read;
use std::path::Path;

/// The files of a gzip-compressed tar archive: names and contents.
fn unpacked(archive: &Path) -> Vec<(String, Vec<u8>)> {
    let mut tar = Vec::new();
    flate2::read::GzDecoder::new(std::fs::File::open(archive).unwrap()).read_to_end(&mut tar).unwrap();
    let text = |field: &[u8]| String::from_utf8_lossy(field).trim_matches(['\0', ' ']).to_owned();
    let (mut files, mut at) = (Vec::new(), 0);
    while at + 512 <= tar.len() && tar[at] != 0 {
        let header = &tar[at..at + 512];
        let size = usize::from_str_radix(&text(&header[124..136]), 8).unwrap();
        if header[156] == b'0' {
            files.push((text(&header[..100]), tar[at + 512..at + 512 + size].to_vec()));
        }
        at += 512 + size.next_multiple_of(512);
    }
    files
}

/// A scenario of one site and one country, both at a router of its own, beside a map.
fn beside(file: &str, map: &[u8]) -> Result<System, Diagnostics> {
    let text = format!(
        r#"
name = "map"
import = ["{file}"]
reference_accelerator = "g"
observation = {{ start = 2026-01-01, end = 2026-02-01, replications = 1, seed = 1 }}
broker = {{ policy = "home" }}
network = {{ link_capacity = "100 Gbit/s" }}
router = [{{ id = "own", latitude = 50.0, longitude = 5.0 }}]
accelerator = [{{ id = "g", peak_bf16_tflops = 1.0 }}]
country = [{{ id = "X", router = "own", access = "100 Gbit/s" }}]
community = [{{ id = "users", jobs_per_day = 1.0, countries = {{ X = 1 }}, classes = {{ job = 1 }} }}]
class = [{{ id = "job", accelerators = 1, duration = "1 h" }}]
[[site]]
id = "s"
country = "X"
latitude = 50.0
longitude = 5.0
router = "own"
uplink = "100 Gbit/s"
transfer_nodes = "100 Gbit/s"
partition = [{{ id = "p", accelerator = "g", nodes = 1, accelerators_per_node = 1 }}]
"#
    );
    let mut files = MemoryLoader::new(&[("scenario.toml", &text)]);
    files.files.insert(file.to_owned(), map.to_vec());
    load("scenario.toml", &files, &[]).map(|scenario| scenario.system)
}

#[test]
fn maps_in_json_are_imported_whole() {
    let Some(archive) = shared::path("network/topohub_json.tar.gz") else { return };
    let files = unpacked(&archive);
    assert_eq!(files.len(), 23);
    let mut on_paper = Vec::new();
    for (name, map) in files {
        let file = name.rsplit('/').next().unwrap();
        let json: serde_json::Value = serde_json::from_slice(&map).unwrap();
        let count = |list: &str| json[list].as_array().unwrap().len();
        let places = json["nodes"].as_array().unwrap().iter().map(|node| (&node["pos"][0], &node["pos"][1]));
        let off =
            |degrees: &serde_json::Value, most: f64| usize::from(degrees.as_f64().unwrap().abs() > most);
        // Some maps are drawn on paper: their places are none on Earth.
        let wrong: usize = places.map(|(east, north)| off(east, 180.0) + off(north, 90.0)).sum();
        let system = match beside(file, &map) {
            Ok(system) => system,
            Err(problems) => {
                assert_eq!(problems.items.len(), wrong, "{problems}");
                on_paper.push(file.to_owned());
                continue;
            }
        };
        assert_eq!(wrong, 0, "{file}");
        let topology = &system.topology;
        let routers = topology.nodes.iter().filter(|node| node.name.starts_with("router:")).count();
        let links = topology.links.iter().filter(|link| link.kind == LinkKind::Backbone).count();
        assert_eq!((routers, links), (count("nodes") + 1, 2 * count("edges")), "{file}");
        let map_node = topology.links.iter().find(|link| link.kind == LinkKind::Backbone).unwrap().from;
        let routes = Routes::from_node(topology, map_node);
        let reached = topology.nodes.ids().filter(|&node| routes.to(node).is_some()).count();
        assert_eq!(reached, count("nodes"), "{file}: it hangs together");
    }
    assert!(on_paper.len() < 4, "{on_paper:?}");
}

/// The old snapshot of the Topology Zoo has no places: what is missing is said router by router, and nothing else is
/// wrong.
#[test]
fn maps_in_graphml_say_what_they_lack() {
    let Some(archive) = shared::path("network/topology_zoo_graphml.tar.gz") else { return };
    let files = unpacked(&archive);
    assert_eq!(files.len(), 20);
    for (name, map) in files {
        let file = name.rsplit('/').next().unwrap();
        let nodes = String::from_utf8_lossy(&map).matches("<node ").count();
        let problems = beside(file, &map).unwrap_err();
        let lacking = |item: &str| item.ends_with(".latitude") || item.ends_with(".longitude");
        let places = problems.items.iter().filter(|item| lacking(&item.path)).count();
        assert_eq!((places, problems.items.len()), (2 * nodes, 2 * nodes), "{file}: {problems}");
    }
}
