//! Pléiade.
pub mod engine;
pub mod model;
pub mod records;
pub mod scheduling;
pub mod statistics;
pub mod study;
pub mod units;
pub mod workload;
