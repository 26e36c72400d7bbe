//! `report.html`: one file with the answer, charts, tables and facts of a study, read without a network.
//!
//! The page is our own HTML around two scripts: plotly.js, packed when the program is built, and ours, which draws every
//! chart from one block of JSON. A Content-Security-Policy lets these two run, by their hashes, and nothing be fetched.
//! Every text of a scenario is escaped where it enters: here for HTML and for JSON inside a script element, in `page.js` for
//! the marks that plotly.js takes in labels. The same results give the same bytes.

mod answer;
mod charts;
mod choices;
mod escape;
mod how;
mod map;
mod page;
mod sweeps;
mod tables;

pub use page::{About, Study, page};
