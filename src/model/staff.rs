//! People who work for projects: reviewers of applications and support staff, in pools, at their working hours.
//!
//! An instant is one of work if their clock shows a time of the day's work on a weekday of theirs that is no holiday. So in
//! the night in which clocks go ahead the hour that they leave out is not worked, and in the one in which they go back the
//! hour that they show twice is worked twice, by those whose day has it.

use super::activity::{DAY_NS, LocalClock};
use super::ids::{CountryId, SiteId};
use crate::units::{Span, Time};
use std::iter::successors;

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

impl WorkingHours {
    /// When work of this length that begins at `from`, or at the opening after it, is done: the first instant by which so
    /// much of the working hours has passed. Never ([`Time::MAX`]) if that takes 584 years. O(days of work).
    pub fn after(&self, from: Time, work: Span) -> Time {
        let mut left = work;
        if left == Span::ZERO {
            return from;
        }
        for [begin, end] in self.stretches(from) {
            let here = end.since(begin);
            if left <= here {
                return begin + left;
            }
            left = left - here;
        }
        Time::MAX
    }

    /// The working time from one instant to a later one. O(days between them).
    pub fn between(&self, from: Time, to: Time) -> Span {
        let until = self.stretches(from).take_while(|[begin, _]| *begin < to);
        until.map(|[begin, end]| end.min(to).since(begin)).sum()
    }

    /// The working time of a week without holidays in which no clock changes.
    pub fn per_week(&self) -> Span {
        let days = self.weekdays.iter().filter(|works| **works).count();
        Span::from_seconds(u64::from(self.day_s[1] - self.day_s[0]) * days as u64)
    }

    /// The stretches of work from an instant on, ascending; no two overlap.
    fn stretches(&self, from: Time) -> impl Iterator<Item = [Time; 2]> {
        let days = successors(Some(self.rest_of_day(from)), |(_, next)| {
            (*next < Time::MAX).then(|| self.rest_of_day(*next))
        });
        days.map(|(stretch, _)| stretch).filter(|[begin, end]| begin < end)
    }

    /// What is left at an instant of the work of its day, which may be nothing, and where the next day begins. A change of
    /// the clock ends a day, and the rest of the date is one more.
    fn rest_of_day(&self, at: Time) -> ([Time; 2], Time) {
        let (ahead_ns, until) = self.clock.ahead(at);
        let day = (i128::from(at.0) + ahead_ns).div_euclid(DAY_NS);
        let instant = |since_midnight_ns: i128| {
            let after_zero = (day * DAY_NS + since_midnight_ns - ahead_ns).max(0);
            Time(u64::try_from(after_zero).unwrap_or(u64::MAX)).clamp(at, until)
        };
        let next = instant(DAY_NS);
        let is_worked = self.weekdays[self.clock.weekday(day as i64)]
            && self.holidays.binary_search(&(day as i64)).is_err();
        if !is_worked {
            return ([at, at], next);
        }
        (self.day_s.map(|seconds| instant(i128::from(seconds) * 1_000_000_000)), next)
    }
}

impl StaffPool {
    /// So many people of no site who are always at work, can do everything, and serve everybody alike.
    pub fn always(id: &str, work: StaffWork, people: u32) -> Self {
        Self {
            id: id.to_owned(),
            name: id.to_owned(),
            work,
            site: None,
            countries: Vec::new(),
            staff: vec![(Time::ZERO, people)],
            hours: None,
            skills: None,
            languages: None,
            remote_efficiency: 1.0,
        }
    }

    /// Whether a project is its own: of its site, or from one of its countries.
    pub fn is_own(&self, site: Option<SiteId>, country: CountryId) -> bool {
        (site.is_some() && self.site == site) || self.countries.binary_search(&country).is_ok()
    }

    /// When work of this length is done that one of them begins at `from`, or at the opening after it.
    pub fn after(&self, from: Time, work: Span) -> Time {
        self.hours.as_ref().map_or_else(|| from.saturating_add(work), |hours| hours.after(from, work))
    }

