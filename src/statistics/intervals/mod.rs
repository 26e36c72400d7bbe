//! Intervals over replications where a mean with Student's t is not what is asked for: ratios, skewed values, quantiles,
//! and means that known means of other values sharpen.

mod bootstrap;
mod control;
mod order;
mod ratio;

pub use bootstrap::{Batches, Bootstrap, RESAMPLES};
pub use control::{Controlled, control};
pub use order::{QuantileRanks, quantile_interval, quantile_ranks};
pub use ratio::{pseudo_values, ratio_of_means};
