//! Puts published tables where they are named, so that all that follows sees plain distributions.

use super::demand_format::{Amount, Varied};
use super::diagnostics::Report;
use super::draft::Item;
use super::table_format::Table as FileTable;
use super::tree::{Entry, Node, Table, Value};
use super::walk::join;
use std::collections::BTreeSet;

/// The keys whose values are lengths of time.
const TIMES: [&str; 5] = ["duration", "work", "after", "startup", "think"];

/// The tree with every table that is named in its place. Tables of the wrong kind are reported; a name that no table has
/// was reported before, and stays.
pub(super) fn with_tables(tree: &Node, report: &mut Report) -> Node {
    let mut expanded = tree.clone();
    Tables { tree, report }.expand(&mut expanded, "", "");
    expanded
}

struct Tables<'a> {
    tree: &'a Node,
    report: &'a mut Report,
}

impl Tables<'_> {
    fn expand(&mut self, node: &mut Node, path: &str, key: &str) {
        if let Some(replaced) = named(node, key).and_then(|id| self.replaced(id, path, key)) {
            node.value = replaced;
            return;
        }
        match &mut node.value {
            Value::Table(table) => {
                for Entry { key, node, .. } in &mut table.entries {
                    self.expand(node, &join(path, key), key);
                }
            }
            Value::Array(items) => {
                for (index, item) in items.iter_mut().enumerate() {
                    let below = join(path, &item.id().unwrap_or_else(|| index.to_string()));
                    self.expand(item, &below, key);
                }
            }
            _ => {}
        }
    }

    /// What stands for the name of a table under `key`.
    fn replaced(&mut self, id: &str, path: &str, key: &str) -> Option<Value> {
        let tables = self.tree.get("table").map_or(&[][..], Node::items);
        let table = tables.iter().find(|table| table.id().as_deref() == Some(id))?;
        let (part, what) =
            if key == "accelerators" { ("counts", "sizes") } else { ("quantiles", "durations") };
        if part == "quantiles" && !TIMES.contains(&key) {
            self.report.rule(self.tree, path, "a table holds durations or sizes, which this is not");
            return None;
        }
        let Some(content) = table.get(part) else {
            self.report.rule(self.tree, path, format!("the table `{id}` holds no {what}"));
            return None;
        };
        if part == "counts" {
            return Some(content.value.clone());
        }
        let entry = |key: &str, value: Value| {
            let (key_place, node) = (content.place, Node { value, place: content.place });
            Entry { key: key.to_owned(), key_place, node }
        };
        let kind = entry("kind", Value::Text("empirical".to_owned()));
        Some(Value::Table(Table { entries: vec![kind, entry("quantiles", content.value.clone())] }))
    }
}

/// The table that the value of `key` names.
fn named<'a>(node: &'a Node, key: &str) -> Option<&'a str> {
    let is_named = match node.get("kind") {
        Some(kind) => kind.text() == Some("named"),
        None => key == "accelerators",
    };
    node.get("table").filter(|_| is_named).and_then(Node::text)
}

/// The tables that are named somewhere.
pub(super) fn used_tables(tree: &Node) -> BTreeSet<&str> {
    fn collect<'a>(node: &'a Node, key: &str, used: &mut BTreeSet<&'a str>) {
        used.extend(named(node, key));
        node.items().iter().for_each(|item| collect(item, key, used));
        let entries = node.table().map_or(&[][..], |table| &table.entries);
        for entry in entries {
            collect(&entry.node, &entry.key, used);
        }
    }
    let mut used = BTreeSet::new();
    collect(tree, "", &mut used);
    used
}

/// Reports tables that make no distribution.
pub(super) fn check_tables(tree: &Node, tables: &[Item<FileTable>], report: &mut Report) {
    for (path, table) in tables.iter().filter_map(|item| Some((&item.path, item.value.as_ref()?))) {
        if let Some(quantiles) = &table.quantiles {
            let amount = Amount::Varied(Varied::Empirical { quantiles: quantiles.clone() });
            super::check::check_amount(
                tree,
                &format!("{path}.quantiles"),
                &amount,
                super::check::AboveZero::Free,
                report,
            );
        }
        if table.counts.as_ref().is_some_and(|counts| counts.iter().all(|item| item.weight.0 <= 0.0)) {
            report.rule(tree, &format!("{path}.counts"), "at least one weight must be above zero");
        }
    }
}
