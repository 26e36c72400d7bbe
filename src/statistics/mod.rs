//! Rows to estimates: sketches and bins that implement `Sink`, and point, interval and sample size together.

mod estimate;
mod student;

pub use estimate::{CONFIDENCE, Estimate};
pub use student::student_t_quantile;
