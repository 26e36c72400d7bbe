//! Numbers for readers: each quantity in a unit that suits its size, digits that follow the interval's half-width.
//!
//! A column or an axis takes one unit for all its values, chosen from the largest, so that they compare at a glance.

use crate::statistics::Estimate;

/// What a number measures, and in which unit results hold it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Quantity {
    /// A duration in seconds.
    Seconds,
    /// Work in hours of the reference accelerator.
    AcceleratorHours,
    /// Working time of people in hours.
    StaffHours,
    /// A share between 0 and 1.
    Share,
    /// A count of jobs or accelerators.
    Count,
    /// Data in terabytes.
    Terabytes,
    /// A link's capacity in gigabits a second.
    GigabitsPerSecond,
    /// Money in euros.
    Euros,
    /// Energy in megawatt-hours.
    MegawattHours,
    /// Carbon in tonnes of CO2 equivalent.
    Tonnes,
    /// A probability; one below 0.0001 is shown as such.
    Probability,
    /// Something without a unit.
    Plain,
}

/// A unit to print in: the value divided by `divisor` carries `label`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Unit {
    /// How many of the quantity's own unit make one of this.
    pub divisor: f64,
    /// The sign after the number; empty for a plain count.
    pub label: &'static str,
}

/// No unit.
pub const PLAIN: Unit = Unit { divisor: 1.0, label: "" };

/// A narrow space that does not break: the SI's separator of thousands.
const THIN: char = '\u{202f}';

impl Quantity {
    /// The quantity behind a unit of files; plain where it has no ladder of units.
    pub fn of_unit(unit: &str) -> Self {
        match unit {
            "s" => Self::Seconds,
            "h" => Self::AcceleratorHours,
            "staff-h" => Self::StaffHours,
            "share" => Self::Share,
            "jobs" | "projects" => Self::Count,
            "TB" => Self::Terabytes,
            "EUR" => Self::Euros,
            "t CO2" => Self::Tonnes,
            _ => Self::Plain,
        }
    }

    /// The units from small to large, each with the value from which it is used.
    pub(super) const fn ladder(self) -> &'static [(f64, f64, &'static str)] {
        const MINUTE: f64 = 60.0;
        const HOUR: f64 = 3600.0;
        const DAY: f64 = 86_400.0;
        match self {
            Self::Seconds => &[
                (0.0, 1.0, "s"),
                (2.0 * MINUTE, MINUTE, "min"),
                (2.0 * HOUR, HOUR, "h"),
                (3.0 * DAY, DAY, "d"),
            ],
            Self::AcceleratorHours | Self::StaffHours => &[
                (0.0, 1.0, "h"),
                (1e5, 1e3, "thousand h"),
                (1e6, 1e6, "million h"),
                (1e10, 1e9, "billion h"),
            ],
            Self::Share => &[(0.0, 0.01, "%")],
            Self::Count => &[(0.0, 1.0, ""), (1e7, 1e6, "million"), (1e10, 1e9, "billion")],
            Self::Terabytes => &[(0.0, 1e-3, "GB"), (1.0, 1.0, "TB"), (1e4, 1e3, "PB"), (1e7, 1e6, "EB")],
            Self::GigabitsPerSecond => &[(0.0, 1.0, "Gbit/s"), (1e4, 1e3, "Tbit/s")],
            Self::Euros => &[(0.0, 1.0, "EUR"), (1e5, 1e3, "kEUR"), (1e6, 1e6, "MEUR"), (1e10, 1e9, "GEUR")],
            Self::MegawattHours => &[(0.0, 1.0, "MWh"), (1e4, 1e3, "GWh"), (1e7, 1e6, "TWh")],
            Self::Tonnes => &[(0.0, 1.0, "t CO₂e"), (1e4, 1e3, "kt CO₂e"), (1e7, 1e6, "Mt CO₂e")],
            Self::Probability | Self::Plain => &[(0.0, 1.0, "")],
        }
    }

    /// The unit in which a value of this size reads best.
    pub fn unit_for(self, value: f64) -> Unit {
        let size = if value.is_finite() { value.abs() } else { 0.0 };
        let &(_, divisor, label) = self
            .ladder()
            .iter()
            .rev()
            .find(|(least, ..)| size >= *least)
            .expect("the first unit starts at zero");
        Unit { divisor, label }
    }

    /// The unit for values side by side: that of the largest mean.
    pub fn unit_for_all<'a>(self, estimates: impl IntoIterator<Item = &'a Estimate>) -> Unit {
        let largest = estimates.into_iter().filter_map(mean).map(f64::abs).fold(0.0, f64::max);
        self.unit_for(largest)
    }

    /// The unit in which results and machine-readable files hold it.
    pub const fn base_unit(self) -> &'static str {
        match self {
            Self::Seconds => "s",
            Self::AcceleratorHours => "h",
            Self::StaffHours => "staff-h",
            Self::Share => "share",
            Self::Count => "count",
            Self::Terabytes => "TB",
            Self::GigabitsPerSecond => "Gbit/s",
            Self::Euros => "EUR",
            Self::MegawattHours => "MWh",
            Self::Tonnes => "t",
            Self::Probability => "probability",
            Self::Plain => "",
        }
    }
}

