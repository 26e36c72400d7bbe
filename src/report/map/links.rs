//! Links on the map: one line for both directions, as wide and as dark as the busier one is loaded.

use super::figure::Plane;
use crate::model::LinkKind;
use crate::report::drawing::{Drawing, Ink};
use crate::report::format;
use crate::report::palette::{GREY, stroke};
use crate::study::{LinkEnd, LinkSummary, SetSummary, StudySummary};
use std::collections::BTreeMap;

/// From which load on, in words, in which colour and width: four classes, dark and wide where it is much.
pub(super) const LOADS: [(f64, &str, Ink, f64); 4] = [
    (0.0, "under 5 %", Ink::hex(0x0085_8c93), 1.0),
    (0.05, "5 to 20 %", Ink::hex(0x00e6_9f00), 2.0),
    (0.2, "20 to 50 %", Ink::hex(0x00d5_5e00), 3.25),
    (0.5, "50 % and more", Ink::hex(0x008b_1a1a), 4.75),
];

/// The class of a load.
pub(super) fn class_of(load: f64) -> usize {
    LOADS.iter().rposition(|(from, ..)| load >= *from).unwrap_or(0)
}

/// Draws the backbone and the uplinks of the set's sites; how many lines there are.
pub(super) fn draw_links(
    drawing: &mut Drawing,
    plane: &Plane,
    summary: &StudySummary,
    set: &SetSummary,
) -> usize {
    let lines = lines(summary, set);
    // The busiest last, so that nothing covers them.
    let mut order: Vec<_> = lines.values().collect();
    order.sort_by(|one, other| one.load.total_cmp(&other.load));
    for line in &order {
        let (.., ink, width) = LOADS[class_of(line.load)];
        for piece in plane.line(line.from, line.to) {
            drawing.line(piece, stroke(ink, width));
        }
    }
    for end in order.iter().flat_map(|line| [line.from, line.to]) {
        if let Some(at) = plane.place(end.0, end.1) {
            drawing.disc(at, 2.25, GREY);
        }
    }
    order.len()
}

struct Line {
    from: (f64, f64),
    to: (f64, f64),
    load: f64,
}

/// The links to draw, by the nodes they join.
fn lines<'a>(summary: &'a StudySummary, set: &'a SetSummary) -> BTreeMap<(&'a str, &'a str), Line> {
    let mut lines: BTreeMap<(&str, &str), Line> = BTreeMap::new();
    for (place, link) in summary.places.links.iter().zip(&set.links) {
        let ends = [&place.from, &place.to];
        if place.name != link.name || !is_drawn(link, ends, set) {
            continue;
        }
        let load = format::mean(&link.load).unwrap_or(0.0);
        let key = (place.from.node.as_str(), place.to.node.as_str());
        let key = if key.0 <= key.1 { key } else { (key.1, key.0) };
        let [from, to] = ends.map(|end| (end.latitude, end.longitude));
        let line = lines.entry(key).or_insert(Line { from, to, load });
        line.load = line.load.max(load);
    }
    lines
}

/// Lines between routers, and from these to the sites of the set.
fn is_drawn(link: &LinkSummary, ends: [&LinkEnd; 2], set: &SetSummary) -> bool {
    match link.kind {
        LinkKind::Backbone => true,
        LinkKind::Uplink => ends.iter().any(|end| {
            let site = end.node.split_once(':').map_or("", |(_, site)| site);
            set.sites.iter().any(|one| one.id == site)
        }),
        LinkKind::TransferNodes | LinkKind::Storage | LinkKind::Access => false,
    }
}
