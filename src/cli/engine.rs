//! `--on`: the engine that makes the runs of a study.

use super::arguments::StudyOptions;
use super::conduct::{Conduct, On};
use super::failure::Failure;
use super::session::directory_of;
use super::study_arguments::{EngineName, EngineOptions};
use crate::host::{Cluster, HyperQueue, Queue, QueueOptions, Slurm, this_program};
use crate::scenario::Scenario;
use crate::study::StudyCommand;
use std::path::{Path, PathBuf};

/// An element of an array takes Slurm a second to start: little beside a minute.
const SLURM_CHUNK_S: f64 = 60.0;
/// A task takes HyperQueue a millisecond.
const HYPERQUEUE_CHUNK_S: f64 = 5.0;

/// Does `then` with the study of a command conducted as its options say.
pub(super) fn conducted(
    scenario: &Scenario,
    command: &StudyCommand,
    options: &StudyOptions,
    then: impl FnOnce(&Conduct<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let here = Conduct::here(scenario, options);
    let directory = directory_of(&here.folder, command);
    with_engine(&options.engine, &directory, |on| then(&Conduct { on, ..here }))
}

/// Does `then` with the engine that the options name, for the study in `directory`.
pub(super) fn with_engine(
    options: &EngineOptions,
    directory: &Path,
    then: impl FnOnce(On<'_>) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let again = options.in_words();
    match options.on {
        EngineName::Local => then(On::Here),
        EngineName::Slurm => {
            let queue =
                Slurm::new(queue_options(options)?).map_err(|halt| Failure::Option(halt.to_string()))?;
            let carrier = cluster(queue, directory)?;
            let size = options.size.or(SLURM_CHUNK_S);
            then(On::Elsewhere { carrier: &carrier, name: "Slurm", size, options: &again })
        }
        EngineName::Hyperqueue => {
            let queue = HyperQueue::new(&queue_options(options)?)
                .map_err(|halt| Failure::Option(halt.to_string()))?;
            let carrier = cluster(queue, directory)?;
            let size = options.size.or(HYPERQUEUE_CHUNK_S);
            then(On::Elsewhere { carrier: &carrier, name: "HyperQueue", size, options: &again })
        }
    }
}

fn cluster<Q: Queue>(queue: Q, directory: &Path) -> Result<Cluster<Q>, Failure> {
    let wrong = |path: PathBuf| move |error| Failure::Input { path, error };
    let program = this_program().map_err(wrong(PathBuf::from("this program")))?;
    let directory = std::path::absolute(directory).map_err(wrong(directory.to_owned()))?;
    Ok(Cluster { queue, program, directory })
}

fn queue_options(options: &EngineOptions) -> Result<QueueOptions, Failure> {
    let read = |path: &PathBuf| {
        std::fs::read_to_string(path).map_err(|error| Failure::Input { path: path.clone(), error })
    };
    Ok(QueueOptions {
        partition: options.partition.clone(),
        account: options.account.clone(),
        time_limit: options.time_limit.clone(),
        memory: options.memory.clone(),
        at_once: options.at_once,
        template: options.template.as_ref().map(read).transpose()?,
    })
}
