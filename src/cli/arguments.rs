//! The commands and their options.

use super::study_arguments::{EngineOptions, StudyCommands};
use crate::scenario::scheduler_names;
use crate::units::Date;
use clap::builder::{PossibleValue, StringValueParser, TypedValueParser};
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::ffi::OsStr;
use std::path::PathBuf;

/// Simulates the interconnected network of European AI factories and compares candidate sets of them.
#[derive(Debug, Parser)]
#[command(name = "pleiade", version, max_term_width = 100)]
pub struct Arguments {
    /// What to do.
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a small commented scenario and say what to run next.
    Init(InitOptions),
    /// Validate scenarios, print the resolved system and its offered load, warn before a run that can't settle.
    Check(CheckOptions),
    /// Run the replications of one candidate set: summary on the terminal, results and plots in a folder.
    Run(RunOptions),
    /// Compare the candidate sets of a scenario, side by side, with paired intervals.
    Compare(CompareOptions),
    /// Choose the best set of sites under the rules of a scenario, and say what is promised of it.
    Select(SelectOptions),
    /// Run the candidate sets of a scenario over axes of parameters: curves, sensitivities, where each set breaks.
    Sweep(SweepOptions),
    /// Replay a recorded workload (SWF, plain or gzip) on one machine.
    Replay(ReplayOptions),
    /// Make a study in pieces: lay it down, work on its chunks anywhere, go on with it, bring it together.
    Study {
        /// What to do with it.
        #[command(subcommand)]
        command: StudyCommands,
    },
    /// Draw tables, plots and the page again from stored results.
    Report(ReportOptions),
    /// Run the built-in cases with known answers: exact, simulated, interval, verdict.
    Validate(ValidateOptions),
    /// Print the scenario language: as JSON Schema for editors, or as a page for readers.
    Schema {
        /// How it is printed.
        #[arg(long, value_enum, default_value_t)]
        format: SchemaFormat,
    },
    /// Print shell completions.
    Completions {
        /// The shell.
        shell: clap_complete::Shell,
    },
    /// Print the manual page, or write one page a command into a folder.
    Man {
        /// Where to write the pages; without it, the main page goes to standard output.
        directory: Option<PathBuf>,
    },
}

/// How the scenario language is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum SchemaFormat {
    /// JSON Schema.
    #[default]
    Json,
    /// Every key in tables.
    Markdown,
}

/// Options of `init`.
#[derive(Debug, Args)]
pub struct InitOptions {
    /// The folder to write into; made if it is not there.
    #[arg(default_value = ".")]
    pub directory: PathBuf,
}

