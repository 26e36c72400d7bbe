//! What every figure shares: title, subtitle, legend, and the line at the bottom that says where the numbers come from.

use super::axis::{Axis, without_clashes};
use super::drawing::{Anchor, Area, Drawing, Ink, Label, Point, Weight};
use super::font::{shorten, text_width};
use super::palette::{BLACK, BLANK, GREY, GRID, PALE, stroke};
use crate::study::{SetSummary, StudySummary};

/// The width of every figure in logical pixels.
pub(super) const WIDTH: f64 = 1000.0;
/// The space kept free at the page's sides.
pub(super) const MARGIN: f64 = 24.0;
/// The size of axis titles and of labels beside marks.
pub(super) const SMALL: f64 = 11.0;
/// The size of ticks and notes.
pub(super) const TINY: f64 = 9.5;

/// What stands before a legend's text.
#[derive(Debug, Clone, Copy)]
pub(super) enum Sample {
    /// A filled square.
    Square(Ink),
    /// A dot.
    Dot(Ink),
    /// A dashed upright line.
    Dashes(Ink),
    /// A hatched square.
    Hatching,
}

/// A figure in the making: the drawing and how far down it reaches.
pub(super) struct Page {
    /// The drawing.
    pub(super) drawing: Drawing,
    /// Where the next part begins.
    pub(super) below: f64,
}

impl Page {
    /// A page with its title and a line below it.
    pub(super) fn new(title: &str, subtitle: &str) -> Self {
        let mut drawing = Drawing { width: WIDTH, height: 0.0, marks: Vec::new() };
        let width = WIDTH - 2.0 * MARGIN;
        drawing
            .text(Label::new(shorten(title, 18.0, Weight::Bold, width), (MARGIN, 36.0), 18.0, BLACK).bold());
        let mut page = Self { drawing, below: 44.0 };
        page.paragraph(subtitle, 12.0, GREY);
        page.below += 6.0;
        page
    }

    /// A text broken into lines as wide as the page.
    pub(super) fn paragraph(&mut self, text: &str, size: f64, ink: Ink) {
        for line in lines(text, size, WIDTH - 2.0 * MARGIN) {
            self.below += size * 1.4;
            self.drawing.text(Label::new(line, (MARGIN, self.below), size, ink));
        }
    }

    /// The legend, in as many rows as it needs.
    pub(super) fn legend(&mut self, items: &[(Sample, String)]) {
        let mut x = MARGIN;
        self.below += 16.0;
        for (sample, text) in items {
            let text = shorten(text, SMALL, Weight::Regular, 420.0);
            let width = 16.0 + text_width(&text, SMALL, Weight::Regular);
            if x > MARGIN && x + width > WIDTH - MARGIN {
                x = MARGIN;
                self.below += 17.0;
            }
            draw_sample(&mut self.drawing, *sample, (x, self.below));
            self.drawing.text(Label::new(text, (x + 16.0, self.below), SMALL, BLACK));
            x += width + 20.0;
        }
        self.below += 8.0;
    }

    /// In place of a plot: why there is none.
    pub(super) fn nothing(&mut self, why: &str) {
        let area =
            Area { left: MARGIN, top: self.below + 10.0, right: WIDTH - MARGIN, bottom: self.below + 130.0 };
        self.drawing.rectangle(area, BLANK);
        let label = Label::new(why, (WIDTH / 2.0, self.below + 74.0), 13.0, GREY);
        self.drawing.text(label.anchored(Anchor::Middle));
        self.below = area.bottom;
    }

    /// Notes, then the provenance; the page ends here.
    pub(super) fn finish(self, summary: &StudySummary, set: Option<&SetSummary>, notes: &str) -> Drawing {
        self.finish_with(&provenance(summary, set), notes)
    }

    /// The same with a provenance in words.
    pub(super) fn finish_with(mut self, provenance: &str, notes: &str) -> Drawing {
        self.below += 6.0;
        self.paragraph(notes, TINY, GREY);
        self.paragraph(provenance, TINY, GREY);
        self.drawing.height = (self.below + 16.0).ceil();
        self.drawing
    }
}

