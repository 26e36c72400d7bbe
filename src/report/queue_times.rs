//! Distribution of the wait by community: which share of jobs waited at most a minute, an hour, a day, a month.

use super::axis::{Axis, duration_ticks, without_clashes};
use super::drawing::{Anchor, Area, Drawing, Ink, Label, Point, Weight};
use super::font::shorten;
use super::format::{self, Quantity};
use super::page::{MARGIN, Page, SMALL, TINY, WIDTH, ellipsis};
use super::palette::{BLACK, GREY, GRID, WHITE, community, stroke};
use crate::statistics::Estimate;
use crate::study::{CommunitySummary, DistributionPoint, SetSummary, StudySummary};

/// Shorter waits count as none: no planner tells them apart.
const AT_ONCE_S: f64 = 1.0;
const HEIGHT: f64 = 360.0;

/// The distribution function of the wait by community, on a logarithmic axis.
pub fn queue_times(summary: &StudySummary, set: &SetSummary) -> Drawing {
    let title = format!("{}: how long jobs wait", ellipsis(&set.name, 60));
    let subtitle = "Share of each community's jobs that waited at most a given time, from submission on.";
    let mut page = Page::new(&title, subtitle);
    let Some(range) = wait_range(set) else {
        page.nothing("No job waited in this set: there is no distribution to show.");
        return page.finish(summary, Some(set), "");
    };
    let top = page.below + 14.0;
    let plot = Area { left: MARGIN + 56.0, top, right: WIDTH - MARGIN - 46.0, bottom: top + HEIGHT };
    let axes = Axes {
        waits: Axis::logarithmic(range, (plot.left, plot.right)),
        shares: Axis::linear((0.0, 1.0), (plot.bottom, plot.top)),
    };
    frame(&mut page.drawing, plot, &axes);
    for (index, one) in set.communities.iter().enumerate() {
        band(&mut page.drawing, one, &axes, community(index));
    }
    for (index, one) in set.communities.iter().enumerate() {
        curve(&mut page.drawing, one, &axes, community(index));
    }
    for (index, one) in set.communities.iter().enumerate() {
        quantile_marks(&mut page.drawing, one, &axes, community(index));
    }
    page.below = plot.bottom + 40.0;
    key(&mut page, summary, set, range.0);
    page.finish(summary, Some(set), &notes(set))
}

struct Axes {
    waits: Axis,
    shares: Axis,
}

/// From the first wait worth telling apart to where every community has all but one job in 2000.
fn wait_range(set: &SetSummary) -> Option<(f64, f64)> {
    let points = || set.communities.iter().flat_map(known);
    let last = points().map(|(wait, _)| wait).fold(0.0, f64::max);
    let first =
        points().map(|(wait, _)| wait).filter(|wait| *wait >= AT_ONCE_S).fold(f64::INFINITY, f64::min);
    points().next()?;
    let done = set
        .communities
        .iter()
        .filter_map(|one| {
            let all = known(one).map(|(_, share)| share.mean.unwrap_or(0.0)).fold(0.0, f64::max);
            let enough = |share: Estimate| share.mean.is_some_and(|mean| mean >= all.min(0.9995));
            known(one).find(|(_, share)| enough(*share)).map(|(wait, _)| wait)
        })
        .fold(0.0, f64::max);
    let first = if first.is_finite() { first } else { AT_ONCE_S };
    Some((first, done.min(last).max(first * 10.0)))
}

/// The points of a community's distribution that have a finite wait and a finite share, in order of the wait.
fn known(one: &CommunitySummary) -> impl Iterator<Item = (f64, Estimate)> {
    let finite =
        |point: &&DistributionPoint| point.wait_s.is_finite() && format::mean(&point.share).is_some();
    one.wait_distribution.iter().filter(finite).map(|point| (point.wait_s, point.share))
}

fn frame(drawing: &mut Drawing, plot: Area, axes: &Axes) {
    for (share, text) in axes.shares.ticks(5) {
        let y = axes.shares.place(share);
        drawing.line(vec![(plot.left, y), (plot.right, y)], stroke(GRID, 0.75));
        let percent = if text.is_empty() { text } else { format::number(share * 100.0, 0) };
        drawing.text(Label::new(percent, (plot.left - 8.0, y + 3.5), TINY, GREY).anchored(Anchor::End));
    }
    for (share, text) in [(0.5, "median"), (0.95, "95 %")] {
        let y = axes.shares.place(share);
        drawing.dashes((plot.left, y), (plot.right, y), 3.0, stroke(GREY, 0.75));
        drawing.text(Label::new(text, (plot.right + 6.0, y + 3.5), TINY, GREY));
    }
    for (wait, text) in without_clashes(&axes.waits, duration_ticks(&axes.waits), TINY, 8.0) {
        let x = axes.waits.place(wait);
        drawing.line(vec![(x, plot.top), (x, plot.bottom)], stroke(GRID, 0.75));
        drawing.text(Label::new(text, (x, plot.bottom + 15.0), TINY, GREY).anchored(Anchor::Middle));
    }
    drawing.line(
        vec![(plot.left, plot.top), (plot.left, plot.bottom), (plot.right, plot.bottom)],
        stroke(GREY, 1.0),
    );
    let middle = (f64::midpoint(plot.left, plot.right), plot.bottom + 33.0);
    let waits = Label::new("Wait from submission to start (logarithmic)", middle, SMALL, GREY);
    drawing.text(waits.anchored(Anchor::Middle));
    let middle = (MARGIN + 10.0, f64::midpoint(plot.top, plot.bottom));
    let shares = Label::new("Share of jobs (%)", middle, SMALL, GREY);
    drawing.text(shares.anchored(Anchor::Middle).upwards());
}

