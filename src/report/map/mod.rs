//! The map of Europe: borders, their projection, and a study's places on them.

mod borders;
mod clip;
mod figure;
mod legend;
mod links;
mod projection;
mod sites;

pub use borders::{Border, borders};
pub use clip::{clip_line, clip_polygon};
pub use figure::map;
pub use projection::{WINDOW, project};
