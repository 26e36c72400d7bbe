//! What communities and countries are entitled to, and what they were given: one row each, with the line of equality.

use super::axis::Axis;
use super::drawing::{Anchor, Area, Drawing, Label, Weight};
use super::font::{shorten, text_width};
use super::format::{self, Quantity};
use super::page::{MARGIN, Page, SMALL, Sample, WIDTH, ellipsis, level_axis};
use super::palette::{BLACK, BLUE, GREY, ORANGE, PALE, WHITE, stroke};
use crate::statistics::Estimate;
use crate::study::{FairnessSummary, GroupFairness, SetSummary, StudySummary};

const ROW: f64 = 18.0;
const HEAD: f64 = 34.0;
const GAP: f64 = 34.0;
/// Beyond this ratio a mark stands at the axis' end; its number tells.
const MOST_RATIO: f64 = 4.0;

/// Groups of one kind with a heading.
struct Kind<'a> {
    title: &'static str,
    fairness: &'a FairnessSummary,
}

/// Entitled and delivered shares of the work served, by country and by community.
pub fn shares(summary: &StudySummary, set: &SetSummary) -> Drawing {
    let title = format!("{}: entitled and delivered", ellipsis(&set.name, 60));
    let mut page = Page::new(
        &title,
        "Left: the share of all work served that a group is entitled to, and the one that it was given. Right: the one it was \
         given over the one it is entitled to; at the upright line both are equal.",
    );
    let kinds: Vec<Kind> = [
        Kind { title: "Countries", fairness: &set.fairness_of_countries },
        Kind { title: "Communities", fairness: &set.fairness_of_communities },
    ]
    .into_iter()
    .filter(|kind| !kind.fairness.groups.is_empty())
    .collect();
    if kinds.is_empty() {
        page.nothing("No group is entitled to a share.");
        return page.finish(summary, Some(set), "");
    }
    page.legend(&[
        (Sample::Dot(ORANGE), "entitled".to_owned()),
        (Sample::Dot(BLUE), "delivered, with its interval".to_owned()),
    ]);
    for kind in &kinds {
        draw_kind(&mut page, summary, kind);
    }
    page.finish(
        summary,
        Some(set),
        "A country is entitled to its part of all work that is expected to be asked for inside the window, by the rates, growth \
         and mean sizes of the scenario; a community to its shares of the machines over those of all. Jain's index of the ratios \
         is 1 where all are equal and 1 over the number of groups where one got all (Jain, Chiu and Hawe 1984).",
    )
}

/// Where the columns of a kind stand: names, shares, ratios, numbers.
struct Columns {
    names: f64,
    shares: Area,
    ratios: Area,
}

fn columns(kind: &Kind, top: f64) -> Columns {
    let groups = &kind.fairness.groups;
    let widest =
        groups.iter().map(|group| text_width(&group.name, SMALL, Weight::Regular)).fold(0.0, f64::max);
    let names = widest.clamp(60.0, 200.0);
    let (left, numbers) = (MARGIN + names + 12.0, 108.0);
    let width = (WIDTH - MARGIN - numbers - left - GAP) / 2.0;
    let bottom = top + ROW * groups.len() as f64;
    let shares = Area { left, top, right: left + width, bottom };
    Columns {
        names,
        shares,
        ratios: Area { left: shares.right + GAP, right: shares.right + GAP + width, ..shares },
    }
}

fn draw_kind(page: &mut Page, summary: &StudySummary, kind: &Kind) {
    let groups = &kind.fairness.groups;
    heading(page, summary, kind);
    let columns = columns(kind, page.below);
    let ends = groups.iter().flat_map(|group| {
        let delivered = format::interval(&group.delivered_share).map_or(0.0, |(_, high)| high);
        [delivered, group.entitled_share]
    });
    let most = ends.filter(|end| end.is_finite()).fold(0.0, f64::max).min(1e6);
    let share_axis = Axis::linear(
        (0.0, if most > 0.0 { most * 105.0 } else { 100.0 }),
        (columns.shares.left, columns.shares.right),
    );
    let ratios = groups.iter().filter_map(|group| format::interval(&group.delivered_of_entitled));
    let highest = ratios.map(|(_, high)| high).fold(1.5, f64::max).min(MOST_RATIO);
    let ratio_axis = Axis::linear((0.0, highest * 1.03), (columns.ratios.left, columns.ratios.right));
    level_axis(&mut page.drawing, columns.shares, &share_axis, "Share of all work served (%)");
    level_axis(&mut page.drawing, columns.ratios, &ratio_axis, "Delivered over entitled");
    let equal = ratio_axis.place(1.0);
    let line = vec![(equal, columns.ratios.top), (equal, columns.ratios.bottom)];
    page.drawing.line(line, stroke(GREY, 1.5));
    for (index, group) in groups.iter().enumerate() {
        let y = page.below + ROW * (index as f64 + 0.5);
        draw_group(&mut page.drawing, group, &columns, (&share_axis, &ratio_axis), y);
        let ratio = format::estimate(&group.delivered_of_entitled, format::PLAIN, summary.replications);
        let ratio = shorten(&ratio, SMALL, Weight::Regular, 104.0);
        let at = (WIDTH - MARGIN, y + 4.0);
        page.drawing.text(Label::new(ratio, at, SMALL, BLACK).anchored(Anchor::End));
    }
    page.below = columns.shares.bottom + 36.0;
}

/// The kind of groups, and how even they were served.
fn heading(page: &mut Page, summary: &StudySummary, kind: &Kind) {
    let at = (MARGIN, page.below + HEAD - 12.0);
    page.drawing.text(Label::new(kind.title, at, 12.0, BLACK).bold());
    let jain = format::estimate(&kind.fairness.jain, format::PLAIN, summary.replications);
    let words = format!("Jain's index {jain} over {} groups", kind.fairness.groups.len());
    let at = (WIDTH - MARGIN, page.below + HEAD - 12.0);
    page.drawing.text(Label::new(words, at, SMALL, GREY).anchored(Anchor::End));
    page.below += HEAD;
}

fn draw_group(
    drawing: &mut Drawing,
    group: &GroupFairness,
    columns: &Columns,
    (shares, ratios): (&Axis, &Axis),
    y: f64,
) {
    let name = shorten(&group.name, SMALL, Weight::Regular, columns.names);
    let at = (columns.shares.left - 12.0, y + 4.0);
    drawing.text(Label::new(name, at, SMALL, BLACK).anchored(Anchor::End));
    let percent = |share: f64| shares.place(share / Quantity::Share.unit_for(share).divisor);
    let entitled = percent(group.entitled_share);
    if let Some(delivered) = format::mean(&group.delivered_share) {
        drawing.line(vec![(entitled, y), (percent(delivered), y)], stroke(PALE, 1.0));
    }
    drawing.disc((entitled, y), 5.0, ORANGE);
    dot(drawing, &group.delivered_share, percent, y);
    dot(drawing, &group.delivered_of_entitled, |ratio| ratios.place(ratio), y);
}

fn dot(drawing: &mut Drawing, value: &Estimate, place: impl Fn(f64) -> f64, y: f64) {
    let (Some(mean), Some((low, high))) = (format::mean(value), format::interval(value)) else { return };
    drawing.line(vec![(place(low), y), (place(high), y)], stroke(BLUE, 2.0));
    drawing.disc((place(mean), y), 4.5, WHITE);
    drawing.disc((place(mean), y), 3.75, BLUE);
}
