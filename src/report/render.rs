//! From a drawing to SVG text or PNG bytes: the only file that knows the plotting crate.
//!
//! Both renderers paint the same marks at four times the logical size, where whole pixels are fine enough. The SVG is
//! then shown at logical size; the PNG is averaged down to twice that size (192 dots to the inch), which smooths
//! every edge.

use super::drawing::{Anchor, Drawing, Ink, Label, Mark, Point, Stroke, Turn, Weight};
use super::font::{FAMILY, coverage, text_width};
use plotters::prelude::{BitMapBackend, DrawingBackend, SVGBackend};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{
    Color, FontDesc, FontFamily, FontStyle, FontTransform, RGBAColor, ShapeStyle, TextStyle,
};

/// Painted pixels to a logical one.
const FINENESS: f64 = 4.0;
/// Painted pixels to a side of one pixel of the PNG.
const AVERAGED: usize = 2;

/// A backend that can also set text by its baseline.
trait Surface: DrawingBackend {
    /// Makes the whole page white.
    fn clear(&mut self) -> Painted;

    /// Sets a text whose point and size are in painted pixels.
    fn set_text(&mut self, label: &Label, at: (i32, i32)) -> Painted;
}

/// Nothing, or in words what the backend could not do.
type Painted = Result<(), String>;

fn in_words(error: impl std::error::Error) -> String {
    error.to_string()
}

/// The drawing as an SVG document; its text stays text.
pub(super) fn svg(drawing: &Drawing) -> String {
    let mut document = String::new();
    let (width, height) = painted_size(drawing);
    paint(drawing, SVGBackend::with_string(&mut document, (width, height)))
        .expect("writing to a string does not fail");
    // The backend shows a painted pixel as a pixel; the view box keeps the fine coordinates at logical size.
    document.replacen(
        &format!("width=\"{width}\" height=\"{height}\""),
        &format!("width=\"{}\" height=\"{}\"", drawing.width.ceil(), drawing.height.ceil()),
        1,
    )
}

/// The drawing as a PNG file of twice its logical size.
pub(super) fn png(drawing: &Drawing) -> Vec<u8> {
    let (width, height) = painted_size(drawing);
    let mut pixels = vec![255; width as usize * height as usize * 3];
    paint(drawing, BitMapBackend::with_buffer(&mut pixels, (width, height)))
        .expect("painting to a buffer of the right size does not fail");
    let width = width as usize / AVERAGED;
    let averaged = average(&pixels, width);
    encode(&averaged, width as u32, height / AVERAGED as u32)
}

/// Width and height in painted pixels: whole logical pixels, at least one and at most 10 000.
fn painted_size(drawing: &Drawing) -> (u32, u32) {
    let side = |length: f64| (length.ceil().clamp(1.0, 10_000.0) * FINENESS) as u32;
    (side(drawing.width), side(drawing.height))
}

fn paint<S: Surface>(drawing: &Drawing, mut surface: S) -> Painted {
    surface.clear()?;
    for mark in &drawing.marks {
        match mark {
            Mark::Rectangle(area, ink) => surface
                .draw_rect(place((area.left, area.top)), place((area.right, area.bottom)), &fill(*ink), true)
                .map_err(in_words)?,
            Mark::Polygon(points, ink) => {
                surface.fill_polygon(points.iter().copied().map(place), &fill(*ink)).map_err(in_words)?;
            }
            Mark::Line(points, line) => {
                surface.draw_path(distinct(points), &stroke(*line)).map_err(in_words)?;
            }
            Mark::Disc(centre, radius, ink) => surface
                .draw_circle(place(*centre), (radius * FINENESS).round() as u32, &fill(*ink), true)
                .map_err(in_words)?,
            Mark::Text(label) => surface.set_text(label, place(label.at))?,
        }
    }
    surface.present().map_err(in_words)
}

/// The painted pixel of a place. Far outside the page and a missing number both become a pixel that is never seen.
fn place(point: Point) -> (i32, i32) {
    let pixel = |length: f64| {
        if length.is_nan() { -40_000 } else { (length.clamp(-10_000.0, 20_000.0) * FINENESS).round() as i32 }
    };
    (pixel(point.0), pixel(point.1))
}

/// The painted pixels of a line, each one once in a row: the bitmap backend can't turn a corner of no length.
fn distinct(points: &[Point]) -> Vec<(i32, i32)> {
    let mut pixels: Vec<_> = points.iter().copied().map(place).collect();
    pixels.dedup();
    pixels
}

fn colour(ink: Ink) -> RGBAColor {
    let [red, green, blue] = ink.rgb;
    RGBAColor(red, green, blue, ink.opacity)
}

fn fill(ink: Ink) -> ShapeStyle {
    ShapeStyle { color: colour(ink), filled: true, stroke_width: 0 }
}

fn stroke(line: Stroke) -> ShapeStyle {
    let stroke_width = (line.width * FINENESS).round().max(1.0) as u32;
    ShapeStyle { color: colour(line.ink), filled: false, stroke_width }
}

