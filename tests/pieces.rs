//! Studies in pieces: the same bytes as in one go, whoever makes the chunks, in what order, how often, and whatever breaks.

use crate::program::{Outcome, contents, pleiade_in, project};
use pleiade::host::{Chunks, FileLoader, Interrupt, LocalEngine, Stopwatch, Threads};
use pleiade::study::{Case, Engine, Halt};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// The example over two weeks, with something for every command: futures, a choice with its final, a sweep.
pub(crate) fn scenario(folder: &Path) {
    let text = std::fs::read_to_string(project("src/scenario/example.toml")).unwrap();
    let short = text.replacen(
        "end = 2027-01-01, warm_up = \"30 d\", replications = 10",
        "end = 2026-01-15, replications = 4",
        1,
    );
    let more = r#"
[choice]
sites = { most = 2 }

[select]
runs = 40
finalists = 2

[[objective]]
id = "done"
metric = "done_h"
want = "most"
indifference = "1 %"

[[future]]
id = "as-it-is"
name = "As it is"
weight = 1.0

[[future]]
id = "more"
name = "More"
weight = 1.0
with = ["community.startups.jobs_per_day=60"]

[sweep]
[[sweep.axis]]
id = "demand"
keys = ["community.startups.jobs_per_day"]
factor = true
values = [0.5, 1, 2]
"#;
    std::fs::write(folder.join("scenario.toml"), short + more).unwrap();
}

/// The results below a folder: what is drawn of them is drawn by their own tests.
fn results(folder: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
    let working = |path: &Path| {
        let is = |name: &str| path.components().any(|part| part.as_os_str() == name);
        is("chunks") || is("study") || path.ends_with("provenance.json")
    };
    contents(folder).into_iter().filter(|(path, _)| !working(path)).collect()
}

pub(crate) fn assert_same(one: &Path, other: &Path) {
    let (one, other) = (results(one), results(other));
    assert!(one.len() > 8, "there are results: {:?}", one.keys());
    assert_eq!(one.keys().collect::<Vec<_>>(), other.keys().collect::<Vec<_>>());
    for (path, content) in one {
        assert!(content == other[&path], "{} differs", path.display());
    }
}

pub(crate) fn ends_well(outcome: &Outcome) {
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
}

/// The chunks that are to be made, as `study status` tells them.
fn missing(folder: &Path, study: &str) -> Vec<u32> {
    let outcome = pleiade_in(folder, &["study", "status", study, "--format", "json"]);
    ends_well(&outcome);
    let tables: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    let words = |row: &serde_json::Value| row["to_be_made"].as_str().unwrap().to_owned();
    let rows = tables[0]["rows"].as_array().unwrap();
    let ranges: Vec<String> = rows.iter().map(words).filter(|words| !words.is_empty()).collect();
    let ends = |range: &str| {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        first.parse::<u32>().unwrap()..=last.parse().unwrap()
    };
    ranges.iter().flat_map(|ranges| ranges.split(',')).flat_map(ends).collect()
}

/// Each command in one go and in chunks made one by one, backwards, some of them twice. `select` goes on in rounds, each laid
/// down when the one before is complete.
#[test]
fn chunks_in_any_order_give_the_bytes_of_one_go() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scenario(folder);
    for (command, part, rounds) in [("compare", "", 2), ("sweep", "/sweep", 1), ("select", "/select", 3)] {
        ends_well(&pleiade_in(folder, &[command, "scenario.toml", "--output", "whole", "--quiet"]));
        let plan = ["study", "plan", "scenario.toml", "--command", command];
        let options = ["--output", "pieces", "--chunk-runs", "3"];
        ends_well(&pleiade_in(folder, &[&plan[..], &options].concat()));
        let study = format!("pieces/example{part}");
        for round in 0.. {
            let chunks = missing(folder, &study);
            if chunks.is_empty() {
                assert!(round >= rounds, "{command} took {round} rounds");
                break;
            }
            for chunk in chunks.iter().rev().chain(chunks.first()) {
                ends_well(&pleiade_in(folder, &["study", "work", &study, "--chunk", &chunk.to_string()]));
            }
            let merged = pleiade_in(folder, &["study", "merge", &study, "--quiet"]);
            assert!(merged.code == 0 || merged.stderr.contains("chunks are to be made"), "{}", merged.stderr);
        }
        for (path, round) in contents(&folder.join(&study).join("study/rounds")) {
            assert!(String::from_utf8(round).unwrap().contains("\"runs_a_chunk\":3,"), "{}", path.display());
        }
    }
    assert_same(&folder.join("whole"), &folder.join("pieces"));
}

