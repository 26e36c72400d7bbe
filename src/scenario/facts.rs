//! Where each part of the scenario comes from: the `source` and `confidence` of every item, as facts.

use super::tables::used_tables;
use super::tree::Node;
use super::walk::KINDS;
use crate::model::{Confidence, Fact};

/// One fact for every item and partition, in the order of the kinds, then of the scenario.
pub(super) fn facts(tree: &Node) -> Vec<Fact> {
    let (mut facts, used) = (Vec::new(), used_tables(tree));
    for kind in KINDS {
        for item in tree.get(kind).map_or(&[][..], Node::items) {
            // The result rests on none of the tables of a catalog that nobody names.
            if kind == "table" && !item.id().is_some_and(|id| used.contains(id.as_str())) {
                continue;
            }
            let path = format!("{kind}.{}", item.id().unwrap_or_default());
            facts.push(fact(item, path.clone()));
            for partition in item.get("partition").map_or(&[][..], Node::items) {
                facts.push(fact(
                    partition,
                    format!("{path}.partition.{}", partition.id().unwrap_or_default()),
                ));
            }
        }
    }
    facts
}

fn fact(item: &Node, path: String) -> Fact {
    let source = item.get("source").and_then(Node::text).unwrap_or("this scenario").to_owned();
    let confidence = match item.get("confidence").and_then(Node::text) {
        Some("firm") => Confidence::Firm,
        Some("soft") => Confidence::Soft,
        _ => Confidence::Assumed,
    };
    Fact { path, source, confidence }
}
