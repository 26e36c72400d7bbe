//! Sensitivities: which inputs move a result, by how much, and in how much of what they may be one choice beats another.
//!
//! Everything here takes numbers, the results at the points of a design, and gives numbers with intervals. Which points to
//! run is `study`'s affair; the designs' names and sizes ([`Design`]) stand here, since designs and estimators belong to
//! each other.

mod crossing;
mod design;
#[cfg(test)]
mod functions;
mod morris;
mod share;
mod sobol;
mod tornado;

pub use crossing::{Crossing, CurvePoint, first_crossing};
pub use design::Design;
pub use morris::{Morris, elementary_effects, morris};
pub use share::{Share, wilson_interval};
pub use sobol::{Index, SobolIndices, SobolRows, sobol};
pub use tornado::{Swing, swing};