/// The curve's corners: the last point at or before the left end stands at the left end.
fn corners(one: &CommunitySummary, axes: &Axes, share_of: impl Fn(&Estimate) -> f64) -> Vec<Point> {
    let (first, last) = axes.waits.range();
    let left = known(one).take_while(|(wait, _)| *wait <= first).last();
    let inside = known(one).filter(|(wait, _)| *wait > first && *wait <= last);
    left.into_iter()
        .chain(inside)
        .map(|(wait, share)| (axes.waits.place(wait), axes.shares.place(share_of(&share))))
        .collect()
}

fn band(drawing: &mut Drawing, one: &CommunitySummary, axes: &Axes, ink: Ink) {
    let end = |pick: fn((f64, f64)) -> f64| move |share: &Estimate| format::interval(share).map_or(0.0, pick);
    let mut outline = corners(one, axes, end(|(low, _)| low));
    let upper = corners(one, axes, end(|(_, high)| high));
    outline.extend(upper.into_iter().rev());
    drawing.polygon(outline, ink.with_opacity(0.22));
}

fn curve(drawing: &mut Drawing, one: &CommunitySummary, axes: &Axes, ink: Ink) {
    let points = corners(one, axes, |share| share.mean.unwrap_or(0.0));
    if let Some(at_once) = points.first() {
        drawing.disc(*at_once, 3.0, ink);
    }
    drawing.line(points, stroke(ink, 2.0));
}

/// The median as a dot and the 95 % quantile as a diamond, each with its interval.
fn quantile_marks(drawing: &mut Drawing, one: &CommunitySummary, axes: &Axes, ink: Ink) {
    for (quantile, share) in [(&one.total.wait_s_p50, 0.5), (&one.total.wait_s_p95, 0.95)] {
        let (Some(mean), Some((low, high))) = (format::mean(quantile), format::interval(quantile)) else {
            continue;
        };
        let y = axes.shares.place(share);
        let x = axes.waits.place(mean);
        drawing.line(vec![(axes.waits.place(low), y), (axes.waits.place(high), y)], stroke(BLACK, 1.25));
        if share < 0.9 {
            drawing.disc((x, y), 5.5, WHITE);
            drawing.disc((x, y), 4.5, ink);
        } else {
            diamond(drawing, (x, y), 7.0, WHITE);
            diamond(drawing, (x, y), 5.5, ink);
        }
    }
}

fn diamond(drawing: &mut Drawing, (x, y): Point, radius: f64, ink: Ink) {
    drawing.polygon(vec![(x - radius, y), (x, y - radius), (x + radius, y), (x, y + radius)], ink);
}

/// The legend as a small table: a row a community, with the numbers behind its curve.
fn key(page: &mut Page, summary: &StudySummary, set: &SetSummary, first: f64) {
    let columns = [MARGIN + 18.0, 330.0, 480.0, 640.0, 800.0];
    page.below += 16.0;
    let within = format!("at once (within {})", format::value(first, Quantity::Seconds));
    let headings = ["", &within, "● median", "◆ 95 % quantile", "jobs not started"];
    for (x, heading) in columns.into_iter().zip(headings) {
        page.drawing.text(Label::new(heading, (x, page.below), TINY, GREY));
    }
    for (index, one) in set.communities.iter().enumerate() {
        page.below += 18.0;
        let swatch =
            Area { left: MARGIN, top: page.below - 9.5, right: MARGIN + 11.0, bottom: page.below + 1.5 };
        page.drawing.rectangle(swatch, community(index));
        let ends = columns.into_iter().skip(1).chain([WIDTH - MARGIN + 8.0]);
        for ((x, end), text) in columns.into_iter().zip(ends).zip(key_row(summary, one, first)) {
            let text = shorten(&text, SMALL, Weight::Regular, end - x - 8.0);
            page.drawing.text(Label::new(text, (x, page.below), SMALL, BLACK));
        }
    }
    page.below += 8.0;
}

fn key_row(summary: &StudySummary, one: &CommunitySummary, first: f64) -> [String; 5] {
    let print =
        |estimate: &Estimate, quantity| format::estimate_with_unit(estimate, quantity, summary.replications);
    let at_once = known(one).take_while(|(wait, _)| *wait <= first).last();
    [
        one.name.clone(),
        at_once.map_or("–".to_owned(), |(_, share)| print(&share, Quantity::Share)),
        print(&one.total.wait_s_p50, Quantity::Seconds),
        print(&one.total.wait_s_p95, Quantity::Seconds),
        print(&one.total.jobs_unstarted, Quantity::Count),
    ]
}

fn notes(set: &SetSummary) -> String {
    let unstarted = set.communities.iter().filter_map(|one| format::mean(&one.total.jobs_unstarted));
    let counted = if unstarted.fold(0.0, f64::max) > 0.0 {
        " Jobs not started when the observation ended count with their wait so far, so the true waits are longer."
    } else {
        ""
    };
    format!("Bands are the intervals of the share, bars those of the quantiles.{counted}")
}
