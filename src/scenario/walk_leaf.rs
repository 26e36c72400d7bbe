//! Single values against their schema: texts, quantities, dates, ids and numbers in their ranges.

use super::problem::Problem;
use super::schema::View;
use super::tree::{Node, Value};
use crate::units::{ByteRate, Bytes, Carbon, Date, Money, Power, Span, UnitError};
use serde_json::Value as Json;

/// What the schema expects, in words.
pub(super) fn expected(view: View<'_>) -> String {
    let example = || view.get("examples").and_then(|examples| examples.get(0)).and_then(Json::as_str);
    match (view.text("type"), view.text("format")) {
        (_, Some("date")) => "a date such as 2025-01-31".to_owned(),
        (_, Some("identifier")) => "an id such as \"lumi\"".to_owned(),
        (Some("string"), Some(format)) => {
            let name = match format {
                "time-span" => "a duration".to_owned(),
                "money" => "an amount".to_owned(),
                other => format!("a {other}"),
            };
            format!("{name} such as {:?}", example().unwrap_or_default())
        }
        (Some("string"), None) => "a text".to_owned(),
        (Some("integer"), _) => "a whole number".to_owned(),
        (Some("number"), _) => "a number".to_owned(),
        (Some("boolean"), _) => "true or false".to_owned(),
        _ => "another value".to_owned(),
    }
}

/// Checks type and text of a single value.
pub(super) fn check_leaf(node: &Node, view: View<'_>) -> Result<(), Problem> {
    let wrong = || {
        let found = match &node.value {
            Value::Text(text) => format!("the text {text:?}"),
            Value::Integer(number) => format!("the number {number}"),
            Value::Float(number) => format!("the number {number:?}"),
            other => other.kind().to_owned(),
        };
        Err(Problem::WrongType { expected: expected(view), found })
    };
    match (view.text("type"), &node.value) {
        (Some("string"), Value::Text(text)) => check_text(text, view),
        (Some("string"), Value::Date(date)) if view.text("format") == Some("date") => {
            check_date(&date.to_string())
        }
        (Some("integer" | "number"), Value::Integer(_)) | (Some("boolean"), Value::Boolean(_)) => Ok(()),
        (Some("number"), Value::Float(number)) if number.is_finite() => Ok(()),
        _ => wrong(),
    }
}

fn check_text(text: &str, view: View<'_>) -> Result<(), Problem> {
    let above_zero = view.get("x-above-zero").is_some();
    match view.text("format") {
        Some("identifier") => check_id(text),
        Some("date") => check_date(text),
        Some("time-span") => check_quantity::<Span>(text, above_zero),
        Some("size") => check_quantity::<Bytes>(text, above_zero),
        Some("rate") => check_quantity::<ByteRate>(text, above_zero),
        Some("money") => check_quantity::<Money>(text, above_zero),
        Some("power") => check_quantity::<Power>(text, above_zero),
        Some("carbon") => check_quantity::<Carbon>(text, above_zero),
        _ => Ok(()),
    }
}

fn check_id(text: &str) -> Result<(), Problem> {
    let allowed = |c: char| c.is_ascii_alphanumeric() || c == '-' || c == '_';
    if !text.is_empty() && text.chars().all(allowed) { Ok(()) } else { Err(Problem::BadId(text.to_owned())) }
}

fn check_date(text: &str) -> Result<(), Problem> {
    let day: Result<Date, _> = text.parse();
    // The date parser accepts a time of day as well; a scenario begins and ends at midnight.
    if day.is_ok() && text.len() == 10 { Ok(()) } else { Err(Problem::BadDate(text.to_owned())) }
}

fn check_quantity<Q>(text: &str, above_zero: bool) -> Result<(), Problem>
where
    Q: std::str::FromStr<Err = UnitError> + Default + PartialEq,
{
    match text.parse::<Q>() {
        Ok(value) if above_zero && value == Q::default() => Err(Problem::NotAboveZero(text.to_owned())),
        Ok(_) => Ok(()),
        Err(_) if is_negative(text) => Err(Problem::Negative(text.to_owned())),
        Err(error) => Err(error.into()),
    }
}

/// A minus sign before a digit.
fn is_negative(text: &str) -> bool {
    text.trim_start()
        .strip_prefix('-')
        .is_some_and(|rest| rest.trim_start().starts_with(|c: char| c.is_ascii_digit()))
}

/// Checks a number against the schema's bounds and the width of its integer type.
pub(super) fn check_number(node: &Node, view: View<'_>) -> Result<(), Problem> {
    let (found, text) = match &node.value {
        Value::Integer(number) => (*number as f64, number.to_string()),
        Value::Float(number) => (*number, number.to_string()),
        _ => return Ok(()),
    };
    let bound = |key| view.get(key).and_then(Json::as_f64);
    let widest = match view.text("format") {
        Some("uint32") => Some(i128::from(u32::MAX)),
        Some("uint64") => Some(i128::from(u64::MAX)),
        _ => None,
    };
    let too_wide = matches!((&node.value, widest), (Value::Integer(number), Some(most)) if *number > most);
    let outside = bound("minimum").is_some_and(|least| found < least)
        || bound("maximum").is_some_and(|most| found > most)
        || bound("exclusiveMinimum").is_some_and(|least| found <= least)
        || bound("exclusiveMaximum").is_some_and(|most| found >= most)
        || too_wide;
    if outside { Err(Problem::OutOfRange { expected: range(view, widest), found: text }) } else { Ok(()) }
}

fn range(view: View<'_>, widest: Option<i128>) -> String {
    let bound = |key| view.get(key).and_then(Json::as_f64);
    let least = bound("exclusiveMinimum")
        .map(|least| format!("above {least}"))
        .or_else(|| bound("minimum").map(|least| format!("at least {least}")));
    let most = bound("maximum")
        .map(|most| format!("at most {most}"))
        .or_else(|| bound("exclusiveMaximum").map(|most| format!("below {most}")))
        .or_else(|| widest.map(|most| format!("at most {most}")));
    [least, most].into_iter().flatten().collect::<Vec<_>>().join(" and ")
}
