//! Sites on the map: discs by size and utilisation with their names beside them.

use super::figure::Plane;
use crate::report::drawing::{Drawing, Ink, Label, Point, Weight};
use crate::report::font::shorten;
use crate::report::format::{self, Quantity};
use crate::report::labels::{Wanted, draw_label, place_labels};
use crate::report::page::{SMALL, TINY};
use crate::report::palette::{BLACK, GREY, PALE, WHITE};
use crate::statistics::Estimate;
use crate::study::{SetSummary, SitePlace, StudySummary};

/// From which utilisation on, in words, and in which colour: steps of cividis, whose lightness tells for every eye.
pub(super) const UTILISATIONS: [(f64, &str, Ink); 5] = [
    (0.0, "under 20 %", Ink::hex(0x00fe_e838)),
    (0.2, "20 to 40 %", Ink::hex(0x00c9_b869)),
    (0.4, "40 to 60 %", Ink::hex(0x0090_8a78)),
    (0.6, "60 to 80 %", Ink::hex(0x0057_5d6d)),
    (0.8, "80 % and more", Ink::hex(0x0000_224e)),
];
/// A site that no work was seen at: it opens after the window.
pub(super) const UNKNOWN: Ink = WHITE;

/// What was drawn of the sites.
pub(super) struct Shown {
    /// The most accelerators of any site.
    pub(super) most: u32,
    /// The radius of its disc.
    pub(super) radius: f64,
    /// Whether some site stands for the committed, for the candidates, for those not in the set.
    pub(super) kinds: Vec<Standing>,
    /// The names of those beyond the map.
    pub(super) outside: Vec<String>,
    /// The names of those whose names found no room.
    pub(super) without_room: Vec<String>,
}

/// What a site is to a set.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Standing {
    /// In every set.
    Committed,
    /// In this set by choice.
    Chosen,
    /// Not in this set.
    Elsewhere,
}

/// The radius of the smallest discs: theirs say nothing of a number.
pub(super) const LEAST_RADIUS: f64 = 3.5;

/// The radius of a disc of so many accelerators, if the greatest has `most` and `radius`: areas are in proportion, but
/// none is too small to be seen.
pub(super) fn radius_of(accelerators: u32, most: u32, radius: f64) -> f64 {
    (radius * (f64::from(accelerators) / f64::from(most.max(1))).sqrt()).max(LEAST_RADIUS)
}

/// A site's disc on the page.
struct Disc<'a> {
    site: &'a SitePlace,
    at: Point,
    radius: f64,
    standing: Standing,
    utilisation: Option<&'a Estimate>,
}

/// Draws all sites, those not in the set faintly, and names them.
pub(super) fn draw_sites(
    drawing: &mut Drawing,
    plane: &Plane,
    summary: &StudySummary,
    set: &SetSummary,
) -> Shown {
    let sites = &summary.places.sites;
    let most = sites.iter().map(|site| site.accelerators).max().unwrap_or(0);
    let radius = if sites.len() > 12 { 19.0 } else { 26.0 };
    let mut discs: Vec<Disc> =
        sites.iter().filter_map(|site| disc(site, plane, set, (most, radius))).collect();
    // The greatest first, so that none hides a smaller one; those not in the set below all.
    let rank = |disc: &Disc| disc.standing != Standing::Elsewhere;
    discs.sort_by(|one, other| rank(one).cmp(&rank(other)).then(other.radius.total_cmp(&one.radius)));
    for disc in &discs {
        draw_mark(
            drawing,
            disc.at,
            disc.radius,
            (disc.standing, ink_of(disc.utilisation.and_then(format::mean))),
        );
    }
    let without_room = name_discs(drawing, plane, &discs, summary.replications);
    Shown {
        most,
        radius,
        kinds: discs.iter().map(|disc| disc.standing).collect(),
        outside: sites
            .iter()
            .filter(|site| plane.place(site.latitude, site.longitude).is_none())
            .map(|site| site.name.clone())
            .collect(),
        without_room,
    }
}

