//! A scheduler outside of a scenario file, as `--policy` takes it: a name, or the table that a file would hold, as TOML.

use super::build_scheduler::local_policy;
use super::check::check_scheduler;
use super::diagnostics::{Diagnostics, Report};
use super::draft::json_of;
use super::scheduler_format::Scheduler;
use super::schema::{View, schema_of};
use super::tree::{Entry, Node, Place, Table, Value, parse_one};
use super::walk::walk;
use crate::model::LocalPolicy;
use schemars::JsonSchema;
use serde::Deserialize;

/// The name of the pseudo-file that such a text is located in.
const POLICY: &str = "--policy";
/// The key that messages name.
const KEY: &str = "policy";

/// The text as the value of a file with one key.
#[derive(Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
struct OneScheduler {
    /// How the queue is served.
    policy: Scheduler,
}

/// The policy that a text names: a name such as `easy-sjbf`, or a table such as `{ order = "sjf", backfill = "easy" }`,
/// with the names, keys and rules of a partition's `scheduler`.
///
/// ```
/// use pleiade::model::LocalPolicy;
/// use pleiade::scenario::parse_scheduler;
/// assert_eq!(parse_scheduler("easy"), Ok(LocalPolicy::EASY));
/// let wrong = parse_scheduler("eazy").unwrap_err();
/// assert_eq!(wrong.to_string(), "--policy:1:1: policy: unknown policy `eazy`, did you mean `easy`?\n");
/// ```
///
/// # Errors
/// All problems at once, each with line and column within the text.
pub fn parse_scheduler(text: &str) -> Result<LocalPolicy, Diagnostics> {
    let mut report = Report::default();
    let file = report.add_source(POLICY, text.as_bytes().to_vec());
    let tree = one_key(file, value_of(file, text, &mut report));
    if report.is_empty() {
        walk(&tree, &schema_of::<OneScheduler>(), &mut report);
    }
    if !report.is_empty() {
        return Err(report.finish());
    }
    let scheduler = match serde_json::from_value::<OneScheduler>(json_of(&tree)) {
        Ok(one) => one.policy,
        Err(error) => {
            report.rule(&tree, KEY, error.to_string());
            return Err(report.finish());
        }
    };
    check_scheduler(&tree, KEY, &scheduler, &mut report);
    if report.is_empty() { Ok(local_policy(&scheduler)) } else { Err(report.finish()) }
}

/// Every name that a scheduler may be given by, with what it does.
pub fn scheduler_names() -> Vec<(String, String)> {
    let schema = schema_of::<Scheduler>();
    let shapes = View::new(&schema, &schema).branches().unwrap_or(&[]);
    let words = shapes.iter().flat_map(|shape| View::new(&schema, shape).branches().unwrap_or(&[]));
    words
        .filter_map(|word| {
            Some((word.get("const")?.as_str()?.to_owned(), View::new(&schema, word).description()?))
        })
        .collect()
}

/// A name needs no quotes; a table has to be TOML.
fn value_of(file: usize, text: &str, report: &mut Report) -> Node {
    let offset = text.len() - text.trim_start().len();
    let text = text.trim();
    if text.starts_with(['{', '[', '"', '\'']) {
        return parse_one(file, offset, text, report);
    }
    Node { value: Value::Text(text.to_owned()), place: Place::new(file, offset..offset + text.len()) }
}

fn one_key(file: usize, node: Node) -> Node {
    let entry = Entry { key: KEY.to_owned(), key_place: node.place, node };
    Node { place: Place::start_of(file), value: Value::Table(Table { entries: vec![entry] }) }
}
