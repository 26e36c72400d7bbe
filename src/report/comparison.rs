//! Sets against each other: paired differences with their own intervals and those that hold for all at once, one panel a
//! metric, one row a pair.

use super::axis::Axis;
use super::comparison_tables::set_name;
use super::drawing::{Anchor, Area, Drawing, Ink, Label, Weight};
use super::font::{shorten, text_width};
use super::format::{self, Quantity, Unit};
use super::page::{MARGIN, Page, SMALL, Sample, TINY, WIDTH, ellipsis, replications};
use super::palette::{BLACK, BLUE, GREY, GRID, PALE, VERMILLION, WHITE, stroke};
use crate::statistics::{Adjustment, Against, Estimate};
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

/// Paired differences of every compared pair of sets: a forest plot.
pub fn comparison(summary: &StudySummary) -> Drawing {
    let base = summary.sets.first().map_or("the base", |set| set.name.as_str());
    let (title, of) = match summary.comparison.against {
        Against::Base => {
            (format!("What changes against the base, {}", ellipsis(base, 60)), "each set to the base")
        }
        Against::AllPairs => {
            ("How the sets differ, pair by pair".to_owned(), "two sets, the first less the second")
        }
    };
    let at_once = is_simultaneous(summary);
    let bars = if at_once {
        "A dot is the mean, its thick bar the interval of its own, its thin bar the one that holds for all sets at once."
    } else {
        "A dot is the mean, its bar the interval."
    };
    let subtitle =
        format!("Difference of {of} on the same random universes, {}. {bars}", replications(summary));
    let mut page = Page::new(&title, &subtitle);
    let panels = panels_of(summary);
    if panels.is_empty() {
        page.nothing("One set only: there is nothing to compare.");
        return page.finish(summary, None, "");
    }
    page.legend(&legend(at_once));
    draw_panels(&mut page, summary, &panels);
    let hold = if at_once {
        format!(
            "In each panel all {} thin bars hold at once, by Bonferroni's rule; numbers and colours are theirs. Each panel is \
             a statement of its own.",
            summary.comparisons.len()
        )
    } else {
        "Each interval holds for its own metric and set, not for all at once.".to_owned()
    };
    let note = format!(
        "Positive means more than the base. {hold} The 95 % wait is the one that 95 % of the jobs do not exceed."
    );
    page.finish(summary, None, &note)
}

/// Whether there are intervals that hold for several comparisons at once, and so differ from their own.
fn is_simultaneous(summary: &StudySummary) -> bool {
    summary.comparisons.len() > 1 && summary.comparison.adjust != Adjustment::None
}

fn legend(at_once: bool) -> Vec<(Sample, String)> {
    let undecided = if at_once {
        "not told apart: the thin bar holds zero"
    } else {
        "not told apart: the bar holds zero"
    };
    [
        (Sample::Dot(BLUE), "better than the base"),
        (Sample::Dot(VERMILLION), "worse than the base"),
        (Sample::Dot(BLACK), "other than the base"),
        (Sample::Dot(PALE), undecided),
    ]
    .map(|(sample, text)| (sample, text.to_owned()))
    .into()
}

/// One metric over all compared sets.
struct Panel<'a> {
    title: String,
    quantity: Quantity,
    wanted: Option<Wanted>,
    /// Name of the pair and its difference; `None` where the pair has no such row.
    rows: Vec<(String, Option<Difference>)>,
    /// The value in the base, where all are compared with the same.
    base: Option<&'a Estimate>,
}

/// A difference by itself, and among all compared at once.
struct Difference {
    own: Estimate,
    for_all: Estimate,
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
        comparison
            .metrics
            .iter()
            .find(|row| row.metric == metric && row.community.as_deref() == community && row.site.is_none())
    };
    let first: &MetricComparison = summary.comparisons.iter().find_map(find)?;
    let known = METRICS.iter().find(|(name, ..)| *name == metric);
    let subject = community.map_or("Whole network", |id| community_name(summary, id));
    Some(Panel {
        title: format!("{}: {}", ellipsis(subject, 32), known.map_or(metric, |(_, words, _)| words)),
        quantity: Quantity::of_unit(&first.unit),
        wanted: known.map(|(.., wanted)| *wanted),
        rows: summary
            .comparisons
            .iter()
            .map(|comparison| {
                let row = find(comparison);
                let difference = row.map(|row| Difference { own: row.difference, for_all: row.for_all() });
                (pair_name(summary, comparison), difference)
            })
            .collect(),
        base: (summary.comparison.against == Against::Base).then_some(&first.base),
    })
}

/// The set that is compared, and with which, where that is not the same for all.
fn pair_name(summary: &StudySummary, comparison: &SetComparison) -> String {
    let name = |id| set_name(summary, id);
    match summary.comparison.against {
        Against::Base => name(&comparison.set).to_owned(),
        Against::AllPairs => format!("{} − {}", name(&comparison.set), name(&comparison.base)),
    }
}

fn community_name<'a>(summary: &'a StudySummary, id: &'a str) -> &'a str {
    let mut communities = summary.sets.iter().flat_map(|set| &set.communities);
    communities.find(|community| community.id == id).map_or(id, |community| community.name.as_str())
}

const ROW: f64 = 21.0;
const HEAD: f64 = 46.0;
const FOOT: f64 = 30.0;

/// Two panels in a row; the names of the sets stand left of the first.
fn draw_panels(page: &mut Page, summary: &StudySummary, panels: &[Panel]) {
    let names = panels.iter().flat_map(|panel| &panel.rows);
    let widest = names.map(|(name, _)| text_width(name, SMALL, Weight::Regular)).fold(0.0, f64::max);
    let names_width = widest.min(220.0);
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
    let estimates = panel.rows.iter().filter_map(|(_, row)| row.as_ref().map(|row| &row.for_all));
    let unit = panel.quantity.unit_for_all(estimates);
    let texts: Vec<String> = panel
        .rows
        .iter()
        .map(|(_, row)| match row {
            Some(row) => number_of(&row.for_all, unit, panel, summary.replications),
            None => "–".to_owned(),
        })
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
        let ink = row.as_ref().map_or(PALE, |row| verdict(&row.for_all, panel.wanted));
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
    let title = shorten(&panel.title, 12.0, Weight::Bold, area.width());
    drawing.text(Label::new(title, (area.left, area.top + 22.0), 12.0, BLACK).bold());
    let Some(base) = panel.base else { return };
    let base = format!("base {}", format::estimate_with_unit(base, panel.quantity, summary.replications));
    let base = shorten(&base, TINY, Weight::Regular, area.width());
    drawing.text(Label::new(base, (area.left, area.top + 36.0), TINY, GREY));
}

/// An axis in the panel's unit that holds zero and every interval, with some room at its ends.
fn difference_axis(panel: &Panel, plot: Area, unit: Unit) -> Axis {
    let ends = panel.rows.iter().filter_map(|(_, row)| format::interval(&row.as_ref()?.for_all));
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

fn dot_with_interval(drawing: &mut Drawing, row: &Difference, axis: &Axis, unit: Unit, (y, ink): (f64, Ink)) {
    let Some(mean) = format::mean(&row.own) else { return };
    let place = |value: f64| axis.place(value / unit.divisor);
    for (estimate, width) in [(&row.for_all, 1.25), (&row.own, 3.5)] {
        if let Some((low, high)) = format::interval(estimate) {
            drawing.line(vec![(place(low), y), (place(high), y)], stroke(ink, width));
        }
    }
    drawing.disc((place(mean), y), 5.5, WHITE);
    drawing.disc((place(mean), y), 4.5, ink);
}
