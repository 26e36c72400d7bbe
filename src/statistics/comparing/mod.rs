//! Comparing several sets on the same random universes: what holds for all of them at once.

mod adjust;
mod best;
mod ranks;

pub use adjust::{Adjustment, Against, ComparisonPlan, bonferroni, holm, simultaneous_confidence};
pub use best::{AgainstBest, compare_with_best};
pub use ranks::{RankStability, rank_stability};
