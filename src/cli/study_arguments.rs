//! The options of studies in pieces, and of the engines that make their runs.

use super::arguments::{Format, StudyOptions};
use crate::host::{ChunkSize, shell_word};
use crate::units::Span;
use clap::{Args, Subcommand, ValueEnum};
use std::path::{Path, PathBuf};

/// What to do with a study in pieces.
#[derive(Debug, Subcommand)]
pub enum StudyCommands {
    /// Lay down the runs of a study in chunks.
    Plan(PlanOptions),
    /// Make one chunk, if it is not complete.
    Work(WorkOptions),
    /// Say how far a study is.
    Status(StatusOptions),
    /// Write the results of a study whose chunks are all complete, or list those that are not.
    Merge(MergeOptions),
    /// Make what is missing and write the results.
    Resume(ResumeOptions),
}

/// Options of `study plan`.
#[derive(Debug, Args)]
pub struct PlanOptions {
    /// What all studies have.
    #[command(flatten)]
    pub study: StudyOptions,
    /// The command whose study it is.
    #[arg(long, value_enum, default_value_t)]
    pub command: PlannedCommand,
}

/// The command whose study is laid down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum PlannedCommand {
    /// The first candidate set.
    Run,
    /// All candidate sets.
    #[default]
    Compare,
    /// The choice.
    Select,
    /// The sweep.
    Sweep,
}

/// How long a chunk is.
#[derive(Debug, Clone, Copy, Args)]
pub struct SizeOptions {
    /// Runs in each chunk; without it as many as take the time of `--chunk-time`, by a few that are made first.
    #[arg(long, value_name = "RUNS", value_parser = clap::value_parser!(u32).range(1..), conflicts_with = "chunk_time", help_heading = "Engine")]
    pub chunk_runs: Option<u32>,
    /// About how long a chunk takes, such as "5 min"; without it a minute, with HyperQueue 5 seconds.
    #[arg(long, value_name = "TIME", help_heading = "Engine")]
    pub chunk_time: Option<Span>,
}

impl SizeOptions {
    /// How long a chunk is; about `usual_s` seconds where nothing is said.
    pub fn or(self, usual_s: f64) -> ChunkSize {
        let seconds = self.chunk_time.map_or(usual_s, Span::as_seconds);
        self.chunk_runs.map_or(ChunkSize::Seconds(seconds), ChunkSize::Runs)
    }
}

/// Options of `study work`.
#[derive(Debug, Args)]
pub struct WorkOptions {
    /// The folder of a study that was laid down.
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// The number of the chunk.
    #[arg(long, value_name = "NUMBER")]
    pub chunk: u32,
    /// No remarks on stderr.
    #[arg(long)]
    pub quiet: bool,
}

/// Options of `study status`.
#[derive(Debug, Args)]
pub struct StatusOptions {
    /// The folder of a study.
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// How tables are printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
}

/// Options of `study merge`.
#[derive(Debug, Args)]
pub struct MergeOptions {
    /// The folder of a study.
    #[arg(value_name = "DIR")]
    pub directory: PathBuf,
    /// Threads; 0 takes one a core. Results do not depend on it.
    #[arg(long, default_value_t = 0)]
    pub threads: usize,
    /// How tables are printed.
    #[arg(long, value_enum, default_value_t)]
    pub format: Format,
    /// No progress and no remarks on stderr.
    #[arg(long)]
    pub quiet: bool,
}

/// Options of `study resume`.
#[derive(Debug, Args)]
pub struct ResumeOptions {
    /// What merging has.
    #[command(flatten)]
    pub merge: MergeOptions,
    /// Where the runs are made.
    #[command(flatten)]
    pub engine: EngineOptions,
}

/// Where the runs of a study are made.
#[derive(Debug, Args)]
pub struct EngineOptions {
    /// Where runs are made: on threads of this machine, or in chunks by the queue of a cluster.
    #[arg(long, value_enum, default_value_t, help_heading = "Engine")]
    pub on: EngineName,
    /// How long a chunk is.
    #[command(flatten)]
    pub size: SizeOptions,
    /// The partition of Slurm.
    #[arg(long, value_name = "NAME", help_heading = "Engine")]
    pub partition: Option<String>,
    /// The account of Slurm.
    #[arg(long, value_name = "NAME", help_heading = "Engine")]
    pub account: Option<String>,
    /// Slurm: the time limit of a chunk, as `sbatch --time` takes it. HyperQueue: it takes nodes from Slurm by itself, for so long.
    #[arg(long, value_name = "TIME", help_heading = "Engine")]
    pub time_limit: Option<String>,
    /// The memory of a chunk, with HyperQueue of a node, as `sbatch --mem` takes it.
    #[arg(long, value_name = "SIZE", help_heading = "Engine")]
    pub memory: Option<String>,
    /// So many chunks run at once at most, with HyperQueue so many workers.
    #[arg(long, value_name = "CHUNKS", value_parser = clap::value_parser!(u32).range(1..), help_heading = "Engine")]
    pub at_once: Option<u32>,
    /// Slurm: a job script of your own, in which {work} stands for the command of a chunk.
    #[arg(long, value_name = "FILE", help_heading = "Engine")]
    pub template: Option<PathBuf>,
}

impl EngineOptions {
    /// The options as they are written on a command line, each after a space; nothing on threads of this machine.
    pub fn in_words(&self) -> String {
        let Some(on) = self.on.to_possible_value().filter(|_| self.on != EngineName::Local) else {
            return String::new();
        };
        let options = [
            ("on", Some(on.get_name().to_owned())),
            ("chunk-runs", self.size.chunk_runs.map(|runs| runs.to_string())),
            ("chunk-time", self.size.chunk_time.map(|time| time.to_string())),
            ("partition", self.partition.clone()),
            ("account", self.account.clone()),
            ("time-limit", self.time_limit.clone()),
            ("memory", self.memory.clone()),
            ("at-once", self.at_once.map(|chunks| chunks.to_string())),
            ("template", self.template.as_ref().map(|file| file.display().to_string())),
        ];
        let word = |(name, value): (&str, Option<String>)| {
            Some([" --", name, " ", &shell_word(Path::new(&value?))].concat())
        };
        options.into_iter().filter_map(word).collect()
    }
}

/// Where runs are made.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub enum EngineName {
    /// On threads of this machine.
    #[default]
    Local,
    /// By Slurm.
    Slurm,
    /// By HyperQueue.
    Hyperqueue,
}