/// The mean where there is a finite one.
pub fn mean(estimate: &Estimate) -> Option<f64> {
    estimate.mean.filter(|mean| mean.is_finite())
}

/// The half-width where there is a finite one.
pub fn half_width(estimate: &Estimate) -> Option<f64> {
    estimate.half_width.filter(|half| half.is_finite())
}

/// The interval's ends, the mean twice without a half-width, where there is a finite mean.
pub fn interval(estimate: &Estimate) -> Option<(f64, f64)> {
    let half = half_width(estimate).unwrap_or(0.0);
    mean(estimate).map(|mean| (mean - half, mean + half))
}

/// A number with a fixed count of decimals, thousands apart, a true minus sign; in powers of ten where it is huge.
pub fn number(value: f64, decimals: usize) -> String {
    if !value.is_finite() {
        return "–".to_owned();
    }
    if value.abs() >= 1e15 {
        return format!("{value:.2e}").replace('-', "−");
    }
    let digits = format!("{:.*}", decimals.min(12), value.abs());
    let (whole, fraction) = digits.split_once('.').unwrap_or((&digits, ""));
    let mut text = String::new();
    if value < 0.0 && digits.contains(|digit| ('1'..='9').contains(&digit)) {
        text.push('−');
    }
    for (index, digit) in whole.chars().enumerate() {
        // Four digits alone need no separator.
        if index > 0 && (whole.len() - index).is_multiple_of(3) && whole.len() > 4 {
            text.push(THIN);
        }
        text.push(digit);
    }
    if !fraction.is_empty() {
        text.push('.');
        text.push_str(fraction);
    }
    text
}

/// Decimals that show a half-width with one digit, with two when it begins with 1; without a half-width (or with
/// none to show) three digits of the mean.
pub fn decimals(mean: f64, half_width: Option<f64>) -> usize {
    // Less than a millionth of the unit is shown as nothing.
    if mean.abs() < 5e-7 && half_width.is_none_or(|half| half < 5e-7) {
        return 0;
    }
    let places = match half_width.filter(|half| half.is_finite() && *half > 0.0) {
        Some(half) => {
            let exponent = libm::floor(libm::log10(half));
            let leading = half / libm::pow(10.0, exponent);
            if leading < 2.0 { 1.0 - exponent } else { -exponent }
        }
        None if mean == 0.0 || !mean.is_finite() => 0.0,
        None if mean.abs() < 1e9 && mean.fract().abs() < 1e-9 => 0.0,
        None => 2.0 - libm::floor(libm::log10(mean.abs())),
    };
    places.clamp(0.0, 6.0) as usize
}

/// Both ends of an interval, with the digits that its width asks for.
pub fn between(low: Option<f64>, high: Option<f64>, unit: Unit) -> String {
    let scaled = |end: Option<f64>| end.map(|end| end / unit.divisor);
    let (low, high) = (scaled(low), scaled(high));
    let width = low.zip(high).map(|(low, high)| (high - low) / 2.0).filter(|width| *width > 0.0);
    let text = |end: Option<f64>| end.map_or("?".to_owned(), |end| number(end, decimals(end, width)));
    format!("{} to {}", text(low), text(high))
}

