//! What a study found of the datasets in storages.

use super::estimates::estimates;
use crate::statistics::StorageMetric;

estimates! {
    /// The datasets at one site, or at all sites of a set; the window is the observation after its warm-up.
    StorageSummary of StorageMetric {
        dataset_hits: Hits,
        dataset_shared: Shared,
        dataset_misses: Misses,
        dataset_hit_ratio: HitRatio,
        dataset_came_in_tb: CameInTb,
        dataset_passed_through_tb: PassedThroughTb,
        dataset_evicted_tb: EvictedTb,
        storage_used_tb: UsedTb,
        storage_used: Used,
    }
}
