//! From the staff and the reviewers of a checked file to the pools of the model.

use super::build::{named, or_id};
use super::build_access::each_once;
use super::build_arrivals::clock;
use super::format::ScenarioFile;
use super::staff_format::{DaysOff, StaffChange, Weekday, WorkingHours as FileHours};
use crate::model::{Country, CountryId, IdVec, PoolId, Site, SiteId, StaffPool, StaffWork, WorkingHours};
use crate::units::{Calendar, Time};
use std::collections::{BTreeMap, BTreeSet};

/// All staff and reviewers, sorted by id.
pub(super) fn staff_pools(
    file: &ScenarioFile,
    calendar: Calendar,
    (sites, countries): (&IdVec<SiteId, Site>, &IdVec<CountryId, Country>),
) -> IdVec<PoolId, StaffPool> {
    let hours = |hours: Option<&FileHours>, at: Option<&str>| {
        hours.map(|hours| working_hours(hours, at, file, calendar))
    };
    let people = |people, changes: &[StaffChange]| staff(people, changes, calendar, file);
    let support = file.staff.iter().map(|staff| {
        let site = staff.site.as_ref().map(|id| named(sites, |site| site.id == *id));
        let at = site.map(|site| countries[sites[site].country].id.as_str());
        StaffPool {
            id: staff.id.clone(),
            name: or_id(staff.name.as_ref(), &staff.id),
            work: StaffWork::Support,
            site,
            countries: each_once(
                staff.countries.iter().map(|id| named(countries, |country| country.id == *id)),
            ),
            staff: people(staff.people, &staff.changes),
            hours: hours(staff.working_hours.as_ref(), at),
            skills: staff.skills.clone(),
            languages: staff.languages.clone(),
            remote_efficiency: staff.remote_efficiency,
        }
    });
    let reviewers = file.reviewers.iter().map(|reviewers| StaffPool {
        id: reviewers.id.clone(),
        name: or_id(reviewers.name.as_ref(), &reviewers.id),
        work: StaffWork::Review,
        site: None,
        countries: Vec::new(),
        staff: people(reviewers.people, &reviewers.changes),
        hours: hours(reviewers.working_hours.as_ref(), None),
        skills: None,
        languages: None,
        remote_efficiency: 1.0,
    });
    let mut pools: Vec<StaffPool> = support.chain(reviewers).collect();
    pools.sort_by(|one, other| one.id.cmp(&other.id));
    pools.into_iter().collect()
}

/// How many there are, and from when on. Who came or went before the start did so at the start.
fn staff(people: u32, changes: &[StaffChange], calendar: Calendar, file: &ScenarioFile) -> Vec<(Time, u32)> {
    let mut by_time: BTreeMap<Time, i64> = BTreeMap::from([(Time::ZERO, i64::from(people))]);
    for change in changes.iter().filter(|change| change.date < file.observation.end) {
        *by_time.entry(calendar.time_of(change.date)).or_default() += i64::from(change.people);
    }
    let mut now = 0;
    let each = by_time.into_iter().map(|(at, change)| {
        now += change;
        (at, u32::try_from(now).expect("people are counted before the system is built"))
    });
    each.collect()
}

/// Working hours on the clock of the country they name, or else of that where the staff are.
fn working_hours(
    hours: &FileHours,
    at: Option<&str>,
    file: &ScenarioFile,
    calendar: Calendar,
) -> WorkingHours {
    let country = hours.country.as_deref().or(at);
    let country = file.country.iter().find(|other| country == Some(&other.id));
    let country = country.expect("references are checked before the system is built");
    let works =
        |day: &Weekday| hours.weekdays.as_ref().map_or(*day < Weekday::Saturday, |days| days.contains(day));
    WorkingHours {
        clock: clock(file, country, calendar),
        day_s: [hours.from, hours.to].map(second_of_day),
        weekdays: WEEK.map(|day| works(&day)),
        holidays: holidays(&hours.holidays, calendar),
    }
}

const WEEK: [Weekday; 7] = [
    Weekday::Monday,
    Weekday::Tuesday,
    Weekday::Wednesday,
    Weekday::Thursday,
    Weekday::Friday,
    Weekday::Saturday,
    Weekday::Sunday,
];

/// The second at which an hour of the day begins.
pub(super) fn second_of_day(hour: f64) -> u32 {
    (hour * 3_600.0).round() as u32
}

fn holidays(holidays: &[DaysOff], calendar: Calendar) -> Vec<i64> {
    let days = holidays.iter().flat_map(|off| {
        let first = calendar.days_to(off.date);
        first..first + i64::from(off.days)
    });
    days.collect::<BTreeSet<i64>>().into_iter().collect()
}