/// Options of `check`.
#[derive(Debug, Args)]
pub struct CheckOptions {
    /// Scenario files.
    #[arg(required = true)]
    pub files: Vec<PathBuf>,
    /// Overrides a value: path.to.key=value, ids name the items of lists (site.lumi.uplink="100 Gbit/s").
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub overrides: Vec<String>,
    /// How tables are printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Options common to everything that runs replications of a scenario.
#[derive(Debug, Args)]
pub struct StudyOptions {
    /// The scenario file.
    pub file: PathBuf,
    /// Overrides a value: path.to.key=value, ids name the items of lists (site.lumi.uplink="100 Gbit/s").
    #[arg(long = "set", value_name = "PATH=VALUE")]
    pub overrides: Vec<String>,
    /// The master seed, instead of the scenario's.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Replications of each set, instead of the scenario's.
    #[arg(long)]
    pub replications: Option<u32>,
    /// Threads; 0 takes one a core. Results do not depend on it.
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    /// The folder below which results are written, in a folder of the scenario's name.
    #[arg(long, value_name = "DIR", default_value = "output")]
    pub output: PathBuf,
    /// Makes every run anew, those too that an earlier study left finished.
    #[arg(long)]
    pub fresh: bool,
    /// How tables are printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// No progress and no remarks on stderr.
    #[arg(long)]
    pub quiet: bool,
    /// Where the runs are made.
    #[command(flatten)]
    pub engine: EngineOptions,
}

/// Options of `run`.
#[derive(Debug, Args)]
pub struct RunOptions {
    /// What all studies have.
    #[command(flatten)]
    pub study: StudyOptions,
    /// The candidate set to run, by id; without it the first one.
    #[arg(long, value_name = "ID")]
    pub candidates: Option<String>,
    /// Also draws who held what on the nodes of a partition, in the first replication.
    #[arg(long, value_name = "SITE/PARTITION")]
    pub gantt: Option<String>,
    /// The first day of that; the first one after the warm-up on which the partition is open, without it.
    #[arg(long, value_name = "DATE", requires = "gantt")]
    pub gantt_from: Option<Date>,
    /// How many days of it.
    #[arg(long, value_name = "DAYS", requires = "gantt", default_value_t = 7, value_parser = clap::value_parser!(u32).range(1..=31))]
    pub gantt_days: u32,
}

/// Options of `compare`.
#[derive(Debug, Args)]
pub struct CompareOptions {
    /// What all studies have.
    #[command(flatten)]
    pub study: StudyOptions,
}

/// Options of `select`.
#[derive(Debug, Args)]
pub struct SelectOptions {
    /// What all studies have.
    #[command(flatten)]
    pub study: StudyOptions,
}

/// Options of `sweep`.
#[derive(Debug, Args)]
pub struct SweepOptions {
    /// What all studies have.
    #[command(flatten)]
    pub study: StudyOptions,
}

/// Options of `replay`.
#[derive(Debug, Args)]
pub struct ReplayOptions {
    /// The trace, in the Standard Workload Format, plain or compressed by gzip.
    pub trace: PathBuf,
    /// Processors of the machine.
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..=1_000_000_000))]
    pub nodes: u32,
    /// How the queue is served: a name (an order by itself is without backfilling), or a table as a scenario's
    /// `scheduler` takes it, such as '{ order = "sjf", backfill = "easy" }'.
    #[arg(long, default_value = "easy", value_parser = PolicyText)]
    pub policy: String,
    /// What the scheduler is told of durations: the users' requests or the true run times.
    #[arg(long, value_enum, default_value_t)]
    pub estimates: EstimatesName,
    /// The order of events at one instant.
    #[arg(long, value_enum, default_value_t)]
    pub event_order: EventOrderName,
    /// Writes job, submit, start and end of every job, in seconds, as CSV.
    #[arg(long, value_name = "FILE")]
    pub schedule: Option<PathBuf>,
    /// How tables are printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Options of `report`.
#[derive(Debug, Args)]
pub struct ReportOptions {
    /// The folder of a study, such as output/example.
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// Threads; 0 takes one a core. Results do not depend on it.
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    /// No remarks on stderr.
    #[arg(long)]
    pub quiet: bool,
}

/// Options of `validate`.
#[derive(Debug, Args)]
pub struct ValidateOptions {
    /// Ten times as many customers a case.
    #[arg(long)]
    pub full: bool,
    /// Threads; 0 takes one a core. Results do not depend on it.
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    /// How tables are printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// How tables are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum Format {
    /// Tables that fit the terminal.
    #[default]
    Text,
    /// JSON.
    Json,
    /// Comma-separated values.
    Csv,
    /// Markdown.
    Markdown,
}

/// Takes any text for a policy, so that `scenario` judges it; help and completions show the names.
#[derive(Debug, Clone, Copy)]
struct PolicyText;

impl TypedValueParser for PolicyText {
    type Value = String;

    fn parse_ref(
        &self,
        command: &clap::Command,
        argument: Option<&clap::Arg>,
        value: &OsStr,
    ) -> Result<String, clap::Error> {
        StringValueParser::new().parse_ref(command, argument, value)
    }

    fn possible_values(&self) -> Option<Box<dyn Iterator<Item = PossibleValue> + '_>> {
        let named = |(name, meaning): (String, String)| {
            PossibleValue::new(name).help(meaning.trim_end_matches('.').to_owned())
        };
        Some(Box::new(scheduler_names().into_iter().map(named)))
    }
}

/// What the scheduler is told of durations.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum EstimatesName {
    /// The users' requested times.
    #[default]
    Requested,
    /// The true run times.
    Exact,
}

/// The order of events at one instant.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum EventOrderName {
    /// Completions, then arrivals, then one scheduling pass.
    #[default]
    EndsFirst,
    /// Submissions, then completions, one by one, a pass after each: the order of the published schedules.
    SubmissionsFirst,
}
