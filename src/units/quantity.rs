//! Bytes, link rates and accelerator-hours.
//!
//! Bytes are decimal as in network engineering: 1 PB = 10^15 B; binary units are spelled `PiB`. A rate is written in
//! bits or bytes per second and kept as bytes per second in f64, the only float among the units, since max-min shares
//! are real numbers. Accelerator-time is accelerators times nanoseconds in a `u128`: exact for any horizon.

use super::Span;
use super::decimal::{Kind, UnitError, parse_steps, print_steps, text_serde};
use std::fmt;
use std::iter::Sum;
use std::ops::{Add, AddAssign};
use std::str::FromStr;

const BYTES: Kind = Kind {
    units: &[
        ("B", 1),
        ("kB", 1_000),
        ("KiB", 1 << 10),
        ("MB", 1_000_000),
        ("MiB", 1 << 20),
        ("GB", 1_000_000_000),
        ("GiB", 1 << 30),
        ("TB", 1_000_000_000_000),
        ("TiB", 1 << 40),
        ("PB", 1_000_000_000_000_000),
        ("PiB", 1 << 50),
    ],
    example: "a size such as \"30 PB\", \"1.5 TB\" or \"10 GiB\"",
    step: "bytes",
};

const BITS_PER_SECOND: Kind = Kind {
    units: &[
        ("bit/s", 1),
        ("B/s", 8),
        ("kbit/s", 1_000),
        ("Mbit/s", 1_000_000),
        ("MB/s", 8_000_000),
        ("Gbit/s", 1_000_000_000),
        ("GB/s", 8_000_000_000),
        ("Tbit/s", 1_000_000_000_000),
        ("TB/s", 8_000_000_000_000),
    ],
    example: "a rate such as \"400 Gbit/s\" or \"20 GB/s\"",
    step: "bits per second",
};

/// A number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Bytes(pub u64);

impl Bytes {
    /// Nothing.
    pub const ZERO: Self = Self(0);
}

impl Add for Bytes {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.checked_add(other.0).expect("a number of bytes fits 18 EB"))
    }
}

impl AddAssign for Bytes {
    fn add_assign(&mut self, other: Self) {
        *self = *self + other;
    }
}

impl Sum for Bytes {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const DECIMAL: [(&str, u128); 6] = [
            ("B", 1),
            ("kB", 1_000),
            ("MB", 1_000_000),
            ("GB", 1_000_000_000),
            ("TB", 1_000_000_000_000),
            ("PB", 1_000_000_000_000_000),
        ];
        print_steps(f, self.0, &DECIMAL)
    }
}

impl FromStr for Bytes {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        parse_steps(text, &BYTES).map(Self)
    }
}

text_serde!(Bytes);

/// A rate in bytes per second; finite and not negative.
///
/// ```
/// use pleiade::units::ByteRate;
/// let rate: ByteRate = "400 Gbit/s".parse()?;
/// assert_eq!(rate, ByteRate(50e9));
/// assert_eq!(rate.to_string(), "400 Gbit/s");
/// # Ok::<(), pleiade::units::UnitError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct ByteRate(pub f64);

impl ByteRate {
    /// Bytes per second.
    pub fn bytes_per_second(self) -> f64 {
        self.0
    }

    /// Gigabits per second.
    pub fn as_gbit_per_second(self) -> f64 {
        self.0 * 8e-9
    }
}

impl fmt::Display for ByteRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        const BITS: [(&str, u128); 5] = [
            ("bit/s", 1),
            ("kbit/s", 1_000),
            ("Mbit/s", 1_000_000),
            ("Gbit/s", 1_000_000_000),
            ("Tbit/s", 1_000_000_000_000),
        ];
        print_steps(f, (self.0 * 8.0).round() as u64, &BITS)
    }
}

impl FromStr for ByteRate {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        parse_steps(text, &BITS_PER_SECOND).map(|bits| Self(bits as f64 / 8.0))
    }
}

text_serde!(ByteRate);

/// Accelerators times nanoseconds: what a job holds and what a partition offers, exactly.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct AcceleratorTime(pub u128);

impl AcceleratorTime {
    /// None.
    pub const ZERO: Self = Self(0);

    /// What `accelerators` offer or hold over `span`.
    pub fn of(accelerators: u64, span: Span) -> Self {
        Self(u128::from(accelerators) * u128::from(span.0))
    }

    /// The nearest whole number of units for so many hours, not negative.
    pub fn from_hours_round(hours: f64) -> Self {
        Self((hours * 3.6e12).round() as u128)
    }

    /// Accelerator-hours, the planner's unit.
    pub fn as_hours(self) -> f64 {
        self.0 as f64 / 3.6e12
    }
}

impl Add for AcceleratorTime {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0 + other.0)
    }
}

impl AddAssign for AcceleratorTime {
    fn add_assign(&mut self, other: Self) {
        self.0 += other.0;
    }
}

impl Sum for AcceleratorTime {
    fn sum<I: Iterator<Item = Self>>(items: I) -> Self {
        items.fold(Self::ZERO, Add::add)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_and_rates_are_exact() {
        assert_eq!("30 PB".parse(), Ok(Bytes(30_000_000_000_000_000)));
        assert_eq!("1.5 KiB".parse(), Ok(Bytes(1_536)));
        assert_eq!(Bytes(1_536).to_string(), "1536 B");
        assert_eq!("1.2 Tbit/s".parse(), Ok(ByteRate(150e9)));
        assert_eq!("20 GB/s".parse(), Ok(ByteRate(20e9)));
        for text in ["400 Gb", "1.5 B", "30", "PB", "400 GBit/s"] {
            assert!(text.parse::<Bytes>().is_err() && text.parse::<ByteRate>().is_err(), "{text}");
        }
    }
}