/// How many runs make a chunk of a second is learnt by some that are kept, and made once only.
#[test]
fn chunks_of_a_time_are_planned_by_runs_that_are_kept() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scenario(folder);
    let compare = ["compare", "scenario.toml", "--replications", "40", "--quiet", "--output"];
    ends_well(&pleiade_in(folder, &[&compare[..], &["whole"]].concat()));
    let plan = ["study", "plan", "scenario.toml", "--replications", "40", "--chunk-time", "1 s", "--quiet"];
    ends_well(&pleiade_in(folder, &[&plan[..], &["--output", "timed"]].concat()));
    let files = |folder: &Path| contents(&folder.join("timed/example/chunks")).len();
    assert_eq!(files(folder), 1, "the runs of the pilot lie in one file");
    let chunks = missing(folder, "timed/example");
    assert!(!chunks.is_empty());
    ends_well(&pleiade_in(folder, &["study", "resume", "timed/example", "--quiet"]));
    assert_same(&folder.join("whole"), &folder.join("timed"));
    let status = pleiade_in(folder, &["study", "status", "timed/example", "--format", "json"]);
    let tables: serde_json::Value = serde_json::from_str(&status.stdout).unwrap();
    let runs = tables[0]["rows"][0]["runs"].as_f64().unwrap();
    // Two sets, and eight runs of the pilot, fewer where a run takes seconds.
    assert!((72.0..80.0).contains(&runs), "{runs} runs are left to the chunks");
}

/// Killed over and over at moments that differ from try to try, a study comes to the bytes of an unbroken one.
#[cfg(unix)]
#[test]
fn a_study_that_is_killed_goes_on_to_the_same_bytes() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scenario(folder);
    let command = |output: &'static str| {
        ["compare", "scenario.toml", "--replications", "60", "--output", output, "--quiet"]
    };
    let watch = Stopwatch::start();
    ends_well(&pleiade_in(folder, &command("whole")));
    let whole = Duration::from_secs_f64(watch.elapsed_s());
    let resume = ["study", "resume", "killed/example", "--quiet"];
    let mut killed = 0;
    for attempt in 1..=20_u32 {
        let is_laid_down = folder.join("killed/example/study/manifest.json").exists();
        let begin = command("killed");
        let mut child = start(folder, if is_laid_down { &resume } else { &begin });
        // A sequence that visits all parts of the time that one go takes evenly.
        std::thread::sleep(whole.mul_f64(f64::from(attempt) * 0.618_034 % 1.0));
        child.kill().unwrap();
        killed += u32::from(!child.wait().unwrap().success());
    }
    assert!(killed > 0, "all came to their end before they were killed");
    // What one leaves behind that is killed between writing a file and naming it: a moment that is seldom hit.
    for part in ["", "plots", "study"] {
        std::fs::write(folder.join("killed/example").join(part).join(".tmpAb3dE6"), "half").unwrap();
    }
    ends_well(&pleiade_in(folder, &["study", "resume", "killed/example", "--quiet"]));
    assert_same(&folder.join("whole"), &folder.join("killed"));
}

fn start(folder: &Path, arguments: &[&str]) -> std::process::Child {
    Command::new(env!("CARGO_BIN_EXE_pleiade"))
        .args(arguments)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts")
}

/// Ctrl-C stops after the runs in hand, keeps them and says how to go on.
#[cfg(unix)]
#[test]
fn an_interrupted_study_says_how_it_goes_on() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scenario(folder);
    let long = ["compare", "scenario.toml", "--replications", "5000", "--threads", "1", "--output", "a b"];
    let mut child = Command::new(env!("CARGO_BIN_EXE_pleiade"))
        .args(long)
        .current_dir(folder)
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let chunks = folder.join("a b/example/chunks");
    let has_runs = || {
        std::fs::read_dir(&chunks).is_ok_and(|builds| {
            builds
                .flatten()
                .any(|build| std::fs::read_dir(build.path()).is_ok_and(|mut files| files.next().is_some()))
        })
    };
    while !has_runs() {
        assert!(child.try_wait().unwrap().is_none(), "it ended before its first run was kept");
        std::thread::sleep(Duration::from_millis(20));
    }
    let asked = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(asked.success());
    let output = child.wait_with_output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(said.contains("go on with: pleiade study resume 'a b/example'"), "{said}");
    assert!(!folder.join("a b/example/summary.json").exists());
}

