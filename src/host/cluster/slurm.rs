//! Slurm: chunks as elements of job arrays.

use super::{Queue, QueueOptions, Taken, Task, done, said};
use crate::host::whole::write_whole;
use crate::study::{Halt, ranges_in_words};
use std::path::PathBuf;

/// The number of elements that Slurm takes in an array when nobody has set another one.
const USUAL_ARRAY: u32 = 1_001;
/// The number of jobs that its controller holds when nobody has set another one; elements of arrays count as jobs.
const USUAL_JOBS: u32 = 10_000;
/// Why a task waits for ever that a node would not start, as after a controller that has forgotten what it started. Nobody
/// but its owner or an administrator frees it, so it is handed in anew.
const STUCK: &str = "launch failed requeued held";
/// What a template says where the work is to be done.
const WORK: &str = "{work}";

/// The queue of a Slurm cluster, as a plain user sees it.
#[derive(Debug)]
pub struct Slurm {
    options: QueueOptions,
    /// Elements have numbers below this one.
    array_size: u32,
    /// Half of what the controller holds, ended ones of the last minutes included.
    most_tasks: usize,
}

impl Slurm {
    /// The queue of this cluster.
    ///
    /// # Errors
    /// When there is none, or the template does not say where the work is to be done.
    pub fn new(options: QueueOptions) -> Result<Self, Halt> {
        if options.template.as_ref().is_some_and(|template| !template.contains(WORK)) {
            return Err(Halt::Engine(format!(
                "the template of the job script lacks {WORK}: there the command of a chunk is written"
            )));
        }
        done("sbatch", &["--version".to_owned()])?;
        let config = done("scontrol", &["show".to_owned(), "config".to_owned()])?;
        let number = |name: &str| -> Option<u32> {
            let of_line =
                |line: &str| line.strip_prefix(name)?.trim_start_matches([' ', '=']).trim().parse().ok();
            config.lines().find_map(of_line)
        };
        let array_size = number("MaxArraySize").unwrap_or(USUAL_ARRAY);
        if array_size < 2 {
            return Err(Halt::Engine(format!("this Slurm takes no job arrays (MaxArraySize={array_size})")));
        }
        let most_tasks = (number("MaxJobCount").unwrap_or(USUAL_JOBS) / 2) as usize;
        Ok(Self { options, array_size, most_tasks })
    }

    /// The script of the chunks from `first` on.
    fn script(&self, task: &Task<'_>, first: u32) -> String {
        let work = task.line(&format!("{first} + SLURM_ARRAY_TASK_ID"));
        match &self.options.template {
            Some(template) => template.replace(WORK, &work),
            None => format!("#!/bin/sh\n{work}\n"),
        }
    }
}

impl Queue for Slurm {
    fn name(&self) -> &'static str {
        "slurm"
    }

    fn submit(&self, task: &Task<'_>, chunks: &[u32]) -> Result<Taken, Halt> {
        let mut taken = Taken::default();
        for block in chunks.chunk_by(|one, other| one / self.array_size == other / self.array_size) {
            let first = block[0] / self.array_size * self.array_size;
            let script: PathBuf = task.files.join(format!("chunks-from-{first}.sh"));
            write_whole(&script, self.script(task, first).as_bytes()).map_err(|error| Halt::Write {
                path: script.display().to_string(),
                reason: error.to_string(),
            })?;
            let elements: Vec<u32> = block.iter().map(|chunk| chunk - first).collect();
            let at_once = self.options.at_once.map_or(String::new(), |at_once| format!("%{at_once}"));
            let array = ranges_in_words(&elements) + &at_once;
            let mut arguments = vec![
                "--parsable".to_owned(),
                "--requeue".to_owned(),
                "--open-mode=append".to_owned(),
                format!("--job-name={}", task.label),
                format!("--array={array}"),
                format!("--output={}", pattern(&task.files.join("said.txt"))),
                format!("--chdir={}", task.files.display()),
            ];
            let time_limit = self.options.time_limit.as_ref();
            arguments.extend(time_limit.map(|time| format!("--time={time}")));
            arguments.extend(self.options.of_sbatch());
            arguments.push(script.display().to_string());
            match done("sbatch", &arguments) {
                Ok(said) => {
                    taken.chunks += block.len();
                    // The number of the job, and a cluster where there are several.
                    taken.jobs.extend(said.trim().split(';').next().map(str::to_owned));
                }
                Err(halt) if taken.chunks == 0 => return Err(halt),
                Err(_) => break,
            }
            if self.is_one_at_a_time() {
                break;
            }
        }
        Ok(taken)
    }

    fn tasks(&self, task: &Task<'_>) -> Option<usize> {
        let arguments = ["--noheader", "--array", "--format=%i|%r", &format!("--name={}", task.label)];
        let listed =
            said("squeue", &arguments.map(str::to_owned)).ok().filter(|said| said.status.success())?;
        let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
        let tasks = listed.lines().filter_map(|line| line.trim().split_once('|'));
        let (stuck, alive): (Vec<_>, Vec<_>) = tasks.partition(|(_, reason)| *reason == STUCK);
        for (id, _) in stuck {
            let _ = said("scancel", &[id.to_owned()]);
        }
        Some(alive.len())
    }

    fn most_tasks(&self) -> usize {
        self.most_tasks
    }

    /// Slurm holds back so many of each array, whatever others run.
    fn is_one_at_a_time(&self) -> bool {
        self.options.at_once.is_some()
    }

    fn cancel(&self, jobs: &[String]) {
        let _ = said("scancel", jobs);
    }

    fn slots(&self) -> usize {
        if let Some(at_once) = self.options.at_once {
            return at_once as usize;
        }
        let mut arguments = vec!["--noheader".to_owned(), "--format=%C".to_owned()];
        arguments.extend(self.options.partition.as_ref().map(|partition| format!("--partition={partition}")));
        // Allocated, idle, other and total cores of each group of nodes.
        let listed = done("sinfo", &arguments).unwrap_or_default();
        listed.lines().filter_map(|line| line.rsplit('/').next()?.trim().parse::<usize>().ok()).sum()
    }
}

/// A path in which Slurm puts nothing in place of a percent sign.
fn pattern(path: &std::path::Path) -> String {
    path.display().to_string().replace('%', "%%")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::Path;

    #[test]
    fn the_work_stands_where_a_template_says_and_no_name_runs_anything() {
        let template = "#!/bin/bash\n#SBATCH --exclusive\nmodule load glibc\n{work}\n".to_owned();
        let options = QueueOptions { template: Some(template), ..QueueOptions::default() };
        let slurm = Slurm { options, array_size: 1_001, most_tasks: 5_000 };
        let task = Task {
            program: PathBuf::from("/opt/it's here/pleiade"),
            directory: PathBuf::from("/data/$(touch x)/`y`; rm \"z\""),
            label: "pleiade-1".to_owned(),
            files: Path::new("/data"),
        };
        assert_eq!(
            slurm.script(&task, 1_001),
            "#!/bin/bash\n#SBATCH --exclusive\nmodule load glibc\nexec '/opt/it'\\''s here/pleiade' study work \
             '/data/$(touch x)/`y`; rm \"z\"' --quiet --chunk \"$((1001 + SLURM_ARRAY_TASK_ID))\"\n"
        );
    }
}
