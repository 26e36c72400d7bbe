//! One row a link and calendar bin: the bytes it carried.

use super::Column;
use crate::model::LinkId;
use crate::units::Time;

/// Bytes carried by a link within `[from, to)`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct LinkRow {
    /// The link.
    pub link: LinkId,
    /// Start of the bin.
    pub from: Time,
    /// End of the bin.
    pub to: Time,
    /// The integral of its rate over the bin, in bytes.
    pub bytes: f64,
}

/// The columns of [`LinkRow`] as files carry them.
pub const LINK_COLUMNS: [Column; 4] = [
    Column { name: "link", unit: "", meaning: "directed link" },
    Column { name: "from_s", unit: "s", meaning: "start of the calendar bin" },
    Column { name: "to_s", unit: "s", meaning: "end of the calendar bin" },
    Column { name: "bytes", unit: "B", meaning: "integral of the link's rate over the bin" },
];
