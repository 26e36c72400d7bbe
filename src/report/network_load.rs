//! Load of the links: the busiest as bars by kind, and the months of the top five.

use super::axis::{Axis, DateAxis};
use super::drawing::{Anchor, Area, Drawing, Label, Weight};
use super::font::{shorten, text_width};
use super::format::{self, Quantity};
use super::page::{MARGIN, Page, SMALL, Sample, TINY, WIDTH, ellipsis};
use super::palette::{BLACK, GREY, GRID, PALE, line, link_kind, stroke};
use super::utilisation::month_ticks;
use crate::model::LinkKind;
use crate::study::{LinkSummary, SetSummary, StudySummary};

const SHOWN: usize = 25;
const FOLLOWED: usize = 5;
const ROW: f64 = 17.0;
/// A load in percent below which a link is as good as idle; the axis then shows the first percent.
const LEAST: f64 = 1e-4;

/// The load of the busiest links over the window, and of the top five by month.
pub fn network_load(summary: &StudySummary, set: &SetSummary) -> Drawing {
    let links = busiest(set);
    let title = format!("{}: load of the network", ellipsis(&set.name, 60));
    let which = if links.len() < set.links.len() {
        format!("The {} busiest of {} links", links.len(), set.links.len())
    } else {
        format!("All {} links", links.len())
    };
    let mut page = Page::new(
        &title,
        &format!(
            "{which}: bytes carried as a share of what the link could have carried. Each direction is a link."
        ),
    );
    if links.is_empty() {
        page.nothing("No link has a load to show.");
        return page.finish(summary, Some(set), "");
    }
    page.legend(&legend(&links));
    bars(&mut page, summary, &links);
    if !summary.months.is_empty() {
        months(&mut page, summary, &links);
    }
    page.finish(summary, Some(set), "Bars, bands and numbers after ± are intervals of the mean load.")
}

/// The links with a load, the busiest first; ties in the topology's order.
fn busiest(set: &SetSummary) -> Vec<&LinkSummary> {
    let load = |link: &LinkSummary| format::mean(&link.load);
    let mut links: Vec<_> = set.links.iter().filter(|link| load(link).is_some()).collect();
    links.sort_by(|one, other| load(other).unwrap_or(0.0).total_cmp(&load(one).unwrap_or(0.0)));
    links.truncate(SHOWN);
    links
}

/// A kind of link in words.
pub(super) fn kind_in_words(kind: LinkKind) -> &'static str {
    match kind {
        LinkKind::Backbone => "backbone",
        LinkKind::Uplink => "uplink of a site",
        LinkKind::TransferNodes => "data transfer nodes of a site",
        LinkKind::Storage => "storage of a site",
        LinkKind::Access => "access of a country's users",
    }
}

fn legend(links: &[&LinkSummary]) -> Vec<(Sample, String)> {
    use LinkKind::{Access, Backbone, Storage, TransferNodes, Uplink};
    [Backbone, Uplink, TransferNodes, Storage, Access]
        .into_iter()
        .filter(|kind| links.iter().any(|link| link.kind == *kind))
        .map(|kind| (Sample::Square(link_kind(kind)), kind_in_words(kind).to_owned()))
        .collect()
}

fn bars(page: &mut Page, summary: &StudySummary, links: &[&LinkSummary]) {
    let texts: Vec<String> = links
        .iter()
        .map(|link| {
            let load = format::estimate_with_unit(&link.load, Quantity::Share, summary.replications);
            format!("{load} of {}", format::value(link.capacity_gbit_s, Quantity::GigabitsPerSecond))
        })
        .collect();
    let widest = |texts: &mut dyn Iterator<Item = &str>| {
        texts.map(|text| text_width(text, SMALL, Weight::Regular)).fold(0.0, f64::max)
    };
    let names = widest(&mut links.iter().map(|link| link.name.as_str())).min(260.0);
    let numbers = widest(&mut texts.iter().map(String::as_str)).min(230.0);
    let top = page.below + 6.0;
    let plot = Area {
        left: MARGIN + names + 10.0,
        top,
        right: WIDTH - MARGIN - numbers - 12.0,
        bottom: top + ROW * links.len() as f64,
    };
    let axis = load_axis(links, plot);
    load_ticks(&mut page.drawing, plot, &axis);
    for (index, (link, text)) in links.iter().zip(&texts).enumerate() {
        let middle = plot.top + ROW * (index as f64 + 0.5);
        bar(&mut page.drawing, link, &axis, (plot.left, middle));
        let name = shorten(&link.name, SMALL, Weight::Regular, names);
        let at = (plot.left - 8.0, middle + 4.0);
        page.drawing.text(Label::new(name, at, SMALL, BLACK).anchored(Anchor::End));
        let text = shorten(text, SMALL, Weight::Regular, numbers);
        let at = (WIDTH - MARGIN, middle + 4.0);
        page.drawing.text(Label::new(text, at, SMALL, BLACK).anchored(Anchor::End));
    }
    page.below = plot.bottom + 36.0;
}

