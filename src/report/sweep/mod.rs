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
mod sentences;
mod tables;
mod tornado;

pub(super) use common::{axis_title, provenance};
pub use figures::sweep_figures;
pub(super) use indices::ordered as ordered_indices;
pub use parquet::sweep_rows_parquet;
pub use sentences::sentences;
pub(super) use tables::limit_in_words;
pub use tables::{sweep_csv, sweep_markdown, sweep_tables};
pub(super) use tornado::ordered as ordered_swings;
