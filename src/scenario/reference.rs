//! The scenario language for readers, in Markdown: every key with its kind, its bounds and what it is, from the schema that
//! scenarios are checked by. It cannot drift from the format, nor say what the format does not know.

use super::schema::{View, json_schema};
use serde_json::Value as Json;
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// What stands before the list of keys.
const OPENING: &str = "\
# The scenario language

A scenario is a TOML file. `import` takes further files in, whose items it may add to or change by their `id`; `--set path.to.key=value` changes
any key from the command line, with ids as the names of items (`site.lumi.uplink=\"100 Gbit/s\"`). Quantities carry their units: `\"36 h\"`,
`\"400 Gbit/s\"`, `\"387.8 MEUR\"`. All mistakes come at once, each with its place. This page is what `pleiade schema --format markdown` prints;
`pleiade schema` prints the same as JSON Schema, which editors complete by.
";

/// The whole language.
pub fn reference() -> String {
    let schema = json_schema();
    let mut page = Page { schema: &schema, text: OPENING.to_owned(), told: BTreeSet::new() };
    page.heading("The file");
    page.table(&schema);
    let sections = properties(&schema).into_iter().flat_map(|(_, part)| references(part));
    for name in sections.collect::<Vec<_>>() {
        page.part(name);
    }
    page.text
}

/// A page in the making, and the parts that it has.
struct Page<'s> {
    schema: &'s Json,
    text: String,
    told: BTreeSet<&'s str>,
}

impl<'s> Page<'s> {
    fn heading(&mut self, name: &str) {
        write!(self.text, "\n## {name}\n\n").expect("a string takes every text");
    }

    /// A part and, after it, those that it is made of, each where it is first met.
    fn part(&mut self, name: &'s str) {
        if !self.told.insert(name) {
            return;
        }
        let schema = &self.schema["$defs"][name];
        self.heading(name);
        self.text += &description(schema);
        self.text += "\n\n";
        if schema.get("properties").is_some() {
            self.table(schema);
        }
        if let Some(branches) = View::new(self.schema, schema).branches() {
            self.branches(branches);
        }
        for below in references(schema) {
            self.part(below);
        }
    }

    /// The keys of a table.
    fn table(&mut self, schema: &'s Json) {
        let required: Vec<&str> =
            schema["required"].as_array().into_iter().flatten().filter_map(Json::as_str).collect();
        self.text += "| key | value | | what it is |\n|---|---|---|---|\n";
        for (key, part) in properties(schema) {
            let need = if required.contains(&key) { "required".to_owned() } else { default(part) };
            let cells = [format!("`{key}`"), kind(part), need, description(part)];
            let line = cells.map(|cell| escaped(&cell)).join(" | ");
            writeln!(self.text, "| {line} |").expect("a string takes every text");
        }
    }

    /// What a value may be, where it may be one of several.
    fn branches(&mut self, branches: &'s [Json]) {
        // Branches that only ask for keys repeat what the table's text says.
        for branch in branches.iter().filter(|branch| is_value(branch)) {
            writeln!(self.text, "- {}: {}", kind(branch), description(branch))
                .expect("a string takes every text");
            for (key, part) in properties(branch) {
                let text = description(part);
                writeln!(self.text, "  - `{key}` ({}): {text}", kind(part))
                    .expect("a string takes every text");
            }
        }
    }
}

/// The keys of a table in the order of the format.
fn properties(schema: &Json) -> Vec<(&str, &Json)> {
    let keys = schema.get("properties").and_then(Json::as_object);
    keys.into_iter().flatten().map(|(key, part)| (key.as_str(), part)).collect()
}

/// The names of the parts that a schema refers to, in order.
fn references(schema: &Json) -> Vec<&str> {
    match schema {
        Json::Object(keys) => {
            let own = keys.get("$ref").and_then(Json::as_str).and_then(|path| path.rsplit('/').next());
            own.into_iter().chain(keys.values().flat_map(references)).collect()
        }
        Json::Array(items) => items.iter().flat_map(references).collect(),
        _ => Vec::new(),
    }
}

/// Whether a branch says what a value is, and not only which keys go together.
fn is_value(branch: &Json) -> bool {
    ["$ref", "const", "enum", "type"].iter().any(|key| branch.get(key).is_some())
}

