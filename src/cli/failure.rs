//! What can go wrong for a user, and the exit code it gives.

use crate::scenario::Diagnostics;
use crate::study::Halt;
use crate::workload::SwfError;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

/// A failure of a command.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// The scenario is wrong; nothing ran.
    #[error("{0}")]
    Scenario(Diagnostics),
    /// An option is wrong; nothing ran.
    #[error("{0}")]
    Option(String),
    /// The trace is wrong; nothing ran.
    #[error("{}: {error}", path.display())]
    Trace {
        /// The trace.
        path: PathBuf,
        /// What is wrong with it.
        error: SwfError,
    },
    /// A file given on the command line can't be read; nothing ran.
    #[error("{}: {error}", path.display())]
    Input {
        /// The file.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// A folder holds no results; nothing was drawn.
    #[error(
        "{}: no finished study is here: expected summary.json (written by pleiade run FILE and pleiade compare FILE), \
         select/select.json (by pleiade select FILE) or sweep/sweep.json (by pleiade sweep FILE)", .0.display()
    )]
    NoResults(PathBuf),
    /// Stored results are not what this version reads; what was drawn before is still whole.
    #[error(
        "{}: not the results that pleiade {} reads{}: {error}; run the study again, or draw it with the version that made it",
        path.display(), env!("CARGO_PKG_VERSION"), version.as_ref().map_or(String::new(), |made| format!(" (pleiade {made} wrote them)"))
    )]
    Stored {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        error: serde_json::Error,
        /// The version that wrote it, where that is known.
        version: Option<String>,
    },
    /// A result can't be written; files written before are whole.
    #[error("failed to write {}: {error}", path.display())]
    Output {
        /// The file or folder.
        path: PathBuf,
        /// What the system says.
        error: io::Error,
    },
    /// The operating system gives no threads.
    #[error("failed to start threads: {0}")]
    Threads(#[from] rayon::ThreadPoolBuildError),
    /// A study stands still before its end; what is finished is kept.
    #[error("{halt}{}", go_on.as_ref().map_or(String::new(), |command| format!("\nwhat is finished is kept; go on with: {command}")))]
    Halted {
        /// Why.
        halt: Halt,
        /// The command by which it goes on.
        go_on: Option<String>,
    },
    /// A folder holds no study that could go on, or not one of this program.
    #[error("{}: {reason}", directory.display())]
    NoStudy {
        /// The folder.
        directory: PathBuf,
        /// What is wrong with it.
        reason: String,
    },
    /// A known answer was missed.
    #[error("{0} of the built-in cases missed their known answer")]
    Validation(usize),
}

impl From<Halt> for Failure {
    fn from(halt: Halt) -> Self {
        Self::Halted { halt, go_on: None }
    }
}

impl Failure {
    /// For a closure over an I/O error on `path`.
    pub(super) fn output(path: &Path) -> impl FnOnce(io::Error) -> Self + '_ {
        move |error| Self::Output { path: path.to_owned(), error }
    }

    /// Prints the failure on stderr and gives the exit code. A broken pipe is no failure.
    pub(super) fn report(&self) -> ExitCode {
        match self {
            Self::Output { error, .. } if error.kind() == io::ErrorKind::BrokenPipe => {
                return ExitCode::SUCCESS;
            }
            Self::Scenario(diagnostics) => {
                super::output::talk(&diagnostics.render(super::output::stderr_color()));
            }
            failure => super::output::talk(&format!("error: {failure}")),
        }
        match self {
            Self::Scenario(_)
            | Self::Option(_)
            | Self::Trace { .. }
            | Self::Input { .. }
            | Self::NoResults(_)
            | Self::NoStudy { .. }
            | Self::Stored { .. } => ExitCode::from(2),
            Self::Output { .. } | Self::Threads(_) | Self::Halted { .. } | Self::Validation(_) => {
                ExitCode::FAILURE
            }
        }
    }
}
