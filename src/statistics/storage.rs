//! The sums behind the metrics of storages.

use super::metric::{StorageMetric, StorageMetrics};
use crate::records::StorageRow;
use crate::units::Bytes;

/// What is summed of the rows of one storage, or of several.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct StorageSums {
    hits: u64,
    shared: u64,
    misses: u64,
    came_in: u128,
    passed_through: u128,
    evicted: u128,
    /// Byte-nanoseconds.
    taken: u128,
    /// Nanoseconds of one storage; several are seen over the same time.
    seen: u128,
}

impl StorageSums {
    pub(super) fn add(&mut self, row: &StorageRow) {
        self.hits += row.hits;
        self.shared += row.shared;
        self.misses += row.misses;
        self.came_in += row.came_in;
        self.passed_through += row.passed_through;
        self.evicted += row.evicted;
        self.taken += row.taken;
        self.seen += u128::from(row.to.since(row.from).0);
    }

    /// The sums of several storages.
    pub(super) fn merged(mut self, other: &Self) -> Self {
        self.hits += other.hits;
        self.shared += other.shared;
        self.misses += other.misses;
        self.came_in += other.came_in;
        self.passed_through += other.passed_through;
        self.evicted += other.evicted;
        self.taken += other.taken;
        self.seen = self.seen.max(other.seen);
        self
    }

    /// The metrics of storages of so many bytes together; without a bound there is no share in use.
    pub(super) fn metrics(&self, capacity: Option<Bytes>) -> StorageMetrics {
        let asked = self.hits + self.shared + self.misses;
        let terabytes = |bytes: u128| bytes as f64 / 1e12;
        let used = self.taken as f64 / self.seen as f64;
        let value = |metric| match metric {
            StorageMetric::Hits => self.hits as f64,
            StorageMetric::Shared => self.shared as f64,
            StorageMetric::Misses => self.misses as f64,
            StorageMetric::HitRatio => self.hits as f64 / asked as f64,
            StorageMetric::CameInTb => terabytes(self.came_in),
            StorageMetric::PassedThroughTb => terabytes(self.passed_through),
            StorageMetric::EvictedTb => terabytes(self.evicted),
            StorageMetric::UsedTb => used / 1e12,
            StorageMetric::Used => capacity.map_or(f64::NAN, |capacity| used / capacity.0 as f64),
        };
        StorageMetrics(StorageMetric::ALL.map(value))
    }
}
