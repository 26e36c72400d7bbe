//! Studies by the queue of a cluster, with a stand-in for `hq`. What a real Slurm does is in `tests/cluster`.

use crate::pieces::{assert_same, ends_well, scenario};
use crate::program::{contents, pleiade_in, project};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

/// The program on HyperQueue, with the stand-in for `hq` whose server keeps its state in `folder`.
fn on_hyperqueue(folder: &Path, arguments: &[&str]) -> Command {
    let path = format!("{}:{}", project("tests/cluster/stand_in").display(), std::env::var("PATH").unwrap());
    let mut command = Command::new(env!("CARGO_BIN_EXE_pleiade"));
    command
        .args(arguments)
        .args(["--quiet", "--on", "hyperqueue"])
        .current_dir(folder)
        .envs([("PATH", path.as_str()), ("HQ_SERVER_DIR", folder.to_str().unwrap())])
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    command
}

/// The exit code and what is said on stderr.
fn said(started: io::Result<Child>) -> (Option<i32>, String) {
    let output = started.unwrap().wait_with_output().unwrap();
    (output.status.code(), String::from_utf8_lossy(&output.stderr).into_owned())
}

/// What the stand-in was told.
fn commands(folder: &Path) -> String {
    std::fs::read_to_string(folder.join("commands")).unwrap_or_default()
}

/// Commands, numbers and answers of `--on hyperqueue`, by a stand-in for `hq` that takes three tasks at once and loses one: what
/// was refused is handed in by halves, what was lost once more, the results have the bytes of one go. Without a server, or with
/// options that say nothing, it ends with exit code 2 and says what to do.
#[cfg(unix)]
#[test]
fn tasks_are_handed_in_to_hyperqueue() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scenario(folder);
    ends_well(&pleiade_in(folder, &["run", "scenario.toml", "--output", "whole", "--quiet"]));
    let on_hyperqueue = |command: &str, more: &[&str]| {
        let always = [command, "scenario.toml", "--output", "tasks", "--chunk-runs", "1"];
        said(on_hyperqueue(folder, &[&always[..], more].concat()).spawn())
    };
    for (options, said) in [
        (&[][..], "hq server start --journal FILE"),
        (&["--partition", "main"], "--time-limit says for how long"),
        (&["--template", "scenario.toml"], "HyperQueue starts chunks without one"),
    ] {
        let (code, stderr) = on_hyperqueue("run", options);
        assert_eq!(code, Some(2), "{stderr}");
        assert!(stderr.contains(said), "{stderr}");
    }
    std::fs::write(folder.join("server"), "").unwrap();
    let (code, stderr) =
        on_hyperqueue("run", &["--time-limit", "1h", "--partition", "main", "--at-once", "2"]);
    assert_eq!(code, Some(0), "{stderr}");
    assert_same(&folder.join("whole"), &folder.join("tasks"));
    let commands = std::fs::read_to_string(folder.join("commands")).unwrap();
    let told = |command: &str| commands.lines().filter(|line| line.starts_with(command)).count();
    let allocation =
        "alloc add slurm --time-limit 1h --backlog 1 --max-worker-count 2 --no-dry-run -- --partition=main";
    assert_eq!(told(allocation), 1);
    let arrays: Vec<&str> = commands.split_whitespace().filter(|word| word.starts_with("--array=")).collect();
    // The run, in its scenario and in two futures, has four replications each; the first round is the scenario's. Four tasks are
    // refused, half of them are taken, and the one of them that was lost comes again.
    assert_eq!(arrays[..2], ["--array=0-3", "--array=0-1"], "{commands}");
    assert!(arrays.contains(&"--array=1") || arrays.contains(&"--array=1,3"), "{commands}");
    // A choice in rounds, whose two workers are kept at work by runs that may be wanted later.
    ends_well(&pleiade_in(folder, &["select", "scenario.toml", "--output", "whole", "--quiet"]));
    let (code, stderr) = on_hyperqueue("select", &[]);
    assert_eq!(code, Some(0), "{stderr}");
    assert_same(&folder.join("whole"), &folder.join("tasks"));
}

