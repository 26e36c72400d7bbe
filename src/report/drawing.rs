//! A drawing as a list of marks in logical pixels (96 to the inch), origin at the upper left, y downwards.
//!
//! Figures build this list and know nothing of SVG, PNG or the plotting crate; `render` paints it on either. A list
//! can also be asked where its labels stand, which is how the tests hold that none overlap.

use super::font::text_width;

/// A place on the page: x to the right, y downwards.
pub type Point = (f64, f64);

/// A colour with its opacity between 0 and 1.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Ink {
    /// Red, green, blue.
    pub rgb: [u8; 3],
    /// 1 covers all below.
    pub opacity: f64,
}

impl Ink {
    /// An opaque colour from its hexadecimal notation, such as `0x0072b2`.
    pub const fn hex(code: u32) -> Self {
        Self { rgb: [(code >> 16) as u8, (code >> 8) as u8, code as u8], opacity: 1.0 }
    }

    /// The colour without its opacity, as style sheets write it.
    pub fn css(self) -> String {
        let [red, green, blue] = self.rgb;
        format!("#{red:02x}{green:02x}{blue:02x}")
    }

    /// The same colour at another opacity.
    #[must_use]
    pub const fn with_opacity(self, opacity: f64) -> Self {
        Self { rgb: self.rgb, opacity }
    }
}

/// How a line is drawn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Stroke {
    /// Its colour.
    pub ink: Ink,
    /// Its width.
    pub width: f64,
}

/// A rectangle with its sides parallel to the page's.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Area {
    /// Left side.
    pub left: f64,
    /// Upper side.
    pub top: f64,
    /// Right side.
    pub right: f64,
    /// Lower side.
    pub bottom: f64,
}

impl Area {
    /// Its width.
    pub fn width(&self) -> f64 {
        self.right - self.left
    }

    /// Its height.
    pub fn height(&self) -> f64 {
        self.bottom - self.top
    }

    /// Whether it shares more than an edge with another area.
    pub fn overlaps(&self, other: &Self) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

/// Which end of a text stands at its point.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Anchor {
    /// The text begins there.
    Start,
    /// The text's middle is there.
    Middle,
    /// The text ends there.
    End,
}

/// How heavy the letters are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weight {
    /// Running text.
    Regular,
    /// Titles.
    Bold,
}

/// Which way a text runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// From left to right.
    Level,
    /// From below upwards, as titles of vertical axes do.
    Upwards,
}

/// A line of text.
#[derive(Debug, Clone, PartialEq)]
pub struct Label {
    /// What it says.
    pub text: String,
    /// A point of its baseline.
    pub at: Point,
    /// Which part of the text stands at that point.
    pub anchor: Anchor,
    /// The size of an em.
    pub size: f64,
    /// How heavy.
    pub weight: Weight,
    /// Which way.
    pub turn: Turn,
    /// Its colour.
    pub ink: Ink,
}

impl Label {
    /// A level regular label that begins at a point.
    pub fn new(text: impl Into<String>, at: Point, size: f64, ink: Ink) -> Self {
        Self {
            text: text.into(),
            at,
            anchor: Anchor::Start,
            size,
            weight: Weight::Regular,
            turn: Turn::Level,
            ink,
        }
    }

    /// The same label with another anchor.
    #[must_use]
    pub fn anchored(mut self, anchor: Anchor) -> Self {
        self.anchor = anchor;
        self
    }

    /// The same label in bold.
    #[must_use]
    pub fn bold(mut self) -> Self {
        self.weight = Weight::Bold;
        self
    }

    /// The same label running upwards.
    #[must_use]
    pub fn upwards(mut self) -> Self {
        self.turn = Turn::Upwards;
        self
    }

    /// Its width along its own direction.
    pub fn width(&self) -> f64 {
        text_width(&self.text, self.size, self.weight)
    }

