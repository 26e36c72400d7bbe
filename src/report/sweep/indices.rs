//! Sobol's indices: for each set which share of the variance each axis makes, by itself and with others.

use super::common::{Shown, head, provenance, replications, whisker};
use crate::report::axis::Axis;
use crate::report::drawing::{Anchor, Area, Drawing, Ink, Label, Weight};
use crate::report::font::{shorten, text_width};
use crate::report::format;
use crate::report::page::{MARGIN, Page, SMALL, Sample, TINY, WIDTH, ellipsis, level_axis};
use crate::report::palette::{BLACK, BLUE, GREY, ORANGE, stroke};
use crate::statistics::sensitivity::{Index, SobolIndices};
use crate::study::sweep::{Indices, SweepSummary};

const ROW: f64 = 26.0;
const HEAD: f64 = 32.0;
const FOOT: f64 = 46.0;
/// First order and total.
const INKS: [Ink; 2] = [BLUE, ORANGE];

/// The indices of one objective, a panel a set.
pub(super) fn indices(summary: &SweepSummary, objective: usize) -> Drawing {
    let name = ellipsis(&summary.objectives[objective].name, 60);
    let subtitle = format!(
        "Shares of the variance of the mean over replications, all inputs drawn over their ranges; {} a point. The line at a \
         bar's end is the interval of the bootstrap over rows.",
        replications(summary)
    );
    let mut page = Page::new(&format!("What makes it vary: {name}"), &subtitle);
    page.legend(&[
        (Sample::Square(INKS[0]), "first order: the input by itself".to_owned()),
        (Sample::Square(INKS[1]), "total: with all that it does together with others".to_owned()),
    ]);
    let found: Vec<&Indices> = summary.indices.iter().filter(|one| one.objective == objective).collect();
    let ends =
        found.iter().flat_map(|one| &one.axes).flat_map(|axis| [axis.first, axis.total]).filter_map(ends_of);
    let range = ends.fold((0.0_f64, 1.0_f64), |range, (low, high)| (range.0.min(low), range.1.max(high)));
    // What goes far beyond is cut: with few rows an interval may reach anywhere.
    let range = (range.0.max(-0.5), range.1.min(1.5));
    for indices in found {
        panel(&mut page, summary, indices, range);
    }
    page.finish_with(
        &provenance(summary),
        "Estimates may lie a little outside 0 to 1; intervals are drawn up to the ends of the axis. Where first orders add up to \
         less than 1, inputs act together.",
    )
}

fn ends_of(index: Index) -> Option<(f64, f64)> {
    index.interval.or(index.value.map(|value| (value, value)))
}

/// The axes, the greatest total first.
pub(in crate::report) fn ordered(indices: &Indices) -> Vec<(usize, &SobolIndices)> {
    let mut axes: Vec<(usize, &SobolIndices)> = indices.axes.iter().enumerate().collect();
    let size = |axis: &SobolIndices| axis.total.value.unwrap_or(f64::NEG_INFINITY);
    axes.sort_by(|one, other| size(other.1).total_cmp(&size(one.1)));
    axes
}

fn panel(page: &mut Page, summary: &SweepSummary, indices: &Indices, range: (f64, f64)) {
    let rows = ordered(indices);
    let area = Area {
        left: MARGIN,
        top: page.below,
        right: WIDTH - MARGIN,
        bottom: page.below + HEAD + ROW * rows.len() as f64 + FOOT,
    };
    let shown = Shown::of(&summary.objectives[indices.objective], [&indices.mean]);
    let count = rows.first().map_or(0, |(_, axis)| axis.rows);
    let note = format!("{count} rows, mean {}", shown.text(&indices.mean, indices.mean.count));
    head(&mut page.drawing, &summary.sets[indices.set], &note, area);
    let name_width = |axis: usize| text_width(&summary.axes[axis].name, SMALL, Weight::Regular);
    let names = rows.iter().map(|&(axis, _)| name_width(axis)).fold(0.0, f64::max).min(220.0);
    let plot = Area {
        left: area.left + names + 14.0,
        right: area.right - 130.0,
        top: area.top + HEAD,
        bottom: area.bottom - FOOT,
    };
    let axis = Axis::linear((range.0 - 0.02, range.1 + 0.02), (plot.left, plot.right));
    level_axis(&mut page.drawing, plot, &axis, "Share of the variance");
    for (row, &(index, of_axis)) in rows.iter().enumerate() {
        let top = plot.top + ROW * row as f64;
        let name = shorten(&summary.axes[index].name, SMALL, Weight::Regular, names);
        let at = (plot.left - 10.0, top + ROW / 2.0 + 4.0);
        page.drawing.text(Label::new(name, at, SMALL, BLACK).anchored(Anchor::End));
        for (which, one) in [of_axis.first, of_axis.total].into_iter().enumerate() {
            bar(&mut page.drawing, one, &axis, (top + 8.0 + 10.0 * which as f64, INKS[which]), area.right);
        }
    }
    let zero = axis.place(0.0);
    page.drawing.line(vec![(zero, plot.top), (zero, plot.bottom)], stroke(GREY, 1.25));
    page.below = area.bottom;
}

fn bar(drawing: &mut Drawing, index: Index, axis: &Axis, (y, ink): (f64, Ink), right: f64) {
    let text = in_words(index);
    drawing.text(Label::new(text, (right, y + 3.5), TINY, BLACK).anchored(Anchor::End));
    let Some(value) = index.value else { return };
    let (zero, end) = (axis.place(0.0), axis.place(value));
    drawing.rectangle(Area { left: zero.min(end), right: zero.max(end), top: y - 4.0, bottom: y + 4.0 }, ink);
    if let Some((low, high)) = index.interval {
        whisker(drawing, (axis.place(low), y), (axis.place(high), y), BLACK);
    }
}

/// `0.31 (0.25 to 0.40)`.
fn in_words(index: Index) -> String {
    let Some(value) = index.value else { return "–".to_owned() };
    let two = |value: f64| format::number(value, 2);
    match index.interval {
        Some((low, high)) => format!("{} ({} to {})", two(value), two(low), two(high)),
        None => two(value),
    }
}
