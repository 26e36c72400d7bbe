//! Axes: from values to places on the page, and ticks at numbers that people use.

use super::drawing::Weight;
use super::font::text_width;
use crate::units::Date;
use jiff::ToSpan;

/// How an axis spaces its values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Spacing {
    /// Equal steps for equal differences.
    Linear,
    /// Equal steps for equal ratios.
    Logarithmic,
}

/// A straight axis: the values `from` and `to` stand at the places `start` and `end`.
#[derive(Debug, Clone, Copy)]
pub(super) struct Axis {
    from: f64,
    to: f64,
    start: f64,
    end: f64,
    spacing: Spacing,
}

impl Axis {
    /// A linear axis over a range of values; a range without extent is widened.
    pub(super) fn linear((from, to): (f64, f64), (start, end): (f64, f64)) -> Self {
        let (from, to) = widened(from, to);
        Self { from, to, start, end, spacing: Spacing::Linear }
    }

    /// A logarithmic axis over a range of positive values; a range without extent is widened.
    pub(super) fn logarithmic((from, to): (f64, f64), (start, end): (f64, f64)) -> Self {
        let from = if from > 0.0 && from.is_finite() { from } else { 1e-9 };
        let to = if to.is_finite() { to.max(from * 10.0) } else { from * 10.0 };
        Self { from, to, start, end, spacing: Spacing::Logarithmic }
    }

    /// Where a value stands; a value beyond an end, or no number, stands at the end.
    pub(super) fn place(&self, value: f64) -> f64 {
        let share = match self.spacing {
            Spacing::Linear => (value - self.from) / (self.to - self.from),
            Spacing::Logarithmic => {
                let low = libm::log10(self.from);
                (libm::log10(value.max(self.from)) - low) / (libm::log10(self.to) - low)
            }
        };
        let share = if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) };
        self.start + share * (self.end - self.start)
    }

    /// The first and the last value.
    pub(super) fn range(&self) -> (f64, f64) {
        (self.from, self.to)
    }

    /// About `count` round values within the range (powers of ten, or 1, 2 or 5 times one), with their texts.
    pub(super) fn ticks(&self, count: usize) -> Vec<(f64, String)> {
        match self.spacing {
            Spacing::Linear => linear_ticks(self.from, self.to, count),
            Spacing::Logarithmic => power_ticks(self.from, self.to),
        }
    }
}

/// The range itself when it has extent, else one around it.
fn widened(from: f64, to: f64) -> (f64, f64) {
    let bound = |value: f64| if value.is_finite() { value.clamp(-1e300, 1e300) } else { 0.0 };
    let (from, to) = (bound(from), bound(to));
    if to - from > 1e-12 * from.abs().max(to.abs()) && to > from {
        return (from, to);
    }
    let margin = from.abs().max(1e-9) * 0.5;
    (from.min(to) - margin, from.max(to) + margin)
}

fn linear_ticks(from: f64, to: f64, count: usize) -> Vec<(f64, String)> {
    let raw = (to - from) / count.max(1) as f64;
    let power = libm::pow(10.0, libm::floor(libm::log10(raw)));
    let step =
        [1.0, 2.0, 5.0, 10.0].into_iter().map(|factor| factor * power).find(|step| *step >= raw * 0.999);
    let Some(step) = step.filter(|step| step.is_finite() && *step > 0.0) else { return Vec::new() };
    let decimals = (-libm::floor(libm::log10(step) + 1e-9)).clamp(0.0, 9.0) as usize;
    let first = (from / step - 1e-9).ceil();
    (0..=2 * count)
        .map(|index| (first + index as f64) * step)
        .take_while(|value| *value <= to + step * 1e-9)
        .map(|value| (value, tick_text(value, step, decimals)))
        .collect()
}