/// At most so many bars stand side by side.
const MOST_BARS: usize = 24;
/// Bars from low to high.
const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Shares between 0 and 1 as a line of bars of eight heights, a dot where there is none; means of neighbours where there are
/// many.
pub fn bars(shares: &[Option<f64>]) -> String {
    let bar = |shares: &[Option<f64>]| {
        let known: Vec<f64> = shares.iter().flatten().copied().filter(|share| share.is_finite()).collect();
        if known.is_empty() {
            return '·';
        }
        let mean = known.iter().sum::<f64>() / known.len() as f64;
        HEIGHTS[((mean * 8.0).max(0.0) as usize).min(7)]
    };
    let each = shares.len().div_ceil(MOST_BARS).max(1);
    shares.chunks(each).map(bar).collect()
}

/// A probability: four decimals below 0.01, three above.
pub fn probability(value: f64) -> String {
    match value {
        small if small < 1e-4 => "<0.0001".to_owned(),
        small if small < 0.01 => number(small, 4),
        other => number(other, 3),
    }
}

/// A value without an interval (a fact, not a result) with its unit: three digits or all of a whole number.
pub fn value(value: f64, quantity: Quantity) -> String {
    let unit = quantity.unit_for(value);
    let scaled = value / unit.divisor;
    with_label(&number(scaled, decimals(scaled, None)), unit)
}

/// Decimals of an estimate: those of its half-width, and one more where the interval excludes zero but its rounded ends
/// would touch it.
fn decimals_of(mean: f64, half_width: Option<f64>) -> usize {
    let decimals = decimals(mean, half_width);
    let rounded = |value: f64| libm::round(value.abs() * libm::pow(10.0, decimals as f64));
    let touches = |half: f64| half > 0.0 && half < mean.abs() && rounded(half) >= rounded(mean);
    decimals + usize::from(half_width.is_some_and(touches))
}

/// Mean ± half-width without the unit. `–` where no replication gave a value; the count where it is not that of the
/// study, or where there is no interval.
pub fn estimate(estimate: &Estimate, unit: Unit, replications: u32) -> String {
    let Some(mean) = mean(estimate) else { return "–".to_owned() };
    let (mean, half) = (mean / unit.divisor, half_width(estimate).map(|half| half / unit.divisor));
    let decimals = decimals_of(mean, half);
    let text = match half {
        Some(half) => format!("{} ± {}", number(mean, decimals), number(half, decimals)),
        None => number(mean, decimals),
    };
    if half.is_some() && estimate.count == replications {
        text
    } else {
        format!("{text} (n = {})", estimate.count)
    }
}

/// Mean ± half-width with a unit that suits the mean.
pub fn estimate_with_unit(value: &Estimate, quantity: Quantity, replications: u32) -> String {
    let unit = quantity.unit_for(mean(value).unwrap_or(0.0));
    match mean(value) {
        Some(_) => with_label(&estimate(value, unit, replications), unit),
        None => "–".to_owned(),
    }
}

/// A difference: as an estimate with its unit, a sign always shown.
pub fn difference(value: &Estimate, unit: Unit, replications: u32) -> String {
    let text = with_label(&estimate(value, unit, replications), unit);
    let positive = mean(value).is_some_and(|mean| mean > 0.0);
    let shows_zero =
        text.split(' ').next().is_some_and(|mean| !mean.contains(|one| ('1'..='9').contains(&one)));
    if positive && !shows_zero { format!("+{text}") } else { text }
}

/// A name within a sentence; abbreviations stay as they are.
pub(super) fn lower_first(name: &str) -> String {
    let mut letters = name.chars();
    match (letters.next(), letters.next()) {
        (Some(first), Some(second)) if second.is_lowercase() || second == ' ' => {
            first.to_lowercase().chain(name.chars().skip(1)).collect()
        }
        _ => name.to_owned(),
    }
}