/// Scenario, set, replications, seed, policies, window and interval, in one sentence of parts.
pub(crate) fn provenance(summary: &StudySummary, set: Option<&SetSummary>) -> String {
    let set = set.map_or(String::new(), |set| format!(" · set {}", ellipsis(&set.id, 40)));
    format!(
        "Scenario {}{set} · {} · seed {} · {} to {} · broker: {} · local: {} · {} % intervals by Student's t",
        ellipsis(&summary.scenario, 60),
        replications(summary),
        summary.seed,
        summary.from,
        summary.to,
        ellipsis(&summary.broker, 80),
        ellipsis(&summary.local_policies, 80),
        super::format::number(summary.confidence * 100.0, 0),
    )
}

/// `n = 10 replications`.
pub(crate) fn replications(summary: &StudySummary) -> String {
    replications_in_words(summary.replications)
}

/// The same of a number.
pub(super) fn replications_in_words(count: u32) -> String {
    let plural = if count == 1 { "" } else { "s" };
    format!("n = {count} replication{plural}")
}

/// Upright lines of a level axis with their numbers below, and its title.
pub(super) fn level_axis(drawing: &mut Drawing, plot: Area, axis: &Axis, title: &str) {
    for (value, text) in without_clashes(axis, axis.ticks(7), TINY, 10.0) {
        let x = axis.place(value);
        drawing.line(vec![(x, plot.top), (x, plot.bottom)], stroke(GRID, 0.75));
        drawing.text(Label::new(text, (x, plot.bottom + 13.0), TINY, GREY).anchored(Anchor::Middle));
    }
    title_below(drawing, plot, title);
}

/// The title of a level axis, below its numbers.
pub(super) fn title_below(drawing: &mut Drawing, plot: Area, title: &str) {
    let title = shorten(title, SMALL, Weight::Regular, plot.width() + 40.0);
    let at = (f64::midpoint(plot.left, plot.right), plot.bottom + 29.0);
    drawing.text(Label::new(title, at, SMALL, GREY).anchored(Anchor::Middle));
}

/// Level lines of an upright axis with their numbers to the left, and its title.
pub(super) fn upright_axis(drawing: &mut Drawing, plot: Area, axis: &Axis, title: &str) {
    let (mut last, mut widest) = (f64::INFINITY, 36.0_f64);
    for (value, text) in axis.ticks(6) {
        let y = axis.place(value);
        drawing.line(vec![(plot.left, y), (plot.right, y)], stroke(GRID, 0.75));
        if last - y > TINY * 1.3 {
            widest = widest.max(text_width(&text, TINY, Weight::Regular));
            drawing.text(Label::new(text, (plot.left - 6.0, y + 3.5), TINY, GREY).anchored(Anchor::End));
            last = y;
        }
    }
    let title = shorten(title, SMALL, Weight::Regular, plot.height());
    // Left of the widest number, but never beyond the page.
    let x = (plot.left - 16.0 - widest).max(0.8 * SMALL);
    let at = (x, f64::midpoint(plot.top, plot.bottom));
    drawing.text(Label::new(title, at, SMALL, GREY).anchored(Anchor::Middle).upwards());
}

/// A name of at most so many characters.
pub(super) fn ellipsis(text: &str, characters: usize) -> String {
    if text.chars().count() <= characters {
        return text.to_owned();
    }
    let beginning: String = text.chars().take(characters.saturating_sub(1)).collect();
    format!("{}…", beginning.trim_end())
}

/// Words in lines of at most `width`; a word wider than a line is shortened.
fn lines(text: &str, size: f64, width: f64) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        if let Some(line) = lines.last_mut() {
            let longer = format!("{line} {word}");
            if text_width(&longer, size, Weight::Regular) <= width {
                *line = longer;
                continue;
            }
        }
        lines.push(shorten(word, size, Weight::Regular, width));
    }
    lines
}

fn draw_sample(drawing: &mut Drawing, sample: Sample, (x, baseline): Point) {
    let square = Area { left: x, top: baseline - 9.5, right: x + 11.0, bottom: baseline + 1.5 };
    match sample {
        Sample::Square(ink) => drawing.rectangle(square, ink),
        Sample::Dot(ink) => drawing.disc((x + 6.0, baseline - 4.0), 4.5, ink),
        Sample::Dashes(ink) => {
            drawing.dashes((x + 6.0, baseline - 11.0), (x + 6.0, baseline + 2.0), 2.5, stroke(ink, 1.5));
        }
        Sample::Hatching => {
            drawing.rectangle(square, BLANK);
            drawing.hatching(square, 4.0, stroke(PALE, 0.5));
        }
    }
}
