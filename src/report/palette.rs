//! Colours that stay apart for colour-blind readers, on white paper and on the dark page alike, and greys.
//!
//! The hues are those of Okabe and Ito (2008), at other lightnesses: theirs leave orange, sky blue and yellow at less than
//! 3 : 1 against white, which graphics must have (WCAG 2.2, 1.4.11), and are closer together for deuteranopes. The tests
//! below hold what is asked of every colour; who changes one runs them.

use super::drawing::{Ink, Stroke};
use crate::model::LinkKind;

/// Text and main lines.
pub(super) const BLACK: Ink = Ink::hex(0x0020_2428);
/// Lesser text: subtitles, ticks, provenance.
pub(super) const GREY: Ink = Ink::hex(0x005b_6168);
/// Marks that claim nothing.
pub(super) const PALE: Ink = Ink::hex(0x0078_7e86);
/// Grid lines.
pub(super) const GRID: Ink = Ink::hex(0x00e3_e5e8);
/// The ground of what does not exist yet.
pub(super) const BLANK: Ink = Ink::hex(0x00f4_f5f6);
/// Paper.
pub(super) const WHITE: Ink = Ink::hex(0x00ff_ffff);

/// Blue.
pub(super) const BLUE: Ink = Ink::hex(0x0000_72b2);
/// Vermillion.
pub(super) const VERMILLION: Ink = Ink::hex(0x00c9_2300);

/// Orange.
pub(super) const ORANGE: Ink = Ink::hex(0x00df_791a);
/// Green.
pub(super) const GREEN: Ink = Ink::hex(0x0041_a589);
/// Sky blue.
pub(super) const SKY: Ink = Ink::hex(0x0050_8eff);

const PURPLE: Ink = Ink::hex(0x00af_3472);
const INDIGO: Ink = Ink::hex(0x001e_4efc);
const STEEL: Ink = Ink::hex(0x0048_96c0);

/// The colour of the `index`-th community; they repeat after eight.
pub(super) fn community(index: usize) -> Ink {
    [BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, INDIGO, STEEL][index % 8]
}

/// The colour of a kind of link.
pub(super) fn link_kind(kind: LinkKind) -> Ink {
    match kind {
        LinkKind::Backbone => BLUE,
        LinkKind::Uplink => ORANGE,
        LinkKind::TransferNodes => GREEN,
        LinkKind::Storage => PURPLE,
        LinkKind::Access => PALE,
    }
}

/// The colour of the `index`-th line among a few, apart from the colours of link kinds.
pub(super) fn line(index: usize) -> Ink {
    [VERMILLION, BLACK, PURPLE, SKY, INDIGO][index % 5]
}

