//! Exact reading of "number unit" text: a decimal number scaled by a unit's integer factor.
//!
//! The number is kept as digits and a decimal shift, never as a float, so `"0.1 s"` is exactly 100,000,000 ns.

use std::fmt;

/// Why a text is no quantity of the expected kind. Reads as the end of "failed to read the value: ...".
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum UnitError {
    /// The text does not begin with a number.
    #[error("expected {expected}, found {found:?}")]
    NotANumber {
        /// An example of what was expected.
        expected: &'static str,
        /// The text as given.
        found: String,
    },
    /// A number without a unit.
    #[error("{found:?} has no unit, expected {expected}")]
    NoUnit {
        /// An example of what was expected.
        expected: &'static str,
        /// The text as given.
        found: String,
    },
    /// A unit this quantity is not measured in.
    #[error("unknown unit {unit:?} in {found:?}, known units: {known}")]
    UnknownUnit {
        /// The unit as given.
        unit: String,
        /// The text as given.
        found: String,
        /// All units of this quantity.
        known: String,
    },
    /// The value is finer than the smallest step of the type, or larger than it can hold.
    #[error("{found:?} is not a whole number of {step} within range")]
    OutOfRange {
        /// The text as given.
        found: String,
        /// The smallest step.
        step: &'static str,
    },
}

/// A unit's name and how many smallest steps it counts.
pub(crate) type Unit = (&'static str, u128);

/// A kind of quantity: its units (the first one is the smallest step's name) and an example for messages.
pub(crate) struct Kind {
    pub(crate) units: &'static [Unit],
    pub(crate) example: &'static str,
    pub(crate) step: &'static str,
}

/// Reads `text` as a whole number of smallest steps of `kind`.
pub(crate) fn parse_steps(text: &str, kind: &Kind) -> Result<u64, UnitError> {
    let found = || text.to_owned();
    let trimmed = text.trim();
    let split =
        trimmed.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_')).unwrap_or(trimmed.len());
    let (number, unit) = (trimmed[..split].replace('_', ""), trimmed[split..].trim());
    let (whole, fraction) = number.split_once('.').unwrap_or((&number, ""));
    let digits = format!("{whole}{fraction}");
    let readable =
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && !fraction.contains('.');
    if !readable {
        return Err(UnitError::NotANumber { expected: kind.example, found: found() });
    }
    if unit.is_empty() {
        return Err(UnitError::NoUnit { expected: kind.example, found: found() });
    }
    let Some(&(_, factor)) = kind.units.iter().find(|(name, _)| *name == unit) else {
        let known = kind.units.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ");
        return Err(UnitError::UnknownUnit { unit: unit.to_owned(), found: found(), known });
    };
    let out_of_range = || UnitError::OutOfRange { found: found(), step: kind.step };
    let mantissa: u128 = digits.parse().map_err(|_| out_of_range())?;
    let scale = 10_u128.checked_pow(fraction.len() as u32).ok_or_else(out_of_range)?;
    let scaled = mantissa.checked_mul(factor).ok_or_else(out_of_range)?;
    if scaled % scale != 0 {
        return Err(out_of_range());
    }
    u64::try_from(scaled / scale).map_err(|_| out_of_range())
}

/// Writes `steps` in the largest unit of `units` (sorted by factor) that divides it, so that reading gives it back.
pub(crate) fn print_steps(f: &mut fmt::Formatter<'_>, steps: u64, units: &[Unit]) -> fmt::Result {
    let steps = u128::from(steps);
    let (name, factor) =
        units.iter().rev().find(|(_, factor)| steps != 0 && steps % factor == 0).unwrap_or(&units[0]);
    write!(f, "{} {name}", steps / factor)
}

/// Implements `FromStr` and serde's text form for a type with `parse_steps`-style `FromStr` and exact `Display`.
macro_rules! text_serde {
    ($type:ty) => {
        impl serde::Serialize for $type {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }
        impl<'de> serde::Deserialize<'de> for $type {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                let text = <String as serde::Deserialize>::deserialize(deserializer)?;
                text.parse().map_err(serde::de::Error::custom)
            }
        }
    };
}
pub(crate) use text_serde;
