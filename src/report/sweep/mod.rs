//! Tables and figures of a sweep: tornados, Morris' and Sobol's measures, curves, maps, and how often one set beats another.

mod common;
mod curve;
mod figures;
mod heat_map;
mod indices;
mod morris;
mod parquet;
#[cfg(test)]
pub(super) mod sample;
mod tables;
mod tornado;

pub use figures::sweep_figures;
pub use parquet::sweep_rows_parquet;
pub use tables::{sweep_csv, sweep_markdown, sweep_tables};
