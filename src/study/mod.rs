//! The plan of runs and what is computed from them.

mod compare;
mod launch;
mod replay;
mod single;
mod summarise;
mod summary;
pub mod validate;

pub use launch::{Cell, Launcher, run_cell, run_cells};
pub use replay::{Replay, ReplayOptions, ScheduleSummary, ScheduledJob, replay};
pub use single::{PoissonDemand, SinglePartition};
pub use summarise::summarise;
pub use summary::{
    CommunitySummary, DistributionPoint, FactRow, LinkSummary, MetricComparison, Rejections, SetComparison,
    SetSummary, SiteSummary, StudySummary, Totals,
};
