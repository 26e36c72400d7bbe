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
        // The first one with task arrays from lists and with machine-readable lists of jobs, as they are used here.
        if version.is_none_or(|version| version < (0, 16)) {
            return Err(Halt::Engine(format!("hq 0.16 or later is needed, this is: {}", said.trim())));
        }
        done("hq", &["server", "info"].map(str::to_owned))?;
        Ok(Self)
    }
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
        // The label is of letters, digits and a hyphen: it stands in the list as it is.
        let text = String::from_utf8_lossy(&listed.stdout).into_owned();
        listed.status.success().then(|| text.contains(&format!("\"{}\"", task.label)))
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
    fn versions_are_read() {
        assert_eq!(version("0.26.2"), Some((0, 26)));
        assert_eq!(version("hq"), None);
    }
}
