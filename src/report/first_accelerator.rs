//! The time to the first accelerator by community and set: bars of access, support and queue, one on another.

use super::axis::{Axis, without_clashes};
use super::drawing::{Anchor, Area, Drawing, Ink, Label, Weight};
use super::font::{shorten, text_width};
use super::format::{self, Quantity, Unit};
use super::page::{MARGIN, Page, SMALL, Sample, TINY, WIDTH};
use super::palette::{BLACK, BLUE, GREEN, GREY, GRID, ORANGE, stroke};
use crate::statistics::Estimate;
use crate::study::{ProjectSummary, SetSummary, StudySummary};

/// A part of the time: in words, its colour, and where it stands.
type Part = (&'static str, Ink, fn(&ProjectSummary) -> Estimate);

/// The parts from the application on.
const PARTS: [Part; 3] = [
    ("access: application to grant", BLUE, |one| one.access_s_mean),
    ("support: grant to the first job handed in", ORANGE, |one| one.support_s_mean),
    ("queue: until it starts", GREEN, |one| one.first_queue_s_mean),
];

const ROW: f64 = 22.0;
const BAR: f64 = 13.0;
const HEAD: f64 = 26.0;

/// Rows under one heading.
struct Group<'s> {
    title: &'s str,
    rows: Vec<(&'s str, &'s ProjectSummary)>,
}

/// The mean time to the first accelerator, by community and set; to be drawn where there are projects.
pub fn first_accelerator(summary: &StudySummary) -> Drawing {
    let mut page = Page::new(
        "How long projects wait for their first accelerator",
        "Mean time from a project's first application to the first start of one of its jobs. The line at a bar's end is the \
         interval of the whole.",
    );
    let groups = groups_of(summary);
    let rows = || groups.iter().flat_map(|group| &group.rows);
    let whole = |row: &(&str, &ProjectSummary)| row.1.first_accelerator_s_mean;
    if !rows().any(|row| format::mean(&whole(row)).is_some()) {
        page.nothing("No project applied and was not refused: there is no time to show.");
        return page.finish(summary, None, "");
    }
    page.legend(&PARTS.map(|(name, ink, _)| (Sample::Square(ink), name.to_owned())));
    let unit = Quantity::Seconds.unit_for_all(rows().map(|row| &row.1.first_accelerator_s_mean));
    let most =
        rows().filter_map(|row| format::interval(&whole(row))).map(|(_, high)| high).fold(0.0, f64::max);
    draw_groups(&mut page, summary, &groups, (unit, most / unit.divisor));
    page.finish(
        summary,
        None,
        "Refused projects do not count. Those that never started count until the observation ended: the true means are no \
         less. Small jobs need no onboarding: they are handed in at once.",
    )
}

/// By community the sets, and one group for all; of a single set its communities.
fn groups_of(summary: &StudySummary) -> Vec<Group<'_>> {
    if let [only] = summary.sets.as_slice() {
        let communities =
            only.communities.iter().filter_map(|one| Some((one.name.as_str(), one.projects.as_ref()?)));
        let all = only.projects.as_ref().map(|all| ("All", all));
        return vec![Group { title: &only.name, rows: communities.chain(all).collect() }];
    }
    let communities = summary.sets.first().map_or(&[][..], |set| &set.communities);
    let groups = communities
        .iter()
        .map(|one| Group { title: &one.name, rows: rows_of(summary, |set| of_community(set, &one.id)) });
    let all = Group { title: "All communities", rows: rows_of(summary, |set| set.projects.as_ref()) };
    groups.chain([all]).filter(|group| !group.rows.is_empty()).collect()
}

/// The sets by name, each with its projects.
fn rows_of<'s>(
    summary: &'s StudySummary,
    of: impl Fn(&'s SetSummary) -> Option<&'s ProjectSummary>,
) -> Vec<(&'s str, &'s ProjectSummary)> {
    summary.sets.iter().filter_map(|set| Some((set.name.as_str(), of(set)?))).collect()
}

fn of_community<'s>(set: &'s SetSummary, id: &str) -> Option<&'s ProjectSummary> {
    set.communities.iter().find(|one| one.id == id)?.projects.as_ref()
}