/// What may stand there, in words.
fn kind(schema: &Json) -> String {
    if let Some(name) = schema.get("$ref").and_then(Json::as_str).and_then(|path| path.rsplit('/').next()) {
        return format!("[{name}](#{})", name.to_lowercase());
    }
    if let Some(word) = schema.get("const").and_then(Json::as_str) {
        return format!("`\"{word}\"`");
    }
    if let Some(words) = schema.get("enum").and_then(Json::as_array) {
        return words.iter().map(|word| format!("`{word}`")).collect::<Vec<_>>().join(", ");
    }
    let branches = schema.get("anyOf").or_else(|| schema.get("oneOf")).and_then(Json::as_array);
    match schema.get("type").and_then(Json::as_str) {
        Some("boolean") => "`true` or `false`".to_owned(),
        Some(number @ ("integer" | "number")) => {
            let name = if number == "integer" { "whole number" } else { "number" };
            format!("{name}{}", bounds(schema))
        }
        Some("array") => {
            let items = schema.get("items").map_or_else(|| "values".to_owned(), kind);
            format!("list of {items}{}", refers_to(schema, "x-refers-to"))
        }
        Some("object") => match schema.get("additionalProperties").filter(|any| any.is_object()) {
            Some(any) => format!("table of {} by name{}", kind(any), refers_to(schema, "x-keys-refer-to")),
            None => named(schema).unwrap_or_else(|| "table".to_owned()),
        },
        Some("string") => format!("{}{}", words(schema), refers_to(schema, "x-refers-to")),
        _ => match branches {
            Some(branches) => branches.iter().map(kind).collect::<Vec<_>>().join(" or "),
            None => "any value".to_owned(),
        },
    }
}

/// A table that is told apart by a word: `{ kind = "word" }`.
fn named(schema: &Json) -> Option<String> {
    properties(schema).into_iter().find_map(|(key, part)| {
        let word = part.get("const")?.as_str()?;
        Some(format!("`{{ {key} = \"{word}\" }}`"))
    })
}

fn words(schema: &Json) -> String {
    let format = schema.get("format").and_then(Json::as_str);
    let example = schema.get("examples").and_then(|all| all.get(0)).and_then(Json::as_str);
    match (format, example) {
        (Some("date"), _) => "date such as `2025-01-01`".to_owned(),
        (Some(format), Some(example)) => format!("{} such as `\"{example}\"`", format.replace('-', " ")),
        (Some(format), None) => format.replace('-', " "),
        (None, Some(example)) => format!("text such as `\"{example}\"`"),
        (None, None) => "text".to_owned(),
    }
}

fn refers_to(schema: &Json, key: &str) -> String {
    let to = schema.get(key).and_then(Json::as_str);
    to.map_or(String::new(), |to| format!(", ids of `{to}`"))
}

fn bounds(schema: &Json) -> String {
    let of = |key: &str| schema.get(key).and_then(Json::as_f64);
    let ends = [
        ("minimum", "from"),
        ("exclusiveMinimum", "above"),
        ("maximum", "to"),
        ("exclusiveMaximum", "below"),
    ];
    // What the machine's own numbers bound is no bound of the format.
    let said = ends.iter().filter_map(|(key, word)| Some((word, of(key)?)));
    let said = said.filter(|(_, bound)| bound.abs() < 1e12);
    let text: Vec<String> = said.map(|(word, bound)| format!("{word} {bound}")).collect();
    if text.is_empty() { String::new() } else { format!(", {}", text.join(" ")) }
}

/// What holds if the key is absent.
fn default(schema: &Json) -> String {
    let Some(value) = schema.get("default") else { return String::new() };
    match value {
        Json::Array(items) if items.is_empty() => String::new(),
        Json::Object(_) => String::new(),
        value => format!("`{value}`"),
    }
}

fn description(schema: &Json) -> String {
    schema.get("description").and_then(Json::as_str).unwrap_or_default().replace('\n', " ")
}

/// In a cell of a table.
fn escaped(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Every part of the format has its heading once, and every link leads to one.
    #[test]
    fn links_lead_somewhere() {
        let (schema, text) = (json_schema(), reference());
        for name in schema["$defs"].as_object().unwrap().keys() {
            let heading = format!("\n## {name}\n");
            assert_eq!(text.matches(&heading).count(), 1, "{name}");
        }
        for link in text.split("](#").skip(1) {
            let (target, _) = link.split_once(')').unwrap();
            let mut headings = text.lines().filter_map(|line| line.strip_prefix("## "));
            assert!(headings.any(|heading| heading.to_lowercase() == target), "{target}");
        }
    }

    #[test]
    fn kinds_in_words() {
        let text = reference();
        for line in [
            "| `replications` | whole number, from 1 to 1000000 | required | Runs of each set, each with other random numbers. |",
            "| `observation` | [Observation](#observation) | required |",
            "time span such as `\"36 h\"`",
            "- `\"morris\"`: Walks that move one axis at a time",
            "list of text, ids of `site`",
        ] {
            assert!(text.contains(line), "{line}");
        }
        assert!(!text.contains("| any value"), "every key says what it takes");
    }
}
