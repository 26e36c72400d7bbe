//! How quantities, dates and ids look in the JSON Schema: texts with a `format` of their own.
//!
//! The same `format` tells the walk which of the units reads the text.

use crate::units::{ByteRate, Bytes, Carbon, Money, Power, Span};
use schemars::{JsonSchema, Schema, SchemaGenerator, json_schema};
use std::borrow::Cow;

/// An id: it names files and steps of paths, so it has only letters, digits, `-` and `_`.
pub(super) struct Identifier;

/// A civil date, written as a TOML date.
pub(super) struct DateText;

macro_rules! text_schema {
    ($($type:ty, $name:literal, $format:literal, $extra:tt);* $(;)?) => {$(
        impl JsonSchema for $type {
            fn inline_schema() -> bool {
                true
            }
            fn schema_name() -> Cow<'static, str> {
                $name.into()
            }
            fn json_schema(_: &mut SchemaGenerator) -> Schema {
                let mut schema = json_schema!($extra);
                schema.insert("type".to_owned(), "string".into());
                schema.insert("format".to_owned(), $format.into());
                schema
            }
        }
    )*};
}

text_schema! {
    Identifier, "Identifier", "identifier", { "pattern": "^[A-Za-z0-9_-]+$" };
    DateText, "Date", "date", {};
    Span, "Duration", "time-span", { "examples": ["36 h", "90 min", "2.5 d"] };
    Bytes, "Size", "size", { "examples": ["500 GB", "10 GiB"] };
    ByteRate, "Rate", "rate", { "examples": ["400 Gbit/s", "20 GB/s"] };
    Money, "Money", "money", { "examples": ["387.8 MEUR", "67.40 EUR"] };
    Power, "Power", "power", { "examples": ["600 W", "7.1 MW"] };
    Carbon, "Carbon", "carbon", { "examples": ["79 gCO2/kWh"] };
}
