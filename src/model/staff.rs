//! People who work for projects: reviewers of applications and support staff, in pools, at their working hours.

use super::activity::LocalClock;
use super::ids::{CountryId, SiteId};
use crate::units::Time;

/// When the people of a pool work, on their own clock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WorkingHours {
    /// Their clock.
    pub clock: LocalClock,
    /// When a day's work begins and ends, in whole seconds since midnight; begin before end, end at most 86,400.
    pub day_s: [u32; 2],
    /// The days of the week on which they work, from Monday; at least one.
    pub weekdays: [bool; 7],
    /// Days off, by day since the date of time zero in UTC, ascending.
    pub holidays: Vec<i64>,
}

/// What the people of a pool do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StaffWork {
    /// They review applications.
    Review,
    /// They support projects.
    Support,
}

/// People who take tasks one at a time each, first come first served.
#[derive(Debug, Clone, PartialEq)]
pub struct StaffPool {
    /// Its id in the scenario.
    pub id: String,
    /// Its name in tables.
    pub name: String,
    /// What they do.
    pub work: StaffWork,
    /// The site that employs them: they are there only in sets that have it. `None`: in every set.
    pub site: Option<SiteId>,
    /// Countries whose projects are their own, beside those of their site; in id order.
    pub countries: Vec<CountryId>,
    /// From when on how many they are, in ascending order from time zero.
    pub staff: Vec<(Time, u32)>,
    /// When they work; `None`: always.
    pub hours: Option<WorkingHours>,
    /// What they can do; `None`: everything.
    pub skills: Option<Vec<String>>,
    /// The languages they work in; `None`: all.
    pub languages: Option<Vec<String>>,
    /// How fast they are for projects that are not their own, relative to their own, at most 1; 0: they do not serve them.
    pub remote_efficiency: f64,
}
