//! `pleiade select`: which set is best under the rules of the scenario.

use super::arguments::SelectOptions;
use super::conduct::Conduct;
use super::drawn::{SELECT, draw_select};
use super::engine::conducted;
use super::failure::Failure;
use super::output::{print, print_tables};
use super::results::write_part;
use super::run::load;
use super::session::Session;
use crate::cli::arguments::Format;
use crate::report::choosing::{select_tables, sentences};
use crate::scenario::Scenario;
use crate::study::StudyCommand;
use crate::study::select::{Asked, SelectSummary, choose};

/// Chooses a set.
pub(super) fn select(options: &SelectOptions) -> Result<(), Failure> {
    let scenario = load(&options.study)?;
    conducted(&scenario, &StudyCommand::Select, &options.study, |conduct| study(&scenario, conduct))
}

/// Carries out the choice of a scenario.
pub(super) fn study(scenario: &Scenario, conduct: &Conduct<'_>) -> Result<(), Failure> {
    let Some(choice) = &scenario.choice else {
        let text = "the scenario has no [choice]: nothing says which sites may be chosen; \
                    scenarios/choose-seven.toml shows one";
        return Err(Failure::Option(text.to_owned()));
    };
    let session = Session::open(scenario, StudyCommand::Select, conduct, scenario.effort.runs as usize)?;
    let asked = Asked {
        choice,
        objectives: &scenario.objectives,
        futures: &scenario.futures,
        effort: scenario.effort,
        worth: scenario.worth,
    };
    let (summary, count) = session.carry_out(scenario, |runs| choose(&scenario.system, asked, runs))?;
    let provenance = session.simulated();
    let value = serde_json::to_value(&summary).expect("a summary is plain data");
    write_part(&session.folder, scenario, (SELECT, &value), (&provenance, count))?;
    draw_select(&session.folder, &session.threads)?;
    session.draw_page_again()?;
    print_answer(&summary, conduct.format)?;
    session.tell(count, provenance.simulated_s);
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
