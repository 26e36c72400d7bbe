//! Time as a whole number of nanoseconds: [`Time`] is an instant since the scenario's start, [`Span`] a length.
//!
//! A `u64` holds 584 years of nanoseconds. Overflow is a broken invariant and panics, in release builds too.

use super::decimal::{Kind, UnitError, parse_steps, print_steps, text_serde};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign, Mul, Sub};
use std::str::FromStr;

const NS_PER_S: u64 = 1_000_000_000;
const NS_PER_HOUR: u64 = 3_600 * NS_PER_S;

const SPAN: Kind = Kind {
    units: &[
        ("ns", 1),
        ("us", 1_000),
        ("ms", 1_000_000),
        ("s", NS_PER_S as u128),
        ("min", 60 * NS_PER_S as u128),
        ("h", NS_PER_HOUR as u128),
        ("d", 24 * NS_PER_HOUR as u128),
        ("weeks", 7 * 24 * NS_PER_HOUR as u128),
    ],
    example: "a duration such as \"36 h\", \"90 min\" or \"2.5 d\"",
    step: "nanoseconds",
};

/// An instant: nanoseconds since the start of the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Time(pub u64);

/// A length of time in nanoseconds.
///
/// ```
/// use pleiade::units::Span;
/// let span: Span = "1.5 h".parse()?;
/// assert_eq!(span, Span::from_seconds(5_400));
/// assert_eq!(span.to_string(), "90 min");
/// # Ok::<(), pleiade::units::UnitError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Span(pub u64);

impl Time {
    /// The start of the scenario.
    pub const ZERO: Self = Self(0);
    /// Later than everything.
    pub const MAX: Self = Self(u64::MAX);

    /// The time since `earlier`; panics if `earlier` is later.
    pub fn since(self, earlier: Self) -> Span {
        Span(self.0.checked_sub(earlier.0).expect("time runs forward"))
    }

    /// An instant `seconds` after the start.
    pub fn from_seconds(seconds: u64) -> Self {
        Self::ZERO + Span::from_seconds(seconds)
    }

    /// Seconds since the start.
    pub fn as_seconds(self) -> f64 {
        Span(self.0).as_seconds()
    }

    /// This instant plus `span`, or the last instant where that would overflow.
    pub fn saturating_add(self, span: Span) -> Self {
        Self(self.0.saturating_add(span.0))
    }
}

impl Span {
    /// No time.
    pub const ZERO: Self = Self(0);
    /// The longest length.
    pub const MAX: Self = Self(u64::MAX);
    /// One nanosecond, the smallest step.
    pub const STEP: Self = Self(1);

    /// A length of whole seconds.
    pub fn from_seconds(seconds: u64) -> Self {
        Self(seconds.checked_mul(NS_PER_S).expect("a length of time fits 584 years"))
    }

    /// A length from seconds as a float, rounded up to the next nanosecond; panics if negative or not finite.
    pub fn from_seconds_ceil(seconds: f64) -> Self {
        assert!(
            seconds.is_finite() && seconds >= 0.0,
            "a length of time is finite and not negative: {seconds}"
        );
        Self((seconds * NS_PER_S as f64).ceil() as u64)
    }

    /// A length from seconds as a float, rounded to the nearest nanosecond; panics if negative or not finite.
    pub fn from_seconds_round(seconds: f64) -> Self {
        assert!(
            seconds.is_finite() && seconds >= 0.0,
            "a length of time is finite and not negative: {seconds}"
        );
        Self((seconds * NS_PER_S as f64).round() as u64)
    }

    /// Seconds.
    pub fn as_seconds(self) -> f64 {
        self.0 as f64 / NS_PER_S as f64
    }

    /// Hours.
    pub fn as_hours(self) -> f64 {
        self.0 as f64 / NS_PER_HOUR as f64
    }
}

impl Add<Span> for Time {
    type Output = Self;
    fn add(self, span: Span) -> Self {
        Self(self.0.checked_add(span.0).expect("time stays within 584 years"))
    }
}

impl Add for Span {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect("a length of time fits 584 years"))
    }
}

impl AddAssign for Span {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sub for Span {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.checked_sub(other.0).expect("a length of time is not negative"))
    }
}

impl Mul<u64> for Span {
    type Output = Self;
    fn mul(self, times: u64) -> Self {
        Self(self.0.checked_mul(times).expect("a length of time fits 584 years"))
    }
}

impl Sum for Span {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_steps(f, self.0, &SPAN.units[..7])
    }
}

impl FromStr for Span {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        parse_steps(text, &SPAN).map(Self)
    }
}

text_serde!(Span);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_exactly_what_people_write() {
        for (text, ns) in
            [("1 ns", 1), ("0.1 s", 100_000_000), ("36 h", 36 * NS_PER_HOUR), ("2.5d", 60 * NS_PER_HOUR)]
        {
            assert_eq!(text.parse(), Ok(Span(ns)), "{text}");
        }
        for text in ["36", "h", "1.5 ns", "-3 h", "3 hours", "1e3 s", "99999999999 d", ""] {
            assert!(text.parse::<Span>().is_err(), "{text}");
        }
    }

    #[test]
    fn prints_what_it_reads() {
        for ns in [0, 1, 999, 1_000, 90 * 60 * NS_PER_S, 24 * NS_PER_HOUR, u64::MAX] {
            assert_eq!(Span(ns).to_string().parse(), Ok(Span(ns)));
        }
    }
}
