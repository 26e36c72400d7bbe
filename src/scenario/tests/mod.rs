//! Tests of the whole way from text to system or diagnostics.

mod arrivals;
mod broken;
mod broker;
mod catalog;
mod choice;
mod comparison;
mod data;
mod flexibility;
mod network;
mod objectives;
mod partition;
mod precision;
mod projects;
mod projects_broken;
mod resolve;
mod rights;
mod scheduler;
mod sweep;
mod variants;
mod work;

use super::{Diagnostics, EXAMPLE, MemoryLoader, Override, Scenario, load};

/// Loads one text, without imports.
fn load_text(text: &str, overrides: &[&str]) -> Result<Scenario, Diagnostics> {
    let overrides: Vec<Override> = overrides.iter().map(|text| Override((*text).to_owned())).collect();
    load("scenario.toml", &MemoryLoader::new(&[("scenario.toml", text)]), &overrides)
}

/// The system of the example with overrides, which must be right.
fn example(overrides: &[&str]) -> Scenario {
    load_text(EXAMPLE, overrides).unwrap_or_else(|diagnostics| panic!("{diagnostics}"))
}

/// A text that is wrong, and whose problems say all of `words`.
#[track_caller]
fn says(text: &str, words: &[&str]) {
    let problems = load_text(text, &[]).expect_err(text).to_string();
    for word in words {
        assert!(problems.contains(word), "{word} in {problems}");
    }
}
