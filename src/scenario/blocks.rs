//! From an entry of a calendar, of a partition or a link, to its blocks within the observation.

use super::network_format::LinkOutage;
use super::partition_format::Entry;
use crate::model::CalendarBlock;
use crate::units::{Calendar, Date, Span, Time};

/// When the blocks of an entry are.
#[derive(Clone, Copy)]
pub(super) struct Times {
    pub(super) from: Date,
    pub(super) at: Span,
    pub(super) duration: Span,
    pub(super) repeat: Option<Span>,
    pub(super) until: Option<Date>,
}

impl LinkOutage {
    pub(super) fn times(&self) -> Times {
        let Self { from, at, duration, repeat, until } = *self;
        Times { from, at, duration, repeat, until }
    }
}

impl Entry {
    pub(super) fn times(&self) -> Times {
        match *self {
            Self::Maintenance { from, at, duration, repeat, until, .. }
            | Self::Course { from, at, duration, repeat, until, .. }
            | Self::LargeJobs { from, at, duration, repeat, until, .. } => {
                Times { from, at, duration, repeat, until }
            }
        }
    }

    /// Of so many open nodes, how many are withdrawn.
    fn withdrawn(&self, open: u32) -> u32 {
        match *self {
            Self::Maintenance { nodes, .. } => nodes.unwrap_or(open),
            Self::Course { nodes, .. } => nodes,
            Self::LargeJobs { .. } => 0,
        }
    }

    fn least_nodes(&self) -> u32 {
        match *self {
            Self::Maintenance { .. } | Self::Course { .. } => 0,
            Self::LargeJobs { least_nodes, .. } => least_nodes,
        }
    }

    /// The blocks that lie in part before `end`, of a partition with so many open nodes.
    pub(super) fn blocks(&self, calendar: Calendar, end: Time, open: u32) -> Vec<CalendarBlock> {
        let (nodes, least_nodes) = (self.withdrawn(open), self.least_nodes());
        let block = |(from, to)| CalendarBlock { from, to, nodes, least_nodes };
        self.times().within(calendar, end).into_iter().map(block).collect()
    }
}

impl Times {
    /// Begin and end of every block that lies in part between time zero and `end`.
    pub(super) fn within(self, calendar: Calendar, end: Time) -> Vec<(Time, Time)> {
        // Far beyond the longest observation, and far from the last instant.
        const FAR_NS: i128 = 1 << 63;
        let duration = i128::from(self.duration.0);
        let first = midnight_ns(calendar, self.from) + i128::from(self.at.0);
        let until = self.until.map_or(FAR_NS, |date| midnight_ns(calendar, date));
        let last = until.min(end.0.into());
        let Some(step) = self.repeat.map(|repeat| i128::from(repeat.0)).filter(|&step| step > 0) else {
            return interval(first, first + duration, last).into_iter().collect();
        };
        // The blocks that are over before time zero are passed by at once.
        let over = ((-duration - first) / step).max(0);
        let begins = (over..).map(|count| first + count * step).take_while(|&begin| begin < last);
        begins.filter_map(|begin| interval(begin, begin + duration, last)).collect()
    }
}

/// What lies after time zero of a block that begins before `last`.
fn interval(from: i128, to: i128, last: i128) -> Option<(Time, Time)> {
    let instant = |ns: i128| Time(ns.clamp(0, 1 << 63) as u64);
    (from < last && to > from.max(0)).then(|| (instant(from), instant(to)))
}

/// Midnight of a date in nanoseconds after time zero, before it too.
fn midnight_ns(calendar: Calendar, date: Date) -> i128 {
    i128::from((date - calendar.start()).get_days()) * 86_400_000_000_000
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::date;

    const DAY: u64 = 86_400;

    #[track_caller]
    fn check(
        from: Date,
        hours: [u64; 2],
        repeat_days: Option<u64>,
        until: Option<Date>,
        expected: &[(u64, u64)],
    ) {
        let hour = |count| Span::from_seconds(count * 3_600);
        let repeat = repeat_days.map(|days| Span::from_seconds(days * DAY));
        let times = Times { from, at: hour(hours[0]), duration: hour(hours[1]), repeat, until };
        let found = times.within(Calendar::starting(date(2026, 1, 1)), Time::from_seconds(30 * DAY));
        let seconds = |time: Time| time.0 / 1_000_000_000;
        let found: Vec<_> = found.into_iter().map(|(from, to)| (seconds(from), seconds(to))).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn one_block() {
        check(date(2026, 1, 3), [8, 2], None, None, &[(2 * DAY + 28_800, 2 * DAY + 36_000)]);
        check(date(2025, 12, 31), [12, 24], None, None, &[(0, 43_200)]);
        check(date(2025, 12, 31), [12, 12], None, None, &[]);
        check(date(2026, 1, 31), [0, 1], None, None, &[]);
        check(date(2026, 1, 30), [23, 9], None, None, &[(30 * DAY - 3_600, 30 * DAY + 28_800)]);
    }

    #[test]
    fn again_and_again() {
        let begins = |days: &[u64]| days.iter().map(|day| (day * DAY, day * DAY + 3_600)).collect::<Vec<_>>();
        check(date(2026, 1, 3), [0, 1], Some(14), None, &begins(&[2, 16]));
        check(date(2026, 1, 3), [0, 1], Some(7), Some(date(2026, 1, 17)), &begins(&[2, 9]));
        check(date(2001, 1, 1), [0, 1], Some(7), Some(date(2026, 1, 10)), &begins(&[4]));
        check(date(2025, 12, 25), [0, 25], Some(7), Some(date(2026, 1, 2)), &[(0, DAY + 3_600)]);
        check(date(2025, 12, 24), [0, 25], Some(8), Some(date(2026, 1, 2)), &[(0, DAY + 3_600)]);
    }
}
