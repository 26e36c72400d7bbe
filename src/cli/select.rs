//! `pleiade select`: which set is best under the rules of the scenario.

use super::arguments::SelectOptions;
use super::drawn::{SELECT, draw_select};
use super::failure::Failure;
use super::output::{print, print_tables};
use super::results::write_part;
use super::run::load;
use super::session::Session;
use crate::cli::arguments::Format;
use crate::report::choosing::{select_tables, sentences};
use crate::study::select::{Asked, SelectSummary, choose};

/// Chooses a set.
pub(super) fn select(options: &SelectOptions) -> Result<(), Failure> {
    let scenario = load(&options.study)?;
    let options = &options.study;
    let Some(choice) = &scenario.choice else {
        let text = "the scenario has no [choice]: nothing says which sites may be chosen; \
                    scenarios/choose-seven.toml shows one";
        return Err(Failure::Option(text.to_owned()));
    };
    let session = Session::open(&scenario, options, scenario.effort.runs as usize)?;
    let runs = session.runs();
    let asked = Asked {
        choice,
        objectives: &scenario.objectives,
        futures: &scenario.futures,
        effort: scenario.effort,
        worth: scenario.worth,
    };
    let summary = choose(&scenario.system, asked, &runs);
    let provenance = session.simulated();
    let value = serde_json::to_value(&summary).expect("a summary is plain data");
    write_part(&session.folder, &scenario, (SELECT, &value), (&provenance, runs.count()))?;
    draw_select(&session.folder, &session.threads)?;
    session.draw_page_again();
    print_answer(&summary, options.format)?;
    session.tell(runs.count(), provenance.simulated_s, Some("select"));
    Ok(())
}

/// The sentences, then the tables. As JSON or CSV the tables alone: what the sentences say stands in `select.json`.
fn print_answer(summary: &SelectSummary, format: Format) -> Result<(), Failure> {
    match format {
        Format::Text => print(&(sentences(summary).join("\n") + "\n\n"))?,
        Format::Markdown => print(&(sentences(summary).join("\n\n") + "\n\n"))?,
        Format::Json | Format::Csv => {}
    }
    print_tables(&select_tables(summary), format)
}