    /// The working time of one of them from one instant to a later one.
    pub fn between(&self, from: Time, to: Time) -> Span {
        self.hours.as_ref().map_or_else(|| to.since(from), |hours| hours.between(from, to))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Calendar, date};
    use proptest::prelude::*;

    const HOUR_S: u64 = 3_600;

    /// Central Europe from Thursday, 1 January 2026, for ten years.
    fn clock() -> LocalClock {
        let calendar = calendar();
        let summers = calendar.european_summers(calendar.time_of(date(2036, 1, 1)));
        LocalClock { offset_s: 3_600, summers, first_weekday: calendar.first_weekday() }
    }

    fn calendar() -> Calendar {
        Calendar::starting(date(2026, 1, 1))
    }

    /// From 9 to 17 on weekdays but New Year.
    fn office() -> WorkingHours {
        let weekdays = [true, true, true, true, true, false, false];
        WorkingHours { clock: clock(), day_s: [9 * 3_600, 17 * 3_600], weekdays, holidays: vec![0] }
    }

    /// From 2 to 3 in every night.
    fn watch() -> WorkingHours {
        WorkingHours { day_s: [2 * 3_600, 3 * 3_600], weekdays: [true; 7], holidays: Vec::new(), ..office() }
    }

    /// Midnight of UTC and so many hours after.
    fn utc(month: i8, day: i8, hours: u64) -> Time {
        calendar().time_of(date(2026, month, day)) + Span::from_seconds(hours * HOUR_S)
    }

    fn hours(hours: u64) -> Span {
        Span::from_seconds(hours * HOUR_S)
    }

    /// Work is done at `end`, and nothing of the time before is missing.
    #[track_caller]
    fn check(at: &WorkingHours, begin: Time, work: Span, end: Time) {
        assert_eq!(at.after(begin, work), end);
        assert_eq!(at.between(begin, end), work);
    }

    #[test]
    fn nights_weekends_and_holidays_are_left_out() {
        let office = office();
        // New Year is a Thursday; Friday opens at 8 in UTC.
        check(&office, Time::ZERO, hours(1), utc(1, 2, 9));
        check(&office, utc(1, 2, 10), hours(3), utc(1, 2, 13));
        // Exactly to the closing, and a nanosecond more.
        check(&office, utc(1, 2, 8), hours(8), utc(1, 2, 16));
        check(&office, utc(1, 2, 8), hours(8) + Span::STEP, utc(1, 5, 8) + Span::STEP);
        check(&office, utc(1, 2, 15), hours(2), utc(1, 5, 9));
        // At the closing itself nothing is left of the day.
        check(&office, utc(1, 2, 16), Span::STEP, utc(1, 5, 8) + Span::STEP);
        check(&office, utc(1, 3, 12), hours(40), utc(1, 9, 16));
        check(&office, utc(1, 3, 12), Span::ZERO, utc(1, 3, 12));
        assert_eq!(office.between(utc(1, 2, 16), utc(1, 5, 8)), Span::ZERO);
        assert_eq!(office.per_week(), hours(40));
    }

    #[test]
    fn offices_open_by_their_clock_in_summer() {
        // Friday, 27 March, 16:00 in UTC is the closing; Monday opens at 7 in UTC, and on 26 October again at 8.
        check(&office(), utc(3, 27, 15), hours(2), utc(3, 30, 8));
        check(&office(), utc(10, 23, 14), hours(2), utc(10, 26, 9));
    }

    #[test]
    fn the_hour_left_out_is_not_worked_and_the_one_shown_twice_is_twice() {
        // At 1:00 in UTC the clock goes from 2 to 3 on 29 March, and from 3 to 2 on 25 October.
        check(&watch(), utc(3, 28, 0), hours(2), utc(3, 30, 1));
        assert_eq!(watch().between(utc(3, 29, 0), utc(3, 29, 23)), Span::ZERO);
        check(&watch(), utc(10, 25, 0), hours(2), utc(10, 25, 2));
        check(&watch(), utc(10, 25, 0), hours(3), utc(10, 26, 2));
    }

