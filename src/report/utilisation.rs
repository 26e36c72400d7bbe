//! Utilisation of each site over the months: one panel a site, steps stacked by community.

use super::axis::{DateAxis, month_text};
use super::drawing::{Anchor, Area, Drawing, Label, Weight};
use super::font::{shorten, text_width};
use super::format::{self, Quantity};
use super::page::{MARGIN, Page, SMALL, Sample, TINY, WIDTH, ellipsis, replications};
use super::palette::{BLACK, BLANK, GREY, GRID, PALE, WHITE, community, stroke};
use crate::study::{SetSummary, SiteSummary, StudySummary};
use crate::units::Date;

/// The share of each site's open accelerator-time that the communities held, month by month.
pub fn utilisation(summary: &StudySummary, set: &SetSummary) -> Drawing {
    let title = format!("{}: utilisation of each site", ellipsis(&set.name, 60));
    let network = format::estimate_with_unit(&set.total.utilisation, Quantity::Share, summary.replications);
    let subtitle = format!(
        "Share of the open accelerators' time held by jobs, by month and community. Whole network: {network}."
    );
    let mut page = Page::new(&title, &subtitle);
    if set.sites.is_empty() || summary.months.is_empty() {
        page.nothing("No site or no month to show.");
        return page.finish(summary, Some(set), "");
    }
    page.legend(&legend(set));
    panels(&mut page, summary, set);
    page.finish(
        summary,
        Some(set),
        &format!(
            "Steps are means over {}; the interval after ± belongs to the site's mean over the whole window, which \
             the dashed level line marks.",
            replications(summary)
        ),
    )
}

fn legend(set: &SetSummary) -> Vec<(Sample, String)> {
    let mut items: Vec<_> = set
        .communities
        .iter()
        .enumerate()
        .map(|(index, one)| (Sample::Square(community(index)), one.name.clone()))
        .collect();
    items.push((Sample::Hatching, "not open yet".to_owned()));
    if set.sites.iter().any(|site| !site.extensions.is_empty()) {
        items.push((Sample::Dashes(BLACK), "extension opens".to_owned()));
    }
    items
}

/// The panels of the sites in a grid, with as many columns as keep the page near a landscape sheet.
fn panels(page: &mut Page, summary: &StudySummary, set: &SetSummary) {
    let (columns, height) = match set.sites.len() {
        1 => (1, 260.0),
        2..=4 => (2, 170.0),
        5..=9 => (3, 130.0),
        10..=16 => (4, 105.0),
        _ => (5, 84.0),
    };
    let (title_space, tick_space, gap, axis_space) = (40.0, 24.0, 20.0, 46.0);
    let left = MARGIN + axis_space;
    let width = (WIDTH - MARGIN - left - gap * f64::from(columns - 1)) / f64::from(columns);
    let rows = set.sites.len().div_ceil(columns as usize);
    let top = page.below + 4.0;
    for (index, site) in set.sites.iter().enumerate() {
        let (row, column) = (index / columns as usize, index % columns as usize);
        let plot_left = left + column as f64 * (width + gap);
        let plot_top = top + title_space + row as f64 * (title_space + height + tick_space);
        let plot =
            Area { left: plot_left, top: plot_top, right: plot_left + width, bottom: plot_top + height };
        panel(&mut page.drawing, summary, site, plot);
        if column == 0 {
            share_ticks(&mut page.drawing, plot);
        }
    }
    let bottom = top + rows as f64 * (title_space + height + tick_space);
    let middle = f64::midpoint(top + title_space, bottom - tick_space);
    let label = Label::new("Utilisation (%)", (MARGIN + 9.0, middle), SMALL, GREY);
    page.drawing.text(label.anchored(Anchor::Middle).upwards());
    page.below = bottom;
}

fn panel(drawing: &mut Drawing, summary: &StudySummary, site: &SiteSummary, plot: Area) {
    let dates = DateAxis::new(summary.from, summary.to, (plot.left, plot.right));
    heading(drawing, summary, site, plot);
    drawing.rectangle(plot, WHITE);
    for share in [0.25, 0.5, 0.75, 1.0] {
        let y = height_of(share, plot);
        drawing.line(vec![(plot.left, y), (plot.right, y)], stroke(GRID, 0.75));
    }
    let bins = bins(summary, site, &dates);
    stacks(drawing, site, plot, &bins);
    if let Some(mean) = format::mean(&site.total.utilisation) {
        let opens = dates.place(site.opens.max(summary.from));
        let y = height_of(mean, plot);
        drawing.dashes((opens, y), (plot.right, y), 3.0, stroke(BLACK, 0.75));
    }
    for date in site.extensions.iter().filter(|date| **date > summary.from && **date < summary.to) {
        let x = dates.place(*date);
        drawing.dashes((x, plot.top), (x, plot.bottom), 2.5, stroke(BLACK, 1.25));
    }
    closed(drawing, summary, site, plot, &dates);
    drawing.line(vec![(plot.left, plot.bottom), (plot.right, plot.bottom)], stroke(GREY, 1.0));
    month_ticks(drawing, plot, &dates);
}

