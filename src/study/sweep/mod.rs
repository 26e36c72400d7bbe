//! A sweep: candidate sets at the points of a design, on common random numbers, and what the results say of the axes.
//!
//! [`sweep`] makes the runs, [`SweepValues`] holds one number a point, set, objective and replication, and [`summarise_sweep`]
//! makes estimates, sensitivities, curves and preferences of them.

mod analyse;
mod curve;
mod plan;
mod summary;

pub use analyse::summarise_sweep;
pub use curve::is_steep;
pub use plan::{AxisPlace, SweepAxis, SweepPlan, SweepValues, sweep};
pub use summary::{
    Break, BreakSide, Effects, Indices, PointSummary, Preference, SetName, SweepSummary, Tornado,
};