impl Surface for SVGBackend<'_> {
    fn clear(&mut self) -> Painted {
        let (width, height) = self.get_size();
        let page = fill(Ink::hex(0x00ff_ffff));
        self.draw_rect((0, 0), (width.cast_signed(), height.cast_signed()), &page, true).map_err(in_words)
    }

    fn set_text(&mut self, label: &Label, (x, y): (i32, i32)) -> Painted {
        // The backend divides the size by 1.24 and, for text hung by its top, sets the baseline 0.76 em lower.
        let em = label.size * FINENESS;
        let drop = (0.76 * em).round() as i32;
        let weight = match label.weight {
            Weight::Regular => FontStyle::Normal,
            Weight::Bold => FontStyle::Bold,
        };
        let anchor = match label.anchor {
            Anchor::Start => HPos::Left,
            Anchor::Middle => HPos::Center,
            Anchor::End => HPos::Right,
        };
        let font = FontDesc::new(FontFamily::Name(FAMILY), em * 1.24, weight);
        // A turned text turns about its point, so there the drop to the baseline runs along x.
        let (font, at) = match label.turn {
            Turn::Level => (font, (x, y - drop)),
            Turn::Upwards => (font.transform(FontTransform::Rotate270), (x - drop, y)),
        };
        let ink = colour(label.ink);
        let style = TextStyle::from(font).color(&ink).pos(Pos::new(anchor, VPos::Top));
        self.draw_text(&label.text, &style, at).map_err(in_words)
    }
}

impl Surface for BitMapBackend<'_> {
    fn clear(&mut self) -> Painted {
        // The buffer comes white.
        Ok(())
    }

    fn set_text(&mut self, label: &Label, (x, y): (i32, i32)) -> Painted {
        let em = label.size * FINENESS;
        let width = text_width(&label.text, em, label.weight).round() as i32;
        let before = match label.anchor {
            Anchor::Start => 0,
            Anchor::Middle => width / 2,
            Anchor::End => width,
        };
        let (page_width, page_height) = self.get_size();
        let mut result = Ok(());
        coverage(&label.text, em, label.weight, |along, down, covered| {
            let (right, below) = match label.turn {
                Turn::Level => (along - before, down),
                Turn::Upwards => (down, before - along),
            };
            let (pixel_x, pixel_y) = (x + right, y + below);
            let inside = (0..page_width.cast_signed()).contains(&pixel_x)
                && (0..page_height.cast_signed()).contains(&pixel_y);
            if inside && result.is_ok() {
                let ink = colour(label.ink.with_opacity(label.ink.opacity * covered));
                result = self.draw_pixel((pixel_x, pixel_y), ink.to_backend_color()).map_err(in_words);
            }
        });
        result
    }
}

/// Averages squares of painted pixels to one; `width` is that of the result.
fn average(pixels: &[u8], width: usize) -> Vec<u8> {
    let row = width * AVERAGED * 3;
    let mut averaged = Vec::with_capacity(pixels.len() / (AVERAGED * AVERAGED));
    for rows in pixels.chunks_exact(row * AVERAGED) {
        let (upper, lower) = rows.split_at(row);
        for (above, below) in upper.chunks_exact(6).zip(lower.chunks_exact(6)) {
            for channel in 0..3 {
                let sum = [above[channel], above[channel + 3], below[channel], below[channel + 3]];
                averaged.push((sum.into_iter().map(u16::from).sum::<u16>() / 4) as u8);
            }
        }
    }
    averaged
}

fn encode(pixels: &[u8], width: u32, height: u32) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, width, height);
    encoder.set_color(png::ColorType::Rgb);
    encoder.set_compression(png::Compression::Default);
    encoder.set_filter(png::FilterType::NoFilter);
    // 192 dots to the inch.
    encoder.set_pixel_dims(Some(png::PixelDimensions { xppu: 7559, yppu: 7559, unit: png::Unit::Meter }));
    let mut writer = encoder.write_header().expect("a vector takes every byte");
    writer.write_image_data(pixels).expect("the pixels fill width times height");
    writer.finish().expect("a vector takes every byte");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_renderers_draw_strange_numbers_without_panic() {
        let mut drawing = Drawing { width: 40.0, height: 30.0, marks: Vec::new() };
        let ink = Ink::hex(0x0000_0000);
        let strange = [f64::NAN, f64::INFINITY, -1e300, 1e300, 0.0];
        for number in strange {
            drawing.line(vec![(number, 1.0), (number, 1.0), (3.0, number)], Stroke { ink, width: 2.0 });
            drawing.polygon(vec![(1.0, 1.0), (number, 2.0), (3.0, number)], ink);
            drawing.disc((number, number), 1.0, ink);
            drawing.text(Label::new("a<b&c", (number, number), 9.0, ink).upwards());
        }
        assert!(svg(&drawing).contains("viewBox=\"0 0 160 120\""));
        assert!(svg(&drawing).contains("a&lt;b&amp;c"));
        assert_eq!(&png(&drawing)[1..4], b"PNG");
    }

    #[test]
    fn svg_text_stays_text_in_the_named_family() {
        let mut drawing = Drawing { width: 40.0, height: 30.0, marks: Vec::new() };
        drawing.text(Label::new("served", (1.0, 9.0), 9.0, Ink::hex(0x0000_0000)).bold());
        let document = svg(&drawing);
        assert!(document.contains("font-family=\"DejaVu Sans, sans-serif\"") && document.contains("served"));
        assert!(document.starts_with("<svg width=\"40\" height=\"30\" viewBox=\"0 0 160 120\""));
    }
}
