//! The plan of runs and what is computed from them.

mod summary;

pub use summary::{
    CommunitySummary, DistributionPoint, FactRow, LinkSummary, MetricComparison, Rejections, SetComparison,
    SetSummary, SiteSummary, StudySummary, Totals,
};