/// Linear from zero, unless that would leave most bars without length: then from the power of ten below the least.
fn load_axis(links: &[&LinkSummary], plot: Area) -> Axis {
    let percent = |share: f64| share * 100.0;
    let ends = links.iter().filter_map(|link| format::interval(&link.load));
    let high = percent(ends.map(|(_, high)| high).fold(0.0, f64::max));
    let means: Vec<f64> = links.iter().filter_map(|link| format::mean(&link.load)).collect();
    let middle = percent(means[means.len() / 2]);
    let least = means.iter().copied().filter(|mean| *mean > 0.0).fold(f64::INFINITY, f64::min);
    if middle > LEAST && high / middle > 40.0 {
        let low = percent(least).max(high * 1e-6);
        let power = libm::pow(10.0, libm::floor(libm::log10(low)));
        return Axis::logarithmic((power, high * 1.05), (plot.left, plot.right));
    }
    Axis::linear((0.0, if high > LEAST { high * 1.04 } else { 1.0 }), (plot.left, plot.right))
}

fn load_ticks(drawing: &mut Drawing, plot: Area, axis: &Axis) {
    for (value, text) in super::axis::without_clashes(axis, axis.ticks(6), TINY, 10.0) {
        let x = axis.place(value);
        drawing.line(vec![(x, plot.top), (x, plot.bottom)], stroke(GRID, 0.75));
        drawing.text(Label::new(text, (x, plot.bottom + 13.0), TINY, GREY).anchored(Anchor::Middle));
    }
    drawing.line(vec![(plot.left, plot.top), (plot.left, plot.bottom)], stroke(GREY, 1.0));
    let logarithmic = if axis.range().0 > 0.0 { ", logarithmic" } else { "" };
    let at = (f64::midpoint(plot.left, plot.right), plot.bottom + 29.0);
    let label = Label::new(format!("Mean load (%{logarithmic})"), at, SMALL, GREY);
    drawing.text(label.anchored(Anchor::Middle));
}

fn bar(drawing: &mut Drawing, link: &LinkSummary, axis: &Axis, (left, middle): (f64, f64)) {
    let (Some(mean), Some((low, high))) = (format::mean(&link.load), format::interval(&link.load)) else {
        return;
    };
    let place = |share: f64| axis.place(share * 100.0);
    let area = Area { left, top: middle - 5.5, right: place(mean), bottom: middle + 5.5 };
    drawing.rectangle(area, link_kind(link.kind));
    drawing.line(vec![(place(low), middle), (place(high), middle)], stroke(BLACK, 1.5));
}

/// The monthly load of the busiest, each named at its line's right end.
fn months(page: &mut Page, summary: &StudySummary, links: &[&LinkSummary]) {
    let followed = &links[..links.len().min(FOLLOWED)];
    let top = page.below + 26.0;
    let heading = format!("By month: the busiest {} of them", followed.len());
    page.drawing.text(Label::new(heading, (MARGIN, top - 12.0), 12.0, BLACK).bold());
    let plot = Area { left: MARGIN + 52.0, top, right: WIDTH - MARGIN - 230.0, bottom: top + 170.0 };
    let high = followed.iter().flat_map(|link| &link.load_by_month).filter_map(format::interval);
    let high = high.map(|(_, high)| high * 100.0).fold(0.0, f64::max);
    let axis = Axis::linear((0.0, if high > LEAST { high * 1.05 } else { 1.0 }), (plot.bottom, plot.top));
    for (value, text) in axis.ticks(5) {
        let y = axis.place(value);
        page.drawing.line(vec![(plot.left, y), (plot.right, y)], stroke(GRID, 0.75));
        let label = Label::new(text, (plot.left - 6.0, y + 3.5), TINY, GREY);
        page.drawing.text(label.anchored(Anchor::End));
    }
    let dates = DateAxis::new(summary.from, summary.to, (plot.left, plot.right));
    for (index, link) in followed.iter().enumerate() {
        month_line(&mut page.drawing, summary, link, &Frame { dates, axis, index });
    }
    name_lines(&mut page.drawing, followed, plot, &axis);
    page.drawing.line(vec![(plot.left, plot.bottom), (plot.right, plot.bottom)], stroke(GREY, 1.0));
    month_ticks(&mut page.drawing, plot, &dates);
    let at = (MARGIN + 10.0, f64::midpoint(plot.top, plot.bottom));
    page.drawing.text(Label::new("Load (%)", at, SMALL, GREY).anchored(Anchor::Middle).upwards());
    page.below = plot.bottom + 22.0;
}