fn disc<'a>(
    site: &'a SitePlace,
    plane: &Plane,
    set: &'a SetSummary,
    (most, radius): (u32, f64),
) -> Option<Disc<'a>> {
    let at = plane.place(site.latitude, site.longitude)?;
    let result = set.sites.iter().find(|one| one.id == site.id);
    let standing = match (result, site.committed) {
        (None, _) => Standing::Elsewhere,
        (Some(_), true) => Standing::Committed,
        (Some(_), false) => Standing::Chosen,
    };
    let utilisation = result.map(|one| &one.total.utilisation);
    Some(Disc { site, at, radius: radius_of(site.accelerators, most, radius), standing, utilisation })
}

/// The colour of a utilisation.
fn ink_of(utilisation: Option<f64>) -> Ink {
    let class = |share: f64| UTILISATIONS.iter().rposition(|(from, ..)| share >= *from).unwrap_or(0);
    utilisation.map_or(UNKNOWN, |share| UTILISATIONS[class(share)].2)
}

/// The mark of a site: a disc in a ring if chosen, in a double ring if committed, a faint one if not in the set.
pub(super) fn draw_mark(drawing: &mut Drawing, at: Point, radius: f64, (standing, ink): (Standing, Ink)) {
    match standing {
        Standing::Elsewhere => {
            drawing.disc(at, radius, PALE.with_opacity(0.75));
            drawing.disc(at, (radius - 1.0).max(1.0), WHITE.with_opacity(0.8));
        }
        Standing::Chosen => {
            drawing.disc(at, radius + 1.75, WHITE);
            drawing.disc(at, radius + 1.0, BLACK);
            drawing.disc(at, radius, ink);
        }
        Standing::Committed => {
            drawing.disc(at, radius + 4.5, WHITE);
            drawing.disc(at, radius + 3.75, BLACK);
            drawing.disc(at, radius + 2.25, WHITE);
            drawing.disc(at, radius + 1.0, BLACK);
            drawing.disc(at, radius, ink);
        }
    }
}

/// The radius with the rings.
fn outer_radius(disc: &Disc) -> f64 {
    disc.radius + if disc.standing == Standing::Committed { 4.5 } else { 1.75 }
}

/// Writes the names and, where there are few, numbers below them; the names that found no room are handed back.
fn name_discs(drawing: &mut Drawing, plane: &Plane, discs: &[Disc], replications: u32) -> Vec<String> {
    let few = discs.len() <= 12;
    let wanted: Vec<Wanted> = discs
        .iter()
        .rev()
        .map(|disc| Wanted {
            at: disc.at,
            radius: outer_radius(disc),
            lines: lines_of(disc, few.then_some(replications)),
        })
        .collect();
    let mut without_room = Vec::new();
    for (place, (wanted, disc)) in
        place_labels(&wanted, &[], plane.area).into_iter().zip(wanted.iter().zip(discs.iter().rev()))
    {
        let Some(place) = place else {
            without_room.push(disc.site.name.clone());
            continue;
        };
        draw_label(drawing, wanted, &place);
    }
    without_room
}

/// The lines of a label, each placed later; numbers in the second one where the count of replications is given.
fn lines_of(disc: &Disc, numbers_over: Option<u32>) -> Vec<Label> {
    let is_in = disc.standing != Standing::Elsewhere;
    let (size, ink) = if is_in { (SMALL, BLACK) } else { (TINY, GREY) };
    let name = shorten(&disc.site.name, size, Weight::Regular, 150.0);
    let mut lines = vec![Label::new(name, (0.0, 0.0), size, ink)];
    if let (Some(replications), Some(utilisation)) = (numbers_over, disc.utilisation) {
        let accelerators = format::number(f64::from(disc.site.accelerators), 0);
        let busy = format::estimate_with_unit(utilisation, Quantity::Share, replications);
        lines.push(Label::new(format!("{accelerators} acc., {busy}"), (0.0, 0.0), TINY, GREY));
    }
    lines
}
