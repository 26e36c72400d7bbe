//! `pleiade report`: tables, plots and the page once more, from results that lie in a folder.

use super::arguments::ReportOptions;
use super::drawn::{draw_page, draw_select, draw_study, draw_sweep};
use super::failure::Failure;
use super::output::talk;
use crate::host::{ResultFolder, Threads};

/// Draws all that a folder holds the results of; nothing runs.
pub(super) fn report(options: &ReportOptions) -> Result<(), Failure> {
    let none = || Failure::NoResults(options.directory.clone());
    let folder = ResultFolder::existing(options.directory.clone()).ok_or_else(none)?;
    let threads = Threads::new(options.threads)?;
    let drawn =
        [draw_select(&folder, &threads)?, draw_sweep(&folder, &threads)?, draw_study(&folder, &threads)?];
    if !drawn.contains(&true) {
        return Err(none());
    }
    draw_page(&folder)?;
    if !options.quiet {
        talk(&format!("drew tables, plots and report.html in {}", folder.path().display()));
    }
    Ok(())
}
