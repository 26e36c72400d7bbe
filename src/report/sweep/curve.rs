//! A result along a single axis, a line a set with its band of intervals, and where each set breaks a limit.

use super::common::{Shown, axis_title, provenance, replications};
use crate::report::axis::{Axis, without_clashes};
use crate::report::drawing::{Anchor, Area, Drawing, Ink, Label};
use crate::report::format;
use crate::report::page::{MARGIN, Page, SMALL, Sample, TINY, WIDTH, ellipsis, title_below, upright_axis};
use crate::report::palette::{BLACK, GREY, GRID, PALE, community, stroke};
use crate::statistics::Estimate;
use crate::study::sweep::{Break, BreakSide, PointSummary, SweepSummary, is_steep};

const HEIGHT: f64 = 400.0;
/// The height kept for the marks of a set's breaks below the plot.
const LANE: f64 = 12.0;

/// One objective along the axis.
pub(super) fn curve(summary: &SweepSummary, objective: usize) -> Drawing {
    let wanted = &summary.objectives[objective];
    let title = format!("{} along {}", ellipsis(&wanted.name, 50), ellipsis(&summary.axes[0].name, 50));
    let subtitle = format!(
        "Mean of each set at each value, on the same random universes; {} a value. Bands are intervals of the mean.",
        replications(summary)
    );
    let mut page = Page::new(&title, &subtitle);
    let points = ordered(summary);
    let results = || points.iter().flat_map(|(_, point)| &point.results).map(|of_set| &of_set[objective]);
    if !results().any(|result| format::mean(result).is_some()) {
        page.nothing("No run gave a value: there is nothing to draw.");
        return page.finish_with(&provenance(summary), "");
    }
    let mut legend: Vec<(Sample, String)> = summary
        .sets
        .iter()
        .enumerate()
        .map(|(index, set)| (Sample::Dot(community(index)), set.name.clone()))
        .collect();
    if lanes(summary, objective).next().is_some() {
        legend.push((
            Sample::Square(PALE),
            "where a limit is broken: mark and interval below the plot".to_owned(),
        ));
    }
    page.legend(&legend);
    let shown = Shown::of(wanted, results());
    plot_all(&mut page, summary, objective, (&points, &shown));
    page.finish_with(
        &provenance(summary),
        "Dashed upright lines: from there on the demand to be expected is more than any policy can serve, by the fluid \
         programme. Between two values a curve is taken for straight, as it is drawn. Each interval holds by itself.",
    )
}

/// The points by their place on the axis.
fn ordered(summary: &SweepSummary) -> Vec<(f64, &PointSummary)> {
    let number = |point: &PointSummary| point.axes[0].number;
    let mut points: Vec<_> =
        summary.points.iter().filter_map(|point| Some((number(point)?, point))).collect();
    points.sort_by(|one, other| one.0.total_cmp(&other.0));
    points
}

/// The breaks of an objective that lie on the axis.
fn lanes(summary: &SweepSummary, objective: usize) -> impl Iterator<Item = &Break> {
    summary.breaks.iter().filter(move |one| one.objective == Some(objective) && one.crossing.at.is_some())
}

fn plot_all(
    page: &mut Page,
    summary: &SweepSummary,
    objective: usize,
    (points, shown): (&[(f64, &PointSummary)], &Shown),
) {
    let lanes_height = LANE * lanes(summary, objective).count() as f64;
    let plot = Area {
        left: MARGIN + 70.0,
        right: WIDTH - MARGIN - 12.0,
        top: page.below + 10.0,
        bottom: page.below + HEIGHT,
    };
    let drawing = &mut page.drawing;
    let across = across(summary, points, plot);
    let up = up(summary, objective, (points, shown), plot);
    ground(drawing, summary, points, (plot, &across, lanes_height));
    let name = format!("{}{}", ellipsis(&summary.objectives[objective].name, 50), shown.in_brackets());
    upright_axis(drawing, plot, &up, &name);
    limits(drawing, summary, objective, (shown, plot, &up));
    for set in 0..summary.sets.len() {
        let line: Vec<(f64, Estimate)> = points
            .iter()
            .map(|(number, point)| (across.place(*number), point.results[set][objective]))
            .collect();
        draw_line(drawing, &line, &up, shown.unit.divisor, community(set));
    }
    overloads(drawing, summary, &across, plot);
    for (lane, one) in lanes(summary, objective).enumerate() {
        mark(drawing, one, &across, plot.bottom + 7.0 + LANE * lane as f64);
    }
    page.below = plot.bottom + lanes_height + 38.0;
}

fn across(summary: &SweepSummary, points: &[(f64, &PointSummary)], plot: Area) -> Axis {
    let range = (points.first().map_or(0.0, |one| one.0), points.last().map_or(1.0, |one| one.0));
    let places = (plot.left + 8.0, plot.right - 8.0);
    if summary.axes[0].is_logarithmic {
        Axis::logarithmic(range, places)
    } else {
        Axis::linear(range, places)
    }
}

