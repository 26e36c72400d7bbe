//! A network map in GraphML (Brandes and others, 2002), with the attributes of the Internet Topology Zoo.

use super::topology_file::{Map, MapEdge, MapError, MapNode, byte_at};
use crate::units::ByteRate;
use roxmltree::{Document, Node};
use std::collections::BTreeMap;

/// The attributes of one node or edge, by their names.
type Attributes<'a> = BTreeMap<&'a str, &'a str>;

/// The nodes and edges of a GraphML text.
pub(super) fn read_graphml(text: &str) -> Result<Map, MapError> {
    let document = Document::parse(text).map_err(|error| {
        let at = byte_at(text, error.pos().row as usize, error.pos().col as usize);
        MapError { text: format!("this is no GraphML: {error}"), span: at..at }
    })?;
    let root = document.root_element();
    if root.tag_name().name() != "graphml" {
        let text = format!("expected the element `graphml`, found `{}`", root.tag_name().name());
        return Err(MapError { text, span: root.range() });
    }
    // Keys are declared for nodes and edges apart: `d0` to `d40` stand for names.
    let names: BTreeMap<(&str, &str), &str> = root
        .children()
        .filter(|child| child.has_tag_name_of("key"))
        .filter_map(|key| Some(((key.attribute("for")?, key.attribute("id")?), key.attribute("attr.name")?)))
        .collect();
    let elements =
        |name: &'static str| root.descendants().filter(move |element| element.has_tag_name_of(name));
    let nodes = elements("node").map(|element| node_of(element, &attributes(element, "node", &names)));
    let edges = elements("edge").map(|element| edge_of(element, &attributes(element, "edge", &names)));
    Ok((nodes.collect::<Result<_, _>>()?, edges.collect::<Result<_, _>>()?))
}

/// Names of elements apart from their name spaces.
trait HasTagNameOf {
    fn has_tag_name_of(&self, name: &str) -> bool;
}

impl HasTagNameOf for Node<'_, '_> {
    fn has_tag_name_of(&self, name: &str) -> bool {
        self.is_element() && self.tag_name().name() == name
    }
}

fn attributes<'a>(
    element: Node<'a, '_>,
    of: &str,
    names: &BTreeMap<(&str, &str), &'a str>,
) -> Attributes<'a> {
    let data = element.children().filter(|child| child.has_tag_name_of("data"));
    let pairs = data.filter_map(|data| {
        let key = data.attribute("key")?;
        let name = names.get(&(of, key)).or_else(|| names.get(&("all", key)))?;
        Some((*name, data.text().map(str::trim).filter(|text| !text.is_empty())?))
    });
    pairs.collect()
}

fn required(element: Node<'_, '_>, attribute: &str) -> Result<String, MapError> {
    element.attribute(attribute).map(str::to_owned).ok_or_else(|| MapError {
        text: format!("an element `{}` without `{attribute}`", element.tag_name().name()),
        span: element.range(),
    })
}

fn node_of(element: Node<'_, '_>, attributes: &Attributes<'_>) -> Result<MapNode, MapError> {
    let key = required(element, "id")?;
    let name = ["label", "geocode_name"].iter().find_map(|name| attributes.get(name)).copied();
    let number = |name: &str| -> Result<Option<f64>, MapError> {
        let Some(text) = attributes.get(name) else { return Ok(None) };
        text.parse().map(Some).map_err(|_| MapError {
            text: format!("`{name}` of the node `{key}` is `{text}`, which is no number"),
            span: element.range(),
        })
    };
    let (latitude, longitude) = (number("Latitude")?, number("Longitude")?);
    Ok(MapNode { name: name.unwrap_or(&key).to_owned(), latitude, longitude, span: element.range(), key })
}

fn edge_of(element: Node<'_, '_>, attributes: &Attributes<'_>) -> Result<MapEdge, MapError> {
    let ends = [required(element, "source")?, required(element, "target")?];
    let raw = attributes.get("LinkSpeedRaw").and_then(|text| text.parse::<f64>().ok());
    let raw = raw.filter(|speed| *speed > 0.0 && speed.is_finite()).map(|speed| format!("{speed} bit/s"));
    let labels = ["LinkLabel", "label"].iter().filter_map(|name| attributes.get(name));
    let capacity = raw.or_else(|| labels.into_iter().find_map(|label| capacity_of(label)));
    Ok(MapEdge { ends, capacity, span: element.range() })
}

/// The capacity that a label such as `2.5 Gbps` tells; `None` where it tells something else.
fn capacity_of(label: &str) -> Option<String> {
    let text = label.trim().trim_start_matches(['<', '>', '=', '~', ' ']);
    let digits = text.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(text.len());
    let (number, unit) = text.split_at(digits);
    let unit = match unit.trim() {
        "Gbps" | "Gb/s" | "Gbit/s" | "GBPS" | "G" => "Gbit/s",
        "Mbps" | "Mb/s" | "Mbit/s" | "MBPS" | "M" => "Mbit/s",
        _ => return None,
    };
    let text = format!("{number} {unit}");
    text.parse::<ByteRate>().ok().filter(|rate| rate.0 > 0.0).map(|_| text)
}
