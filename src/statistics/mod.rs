//! Rows to estimates: sketches and bins that implement `Sink`, and point, interval and sample size together.

#[cfg(test)]
mod by_hand;
mod cell;
mod comparing;
mod endings;
mod estimate;
mod fairness;
mod intervals;
mod measure;
mod metric;
mod moments;
mod monthly_waits;
mod normal;
mod objective;
mod pareto;
mod precision;
mod projects;
pub mod ranking;
mod run;
pub mod sensitivity;
mod sketch;
mod steady_state;
mod storage;
mod student;
mod transfers;

pub use comparing::{
    Adjustment, Against, AgainstBest, ComparisonPlan, RankStability, bonferroni, compare_with_best, holm,
    rank_stability, simultaneous_confidence,
};
pub use endings::{EndingsMetrics, WaterfallsMetrics};
pub use estimate::{CONFIDENCE, Estimate};
pub use fairness::{gini_coefficient, jain_index, max_min_ratio};
pub use intervals::{
    Batches, Bootstrap, Controlled, QuantileRanks, RESAMPLES, control, pseudo_values, quantile_interval,
    quantile_ranks, ratio_of_means,
};
pub use measure::{Measure, Scope, UpkeepMetric, UpkeepMetrics, upkeep};
pub use metric::{
    EndingMetric, EndingMetrics, Metric, Metrics, StorageMetric, StorageMetrics, WaterfallMetric,
    WaterfallMetrics,
};
pub use moments::Moments;
pub use normal::{normal_cdf, normal_quantile};
pub use objective::{Indifference, Objective, Want};
pub use pareto::{Domination, ParetoFront, Standing};
pub use precision::{Aim, PrecisionPlan};
pub use projects::{ProjectMetric, ProjectMetrics, ProjectsMetrics};
pub use run::{RunMetrics, RunStatistics, StoragesMetrics, wait_grid_s};
pub use sketch::WaitSketch;
pub use steady_state::{
    BatchMeans, DailyWaits, Day, Settling, SteadyState, Truncation, customers_for,
    mm1_wait_asymptotic_variance, mser5, settling, steady_state,
};
pub use student::{student_t_p_value, student_t_quantile};
pub use transfers::{TransferMetrics, transfer_kinds};
