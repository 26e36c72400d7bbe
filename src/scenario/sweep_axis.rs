//! An axis of a sweep as it is used: from a place between 0 and 1 to a value, its text, and the overrides that set it.

use super::overrides::Override;
use super::sweep_format::{AxisScale, AxisValue};
use crate::statistics::sensitivity::Design;

/// Digits that numbers keep: enough for any input, few enough to hide what rounding leaves behind.
const DIGITS: usize = 9;
/// Digits that quantities keep, so that they are whole numbers of their smallest step.
const QUANTITY_DIGITS: usize = 6;

/// A sweep, checked: the axes, the points and how often each is run.
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    /// The sets that are run, by their places in the system.
    pub sets: Vec<usize>,
    /// Which points are run.
    pub design: Design,
    /// Runs of each set at each point.
    pub replications: u32,
    /// What is varied.
    pub axes: Vec<Axis>,
    /// The futures over which each point is the mean; none where the scenario is swept as it stands.
    pub futures: Vec<SweepFuture>,
}

/// The sweep in one future.
#[derive(Debug, Clone, PartialEq)]
pub struct SweepFuture {
    /// The future's id.
    pub id: String,
    /// What it changes.
    pub changes: Vec<Override>,
    /// The same axes: factors multiply what this future says.
    pub axes: Vec<Axis>,
}

/// An axis, checked.
#[derive(Debug, Clone, PartialEq)]
pub struct Axis {
    /// Its id.
    pub id: String,
    /// Its name in tables and plots.
    pub name: String,
    /// What it sets.
    pub(super) keys: Vec<Key>,
    /// What it may be.
    pub(super) values: Values,
    /// How it spaces its values.
    pub scale: AxisScale,
    /// Whether it multiplies what the scenario says.
    pub factor: bool,
}

/// A key that an axis sets.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Key {
    pub(super) path: String,
    /// What the scenario says there, where the axis multiplies it.
    pub(super) said: Option<Amount>,
    /// Whether the format asks for a whole number there.
    pub(super) is_whole: bool,
}

/// A number with its unit, which is empty for a plain number.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Amount {
    pub(super) number: f64,
    pub(super) unit: String,
}

/// The values that an axis may take.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Values {
    /// These, in order.
    List(Vec<AxisValue>),
    /// All from one to another; in the product so many.
    Range { from: f64, to: f64, unit: String, steps: Option<u32> },
}

/// An axis at one place.
#[derive(Debug, Clone, PartialEq)]
pub struct AxisPoint {
    /// The value as a number in the axis' unit, where it is one.
    pub number: Option<f64>,
    /// The value in words.
    pub text: String,
    /// What sets it.
    pub overrides: Vec<Override>,
}

impl Amount {
    /// A number, or a text such as `10 Gbit/s`.
    pub(super) fn of(value: &AxisValue) -> Option<Self> {
        match value {
            AxisValue::Number(number) => Some(Self { number: *number, unit: String::new() }),
            AxisValue::Truth(_) => None,
            AxisValue::Text(text) => Self::of_text(text),
        }
    }

    /// A decimal number, then one unit.
    pub(super) fn of_text(text: &str) -> Option<Self> {
        let text = text.trim();
        let split = text.find(|c: char| !(c.is_ascii_digit() || c == '.' || c == '_'))?;
        let (number, unit) = (text[..split].replace('_', "").parse().ok()?, text[split..].trim());
        let is_unit =
            |unit: &str| unit.starts_with(char::is_alphabetic) && !unit.contains(char::is_whitespace);
        is_unit(unit).then(|| Self { number, unit: unit.to_owned() })
    }

    /// As it is written in a scenario.
    fn text(&self, is_whole: bool) -> String {
        let number = if is_whole { self.number.round() } else { self.number };
        match self.unit.as_str() {
            "" => rounded(number, DIGITS),
            unit => format!("{} {unit}", rounded(number, QUANTITY_DIGITS)),
        }
    }
}