/// A line of a colour and a width.
pub(super) const fn stroke(ink: Ink, width: f64) -> Stroke {
    Stroke { ink, width }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The papers of the page, light and dark, as its style sheet has them.
    fn papers() -> Vec<Ink> {
        let style = include_str!("html/page.css");
        let paper = |rest: &str| u32::from_str_radix(&rest[..6], 16).unwrap();
        style.split("--paper: #").skip(1).map(|rest| Ink::hex(paper(rest))).collect()
    }

    /// Red, green and blue as shares of light (IEC 61966-2-1).
    fn light(ink: Ink) -> [f64; 3] {
        ink.rgb.map(|code| {
            let share = f64::from(code) / 255.0;
            if share <= 0.040_45 { share / 12.92 } else { libm::pow((share + 0.055) / 1.055, 2.4) }
        })
    }

    fn product(matrix: &[[f64; 3]; 3], [x, y, z]: [f64; 3]) -> [f64; 3] {
        matrix.map(|[a, b, c]| a * x + b * y + c * z)
    }

    /// The contrast of two colours, from 1 to 21 (WCAG 2.2).
    fn contrast(one: Ink, other: Ink) -> f64 {
        let luminance = |ink| product(&[[0.2126, 0.7152, 0.0722]; 3], light(ink))[0] + 0.05;
        let (one, other) = (luminance(one), luminance(other));
        one.max(other) / one.min(other)
    }

    /// What readers see: with all three cones, without those for long waves (protanopia), without those for middle ones
    /// (deuteranopia); matrices of Machado, Oliveira and Fernandes (2009) for the whole loss, on shares of light.
    const SIGHTS: [[[f64; 3]; 3]; 3] = [
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ];

    /// The place of a colour in Oklab (Ottosson 2020), in which equal distances look about equal.
    fn oklab(light: [f64; 3]) -> [f64; 3] {
        const CONES: [[f64; 3]; 3] = [
            [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
            [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
            [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
        ];
        const LAB: [[f64; 3]; 3] = [
            [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
            [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
            [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
        ];
        product(&LAB, product(&CONES, light).map(libm::cbrt))
    }

    /// How far two colours are apart for the reader who tells them apart worst, in hundredths of the way from black to white.
    fn distance(one: Ink, other: Ink) -> f64 {
        let seen = |ink, sight| oklab(product(sight, light(ink)).map(|share| share.clamp(0.0, 1.0)));
        let apart = SIGHTS.iter().map(|sight| {
            let (one, other) = (seen(one, sight), seen(other, sight));
            let squares = one.iter().zip(other).map(|(one, other)| (one - other) * (one - other));
            100.0 * squares.sum::<f64>().sqrt()
        });
        apart.fold(f64::INFINITY, f64::min)
    }

    fn least_distance(inks: &[Ink]) -> f64 {
        let pairs = inks
            .iter()
            .enumerate()
            .flat_map(|(place, one)| inks[..place].iter().map(move |other| (one, other)));
        pairs.map(|(one, other)| distance(*one, *other)).fold(f64::INFINITY, f64::min)
    }

    #[test]
    fn the_measures_are_the_published_ones() {
        let (black, white) = (Ink::hex(0), WHITE);
        assert!((contrast(black, white) - 21.0).abs() < 1e-9);
        assert!((distance(black, white) - 100.0).abs() < 1e-3);
        // The grey that the guidelines name as the lightest for text on white.
        assert!((contrast(Ink::hex(0x0076_7676), white) - 4.54).abs() < 0.005);
        // Of red and green of one lightness a deuteranope sees less than half of the distance.
        let (red, green) = (Ink::hex(0x00d0_5050), Ink::hex(0x0060_9030));
        let seen = |sight: &[[f64; 3]; 3], ink| oklab(product(sight, light(ink)))[1];
        let apart = SIGHTS.map(|sight| (seen(&sight, red) - seen(&sight, green)).abs());
        assert!(apart[1] < 0.5 * apart[0] && apart[2] < 0.5 * apart[0], "{apart:?}");
    }

    /// Text has 4.5 : 1 on paper and on the ground of what is not there, marks that carry results have 3 : 1, those of the
    /// page on both of its papers (WCAG 2.2, 1.4.3 and 1.4.11).
    #[test]
    fn everything_stands_out_from_its_ground() {
        for ink in [BLACK, GREY] {
            for ground in [WHITE, BLANK] {
                assert!(contrast(ink, ground) >= 4.5, "{} on {}", ink.css(), ground.css());
            }
        }
        let papers = papers();
        assert_eq!(papers.len(), 2, "light and dark");
        for ink in (0..8).map(community).chain([PALE]) {
            for paper in papers.iter().copied().chain([WHITE]) {
                let found = contrast(ink, paper);
                assert!(found >= 3.0, "{} on {}: {found:.2}", ink.css(), paper.css());
            }
        }
        for ink in (0..5).map(line) {
            assert!(contrast(ink, WHITE) >= 3.0, "{}", ink.css());
        }
    }

    /// Colours side by side are apart for all readers: the first seven series by more than a tenth of the way from black to
    /// white, five times what is just seen.
    #[test]
    fn colours_side_by_side_are_told_apart() {
        let series: Vec<Ink> = (0..8).map(community).collect();
        assert!(least_distance(&series[..7]) >= 12.0, "{}", least_distance(&series[..7]));
        assert!(least_distance(&series) >= 9.5, "{}", least_distance(&series));
        let lines: Vec<Ink> = (0..5).map(line).collect();
        assert!(least_distance(&lines) >= 12.0, "{}", least_distance(&lines));
        // Grey stands between green and purple, which these readers see as greys, a lighter and a darker one.
        let kinds = [
            LinkKind::Backbone,
            LinkKind::Uplink,
            LinkKind::TransferNodes,
            LinkKind::Storage,
            LinkKind::Access,
        ];
        assert!(least_distance(&kinds.map(link_kind)) >= 5.5, "{}", least_distance(&kinds.map(link_kind)));
        // What became of the hours, and better, worse or not told apart.
        let hours = [SKY, PALE, VERMILLION, ORANGE, GREEN];
        assert!(least_distance(&hours) >= 6.5, "{}", least_distance(&hours));
        let verdicts = [BLUE, VERMILLION, BLACK, PALE];
        assert!(least_distance(&verdicts) >= 9.5, "{}", least_distance(&verdicts));
    }
}
