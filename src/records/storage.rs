//! One row a site and calendar bin: what its storage held of datasets, and what came and went.

use crate::model::SiteId;
use crate::units::Time;

/// What happened to the datasets at a site within `[from, to)`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct StorageRow {
    /// The site.
    pub site: SiteId,
    /// Start of the bin.
    pub from: Time,
    /// End of the bin.
    pub to: Time,
    /// The integral over the bin of the bytes of the copies there, with the room kept for those on their way, in
    /// byte-nanoseconds.
    pub taken: u128,
    /// Jobs sent here whose dataset was there.
    pub hits: u64,
    /// Jobs whose dataset was on its way already.
    pub shared: u64,
    /// Jobs for which their dataset had to be fetched.
    pub misses: u64,
    /// Bytes of datasets that came, to be kept or passing through.
    pub came_in: u128,
    /// Of them, bytes that were read as they came and not kept.
    pub passed_through: u128,
    /// Bytes of copies given up.
    pub evicted: u128,
}
