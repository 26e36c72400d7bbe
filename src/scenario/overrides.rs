//! `--set path.to.key=value`: changes to the merged tree, placed in a pseudo-file of one line each.

use super::diagnostics::Report;
use super::problem::{Near, Problem};
use super::tree::{Entry, Node, Place, Table, Value, parse_value, position};

/// The name of the pseudo-file that overrides are located in.
pub const OVERRIDES: &str = "--set";

/// One change: `site.lumi.partition.lumi-g.share=0.3`. Steps of the path may be ids of an array's items. The value is
/// read as TOML; what is no TOML value is a text, so that `site.lumi.uplink=100 Gbit/s` needs no inner quotes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Override(pub String);

/// Applies `overrides` in order; `name` is that of the pseudo-file that they are located in.
pub(super) fn apply(tree: &mut Node, overrides: &[Override], name: &str, report: &mut Report) {
    if overrides.is_empty() {
        return;
    }
    let lines: Vec<String> = overrides.iter().map(|change| change.0.replace('\n', " ")).collect();
    let file = report.add_source(name, (lines.join("\n") + "\n").into_bytes());
    let mut offset = 0;
    for line in &lines {
        apply_line(tree, line, Place::new(file, offset..offset + line.len()), report);
        offset += line.len() + 1;
    }
}

fn apply_line(tree: &mut Node, line: &str, place: Place, report: &mut Report) {
    let Some((path, value)) = line.split_once('=') else {
        return report.at(place, "", Problem::BadOverride(line.to_owned()));
    };
    let path = path.trim();
    if path.is_empty() || path.split('.').any(str::is_empty) {
        return report.at(place, "", Problem::BadOverride(line.to_owned()));
    }
    if path == "import" || path.starts_with("import.") {
        let text = "`import` cannot be set: files are merged before overrides are applied";
        return report.at(place, path, Problem::Rule(text.to_owned()));
    }
    let value = value.trim_start();
    let start = place.start + line.len() - value.len();
    let key_place = Place { end: place.start + path.len(), ..place };
    let value = value.trim_end();
    let text = Place { start, ..place };
    let plain = || Node { value: Value::Text(value.to_owned()), place: text };
    let node = parse_value(place.file, start, value, report).unwrap_or_else(plain);
    if let Err(problem) = put(tree, path, key_place, node) {
        report.at(key_place, path, problem);
    }
}

/// Puts `new` at `path`; tables on the way are made where they are missing.
fn put(tree: &mut Node, path: &str, key_place: Place, new: Node) -> Result<(), Problem> {
    let (step, rest) = path.split_once('.').map_or((path, None), |(step, rest)| (step, Some(rest)));
    let target = match &mut tree.value {
        Value::Table(table) => entry_of(table, step, key_place, &new),
        Value::Array(items) => {
            let ids: Vec<String> = items.iter().filter_map(Node::id).collect();
            let Some(index) = position(items, step) else {
                let near = Near::new(step, ids.iter().map(String::as_str));
                return Err(Problem::NoSuchPath { step: step.to_owned(), near });
            };
            &mut items[index]
        }
        _ => return Err(Problem::NoSuchPath { step: step.to_owned(), near: Near::default() }),
    };
    if let Some(rest) = rest {
        return put(target, rest, key_place, new);
    }
    *target = new;
    Ok(())
}

fn entry_of<'a>(table: &'a mut Table, key: &str, key_place: Place, new: &Node) -> &'a mut Node {
    let index = table.entries.iter().position(|entry| entry.key == key).unwrap_or_else(|| {
        let node = Node { value: Value::Table(Table::default()), place: new.place };
        table.entries.push(Entry { key: key.to_owned(), key_place, node });
        table.entries.len() - 1
    });
    let entry = &mut table.entries[index];
    if !matches!(entry.node.value, Value::Table(_) | Value::Array(_)) {
        // The key of a value that is about to be replaced is now the one in the override.
        entry.key_place = key_place;
    }
    &mut entry.node
}
