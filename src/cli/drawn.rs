//! All that is drawn from results that lie in a folder: tables, plots, the page.
//!
//! The commands that make results and `pleiade report` draw here, both from the files as they are written: the same files
//! give the same bytes.

use super::failure::Failure;
use crate::host::{ResultFolder, Threads};
use crate::report::choosing::{futures_figures, futures_tables, select_figures, select_tables, sentences};
use crate::report::html::{About, Study, page};
use crate::report::sweep::{sweep_csv, sweep_figures, sweep_markdown};
use crate::report::{self, Figure, Table};
use crate::study::select::SelectSummary;
use crate::study::sweep::SweepSummary;
use crate::study::{FuturesSummary, Gantt, Launcher, StudySummary};
use serde::de::DeserializeOwned;
use serde_json::Value;

/// The results of `run` and `compare`.
pub(super) const STUDY: &str = "summary.json";
/// Every number of every run of theirs.
pub(super) const RUNS: &str = "runs.parquet";
/// Those of their sets in futures.
pub(super) const FUTURES: &str = "futures.json";
/// Who held what on a partition of it.
pub(super) const GANTT: &str = "gantt.json";
/// The results of `select`.
pub(super) const SELECT: &str = "select/select.json";
/// The results of `sweep`.
pub(super) const SWEEP: &str = "sweep/sweep.json";
/// The values of every run of it.
pub(super) const SWEEP_RUNS: &str = "sweep/runs.parquet";

/// Draws tables and plots of the study in a folder. Whether there is one.
pub(super) fn draw_study(folder: &ResultFolder, threads: &Threads) -> Result<bool, Failure> {
    let Some(summary) = stored::<StudySummary>(folder, STUDY)? else { return Ok(false) };
    let futures = stored::<FuturesSummary>(folder, FUTURES)?;
    write(folder, "tables.md", tables_markdown(&summary, futures.as_ref()).as_bytes())?;
    write(folder, "summary.csv", report::summary_csv(&summary).as_bytes())?;
    write(folder, "comparisons.csv", report::comparisons_csv(&summary).as_bytes())?;
    let mut figures = report::figures(&summary);
    figures.extend(futures.iter().flat_map(|futures| futures_figures(&summary, futures)));
    let gantt = stored::<Gantt>(folder, GANTT)?;
    figures.extend(gantt.map(|one| Figure { name: "gantt".to_owned(), drawing: report::gantt(&one) }));
    write_plots(folder, "plots", &figures, threads)?;
    Ok(true)
}

/// Draws the page of all that lies in a folder.
pub(super) fn draw_page(folder: &ResultFolder) -> Result<(), Failure> {
    let sets = stored::<StudySummary>(folder, STUDY)?;
    let futures = stored::<FuturesSummary>(folder, FUTURES)?;
    let select = stored::<SelectSummary>(folder, SELECT)?;
    let sweep = stored::<SweepSummary>(folder, SWEEP)?;
    let [of_sets, of_select, of_sweep] = [STUDY, SELECT, SWEEP].map(|results| about(folder, results));
    let (of_sets, of_select, of_sweep) = (of_sets?, of_select?, of_sweep?);
    let study = Study {
        sets: sets.as_ref().map(|found| (found, &of_sets)),
        futures: futures.as_ref(),
        select: select.as_ref().map(|found| (found, &of_select)),
        sweep: sweep.as_ref().map(|found| (found, &of_sweep)),
    };
    write(folder, "report.html", page(study).as_bytes())
}

/// Draws tables and plots of the choice in a folder. Whether there is one.
pub(super) fn draw_select(folder: &ResultFolder, threads: &Threads) -> Result<bool, Failure> {
    let Some(summary) = stored::<SelectSummary>(folder, SELECT)? else { return Ok(false) };
    let tables: Vec<String> = select_tables(&summary).iter().map(Table::markdown).collect();
    let text = format!("{}\n\n{}", sentences(&summary).join("\n\n"), tables.join("\n"));
    write(folder, "select/tables.md", text.as_bytes())?;
    write_plots(folder, "select/plots", &select_figures(&summary), threads)?;
    Ok(true)
}

