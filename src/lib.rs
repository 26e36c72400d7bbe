//! Pléiade.
pub mod engine;
pub mod model;
pub mod scenario;
pub mod statistics;
pub mod study;
pub mod units;
