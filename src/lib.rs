//! Pléiade.
pub mod engine;
pub mod model;
pub mod network;
pub mod statistics;
pub mod study;
pub mod units;