/// A chunk that is cut off, and one with a flipped bit, are told and made again.
#[test]
fn damaged_chunks_are_told_and_made_again() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scenario(folder);
    ends_well(&pleiade_in(folder, &["run", "scenario.toml", "--output", "whole", "--quiet"]));
    let plan =
        ["study", "plan", "scenario.toml", "--command", "run", "--chunk-runs", "2", "--output", "damaged"];
    ends_well(&pleiade_in(folder, &plan));
    ends_well(&pleiade_in(folder, &["study", "resume", "damaged/example", "--quiet"]));
    let mut files: Vec<PathBuf> = contents(&folder.join("damaged/example/chunks"))
        .into_iter()
        .map(|(path, _)| folder.join("damaged/example/chunks").join(path))
        .collect();
    files.sort();
    assert!(files.len() >= 2, "{files:?}");
    let cut = std::fs::read(&files[0]).unwrap();
    std::fs::write(&files[0], &cut[..cut.len() - 7]).unwrap();
    let mut flipped = std::fs::read(&files[1]).unwrap();
    *flipped.last_mut().unwrap() ^= 1;
    std::fs::write(&files[1], flipped).unwrap();
    std::fs::remove_file(folder.join("damaged/example/summary.json")).unwrap();
    let outcome = pleiade_in(folder, &["study", "resume", "damaged/example"]);
    ends_well(&outcome);
    for file in &files[..2] {
        let name = file.file_name().unwrap().to_str().unwrap();
        assert!(outcome.stderr.contains(&format!("{name} is damaged")), "{name} in {}", outcome.stderr);
        assert!(file.with_extension("damaged").exists(), "it is set aside");
    }
    assert_same(&folder.join("whole"), &folder.join("damaged"));
}

/// What can't be gone on with says why: no study, another build, a changed scenario, a chunk that there is not, a case that is
/// not what was planned.
#[test]
fn what_can_not_go_on_says_why() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scenario(folder);
    let plan = |command: &str| {
        let options = ["--chunk-runs", "3", "--output", "o", "--quiet"];
        ends_well(&pleiade_in(
            folder,
            &[&["study", "plan", "scenario.toml", "--command", command], &options[..]].concat(),
        ));
    };
    let says = |arguments: &[&str], code: i32, words: &[&str]| {
        let outcome = pleiade_in(folder, arguments);
        assert_eq!(outcome.code, code, "{arguments:?}: {}", outcome.stderr);
        assert!(outcome.stdout.is_empty(), "{}", outcome.stdout);
        for word in words {
            assert!(outcome.stderr.contains(word), "{word} in {}", outcome.stderr);
        }
    };
    says(
        &["study", "work", "nowhere", "--chunk", "0"],
        2,
        &["nowhere", "no study lies here", "study plan FILE"],
    );
    plan("sweep");
    says(&["study", "merge", "o/example"], 2, &["there is one in sweep"]);
    says(&["study", "work", "o/example/sweep", "--chunk", "99"], 2, &["no chunk 99", "the last one is"]);
    says(
        &["study", "merge", "o/example/sweep"],
        1,
        &["of", "chunks are to be made: 0-", "study resume o/example/sweep"],
    );
    // A case that comes out otherwise than it was planned fails, is noted, and does not stop the others.
    let round = folder.join("o/example/sweep/study/rounds/00000000.json");
    let text = std::fs::read_to_string(&round).unwrap();
    let at = text.find("\"fingerprint\":\"").unwrap() + 15;
    std::fs::write(&round, format!("{}{}{}", &text[..at], "0".repeat(32), &text[at + 32..])).unwrap();
    says(
        &["study", "work", "o/example/sweep", "--chunk", "0"],
        1,
        &["another case here than the one planned"],
    );
    let status = pleiade_in(folder, &["study", "status", "o/example/sweep", "--format", "json"]);
    assert!(status.stdout.contains("\"failed\": \"0\""), "{}", status.stdout);

    let manifest = folder.join("o/example/sweep/study/manifest.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let at = text.find("\"build\":\"").unwrap() + 9;
    std::fs::write(&manifest, format!("{}{}{}", &text[..at], "0".repeat(16), &text[at + 16..])).unwrap();
    says(&["study", "resume", "o/example/sweep"], 2, &["another build of the program", "0000000000000000"]);
    std::fs::write(&manifest, text).unwrap();
    let laid = folder.join("o/example/sweep/study/scenario.toml");
    let text = std::fs::read_to_string(&laid).unwrap();
    std::fs::write(&laid, text + "\n").unwrap();
    says(&["study", "resume", "o/example/sweep"], 2, &["scenario.toml is not what was laid down"]);
}