fn draw_groups(page: &mut Page, summary: &StudySummary, groups: &[Group], (unit, most): (Unit, f64)) {
    let rows = || groups.iter().flat_map(|group| &group.rows);
    let number = |one: &ProjectSummary| number_of(one, unit, summary.replications);
    let widest = |texts: &mut dyn Iterator<Item = String>| {
        texts.map(|text| text_width(&text, SMALL, Weight::Regular)).fold(0.0, f64::max)
    };
    let names = widest(&mut rows().map(|(name, _)| (*name).to_owned())).min(200.0);
    let numbers = widest(&mut rows().map(|(_, one)| number(one))).min(230.0);
    let heights = groups.iter().map(|group| HEAD + ROW * group.rows.len() as f64);
    let plot = Area {
        left: MARGIN + names + 12.0,
        top: page.below + 4.0,
        right: WIDTH - MARGIN - numbers - 12.0,
        bottom: page.below + 8.0 + heights.sum::<f64>(),
    };
    let axis = Axis::linear((0.0, most.max(f64::MIN_POSITIVE) * 1.03), (plot.left, plot.right));
    ticks(&mut page.drawing, plot, &axis, unit);
    let mut top = plot.top;
    for group in groups {
        let title = shorten(group.title, 12.0, Weight::Bold, WIDTH - 2.0 * MARGIN);
        page.drawing.text(Label::new(title, (MARGIN, top + 18.0), 12.0, BLACK).bold());
        top += HEAD;
        ground(&mut page.drawing, Area { top, bottom: top + ROW * group.rows.len() as f64, ..plot }, &axis);
        for (name, one) in &group.rows {
            let y = top + ROW / 2.0;
            let name = shorten(name, SMALL, Weight::Regular, names);
            page.drawing
                .text(Label::new(name, (plot.left - 12.0, y + 4.0), SMALL, BLACK).anchored(Anchor::End));
            bar(&mut page.drawing, one, &axis, unit, y);
            let text = shorten(&number(one), SMALL, Weight::Regular, numbers);
            let at = (WIDTH - MARGIN, y + 4.0);
            page.drawing.text(Label::new(text, at, SMALL, BLACK).anchored(Anchor::End));
            top += ROW;
        }
    }
    page.below = plot.bottom + 36.0;
}

fn number_of(one: &ProjectSummary, unit: Unit, replications: u32) -> String {
    let time = &one.first_accelerator_s_mean;
    match format::mean(time) {
        Some(_) => format!("{} {}", format::estimate(time, unit, replications), unit.label),
        None => "–".to_owned(),
    }
}

/// The lines behind the bars of a group; none run through its title.
pub(super) fn ground(drawing: &mut Drawing, plot: Area, axis: &Axis) {
    for (value, _) in without_clashes(axis, axis.ticks(8), TINY, 10.0) {
        let x = axis.place(value);
        drawing.line(vec![(x, plot.top), (x, plot.bottom)], stroke(GRID, 0.75));
    }
    drawing.line(vec![(plot.left, plot.top), (plot.left, plot.bottom)], stroke(GREY, 1.0));
}

fn ticks(drawing: &mut Drawing, plot: Area, axis: &Axis, unit: Unit) {
    for (value, text) in without_clashes(axis, axis.ticks(8), TINY, 10.0) {
        let at = (axis.place(value), plot.bottom + 14.0);
        drawing.text(Label::new(text, at, TINY, GREY).anchored(Anchor::Middle));
    }
    let title = format!("Time to the first accelerator ({})", unit.label);
    let at = (f64::midpoint(plot.left, plot.right), plot.bottom + 31.0);
    drawing.text(Label::new(title, at, SMALL, GREY).anchored(Anchor::Middle));
}

/// The parts one after the other, and the interval of the whole at their end.
fn bar(drawing: &mut Drawing, one: &ProjectSummary, axis: &Axis, unit: Unit, y: f64) {
    let place = |seconds: f64| axis.place(seconds / unit.divisor);
    let mut reached = 0.0;
    for (_, ink, part) in PARTS {
        let next = reached + format::mean(&part(one)).unwrap_or(0.0).max(0.0);
        let area =
            Area { left: place(reached), top: y - BAR / 2.0, right: place(next), bottom: y + BAR / 2.0 };
        drawing.rectangle(area, ink);
        reached = next;
    }
    whisker(drawing, &one.first_accelerator_s_mean, place, y);
}

/// The interval of an estimate as a level line with ends; nothing where it has no extent.
pub(super) fn whisker(drawing: &mut Drawing, estimate: &Estimate, place: impl Fn(f64) -> f64, y: f64) {
    let (Some(_), Some((low, high))) = (format::half_width(estimate), format::interval(estimate)) else {
        return;
    };
    let (low, high) = (place(low), place(high));
    if high <= low {
        return;
    }
    drawing.line(vec![(low, y), (high, y)], stroke(BLACK, 1.25));
    for x in [low, high] {
        drawing.line(vec![(x, y - 3.5), (x, y + 3.5)], stroke(BLACK, 1.25));
    }
}
