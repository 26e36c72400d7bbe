//! The way in: a path, a loader and overrides become a [`Scenario`], or all that is wrong with it.

use super::build_choice::choice;
use super::build_objectives::objectives;
use super::build_sweep::build_sweep;
use super::check::check;
use super::check_precision::precision_plan;
use super::diagnostics::{Diagnostics, Report, Source};
use super::draft::{Draft, json_of};
use super::format::ScenarioFile;
use super::loader::Loader;
use super::merge::Reader;
use super::overrides::{OVERRIDES, Override, apply};
use super::reach::check_reach;
use super::resolved::resolved_toml;
use super::schema::json_schema;
use super::select_format::{Worth, effort};
use super::sweep_axis::Sweep;
use super::tables::with_tables;
use super::tree::Node;
use super::variants::{built, futures};
use super::walk::walk;
use crate::model::{Choice, Effort, Future, System, WorthEffort};
use crate::statistics::{ComparisonPlan, Objective, PrecisionPlan};

/// The scenario that `pleiade init` writes: small, commented, complete without imports.
pub const EXAMPLE: &str = include_str!("example.toml");

/// A scenario, read and resolved.
#[derive(Debug, Clone, PartialEq)]
pub struct Scenario {
    /// The system that runs.
    pub system: System,
    /// How its sets are compared.
    pub comparison: ComparisonPlan,
    /// How precise the objectives have to be; `None`: as they are after the replications of the observation.
    pub precision: Option<PrecisionPlan>,
    /// Its title in tables and plots.
    pub title: String,
    /// The whole scenario as one file without imports: loading it gives the same system.
    pub resolved_toml: String,
    /// All files it was read from, and the overrides as `--set`, for the hashes of a run's inputs.
    pub sources: Vec<Source>,
    /// What is wanted of a set, in the scenario's order; the first counts most.
    pub objectives: Vec<Objective>,
    /// By which rules sites are chosen; `None` where the scenario has no such rules.
    pub choice: Option<Choice>,
    /// How much a choice may take.
    pub effort: Effort,
    /// How much the worth of each candidate may take; none where it is not asked.
    pub worth: Option<WorthEffort>,
    /// The futures in which sets are judged; none where only the scenario as it stands is.
    pub futures: Vec<Future>,
    /// What a sweep varies; none where the scenario says nothing of one.
    pub sweep: Option<Sweep>,
    /// All of it as it was written, for the scenario with other values.
    pub(super) tree: Node,
}

/// Loads the scenario at `path` with all it imports, applies `overrides`, checks everything and resolves it.
///
/// ```
/// use pleiade::scenario::{self, MemoryLoader, Override};
/// let files = MemoryLoader::new(&[("example.toml", scenario::EXAMPLE)]);
/// let more = [Override("observation.replications=3".to_owned())];
/// let scenario = scenario::load("example.toml", &files, &more)?;
/// assert_eq!(scenario.system.observation.replications, 3);
/// # Ok::<(), scenario::Diagnostics>(())
/// ```
///
/// # Errors
/// All problems at once, each with file, line and column. Only what hides behind another problem is left out: the
/// keys of a file that is not TOML, and rules on parts that can't be read.
pub fn load(path: &str, loader: &dyn Loader, overrides: &[Override]) -> Result<Scenario, Diagnostics> {
    let mut report = Report::default();
    let content = match loader.read(path) {
        Ok(content) => content,
        Err(error) => return Err(report.unreadable(path, error)),
    };
    let mut tree = Reader::new(loader, &mut report).merged(path, content);
    // Half a file would only give errors about what stands in the other half.
    if report.has_unreadable_file() {
        return Err(report.finish());
    }
    apply(&mut tree, overrides, OVERRIDES, &mut report);
    let Some((file, system)) = built(&tree, &mut report) else { return Err(report.finish()) };
    let futures = futures(&system, &file, &tree, &mut report);
    let effort = effort(&file, &tree, &mut report);
    let sweep = build_sweep(&file, &tree, &system, &mut report);
    if !report.is_empty() {
        return Err(report.finish());
    }
    let objectives = objectives(&file, &system);
    Ok(Scenario {
        precision: precision_plan(&file, &objectives),
        objectives,
        choice: choice(&file, &system),
        effort,
        worth: file.worth.as_ref().map(Worth::effort),
        futures,
        sweep,
        system,
        comparison: file.comparison.plan(),
        title: file.title.clone().unwrap_or_else(|| file.name.clone()),
        resolved_toml: resolved_toml(&tree),
        sources: report.sources,
        tree,
    })
}

/// The file that a tree stands for, if nothing is wrong with it nor with anything before.
pub(super) fn checked(tree: &Node, report: &mut Report) -> Option<ScenarioFile> {
    walk(tree, &json_schema(), report);
    let with_tables = with_tables(tree, report);
    let draft = Draft::new(&with_tables);
    check(tree, &draft, report);
    check_reach(tree, &draft, report);
    if !report.is_empty() {
        return None;
    }
    serde_json::from_value(json_of(&with_tables))
        .map_err(|error| report.rule(tree, "", error.to_string()))
        .ok()
}
