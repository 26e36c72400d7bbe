//! The scenario file: its format and schema, imports and overrides, and the way to the resolved system.
//!
//! A file becomes a tree that knows the place of each key and value (`tree`); imports and overrides are merged into it
//! (`merge`, `overrides`); the tree is held against the schema (`walk`), published tables are put where they are named
//! (`tables`), and against the rules that span several values
//! (`check`, `check_arrivals`, `check_broker`, `check_partition`, `check_flexibility`, `check_work`, `check_access`, `check_projects`,
//! `check_staff`, `check_objectives`, `check_precision`, `check_choice`, `check_sweep`, `check_data`, `check_network`, `check_fits`,
//! `reach`); if nothing is wrong, the system is built (`build`). All problems come together, each with file,
//! line, column, the key's path, what was expected and what is near. No file is touched here: a [`Loader`] gives them.

pub mod access_format;
mod amount;
pub mod arrival_format;
mod blocks;
pub mod broker_format;
mod build;
mod build_access;
mod build_arrivals;
mod build_broker;
mod build_cables;
mod build_choice;
mod build_class;
mod build_data;
mod build_network;
mod build_objectives;
mod build_partition;
mod build_projects;
mod build_scheduler;
mod build_staff;
mod build_sweep;
mod build_work;
mod check;
mod check_access;
mod check_arrivals;
mod check_broker;
mod check_calendar;
mod check_choice;
mod check_data;
mod check_fits;
mod check_flexibility;
mod check_network;
mod check_objectives;
mod check_partition;
mod check_precision;
mod check_projects;
mod check_staff;
mod check_sweep;
mod check_work;
pub mod choice_format;
pub mod comparison_format;
mod confidence;
pub mod data_format;
pub mod demand_format;
mod diagnostics;
mod draft;
mod facts;
pub mod flexibility_format;
pub mod format;
mod load;
mod loader;
mod merge;
mod network_format;
pub mod objective_format;
mod overrides;
pub mod partition_format;
mod partition_nodes;
mod precision_format;
mod problem;
pub mod project_format;
mod quantities;
mod reach;
mod resolved;
pub mod scheduler_format;
mod scheduler_text;
mod schema;
pub mod select_format;
pub mod staff_format;
mod sweep_axis;
pub mod sweep_format;
pub mod table_format;
mod tables;
mod topology_file;
mod topology_graphml;
mod topology_json;
mod tree;
mod variants;
mod walk;
mod walk_leaf;
pub mod work_format;

#[cfg(test)]
mod tests;

pub use confidence::Confidence;
pub use diagnostics::{Color, Diagnostic, Diagnostics, Related, Source};
pub use load::{EXAMPLE, Scenario, load};
pub use loader::{LoadError, Loader, MemoryLoader};
pub use overrides::{OVERRIDES, Override};
pub use problem::{Near, Problem};
pub use scheduler_text::{parse_scheduler, scheduler_names};
pub use schema::json_schema;
pub use sweep_axis::{Axis, AxisPoint, Sweep, SweepFuture};
