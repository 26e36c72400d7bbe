//! Published network maps as parts of a scenario: GraphML as the Topology Zoo has it, and node-link JSON as SNDlib's
//! networks are given in. What a map holds becomes routers and links; what it lacks, the scenario adds by id.

use super::diagnostics::Report;
use super::problem::Problem;
use super::topology_graphml::read_graphml;
use super::topology_json::read_json;
use super::tree::{Entry, Node, Place, Table, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// How a map is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TopologyFormat {
    /// GraphML: names in `label` or `geocode_name`, positions in `Latitude` and `Longitude`, capacities in
    /// `LinkSpeedRaw` (bit/s) or in a label such as `2.5 Gbps`.
    GraphMl,
    /// An object with `nodes` (`id`, `name`, `pos` as longitude and latitude) and `edges` (`source`, `target`).
    Json,
}

impl TopologyFormat {
    /// The format of a file by its suffix; `None` for scenario files.
    pub(super) fn of(path: &str) -> Option<Self> {
        match path.rsplit_once('.')?.1.to_ascii_lowercase().as_str() {
            "graphml" | "xml" => Some(Self::GraphMl),
            "json" => Some(Self::Json),
            _ => None,
        }
    }
}

/// A node of a map.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct MapNode {
    /// What its edges call it.
    pub(super) key: String,
    /// What people call it.
    pub(super) name: String,
    pub(super) latitude: Option<f64>,
    pub(super) longitude: Option<f64>,
    pub(super) span: Range<usize>,
}

/// An edge of a map, in both directions.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct MapEdge {
    pub(super) ends: [String; 2],
    /// As a scenario writes it.
    pub(super) capacity: Option<String>,
    pub(super) span: Range<usize>,
}

/// What is wrong with a map, and where.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct MapError {
    pub(super) text: String,
    pub(super) span: Range<usize>,
}

/// A map.
pub(super) type Map = (Vec<MapNode>, Vec<MapEdge>);

/// The byte at a line and column, both from 1.
pub(super) fn byte_at(text: &str, line: usize, column: usize) -> usize {
    let before: usize = text.split_inclusive('\n').take(line.saturating_sub(1)).map(str::len).sum();
    (before + column.saturating_sub(1)).min(text.len())
}

/// The routers and links of a map as a tree; what is wrong goes to the report.
pub(super) fn read_topology(
    format: TopologyFormat,
    (file, path): (usize, &str),
    text: &str,
    report: &mut Report,
) -> Node {
    let read = match format {
        TopologyFormat::GraphMl => read_graphml(text),
        TopologyFormat::Json => read_json(text),
    };
    let writer = Writer { file, source: path.rsplit('/').next().unwrap_or(path) };
    let tree = read.and_then(|(nodes, edges)| writer.tree(&nodes, &edges));
    tree.unwrap_or_else(|MapError { text, span }| {
        report.at(Place::new(file, span), "", Problem::Syntax(text));
        writer.table(&(0..0), Vec::new())
    })
}

/// Writes nodes and edges as the scenario's tables.
struct Writer<'a> {
    file: usize,
    source: &'a str,
}

impl Writer<'_> {
    fn tree(&self, nodes: &[MapNode], edges: &[MapEdge]) -> Result<Node, MapError> {
        let ids = ids(nodes);
        let routers = nodes.iter().map(|node| self.router(&ids[node.key.as_str()], node)).collect();
        let (mut links, mut taken) = (Vec::new(), BTreeSet::new());
        for edge in edges {
            let id_of = |key: &String| {
                ids.get(key.as_str()).ok_or_else(|| MapError {
                    text: format!("an edge leads to `{key}`, and no node of the map has this id"),
                    span: edge.span.clone(),
                })
            };
            let ends = [id_of(&edge.ends[0])?, id_of(&edge.ends[1])?];
            // A node that is joined to itself is a mark of the drawing.
            if ends[0] != ends[1] {
                links.push(self.link(ends, edge, &mut taken));
            }
        }
        let start = 0..0;
        let lists = [("router", routers), ("link", links)];
        let lists = lists.map(|(key, items)| self.entry(key, &start, Value::Array(items)));
        Ok(self.table(&start, lists.into_iter().collect()))
    }

    fn router(&self, id: &str, node: &MapNode) -> Node {
        let text = |key, text: &str| self.entry(key, &node.span, Value::Text(text.to_owned()));
        let number = |key, value: Option<f64>| Some(self.entry(key, &node.span, Value::Float(value?)));
        let mut entries = vec![text("id", id), text("name", &node.name), text("source", self.source)];
        entries.extend(number("latitude", node.latitude));
        entries.extend(number("longitude", node.longitude));
        self.table(&node.span, entries)
    }

    /// A link; of several between the same two routers the first goes by their names.
    fn link(&self, ends: [&String; 2], edge: &MapEdge, taken: &mut BTreeSet<String>) -> Node {
        let joined = |ends: [&String; 2]| format!("{}-{}", ends[0], ends[1]);
        let is_first = !taken.contains(&joined([ends[1], ends[0]])) && !taken.contains(&joined(ends));
        let between = ends.map(|end| self.node(&edge.span, Value::Text(end.clone()))).to_vec();
        let mut entries = vec![self.entry("between", &edge.span, Value::Array(between))];
        if is_first {
            taken.insert(joined(ends));
        } else {
            let free = (2..).map(|number| format!("{}-{number}", joined(ends)));
            let id = free.into_iter().find(|id| !taken.contains(id)).expect("numbers do not end");
            taken.insert(id.clone());
            entries.push(self.entry("id", &edge.span, Value::Text(id)));
        }
        entries.push(self.entry("source", &edge.span, Value::Text(self.source.to_owned())));
        let capacity = edge.capacity.iter();
        entries.extend(capacity.map(|text| self.entry("capacity", &edge.span, Value::Text(text.clone()))));
        self.table(&edge.span, entries)
    }

    fn node(&self, span: &Range<usize>, value: Value) -> Node {
        Node { value, place: Place::new(self.file, span.clone()) }
    }

    fn table(&self, span: &Range<usize>, entries: Vec<Entry>) -> Node {
        self.node(span, Value::Table(Table { entries }))
    }

    fn entry(&self, key: &str, span: &Range<usize>, value: Value) -> Entry {
        let key_place = Place::new(self.file, span.clone());
        Entry { key: key.to_owned(), key_place, node: self.node(span, value) }
    }
}

/// The id of each node, by what edges call it: its name in letters, digits and dashes, with its key where several
/// nodes have one name.
fn ids(nodes: &[MapNode]) -> BTreeMap<&str, String> {
    let plain = |text: &str| {
        let letters = text.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' });
        let joined: String = letters.collect();
        joined.split('-').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("-").to_ascii_lowercase()
    };
    let mut count: BTreeMap<String, u32> = BTreeMap::new();
    for node in nodes {
        *count.entry(plain(&node.name)).or_default() += 1;
    }
    let id = |node: &MapNode| match plain(&node.name) {
        name if name.is_empty() => format!("node-{}", plain(&node.key)),
        name if count[&name] > 1 => format!("{name}-{}", plain(&node.key)),
        name => name,
    };
    nodes.iter().map(|node| (node.key.as_str(), id(node))).collect()
}
