//! The one font of all figures, DejaVu Sans, carried by the program: widths, shortening, and the pixels of letters.
//!
//! The plotting crate's own bitmap text drops the space that each letter keeps to its left, which sets words unevenly.
//! So the letters of a PNG are placed here; an SVG keeps its text as text.

use super::drawing::Weight;
use ab_glyph::{Font, FontRef, GlyphId, PxScale, ScaleFont, point};
use std::sync::LazyLock;

/// The CSS family that SVG text asks for.
pub(super) const FAMILY: &str = "DejaVu Sans, sans-serif";

static REGULAR: LazyLock<FontRef<'static>> = LazyLock::new(|| load(dejavu::sans::regular()));
static BOLD: LazyLock<FontRef<'static>> = LazyLock::new(|| load(dejavu::sans::bold()));

fn load(bytes: &'static [u8]) -> FontRef<'static> {
    FontRef::try_from_slice(bytes).expect("the font that the program carries is a valid font file")
}

fn font(weight: Weight) -> &'static FontRef<'static> {
    match weight {
        Weight::Regular => &REGULAR,
        Weight::Bold => &BOLD,
    }
}

/// The scale at which an em is `size` pixels high.
fn scale(font: &FontRef<'_>, size: f64) -> PxScale {
    let units_per_em = font.units_per_em().expect("the font that the program carries says its em");
    PxScale::from(size as f32 * font.height_unscaled() / units_per_em)
}

/// The letters of a text with their distance from its start, and the text's width, in the unit of `size`.
fn advance(text: &str, size: f64, weight: Weight) -> (Vec<(GlyphId, f32)>, f32) {
    let font = font(weight).as_scaled(scale(font(weight), size));
    let (mut pen, mut letters) = (0.0, Vec::with_capacity(text.len()));
    for character in text.chars() {
        let glyph = font.glyph_id(character);
        if let Some(&(previous, _)) = letters.last() {
            pen += font.kern(previous, glyph);
        }
        letters.push((glyph, pen));
        pen += font.h_advance(glyph);
    }
    (letters, pen)
}

/// The width of a text in the unit of `size`, the size of an em.
pub fn text_width(text: &str, size: f64, weight: Weight) -> f64 {
    f64::from(advance(text, size, weight).1)
}

/// The text if it fits `width`, else its longest beginning that fits with an ellipsis; at least the ellipsis.
pub fn shorten(text: &str, size: f64, weight: Weight, width: f64) -> String {
    if text_width(text, size, weight) <= width {
        return text.to_owned();
    }
    let with_ellipsis = |count: usize| {
        let beginning: String = text.chars().take(count).collect();
        format!("{}…", beginning.trim_end())
    };
    // The pens say how many letters fit nearly; kerning beside the ellipsis may take one more away.
    let (letters, _) = advance(text, size, weight);
    let nearly = letters.iter().take_while(|(_, pen)| f64::from(*pen) <= width).count();
    (0..=nearly)
        .rev()
        .map(with_ellipsis)
        .find(|short| text_width(short, size, weight) <= width)
        .unwrap_or_else(|| "…".to_owned())
}

/// Calls `dot` with place (right of the start, below the baseline) and coverage of every pixel of a text.
pub(super) fn coverage(text: &str, size: f64, weight: Weight, mut dot: impl FnMut(i32, i32, f64)) {
    let font = font(weight);
    let scale = scale(font, size);
    for (glyph, pen) in advance(text, size, weight).0 {
        let Some(outline) = font.outline_glyph(glyph.with_scale_and_position(scale, point(pen, 0.0))) else {
            continue;
        };
        let corner = outline.px_bounds().min;
        outline.draw(|x, y, covered| {
            if covered > 0.0 {
                let place = (corner.x as i32).saturating_add_unsigned(x);
                dot(place, (corner.y as i32).saturating_add_unsigned(y), f64::from(covered.min(1.0)));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_font_has_every_sign_that_figures_use() {
        for weight in [Weight::Regular, Weight::Bold] {
            for character in "±−–…·≤≥²₂éüßłčØ\u{202f}→".chars() {
                assert_ne!(font(weight).glyph_id(character), GlyphId(0), "no letter for {character:?}");
            }
        }
    }

    #[test]
    fn bold_is_wider_than_regular() {
        assert!(
            text_width("utilisation", 10.0, Weight::Bold) > text_width("utilisation", 10.0, Weight::Regular)
        );
    }

    proptest! {
        #[test]
        fn a_shortened_text_fits(text in "\\PC{0,60}", width in 12.0..400.0) {
            let short = shorten(&text, 10.0, Weight::Regular, width);
            prop_assert!(text_width(&short, 10.0, Weight::Regular) <= width + 0.01);
        }
    }
}