struct Frame {
    dates: DateAxis,
    axis: Axis,
    index: usize,
}

/// A line through the middles of the months, with a band for the intervals; broken where a month has no value.
fn month_line(drawing: &mut Drawing, summary: &StudySummary, link: &LinkSummary, frame: &Frame) {
    let ends = summary.months.iter().skip(1).chain(std::iter::once(&summary.to));
    let middles = summary
        .months
        .iter()
        .zip(ends)
        .map(|(start, end)| f64::midpoint(frame.dates.place(*start), frame.dates.place(*end)));
    let values: Vec<_> = middles
        .zip(&link.load_by_month)
        .map(|(x, load)| format::mean(load).zip(format::interval(load)).map(|(mean, ends)| (x, mean, ends)))
        .collect();
    let ink = line(frame.index);
    let y = |share: f64| frame.axis.place(share * 100.0);
    for run in values.split(Option::is_none) {
        let run: Vec<_> = run.iter().flatten().collect();
        let mut outline: Vec<_> = run.iter().map(|(x, _, (low, _))| (*x, y(*low))).collect();
        outline.extend(run.iter().rev().map(|(x, _, (_, high))| (*x, y(*high))));
        drawing.polygon(outline, ink.with_opacity(0.15));
        let points: Vec<_> = run.iter().map(|(x, mean, _)| (*x, y(*mean))).collect();
        if let [single] = points[..] {
            drawing.disc(single, 3.0, ink);
        }
        drawing.line(points, stroke(ink, 1.75));
    }
}

/// Names at the right, each as near to its line's end as the others allow, joined to it by a thin line.
fn name_lines(drawing: &mut Drawing, followed: &[&LinkSummary], plot: Area, axis: &Axis) {
    let end_of = |link: &LinkSummary| link.load_by_month.iter().rev().find_map(format::mean);
    let mut ends: Vec<(f64, usize)> = followed
        .iter()
        .enumerate()
        .map(|(index, link)| (axis.place(end_of(link).unwrap_or(0.0) * 100.0), index))
        .collect();
    ends.sort_by(|one, other| one.0.total_cmp(&other.0));
    let places = spread(&ends.iter().map(|(y, _)| *y).collect::<Vec<_>>(), 15.0, (plot.top, plot.bottom));
    for ((end, index), y) in ends.into_iter().zip(places) {
        let x = plot.right + 18.0;
        drawing.line(vec![(plot.right + 2.0, end), (x - 4.0, y)], stroke(PALE, 0.75));
        drawing.disc((x + 2.0, y), 4.0, line(index));
        let name = shorten(&followed[index].name, SMALL, Weight::Regular, WIDTH - MARGIN - x - 10.0);
        drawing.text(Label::new(name, (x + 10.0, y + 4.0), SMALL, BLACK));
    }
}

/// Sorted places moved apart to at least `gap`, within bounds where there is room.
fn spread(wanted: &[f64], gap: f64, (top, bottom): (f64, f64)) -> Vec<f64> {
    let mut places = wanted.to_vec();
    for index in 1..places.len() {
        places[index] = places[index].max(places[index - 1] + gap);
    }
    let last = places.len().saturating_sub(1);
    if let Some(place) = places.last_mut() {
        *place = place.min(bottom);
    }
    for index in (0..last).rev() {
        places[index] = places[index].min(places[index + 1] - gap);
    }
    // More names than room: they run on below the upper end.
    let above = places.first().map_or(0.0, |first| (top - first).max(0.0));
    places.iter().map(|place| place + above).collect()
}
