//! A progress bar on stderr for long work; hidden where stderr is no terminal.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

/// A bar over `cells` runs; with `quiet` it is never drawn.
pub(super) fn bar(cells: usize, quiet: Quiet) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(
        Some(cells as u64),
        match quiet {
            Quiet::Yes => ProgressDrawTarget::hidden(),
            Quiet::No => ProgressDrawTarget::stderr(),
        },
    );
    let style = ProgressStyle::with_template("{bar:12} {pos}/{len} runs, {per_sec}, {eta} left · {wide_msg}")
        .expect("the template is valid");
    bar.set_style(style);
    bar
}

/// Whether remarks are suppressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Quiet {
    /// Nothing on stderr but errors.
    Yes,
    /// Progress and remarks.
    No,
}

impl From<bool> for Quiet {
    fn from(quiet: bool) -> Self {
        if quiet { Self::Yes } else { Self::No }
    }
}
