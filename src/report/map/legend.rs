//! The legend of the map, in a column beside it.

use super::figure::{HOST, LAND, PARTNER, Plane, USERS};
use super::links::LOADS;
use super::sites::{LEAST_RADIUS, Shown, Standing, UNKNOWN, UTILISATIONS, draw_mark, radius_of};
use crate::report::drawing::{Area, Drawing, Label, Weight};
use crate::report::font::shorten;
use crate::report::format;
use crate::report::page::{SMALL, TINY};
use crate::report::palette::{BLACK, GREY, PALE, stroke};

/// What the legend explains.
pub(super) struct Legend<'a> {
    pub(super) sites: &'a Shown,
    /// How many lines there are.
    pub(super) links: usize,
    pub(super) plane: &'a Plane,
}

const ROW: f64 = 19.0;
/// Where the texts begin, right of the samples.
const INDENT: f64 = 30.0;
/// Of all samples, where the middle is.
const MIDDLE: f64 = 12.0;

/// Draws the legend from the top of a column.
pub(super) fn draw_legend(drawing: &mut Drawing, column: Area, legend: &Legend) {
    let mut pen = Pen { drawing, column, below: column.top };
    pen.heading("Mean utilisation", "of the open accelerators");
    for (_, words, ink) in UTILISATIONS {
        let at = pen.row(words);
        draw_mark(pen.drawing, at, 5.5, (Standing::Chosen, ink));
    }
    let at = pen.row("none in the window");
    draw_mark(pen.drawing, at, 5.5, (Standing::Chosen, UNKNOWN));
    pen.heading("Accelerators", "open at the end of the window");
    sizes(&mut pen, legend.sites);
    pen.heading("A site is", "");
    for (standing, words) in [
        (Standing::Committed, "committed: in every set"),
        (Standing::Chosen, "chosen: in this set"),
        (Standing::Elsewhere, "not in this set"),
    ] {
        if legend.sites.kinds.contains(&standing) {
            let at = pen.row(words);
            draw_mark(pen.drawing, at, 5.0, (standing, PALE));
        }
    }
    if legend.links > 0 {
        pen.heading("Mean load of a link", "busier direction, of its capacity");
        for (_, words, ink, width) in LOADS {
            let (x, y) = pen.row(words);
            pen.drawing.line(vec![(x - 11.0, y), (x + 11.0, y)], stroke(ink, width));
        }
    }
    pen.heading("A country", "");
    for (ink, words) in [
        (HOST, "hosts a site of the set"),
        (PARTNER, "is in the consortium of one"),
        (USERS, "has users only"),
        (LAND, "has none in the scenario"),
    ] {
        let (x, y) = pen.row(words);
        let edge = Area { left: x - 10.0, top: y - 6.0, right: x + 10.0, bottom: y + 6.0 };
        pen.drawing.rectangle(edge, PALE);
        let inner = Area {
            left: edge.left + 0.75,
            top: edge.top + 0.75,
            right: edge.right - 0.75,
            bottom: edge.bottom - 0.75,
        };
        pen.drawing.rectangle(inner, ink);
    }
    scale_bar(&mut pen, legend.plane);
}

/// Discs of round numbers of accelerators: the greatest that fits, and a tenth and a hundredth of it.
fn sizes(pen: &mut Pen, sites: &Shown) {
    let round = round_below(sites.most.max(1));
    let mut last = 0.0;
    for count in [round, round / 10, round / 100].into_iter().filter(|count| *count > 0) {
        let radius = radius_of(count, sites.most, sites.radius);
        if (radius - last).abs() < 0.5 || radius <= LEAST_RADIUS {
            continue;
        }
        last = radius;
        pen.below += (2.0 * radius + 5.0 - ROW).max(0.0) / 2.0;
        let (x, y) = pen.row_from(&format::number(f64::from(count), 0), 2.0 * sites.radius + 8.0);
        let at = (x - MIDDLE + sites.radius + 2.0, y);
        pen.below += (2.0 * radius + 5.0 - ROW).max(0.0) / 2.0;
        draw_mark(pen.drawing, at, radius, (Standing::Chosen, PALE));
    }
}

/// The greatest of 1, 2 and 5 times a power of ten that is not above a number.
fn round_below(number: u32) -> u32 {
    let power = 10_u32.pow(number.ilog10());
    power * [5, 2, 1].into_iter().find(|factor| number / power >= *factor).unwrap_or(1)
}

/// The length of 500 km at the centre of the map.
fn scale_bar(pen: &mut Pen, plane: &Plane) {
    let length = 500.0 * plane.scale;
    pen.below += 26.0;
    let (left, y) = (pen.column.left + 1.0, pen.below);
    for line in [
        [(left, y), (left + length, y)],
        [(left, y - 4.0), (left, y)],
        [(left + length, y - 4.0), (left + length, y)],
    ] {
        pen.drawing.line(line.to_vec(), stroke(GREY, 1.0));
    }
    pen.drawing.text(Label::new("500 km", (left + length + 6.0, y + 2.0), TINY, GREY));
}

/// Writes rows downwards.
struct Pen<'a> {
    drawing: &'a mut Drawing,
    column: Area,
    below: f64,
}

impl Pen<'_> {
    fn heading(&mut self, title: &str, of: &str) {
        self.below += if self.below > self.column.top { 24.0 } else { 12.0 };
        let at = (self.column.left, self.below);
        self.drawing.text(Label::new(title, at, SMALL, BLACK).bold());
        if !of.is_empty() {
            self.below += 13.0;
            self.drawing.text(Label::new(of, (self.column.left, self.below), TINY, GREY));
        }
        self.below += 5.0;
    }

    /// A row's text; the middle of its sample is handed back.
    fn row(&mut self, words: &str) -> (f64, f64) {
        self.row_from(words, INDENT)
    }

    /// The same with another indent of the text.
    fn row_from(&mut self, words: &str, indent: f64) -> (f64, f64) {
        self.below += ROW;
        let left = self.column.left + indent;
        let words = shorten(words, SMALL, Weight::Regular, self.column.right - left);
        let baseline = self.below - ROW / 2.0 + 4.0;
        self.drawing.text(Label::new(words, (left, baseline), SMALL, BLACK));
        (self.column.left + MIDDLE, self.below - ROW / 2.0)
    }
}
