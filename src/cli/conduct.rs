//! How a study is conducted: in which folder, on how many threads, here or elsewhere, and how loudly.

use super::arguments::{Format, StudyOptions};
use crate::host::{Carrier, ChunkSize};
use crate::scenario::Scenario;
use crate::study::Input;
use std::path::PathBuf;

/// How a study is conducted.
pub(super) struct Conduct<'a> {
    /// The folder of its results.
    pub(super) folder: PathBuf,
    /// Threads; 0: one a core.
    pub(super) threads: usize,
    /// Whether every run is made anew.
    pub(super) fresh: bool,
    /// How tables are printed.
    pub(super) format: Format,
    /// No progress and no remarks.
    pub(super) quiet: bool,
    /// The files that the scenario was read from, where they are not its own sources.
    pub(super) inputs: Option<Vec<Input>>,
    /// Where runs are made.
    pub(super) on: On<'a>,
}

/// Where runs are made.
#[derive(Clone, Copy)]
pub(super) enum On<'a> {
    /// On threads of this machine.
    Here,
    /// In chunks, by somebody else.
    Elsewhere {
        /// Who carries them out.
        carrier: &'a dyn Carrier,
        /// What he is called in `provenance.json`.
        name: &'static str,
        /// How long chunks are.
        size: ChunkSize,
        /// The options by which a study goes on there, each after a space.
        options: &'a str,
    },
}

impl Conduct<'static> {
    /// As the options of a command say, here.
    pub(super) fn here(scenario: &Scenario, options: &StudyOptions) -> Self {
        Self {
            folder: options.output.join(&scenario.system.name),
            threads: options.threads,
            fresh: options.fresh,
            format: options.format,
            quiet: options.quiet,
            inputs: None,
            on: On::Here,
        }
    }
}