    #[test]
    fn whole_days_join_at_midnight() {
        let always = WorkingHours { day_s: [0, 86_400], ..watch() };
        check(&always, utc(3, 1, 5), hours(24 * 250), utc(11, 6, 5));
        assert_eq!(always.per_week(), hours(168));
    }

    #[test]
    fn years_of_work_end_and_more_than_there_are_do_not() {
        // 260 weekdays and New Year of 2027, which is no holiday here: a Friday.
        let year = [Time::ZERO, calendar().time_of(date(2027, 1, 1))];
        assert_eq!(office().between(year[0], year[1]), hours(8 * 260));
        let decades = office().after(Time::ZERO, hours(8 * 260 * 100));
        assert!(decades > Time::from_seconds(99 * 365 * 86_400) && decades < Time::MAX);
        assert_eq!(office().after(Time::ZERO, Span::MAX), Time::MAX);
        assert_eq!(office().after(Time::MAX, Span::STEP), Time::MAX);
    }

    /// The minutes of work, one by one, as one would find them with a clock in hand.
    fn minutes_at_work(hours: &WorkingHours, from: u64, to: u64) -> Vec<u64> {
        let works = |minute: &u64| {
            let local = hours.clock.at(Time::from_seconds(minute * 60));
            let second = (local.hour * 60.0).round() as u32 * 60;
            hours.weekdays[local.weekday]
                && !hours.holidays.contains(&local.day)
                && (hours.day_s[0]..hours.day_s[1]).contains(&second)
        };
        (from..to).filter(works).collect()
    }

    prop_compose! {
        /// On whole minutes, around the change of the clock in March or that in October, or in the first days.
        fn any_hours()(
            offset in -12_i64..=12, first in 0_u32..1_439, length in 1_u32..1_440,
            mut weekdays in proptest::array::uniform7(any::<bool>()), certain in 0_usize..7,
            holidays in proptest::collection::btree_set(80_i64..100, 0..6), is_summery in any::<bool>(),
        ) -> WorkingHours {
            weekdays[certain] = true;
            let mut clock = LocalClock { offset_s: offset * 3_600, ..clock() };
            if !is_summery {
                clock.summers.clear();
            }
            let day_s = [first * 60, (first + length).min(1_440) * 60];
            WorkingHours { clock, day_s, weekdays, holidays: holidays.into_iter().collect() }
        }
    }

    fn any_minute() -> impl Strategy<Value = u64> {
        (prop_oneof![Just(0_u64), Just(85), Just(295)], 0_u64..6 * 1_440)
            .prop_map(|(day, minute)| day * 1_440 + minute)
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn the_clock_in_hand_says_the_same(hours in any_hours(), from in any_minute(), length in 0_u64..9 * 1_440) {
            let minutes = minutes_at_work(&hours, from, from + length);
            let instant = |minute: u64| Time::from_seconds(minute * 60);
            let work = Span::from_seconds(minutes.len() as u64 * 60);
            prop_assert_eq!(hours.between(instant(from), instant(from + length)), work);
            // So much work is done when its last minute is over.
            let done = minutes.last().map_or(from, |last| last + 1);
            prop_assert_eq!(hours.after(instant(from), work), instant(done));
        }

        #[test]
        fn work_and_time_are_inverse_monotone_and_add_up(
            hours in any_hours(), from in 0_u64..400 * 86_400_000_000_000,
            work in 0_u64..100 * 3_600_000_000_000, more in 0_u64..100 * 3_600_000_000_000,
        ) {
            let (from, work, more) = (Time(from), Span(work), Span(more));
            let done = hours.after(from, work);
            prop_assert_eq!(hours.between(from, done), work);
            prop_assert_eq!(hours.after(done, more), hours.after(from, work + more));
            prop_assert!(hours.after(from, work + Span::STEP) > done);
            prop_assert!(hours.after(from + more, work) >= done);
            let later = done + more;
            prop_assert_eq!(hours.between(from, later), work + hours.between(done, later));
            prop_assert!(hours.after(from, hours.between(from, later)) <= later);
        }
    }
}