/// The same for readers: a number that needs many digits is shown with few.
fn shown(text: &str, number: f64) -> String {
    const LONG: usize = 7;
    let digits = text.split(' ').next().unwrap_or_default();
    if digits.len() <= LONG { text.to_owned() } else { text.replacen(digits, &rounded(number, 4), 1) }
}

/// A number with so many digits, without an exponent.
fn rounded(number: f64, digits: usize) -> String {
    let short: f64 = format!("{number:.*e}", digits - 1).parse().expect("a printed number reads back");
    // Zero has no sign in a scenario.
    if short == 0.0 { "0".to_owned() } else { short.to_string() }
}

impl Axis {
    /// How many values it takes in the product.
    pub fn values(&self) -> u32 {
        match &self.values {
            Values::List(values) => values.len() as u32,
            Values::Range { steps, .. } => steps.unwrap_or(2),
        }
    }

    /// The unit of its numbers; none where the values are not all numbers of one unit.
    pub fn unit(&self) -> Option<&str> {
        match &self.values {
            Values::Range { unit, .. } => Some(unit),
            Values::List(_) => self.amount_of_first().map(|_| self.unit_of_first()),
        }
    }

    fn amount_of_first(&self) -> Option<Amount> {
        let Values::List(values) = &self.values else { return None };
        let first = Amount::of(values.first()?)?;
        let same = |value: &AxisValue| Amount::of(value).is_some_and(|other| other.unit == first.unit);
        values.iter().all(same).then_some(first)
    }

    fn unit_of_first(&self) -> &str {
        let Values::List(values) = &self.values else { return "" };
        match values.first() {
            Some(AxisValue::Text(text)) => {
                text.trim().trim_start_matches(|c: char| c.is_ascii_digit() || c == '.' || c == '_').trim()
            }
            _ => "",
        }
    }

    /// The axis at a place from 0 to 1, or as the scenario has it. Lists are cut into as many equal parts as they have values.
    pub fn at(&self, place: Option<f64>) -> AxisPoint {
        let Some(place) = place else {
            let number = self.factor.then_some(1.0);
            return AxisPoint { number, text: "as it is".to_owned(), overrides: Vec::new() };
        };
        match &self.values {
            Values::List(values) => {
                let index = (place * values.len() as f64) as usize;
                self.point(&values[index.min(values.len() - 1)])
            }
            Values::Range { from, to, unit, .. } => {
                let number = match self.scale {
                    AxisScale::Linear => from + (to - from) * place,
                    AxisScale::Log => from * libm::pow(to / from, place),
                };
                self.point_of(&Amount { number, unit: unit.clone() })
            }
        }
    }

    fn point(&self, value: &AxisValue) -> AxisPoint {
        let plain = |text: String| {
            let set = |key: &Key| Override(format!("{}={text}", key.path));
            AxisPoint { number: None, text: text.clone(), overrides: self.keys.iter().map(set).collect() }
        };
        match Amount::of(value) {
            Some(amount) if self.unit().is_some() => self.point_of(&amount),
            _ => plain(match value {
                AxisValue::Number(number) => rounded(*number, DIGITS),
                AxisValue::Truth(truth) => truth.to_string(),
                AxisValue::Text(text) => text.clone(),
            }),
        }
    }

