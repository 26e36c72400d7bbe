//! The map of one set: its sites by size and utilisation, its links by load, the countries that take part.

use super::borders::borders;
use super::clip::{clip_line, clip_polygon};
use super::legend::{Legend, draw_legend};
use super::links::draw_links;
use super::projection::{WINDOW, project};
use super::sites::{Shown, draw_sites};
use crate::report::drawing::{Area, Drawing, Ink, Point};
use crate::report::page::{MARGIN, Page, WIDTH, ellipsis, replications};
use crate::report::palette::{GREY, WHITE, stroke};
use crate::study::{SetSummary, StudySummary};

/// The plane and the countries on it.
const SEA: Ink = Ink::hex(0x00e4_ecf2);
pub(super) const LAND: Ink = Ink::hex(0x00fa_f9f6);
pub(super) const USERS: Ink = Ink::hex(0x00ee_eae0);
pub(super) const PARTNER: Ink = Ink::hex(0x00d9_e2c8);
pub(super) const HOST: Ink = Ink::hex(0x00b9_cda0);
const BORDER: Ink = Ink::hex(0x00a9_aeb3);

/// The width of the map on the page; the legend stands to its right.
const MAP_WIDTH: f64 = 730.0;

/// Where the plane lies on the page.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plane {
    pub(super) area: Area,
    /// Logical pixels to a kilometre.
    pub(super) scale: f64,
}

impl Plane {
    fn new(left: f64, top: f64) -> Self {
        let scale = MAP_WIDTH / WINDOW.width();
        let height = (WINDOW.top - WINDOW.bottom) * scale;
        Self { area: Area { left, top, right: left + MAP_WIDTH, bottom: top + height }, scale }
    }

    /// The place on the page of a place on the plane, in km.
    fn on_page(&self, (x, y): Point) -> Point {
        (self.area.left + (x - WINDOW.left) * self.scale, self.area.top + (WINDOW.top - y) * self.scale)
    }

    /// The place on the page of a latitude and a longitude; `None` outside the window.
    pub(super) fn place(&self, latitude: f64, longitude: f64) -> Option<Point> {
        let (x, y) = self.on_page(project(latitude, longitude));
        let inside = (self.area.left..=self.area.right).contains(&x)
            && (self.area.top..=self.area.bottom).contains(&y);
        inside.then_some((x, y))
    }

    /// The part of the straight line between two places that the window shows.
    pub(super) fn line(&self, from: (f64, f64), to: (f64, f64)) -> Vec<Vec<Point>> {
        let line = [from, to].map(|(latitude, longitude)| self.on_page(project(latitude, longitude)));
        clip_line(&line, &self.area)
    }
}

/// Europe with the sites of a set, those that are not in it, the links and the countries that take part.
pub fn map(summary: &StudySummary, set: &SetSummary) -> Drawing {
    let title = format!("{}: where its sites are", ellipsis(&set.name, 60));
    let subtitle = format!(
        "The area of a disc is the number of accelerators at the end of the window, its colour their mean utilisation; the \
         width and colour of a line the mean load of a link in its busier direction; {}.",
        replications(summary)
    );
    let mut page = Page::new(&title, &subtitle);
    if summary.places.sites.is_empty() {
        page.nothing("The results say of no site where it is.");
        return page.finish(summary, Some(set), "");
    }
    let plane = Plane::new(MARGIN, page.below + 8.0);
    countries(&mut page.drawing, &plane, summary, set);
    let links = draw_links(&mut page.drawing, &plane, summary, set);
    let sites = draw_sites(&mut page.drawing, &plane, summary, set);
    frame(&mut page.drawing, plane.area);
    let column = Area { left: plane.area.right + 22.0, right: WIDTH - MARGIN, ..plane.area };
    draw_legend(&mut page.drawing, column, &Legend { sites: &sites, links, plane: &plane });
    page.below = plane.area.bottom + 4.0;
    page.finish(summary, Some(set), &notes(&sites))
}

/// What the map leaves out, where its form comes from.
fn notes(sites: &Shown) -> String {
    let list = |names: &[String]| {
        let names: Vec<String> = names.iter().map(|name| ellipsis(name, 40)).collect();
        ellipsis(&names.join(", "), 400)
    };
    let named = |what: &str, names: &[String]| {
        if names.is_empty() { String::new() } else { format!("{what}: {}. ", list(names)) }
    };
    [
        named("Outside the map", &sites.outside),
        named("Without room for their names", &sites.without_room),
        "Lines show which places a link joins, not where its fibre runs; the links of a site's own storage and of countries' \
         users are left out. Lambert azimuthal equal-area projection about 52° N 10° E. Borders: Natural Earth."
            .to_owned(),
    ]
    .concat()
}

