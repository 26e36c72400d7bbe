//! Pléiade.
pub mod engine;
pub mod model;
pub mod report;
pub mod statistics;
pub mod study;
pub mod units;
