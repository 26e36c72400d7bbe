//! Each set against the base: paired differences with their intervals, one panel a metric, one row a set.

use super::axis::Axis;
use super::drawing::{Anchor, Area, Drawing, Ink, Label, Weight};
use super::font::{shorten, text_width};
use super::format::{self, Quantity, Unit};
use super::page::{MARGIN, Page, SMALL, Sample, TINY, WIDTH, ellipsis, replications};
use super::palette::{BLACK, BLUE, GREY, GRID, PALE, VERMILLION, WHITE, stroke};
use crate::statistics::Estimate;
use crate::study::{MetricComparison, SetComparison, StudySummary};

/// Whether a planner wants more or less of a metric.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Wanted {
    More,
    Less,
    /// Good or bad by other metrics: a high utilisation may mean little waste or long waits.
    Depends,
}

/// What is known of a metric by its name in `runs.parquet`, in the order of the panels.
const METRICS: [(&str, &str, Wanted); 13] = [
    ("wait_s_mean", "mean wait", Wanted::Less),
    ("wait_s_p95", "95 % wait", Wanted::Less),
    ("served_h", "work served", Wanted::More),
    ("utilisation", "utilisation", Wanted::Depends),
    ("rejected_h", "work rejected", Wanted::Less),
    ("jobs_rejected", "jobs rejected", Wanted::Less),
    ("jobs_unstarted", "jobs not started", Wanted::Less),
    ("first_accelerator_s_mean", "time to first accelerator", Wanted::Less),
    ("project_used_h", "granted hours used", Wanted::More),
    ("wait_s_p50", "median wait", Wanted::Less),
    ("wait_s_p90", "90 % wait", Wanted::Less),
    ("wait_s_p99", "99 % wait", Wanted::Less),
    ("staging_s_mean", "mean staging time", Wanted::Less),
];
/// Of these, the ones shown for the whole network and for each community; the tables hold the others.
const FOR_NETWORK: usize = 9;
const FOR_COMMUNITY: usize = 2;

/// Paired differences of every set to the base: a forest plot.
pub fn comparison(summary: &StudySummary) -> Drawing {
    let base = summary.sets.first().map_or("the base", |set| set.name.as_str());
    let title = format!("What changes against the base, {}", ellipsis(base, 60));
    let subtitle = format!(
        "Difference of each set to the base on the same random universes, {}. A dot is the mean, its bar the interval.",
        replications(summary)
    );
    let mut page = Page::new(&title, &subtitle);
    let panels = panels_of(summary);
    if panels.is_empty() {
        page.nothing("One set only: there is nothing to compare.");
        return page.finish(summary, None, "");
    }
    page.legend(&[
        (Sample::Dot(BLUE), "better than the base".to_owned()),
        (Sample::Dot(VERMILLION), "worse than the base".to_owned()),
        (Sample::Dot(BLACK), "other than the base".to_owned()),
        (Sample::Dot(PALE), "not told apart: the interval holds zero, or there is none".to_owned()),
    ]);
    draw_panels(&mut page, summary, &panels);
    page.finish(
        summary,
        None,
        "Positive means more than the base. Each interval holds for its own metric and set, not for all at once. The 95 % \
         wait is the one that 95 % of the jobs do not exceed.",
    )
}

/// One metric over all compared sets.
struct Panel<'a> {
    title: String,
    quantity: Quantity,
    wanted: Option<Wanted>,
    /// Name of the set and its difference; `None` where the set has no such row.
    rows: Vec<(&'a str, Option<&'a Estimate>)>,
    base: Option<&'a Estimate>,
}

fn panels_of(summary: &StudySummary) -> Vec<Panel<'_>> {
    let mut communities: Vec<Option<&str>> = vec![None];
    let mut metrics: Vec<&str> = METRICS.iter().take(FOR_NETWORK).map(|(metric, ..)| *metric).collect();
    for row in summary.comparisons.iter().flat_map(|comparison| &comparison.metrics) {
        let community = row.community.as_deref();
        if !communities.contains(&community) {
            communities.push(community);
        }
    }
    let for_community = metrics[..FOR_COMMUNITY].to_vec();
    communities
        .into_iter()
        .flat_map(|community| {
            let metrics =
                if community.is_none() { std::mem::take(&mut metrics) } else { for_community.clone() };
            metrics
                .into_iter()
                .filter_map(move |metric| panel_of(summary, metric, community))
                .collect::<Vec<_>>()
        })
        .collect()
}

