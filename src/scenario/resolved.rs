//! The merged scenario as one TOML text without imports: reading it back gives the same system.

use super::tree::{Entry, Node, Table, Value};
use std::fmt::Write as _;

/// The text of `scenario.resolved.toml`.
pub(super) fn resolved_toml(tree: &Node) -> String {
    let mut text =
        String::from("# Complete: all imports are merged and all overrides applied. Runs as it is.\n\n");
    if let Some(table) = tree.table() {
        write_table(&mut text, "", table);
    }
    text
}

/// Whether an entry needs headers of its own: a table at the top, or tables with ids.
fn is_section(entry: &Entry, path: &str) -> bool {
    match &entry.node.value {
        Value::Table(_) => path.is_empty(),
        Value::Array(items) => !items.is_empty() && items.iter().all(|item| item.id().is_some()),
        _ => false,
    }
}

/// Plain keys first, since a key after a header would belong to the header's table.
fn write_table(text: &mut String, path: &str, table: &Table) {
    let (sections, plain): (Vec<&Entry>, Vec<&Entry>) =
        table.entries.iter().partition(|entry| is_section(entry, path));
    for entry in plain {
        let _ = writeln!(text, "{} = {}", key(&entry.key), inline(&entry.node));
    }
    for entry in sections {
        let below = if path.is_empty() { key(&entry.key) } else { format!("{path}.{}", key(&entry.key)) };
        match &entry.node.value {
            Value::Table(inner) => {
                let _ = writeln!(text, "\n[{below}]");
                write_table(text, &below, inner);
            }
            _ => write_items(text, &below, &entry.node),
        }
    }
}

fn write_items(text: &mut String, path: &str, node: &Node) {
    for table in node.items().iter().filter_map(Node::table) {
        let _ = writeln!(text, "\n[[{path}]]");
        write_table(text, path, table);
    }
}

fn inline(node: &Node) -> String {
    match &node.value {
        Value::Text(value) => quoted(value),
        Value::Integer(value) => value.to_string(),
        // The shortest digits that read back as the same number.
        Value::Float(value) => format!("{value:?}"),
        Value::Boolean(value) => value.to_string(),
        Value::Date(value) => value.to_string(),
        Value::Array(items) => format!("[{}]", items.iter().map(inline).collect::<Vec<_>>().join(", ")),
        Value::Table(table) => {
            let pair = |entry: &Entry| format!("{} = {}", key(&entry.key), inline(&entry.node));
            format!("{{ {} }}", table.entries.iter().map(pair).collect::<Vec<_>>().join(", "))
        }
    }
}

fn key(key: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !key.is_empty() && key.chars().all(bare) { key.to_owned() } else { quoted(key) }
}

fn quoted(text: &str) -> String {
    toml::Value::String(text.to_owned()).to_string()
}
