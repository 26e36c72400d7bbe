//! Holds a located tree against the schema and reports everything that differs, each thing at its place.
//!
//! serde would stop at the first error and lose the places inside tagged enums; the walk does neither. It knows no
//! key of the format itself: all it checks stands in the schema.

use super::diagnostics::Report;
use super::problem::{Near, Problem};
use super::schema::View;
use super::tree::{Entry, Node, Place, Table, Value};
use super::walk_leaf::{check_leaf, check_number};
use serde_json::Value as Json;
use std::collections::BTreeMap;

/// The kinds of things that have ids at the top of a scenario.
pub(super) const KINDS: [&str; 17] = [
    "accelerator",
    "router",
    "link",
    "transfer",
    "site",
    "country",
    "community",
    "class",
    "set",
    "dataset",
    "dataset_group",
    "table",
    "access",
    "project",
    "staff",
    "reviewers",
    "future",
];

/// Kinds of which a scenario need not have any.
const OPTIONAL: [&str; 6] = ["dataset", "table", "access", "project", "reviewers", "objective"];

/// What a transfer may lead between.
const PLACES: [&str; 3] = ["site", "country", "router"];

/// Reports all that `tree` says against `schema`.
pub(super) fn walk(tree: &Node, schema: &Json, report: &mut Report) {
    let ids_of = |kind: &&'static str| {
        let items = tree.get(kind).map_or(&[][..], Node::items);
        (*kind, items.iter().filter_map(Node::id).collect())
    };
    // An objective is referred to, but no fact that results rest on.
    let mut ids: BTreeMap<&'static str, Vec<String>> =
        KINDS.iter().chain(&["objective"]).map(ids_of).collect();
    // Whoever names a dataset may name a group of them.
    let groups = ids.get("dataset_group").cloned().unwrap_or_default();
    ids.entry("dataset").or_default().extend(groups);
    let places = PLACES.iter().flat_map(|kind| ids[kind].iter().cloned()).collect();
    ids.insert("place", places);
    let mut walker = Walker { root: schema, ids, report };
    walker.node(tree, schema, "");
}

struct Walker<'a> {
    root: &'a Json,
    ids: BTreeMap<&'static str, Vec<String>>,
    report: &'a mut Report,
}