/// A tick in plain digits, or in powers of ten where the step is tiny.
fn tick_text(value: f64, step: f64, decimals: usize) -> String {
    // Adding up steps leaves a speck where zero is meant.
    let value = if value.abs() < step * 1e-6 { 0.0 } else { value };
    if !(1e-5..=1e9).contains(&step) && value != 0.0 {
        format!("{value:.0e}").replace('-', "−")
    } else {
        super::format::number(value, if step < 1e-5 { 0 } else { decimals })
    }
}

fn power_ticks(from: f64, to: f64) -> Vec<(f64, String)> {
    let (low, high) = (libm::log10(from).ceil() as i32, libm::log10(to).floor() as i32);
    let step = ((high - low) / 8 + 1).max(1) as usize;
    (low..=high)
        .step_by(step)
        .map(|exponent| (libm::pow(10.0, f64::from(exponent)), exponent))
        .map(|(value, exponent)| (value, power_text(value, exponent)))
        .collect()
}

fn power_text(value: f64, exponent: i32) -> String {
    if (-6..=6).contains(&exponent) {
        super::format::number(value, (-exponent).max(0) as usize)
    } else {
        format!("1e{exponent}")
    }
}

/// The waits that people think in, in seconds.
const WAITS: [(f64, &str); 16] = [
    (1.0, "1 s"),
    (10.0, "10 s"),
    (60.0, "1 min"),
    (600.0, "10 min"),
    (3600.0, "1 h"),
    (6.0 * 3600.0, "6 h"),
    (86_400.0, "1 day"),
    (3.0 * 86_400.0, "3 days"),
    (7.0 * 86_400.0, "1 week"),
    (30.436_875 * 86_400.0, "1 month"),
    (91.310_625 * 86_400.0, "3 months"),
    (365.2425 * 86_400.0, "1 year"),
    (3_652.425 * 86_400.0, "10 years"),
    (36_524.25 * 86_400.0, "100 years"),
    (1000.0 * 365.2425 * 86_400.0, "1000 years"),
    (1e6 * 365.2425 * 86_400.0, "a million years"),
];

/// Ticks of a logarithmic axis of durations in seconds, at the ends of the minute, hour, day, week, month and year.
pub(super) fn duration_ticks(axis: &Axis) -> Vec<(f64, String)> {
    let (from, to) = axis.range();
    WAITS
        .iter()
        .filter(|(seconds, _)| (from * 0.999..=to * 1.001).contains(seconds))
        .map(|(seconds, text)| (*seconds, (*text).to_owned()))
        .collect()
}

/// The ticks whose texts, centred at their places, keep `gap` from each other and pass the axis by little; the first
/// of two that clash stays.
pub(super) fn without_clashes(
    axis: &Axis,
    ticks: Vec<(f64, String)>,
    size: f64,
    gap: f64,
) -> Vec<(f64, String)> {
    let mut taken: Option<(f64, f64)> = None;
    let mut kept = Vec::new();
    for (value, text) in ticks {
        let half = text_width(&text, size, Weight::Regular) / 2.0 + gap / 2.0;
        let (left, right) = (axis.place(value) - half, axis.place(value) + half);
        let near = left > axis.start - 24.0 && right < axis.end + 24.0 + gap;
        if near && taken.is_none_or(|(start, end)| left >= end || right <= start) {
            taken = Some(taken.map_or((left, right), |(start, end)| (left.min(start), right.max(end))));
            kept.push((value, text));
        }
    }
    kept
}

/// A calendar axis: dates from the window's first day to its end.
#[derive(Debug, Clone, Copy)]
pub(super) struct DateAxis {
    first: Date,
    days: Axis,
}

impl DateAxis {
    /// The window `[first, last)` over a range of places.
    pub(super) fn new(first: Date, last: Date, places: (f64, f64)) -> Self {
        Self { first, days: Axis::linear((0.0, days_between(first, last).max(1.0)), places) }
    }

    /// Where a date stands; a date outside the window stands at its end.
    pub(super) fn place(&self, date: Date) -> f64 {
        self.days.place(days_between(self.first, date))
    }

