//! How busy people are by the hour, the day of the week and the holidays, each on the clock of their country.
//!
//! The weight of an instant is the weight of the hour times that of the weekday times the factor of the holiday, if it is
//! one. Hours and weekdays have mean 1, so that over weeks without holidays the weights do too.

use crate::units::Time;
use std::f64::consts::TAU;

const HOUR_NS: i128 = 3_600_000_000_000;
/// A day on whose clock nothing changes.
pub(super) const DAY_NS: i128 = 24 * HOUR_NS;

/// The civil time of a country.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalClock {
    /// Seconds ahead of UTC in winter.
    pub offset_s: i64,
    /// The summers, in which it is one more hour ahead, in order.
    pub summers: Vec<[Time; 2]>,
    /// The day of the week at time zero in UTC, from Monday, 0 to 6.
    pub first_weekday: u8,
}

/// An instant on a clock.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LocalTime {
    /// Days since the date of time zero in UTC; may be negative.
    pub day: i64,
    /// The day of the week from Monday, 0 to 6.
    pub weekday: usize,
    /// Hours since midnight, below 24.
    pub hour: f64,
}

impl LocalClock {
    /// What the clock shows. O(log summers).
    pub fn at(&self, time: Time) -> LocalTime {
        let (ahead_ns, _) = self.ahead(time);
        let local = i128::from(time.0) + ahead_ns;
        let day = local.div_euclid(DAY_NS) as i64;
        LocalTime { day, weekday: self.weekday(day), hour: local.rem_euclid(DAY_NS) as f64 / HOUR_NS as f64 }
    }

    /// The day of the week, from Monday, of a day since the date of time zero.
    pub(super) fn weekday(&self, day: i64) -> usize {
        (i64::from(self.first_weekday) + day).rem_euclid(7) as usize
    }

    /// How many nanoseconds it is ahead of UTC, and the instant after this at which that changes. O(log summers).
    pub(super) fn ahead(&self, time: Time) -> (i128, Time) {
        let winter = i128::from(self.offset_s) * 1_000_000_000;
        let passed = self.summers.partition_point(|[_, end]| *end <= time);
        match self.summers.get(passed) {
            Some(&[begin, end]) if begin <= time => (winter + HOUR_NS, end),
            Some(&[begin, _]) => (winter, begin),
            None => (winter, Time::MAX),
        }
    }
}

/// The weights of the hours of a day, with mean 1.
#[derive(Debug, Clone, PartialEq)]
pub enum Hours {
    /// One weight for each hour.
    Each([f64; 24]),
    /// 1 + Σ aₖ cos(k 2π (hour − peakₖ) / 24), k from 1: amplitude and hour of the peak. The amplitudes add up to at
    /// most 1.
    Waves(Vec<(f64, f64)>),
}

/// The weights of a community in a country.
#[derive(Debug, Clone, PartialEq)]
pub struct Activity {
    /// Weights of the hours.
    pub hours: Hours,
    /// Weights of the days of the week, from Monday, with mean 1.
    pub weekdays: [f64; 7],
    /// Factors of holidays by day since the date of time zero, ascending.
    pub holidays: Vec<(i64, f64)>,
    /// The country's clock.
    pub clock: LocalClock,
}

impl Hours {
    fn at(&self, hour: f64) -> f64 {
        match self {
            Self::Each(weights) => weights[(hour as usize).min(23)],
            Self::Waves(waves) => {
                let wave = |(cycles, &(amplitude, peak)): (usize, &(f64, f64))| {
                    amplitude * libm::cos((cycles + 1) as f64 * TAU * (hour - peak) / 24.0)
                };
                (1.0 + waves.iter().enumerate().map(wave).sum::<f64>()).max(0.0)
            }
        }
    }

    fn bound(&self) -> f64 {
        match self {
            Self::Each(weights) => weights.iter().copied().fold(0.0, f64::max),
            Self::Waves(waves) => 1.0 + waves.iter().map(|(amplitude, _)| amplitude).sum::<f64>(),
        }
    }
}

