//! Names beside marks on a plane: each as near to its mark as the others allow, none over another, none over a mark, none
//! beyond the plane.
//!
//! One after the other, in the order given, each takes the first free place on circles around its mark: right of it, left,
//! above, below, then between, then farther away with a line that leads to it. A name without a free place is left out,
//! and the caller says so.

use super::drawing::{Area, Drawing, Label, Point};
use super::map::clip_line;
use super::palette::{GREY, WHITE, stroke};

/// A label in want of a place.
pub(super) struct Wanted {
    /// The middle of its mark.
    pub(super) at: Point,
    /// The radius of its mark.
    pub(super) radius: f64,
    /// Its lines; where they stand is not looked at.
    pub(super) lines: Vec<Label>,
}

/// Where a label goes.
pub(super) struct Placed {
    /// What it covers.
    pub(super) area: Area,
    /// From the mark's edge to the label, where it does not stand beside the mark.
    pub(super) leader: Option<[Point; 2]>,
}

/// How far from the mark's edge a label is tried, in logical pixels.
const DISTANCES: [f64; 9] = [3.0, 9.0, 18.0, 30.0, 45.0, 62.0, 82.0, 105.0, 130.0];
/// From this distance on a line leads to the label.
const LEADS_FROM: f64 = 9.0;
/// In which directions, in degrees from the right, downwards: the sides first.
const DIRECTIONS: [f64; 16] = [
    0.0, 180.0, 270.0, 90.0, 315.0, 45.0, 225.0, 135.0, 337.5, 22.5, 202.5, 157.5, 292.5, 67.5, 247.5, 112.5,
];

/// Draws a label at its place, on ground that lets little through.
pub(super) fn draw_label(drawing: &mut Drawing, wanted: &Wanted, place: &Placed) {
    if let Some(leader) = place.leader {
        drawing.line(leader.to_vec(), stroke(GREY, 0.75));
    }
    drawing.rectangle(place.area, WHITE.with_opacity(0.72));
    let mut top = place.area.top;
    for line in &wanted.lines {
        drawing.text(Label { at: (place.area.left + 2.0, top + line.size * 1.02), ..line.clone() });
        top += line.size * 1.22;
    }
}

/// A place within `plane` for each label, or none, in order; over one of `taken` only where there is no other place.
pub(super) fn place_labels(wanted: &[Wanted], taken: &[Area], plane: Area) -> Vec<Option<Placed>> {
    let marks = wanted.iter().map(|one| around(one.at, one.radius));
    let marks: Vec<Area> = marks.chain(taken.iter().copied()).collect();
    let mut placed: Vec<Option<Placed>> = Vec::with_capacity(wanted.len());
    for one in wanted {
        let free = |marks: &[Area]| candidates(one).find(|place| is_free(place, &placed, marks, plane));
        let place = free(&marks).or_else(|| free(&marks[..wanted.len()]));
        placed.push(place);
    }
    placed
}

fn around((x, y): Point, radius: f64) -> Area {
    Area { left: x - radius, top: y - radius, right: x + radius, bottom: y + radius }
}

/// The width and height of a label with the room around its letters.
fn size_of(lines: &[Label]) -> (f64, f64) {
    let width = lines.iter().map(Label::width).fold(0.0, f64::max);
    (width + 4.0, lines.iter().map(|line| line.size * 1.22).sum::<f64>() + 1.5)
}

/// The places of a label around its mark, the best first.
fn candidates(wanted: &Wanted) -> impl Iterator<Item = Placed> + '_ {
    let (width, height) = size_of(&wanted.lines);
    DISTANCES.into_iter().flat_map(move |distance| {
        DIRECTIONS.into_iter().map(move |degrees: f64| {
            let (right, down) = (libm::cos(degrees.to_radians()), libm::sin(degrees.to_radians()));
            let reach = wanted.radius + distance;
            let (x, y) = (wanted.at.0 + reach * right, wanted.at.1 + reach * down);
            // The point of the label nearest to the mark lies on the circle: its side, its corner or in between.
            let (left, top) = (x - width * (1.0 - right) / 2.0, y - height * (1.0 - down) / 2.0);
            let area = Area { left, top, right: left + width, bottom: top + height };
            let edge = (wanted.at.0 + wanted.radius * right, wanted.at.1 + wanted.radius * down);
            Placed { area, leader: (distance >= LEADS_FROM).then_some([edge, (x, y)]) }
        })
    })
}

fn is_free(place: &Placed, placed: &[Option<Placed>], marks: &[Area], plane: Area) -> bool {
    let area = place.area;
    let inside = area.left >= plane.left + 2.0
        && area.right <= plane.right - 2.0
        && area.top >= plane.top + 2.0
        && area.bottom <= plane.bottom - 2.0;
    inside
        && !marks.iter().any(|mark| area.overlaps(mark))
        && placed.iter().flatten().all(|other| {
            let crosses = |leader: Option<[Point; 2]>, area: &Area| {
                leader.is_some_and(|leader| !clip_line(&leader, area).is_empty())
            };
            !area.overlaps(&other.area)
                && !crosses(other.leader, &area)
                && !crosses(place.leader, &other.area)
        })
}
