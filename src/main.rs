//! The `pleiade` program.
fn main() {}