impl Activity {
    /// The weight of an instant. O(log holidays).
    pub fn at(&self, time: Time) -> f64 {
        let local = self.clock.at(time);
        let weight = self.hours.at(local.hour) * self.weekdays[local.weekday];
        match self.holidays.binary_search_by_key(&local.day, |&(day, _)| day) {
            Ok(place) => weight * self.holidays[place].1,
            Err(_) => weight,
        }
    }

    /// What no weight exceeds.
    pub fn bound(&self) -> f64 {
        let holidays = self.holidays.iter().map(|&(_, factor)| factor);
        let weekdays = self.weekdays.iter().copied().fold(0.0, f64::max);
        self.hours.bound() * weekdays * holidays.fold(1.0, f64::max)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::units::{Calendar, Span, date};

    /// A clock of central Europe from a date.
    fn central_europe(year: i16, month: i8, day: i8) -> (Calendar, LocalClock) {
        let calendar = Calendar::starting(date(year, month, day));
        let summers = calendar.european_summers(calendar.time_of(date(year + 3, 1, 1)));
        (calendar, LocalClock { offset_s: 3_600, summers, first_weekday: calendar.first_weekday() })
    }

    #[test]
    fn clocks_go_ahead_on_the_last_sunday_of_march() {
        let (calendar, clock) = central_europe(2026, 1, 1);
        let at = |month, day, hour: u64| {
            let local = clock.at(calendar.time_of(date(2026, month, day)) + Span::from_seconds(hour * 3_600));
            (local.weekday, local.hour)
        };
        assert_eq!(at(1, 1, 0), (3, 1.0));
        assert_eq!(at(3, 29, 0), (6, 1.0));
        assert_eq!(at(3, 29, 1), (6, 3.0));
        assert_eq!(at(10, 25, 0), (6, 2.0));
        assert_eq!(at(10, 25, 1), (6, 2.0));
        assert_eq!(at(12, 31, 23), (4, 0.0));
    }

    #[test]
    fn a_run_may_begin_in_summer() {
        let (_, clock) = central_europe(2026, 7, 1);
        assert_eq!(clock.at(Time::ZERO), LocalTime { day: 0, weekday: 2, hour: 2.0 });
        let west = LocalClock { offset_s: -5 * 3_600, summers: Vec::new(), first_weekday: 0 };
        assert_eq!(west.at(Time::ZERO), LocalTime { day: -1, weekday: 6, hour: 19.0 });
    }

    #[test]
    fn weights_multiply() {
        let (calendar, clock) = central_europe(2026, 1, 1);
        let mut hours = [1.0; 24];
        hours[9] = 2.0;
        let activity = Activity {
            hours: Hours::Each(hours),
            weekdays: [1.0, 1.0, 1.0, 1.5, 1.0, 0.5, 0.5],
            holidays: vec![(7, 0.1), (14, 3.0)],
            clock,
        };
        let at = |day| activity.at(calendar.time_of(date(2026, 1, day)) + Span::from_seconds(8 * 3_600));
        let close = |found: f64, expected: f64| assert!((found - expected).abs() < 1e-12, "{found}");
        close(at(1), 3.0);
        close(at(8), 0.3);
        close(at(15), 9.0);
        close(at(3), 1.0);
        close(activity.bound(), 9.0);
    }

    #[test]
    fn waves_have_mean_one() {
        let hours = Hours::Waves(vec![(0.42, 16.6), (0.11, 3.0)]);
        let mean = (0..2_400).map(|k| hours.at(f64::from(k) / 100.0)).sum::<f64>() / 2_400.0;
        assert!((mean - 1.0).abs() < 1e-12, "{mean}");
        assert!((Hours::Waves(vec![(0.6, 6.0)]).at(6.0) - 1.6).abs() < 1e-12);
    }
}
