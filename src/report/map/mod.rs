//! The map of Europe: borders, their projection, and a study's places on them.

mod borders;
mod clip;
mod projection;

pub use borders::{Border, borders};
pub use clip::{clip_line, clip_polygon};
pub use projection::{WINDOW, project};