/// What a country is to a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Part {
    Host,
    Partner,
    Users,
    None,
}

fn part_of(country: &str, summary: &StudySummary, set: &SetSummary) -> Part {
    let is_in = |sets: &[String]| sets.contains(&set.id);
    let sites = summary.places.sites.iter().filter(|site| is_in(&site.sets));
    let (mut hosts, mut partners) = (false, false);
    for site in sites {
        hosts |= site.country == country;
        partners |= site.consortium.iter().any(|code| code == country);
    }
    match (hosts, partners) {
        (true, _) => Part::Host,
        (false, true) => Part::Partner,
        _ if summary.places.countries.iter().any(|known| known.id == country) => Part::Users,
        _ => Part::None,
    }
}

fn countries(drawing: &mut Drawing, plane: &Plane, summary: &StudySummary, set: &SetSummary) {
    drawing.rectangle(plane.area, SEA);
    let on_page = |ring: &[Point]| -> Vec<Point> { ring.iter().map(|&point| plane.on_page(point)).collect() };
    for border in borders() {
        let ink = match part_of(border.country, summary, set) {
            Part::Host => HOST,
            Part::Partner => PARTNER,
            Part::Users => USERS,
            Part::None => LAND,
        };
        drawing.polygon(clip_polygon(&on_page(&border.ring), &plane.area), ink);
    }
    for border in borders() {
        let mut ring = on_page(&border.ring);
        ring.extend(ring.first().copied());
        for piece in clip_line(&ring, &plane.area) {
            drawing.line(piece, stroke(BORDER, 0.5));
        }
    }
}

/// The edge of the map, and the length of 500 km at its centre.
fn frame(drawing: &mut Drawing, area: Area) {
    let corners = [
        (area.left, area.top),
        (area.right, area.top),
        (area.right, area.bottom),
        (area.left, area.bottom),
        (area.left, area.top),
    ];
    drawing.line(corners.to_vec(), stroke(WHITE, 2.0));
    drawing.line(corners.to_vec(), stroke(GREY, 0.75));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Size, study};

    fn texts(drawing: &Drawing) -> Vec<&str> {
        drawing.labels().map(|label| label.text.as_str()).collect()
    }

    #[test]
    fn the_names_of_three_and_of_thirty_sites_find_room() {
        for sites in [3, 30] {
            let summary = study(&Size { sites, sets: 2, months: 2 });
            let drawing = map(&summary, &summary.sets[0]);
            let texts = texts(&drawing);
            for site in &summary.places.sites {
                let beginning = site.name.split(',').next().unwrap();
                assert!(texts.iter().any(|text| text.starts_with(beginning)), "{}", site.name);
            }
            assert!(!texts.iter().any(|text| text.contains("Without room")), "{texts:?}");
        }
    }

    #[test]
    fn a_site_beyond_the_map_is_named_below_it() {
        let mut summary = study(&Size { sites: 2, sets: 1, months: 2 });
        (summary.places.sites[1].latitude, summary.places.sites[1].longitude) = (28.1, -15.4);
        let drawing = map(&summary, &summary.sets[0]);
        let outside = format!("Outside the map: {}.", summary.places.sites[1].name);
        assert!(texts(&drawing).iter().any(|text| text.starts_with(&outside)), "{:?}", texts(&drawing));
    }

    #[test]
    fn countries_have_the_part_that_their_sites_give_them() {
        let mut summary = study(&Size { sites: 3, sets: 2, months: 2 });
        summary.places.sites[2].sets = vec!["set-0".to_owned()];
        let part = |country, set: usize| part_of(country, &summary, &summary.sets[set]);
        assert_eq!([part("FI", 0), part("NO", 0), part("RO", 0)], [Part::Host, Part::Partner, Part::Users]);
        assert_eq!([part("IT", 0), part("IT", 1), part("CH", 0)], [Part::Host, Part::None, Part::None]);
    }

    #[test]
    fn without_places_there_is_no_map() {
        let mut summary = study(&Size { sites: 2, sets: 1, months: 2 });
        summary.places = crate::study::Places::default();
        let drawing = map(&summary, &summary.sets[0]);
        assert!(texts(&drawing).contains(&"The results say of no site where it is."));
    }
}
