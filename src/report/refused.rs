//! Work that was asked for and refused, by reason: one row a set, for all jobs and for each community.

use super::axis::Axis;
use super::drawing::{Anchor, Area, Drawing, Ink, Label, Weight};
use super::first_accelerator::{ground, whisker};
use super::font::{shorten, text_width};
use super::format::{self, Quantity, Unit};
use super::page::{MARGIN, Page, SMALL, Sample, WIDTH, level_axis};
use super::palette::{BLACK, community};
use crate::statistics::Estimate;
use crate::study::{SetSummary, StudySummary, Totals};

const ROW: f64 = 20.0;
const BAR: f64 = 13.0;
const HEAD: f64 = 27.0;

/// Rows under a heading: all jobs, or those of one community.
struct Group<'a> {
    title: &'a str,
    rows: Vec<Row<'a>>,
}

/// One set: mean work refused by reason, and its totals.
struct Row<'a> {
    name: &'a str,
    by_reason: Vec<f64>,
    total: &'a Totals,
}

/// Work refused by reason, and its part of the work asked for.
pub fn refused_work(summary: &StudySummary) -> Drawing {
    let mut page = Page::new(
        "Work that was asked for and refused",
        "Work of rejected jobs by reason, in hours of the reference accelerator. The line at a bar's end is the interval of the sum.",
    );
    let reasons = reasons(summary);
    let groups = groups(summary, &reasons);
    let ends = groups.iter().flat_map(|group| &group.rows);
    let most = ends
        .filter_map(|row| format::interval(&row.total.rejected_h))
        .map(|(_, high)| high)
        .fold(0.0, f64::max);
    if most <= 0.0 {
        page.nothing("No work was refused.");
        return page.finish(summary, None, "");
    }
    let occurs =
        |index: usize| groups.iter().flat_map(|group| &group.rows).any(|row| row.by_reason[index] > 0.0);
    let legend = reasons.iter().enumerate().filter(|(index, _)| occurs(*index));
    let legend: Vec<_> =
        legend.map(|(index, reason)| (Sample::Square(ink_of(index)), (*reason).to_owned())).collect();
    page.legend(&legend);
    draw_groups(&mut page, summary, &groups, most);
    page.finish(
        summary,
        None,
        "Numbers at the right: work refused, and how much was asked for. What was asked for and not refused is in the figure of \
         where the accelerator-hours went, as far as it was begun inside the window.",
    )
}

/// Every reason of every community, in the order of their first place.
fn reasons(summary: &StudySummary) -> Vec<&str> {
    let mut reasons: Vec<&str> = Vec::new();
    for one in summary.sets.iter().flat_map(|set| &set.communities).flat_map(|one| &one.rejections) {
        if !reasons.contains(&one.reason.as_str()) {
            reasons.push(&one.reason);
        }
    }
    reasons
}

fn groups<'a>(summary: &'a StudySummary, reasons: &[&str]) -> Vec<Group<'a>> {
    let work = |set: &SetSummary, only: Option<usize>| -> Vec<f64> {
        let of = |reason: &&str| {
            let communities = set.communities.iter().enumerate();
            let communities = communities.filter(|(index, _)| only.is_none_or(|only| only == *index));
            let rows = communities.flat_map(|(_, one)| &one.rejections).filter(|row| row.reason == **reason);
            rows.filter_map(|row| format::mean(&row.work_h)).fold(0.0, |sum, work| sum + work.max(0.0))
        };
        reasons.iter().map(of).collect()
    };
    let all =
        summary.sets.iter().map(|set| Row { name: &set.name, by_reason: work(set, None), total: &set.total });
    let mut groups = vec![Group { title: "All jobs", rows: all.collect() }];
    let communities = summary.sets.first().map_or(&[][..], |set| &set.communities);
    for (index, first) in communities.iter().enumerate() {
        let rows = summary.sets.iter().filter_map(|set| {
            let total = &set.communities.get(index)?.total;
            Some(Row { name: &set.name, by_reason: work(set, Some(index)), total })
        });
        groups.push(Group { title: &first.name, rows: rows.collect() });
    }
    groups
}

/// The colour of a reason.
fn ink_of(index: usize) -> Ink {
    community(index)
}

fn draw_groups(page: &mut Page, summary: &StudySummary, groups: &[Group], most: f64) {
    let unit = Quantity::AcceleratorHours.unit_for(most);
    let numbers_of = |row: &Row| numbers(row, unit, summary.replications);
    let rows = || groups.iter().flat_map(|group| &group.rows);
    let width = |text: &str| text_width(text, SMALL, Weight::Regular);
    let names = rows().map(|row| width(row.name)).fold(0.0, f64::max).min(200.0);
    let numbers = rows().map(|row| width(&numbers_of(row))).fold(0.0, f64::max).min(330.0);
    let heights = groups.iter().map(|group| HEAD + ROW * group.rows.len() as f64);
    let top = page.below + 8.0;
    let plot = Area {
        left: MARGIN + names + 12.0,
        right: WIDTH - MARGIN - numbers - 12.0,
        top,
        bottom: top + heights.sum::<f64>(),
    };
    let axis = Axis::linear((0.0, most / unit.divisor * 1.03), (plot.left, plot.right));
    let below = Area { top: plot.bottom, ..plot };
    level_axis(&mut page.drawing, below, &axis, &format!("Work refused ({})", unit.label));
    let mut top = plot.top;
    for group in groups {
        let title = shorten(group.title, 12.0, Weight::Bold, WIDTH - 2.0 * MARGIN);
        page.drawing.text(Label::new(title, (MARGIN, top + 18.0), 12.0, BLACK).bold());
        top += HEAD;
        let rows = Area { top, bottom: top + ROW * group.rows.len() as f64, ..plot };
        ground(&mut page.drawing, rows, &axis);
        for row in &group.rows {
            let y = top + ROW / 2.0;
            let name = shorten(row.name, SMALL, Weight::Regular, names);
            let at = (plot.left - 12.0, y + 4.0);
            page.drawing.text(Label::new(name, at, SMALL, BLACK).anchored(Anchor::End));
            bar(&mut page.drawing, row, |hours| axis.place(hours / unit.divisor), y);
            let text = shorten(&numbers_of(row), SMALL, Weight::Regular, numbers);
            let at = (WIDTH - MARGIN, y + 4.0);
            page.drawing.text(Label::new(text, at, SMALL, BLACK).anchored(Anchor::End));
            top += ROW;
        }
    }
    page.below = plot.bottom + 36.0;
}

fn numbers(row: &Row, unit: Unit, replications: u32) -> String {
    let rejected: &Estimate = &row.total.rejected_h;
    if format::mean(rejected).is_none() {
        return "–".to_owned();
    }
    let asked = format::estimate_with_unit(&row.total.offered_h, Quantity::AcceleratorHours, replications);
    format!("{} {} of {asked}", format::estimate(rejected, unit, replications), unit.label)
}

/// The reasons one after the other, and the interval of their sum.
fn bar(drawing: &mut Drawing, row: &Row, place: impl Fn(f64) -> f64, y: f64) {
    let mut reached = 0.0;
    for (index, work) in row.by_reason.iter().enumerate() {
        let next = reached + work;
        let area =
            Area { left: place(reached), top: y - BAR / 2.0, right: place(next), bottom: y + BAR / 2.0 };
        drawing.rectangle(area, ink_of(index));
        reached = next;
    }
    whisker(drawing, &row.total.rejected_h, place, y);
}
