//! What a choice of sites found, for readers: the answer in sentences, tables, and figures.

mod figures;
mod futures;
#[cfg(test)]
pub(super) mod sample;
mod sentences;
mod tables;
mod worth;

pub(super) use figures::provenance;
pub use figures::select_figures;
pub(super) use futures::future_in_words;
pub use futures::{futures_figures, futures_tables};
pub use sentences::sentences;
pub use tables::select_tables;
pub(super) use tables::{in_the_final, on_front, required};
