//! Rows to estimates: sketches and bins that implement `Sink`, and point, interval and sample size together.

#[cfg(test)]
mod by_hand;
mod cell;
mod endings;
mod estimate;
mod fairness;
mod measure;
mod metric;
mod objective;
mod projects;
mod run;
pub mod sensitivity;
mod sketch;
mod storage;
mod student;
mod transfers;

pub use endings::{EndingsMetrics, WaterfallsMetrics};
pub use estimate::{CONFIDENCE, Estimate};
pub use fairness::{jain_index, max_min_ratio};
pub use measure::{Measure, Scope, UpkeepMetric, UpkeepMetrics, upkeep};
pub use metric::{
    EndingMetric, EndingMetrics, Metric, Metrics, StorageMetric, StorageMetrics, WaterfallMetric,
    WaterfallMetrics,
};
pub use objective::{Indifference, Objective, Want};
pub use projects::{ProjectMetric, ProjectMetrics, ProjectsMetrics};
pub use run::{RunMetrics, RunStatistics, StoragesMetrics, wait_grid_s};
pub use sketch::WaitSketch;
pub use student::student_t_quantile;
pub use transfers::{TransferMetrics, transfer_kinds};
