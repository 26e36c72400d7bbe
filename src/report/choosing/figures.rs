//! Figures of a choice: rows of dots with intervals on one axis.

use super::worth::worth_figures;
use crate::report::axis::Axis;
use crate::report::drawing::{Anchor, Area, Drawing, Ink, Label, Weight};
use crate::report::figure::Figure;
use crate::report::font::{shorten, text_width};
use crate::report::format::{self, Quantity, Unit, interval, mean, number};
use crate::report::page::{MARGIN, Page, SMALL, Sample, WIDTH, ellipsis, level_axis};
use crate::report::palette::{BLACK, BLUE, GREEN, GREY, ORANGE, WHITE, stroke};
use crate::statistics::Estimate;
use crate::study::select::{Finalist, SelectSummary, Selection};

/// All figures of a choice.
pub fn select_figures(summary: &SelectSummary) -> Vec<Figure> {
    let finalists = summary.selection.iter().map(|selection| finalists(summary, selection));
    finalists.chain(worth_figures(summary)).collect()
}

/// Rows of dots, several series on one axis.
pub(super) struct Rows {
    pub(super) title: String,
    pub(super) subtitle: String,
    /// The names of the series; one is not named.
    pub(super) series: Vec<&'static str>,
    /// The name of each row with a value of each series.
    pub(super) lines: Vec<(String, Vec<Option<Estimate>>)>,
    /// The unit in files.
    pub(super) unit: String,
    pub(super) notes: String,
}

const INKS: [Ink; 3] = [ORANGE, BLUE, GREEN];
const STEP: f64 = 15.0;

fn finalists(summary: &SelectSummary, selection: &Selection) -> Figure {
    let first = &summary.objectives[0];
    let row = |(place, one): (usize, &Finalist)| {
        let mark = if place == selection.chosen { "chosen: " } else { "" };
        (format!("{mark}{}", one.sites.join(", ")), vec![Some(one.objectives[0])])
    };
    let rows = Rows {
        title: format!("The finalists: {}", first.name),
        subtitle: "Means on replications that the search had not seen, with 95 % intervals, each by itself; the finalists ran \
                   in the same random universes, so that small differences between them may be clear all the same."
            .to_owned(),
        series: vec!["mean"],
        lines: selection.finalists.iter().enumerate().map(row).collect(),
        unit: first.unit.clone(),
        notes: "Finalists that were dropped early rest on fewer replications.".to_owned(),
    };
    Figure { name: "finalists".to_owned(), drawing: rows_figure(summary, &rows) }
}

/// Draws rows of dots with their numbers beside them.
pub(super) fn rows_figure(summary: &SelectSummary, rows: &Rows) -> Drawing {
    let mut page = Page::new(&rows.title, &rows.subtitle);
    let series: Vec<usize> = (0..rows.series.len())
        .filter(|&one| rows.lines.iter().any(|(_, values)| values[one].as_ref().and_then(mean).is_some()))
        .collect();
    let has_series = rows.series.len() > 1;
    if has_series && !series.is_empty() {
        let legend: Vec<_> =
            series.iter().map(|&one| (Sample::Dot(INKS[one]), rows.series[one].to_owned())).collect();
        page.legend(&legend);
    }
    let quantity = Quantity::of_unit(&rows.unit);
    let all = || rows.lines.iter().flat_map(|(_, values)| values.iter().flatten());
    let unit = quantity.unit_for_all(all());
    let widest =
        rows.lines.iter().map(|(name, _)| text_width(name, SMALL, Weight::Regular)).fold(0.0, f64::max);
    let names = widest.min(330.0);
    let height = STEP * series.len().max(1) as f64 + 9.0;
    let plot = Area {
        left: MARGIN + names + 14.0,
        right: WIDTH - MARGIN - 130.0,
        top: page.below + 14.0,
        bottom: page.below + 14.0 + height * rows.lines.len() as f64,
    };
    let axis = axis(all(), unit, plot);
    ground(&mut page.drawing, (&axis, unit), plot);
    for (place, (name, values)) in rows.lines.iter().enumerate() {
        let top = plot.top + height * place as f64;
        let name = shorten(name, SMALL, Weight::Regular, names);
        let at = (plot.left - 14.0, top + height / 2.0 + 4.0);
        page.drawing.text(Label::new(name, at, SMALL, BLACK).anchored(Anchor::End));
        for (line, &one) in series.iter().enumerate() {
            let y = top + 4.5 + STEP * (line as f64 + 0.5);
            let Some(value) = &values[one] else { continue };
            let ink = if has_series { INKS[one] } else { BLUE };
            dot(&mut page.drawing, (value, unit), &axis, (y, ink));
            let text = format::estimate(value, unit, value.count);
            page.drawing
                .text(Label::new(text, (WIDTH - MARGIN, y + 4.0), SMALL, BLACK).anchored(Anchor::End));
        }
    }
    page.below = plot.bottom + 34.0;
    page.finish_with(&provenance(summary), &rows.notes)
}

/// An axis in the unit that holds all intervals; from zero where the values are far enough apart for that.
fn axis<'e>(all: impl Iterator<Item = &'e Estimate>, unit: Unit, plot: Area) -> Axis {
    let ends: Vec<(f64, f64)> = all.filter_map(interval).collect();
    let low = ends.iter().map(|end| end.0 / unit.divisor).fold(f64::INFINITY, f64::min);
    let high = ends.iter().map(|end| end.1 / unit.divisor).fold(f64::NEG_INFINITY, f64::max);
    let (low, high) = if low.is_finite() && high > low { (low, high) } else { (-1.0, 1.0) };
    let low = if low > 0.0 && low < 0.5 * high { 0.0 } else { low };
    let room = (high - low) * 0.05;
    Axis::linear((if low == 0.0 { 0.0 } else { low - room }, high + room), (plot.left, plot.right))
}

fn ground(drawing: &mut Drawing, (axis, unit): (&Axis, Unit), plot: Area) {
    level_axis(drawing, plot, axis, unit.label);
    let (low, high) = axis.range();
    if low <= 0.0 && high >= 0.0 {
        let zero = axis.place(0.0);
        drawing.line(vec![(zero, plot.top), (zero, plot.bottom)], stroke(GREY, 0.75));
    }
}

fn dot(drawing: &mut Drawing, (value, unit): (&Estimate, Unit), axis: &Axis, (y, ink): (f64, Ink)) {
    let (Some(mean), Some((low, high))) = (mean(value), interval(value)) else { return };
    let place = |value: f64| axis.place(value / unit.divisor);
    drawing.line(vec![(place(low), y), (place(high), y)], stroke(ink, 2.0));
    drawing.disc((place(mean), y), 5.0, WHITE);
    drawing.disc((place(mean), y), 4.0, ink);
}

/// Scenario, futures, seed, window, broker and interval, in one sentence of parts.
pub(in crate::report) fn provenance(summary: &SelectSummary) -> String {
    let futures = match summary.futures.len() {
        0 => String::new(),
        count => format!(" · mean over {count} futures"),
    };
    format!(
        "Scenario {}{futures} · seed {} · {} to {} · broker: {} · {} % intervals by Student's t",
        ellipsis(&summary.scenario, 60),
        summary.seed,
        summary.from,
        summary.to,
        ellipsis(&summary.broker, 80),
        number(summary.confidence * 100.0, 0)
    )
}
