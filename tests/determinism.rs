//! The same bytes at one and two threads and on a second run; `provenance.json` alone may differ.

use crate::program::{contents, pleiade_in, project};
use pleiade::host::{FileLoader, Threads};
use pleiade::scenario::{self, Override};
use pleiade::study::run_cells;
use std::path::PathBuf;

fn study(threads: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let scenario = project("scenarios/november-2024.toml");
    let outcome = pleiade_in(
        folder.path(),
        &[
            "compare",
            scenario.to_str().unwrap(),
            "--threads",
            threads,
            "--replications",
            "2",
            "--set",
            "observation.end=2025-05-01",
            "--quiet",
        ],
    );
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let mut files = contents(&folder.path().join("output/november-2024"));
    files.push(("stdout".into(), outcome.stdout.into_bytes()));
    files.retain(|(path, _)| !path.ends_with("provenance.json") && !path.starts_with("chunks"));
    files
}

#[test]
fn same_bytes_at_any_number_of_threads_and_twice() {
    let first = study("1");
    assert!(first.len() > 30, "a comparison leaves tables and plots behind: {}", first.len());
    for threads in ["1", "2"] {
        for (ours, theirs) in first.iter().zip(study(threads)) {
            assert_eq!(ours.0, theirs.0);
            assert!(ours.1 == theirs.1, "{} differs at {threads} threads", theirs.0.display());
        }
    }
}

/// Random draws, copies and old information depend on no thread either.
#[test]
fn brokers_give_the_same_numbers_at_any_number_of_threads() {
    for broker in [
        "broker={ policy = 'redundant', information_age = '6 h', own_routings = true }",
        "broker={ policy = { kind = 'best-of', by = 'jobs-present' }, information_age = '1 h' }",
    ] {
        let overrides = ["observation.end=2026-04-01", "observation.replications=3", broker];
        let overrides = overrides.map(|text| Override(text.to_owned()));
        let path = project("src/scenario/example.toml");
        let system = scenario::load(path.to_str().unwrap(), &FileLoader, &overrides).unwrap().system;
        let runs = |threads| {
            let cells = run_cells(&system, &Threads::new(threads).unwrap());
            // As text, since what has no value is no number and equals nothing.
            cells.iter().map(|cell| format!("{:?} {:?}", cell.metrics, cell.events)).collect::<Vec<_>>()
        };
        assert!(runs(1) == runs(2), "{broker}");
    }
}

/// More replications later never make the earlier ones again, and give the same bytes as all at once; another system, and
/// `--fresh`, make their own.
#[test]
fn replications_can_be_added() {
    let folder = tempfile::tempdir().unwrap();
    let run = |arguments: &[&str]| {
        let all = [&["compare", "scenario.toml", "--set", "observation.end=2026-02-01"], arguments].concat();
        let outcome = pleiade_in(folder.path(), &all);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        outcome.stderr
    };
    let kept = |output: &str| {
        let mut files = contents(&folder.path().join(output));
        files.retain(|(path, _)| !path.ends_with("provenance.json"));
        files
    };
    std::fs::copy(project("src/scenario/example.toml"), folder.path().join("scenario.toml")).unwrap();
    assert!(!run(&["--replications", "2"]).contains("before"));
    assert!(run(&["--replications", "4"]).contains("4 runs finished before"));
    assert!(!run(&["--replications", "4", "--output", "at-once"]).contains("before"));
    let (added, at_once) = (kept("output"), kept("at-once"));
    assert!(added.len() > 15 && added == at_once);
    assert!(run(&["--replications", "3"]).contains("6 runs, all finished before"));
    assert!(!run(&["--replications", "3", "--fresh"]).contains("before"));
    assert!(!run(&["--replications", "3", "--seed", "5"]).contains("before"));
    assert!(!run(&["--replications", "3", "--set", "site.west.uplink=9 Gbit/s"]).contains("before"));
}

/// Replications up to a target give the same bytes at any number of threads, and the same results as so many asked for at
/// once; a target that is out of reach is told.
#[test]
fn precision_ends_with_the_same_results_as_its_replications_at_once() {
    let folder = tempfile::tempdir().unwrap();
    let objective = "[[objective]]\nid = \"served\"\nmetric = \"served_h\"\nwant = \"most\"\n";
    let text = std::fs::read_to_string(project("src/scenario/example.toml")).unwrap() + objective;
    let precise =
        |aim: &str| format!("{text}[precision]\nhalf_width = {{ served = {aim} }}\nmost = 9\nbatch = 2\n");
    for (name, text) in [("plain", text.clone()), ("reached", precise("2200.0")), ("missed", precise("1.0"))]
    {
        std::fs::write(folder.path().join(format!("{name}.toml")), text).unwrap();
    }
    let compare = |name: &str, replications: &str, threads: &str| {
        let file = format!("{name}.toml");
        let output = format!("{name}-{replications}-{threads}");
        let arguments =
            ["compare", &file, "--replications", replications, "--threads", threads, "--output", &output];
        let outcome =
            pleiade_in(folder.path(), &[&arguments[..], &["--set", "observation.end=2026-02-05"]].concat());
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        let mut files = contents(&folder.path().join(output).join("example"));
        files.retain(|(path, _)| !path.ends_with("provenance.json") && !path.starts_with("chunks"));
        (files, outcome.stderr)
    };
    let (reached, said) = compare("reached", "3", "1");
    assert!(!said.contains("warning"), "{said}");
    assert!(reached == compare("reached", "3", "2").0, "the threads do not matter");
    let of = |files: &[(PathBuf, Vec<u8>)], name: &str| {
        files.iter().find(|(path, _)| path.ends_with(name)).unwrap().1.clone()
    };
    let summary: serde_json::Value = serde_json::from_slice(&of(&reached, "summary.json")).unwrap();
    let count = summary["replications"].as_u64().unwrap();
    assert_eq!(count, 5, "neither the first number nor the last one");
    let (at_once, _) = compare("plain", &count.to_string(), "2");
    for name in ["runs.parquet", "summary.csv", "comparisons.csv"] {
        assert!(of(&reached, name) == of(&at_once, name), "{name}");
    }
    let (_, said) = compare("missed", "3", "2");
    assert!(said.contains("after 9 replications") && said.contains("served in all-three"), "{said}");
}