    fn point_of(&self, amount: &Amount) -> AxisPoint {
        let set = |key: &Key| {
            let value = match &key.said {
                None => amount.clone(),
                Some(said) => Amount { number: said.number * amount.number, unit: said.unit.clone() },
            };
            Override(format!("{}={}", key.path, value.text(key.is_whole)))
        };
        // A number that is set as a whole one is that whole number; a factor stays what it is.
        let is_whole = !self.factor && self.keys.iter().all(|key| key.is_whole);
        let number = if is_whole { amount.number.round() } else { amount.number };
        let text = shown(&amount.text(is_whole), number);
        let text = if self.factor { format!("×{text}") } else { text };
        AxisPoint { number: Some(number), text, overrides: self.keys.iter().map(set).collect() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axis(values: Values, scale: AxisScale, said: Option<&Amount>, is_whole: bool) -> Axis {
        let key = Key { path: "a.b".to_owned(), said: said.cloned(), is_whole };
        Axis {
            id: "x".to_owned(),
            name: "X".to_owned(),
            keys: vec![key],
            values,
            scale,
            factor: said.is_some(),
        }
    }

    #[track_caller]
    fn check(axis: &Axis, place: f64, number: Option<f64>, text: &str, change: &str) {
        let point = axis.at(Some(place));
        let near = point.number.zip(number).is_none_or(|(one, other)| (one / other - 1.0).abs() < 1e-12);
        assert!(near && point.number.is_some() == number.is_some(), "{:?}", point.number);
        assert_eq!((point.text.as_str(), point.overrides[0].0.as_str()), (text, change));
    }

    #[test]
    fn places_become_values() {
        let amount = |number: f64, unit: &str| Amount { number, unit: unit.to_owned() };
        let range = |from, to, unit: &str| Values::Range { from, to, unit: unit.to_owned(), steps: Some(5) };
        let linear = axis(range(0.1, 0.3, ""), AxisScale::Linear, None, false);
        check(&linear, 0.5, Some(0.2), "0.2", "a.b=0.2");
        let log = axis(range(1.0, 100.0, "Gbit/s"), AxisScale::Log, None, false);
        check(&log, 0.5, Some(10.0), "10 Gbit/s", "a.b=10 Gbit/s");
        check(&log, 0.25, Some(10.0_f64.sqrt()), "3.16228 Gbit/s", "a.b=3.16228 Gbit/s");
        let third = axis(range(0.0, 1.0, ""), AxisScale::Linear, None, false);
        check(&third, 1.0 / 3.0, Some(1.0 / 3.0), "0.3333", "a.b=0.333333333");
        let people = axis(range(1.0, 4.0, ""), AxisScale::Linear, None, true);
        check(&people, 0.5, Some(3.0), "3", "a.b=3");
        let times = axis(range(0.5, 2.0, ""), AxisScale::Linear, Some(&amount(3.0, "d")), false);
        check(&times, 0.0, Some(0.5), "×0.5", "a.b=1.5 d");
        let whole = axis(range(0.5, 2.0, ""), AxisScale::Linear, Some(&amount(5.0, "")), true);
        check(&whole, 0.0, Some(0.5), "×0.5", "a.b=3");
        assert_eq!(
            whole.at(None),
            AxisPoint { number: Some(1.0), text: "as it is".to_owned(), overrides: vec![] }
        );
        assert_eq!((whole.values(), log.unit()), (5, Some("Gbit/s")));
    }

    #[test]
    fn lists_are_cut_into_equal_parts() {
        let text = |text: &str| AxisValue::Text(text.to_owned());
        let words = axis(
            Values::List(vec![text("home"), text("random"), AxisValue::Number(3.0)]),
            AxisScale::Linear,
            None,
            false,
        );
        for (place, word) in [(0.0, "home"), (0.33, "home"), (0.34, "random"), (0.5, "random"), (1.0, "3")] {
            check(&words, place, None, word, &format!("a.b={word}"));
        }
        assert_eq!((words.values(), words.unit()), (3, None));
        let rates =
            axis(Values::List(vec![text("1 Gbit/s"), text("20 Gbit/s")]), AxisScale::Log, None, false);
        check(&rates, 0.9, Some(20.0), "20 Gbit/s", "a.b=20 Gbit/s");
        assert_eq!(rates.unit(), Some("Gbit/s"));
        assert_eq!(Amount::of_text("1 d 12 h"), None);
        assert_eq!(Amount::of_text("home"), None);
    }
}