impl<'a> Walker<'a> {
    fn view(&self, schema: &'a Json) -> View<'a> {
        View::new(self.root, schema)
    }

    fn node(&mut self, node: &Node, schema: &'a Json, path: &str) {
        let view = self.view(schema);
        if let Some(choices) = view.choices() {
            return self.choice(node, view, &choices, path);
        }
        match view.text("type") {
            Some("object") => self.object(node, view, path),
            Some("array") => self.array(node, view, path),
            Some(_) => self.leaf(node, view, path),
            None => self.branch(node, view, path),
        }
    }

    fn wrong_type(&mut self, node: &Node, view: View<'a>, expected: &str, path: &str) {
        let problem =
            Problem::WrongType { expected: expected.to_owned(), found: node.value.kind().to_owned() };
        self.report.with_help(node.place, path, problem, view.description());
    }

    fn choice(&mut self, node: &Node, view: View<'a>, choices: &[&str], path: &str) {
        let Some(found) = node.text() else {
            return self.wrong_type(node, view, &format!("one of {}", choices.join(", ")), path);
        };
        if !choices.contains(&found) {
            let near = Near::new(found, choices.iter().copied());
            let what = path.rsplit('.').next().unwrap_or(path).to_owned();
            self.report.at(node.place, path, Problem::UnknownChoice { what, found: found.to_owned(), near });
        }
    }

    fn leaf(&mut self, node: &Node, view: View<'a>, path: &str) {
        if let Err(problem) = check_leaf(node, view) {
            self.report.with_help(node.place, path, problem, view.description());
        } else if let Err(problem) = check_number(node, view) {
            self.report.with_help(node.place, path, problem, view.description());
        } else if let (Some(kind), Some(id)) = (view.text("x-refers-to"), node.text()) {
            self.reference(kind, id, node.place, path);
        }
    }

    /// Reports an id that nothing of `kind` has. Where there is nothing of that kind at all, that was reported, but for
    /// those that a scenario need not have.
    fn reference(&mut self, kind: &str, id: &str, place: Place, path: &str) {
        let Some(ids) = self.ids.get(kind) else { return };
        if (!ids.is_empty() || OPTIONAL.contains(&kind)) && !ids.iter().any(|known| known == id) {
            let near = Near::new(id, ids.iter().map(String::as_str));
            let problem = Problem::UnknownReference { kind: kind.to_owned(), id: id.to_owned(), near };
            self.report.at(place, path, problem);
        }
    }

    fn array(&mut self, node: &Node, view: View<'a>, path: &str) {
        let Value::Array(items) = &node.value else {
            let tables = view.get("items").is_some_and(|items| self.view(items).get("properties").is_some());
            let key = path.rsplit('.').next().unwrap_or(path);
            let expected = if tables { format!("tables [[{key}]]") } else { "an array".to_owned() };
            return self.wrong_type(node, view, &expected, path);
        };
        let bound = |key| view.get(key).and_then(Json::as_u64).map(|bound| bound as usize);
        let (least, most) = (bound("minItems").unwrap_or(0), bound("maxItems").unwrap_or(usize::MAX));
        if items.len() < least || items.len() > most {
            let expected =
                if least == most { format!("{least} items") } else { format!("at least {least} items") };
            let found = format!("an array of {} items", items.len());
            self.report.with_help(
                node.place,
                path,
                Problem::WrongType { expected, found },
                view.description(),
            );
        }
        for (index, item) in items.iter().enumerate() {
            let below = format!("{path}.{}", item.id().unwrap_or_else(|| index.to_string()));
            if let Some(schema) = item_schema(view, index) {
                self.node(item, schema, &below);
            }
            // Lists of references carry their rule on the list itself.
            if let (Some(kind), Some(id)) = (view.text("x-refers-to"), item.text()) {
                self.reference(kind, id, item.place, path);
            }
        }
    }

    fn object(&mut self, node: &Node, view: View<'a>, path: &str) {
        let Some(table) = node.table() else {
            return self.wrong_type(node, view, "a table", path);
        };
        let nothing = serde_json::Map::new();
        let properties = view.get("properties").and_then(Json::as_object);
        let fallback = view.get("additionalProperties").filter(|schema| schema.is_object());
        for entry in &table.entries {
            let below = join(path, &entry.key);
            match properties.and_then(|known| known.get(&entry.key)).or(fallback) {
                Some(schema) => self.node(&entry.node, schema, &below),
                None => self.unknown_key(entry, properties.unwrap_or(&nothing), &below),
            }
            if let Some(kind) = view.text("x-keys-refer-to") {
                self.reference(kind, &entry.key, entry.key_place, &below);
            }
        }
        self.missing_keys(node, view.get("required"), view, path);
        self.alternatives(node, table, view, path);
        self.excluded(node, table, view, path);
    }

    fn unknown_key(&mut self, entry: &Entry, known: &serde_json::Map<String, Json>, path: &str) {
        let near = Near::new(&entry.key, known.keys().map(String::as_str));
        self.report.at(entry.key_place, path, Problem::UnknownKey { key: entry.key.clone(), near });
    }

    /// Reports the keys of the list `required` that are missing.
    fn missing_keys(&mut self, node: &Node, required: Option<&'a Json>, view: View<'a>, path: &str) {
        let required = required.and_then(Json::as_array).map_or(&[][..], Vec::as_slice);
        let properties = view.get("properties").and_then(Json::as_object);
        let meant = node.table().map_or_else(Vec::new, |table| meant(table, view));
        let missing = |key: &&str| node.get(key).is_none() && !meant.iter().any(|word| word == key);
        for key in required.iter().filter_map(Json::as_str).filter(missing) {
            let schema = properties.and_then(|properties| properties.get(key));
            let help = schema.and_then(|schema| self.view(schema).description());
            self.report.with_help(
                node.place,
                &join(path, key),
                Problem::MissingKey { key: key.to_owned() },
                help,
            );
        }
    }

    /// Branches that only require keys: exactly one of them has to hold, or of `anyOf` at least one. The first key of a
    /// branch decides whether it is meant, and asks for the others.
    fn alternatives(&mut self, node: &Node, table: &Table, view: View<'a>, path: &str) {
        let branches = view.branches().unwrap_or(&[]);
        let first = |branch: &'a Json| branch.get("required")?.get(0)?.as_str();
        let keys: Vec<(&str, &'a Json)> =
            branches.iter().filter_map(|branch| Some((first(branch)?, branch))).collect();
        let meant = meant(table, view);
        let is_there = |key: &str| table.get(key).is_some() || meant.iter().any(|word| word == key);
        let found: Vec<&(&str, &'a Json)> = keys.iter().filter(|(key, _)| is_there(key)).collect();
        if keys.is_empty() {
            return;
        }
        let several_may_hold = view.get("oneOf").is_none();
        if found.len() == 1 || (several_may_hold && !found.is_empty()) {
            // A key that two branches ask for is one error: equal ones at one place are.
            for (_, branch) in found {
                self.missing_keys(node, branch.get("required"), view, path);
            }
            return;
        }
        let entries = keys.iter().filter_map(|(key, _)| table.get(key));
        let place = entries.map(|entry| entry.key_place).max().unwrap_or(node.place);
        let found = found.len();
        let keys = keys.iter().map(|(key, _)| format!("`{key}`")).collect();
        let problem = if several_may_hold {
            Problem::NotAtLeastOne { keys }
        } else {
            Problem::NotExactlyOne { keys, found }
        };
        self.report.at(place, path, problem);
    }

    /// Keys that must not stand together.
    fn excluded(&mut self, node: &Node, table: &Table, view: View<'a>, path: &str) {
        let keys = view.get("not").and_then(|not| not.get("required")).and_then(Json::as_array);
        let Some(keys) = keys else { return };
        let entries: Option<Vec<&Entry>> = keys.iter().map(|key| table.get(key.as_str()?)).collect();
        if let Some(entries) = entries {
            let place = entries.iter().map(|entry| entry.key_place).max().unwrap_or(node.place);
            let keys = entries.iter().map(|entry| format!("`{}`", entry.key)).collect();
            self.report.at(place, path, Problem::Excluded { keys });
        }
    }

    /// A value of several shapes: the shape that the value's own type points to is checked.
    fn branch(&mut self, node: &Node, view: View<'a>, path: &str) {
        let branches = view.branches().unwrap_or(&[]);
        if branches.is_empty() {
            return;
        }
        if let (Some(table), Some(words)) = (node.table(), kinds(branches)) {
            return self.tagged(node, table, &words, view, path);
        }
        if kinds(branches).is_some() {
            return self.wrong_type(node, view, &table_name(view), path);
        }
        if let Some(branch) = branches.iter().find(|branch| self.admits(branch, node)) {
            return self.node(node, branch, path);
        }
        let words: Vec<&str> =
            branches.iter().filter_map(|branch| self.view(branch).choices()).flatten().collect();
        if node.text().is_some() && !words.is_empty() {
            return self.choice(node, view, &words, path);
        }
        let expected = self.shapes(branches, &words);
        self.wrong_type(node, view, &expected.join(" or "), path);
    }

    /// The shapes that a value may have, in words; `words` are all that a text may be.
    fn shapes(&self, branches: &'a [Json], words: &[&str]) -> Vec<String> {
        let shapes = branches.iter().filter(|branch| self.view(branch).choices().is_none());
        let choices = (!words.is_empty()).then(|| format!("one of {}", words.join(", ")));
        choices.into_iter().chain(shapes.map(|branch| self.name_of(branch))).collect()
    }

    fn tagged(
        &mut self,
        node: &Node,
        table: &Table,
        words: &[(&'a str, &'a Json)],
        view: View<'a>,
        path: &str,
    ) {
        let Some(entry) = table.get("kind") else {
            let problem = Problem::MissingKey { key: "kind".to_owned() };
            let known: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
            let help = Some(format!("kinds: {}", known.join(", ")));
            return self.report.with_help(node.place, &join(path, "kind"), problem, help);
        };
        if let Some((_, branch)) = words.iter().find(|(word, _)| entry.node.text() == Some(word)) {
            return self.object(node, self.view(branch), path);
        }
        let words: Vec<&str> = words.iter().map(|(word, _)| *word).collect();
        self.choice(&entry.node, view, &words, &join(path, "kind"));
    }

    /// Whether a branch is of the node's type.
    fn admits(&self, branch: &'a Json, node: &Node) -> bool {
        let view = self.view(branch);
        match (view.text("type"), &node.value) {
            (Some("string"), Value::Text(_))
            | (Some("integer" | "number"), Value::Integer(_))
            | (Some("number"), Value::Float(_))
            | (Some("boolean"), Value::Boolean(_))
            | (Some("array"), Value::Array(_))
            | (Some("object"), Value::Table(_)) => true,
            (None, Value::Table(_)) => view.branches().is_some_and(|inner| kinds(inner).is_some()),
            _ => false,
        }
    }

    fn name_of(&self, branch: &'a Json) -> String {
        let view = self.view(branch);
        match (view.text("type"), view.text("format")) {
            (Some("string"), Some(_)) => super::walk_leaf::expected(view),
            (Some("integer"), _) => "a whole number".to_owned(),
            (Some("number"), _) => "a number".to_owned(),
            (Some("string"), _) => "a text".to_owned(),
            (Some("array"), _) => "an array".to_owned(),
            _ => table_name(view),
        }
    }
}

/// A table in words: of which kinds it may be, or an example.
fn table_name(view: View<'_>) -> String {
    let kinds = view.branches().and_then(kinds).map(|kinds| kinds.iter().map(|(kind, _)| *kind).collect());
    let kinds = kinds.map(|kinds: Vec<&str>| format!("a table of one of the kinds {}", kinds.join(", ")));
    let example = || {
        let example = toml::Value::try_from(view.get("examples")?.get(0)?).ok()?;
        Some(format!("a table such as {example}"))
    };
    kinds.or_else(example).unwrap_or_else(|| "a table".to_owned())
}

/// A path one step longer.
pub(super) fn join(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

/// What the misspelt keys of a table meant: these are one error, and not missing as well.
fn meant(table: &Table, view: View<'_>) -> Vec<String> {
    let Some(known) = view.get("properties").and_then(Json::as_object) else { return Vec::new() };
    let unknown = table.entries.iter().filter(|entry| !known.contains_key(&entry.key));
    unknown.filter_map(|entry| Near::new(&entry.key, known.keys().map(String::as_str)).nearest).collect()
}

fn item_schema(view: View<'_>, index: usize) -> Option<&Json> {
    view.get("prefixItems").and_then(|prefix| prefix.get(index)).or_else(|| view.get("items"))
}

/// The branches that name themselves by `kind`.
fn kinds<'a>(branches: &'a [Json]) -> Option<Vec<(&'a str, &'a Json)>> {
    let named = |branch: &'a Json| {
        let kind = branch.pointer("/properties/kind/const")?.as_str()?;
        Some((kind, branch))
    };
    let named: Vec<_> = branches.iter().filter_map(named).collect();
    (named.len() == branches.len()).then_some(named)
}
