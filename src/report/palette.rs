//! Colours that stay apart for colour-blind readers: the palette of Okabe and Ito (2008), and greys.

use super::drawing::{Ink, Stroke};
use crate::model::LinkKind;

/// Text and main lines.
pub(super) const BLACK: Ink = Ink::hex(0x0020_2428);
/// Lesser text: subtitles, ticks, provenance.
pub(super) const GREY: Ink = Ink::hex(0x005b_6168);
/// Marks that claim nothing.
pub(super) const PALE: Ink = Ink::hex(0x008a_9098);
/// Grid lines.
pub(super) const GRID: Ink = Ink::hex(0x00e3_e5e8);
/// The ground of what does not exist yet.
pub(super) const BLANK: Ink = Ink::hex(0x00f4_f5f6);
/// Paper.
pub(super) const WHITE: Ink = Ink::hex(0x00ff_ffff);

/// Blue.
pub(super) const BLUE: Ink = Ink::hex(0x0000_72b2);
/// Vermillion.
pub(super) const VERMILLION: Ink = Ink::hex(0x00d5_5e00);

/// Orange.
pub(super) const ORANGE: Ink = Ink::hex(0x00e6_9f00);
/// Green.
pub(super) const GREEN: Ink = Ink::hex(0x0000_9e73);
/// Sky blue.
pub(super) const SKY: Ink = Ink::hex(0x0056_b4e9);

const PURPLE: Ink = Ink::hex(0x00cc_79a7);
const YELLOW: Ink = Ink::hex(0x00c9_b900);
const BROWN: Ink = Ink::hex(0x007a_4a1d);

/// The colour of the `index`-th community; they repeat after eight.
pub(super) fn community(index: usize) -> Ink {
    [BLUE, ORANGE, GREEN, PURPLE, SKY, VERMILLION, YELLOW, BROWN][index % 8]
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
    [VERMILLION, BLACK, PURPLE, SKY, BROWN][index % 5]
}

/// A line of a colour and a width.
pub(super) const fn stroke(ink: Ink, width: f64) -> Stroke {
    Stroke { ink, width }
}
