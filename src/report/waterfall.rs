//! From the hours that stood open to those that were useful: one panel a set, one step a row.

use super::axis::{Axis, without_clashes};
use super::drawing::{Anchor, Area, Drawing, Ink, Label, Weight};
use super::first_accelerator::whisker;
use super::font::{shorten, text_width};
use super::format::{self, Quantity, Unit};
use super::page::{MARGIN, Page, SMALL, Sample, TINY, WIDTH};
use super::palette::{BLACK, BLUE, GREEN, GREY, GRID, ORANGE, PALE, SKY, VERMILLION, stroke};
use super::waterfall_tables::{MEANING, STEPS};
use crate::statistics::{Estimate, WaterfallMetric};
use crate::study::{SetSummary, StudySummary};

const ROW: f64 = 21.0;
const BAR: f64 = 13.0;
const HEAD: f64 = 42.0;
const FOOT: f64 = 40.0;
const GAP: f64 = 26.0;
/// Panels side by side.
const COLUMNS: usize = 3;

/// One step of one set.
struct Step {
    metric: WaterfallMetric,
    estimate: Estimate,
    /// Its bar stands between these, in hours; the second is where its interval stands.
    from: f64,
    to: f64,
}

/// The way from open to useful hours of all sets, side by side.
pub fn waterfall(summary: &StudySummary) -> Drawing {
    let mut page = Page::new(
        "Where the accelerator-hours went",
        "From the hours that stood open to those that were useful, by set. The line at a bar's end is the interval of that step.",
    );
    let open = summary.sets.iter().filter_map(|set| format::interval(&set.waterfall.hours_open));
    let most = open.map(|(_, high)| high).fold(0.0, f64::max);
    if most <= 0.0 {
        page.nothing("No accelerator was open inside the window: there are no hours to show.");
        return page.finish(summary, None, "");
    }
    page.legend(&[
        (Sample::Square(SKY), "open, held".to_owned()),
        (Sample::Square(PALE), "idle".to_owned()),
        (Sample::Square(VERMILLION), "lost".to_owned()),
        (Sample::Square(ORANGE), "not yet learned".to_owned()),
        (Sample::Square(GREEN), "useful".to_owned()),
    ]);
    let shown = shown_steps(summary);
    let unit = Quantity::AcceleratorHours.unit_for(most);
    for sets in summary.sets.chunks(COLUMNS) {
        draw_row(&mut page, summary, sets, &shown, (unit, most));
    }
    page.finish(summary, None, MEANING)
}

/// The steps that some set has; the four that frame them always.
fn shown_steps(summary: &StudySummary) -> Vec<(&'static str, WaterfallMetric)> {
    use WaterfallMetric::{HeldH, IdleH, OpenH, UsefulH};
    let occurs = |metric| {
        let means = summary.sets.iter().filter_map(|set| format::mean(&set.waterfall.get(metric)));
        means.fold(0.0, f64::max) > 0.0
    };
    let shown = |&(_, metric): &(&str, WaterfallMetric)| {
        matches!(metric, OpenH | IdleH | HeldH | UsefulH) || occurs(metric)
    };
    STEPS.into_iter().filter(shown).collect()
}

/// Where the bar of each step stands: sums from zero on, losses where the last step ended.
fn steps_of(set: &SetSummary, shown: &[(&str, WaterfallMetric)]) -> Vec<Step> {
    let mut level = 0.0;
    let step = |&(_, metric): &(&str, WaterfallMetric)| {
        let estimate = set.waterfall.get(metric);
        let hours = format::mean(&estimate).unwrap_or(0.0).max(0.0);
        let is_sum =
            matches!(metric, WaterfallMetric::OpenH | WaterfallMetric::HeldH | WaterfallMetric::UsefulH);
        let (from, to) = if is_sum { (0.0, hours) } else { (level, (level - hours).max(0.0)) };
        level = to;
        Step { metric, estimate, from, to }
    };
    shown.iter().map(step).collect()
}

