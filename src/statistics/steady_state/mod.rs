//! One long run in place of many: where its beginning ends, and how sure its mean is though its values depend on each other.

mod batch_means;
mod daily;
mod run_length;
mod series;
mod truncation;

pub use batch_means::BatchMeans;
pub use daily::{DailyWaits, Day, Settling, settling};
pub use run_length::{customers_for, mm1_wait_asymptotic_variance};
pub use series::{SteadyState, steady_state};
pub use truncation::{Truncation, mser5};