/// Two at once on the same study do no harm: both end well, with the same bytes.
#[test]
fn two_resumes_at_once_do_no_harm() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scenario(folder);
    ends_well(&pleiade_in(folder, &["run", "scenario.toml", "--output", "whole", "--quiet"]));
    let plan = ["study", "plan", "scenario.toml", "--command", "run", "--chunk-runs", "1", "--output", "two"];
    ends_well(&pleiade_in(folder, &plan));
    let mut both = [0, 1].map(|_| start(folder, &["study", "resume", "two/example", "--quiet"]));
    for child in &mut both {
        assert!(child.wait().unwrap().success());
    }
    assert_same(&folder.join("whole"), &folder.join("two"));
}

/// A study that was cut off where it is laid down is laid down again, and results of another version that lie beside it stop
/// nothing.
#[test]
fn what_can_not_be_read_is_in_nobodys_way() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scenario(folder);
    let run = || pleiade_in(folder, &["run", "scenario.toml", "--output", "o"]);
    let in_study = |name: &str| folder.join("o/example/study").join(name);
    ends_well(&run());
    let laid_down = contents(&folder.join("o/example/study"));
    std::fs::write(in_study("manifest.json"), "").unwrap();
    ends_well(&run());
    std::fs::remove_file(in_study("scenario.toml")).unwrap();
    ends_well(&run());
    assert_eq!(contents(&folder.join("o/example/study")), laid_down);
    std::fs::create_dir(folder.join("o/example/select")).unwrap();
    std::fs::write(folder.join("o/example/select/select.json"), "{}").unwrap();
    std::fs::remove_file(folder.join("o/example/provenance.json")).unwrap();
    let outcome = run();
    ends_well(&outcome);
    assert!(outcome.stderr.contains("warning: report.html was not drawn again"), "{}", outcome.stderr);
    assert!(folder.join("o/example/provenance.json").exists());
}

/// Where runs can't be kept, no more of them are made.
#[test]
fn what_can_not_be_kept_is_not_made() {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scenario(folder);
    let path = folder.join("scenario.toml");
    let system = pleiade::scenario::load(path.to_str().unwrap(), &FileLoader, &[]).unwrap().system;
    let (threads, chunks) = (Threads::new(2).unwrap(), Chunks::below(folder, false).unwrap());
    std::fs::remove_dir_all(folder.join("chunks")).unwrap();
    let count = |_: &Case, _: &_| {
        MADE.fetch_add(1, Ordering::Relaxed);
    };
    let interrupt = Interrupt::default();
    let engine =
        LocalEngine { threads: &threads, chunks: &chunks, watch: Some(&count), interrupt: &interrupt };
    let missing: Vec<(usize, u32)> = (0..640).map(|replication| (0, replication)).collect();
    let ended = engine.make(&[Case::of(&system, 0)], &missing);
    assert!(matches!(ended, Err(Halt::Write { .. })), "{ended:?}");
    // A portion of ten for each thread.
    assert!(MADE.load(Ordering::Relaxed) <= 20);
}

/// A folder that can't be made and an output that takes nothing end the command with exit code 1 and say so.
#[cfg(unix)]
#[test]
fn what_can_not_be_written_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scenario(folder);
    // A file where a folder has to be: it fails for every user, root too.
    std::fs::create_dir_all(folder.join("o/example")).unwrap();
    std::fs::write(folder.join("o/example/chunks"), "").unwrap();
    let outcome = pleiade_in(folder, &["run", "scenario.toml", "--output", "o", "--quiet"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("failed to write o/example"), "{}", outcome.stderr);
    if Path::new("/dev/full").exists() {
        let device = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let status = Command::new(env!("CARGO_BIN_EXE_pleiade"))
            .args(["run", "scenario.toml", "--output", "full", "--quiet"])
            .current_dir(folder)
            .stdout(device)
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(1));
    }
}

/// A set by itself has the same values in the futures as beside the others.
#[test]
fn a_set_alone_has_the_same_futures() {
    let folder = tempfile::tempdir().unwrap();
    let folder = folder.path();
    scenario(folder);
    ends_well(&pleiade_in(folder, &["compare", "scenario.toml", "--output", "both", "--quiet"]));
    let alone = ["run", "scenario.toml", "--candidates", "north-and-west", "--output", "alone", "--quiet"];
    ends_well(&pleiade_in(folder, &alone));
    let values = |output: &str, set: usize| -> serde_json::Value {
        let text = std::fs::read(folder.join(output).join("example/futures.json")).unwrap();
        let futures: serde_json::Value = serde_json::from_slice(&text).unwrap();
        assert_eq!(futures["sets"][set], "north-and-west");
        futures["objectives"][0]["sets"][set]["values"].clone()
    };
    assert_eq!(values("alone", 0), values("both", 1));
}
