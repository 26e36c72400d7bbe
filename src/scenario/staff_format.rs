//! People in the scenario file: support staff and reviewers, how many they are and when they work.

use super::confidence::Confidence;
use super::quantities::{DateText, Identifier};
use crate::units::Date;
use schemars::JsonSchema;
use serde::Deserialize;

/// Support staff: each helps one project at a time, first come first served.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Staff {
    /// Its id, such as `lumi-support`.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name in tables; the id if absent.
    pub name: Option<String>,
    /// The site that employs them, whose projects are their own: they are there only in sets that have it. In every set if
    /// absent, as of a national antenna.
    #[schemars(extend("x-refers-to" = "site"))]
    pub site: Option<String>,
    /// Countries whose projects are their own, beside those of their site; none if absent.
    #[serde(default)]
    #[schemars(extend("x-refers-to" = "country"))]
    pub countries: Vec<String>,
    /// How many they are at the start.
    #[schemars(range(max = 1_000_000))]
    pub people: u32,
    /// Who comes and goes; nobody if absent.
    #[serde(default)]
    pub changes: Vec<StaffChange>,
    /// When they work; always if absent.
    pub working_hours: Option<WorkingHours>,
    /// What they can do; everything if absent.
    #[schemars(length(min = 1))]
    pub skills: Option<Vec<String>>,
    /// The languages they work in, such as `en`: they help projects of countries with which they share one. All if absent.
    #[schemars(length(min = 1))]
    pub languages: Option<Vec<String>>,
    /// How fast they are for projects that are not their own, relative to their own; 0, that is not at all, if absent.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub remote_efficiency: f64,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

/// Reviewers of applications: each evaluates one at a time, first come first served.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Reviewers {
    /// Their id, such as `panel`; no support staff may have the same.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Their name in tables; the id if absent.
    pub name: Option<String>,
    /// How many they are at the start.
    #[schemars(range(max = 1_000_000))]
    pub people: u32,
    /// Who comes and goes; nobody if absent.
    #[serde(default)]
    pub changes: Vec<StaffChange>,
    /// When they work; always if absent.
    pub working_hours: Option<WorkingHours>,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

/// People who come or go. Those who go finish what they are at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct StaffChange {
    /// The day, at midnight UTC.
    #[schemars(with = "DateText")]
    pub date: Date,
    /// How many come; negative: go.
    #[schemars(range(min = -1_000_000, max = 1_000_000))]
    pub people: i32,
}

/// When people work, on the clock of a country.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct WorkingHours {
    /// The country whose clock they have; staff of a site have that of its country if absent.
    #[schemars(extend("x-refers-to" = "country"))]
    pub country: Option<String>,
    /// The hour at which a day's work begins, such as 8.5.
    #[schemars(range(min = 0.0, max = 24.0))]
    pub from: f64,
    /// The hour at which it ends.
    #[schemars(range(min = 0.0, max = 24.0))]
    pub to: f64,
    /// The days of the week on which they work; Monday to Friday if absent.
    #[schemars(length(min = 1))]
    pub weekdays: Option<Vec<Weekday>>,
    /// Days off; none if absent.
    #[serde(default)]
    pub holidays: Vec<DaysOff>,
}

/// A day of the week.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Weekday {
    /// Monday.
    Monday,
    /// Tuesday.
    Tuesday,
    /// Wednesday.
    Wednesday,
    /// Thursday.
    Thursday,
    /// Friday.
    Friday,
    /// Saturday.
    Saturday,
    /// Sunday.
    Sunday,
}

/// Days on which nobody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct DaysOff {
    /// The first day.
    #[schemars(with = "DateText")]
    pub date: Date,
    /// How many days; one if absent.
    #[serde(default = "super::arrival_format::one_day")]
    #[schemars(range(min = 1, max = 366))]
    pub days: u32,
}
