//! Which set is best: all that is known of the rules, few runs of many sets, more of the promising ones, and fresh ones for
//! the answer.
//!
//! ```text
//! rules -> search (few runs each; all sets, or the fluid bound and local search) -> ranking (OCBA-m) -> finalists -> KN
//! ```
//!
//! The runs of search and ranking only say who comes into the final: their winner looks better than it is, since it was
//! taken for that (the winner's curse). What is reported of the finalists rests on replications that nobody has seen before.
//! A run of a set is one of it in every future; what counts is the mean over the futures by their weights, in one
//! replication, so that sets are compared in the same random universes throughout.

mod final_round;
mod outcome;
mod ranked;
mod searched;
mod summary;
mod valuation;

pub use final_round::Guarantee;
pub use outcome::{BoundGap, Finalist, Requirement, RunsMade, Selection, Verdict, select};
pub use searched::Searched;
pub use summary::{Asked, SelectSummary, choose};
pub use valuation::{Judges, Valuation};
