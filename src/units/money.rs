//! Money in whole euro cents, and prices per megawatt-hour in the same step.

use super::decimal::{Kind, UnitError, parse_steps, print_steps, text_serde};
use std::fmt;
use std::str::FromStr;

const CENTS: Kind = Kind {
    units: &[("cent", 1), ("EUR", 100), ("kEUR", 100_000), ("MEUR", 100_000_000), ("GEUR", 100_000_000_000)],
    example: "an amount such as \"387.8 MEUR\" or \"67.40 EUR\"",
    step: "euro cents",
};

/// An amount in euro cents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Money(pub u64);

impl Money {
    /// Euros.
    pub fn as_euros(self) -> f64 {
        self.0 as f64 / 100.0
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_steps(f, self.0, CENTS.units)
    }
}

impl FromStr for Money {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        parse_steps(text, &CENTS).map(Self)
    }
}

text_serde!(Money);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        assert_eq!("387.8 MEUR".parse(), Ok(Money(38_780_000_000)));
        assert_eq!(Money(6_740).to_string().parse(), Ok(Money(6_740)));
        assert!("3 USD".parse::<Money>().is_err());
    }
}