/// A number's text followed by its unit's sign.
fn with_label(text: &str, unit: Unit) -> String {
    if unit.label.is_empty() { text.to_owned() } else { format!("{text} {}", unit.label) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bars_of_shares() {
        let shares = [Some(0.0), Some(0.49), None, Some(0.99), Some(1.0), Some(1.3)];
        assert_eq!(bars(&shares), "▁▄·███");
        assert_eq!(bars(&[]), "");
        assert_eq!(bars(&[Some(f64::NAN)]), "·");
        // Fifty shares in pieces of three: the last piece has two.
        assert_eq!(bars(&[Some(0.5); 50]), "▅".repeat(17));
    }
    use proptest::prelude::*;

    fn of(mean: f64, half: f64) -> Estimate {
        Estimate { mean: Some(mean), half_width: Some(half), count: 10 }
    }

    #[test]
    fn digits_follow_the_half_width() {
        let plain = Unit { divisor: 1.0, label: "" };
        assert_eq!(estimate(&of(3.2417, 0.412), plain, 10), "3.2 ± 0.4");
        assert_eq!(estimate(&of(3.2417, 0.142), plain, 10), "3.24 ± 0.14");
        assert_eq!(estimate(&of(1_234_567.0, 1234.0), plain, 10), "1\u{202f}234\u{202f}567 ± 1234");
        assert_eq!(estimate(&of(0.0, 0.0), plain, 10), "0 ± 0");
        assert_eq!(estimate(&of(-0.001, 2.0), plain, 10), "0 ± 2");
        // Clear of zero, and so it reads.
        assert_eq!(estimate(&of(-3.3, 2.8), plain, 10), "−3.3 ± 2.8");
        assert_eq!(estimate(&of(-2.6, 2.8), plain, 10), "−3 ± 3");
    }

    #[test]
    fn a_missing_interval_or_a_smaller_count_is_said() {
        let plain = Unit { divisor: 1.0, label: "" };
        let single = Estimate { mean: Some(2.5), half_width: None, count: 1 };
        assert_eq!(estimate(&single, plain, 1), "2.50 (n = 1)");
        assert_eq!(estimate(&of(2.5, 0.3), plain, 12), "2.5 ± 0.3 (n = 10)");
        let none = Estimate { mean: None, half_width: None, count: 0 };
        assert_eq!(estimate_with_unit(&none, Quantity::Seconds, 10), "–");
    }

    #[test]
    fn units_suit_the_size() {
        assert_eq!(value(45.0, Quantity::Seconds), "45 s");
        assert_eq!(value(5400.0, Quantity::Seconds), "90 min");
        assert_eq!(value(864_000.0, Quantity::Seconds), "10 d");
        assert_eq!(value(0.634, Quantity::Share), "63.4 %");
        assert_eq!(value(387_800_000.0, Quantity::Euros), "388 MEUR");
        assert_eq!(value(0.25, Quantity::Terabytes), "250 GB");
        let unit = Quantity::Seconds.unit_for(300_000.0);
        assert_eq!(difference(&of(276_480.0, 34_560.0), unit, 10), "+3.2 ± 0.4 d");
        assert_eq!(difference(&of(-276_480.0, 34_560.0), unit, 10), "−3.2 ± 0.4 d");
    }

    /// The page's script formats by the same rules: `tests/browser/page.mjs` holds it to the same cases.
    #[test]
    fn the_page_formats_alike() {
        let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/browser/numbers.json");
        let cases: Vec<(String, f64, Option<f64>, u32, String)> =
            serde_json::from_slice(&std::fs::read(file).unwrap()).unwrap();
        assert!(cases.len() > 40);
        for (unit, mean, half_width, count, text) in cases {
            let estimate = Estimate { mean: Some(mean), half_width, count };
            assert_eq!(estimate_with_unit(&estimate, Quantity::of_unit(&unit), 10), text);
        }
    }

    proptest! {
        #[test]
        fn any_number_prints(mean in proptest::num::f64::ANY, half in proptest::num::f64::ANY) {
            for quantity in [Quantity::Seconds, Quantity::Share, Quantity::Euros, Quantity::AcceleratorHours] {
                let text = estimate_with_unit(&of(mean, half), quantity, 10);
                prop_assert!(!text.is_empty() && text.chars().count() < 60, "{text}");
            }
        }
    }
}
