//! A result over two axes, a map a set, all in one scale of colours; what breaks a limit is framed.

use super::common::{Shown, axis_title, head, provenance, replications};
use crate::report::drawing::{Anchor, Area, Drawing, Ink, Label, Weight};
use crate::report::font::{shorten, text_width};
use crate::report::format;
use crate::report::page::{MARGIN, Page, SMALL, Sample, TINY, WIDTH, ellipsis, title_below};
use crate::report::palette::{BLACK, BLANK, BLUE, GREY, VERMILLION, WHITE, stroke};
use crate::statistics::Estimate;
use crate::study::ObjectiveRow;
use crate::study::sweep::SweepSummary;

const HEAD: f64 = 32.0;
const FOOT: f64 = 46.0;
/// Room left of a map for the values of the upright axis.
const SIDE: f64 = 92.0;

/// The range of results that colours stand for.
struct Colours {
    low: f64,
    high: f64,
}

/// One objective over both axes, a panel a set.
pub(super) fn heat_map(summary: &SweepSummary, objective: usize) -> Drawing {
    let wanted = &summary.objectives[objective];
    let results = || summary.points.iter().flat_map(|point| &point.results).map(|of_set| &of_set[objective]);
    let shown = Shown::of(wanted, results());
    let subtitle = format!(
        "Mean ± half of its interval{} at each pair of values, on the same random universes; {} a pair.",
        shown.in_brackets(),
        replications(summary)
    );
    let mut page = Page::new(&format!("{} over two inputs", ellipsis(&wanted.name, 60)), &subtitle);
    let means = || results().filter_map(format::mean);
    let colours = Colours {
        low: means().fold(f64::INFINITY, f64::min),
        high: means().fold(f64::NEG_INFINITY, f64::max),
    };
    let number = |value: f64| {
        let scaled = value / shown.unit.divisor;
        format!("{} {}", format::number(scaled, format::decimals(scaled, None)), shown.label)
            .trim_end()
            .to_owned()
    };
    let mut legend = Vec::new();
    if colours.low.is_finite() {
        legend.push((Sample::Square(colours.ink(colours.low)), format!("least: {}", number(colours.low))));
        legend.push((Sample::Square(colours.ink(colours.high)), format!("most: {}", number(colours.high))));
    }
    if wanted.at_most.is_some() || wanted.at_least.is_some() {
        legend.push((Sample::Dot(VERMILLION), "framed: the limit is broken".to_owned()));
    }
    page.legend(&legend);
    let columns = if summary.sets.len() == 1 || summary.axes[1].values > 6 { 1 } else { 2 };
    let width = (WIDTH - 2.0 * MARGIN - 24.0 * (columns as f64 - 1.0)) / columns as f64;
    let rows = f64::from(summary.axes[0].values);
    let height = HEAD + (rows * 34.0).clamp(120.0, 420.0) + FOOT;
    let sets: Vec<usize> = (0..summary.sets.len()).collect();
    for pair in sets.chunks(columns) {
        for (column, &set) in pair.iter().enumerate() {
            let left = MARGIN + column as f64 * (width + 24.0);
            let area = Area { left, right: left + width, top: page.below, bottom: page.below + height };
            panel(&mut page.drawing, summary, (set, objective), (&shown, &colours, area));
        }
        page.below += height;
    }
    page.finish_with(&provenance(summary), "")
}

impl Colours {
    /// From almost white to blue.
    fn ink(&self, value: f64) -> Ink {
        let share = if self.high > self.low { (value - self.low) / (self.high - self.low) } else { 0.0 };
        let share = 0.06 + 0.94 * share.clamp(0.0, 1.0);
        let mix =
            |from: u8, to: u8| (f64::from(from) + (f64::from(to) - f64::from(from)) * share).round() as u8;
        let ([a, b, c], [x, y, z]) = (WHITE.rgb, BLUE.rgb);
        Ink { rgb: [mix(a, x), mix(b, y), mix(c, z)], opacity: 1.0 }
    }

