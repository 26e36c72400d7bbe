//! What a choice of sites found, for readers: the answer in sentences, tables, and figures.

mod figures;
mod futures;
#[cfg(test)]
pub(super) mod sample;
mod sentences;
mod tables;
mod worth;

pub use figures::select_figures;
pub use futures::{futures_figures, futures_tables};
pub use sentences::sentences;
pub use tables::select_tables;
