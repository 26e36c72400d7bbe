//! Chunks carried out by the queue of a cluster.
//!
//! What counts as done is what lies in the results; the queue is only asked whether it still has something of this study.
//! So a lost node, a killed task or a queue that is down for a while costs time and no run.

mod hyperqueue;
mod slurm;

pub use hyperqueue::HyperQueue;
pub use slurm::Slurm;

use super::elsewhere::{Carrier, Unmade, unwritable};
use super::shell::shell_word;
use super::watch::Stopwatch;
use crate::study::{Halt, ranges_in_words};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};
use std::time::Duration;

/// A chunk that ended so often without a result is not handed in again.
const ATTEMPTS: u32 = 3;
/// The queue has nothing left when it says so twice in a row: what was just handed in may not be listed yet.
const EMPTY_TWICE: u32 = 2;
/// So long between two questions to the queue, in ms: the first and the last ones; each pause is half as long again as the one before.
const ASKS_MS: (u64, u64) = (250, 10_000);

/// After so many s the results are looked at again, and after so many times of what the last look took.
const LOOK_S: f64 = 1.0;
const LOOK_SHARE: f64 = 20.0;

/// A queue of a cluster.
pub trait Queue: Sync {
    /// What it is called.
    fn name(&self) -> &'static str;

    /// Hands in chunks by their numbers.
    ///
    /// # Errors
    /// When it takes none of them.
    fn submit(&self, task: &Task<'_>, chunks: &[u32]) -> Result<Taken, Halt>;

    /// How many tasks of this study it has, waiting or running; `None` where it does not answer.
    fn tasks(&self, task: &Task<'_>) -> Option<usize>;

    /// How many tasks of this study it should have at once, so that it has room for those of others.
    fn most_tasks(&self) -> usize;

    /// Whether more is handed in only when what was handed in before has ended.
    fn is_one_at_a_time(&self) -> bool {
        false
    }

    /// Takes back what it still has of some jobs: all is made.
    fn cancel(&self, jobs: &[String]);

    /// How many chunks it can have in hand at once, where it knows.
    fn slots(&self) -> usize;
}

/// What a queue took.
#[derive(Debug, Default)]
pub struct Taken {
    /// So many of the first chunks.
    pub chunks: usize,
    /// The jobs that they make, by the queue's own names.
    pub jobs: Vec<String>,
}

/// What is asked of a queue.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct QueueOptions {
    /// The partition; without it Slurm's own choice.
    pub partition: Option<String>,
    /// The account.
    pub account: Option<String>,
    /// The time limit of a chunk, as `sbatch --time` takes it; with HyperQueue that of the nodes it takes from Slurm.
    pub time_limit: Option<String>,
    /// The memory of a chunk, or of those nodes, as `sbatch --mem` takes it.
    pub memory: Option<String>,
    /// So many chunks run at once at most, or on so many nodes.
    pub at_once: Option<u32>,
    /// A script with `{work}` where the work is to be done.
    pub template: Option<String>,
}

impl QueueOptions {
    /// What `sbatch` is told of partition, account and memory.
    fn of_sbatch(&self) -> impl Iterator<Item = String> {
        let all = [("partition", &self.partition), ("account", &self.account), ("mem", &self.memory)];
        all.into_iter().filter_map(|(name, value)| Some(format!("--{name}={}", value.as_ref()?)))
    }
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
        // Whatever way leads there.
        let place = std::fs::canonicalize(&directory).map_err(|error| unwritable(unmade.folder, &error))?;
        let task = Task { label: label(&place), program, directory, files: &files };
        let mut handed = Handed { most: self.queue.most_tasks(), ..Handed::default() };
        let mut has_answered = false;
        let mut pause = ASKS_MS.0;
        let mut empty = 0;
        loop {
            let left = unmade.left()?;
            (unmade.on_progress)(unmade.runs_left());
            let tasks = self.queue.tasks(&task);
            if left.is_empty() {
                // A queue may have given a task out twice. What somebody else handed in is left to him.
                if tasks.is_some_and(|tasks| tasks > 0) && !handed.jobs.is_empty() {
                    self.queue.cancel(&handed.jobs);
                }
                return Ok(());
            }
            if unmade.interrupt.is_asked() {
                let is_left = !handed.attempts.is_empty() || !handed.in_queue.is_empty();
                return Err(if is_left { Halt::Detached } else { Halt::Stopped });
            }
            match tasks {
                Some(tasks) if !has_answered => {
                    has_answered = true;
                    // Somebody may have handed some in and gone away: then all are taken for those, until the queue has none left.
                    if tasks > 0 {
                        handed.in_queue.extend(&left);
                    } else {
                        forget_failed(unmade)?;
                    }
                }
                Some(0) => empty += 1,
                Some(_) => empty = 0,
                // It is down. What runs goes on, and it will answer again.
                None => {}
            }
            if empty >= EMPTY_TWICE && !handed.in_queue.is_empty() {
                handed.in_queue.clear();
                unmade.look_for(&left);
                continue;
            }
            let again = handed.may_be_handed_in(&left, unmade);
            if has_answered && again.is_empty() && handed.in_queue.is_empty() {
                return Err(failed(unmade, &left, &files));
            }
            let has_room = |tasks: &usize| handed.has_room(*tasks, self.queue.is_one_at_a_time());
            if let Some(tasks) = tasks.filter(has_room).filter(|_| !again.is_empty()) {
                self.hand_in(&task, &again, tasks, &mut handed)?;
                (pause, empty) = (ASKS_MS.0, 0);
            }
            rest(pause, unmade)?;
            pause = (pause + pause / 2).min(ASKS_MS.1);
        }
    }

