//! Chunks carried out by the queue of a cluster.
//!
//! What counts as done is what lies in the results; the queue is only asked whether it still has something of this study.
//! So a lost node, a killed task or a queue that is down for a while costs time and no run.

mod hyperqueue;
mod slurm;

pub use hyperqueue::HyperQueue;
pub use slurm::{Slurm, SlurmOptions};

use super::elsewhere::{Carrier, Unmade, unwritable};
use super::shell::shell_word;
use crate::study::{Halt, ranges_in_words};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// A chunk that ended so often without a result is not handed in again.
const ATTEMPTS: u32 = 3;
/// The queue has nothing left when it says so twice in a row: what was just handed in may not be listed yet.
const EMPTY_TWICE: u32 = 2;
/// So long between two looks, in ms: the first and the last one; each look is half as far again from the last.
const LOOKS_MS: (u64, u64) = (250, 10_000);

/// A queue of a cluster.
pub trait Queue: Sync {
    /// What it is called.
    fn name(&self) -> &'static str;

    /// Hands in chunks by their numbers.
    ///
    /// # Errors
    /// When it does not take them.
    fn submit(&self, task: &Task<'_>, chunks: &[u32]) -> Result<(), Halt>;

    /// Whether it has something of this study, waiting or running; `None` where it does not answer.
    fn has_tasks(&self, task: &Task<'_>) -> Option<bool>;

    /// Takes back what it still has of this study: all is made.
    fn clear(&self, task: &Task<'_>);

    /// How many chunks it can have in hand at once, where it knows.
    fn slots(&self) -> usize;

    /// The option by which this queue is named on the command line.
    fn option(&self) -> String;
}

/// What a worker of a cluster calls to make a chunk.
pub struct Task<'a> {
    /// The program.
    pub program: PathBuf,
    /// The folder of the study.
    pub directory: PathBuf,
    /// By which the queue knows the tasks of this study.
    pub label: String,
    /// Where the queue's own files go.
    pub files: &'a Path,
}

impl Task<'_> {
    /// A line of a shell script that makes the chunk whose number is the value of `number`, an expression of the shell.
    fn line(&self, number: &str) -> String {
        let (program, directory) = (shell_word(&self.program), shell_word(&self.directory));
        format!("exec {program} study work {directory} --quiet --chunk \"$(({number}))\"")
    }
}

/// Carries chunks out by a queue.
pub struct Cluster<Q> {
    /// The queue.
    pub queue: Q,
    /// This program.
    pub program: PathBuf,
    /// The folder of the study, absolute.
    pub directory: PathBuf,
}

impl<Q: Queue> Carrier for Cluster<Q> {
    fn carry(&self, unmade: &Unmade<'_>) -> Result<(), Halt> {
        let files = unmade.folder.path().join(self.queue.name());
        std::fs::create_dir_all(&files).map_err(|error| unwritable(unmade.folder, &error))?;
        let files = std::path::absolute(&files).map_err(|error| unwritable(unmade.folder, &error))?;
        let (program, directory) = (self.program.clone(), self.directory.clone());
        let task = Task { label: label(&directory), program, directory, files: &files };
        let mut attempts: BTreeMap<u32, u32> = BTreeMap::new();
        // Somebody may have handed them in and gone away.
        if self.queue.has_tasks(&task) == Some(true) {
            self.wait(&task, unmade)?;
        } else {
            forget_failed(unmade)?;
        }
        loop {
            let left = unmade.left()?;
            let again: Vec<u32> = left
                .iter()
                .copied()
                .filter(|chunk| {
                    unmade.folder.failed(*chunk).is_none()
                        && attempts.get(chunk).is_none_or(|attempts| *attempts < ATTEMPTS)
                })
                .collect();
            if again.is_empty() {
                if !left.is_empty() {
                    return Err(failed(unmade, &left, &files));
                }
                // A queue may have given a task out twice.
                if self.queue.has_tasks(&task) == Some(true) {
                    self.queue.clear(&task);
                }
                return Ok(());
            }
            self.queue.submit(&task, &again)?;
            for chunk in again {
                *attempts.entry(chunk).or_default() += 1;
            }
            self.wait(&task, unmade)?;
        }
    }

    fn slots(&self) -> usize {
        self.queue.slots()
    }
}

impl<Q: Queue> Cluster<Q> {
    /// Waits until all is made or the queue has nothing left of it.
    fn wait(&self, task: &Task<'_>, unmade: &Unmade<'_>) -> Result<(), Halt> {
        let mut pause = LOOKS_MS.0;
        let mut empty = 0;
        loop {
            let left = unmade.left()?;
            (unmade.on_progress)(unmade.runs_left());
            if left.is_empty() {
                return Ok(());
            }
            match self.queue.has_tasks(task) {
                Some(false) => empty += 1,
                Some(true) => empty = 0,
                // It is down. What runs goes on, and it will answer again.
                None => {}
            }
            if empty >= EMPTY_TWICE {
                return Ok(());
            }
            for _ in 0..pause.div_ceil(LOOKS_MS.0) {
                if unmade.interrupt.is_asked() {
                    return Err(Halt::Detached { on: self.queue.option() });
                }
                std::thread::sleep(Duration::from_millis(LOOKS_MS.0));
            }
            pause = (pause + pause / 2).min(LOOKS_MS.1);
        }
    }
}

/// What became of the chunks that are left.
fn failed(unmade: &Unmade<'_>, left: &[u32], files: &Path) -> Halt {
    let (noted, silent): (Vec<u32>, Vec<u32>) =
        left.iter().partition(|chunk| unmade.folder.failed(**chunk).is_some());
    let mut failed: Vec<String> = noted
        .iter()
        .flat_map(|chunk| {
            let runs = unmade.folder.failed(*chunk).unwrap_or_default();
            runs.into_iter().map(move |run| format!("chunk {chunk}: {run}"))
        })
        .collect();
    if !silent.is_empty() {
        failed.push(format!(
                "chunks {}: ended {ATTEMPTS} times without a result or a word (killed, out of memory, out of time?); see {}",
                ranges_in_words(&silent),
                files.display()
            ));
    }
    Halt::Failed(failed)
}

/// Chunks that failed in an earlier go are tried again.
fn forget_failed(unmade: &Unmade<'_>) -> Result<(), Halt> {
    for (chunk, _) in &unmade.by_chunk {
        unmade.folder.forget_failed(*chunk).map_err(|error| unwritable(unmade.folder, &error))?;
    }
    Ok(())
}

/// The label of the study in a folder: the same for all goes, another one for another folder.
fn label(directory: &Path) -> String {
    use sha2::{Digest as _, Sha256};
    let digest = Sha256::digest(directory.as_os_str().as_encoded_bytes());
    format!("pleiade-{}", crate::study::hexadecimal(&digest[..6]))
}

/// What a command of a queue says, without a shell in between.
///
/// # Errors
/// When it can't be started.
fn said(program: &str, arguments: &[String]) -> Result<Output, Halt> {
    let output = Command::new(program).args(arguments).stdin(Stdio::null()).output();
    output.map_err(|error| Halt::Engine(format!("failed to start {program}: {error}")))
}

/// The same where it has to succeed: its standard output.
///
/// # Errors
/// When it fails, with what it says.
fn done(program: &str, arguments: &[String]) -> Result<String, Halt> {
    let output = said(program, arguments)?;
    if output.status.success() {
        return Ok(String::from_utf8_lossy(&output.stdout).into_owned());
    }
    let error = String::from_utf8_lossy(&output.stderr);
    Err(Halt::Engine(format!("{program} refused ({}): {}", output.status, error.trim())))
}