    /// Starts of years, quarters or months within the window, as many as stand `gap` apart at this text size.
    pub(super) fn ticks(&self, size: f64, gap: f64) -> Vec<(Date, String)> {
        let width = self.days.end - self.days.start;
        let months = self.days.range().1 / 30.436_875;
        let step = [1, 2, 3, 6, 12, 24, 60, 120, 240, 600, 1200, 6000, 24_000].into_iter().find(|step| {
            let text = text_width(if *step < 12 { "2027-07" } else { "2027" }, size, Weight::Regular);
            (text + gap) * months <= width * f64::from(*step)
        });
        let ticks = step.map_or_else(Vec::new, |step| self.month_starts(step));
        if ticks.is_empty() { vec![(self.first, self.first.to_string())] } else { ticks }
    }

    fn month_starts(&self, step: i32) -> Vec<(Date, String)> {
        let Ok(last) = self.first.checked_add((self.days.range().1 as i64).days()) else { return Vec::new() };
        let first_month = i32::from(self.first.year()) * 12 + i32::from(self.first.month()) - 1;
        let last_month = i32::from(last.year()) * 12 + i32::from(last.month()) - 1;
        (first_month..=last_month)
            .filter(|month| month.rem_euclid(step) == 0)
            .filter_map(|month| {
                Date::new((month.div_euclid(12)) as i16, (month.rem_euclid(12) + 1) as i8, 1).ok()
            })
            .filter(|date| *date >= self.first && *date < last)
            .map(|date| (date, if step < 12 { month_text(date) } else { date.year().to_string() }))
            .collect()
    }
}

/// A month as `2027-07`.
pub(super) fn month_text(date: Date) -> String {
    format!("{}-{:02}", date.year(), date.month())
}

fn days_between(first: Date, last: Date) -> f64 {
    f64::from((last - first).get_days())
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::civil::date;
    use proptest::prelude::*;

    #[test]
    fn ticks_are_round() {
        let texts = |from, to, count| {
            let axis = Axis::linear((from, to), (0.0, 1.0));
            axis.ticks(count).into_iter().map(|(_, text)| text).collect::<Vec<_>>()
        };
        assert_eq!(texts(0.0, 1.0, 5), ["0.0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(texts(-30.0, 55.0, 4), ["0", "50"]);
        assert!(!texts(7.0, 7.0, 4).is_empty(), "a constant has an axis too");
        let powers = Axis::logarithmic((0.002, 30.0), (0.0, 1.0)).ticks(4);
        assert_eq!(powers.into_iter().map(|(_, text)| text).collect::<Vec<_>>(), ["0.01", "0.1", "1", "10"]);
    }

    #[test]
    fn dates_get_as_many_ticks_as_fit() {
        let ticks = |width| {
            let axis = DateAxis::new(date(2026, 3, 15), date(2029, 3, 15), (0.0, width));
            axis.ticks(9.0, 6.0).into_iter().map(|(_, text)| text).collect::<Vec<_>>()
        };
        assert_eq!(ticks(120.0), ["2027", "2028", "2029"]);
        assert_eq!(ticks(400.0)[..2], ["2026-07", "2027-01"]);
        let short = DateAxis::new(date(2026, 3, 2), date(2026, 3, 9), (0.0, 200.0));
        assert_eq!(short.ticks(9.0, 6.0), [(date(2026, 3, 2), "2026-03-02".to_owned())]);
    }

    proptest! {
        #[test]
        fn a_place_is_always_on_the_axis(
            from in proptest::num::f64::ANY, to in proptest::num::f64::ANY, value in proptest::num::f64::ANY,
        ) {
            for axis in [Axis::linear((from, to), (10.0, 20.0)), Axis::logarithmic((from, to), (10.0, 20.0))] {
                prop_assert!((10.0..=20.0).contains(&axis.place(value)));
                prop_assert!(axis.ticks(6).len() < 40);
            }
        }
    }
}