fn draw_row(
    page: &mut Page,
    summary: &StudySummary,
    sets: &[SetSummary],
    shown: &[(&'static str, WaterfallMetric)],
    (unit, most): (Unit, f64),
) {
    let names = shown.iter().map(|(name, _)| text_width(name, SMALL, Weight::Regular)).fold(0.0, f64::max);
    let left = MARGIN + names + 12.0;
    let columns = summary.sets.len().min(COLUMNS) as f64;
    let width = (WIDTH - MARGIN - left - GAP * (columns - 1.0)) / columns;
    let bottom = page.below + HEAD + ROW * shown.len() as f64;
    for (column, set) in sets.iter().enumerate() {
        let panel_left = left + column as f64 * (width + GAP);
        let area = Area { left: panel_left, top: page.below, right: panel_left + width, bottom };
        draw_panel(&mut page.drawing, summary, set, &steps_of(set, shown), (area, unit, most));
    }
    for (index, (name, _)) in shown.iter().enumerate() {
        let y = page.below + HEAD + ROW * (index as f64 + 0.5) + 4.0;
        page.drawing.text(Label::new(*name, (left - 12.0, y), SMALL, BLACK).anchored(Anchor::End));
    }
    page.below = bottom + FOOT;
}

fn draw_panel(
    drawing: &mut Drawing,
    summary: &StudySummary,
    set: &SetSummary,
    steps: &[Step],
    (area, unit, most): (Area, Unit, f64),
) {
    let texts: Vec<String> =
        steps.iter().map(|step| format::estimate(&step.estimate, unit, summary.replications)).collect();
    let widest = texts.iter().map(|text| text_width(text, SMALL, Weight::Regular)).fold(0.0, f64::max);
    let numbers = widest.min(area.width() * 0.45);
    let plot = Area { top: area.top + HEAD, right: area.right - numbers - 10.0, ..area };
    head(drawing, summary, set, area);
    let axis = Axis::linear((0.0, most / unit.divisor), (plot.left, plot.right));
    ground(drawing, plot, &axis, unit, area.right);
    let place = |hours: f64| axis.place(hours / unit.divisor);
    for (index, (step, text)) in steps.iter().zip(&texts).enumerate() {
        let y = plot.top + ROW * (index as f64 + 0.5);
        let (low, high) = (place(step.from.min(step.to)), place(step.from.max(step.to)));
        let bar = Area { left: low, top: y - BAR / 2.0, right: high, bottom: y + BAR / 2.0 };
        drawing.rectangle(bar, ink_of(step.metric));
        if index + 1 < steps.len() {
            let x = place(step.to);
            drawing.line(vec![(x, bar.bottom), (x, bar.bottom + ROW - BAR)], stroke(GREY, 0.75));
        }
        let end = Estimate { mean: Some(step.to), ..step.estimate };
        whisker(drawing, &end, place, y);
        let text = shorten(text, SMALL, Weight::Regular, numbers);
        drawing.text(Label::new(text, (area.right, y + 4.0), SMALL, BLACK).anchored(Anchor::End));
    }
}

fn ink_of(metric: WaterfallMetric) -> Ink {
    match metric {
        WaterfallMetric::OpenH | WaterfallMetric::HeldH => SKY,
        WaterfallMetric::IdleH => PALE,
        WaterfallMetric::VainH
        | WaterfallMetric::FailedH
        | WaterfallMetric::KilledH
        | WaterfallMetric::StoppedH => VERMILLION,
        WaterfallMetric::InefficientH => ORANGE,
        WaterfallMetric::UsefulH => GREEN,
        WaterfallMetric::Goodput => BLUE,
    }
}

/// Two lines above a panel: the set, and the share of its held hours that was useful.
fn head(drawing: &mut Drawing, summary: &StudySummary, set: &SetSummary, area: Area) {
    let name = shorten(&set.name, 12.0, Weight::Bold, area.width());
    drawing.text(Label::new(name, (area.left, area.top + 20.0), 12.0, BLACK).bold());
    let goodput = format::estimate_with_unit(&set.waterfall.goodput, Quantity::Share, summary.replications);
    let text = shorten(&format!("useful of held: {goodput}"), TINY, Weight::Regular, area.width());
    drawing.text(Label::new(text, (area.left, area.top + 34.0), TINY, GREY));
}

fn ground(drawing: &mut Drawing, plot: Area, axis: &Axis, unit: Unit, right: f64) {
    let label = if unit.label == "h" { "accelerator-h" } else { unit.label };
    for (value, text) in without_clashes(axis, axis.ticks(4), TINY, 10.0) {
        let x = axis.place(value);
        drawing.line(vec![(x, plot.top), (x, plot.bottom)], stroke(GRID, 0.75));
        drawing.text(Label::new(text, (x, plot.bottom + 12.0), TINY, GREY).anchored(Anchor::Middle));
    }
    drawing.line(vec![(plot.left, plot.top), (plot.left, plot.bottom)], stroke(GREY, 1.0));
    let at = (right, plot.bottom + 25.0);
    drawing.text(Label::new(label, at, TINY, GREY).anchored(Anchor::End));
}
