//! `pleiade select`: which set is best under the rules of the scenario.

use super::arguments::SelectOptions;
use super::failure::Failure;
use super::output::{print, print_tables, talk};
use super::progress::{Quiet, bar};
use super::results::{Provenance, below, result_folder};
use super::run::{in_words, load};
use crate::cli::arguments::Format;
use crate::host::{Chunks, Stopwatch, Threads};
use crate::report::Table;
use crate::report::choosing::{select_figures, select_tables, sentences};
use crate::study::Runs;
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
    let watch = Stopwatch::start();
    let folder = result_folder(&scenario, &options.output)?;
    let bar = bar(scenario.effort.runs as usize, Quiet::from(options.quiet));
    let threads = Threads::new(options.threads, {
        let bar = bar.clone();
        move || bar.inc(1)
    })?;
    let chunks = Chunks::below(folder.path(), options.fresh).map_err(Failure::output(folder.path()))?;
    let runs = Runs::new(&threads, &chunks);
    let asked = Asked {
        choice,
        objectives: &scenario.objectives,
        futures: &scenario.futures,
        effort: scenario.effort,
        worth: scenario.worth,
    };
    let summary = choose(&scenario.system, asked, &runs);
    bar.finish_and_clear();
    let provenance = Provenance { threads: threads.count(), simulated_s: watch.elapsed_s(), watch };
    let value = serde_json::to_value(&summary).expect("a summary is plain data");
    let files =
        [("select.json", super::results::pretty(&value)), ("tables.md", markdown(&summary).into_bytes())];
    below(
        &folder,
        "select",
        &scenario,
        &files,
        (&select_figures(&summary), &threads),
        (&provenance, runs.count()),
    )?;
    print_answer(&summary, options.format)?;
    if !options.quiet {
        let made = in_words(runs.count(), provenance.simulated_s);
        talk(&format!("{made}; results and plots in {}", folder.path().join("select").display()));
        if let Some(error) = chunks.failure() {
            talk(&format!("warning: finished runs could not be kept for a later study: {error}"));
        }
    }
    Ok(())
}

fn markdown(summary: &SelectSummary) -> String {
    let tables: Vec<String> = select_tables(summary).iter().map(Table::markdown).collect();
    format!("{}\n\n{}", sentences(summary).join("\n\n"), tables.join("\n"))
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