    /// Letters on it.
    fn letters(&self, value: f64) -> Ink {
        if (value - self.low) > 0.55 * (self.high - self.low) { WHITE } else { BLACK }
    }
}

/// The first axis goes up, the second one across; points come with the second one fastest.
fn panel(
    drawing: &mut Drawing,
    summary: &SweepSummary,
    (set, objective): (usize, usize),
    (shown, colours, area): (&Shown, &Colours, Area),
) {
    head(drawing, &summary.sets[set], "", area);
    let plot =
        Area { left: area.left + SIDE, right: area.right, top: area.top + HEAD, bottom: area.bottom - FOOT };
    let (rows, columns) = (summary.axes[0].values as usize, summary.axes[1].values as usize);
    let (width, height) = (plot.width() / columns as f64, plot.height() / rows as f64);
    for (index, point) in summary.points.iter().enumerate() {
        let (row, column) = (index / columns, index % columns);
        let left = plot.left + width * column as f64;
        let bottom = plot.bottom - height * row as f64;
        let cell = Area {
            left: left + 1.0,
            right: left + width - 1.0,
            top: bottom - height + 1.0,
            bottom: bottom - 1.0,
        };
        let result = &point.results[set][objective];
        fill(drawing, result, (shown, colours, cell), summary.replications);
        if is_broken(&summary.objectives[objective], result) {
            frame(drawing, cell);
        }
        let middle = f64::midpoint(cell.top, cell.bottom) + 3.5;
        if column == 0 {
            let text = shorten(&point.axes[0].text, TINY, Weight::Regular, SIDE - 28.0);
            drawing.text(Label::new(text, (plot.left - 6.0, middle), TINY, GREY).anchored(Anchor::End));
        }
        if row == 0 {
            let text = shorten(&point.axes[1].text, TINY, Weight::Regular, width - 4.0);
            let at = (left + width / 2.0, plot.bottom + 13.0);
            drawing.text(Label::new(text, at, TINY, GREY).anchored(Anchor::Middle));
        }
    }
    title_below(drawing, plot, &axis_title(&summary.axes[1]));
    // The values beside the map say their units.
    let title = shorten(&summary.axes[0].name, SMALL, Weight::Regular, plot.height());
    let at = (area.left + 12.0, f64::midpoint(plot.top, plot.bottom));
    drawing.text(Label::new(title, at, SMALL, GREY).anchored(Anchor::Middle).upwards());
}

/// The cell's colour and, as far as they fit, mean and interval.
fn fill(
    drawing: &mut Drawing,
    result: &Estimate,
    (shown, colours, cell): (&Shown, &Colours, Area),
    count: u32,
) {
    let Some(mean) = format::mean(result) else {
        return drawing.rectangle(cell, BLANK);
    };
    drawing.rectangle(cell, colours.ink(mean));
    let whole = format::estimate(result, shown.unit, count);
    let short = whole.split(' ').next().unwrap_or_default().to_owned();
    let fits =
        |text: &&String| text_width(text, TINY, Weight::Regular) < cell.width() - 4.0 && cell.height() > 13.0;
    if let Some(text) = [&whole, &short].into_iter().find(fits) {
        let at = (f64::midpoint(cell.left, cell.right), f64::midpoint(cell.top, cell.bottom) + 3.5);
        let label = Label::new(text.clone(), at, TINY, colours.letters(mean));
        drawing.text(label.anchored(Anchor::Middle));
    }
}

fn is_broken(objective: &ObjectiveRow, result: &Estimate) -> bool {
    let Some(mean) = format::mean(result) else { return false };
    objective.at_most.is_some_and(|limit| mean > limit)
        || objective.at_least.is_some_and(|limit| mean < limit)
}

fn frame(drawing: &mut Drawing, cell: Area) {
    let Area { left, top, right, bottom } = Area {
        left: cell.left + 1.0,
        top: cell.top + 1.0,
        right: cell.right - 1.0,
        bottom: cell.bottom - 1.0,
    };
    let corners = vec![(left, top), (right, top), (right, bottom), (left, bottom), (left, top)];
    drawing.line(corners, stroke(VERMILLION, 2.0));
}