fn panel_of<'a>(summary: &'a StudySummary, metric: &str, community: Option<&str>) -> Option<Panel<'a>> {
    let find = |comparison: &'a SetComparison| {
        comparison.metrics.iter().find(|row| row.metric == metric && row.community.as_deref() == community)
    };
    let first: &MetricComparison = summary.comparisons.iter().find_map(find)?;
    let known = METRICS.iter().find(|(name, ..)| *name == metric);
    let subject = community.map_or("Whole network", |id| community_name(summary, id));
    Some(Panel {
        title: format!("{}: {}", ellipsis(subject, 32), known.map_or(metric, |(_, words, _)| words)),
        quantity: quantity_of(&first.unit),
        wanted: known.map(|(.., wanted)| *wanted),
        rows: summary
            .comparisons
            .iter()
            .map(|comparison| {
                (set_name(summary, &comparison.set), find(comparison).map(|row| &row.difference))
            })
            .collect(),
        base: Some(&first.base),
    })
}

fn set_name<'a>(summary: &'a StudySummary, id: &'a str) -> &'a str {
    summary.sets.iter().find(|set| set.id == id).map_or(id, |set| set.name.as_str())
}

fn community_name<'a>(summary: &'a StudySummary, id: &'a str) -> &'a str {
    let mut communities = summary.sets.iter().flat_map(|set| &set.communities);
    communities.find(|community| community.id == id).map_or(id, |community| community.name.as_str())
}

/// The quantity behind a unit of `MetricComparison`.
pub(super) fn quantity_of(unit: &str) -> Quantity {
    match unit {
        "s" => Quantity::Seconds,
        "h" => Quantity::AcceleratorHours,
        "share" => Quantity::Share,
        "jobs" | "projects" => Quantity::Count,
        _ => Quantity::Plain,
    }
}

const ROW: f64 = 21.0;
const HEAD: f64 = 34.0;
const FOOT: f64 = 30.0;

/// Two panels in a row; the names of the sets stand left of the first.
fn draw_panels(page: &mut Page, summary: &StudySummary, panels: &[Panel]) {
    let names = panels.iter().flat_map(|panel| &panel.rows);
    let widest = names.map(|(name, _)| text_width(name, SMALL, Weight::Regular)).fold(0.0, f64::max);
    let names_width = widest.min(180.0);
    let left = MARGIN + names_width + 12.0;
    let gap = 26.0;
    let columns = if panels.len() == 1 { 1.0 } else { 2.0 };
    let width = (WIDTH - MARGIN - left - gap * (columns - 1.0)) / columns;
    for pair in panels.chunks(columns as usize) {
        let height = HEAD + ROW * pair[0].rows.len() as f64 + FOOT;
        for (column, panel) in pair.iter().enumerate() {
            let panel_left = left + column as f64 * (width + gap);
            let area = Area {
                left: panel_left,
                top: page.below,
                right: panel_left + width,
                bottom: page.below + height,
            };
            draw_panel(&mut page.drawing, summary, panel, area);
        }
        for (index, (name, _)) in pair[0].rows.iter().enumerate() {
            let y = page.below + HEAD + ROW * (index as f64 + 0.5) + 4.0;
            let name = shorten(name, SMALL, Weight::Regular, names_width);
            page.drawing.text(Label::new(name, (left - 12.0, y), SMALL, BLACK).anchored(Anchor::End));
        }
        page.below += height;
    }
}

fn draw_panel(drawing: &mut Drawing, summary: &StudySummary, panel: &Panel, area: Area) {
    let unit = panel.quantity.unit_for_all(panel.rows.iter().filter_map(|(_, row)| *row));
    let texts: Vec<String> = panel
        .rows
        .iter()
        .map(|(_, row)| row.map_or("–".to_owned(), |row| number_of(row, unit, panel, summary.replications)))
        .collect();
    let widest = texts.iter().map(|text| text_width(text, SMALL, Weight::Regular)).fold(0.0, f64::max);
    let numbers = widest.max(86.0).min(area.width() * 0.5);
    let plot = Area {
        left: area.left,
        right: area.right - numbers - 12.0,
        top: area.top + HEAD,
        bottom: area.bottom - FOOT,
    };
    head(drawing, summary, panel, area);
    let axis = difference_axis(panel, plot, unit);
    ground(drawing, panel, plot, &axis, (unit, area.right));
    for (index, ((_, row), text)) in panel.rows.iter().zip(&texts).enumerate() {
        let y = plot.top + ROW * (index as f64 + 0.5);
        let ink = row.map_or(PALE, |row| verdict(row, panel.wanted));
        if let Some(row) = row {
            dot_with_interval(drawing, row, &axis, unit, (y, ink));
        }
        let text = shorten(text, SMALL, Weight::Regular, numbers);
        let label = Label::new(text, (area.right, y + 4.0), SMALL, BLACK);
        drawing.text(label.anchored(Anchor::End));
    }
}