/// Two lines above a panel: the site, then its size and its mean over the window.
fn heading(drawing: &mut Drawing, summary: &StudySummary, site: &SiteSummary, plot: Area) {
    let name = shorten(&site.name, 12.0, Weight::Bold, plot.width());
    drawing.text(Label::new(name, (plot.left, plot.top - 21.0), 12.0, BLACK).bold());
    let accelerators = format::number(f64::from(site.accelerators), 0);
    let mean = format::estimate_with_unit(&site.total.utilisation, Quantity::Share, summary.replications);
    let size = TINY + 0.5;
    let fits = |text: &String| text_width(text, size, Weight::Regular) <= plot.width();
    let text = [
        format!("{accelerators} accelerators · mean {mean}"),
        format!("{accelerators} acc. · mean {mean}"),
        format!("{accelerators} · {mean}"),
    ];
    let text = text.iter().find(|text| fits(text)).unwrap_or(&text[2]);
    let text = shorten(text, size, Weight::Regular, plot.width());
    drawing.text(Label::new(text, (plot.left, plot.top - 7.0), size, GREY));
}

/// One month of one site: its left and right end on the page, and each community's share.
struct Bin {
    left: f64,
    right: f64,
    shares: Vec<f64>,
}

/// The site's months from its opening on; a month without any value is left out.
fn bins(summary: &StudySummary, site: &SiteSummary, dates: &DateAxis) -> Vec<Bin> {
    let ends = summary.months.iter().skip(1).chain(std::iter::once(&summary.to));
    let span = |start: Date, end: Date| (dates.place(start.max(site.opens)), dates.place(end));
    summary
        .months
        .iter()
        .zip(ends)
        .enumerate()
        .filter_map(|(month, (start, end))| {
            let values: Vec<Option<f64>> = site
                .utilisation_by_month
                .iter()
                .map(|months| months.get(month).and_then(format::mean))
                .collect();
            let (left, right) = span(*start, *end);
            let known = values.iter().any(Option::is_some) && right > left;
            let shares = values.into_iter().map(|value| value.unwrap_or(0.0).max(0.0)).collect();
            known.then_some(Bin { left, right, shares })
        })
        .collect()
}

/// Stacked steps: for each run of months without a gap, one polygon a community on top of those before it.
fn stacks(drawing: &mut Drawing, site: &SiteSummary, plot: Area, bins: &[Bin]) {
    for run in bins.chunk_by(|one, next| (next.left - one.right).abs() < 1e-6) {
        let mut floor = vec![0.0; run.len()];
        for index in 0..site.utilisation_by_month.len() {
            let ceiling: Vec<f64> =
                run.iter().zip(&floor).map(|(bin, floor)| floor + bin.shares[index]).collect();
            let mut points = steps(run, &ceiling, plot);
            let lower = steps(run, &floor, plot);
            if ceiling.iter().zip(&floor).any(|(above, below)| above > below) {
                points.extend(lower.into_iter().rev());
                drawing.polygon(points, community(index));
            }
            floor = ceiling;
        }
    }
}

fn steps(run: &[Bin], values: &[f64], plot: Area) -> Vec<(f64, f64)> {
    run.iter()
        .zip(values)
        .flat_map(|(bin, value)| {
            let y = height_of(*value, plot);
            [(bin.left, y), (bin.right, y)]
        })
        .collect()
}

fn height_of(share: f64, plot: Area) -> f64 {
    plot.bottom - share.clamp(0.0, 1.0) * plot.height()
}

/// Hatches the time before the opening and writes its month there, or beside it where it is too narrow.
fn closed(drawing: &mut Drawing, summary: &StudySummary, site: &SiteSummary, plot: Area, dates: &DateAxis) {
    if site.opens <= summary.from {
        return;
    }
    let area = Area { right: dates.place(site.opens), ..plot };
    drawing.rectangle(area, BLANK);
    drawing.hatching(area, 6.0, stroke(GRID, 0.75));
    drawing.line(vec![(area.right, plot.top), (area.right, plot.bottom)], stroke(PALE, 1.0));
    let text = format!("opens {}", month_text(site.opens));
    let width = text_width(&text, TINY, Weight::Regular);
    let baseline = plot.top + 13.0;
    let x = if width + 8.0 <= area.width() {
        f64::midpoint(area.left, area.right) - width / 2.0
    } else {
        area.right + 4.0
    };
    let ground = Area { left: x - 2.0, top: baseline - 9.0, right: x + width + 2.0, bottom: baseline + 3.0 };
    drawing.rectangle(ground, WHITE.with_opacity(0.8));
    drawing.text(Label::new(text, (x, baseline), TINY, BLACK));
}

fn share_ticks(drawing: &mut Drawing, plot: Area) {
    let shares: &[f64] = if plot.height() > 120.0 { &[0.0, 0.25, 0.5, 0.75, 1.0] } else { &[0.0, 0.5, 1.0] };
    for share in shares {
        let text = format::number(share * 100.0, 0);
        let at = (plot.left - 6.0, height_of(*share, plot) + 3.5);
        drawing.text(Label::new(text, at, TINY, GREY).anchored(Anchor::End));
    }
}

/// Ticks of the calendar below a plot.
pub(super) fn month_ticks(drawing: &mut Drawing, plot: Area, dates: &DateAxis) {
    let mut taken = f64::NEG_INFINITY;
    for (date, text) in dates.ticks(TINY, 22.0) {
        let x = dates.place(date);
        drawing.line(vec![(x, plot.bottom), (x, plot.bottom + 4.0)], stroke(GREY, 1.0));
        let width = text_width(&text, TINY, Weight::Regular);
        let start = (x - width / 2.0).clamp(plot.left - 4.0, (plot.right - width + 4.0).max(plot.left - 4.0));
        // A label moved in from the end may reach its neighbour's place; that one then keeps its tick only.
        if start > taken + 6.0 {
            taken = start + width;
            drawing.text(Label::new(text, (start, plot.bottom + 14.0), TINY, GREY));
        }
    }
}
