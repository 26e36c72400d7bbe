//! Power, energy and carbon: watts, watt-hours and grams of CO2 equivalent, as integers.

use super::decimal::{Kind, UnitError, parse_steps, print_steps, text_serde};
use std::fmt;
use std::str::FromStr;

const WATTS: Kind = Kind {
    units: &[("W", 1), ("kW", 1_000), ("MW", 1_000_000)],
    example: "a power such as \"7.1 MW\" or \"700 W\"",
    step: "watts",
};

const GRAMS_PER_KWH: Kind = Kind {
    units: &[("gCO2/kWh", 1), ("kgCO2/kWh", 1_000)],
    example: "a carbon intensity such as \"79 gCO2/kWh\"",
    step: "grams of CO2 per kWh",
};

/// A power in watts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Power(pub u64);

/// An energy in kilowatt-hours, as results carry it.
#[derive(Debug, Clone, Copy, PartialEq, PartialOrd, Default)]
pub struct Energy(pub f64);

/// A carbon intensity in grams of CO2 equivalent per kilowatt-hour.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default)]
pub struct Carbon(pub u64);

impl Power {
    /// The energy drawn at this power for a number of hours.
    pub fn over_hours(self, hours: f64) -> Energy {
        Energy(self.0 as f64 / 1_000.0 * hours)
    }
}

impl fmt::Display for Power {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_steps(f, self.0, WATTS.units)
    }
}

impl FromStr for Power {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        parse_steps(text, &WATTS).map(Self)
    }
}

impl fmt::Display for Carbon {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        print_steps(f, self.0, &GRAMS_PER_KWH.units[..1])
    }
}

impl FromStr for Carbon {
    type Err = UnitError;
    fn from_str(text: &str) -> Result<Self, UnitError> {
        parse_steps(text, &GRAMS_PER_KWH).map(Self)
    }
}

text_serde!(Power);
text_serde!(Carbon);
