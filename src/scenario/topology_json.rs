//! A network map in node-link JSON, the form in which SNDlib's networks are passed on.

use super::topology_file::{Map, MapEdge, MapError, MapNode, byte_at};
use serde::Deserialize;
use serde_json::Value;
use std::ops::Range;

#[derive(Deserialize)]
struct Graph {
    nodes: Vec<GraphNode>,
    #[serde(alias = "links")]
    edges: Vec<GraphEdge>,
}

#[derive(Deserialize)]
struct GraphNode {
    id: Value,
    name: Option<String>,
    /// Longitude and latitude.
    pos: Option<(f64, f64)>,
}

#[derive(Deserialize)]
struct GraphEdge {
    source: Value,
    target: Value,
    /// As a scenario writes it.
    capacity: Option<String>,
}

/// The nodes and edges of a node-link JSON text.
pub(super) fn read_json(text: &str) -> Result<Map, MapError> {
    let graph: Graph = serde_json::from_str(text).map_err(|error| {
        let at = byte_at(text, error.line(), error.column());
        MapError { text: format!("this is no node-link graph: {error}"), span: at..at }
    })?;
    let nodes = graph.nodes.into_iter().map(|GraphNode { id, name, pos }| {
        let key = word(&id);
        let name = name.unwrap_or_else(|| key.clone());
        let (longitude, latitude) = pos.unzip();
        MapNode { span: place_of(text, &name), key, name, latitude, longitude }
    });
    let edges = graph.edges.into_iter().map(|GraphEdge { source, target, capacity }| {
        let start = text.find("\"edges\"").or_else(|| text.find("\"links\"")).unwrap_or(0);
        MapEdge { ends: [word(&source), word(&target)], capacity, span: start..start }
    });
    Ok((nodes.collect(), edges.collect()))
}

/// An id, which may be a number or a text.
fn word(id: &Value) -> String {
    id.as_str().map_or_else(|| id.to_string(), str::to_owned)
}

/// Where a text first stands as a value; the start of the file where it is written otherwise.
fn place_of(text: &str, value: &str) -> Range<usize> {
    let quoted = format!("\"{value}\"");
    text.find(&quoted).map_or(0..0, |start| start..start + quoted.len())
}
