//! What the figures of a sweep share: units of objectives, the line of provenance, panels with titles.

use crate::report::drawing::{Anchor, Area, Drawing, Ink, Label, Weight};
use crate::report::font::shorten;
use crate::report::format::{self, Quantity, Unit};
use crate::report::page::{TINY, ellipsis, replications_in_words};
use crate::report::palette::{BLACK, GREY, stroke};
use crate::statistics::Estimate;
use crate::study::ObjectiveRow;
use crate::study::sweep::{SetName, SweepSummary};

/// A unit for the results of an objective, with its label.
pub(super) struct Shown {
    pub(super) unit: Unit,
    pub(super) label: String,
    pub(super) quantity: Quantity,
}

impl Shown {
    /// The unit that suits the largest of some results.
    pub(super) fn of<'e>(
        objective: &ObjectiveRow,
        estimates: impl IntoIterator<Item = &'e Estimate>,
    ) -> Self {
        let quantity = Quantity::of_unit(&objective.unit);
        let unit = quantity.unit_for_all(estimates);
        let label = match quantity {
            Quantity::Plain if objective.unit == "ratio" => String::new(),
            Quantity::Plain | Quantity::Count => objective.unit.clone(),
            _ => unit.label.to_owned(),
        };
        let label = if quantity == Quantity::Count && !unit.label.is_empty() {
            format!("{} {label}", unit.label)
        } else {
            label
        };
        Self { unit, label, quantity }
    }

    /// For differences: of shares in percentage points, so that nobody takes them for relative changes.
    pub(super) fn of_differences(self) -> Self {
        let label =
            if self.quantity == Quantity::Share { "percentage points".to_owned() } else { self.label };
        Self { label, ..self }
    }

    /// ` (unit)`, or nothing.
    pub(super) fn in_brackets(&self) -> String {
        if self.label.is_empty() { String::new() } else { format!(" ({})", self.label) }
    }

    /// Mean ± half-width and the label.
    pub(super) fn text(&self, estimate: &Estimate, replications: u32) -> String {
        match format::mean(estimate) {
            None => "–".to_owned(),
            Some(_) => format!("{} {}", format::estimate(estimate, self.unit, replications), self.label)
                .trim_end()
                .to_owned(),
        }
    }
}

/// Scenario, design, replications, seed, window and interval.
pub(in crate::report) fn provenance(summary: &SweepSummary) -> String {
    let futures = match summary.futures.len() {
        0 => String::new(),
        count => format!(" · mean over {count} futures by their weights"),
    };
    format!(
        "Scenario {} · {}, {} points · {} a point and set{futures} · seed {} · {} to {} · broker: {} · {} % intervals",
        ellipsis(&summary.scenario, 60),
        summary.design.name(),
        summary.points.len(),
        replications(summary),
        summary.seed,
        summary.from,
        summary.to,
        ellipsis(&summary.broker, 80),
        format::number(summary.confidence * 100.0, 0),
    )
}

/// `n = 5 replications`.
pub(super) fn replications(summary: &SweepSummary) -> String {
    replications_in_words(summary.replications)
}

/// The name of an axis with its unit, for titles.
pub(in crate::report) fn axis_title(axis: &crate::study::sweep::SweepAxis) -> String {
    let name = ellipsis(&axis.name, 60);
    match axis.unit.as_deref() {
        _ if axis.is_factor => format!("{name} (times what the scenario says)"),
        Some(unit) if !unit.is_empty() => format!("{name} ({unit})"),
        _ => name,
    }
}

/// The set's name, which heads a panel.
pub(super) fn head(drawing: &mut Drawing, set: &SetName, note: &str, area: Area) {
    let note = shorten(note, TINY, Weight::Regular, area.width() * 0.5);
    let title = shorten(&set.name, 12.0, Weight::Bold, area.width() * 0.48);
    drawing.text(Label::new(title, (area.left, area.top + 22.0), 12.0, BLACK).bold());
    drawing.text(Label::new(note, (area.right, area.top + 22.0), TINY, GREY).anchored(Anchor::End));
}

/// An interval as a line with ends, level or upright, between two places.
pub(super) fn whisker(drawing: &mut Drawing, from: (f64, f64), to: (f64, f64), ink: Ink) {
    let is_level = (from.1 - to.1).abs() < 1e-9;
    let (across, down) = if is_level { (0.0, 3.0) } else { (3.0, 0.0) };
    drawing.line(vec![from, to], stroke(ink, 1.2));
    for (x, y) in [from, to] {
        drawing.line(vec![(x - across, y - down), (x + across, y + down)], stroke(ink, 1.2));
    }
}