/// From nothing, or logarithmic where the results are steep and above zero.
fn up(
    summary: &SweepSummary,
    objective: usize,
    (points, shown): (&[(f64, &PointSummary)], &Shown),
    plot: Area,
) -> Axis {
    let scaled = |value: f64| value / shown.unit.divisor;
    let results = || points.iter().flat_map(|(_, point)| &point.results).map(|of_set| &of_set[objective]);
    let wanted = &summary.objectives[objective];
    let limits = || wanted.at_most.into_iter().chain(wanted.at_least).map(scaled);
    let ends = results().filter_map(format::interval).map(|(low, high)| (scaled(low), scaled(high)));
    let ends = ends.chain(limits().map(|limit| (limit, limit)));
    let (low, high) = ends
        .fold((f64::INFINITY, f64::NEG_INFINITY), |range, (low, high)| (range.0.min(low), range.1.max(high)));
    let places = (plot.bottom, plot.top);
    if is_steep(&summary.points, objective) {
        let least =
            results().filter_map(format::mean).map(scaled).chain(limits().filter(|limit| *limit > 0.0));
        return Axis::logarithmic((least.fold(f64::INFINITY, f64::min) * 0.7, high * 1.3), places);
    }
    let from = if low >= 0.0 && low < high * 0.6 { 0.0 } else { low - (high - low) * 0.06 };
    Axis::linear((from, high + (high - low).max(high.abs() * 1e-3) * 0.06), places)
}

/// The values as ticks, as far as they keep apart, and the axis' title.
fn ground(
    drawing: &mut Drawing,
    summary: &SweepSummary,
    points: &[(f64, &PointSummary)],
    (plot, across, below): (Area, &Axis, f64),
) {
    let texts = points.iter().map(|(number, point)| {
        let text = point.axes[0].text.trim_start_matches('×');
        let unit = summary.axes[0].unit.as_deref().unwrap_or_default();
        (*number, text.trim_end_matches(unit).trim().to_owned())
    });
    let lower = Area { bottom: plot.bottom + below, ..plot };
    for (value, text) in without_clashes(across, texts.collect(), TINY, 10.0) {
        let x = across.place(value);
        drawing.line(vec![(x, plot.top), (x, plot.bottom)], stroke(GRID, 0.75));
        drawing.text(Label::new(text, (x, lower.bottom + 13.0), TINY, GREY).anchored(Anchor::Middle));
    }
    title_below(drawing, lower, &axis_title(&summary.axes[0]));
    drawing.line(
        vec![(plot.left, plot.top), (plot.left, plot.bottom), (plot.right, plot.bottom)],
        stroke(PALE, 1.0),
    );
}

/// What must be kept, as level lines.
fn limits(
    drawing: &mut Drawing,
    summary: &SweepSummary,
    objective: usize,
    (shown, plot, up): (&Shown, Area, &Axis),
) {
    let wanted = &summary.objectives[objective];
    // At either end of the lines, so that the words of two limits close to each other stay apart.
    let most = ("at most", wanted.at_most, plot.left + 6.0, Anchor::Start);
    let least = ("at least", wanted.at_least, plot.right - 6.0, Anchor::End);
    for (words, limit, x, anchor) in [most, least] {
        let Some(limit) = limit else { continue };
        let scaled = limit / shown.unit.divisor;
        let y = up.place(scaled);
        drawing.line(vec![(plot.left, y), (plot.right, y)], stroke(BLACK, 1.2));
        let number = format::number(scaled, format::decimals(scaled, None));
        let text = format!("{words} {number} {}", shown.label).trim_end().to_owned();
        let y = if y - plot.top < 16.0 { y + 13.0 } else { y - 5.0 };
        drawing.text(Label::new(text, (x, y), SMALL, BLACK).anchored(anchor));
    }
}

fn draw_line(drawing: &mut Drawing, line: &[(f64, Estimate)], up: &Axis, divisor: f64, ink: Ink) {
    let place = |value: f64| up.place(value / divisor);
    let means: Vec<_> =
        line.iter().filter_map(|(x, result)| Some((*x, place(format::mean(result)?)))).collect();
    let banded = || line.iter().filter_map(|(x, result)| Some((*x, format::interval(result)?)));
    let upper = banded().map(|(x, (_, high))| (x, place(high)));
    let lower: Vec<_> = banded().map(|(x, (low, _))| (x, place(low))).collect();
    drawing.polygon(upper.chain(lower.into_iter().rev()).collect(), ink.with_opacity(0.18));
    drawing.line(means.clone(), stroke(ink, 2.0));
    for at in means {
        drawing.disc(at, 3.2, ink);
    }
}

/// From where on a set meets more work than any policy can serve.
fn overloads(drawing: &mut Drawing, summary: &SweepSummary, across: &Axis, plot: Area) {
    for one in summary.breaks.iter().filter(|one| one.objective.is_none()) {
        if let Some(at) = one.crossing.at {
            let x = across.place(at);
            let (from, to) = ((x, plot.top), (x, plot.bottom));
            drawing.dashes(from, to, 5.0, stroke(community(one.set), 1.3));
        }
    }
}

/// The crossing of a limit with its interval, which is open where the intervals of the curve never cross.
fn mark(drawing: &mut Drawing, one: &Break, across: &Axis, y: f64) {
    let Some(at) = one.crossing.at else { return };
    let (from, to) = across.range();
    let end = if one.side == BreakSide::Below { from } else { to };
    let places = [one.crossing.earliest.unwrap_or(at), one.crossing.latest.unwrap_or(end)]
        .map(|value| across.place(value));
    let ink = community(one.set);
    drawing.line(vec![(places[0], y), (places[1], y)], stroke(ink, 3.0));
    drawing.disc((across.place(at), y), 4.5, ink);
}
