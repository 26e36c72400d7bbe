//! What a study found of the datasets in storages.

use crate::statistics::{Estimate, StorageMetric};
use serde::{Deserialize, Serialize};

/// The datasets at one site, or at all sites of a set; the window is the observation after its warm-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StorageSummary {
    /// Jobs whose dataset was there.
    pub dataset_hits: Estimate,
    /// Jobs whose dataset was on its way already.
    pub dataset_shared: Estimate,
    /// Jobs for which their dataset had to be fetched.
    pub dataset_misses: Estimate,
    /// Hits over all of these.
    pub dataset_hit_ratio: Estimate,
    /// Terabytes of datasets that came.
    pub dataset_came_in_tb: Estimate,
    /// Of them, terabytes that were not kept.
    pub dataset_passed_through_tb: Estimate,
    /// Terabytes of copies given up.
    pub dataset_evicted_tb: Estimate,
    /// Mean terabytes in use.
    pub storage_used_tb: Estimate,
    /// Mean share of the capacity in use.
    pub storage_used: Estimate,
}

impl StorageSummary {
    /// From the estimates of all metrics.
    pub(super) fn of(estimate: impl Fn(StorageMetric) -> Estimate) -> Self {
        Self {
            dataset_hits: estimate(StorageMetric::Hits),
            dataset_shared: estimate(StorageMetric::Shared),
            dataset_misses: estimate(StorageMetric::Misses),
            dataset_hit_ratio: estimate(StorageMetric::HitRatio),
            dataset_came_in_tb: estimate(StorageMetric::CameInTb),
            dataset_passed_through_tb: estimate(StorageMetric::PassedThroughTb),
            dataset_evicted_tb: estimate(StorageMetric::EvictedTb),
            storage_used_tb: estimate(StorageMetric::UsedTb),
            storage_used: estimate(StorageMetric::Used),
        }
    }

    /// The estimate of one metric.
    pub fn get(&self, metric: StorageMetric) -> Estimate {
        match metric {
            StorageMetric::Hits => self.dataset_hits,
            StorageMetric::Shared => self.dataset_shared,
            StorageMetric::Misses => self.dataset_misses,
            StorageMetric::HitRatio => self.dataset_hit_ratio,
            StorageMetric::CameInTb => self.dataset_came_in_tb,
            StorageMetric::PassedThroughTb => self.dataset_passed_through_tb,
            StorageMetric::EvictedTb => self.dataset_evicted_tb,
            StorageMetric::UsedTb => self.storage_used_tb,
            StorageMetric::Used => self.storage_used,
        }
    }
}