/// The difference in words; for shares in percentage points, so that nobody takes it for a relative change.
fn number_of(row: &Estimate, unit: Unit, panel: &Panel, replications: u32) -> String {
    let points = Unit { label: "points", ..unit };
    let unit = if panel.quantity == Quantity::Share { points } else { unit };
    if format::mean(row).is_some() { format::difference(row, unit, replications) } else { "–".to_owned() }
}

fn head(drawing: &mut Drawing, summary: &StudySummary, panel: &Panel, area: Area) {
    let base = panel.base.map_or(String::new(), |base| {
        format!("base {}", format::estimate_with_unit(base, panel.quantity, summary.replications))
    });
    let base = shorten(&base, TINY, Weight::Regular, area.width() * 0.5);
    let room = area.width() - text_width(&base, TINY, Weight::Regular) - 12.0;
    let title = shorten(&panel.title, 12.0, Weight::Bold, room);
    drawing.text(Label::new(title, (area.left, area.top + 24.0), 12.0, BLACK).bold());
    drawing.text(Label::new(base, (area.right, area.top + 24.0), TINY, GREY).anchored(Anchor::End));
}

/// An axis in the panel's unit that holds zero and every interval, with some room at its ends.
fn difference_axis(panel: &Panel, plot: Area, unit: Unit) -> Axis {
    let ends = panel.rows.iter().filter_map(|(_, row)| row.and_then(format::interval));
    let (low, high) = ends.fold((0.0_f64, 0.0_f64), |(low, high), (one, other)| {
        (low.min(one / unit.divisor), high.max(other / unit.divisor))
    });
    // Without any difference there is still a zero to show, in the middle.
    let (low, high) = if high - low > 1e-12 { (low, high) } else { (-1.0, 1.0) };
    let room = (high - low) * 0.08;
    Axis::linear((low - room, high + room), (plot.left, plot.right))
}

fn ground(drawing: &mut Drawing, panel: &Panel, plot: Area, axis: &Axis, (unit, right): (Unit, f64)) {
    for (value, text) in super::axis::without_clashes(axis, axis.ticks(6), TINY, 10.0) {
        let x = axis.place(value);
        drawing.line(vec![(x, plot.top), (x, plot.bottom)], stroke(GRID, 0.75));
        drawing.text(Label::new(text, (x, plot.bottom + 12.0), TINY, GREY).anchored(Anchor::Middle));
    }
    let zero = axis.place(0.0);
    drawing.line(vec![(zero, plot.top), (zero, plot.bottom)], stroke(GREY, 1.25));
    let label = match (panel.quantity, unit.label) {
        (Quantity::Share, _) => "percentage points",
        (Quantity::Count, "") => "jobs",
        (Quantity::AcceleratorHours, "h") => "accelerator-h",
        (_, label) => label,
    };
    let at = (right, plot.bottom + 12.0);
    drawing.text(Label::new(label, at, TINY, GREY).anchored(Anchor::End));
}

/// Better, worse, or not told apart; a metric that nobody has judged is black when it differs.
fn verdict(difference: &Estimate, wanted: Option<Wanted>) -> Ink {
    let more = format::mean(difference).is_some_and(|mean| mean > 0.0);
    match wanted {
        _ if !difference.excludes_zero() => PALE,
        None | Some(Wanted::Depends) => BLACK,
        Some(wanted) if (wanted == Wanted::More) == more => BLUE,
        Some(_) => VERMILLION,
    }
}

fn dot_with_interval(drawing: &mut Drawing, row: &Estimate, axis: &Axis, unit: Unit, (y, ink): (f64, Ink)) {
    let (Some(mean), Some((low, high))) = (format::mean(row), format::interval(row)) else { return };
    let place = |value: f64| axis.place(value / unit.divisor);
    drawing.line(vec![(place(low), y), (place(high), y)], stroke(ink, 2.0));
    drawing.disc((place(mean), y), 5.5, WHITE);
    drawing.disc((place(mean), y), 4.5, ink);
}
