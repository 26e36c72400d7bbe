//! HyperQueue: chunks as tasks of jobs, for very many short ones.

use super::{Queue, Task, done, said};
use crate::host::files::write_whole;
use crate::study::{Halt, ranges_in_words};

/// The queue of a HyperQueue server, found as its own command finds it.
#[derive(Debug)]
pub struct HyperQueue;

impl HyperQueue {
    /// The queue of the server that runs.
    ///
    /// # Errors
    /// When there is no `hq` on the path, or no server.
    pub fn new() -> Result<Self, Halt> {
        let said = done("hq", &["--version".to_owned()])?;
        let version = said.split_whitespace().find_map(|word| version(word.trim_start_matches('v')));
        // The commands below are those of this version; nobody has looked at earlier ones.
        if version.is_none_or(|version| version < (0, 26)) {
            return Err(Halt::Engine(format!("hq 0.26 or later is needed, this is: {}", said.trim())));
        }
        done("hq", &["server", "info"].map(str::to_owned))?;
        Ok(Self)
    }
}

/// The numbers of the jobs of a label in a list of jobs as JSON.
fn ids_of(list: &str, label: &str) -> Vec<u64> {
    let jobs = serde_json::from_str::<serde_json::Value>(list).unwrap_or_default();
    let of_label = |job: &&serde_json::Value| job["name"] == label;
    let jobs = jobs.as_array().into_iter().flatten().filter(of_label);
    jobs.filter_map(|job| job["id"].as_u64()).collect()
}

fn version(word: &str) -> Option<(u32, u32)> {
    let mut parts = word.split('.').map(str::parse::<u32>);
    Some((parts.next()?.ok()?, parts.next()?.ok()?))
}

impl Queue for HyperQueue {
    fn name(&self) -> &'static str {
        "hyperqueue"
    }

    fn submit(&self, task: &Task<'_>, chunks: &[u32]) -> Result<(), Halt> {
        let script = task.files.join("chunk.sh");
        let text = format!("#!/bin/sh\n{}\n", task.line("HQ_TASK_ID"));
        write_whole(&script, text.as_bytes())
            .map_err(|error| Halt::Write { path: script.display().to_string(), reason: error.to_string() })?;
        let arguments = [
            "submit".to_owned(),
            format!("--name={}", task.label),
            format!("--array={}", ranges_in_words(chunks)),
            "--stdout=none".to_owned(),
            "--stderr=none".to_owned(),
            "--".to_owned(),
            "/bin/sh".to_owned(),
            script.display().to_string(),
        ];
        done("hq", &arguments).map(|_| ())
    }

    fn has_tasks(&self, task: &Task<'_>) -> Option<bool> {
        let arguments = ["job", "list", "--filter", "waiting,running", "--output-mode", "json"];
        let listed = said("hq", &arguments.map(str::to_owned)).ok()?;
        let text = String::from_utf8_lossy(&listed.stdout).into_owned();
        listed.status.success().then(|| !ids_of(&text, &task.label).is_empty())
    }

    fn clear(&self, task: &Task<'_>) {
        let arguments = ["job", "list", "--filter", "waiting,running", "--output-mode", "json"];
        let listed = done("hq", &arguments.map(str::to_owned)).unwrap_or_default();
        for id in ids_of(&listed, &task.label) {
            let _ = said("hq", &["job".to_owned(), "cancel".to_owned(), id.to_string()]);
        }
    }

    fn slots(&self) -> usize {
        let arguments = ["worker", "list", "--output-mode", "quiet"];
        let listed = done("hq", &arguments.map(str::to_owned)).unwrap_or_default();
        listed.lines().filter(|line| !line.trim().is_empty()).count()
    }

    fn option(&self) -> String {
        "--on hyperqueue".to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn jobs_are_found_by_their_label() {
        let list = r#"[{"id": 3, "name": "pleiade-1", "task_count": 9}, {"id": 4, "name": "other"}, {"id": 7, "name": "pleiade-1"}]"#;
        assert_eq!(ids_of(list, "pleiade-1"), [3, 7]);
        assert!(ids_of("no list", "pleiade-1").is_empty());
    }

    #[test]
    fn versions_are_read() {
        assert_eq!(version("0.26.2"), Some((0, 26)));
        assert_eq!(version("hq"), None);
    }
}