/// Draws tables and plots of the sweep in a folder. Whether there is one.
pub(super) fn draw_sweep(folder: &ResultFolder, threads: &Threads) -> Result<bool, Failure> {
    let Some(summary) = stored::<SweepSummary>(folder, SWEEP)? else { return Ok(false) };
    write(folder, "sweep/sweep.csv", sweep_csv(&summary).as_bytes())?;
    write(folder, "sweep/tables.md", sweep_markdown(&summary).as_bytes())?;
    write_plots(folder, "sweep/plots", &sweep_figures(&summary), threads)?;
    Ok(true)
}

/// Writes a file into a folder.
pub(super) fn write(folder: &ResultFolder, name: &str, content: &[u8]) -> Result<(), Failure> {
    folder.write(name, content).map_err(Failure::output(&folder.path().join(name)))
}

/// All tables of a study, those of its futures first.
fn tables_markdown(summary: &StudySummary, futures: Option<&FuturesSummary>) -> String {
    let of_futures = futures.iter().flat_map(|futures| futures_tables(futures, summary.replications));
    let mut text: String = of_futures.map(|table| table.markdown() + "\n").collect();
    text += &report::all_tables_markdown(summary);
    text
}

/// Paints all figures in parallel into a subfolder, in which those of an earlier study stay no longer.
fn write_plots(
    folder: &ResultFolder,
    subfolder: &str,
    figures: &[Figure],
    threads: &Threads,
) -> Result<(), Failure> {
    folder.clear(subfolder, &["svg", "png"]).map_err(Failure::output(&folder.path().join(subfolder)))?;
    let painted = threads.launch(figures.len(), |index| (figures[index].svg(), figures[index].png()));
    for (figure, (svg, png)) in figures.iter().zip(painted) {
        write(folder, &format!("{subfolder}/{}.svg", figure.name), svg.as_bytes())?;
        write(folder, &format!("{subfolder}/{}.png", figure.name), &png)?;
    }
    Ok(())
}

/// The content of a file of results; `None` where there is no such file.
fn stored<T: DeserializeOwned>(folder: &ResultFolder, name: &str) -> Result<Option<T>, Failure> {
    let path = folder.path().join(name);
    let content = folder.read(name).map_err(|error| Failure::Input { path: path.clone(), error })?;
    let Some(content) = content else { return Ok(None) };
    let wrong = |error: serde_json::Error| Failure::Stored { path, error, version: version(folder, name) };
    serde_json::from_slice(&content).map(Some).map_err(wrong)
}

/// Which version wrote a file of results, by the manifest beside it.
fn version(folder: &ResultFolder, name: &str) -> Option<String> {
    let content = folder.read(&manifest_beside(name)).ok().flatten()?;
    let manifest: Value = serde_json::from_slice(&content).ok()?;
    manifest["pleiade"].as_str().map(str::to_owned)
}

/// The name of the manifest in the folder of a file of results.
fn manifest_beside(results: &str) -> String {
    let beside = results.rfind('/').map_or("", |end| &results[..=end]);
    format!("{beside}manifest.json")
}

/// What the manifest beside a file of results says of them.
fn about(folder: &ResultFolder, results: &str) -> Result<About, Failure> {
    let manifest = stored::<Value>(folder, &manifest_beside(results))?.unwrap_or(Value::Null);
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let inputs = manifest["inputs"].as_array().map_or(&[][..], Vec::as_slice);
    Ok(About {
        title: text(&manifest["title"]),
        version: text(&manifest["pleiade"]),
        resolved_sha256: text(&manifest["resolved_sha256"]),
        inputs: inputs.iter().map(|input| (text(&input["name"]), text(&input["sha256"]))).collect(),
    })
}
