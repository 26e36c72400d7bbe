//! The map's polygons and places on the projection's plane, in whole kilometres.

use crate::report::map::{WINDOW, borders, clip_line, clip_polygon, project};
use crate::study::{LinkEnd, StudySummary};
use serde_json::{Value, json};

/// What the map draws beside the results; null where nothing has a place.
pub(super) fn map(summary: &StudySummary) -> Value {
    let places = &summary.places;
    if places.is_empty() {
        return Value::Null;
    }
    let countries = borders().iter().filter_map(|border| {
        let ring = clip_polygon(&border.ring, &WINDOW);
        (ring.len() > 2).then(|| json!([border.country, flat(&ring)]))
    });
    let sites = places.sites.iter().map(|site| {
        let (x, y) = project(site.latitude, site.longitude);
        json!({
            "id": site.id, "name": site.name, "x": x.round(), "y": y.round(), "accelerators": site.accelerators,
            "committed": site.committed, "sets": site.sets,
        })
    });
    let links = places.links.iter().map(|link| line(&link.from, &link.to));
    let members = places.countries.iter().map(|country| json!([country.id, country.takes_part_in]));
    json!({
        "window": [WINDOW.left, WINDOW.bottom, WINDOW.right, WINDOW.top],
        "countries": countries.collect::<Vec<_>>(),
        "sites": sites.collect::<Vec<_>>(),
        "links": links.collect::<Vec<_>>(),
        "members": members.collect::<Vec<_>>(),
    })
}

/// A link as a straight line; null where it begins and ends at one place, or lies outside.
fn line(from: &LinkEnd, to: &LinkEnd) -> Value {
    let ends = [from, to].map(|end| project(end.latitude, end.longitude));
    let pieces = clip_line(&ends, &WINDOW);
    match pieces.first() {
        Some(piece) if flat(piece)[..2] != flat(piece)[2..] => json!(flat(piece)),
        _ => Value::Null,
    }
}

/// x, y, x, y and so on, in whole numbers: a page is smaller so, and no screen shows a kilometre.
fn flat(points: &[(f64, f64)]) -> Vec<i64> {
    points.iter().flat_map(|(x, y)| [x.round() as i64, y.round() as i64]).collect()
}
