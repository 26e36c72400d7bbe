//! What can go wrong for a user, and the exit code it gives.

use crate::scenario::Diagnostics;
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
    /// A known answer was missed.
    #[error("{0} of the built-in cases missed their known answer")]
    Validation(usize),
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
            Self::Scenario(_) | Self::Option(_) | Self::Trace { .. } | Self::Input { .. } => {
                ExitCode::from(2)
            }
            Self::Output { .. } | Self::Threads(_) | Self::Validation(_) => ExitCode::FAILURE,
        }
    }
}
