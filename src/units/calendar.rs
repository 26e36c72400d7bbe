//! The civil calendar (UTC): from dates to [`Time`] and back, and the months that time series are binned in.

use super::{Span, Time};
use jiff::ToSpan;

/// A civil date, such as 2024-11-11.
pub type Date = jiff::civil::Date;

/// A date known to be valid, for constants in code.
pub use jiff::civil::date;

/// A mean Gregorian year of 365.2425 days, for rates of growth.
pub const YEAR: Span = Span(31_556_952 * 1_000_000_000);

/// Anchors [`Time::ZERO`] at midnight of a date.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Calendar {
    start: Date,
}

impl Calendar {
    /// A calendar whose time zero is midnight (UTC) of `start`.
    pub fn starting(start: Date) -> Self {
        Self { start }
    }

    /// The date of time zero.
    pub fn start(&self) -> Date {
        self.start
    }

    /// The day of the week of time zero, from Monday, 0 to 6.
    pub fn first_weekday(&self) -> u8 {
        self.start.weekday().to_monday_zero_offset() as u8
    }

    /// Days from the date of time zero to `date`; negative if it lies before.
    pub fn days_to(&self, date: Date) -> i64 {
        i64::from((date - self.start).get_days())
    }

    /// The summers of the European Union (directive 2000/84/EC) that end after time zero and begin before `until`: from
    /// 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of October. One that is under way at time
    /// zero begins there.
    pub fn european_summers(&self, until: Time) -> Vec<[Time; 2]> {
        let edge = |year: i16, month: i8| {
            let last = date(year, month, 31);
            let sunday = last.checked_sub(i64::from(last.weekday().to_sunday_zero_offset()).days());
            let sunday = sunday.expect("a Sunday of the month of a date of the calendar is one");
            let hours = self.days_to(sunday) * 24 + 1;
            Time::ZERO + Span::from_seconds(u64::try_from(hours).unwrap_or(0) * 3_600)
        };
        let years = self.start.year()..=Date::MAX.year();
        let summers = years.map(|year| [edge(year, 3), edge(year, 10)]);
        let ended = |[_, end]: &[Time; 2]| *end == Time::ZERO;
        summers.skip_while(ended).take_while(|[begin, _]| *begin < until).collect()
    }

    /// Midnight of `date`; a date before the start is time zero.
    pub fn time_of(&self, date: Date) -> Time {
        let days = (date - self.start).get_days();
        Time::ZERO + Span::from_seconds(u64::try_from(days).unwrap_or(0) * 86_400)
    }

    /// The date on which `time` falls.
    ///
    /// # Errors
    /// When the date lies past the year 9999, the calendar's end.
    pub fn date_of(&self, time: Time) -> Result<Date, jiff::Error> {
        let days =
            i64::try_from(time.0 / 86_400_000_000_000).expect("days of a u64 of nanoseconds fit an i64");
        self.start.checked_add(days.days())
    }

    /// The starts of the calendar months that overlap `[from, to)`, closed by `to`: `k + 1` edges for `k` bins.
    /// The first edge is `from` itself.
    pub fn month_edges(&self, from: Time, to: Time) -> Vec<Time> {
        let mut edges = vec![from];
        let Ok(first) = self.date_of(from) else { return vec![from, to] };
        let mut month = first.first_of_month();
        while let Ok(next) = month.checked_add(1.month()) {
            let edge = self.time_of(next);
            if edge >= to {
                break;
            }
            edges.push(edge);
            month = next;
        }
        edges.push(to);
        edges
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;

    #[test]
    fn dates_and_times_agree() {
        let calendar = Calendar::starting(date(2024, 1, 1));
        assert_eq!(calendar.time_of(date(2025, 1, 1)), Time::from_seconds(366 * 86_400));
        assert_eq!(calendar.time_of(date(2023, 1, 1)), Time::ZERO);
        assert_eq!(calendar.date_of(Time::from_seconds(60 * 86_400 - 1)).unwrap(), date(2024, 2, 29));
    }

    #[test]
    fn months_are_calendar_months() {
        let calendar = Calendar::starting(date(2024, 1, 15));
        let edges = calendar.month_edges(Time::ZERO, calendar.time_of(date(2024, 4, 1)));
        let dates: Vec<_> = edges.iter().map(|&t| calendar.date_of(t).unwrap()).collect();
        assert_eq!(dates, [date(2024, 1, 15), date(2024, 2, 1), date(2024, 3, 1), date(2024, 4, 1)]);
    }
}
