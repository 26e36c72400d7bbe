//! One axis at a time: for each set the axes by how much they move a result, with bars for their low and high ends.

use super::common::{Shown, head, provenance, replications, whisker};
use crate::report::axis::Axis;
use crate::report::drawing::{Anchor, Area, Drawing, Ink, Label, Weight};
use crate::report::font::{shorten, text_width};
use crate::report::format;
use crate::report::page::{MARGIN, Page, SMALL, Sample, TINY, WIDTH, ellipsis, level_axis};
use crate::report::palette::{BLACK, BLUE, GREY, ORANGE, stroke};
use crate::statistics::Estimate;
use crate::statistics::sensitivity::Swing;
use crate::study::sweep::{SweepSummary, Tornado};

const ROW: f64 = 26.0;
const HEAD: f64 = 32.0;
const FOOT: f64 = 46.0;
/// Low and high end.
const INKS: [Ink; 2] = [BLUE, ORANGE];

/// The tornado of one objective, a panel a set.
pub(super) fn tornado(summary: &SweepSummary, objective: usize) -> Drawing {
    let name = ellipsis(&summary.objectives[objective].name, 60);
    let subtitle = format!(
        "Each input by itself at its low and at its high end, against the scenario as it is, on the same random universes; {}. \
         The line at a bar's end is the interval of the paired difference.",
        replications(summary)
    );
    let mut page = Page::new(&format!("What moves it: {name}"), &subtitle);
    let ends = ["low end", "high end"];
    page.legend(&[0, 1].map(|end| (Sample::Square(INKS[end]), ends[end].to_owned())));
    let tornados: Vec<&Tornado> = summary.tornados.iter().filter(|one| one.objective == objective).collect();
    let differences =
        || tornados.iter().flat_map(|one| &one.swings).flat_map(|swing| [&swing.low, &swing.high]);
    let shown = Shown::of(&summary.objectives[objective], differences()).of_differences();
    let range = differences().filter_map(format::interval).fold((0.0_f64, 0.0_f64), |range, (low, high)| {
        (range.0.min(low / shown.unit.divisor), range.1.max(high / shown.unit.divisor))
    });
    for tornado in tornados {
        panel(&mut page, summary, tornado, (&shown, range));
    }
    page.finish_with(
        &provenance(summary),
        "Positive means more than in the scenario as it is. Each interval holds by itself.",
    )
}

/// The axes of a tornado, the greatest swing first.
pub(in crate::report) fn ordered(tornado: &Tornado) -> Vec<(usize, &Swing)> {
    let mut axes: Vec<(usize, &Swing)> = tornado.swings.iter().enumerate().collect();
    let size = |swing: &Swing| swing.size().unwrap_or(-1.0);
    axes.sort_by(|one, other| size(other.1).total_cmp(&size(one.1)));
    axes
}

fn panel(page: &mut Page, summary: &SweepSummary, tornado: &Tornado, (shown, range): (&Shown, (f64, f64))) {
    let rows = ordered(tornado);
    let area = Area {
        left: MARGIN,
        top: page.below,
        right: WIDTH - MARGIN,
        bottom: page.below + HEAD + ROW * rows.len() as f64 + FOOT,
    };
    let base = Shown::of(&summary.objectives[tornado.objective], [&tornado.base]);
    let note = format!("as it is: {}", base.text(&tornado.base, summary.replications));
    head(&mut page.drawing, &summary.sets[tornado.set], &note, area);
    let name_width = |axis: usize| text_width(&summary.axes[axis].name, SMALL, Weight::Regular);
    let names = rows.iter().map(|&(axis, _)| name_width(axis)).fold(0.0, f64::max).min(220.0);
    let texts: Vec<[String; 2]> =
        rows.iter().map(|&(axis, swing)| texts(summary, axis, swing, shown)).collect();
    let widest =
        texts.iter().flatten().map(|text| text_width(text, TINY, Weight::Regular)).fold(0.0, f64::max);
    let numbers = widest.min(300.0);
    let plot = Area {
        left: area.left + names + 14.0,
        right: area.right - numbers - 16.0,
        top: area.top + HEAD,
        bottom: area.bottom - FOOT,
    };
    let (low, high) = if range.1 - range.0 > 1e-12 { range } else { (-1.0, 1.0) };
    let room = (high - low) * 0.05;
    let axis = Axis::linear((low - room, high + room), (plot.left, plot.right));
    let title = format!("Difference to the scenario as it is{}", shown.in_brackets());
    level_axis(&mut page.drawing, plot, &axis, &title);
    for (row, (&(index, swing), texts)) in rows.iter().zip(&texts).enumerate() {
        let top = plot.top + ROW * row as f64;
        let name = shorten(&summary.axes[index].name, SMALL, Weight::Regular, names);
        let at = (plot.left - 10.0, top + ROW / 2.0 + 4.0);
        page.drawing.text(Label::new(name, at, SMALL, BLACK).anchored(Anchor::End));
        for (end, difference) in [&swing.low, &swing.high].into_iter().enumerate() {
            let y = top + 8.0 + 10.0 * end as f64;
            bar(&mut page.drawing, difference, &axis, shown.unit.divisor, (y, INKS[end]));
            let text = shorten(&texts[end], TINY, Weight::Regular, numbers);
            page.drawing.text(Label::new(text, (area.right, y + 3.5), TINY, BLACK).anchored(Anchor::End));
        }
    }
    let zero = axis.place(0.0);
    page.drawing.line(vec![(zero, plot.top), (zero, plot.bottom)], stroke(GREY, 1.25));
    page.below = area.bottom;
}

/// What each end is, and what it changes.
fn texts(summary: &SweepSummary, axis: usize, swing: &Swing, shown: &Shown) -> [String; 2] {
    let end = |point: usize, difference: &Estimate| {
        let value = summary.points.get(point).map_or("", |point| point.axes[axis].text.as_str());
        let change = format::estimate(difference, shown.unit, summary.replications);
        let sign = if format::mean(difference).is_some_and(|mean| mean > 0.0) { "+" } else { "" };
        format!("{}: {sign}{change}", ellipsis(value, 28))
    };
    [end(2 * axis + 1, &swing.low), end(2 * axis + 2, &swing.high)]
}

fn bar(drawing: &mut Drawing, difference: &Estimate, axis: &Axis, divisor: f64, (y, ink): (f64, Ink)) {
    let Some(mean) = format::mean(difference) else { return };
    let place = |value: f64| axis.place(value / divisor);
    let (zero, end) = (place(0.0), place(mean));
    drawing.rectangle(Area { left: zero.min(end), right: zero.max(end), top: y - 4.0, bottom: y + 4.0 }, ink);
    if let (Some(_), Some((low, high))) = (format::half_width(difference), format::interval(difference)) {
        whisker(drawing, (place(low), y), (place(high), y), BLACK);
    }
}
