//! Rows to estimates: sketches and bins that implement `Sink`, and point, interval and sample size together.

mod cell;
mod endings;
mod estimate;
mod metric;
mod run;
mod sketch;
mod storage;
mod student;
mod transfers;

pub use endings::EndingsMetrics;
pub use estimate::{CONFIDENCE, Estimate};
pub use metric::{EndingMetric, EndingMetrics, Metric, Metrics, StorageMetric, StorageMetrics};
pub use run::{RunMetrics, RunStatistics, StoragesMetrics, wait_grid_s};
pub use sketch::WaitSketch;
pub use student::student_t_quantile;
pub use transfers::{TransferMetrics, transfer_kinds};
