//! HyperQueue: chunks as tasks of jobs, for very many short ones.

use super::{Queue, QueueOptions, Taken, Task, done, said};
use crate::host::whole::write_whole;
use crate::study::{Halt, ranges_in_words};

/// The queue of a HyperQueue server, found as its own command finds it.
#[derive(Debug)]
pub struct HyperQueue;

impl HyperQueue {
    /// The queue of the server that runs. Where a time limit is given, the server takes nodes from Slurm by itself, as many as
    /// there is work for, unless it does so already.
    ///
    /// # Errors
    /// When there is no `hq` on the path, no server, or it takes no nodes; where options say nothing to it.
    pub fn new(options: &QueueOptions) -> Result<Self, Halt> {
        let wrong = |text: &str| Err(Halt::Engine(text.to_owned()));
        if options.template.is_some() {
            return wrong("--template is a job script of Slurm: HyperQueue starts chunks without one");
        }
        if options.time_limit.is_none() && *options != QueueOptions::default() {
            return wrong(
                "--partition, --account, --memory and --at-once are about nodes that HyperQueue takes from Slurm by \
                 itself: for that, --time-limit says for how long",
            );
        }
        let said = done("hq", &["--version".to_owned()])?;
        let version = said.split_whitespace().find_map(|word| version(word.trim_start_matches('v')));
        // The commands below are those of this version; nobody has looked at earlier ones.
        if version.is_none_or(|version| version < (0, 26)) {
            return Err(Halt::Engine(format!("hq 0.26 or later is needed, this is: {}", said.trim())));
        }
        done("hq", &["server", "info"].map(str::to_owned))
            .map_err(|halt| Halt::Engine(format!("{halt}\n{START}")))?;
        if let Some(time_limit) = &options.time_limit {
            let listed = done("hq", &["alloc", "list", "--output-mode", "json"].map(str::to_owned))?;
            let known: Vec<serde_json::Value> = serde_json::from_str(&listed)
                .map_err(|error| Halt::Engine(format!("hq alloc list says no list in JSON: {error}")))?;
            if known.is_empty() {
                done("hq", &allocation(options, time_limit))?;
            }
        }
        Ok(Self)
    }
}

/// What to do where no server runs.
const START: &str = "start one that survives its end with: hq server start --journal FILE --journal-flush-period 1s; it needs \
                     workers: hq worker start on each node, or nodes that it takes from Slurm by itself with --time-limit TIME";

/// The arguments by which the server takes nodes from Slurm by itself.
fn allocation(options: &QueueOptions, time_limit: &str) -> Vec<String> {
    let mut arguments =
        ["alloc", "add", "slurm", "--time-limit", time_limit, "--backlog", "1"].map(str::to_owned).to_vec();
    if let Some(at_once) = options.at_once {
        arguments.extend(["--max-worker-count".to_owned(), at_once.to_string()]);
    }
    arguments.extend(["--no-dry-run".to_owned(), "--".to_owned()]);
    arguments.extend(options.of_sbatch());
    arguments
}

/// Lists the jobs that have not ended.
const UNFINISHED: [&str; 6] = ["job", "list", "--filter", "waiting,running", "--output-mode", "json"];
/// So many tasks are in the server's hands at once: a journal of them stays small, and the next ones come in good time.
const MOST_TASKS: usize = 100_000;

/// How many tasks the jobs of a label have, in a list of jobs as JSON: all, or those that have not ended where it says how many.
/// `None` where it is no such list.
fn tasks_of(list: &str, label: &str) -> Option<usize> {
    let jobs: Vec<serde_json::Value> = serde_json::from_str(list).ok()?;
    let of_label = |job: &&serde_json::Value| job["name"] == label;
    let count = |number: &serde_json::Value| number.as_u64().unwrap_or(0) as usize;
    let tasks = |job: &serde_json::Value| {
        let ended = ["finished", "failed", "canceled"].map(|state| count(&job["task_stats"][state]));
        count(&job["task_count"]).saturating_sub(ended.iter().sum()).max(1)
    };
    Some(jobs.iter().filter(of_label).map(tasks).sum())
}

fn version(word: &str) -> Option<(u32, u32)> {
    let mut parts = word.split('.').map(str::parse::<u32>);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

impl Queue for HyperQueue {
    fn name(&self) -> &'static str {
        "hyperqueue"
    }

    fn submit(&self, task: &Task<'_>, chunks: &[u32]) -> Result<Taken, Halt> {
        let script = task.files.join("chunk.sh");
        let text = format!("#!/bin/sh\n{}\n", task.line("HQ_TASK_ID"));
        write_whole(&script, text.as_bytes())
            .map_err(|error| Halt::Write { path: script.display().to_string(), reason: error.to_string() })?;
        let arguments = [
            "submit".to_owned(),
            "--output-mode=json".to_owned(),
            format!("--name={}", task.label),
            format!("--array={}", ranges_in_words(chunks)),
            "--stdout=none".to_owned(),
            "--stderr=none".to_owned(),
            "--".to_owned(),
            "/bin/sh".to_owned(),
            script.display().to_string(),
        ];
        let said = done("hq", &arguments)?;
        let job = serde_json::from_str::<serde_json::Value>(&said).ok().and_then(|job| job["id"].as_u64());
        Ok(Taken { chunks: chunks.len(), jobs: job.iter().map(u64::to_string).collect() })
    }

    fn tasks(&self, task: &Task<'_>) -> Option<usize> {
        let listed = said("hq", &UNFINISHED.map(str::to_owned)).ok()?;
        let text = String::from_utf8_lossy(&listed.stdout).into_owned();
        tasks_of(&text, &task.label).filter(|_| listed.status.success())
    }

    fn most_tasks(&self) -> usize {
        MOST_TASKS
    }

    fn cancel(&self, jobs: &[String]) {
        let _ = said("hq", &["job".to_owned(), "cancel".to_owned(), jobs.join(",")]);
    }

    fn slots(&self) -> usize {
        let arguments = ["worker", "list", "--output-mode", "quiet"];
        let listed = done("hq", &arguments.map(str::to_owned)).unwrap_or_default();
        listed.lines().filter(|line| !line.trim().is_empty()).count()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tasks_are_those_of_the_label() {
        let list = r#"[{"id": 3, "name": "pleiade-1", "task_count": 9, "task_stats": {"finished": 4, "failed": 1, "running": 2}},
            {"id": 4, "name": "other"}, {"id": 7, "name": "pleiade-1"}]"#;
        assert_eq!(tasks_of(list, "pleiade-1"), Some(4 + 1));
        assert_eq!(tasks_of(list, "pleiade-2"), Some(0));
        assert_eq!(tasks_of("no list", "pleiade-1"), None);
    }

    #[test]
    fn versions_are_read() {
        assert_eq!(version("0.26.2"), Some((0, 26)));
        assert_eq!(version("hq"), None);
    }
}