    fn slots(&self) -> usize {
        self.queue.slots()
    }
}

/// What was handed in.
#[derive(Default)]
struct Handed {
    /// So many tasks of the study may be in the queue.
    most: usize,
    /// Chunks that the queue has, or had and ended.
    in_queue: BTreeSet<u32>,
    /// How often each chunk was handed in.
    attempts: BTreeMap<u32, u32>,
    /// The jobs of this program.
    jobs: Vec<String>,
    /// How often in a row the queue took not one task though it had none.
    refused: u32,
}

impl Handed {
    /// Those of the chunks that are left which the queue does not have, have not failed in words and not too often in silence.
    fn may_be_handed_in(&self, left: &[u32], unmade: &Unmade<'_>) -> Vec<u32> {
        let may = |chunk: &u32| {
            !self.in_queue.contains(chunk)
                && self.attempts.get(chunk).is_none_or(|attempts| *attempts < ATTEMPTS)
                && unmade.folder.failed(*chunk).is_none()
        };
        left.iter().copied().filter(may).collect()
    }

    /// Whether the queue has room for a good many, by how many tasks it has.
    fn has_room(&self, tasks: usize, is_one_at_a_time: bool) -> bool {
        self.in_queue.is_empty() || (!is_one_at_a_time && 2 * tasks <= self.most)
    }
}

impl<Q: Queue> Cluster<Q> {
    /// Hands in as many of the chunks as the queue takes beside the `tasks` that it has. One that refuses many is asked for
    /// half as many, since other users and rules of the cluster may leave less room than it says; one that takes them, for a
    /// quarter more the next time.
    fn hand_in(
        &self,
        task: &Task<'_>,
        chunks: &[u32],
        tasks: usize,
        handed: &mut Handed,
    ) -> Result<(), Halt> {
        loop {
            let now = &chunks[..chunks.len().min(handed.most.saturating_sub(tasks).max(1))];
            match self.queue.submit(task, now) {
                Ok(taken) => {
                    let now = &now[..taken.chunks];
                    handed.jobs.extend(taken.jobs);
                    handed.refused = 0;
                    handed.most = (handed.most + handed.most.div_ceil(4)).min(self.queue.most_tasks());
                    handed.in_queue.extend(now);
                    for chunk in now {
                        *handed.attempts.entry(*chunk).or_default() += 1;
                    }
                    return Ok(());
                }
                // It has just gone down.
                Err(_) if self.queue.tasks(task).is_none() => return Ok(()),
                Err(_) if now.len() > 1 => handed.most = tasks + now.len() / 2,
                // It is full of what others have, or of this study.
                Err(_) if tasks > 0 => return Ok(()),
                // Or it was down for a moment.
                Err(_) if handed.refused + 1 < ATTEMPTS => {
                    handed.refused += 1;
                    return Ok(());
                }
                Err(halt) => return Err(halt),
            }
        }
    }
}

/// Does nothing for so many ms, unless all is made before that or somebody wants to go away. The results are looked at
/// more often than the queue is asked, which has others to serve.
fn rest(pause: u64, unmade: &Unmade<'_>) -> Result<(), Halt> {
    let mut since = Stopwatch::start();
    let mut next_s = LOOK_S;
    for _ in 0..pause.div_ceil(ASKS_MS.0) {
        if unmade.interrupt.is_asked() {
            return Ok(());
        }
        std::thread::sleep(Duration::from_millis(ASKS_MS.0));
        if since.elapsed_s() > next_s {
            since = Stopwatch::start();
            if unmade.left()?.is_empty() {
                return Ok(());
            }
            next_s = LOOK_S + LOOK_SHARE * since.elapsed_s();
        }
    }
    Ok(())
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

/// The label of the study in a folder, without links and detours: the same for all goes, another one for another folder.
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
