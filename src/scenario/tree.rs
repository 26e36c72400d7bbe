//! A scenario file as a tree that knows where each key and value was written.
//!
//! All syntax errors of a file come together. A tree may hold parts of several files after merging, so every place
//! names its file. What the values mean is decided elsewhere.

use super::diagnostics::Report;
use super::problem::Problem;
use std::ops::Range;
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

/// Bytes `start..end` of a file, by its index among the sources.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Place {
    pub(super) file: usize,
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Place {
    pub(super) fn new(file: usize, span: Range<usize>) -> Self {
        Self { file, start: span.start, end: span.end }
    }

    /// The first character of a file: where things that are nowhere belong.
    pub(super) fn start_of(file: usize) -> Self {
        Self::new(file, 0..0)
    }
}

/// A value and where it was written.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Node {
    pub(super) value: Value,
    pub(super) place: Place,
}

/// A TOML value.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Text(String),
    Integer(i128),
    Float(f64),
    Boolean(bool),
    Date(toml::value::Datetime),
    Array(Vec<Node>),
    Table(Table),
}

/// Keys and values in the order of writing.
#[derive(Debug, Clone, PartialEq, Default)]
pub(super) struct Table {
    pub(super) entries: Vec<Entry>,
}

/// A key and its value.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Entry {
    pub(super) key: String,
    pub(super) key_place: Place,
    pub(super) node: Node,
}

impl Value {
    /// What a person calls this kind of value.
    pub(super) fn kind(&self) -> &'static str {
        match self {
            Self::Text(_) => "a text",
            Self::Integer(_) => "a whole number",
            Self::Float(_) => "a number",
            Self::Boolean(_) => "a truth value",
            Self::Date(_) => "a date or time",
            Self::Array(_) => "an array",
            Self::Table(_) => "a table",
        }
    }
}

impl Node {
    pub(super) fn text(&self) -> Option<&str> {
        if let Value::Text(text) = &self.value { Some(text) } else { None }
    }

    pub(super) fn table(&self) -> Option<&Table> {
        if let Value::Table(table) = &self.value { Some(table) } else { None }
    }

    /// The items of an array; nothing for other values.
    pub(super) fn items(&self) -> &[Node] {
        if let Value::Array(items) = &self.value { items } else { &[] }
    }

    /// The value at `key` of a table.
    pub(super) fn get(&self, key: &str) -> Option<&Node> {
        self.table()?.get(key).map(|entry| &entry.node)
    }

    /// The name by which an array's item is addressed: its `id`, or for a link without one the ends it joins.
    pub(super) fn id(&self) -> Option<String> {
        if let Some(id) = self.get("id") {
            return id.text().map(str::to_owned);
        }
        let [from, to] = self.get("between")?.items() else { return None };
        Some(format!("{}-{}", from.text()?, to.text()?))
    }

    /// Where the identity of an item was written: its `id`, else its `between`, else the item.
    pub(super) fn id_place(&self) -> Place {
        self.get("id").or_else(|| self.get("between")).map_or(self.place, |node| node.place)
    }

    /// The node at `step` below this one: a key of a table, an id or an index of an array.
    pub(super) fn child(&self, step: &str) -> Option<&Node> {
        match &self.value {
            Value::Table(table) => table.get(step).map(|entry| &entry.node),
            Value::Array(items) => position(items, step).map(|index| &items[index]),
            _ => None,
        }
    }

    /// The deepest node on the way along `path`.
    pub(super) fn nearest(&self, path: &str) -> &Node {
        let mut node = self;
        for step in path.split('.') {
            let Some(next) = node.child(step) else { break };
            node = next;
        }
        node
    }
}

/// The position of the item that `step` names, by id first, then by number.
pub(super) fn position(items: &[Node], step: &str) -> Option<usize> {
    items
        .iter()
        .position(|item| item.id().as_deref() == Some(step))
        .or_else(|| step.parse().ok().filter(|&index| index < items.len()))
}

impl Table {
    pub(super) fn get(&self, key: &str) -> Option<&Entry> {
        self.entries.iter().find(|entry| entry.key == key)
    }

    pub(super) fn get_mut(&mut self, key: &str) -> Option<&mut Entry> {
        self.entries.iter_mut().find(|entry| entry.key == key)
    }
}

/// Reads the text of file number `file`; every syntax error is reported.
pub(super) fn parse(file: usize, text: &str, report: &mut Report) -> Node {
    let (table, errors) = DeTable::parse_recoverable(text);
    report_syntax(file, 0, text, errors, report);
    let value = Value::Table(table_of(file, 0, table.into_inner(), report));
    Node { value, place: Place::start_of(file) }
}

/// Reads one TOML value that starts at byte `offset` of file number `file`; every syntax error is reported.
pub(super) fn parse_one(file: usize, offset: usize, text: &str, report: &mut Report) -> Node {
    let (value, errors) = DeValue::parse_recoverable(text);
    report_syntax(file, offset, text, errors, report);
    node_of(file, offset, value, report)
}

fn report_syntax(file: usize, offset: usize, text: &str, errors: Vec<toml::de::Error>, report: &mut Report) {
    for error in errors {
        let span = error.span().unwrap_or(0..0);
        let mut message = error.message().to_owned();
        if message == "duplicate key" {
            let key = text.get(span.clone()).unwrap_or("");
            message = format!("the key `{key}` stands here twice");
        }
        let place = Place::new(file, span.start + offset..span.end + offset);
        report.at(place, "", Problem::Syntax(message));
    }
}

/// Reads one TOML value that starts at byte `offset` of file number `file`; nothing if it is none.
pub(super) fn parse_value(file: usize, offset: usize, text: &str, report: &mut Report) -> Option<Node> {
    DeValue::parse(text).ok().map(|value| node_of(file, offset, value, report))
}

fn node_of(file: usize, offset: usize, spanned: Spanned<DeValue<'_>>, report: &mut Report) -> Node {
    let span = spanned.span();
    let place = Place::new(file, span.start + offset..span.end + offset);
    let value = match spanned.into_inner() {
        DeValue::String(text) => Value::Text(text.into_owned()),
        DeValue::Integer(integer) => Value::Integer(integer_of(&integer, place, report)),
        DeValue::Float(float) => Value::Float(float.as_str().parse().unwrap_or(f64::NAN)),
        DeValue::Boolean(truth) => Value::Boolean(truth),
        DeValue::Datetime(date) => Value::Date(date),
        DeValue::Array(items) => {
            Value::Array(items.into_iter().map(|item| node_of(file, offset, item, report)).collect())
        }
        DeValue::Table(table) => Value::Table(table_of(file, offset, table, report)),
    };
    Node { value, place }
}

fn integer_of(integer: &DeInteger<'_>, place: Place, report: &mut Report) -> i128 {
    i128::from_str_radix(integer.as_str(), integer.radix()).unwrap_or_else(|_| {
        report.at(place, "", Problem::Syntax(format!("the number {integer} is too large")));
        0
    })
}

/// The parser sorts keys by name; their places give the order of writing back.
fn table_of(file: usize, offset: usize, table: DeTable<'_>, report: &mut Report) -> Table {
    let mut entries: Vec<Entry> = table
        .into_iter()
        .map(|(key, value)| {
            let span = key.span();
            Entry {
                key_place: Place::new(file, span.start + offset..span.end + offset),
                key: key.into_inner().into_owned(),
                node: node_of(file, offset, value, report),
            }
        })
        .collect();
    entries.sort_by_key(|entry| entry.key_place);
    Table { entries }
}
