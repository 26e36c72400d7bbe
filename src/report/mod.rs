//! Tables and figures: functions from a study's results to text or bytes.
//!
//! Results go in as a [`StudySummary`](crate::study::StudySummary) and come out as [`Figure`]s (SVG and PNG from one
//! [`Drawing`]) and as [`Table`]s (terminal, Markdown, CSV, JSON). Nothing here reads, writes or runs anything, and
//! the same summary gives the same bytes. No mean is shown without its interval and its count.

mod assumption_tables;
mod axis;
pub mod choosing;
mod comparison;
pub mod comparison_tables;
mod comparisons_csv;
mod cost;
pub mod criteria_tables;
pub mod data_tables;
mod drawing;
#[cfg(test)]
mod edges;
mod ending_tables;
mod figure;
mod first_accelerator;
mod font;
pub mod format;
mod gantt;
#[cfg(test)]
mod goldens;
pub mod html;
mod labels;
mod long_table;
pub mod map;
mod metric_names;
mod network_load;
pub mod objective_tables;
mod overview;
mod page;
mod palette;
mod parquet;
pub mod plan_people;
pub mod plan_tables;
pub mod project_tables;
mod queue_times;
mod rank_tables;
mod refused;
mod render;
#[cfg(test)]
pub(crate) mod sample;
#[cfg(test)]
mod sample_places;
#[cfg(test)]
mod sample_ranks;
#[cfg(test)]
mod sample_spread;
mod settling_table;
mod shares;
mod site_tables;
mod spread_tables;
mod status_table;
pub mod sweep;
mod table;
pub mod tables;
mod utilisation;
mod waterfall;
pub mod waterfall_tables;

pub use comparison::comparison;
pub use comparisons_csv::comparisons_csv;
pub use cost::cost_against_time;
pub use drawing::{Anchor, Area, Drawing, Ink, Label, Mark, Point, Stroke, Turn, Weight};
pub use figure::{Figure, figures};
pub use first_accelerator::first_accelerator;
pub use font::{shorten, text_width};
pub use gantt::gantt;
pub use long_table::summary_csv;
pub use network_load::network_load;
pub use overview::{all_tables_markdown, overview};
pub use parquet::RunRowsWriter;
pub use queue_times::queue_times;
pub use refused::refused_work;
pub use shares::shares;
pub use status_table::status_table;
pub use table::{Alignment, Cell, Column, Table};
pub use utilisation::utilisation;
pub use waterfall::waterfall;