/// A run whose chunk has a flipped bit is made again by a task, whatever way leads to the folder of the study: tasks of one study
/// have one name.
#[cfg(unix)]
#[test]
fn damaged_chunks_are_made_again_by_tasks() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scenario(folder);
    std::fs::write(folder.join("server"), "").unwrap();
    ends_well(&pleiade_in(folder, &["run", "scenario.toml", "--output", "whole", "--quiet"]));
    let run = ["run", "scenario.toml", "--output", "tasks", "--chunk-runs", "1"];
    let ended = said(on_hyperqueue(folder, &run).spawn());
    assert_eq!(ended.0, Some(0), "{}", ended.1);
    let chunks = folder.join("tasks/example/chunks");
    let made = commands(folder).lines().filter(|line| line.starts_with("submit")).count();
    // Made twice, and one of both is damaged: the other one is as good.
    let second = &contents(&chunks)[1].0;
    let mut twin = std::fs::read(chunks.join(second)).unwrap();
    *twin.last_mut().unwrap() ^= 1;
    let name = second.to_str().unwrap().strip_suffix("-0").unwrap();
    std::fs::write(chunks.join(format!("{name}-1")), twin).unwrap();
    std::fs::remove_file(folder.join("tasks/example/summary.json")).unwrap();
    let ended = said(on_hyperqueue(folder, &["study", "resume", "tasks/example"]).spawn());
    assert_eq!(ended.0, Some(0), "{}", ended.1);
    let again = commands(folder).lines().filter(|line| line.starts_with("submit")).count();
    assert_eq!(made, again, "nothing is handed in");
    let first: PathBuf = chunks.join(&contents(&chunks)[0].0);
    let mut flipped = std::fs::read(&first).unwrap();
    *flipped.last_mut().unwrap() ^= 1;
    std::fs::write(&first, flipped).unwrap();
    std::fs::remove_file(folder.join("tasks/example/summary.json")).unwrap();
    std::os::unix::fs::symlink("tasks", folder.join("link")).unwrap();
    let ended = said(on_hyperqueue(folder, &["study", "resume", "link/../tasks/example/"]).spawn());
    assert_eq!(ended.0, Some(0), "{}", ended.1);
    assert!(first.exists() && first.with_extension("damaged").exists());
    assert_same(&folder.join("whole"), &folder.join("tasks"));
    let commands = commands(folder);
    let mut names: Vec<&str> =
        commands.split_whitespace().filter(|word| word.starts_with("--name=")).collect();
    assert!(names.len() > 2, "{commands}");
    names.dedup();
    assert_eq!(names.len(), 1, "{commands}");
}

/// A server that does not answer is waited for. Who goes away is told how he comes back, with all options of the queue.
#[cfg(unix)]
#[test]
fn a_queue_that_is_down_is_waited_for() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scenario(folder);
    ends_well(&pleiade_in(folder, &["run", "scenario.toml", "--output", "whole", "--quiet"]));
    for file in ["server", "down"] {
        std::fs::write(folder.join(file), "").unwrap();
    }
    let run = ["run", "scenario.toml", "--output", "o u t", "--chunk-runs", "1", "--time-limit", "1 h"];
    let wait_for_questions = |child: &mut Child| {
        let before = commands(folder).lines().count();
        while commands(folder).lines().skip(before).filter(|line| line.starts_with("job list")).count() < 4 {
            assert!(child.try_wait().unwrap().is_none(), "it is waiting for the server");
            std::thread::sleep(Duration::from_millis(50));
        }
    };
    let mut child = on_hyperqueue(folder, &run).spawn().unwrap();
    wait_for_questions(&mut child);
    assert!(Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap().success());
    let (code, stderr) = said(Ok(child));
    assert_eq!(code, Some(1), "{stderr}");
    let back = "pleiade study resume 'o u t/example' --on hyperqueue --chunk-runs 1 --time-limit '1 h'";
    assert!(stderr.contains(back) && !stderr.contains("left to the cluster"), "{stderr}");
    let mut child = on_hyperqueue(folder, &run).spawn().unwrap();
    wait_for_questions(&mut child);
    assert!(!commands(folder).contains("submit"), "nothing is handed in that would be lost");
    std::fs::remove_file(folder.join("down")).unwrap();
    let (code, stderr) = said(Ok(child));
    assert_eq!(code, Some(0), "{stderr}");
    assert_same(&folder.join("whole"), &folder.join("o u t"));
}