    /// The area that its letters take, from the height of capitals to the depth of descenders.
    pub fn area(&self) -> Area {
        let width = self.width();
        let before = match self.anchor {
            Anchor::Start => 0.0,
            Anchor::Middle => width / 2.0,
            Anchor::End => width,
        };
        let (x, y) = self.at;
        let (rise, fall) = (0.74 * self.size, 0.22 * self.size);
        match self.turn {
            Turn::Level => {
                Area { left: x - before, top: y - rise, right: x - before + width, bottom: y + fall }
            }
            Turn::Upwards => {
                Area { left: x - rise, top: y + before - width, right: x + fall, bottom: y + before }
            }
        }
    }
}

/// One mark of a drawing.
#[derive(Debug, Clone, PartialEq)]
pub enum Mark {
    /// A filled rectangle.
    Rectangle(Area, Ink),
    /// A filled polygon.
    Polygon(Vec<Point>, Ink),
    /// A line through points.
    Line(Vec<Point>, Stroke),
    /// A filled disc: centre and radius.
    Disc(Point, f64, Ink),
    /// A text.
    Text(Label),
}

/// A page of marks; later ones cover earlier ones.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Drawing {
    /// Its width in logical pixels.
    pub width: f64,
    /// Its height in logical pixels.
    pub height: f64,
    /// What is on it, from the bottom up.
    pub marks: Vec<Mark>,
}

impl Drawing {
    /// Adds a filled rectangle; one without extent is left out.
    pub fn rectangle(&mut self, area: Area, ink: Ink) {
        if area.width() > 0.0 && area.height() > 0.0 {
            self.marks.push(Mark::Rectangle(area, ink));
        }
    }

    /// Adds a filled polygon; one of fewer than three points is left out.
    pub fn polygon(&mut self, points: Vec<Point>, ink: Ink) {
        if points.len() > 2 {
            self.marks.push(Mark::Polygon(points, ink));
        }
    }

    /// Adds a line through points; one of a single point is left out.
    pub fn line(&mut self, points: Vec<Point>, stroke: Stroke) {
        if points.len() > 1 {
            self.marks.push(Mark::Line(points, stroke));
        }
    }

    /// Adds a straight line of dashes, each `dash` long with an equal gap.
    pub fn dashes(&mut self, from: Point, to: Point, dash: f64, stroke: Stroke) {
        let (across, down) = (to.0 - from.0, to.1 - from.1);
        let length = (across * across + down * down).sqrt();
        let along = |distance: f64| {
            let share = (distance / length).min(1.0);
            (from.0 + across * share, from.1 + down * share)
        };
        let mut distance = 0.0;
        while distance < length {
            self.line(vec![along(distance), along(distance + dash)], stroke);
            distance += 2.0 * dash;
        }
    }

    /// Adds a filled disc.
    pub fn disc(&mut self, centre: Point, radius: f64, ink: Ink) {
        self.marks.push(Mark::Disc(centre, radius, ink));
    }

    /// Adds a text; an empty one is left out.
    pub fn text(&mut self, label: Label) {
        if !label.text.is_empty() {
            self.marks.push(Mark::Text(label));
        }
    }

    /// Fills an area with thin diagonals, the sign for "there is nothing here yet".
    pub fn hatching(&mut self, area: Area, spacing: f64, stroke: Stroke) {
        let (width, height) = (area.width(), area.height());
        let mut start = spacing;
        while start < width + height {
            // The diagonal x + y = start within the area, from its left or lower side to its upper or right side.
            let from = (start - height).max(0.0);
            let to = start.min(width);
            self.line(
                vec![(area.left + from, area.top + start - from), (area.left + to, area.top + start - to)],
                stroke,
            );
            start += spacing;
        }
    }

    /// The areas of all texts, with what they say.
    pub fn labels(&self) -> impl Iterator<Item = &Label> {
        self.marks.iter().filter_map(|mark| match mark {
            Mark::Text(label) => Some(label),
            _ => None,
        })
    }
}
