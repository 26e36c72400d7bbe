//! One row a link and calendar bin: the bytes it carried.

use crate::model::LinkId;
use crate::units::{ByteRate, Time};

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
    /// Its mean capacity over the bin: nothing while it was out of service.
    pub capacity: ByteRate,
}
