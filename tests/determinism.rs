//! The same bytes at one and two threads and on a second run; `provenance.json` alone may differ.

use crate::program::{contents, pleiade_in, project};
use std::path::PathBuf;

fn study(threads: &str) -> Vec<(PathBuf, Vec<u8>)> {
    study_of("scenarios/november-2024.toml", &["observation.end=2025-05-01"], threads)
}

fn study_of(scenario: &str, overrides: &[&str], threads: &str) -> Vec<(PathBuf, Vec<u8>)> {
    let folder = tempfile::tempdir().unwrap();
    let path = project(scenario);
    let mut arguments =
        vec!["compare", path.to_str().unwrap(), "--threads", threads, "--replications", "2", "--quiet"];
    overrides.iter().for_each(|change| arguments.extend(["--set", change]));
    let outcome = pleiade_in(folder.path(), &arguments);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let output = std::fs::read_dir(folder.path().join("output")).unwrap().next().unwrap().unwrap();
    let mut files = contents(&output.path());
    files.push(("stdout".into(), outcome.stdout.into_bytes()));
    files.retain(|(path, _)| !path.ends_with("provenance.json"));
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
fn brokers_give_the_same_bytes_at_any_number_of_threads() {
    for broker in [
        "broker={ policy = 'redundant', information_age = '6 h', own_routings = true }",
        "broker={ policy = { kind = 'best-of', by = 'jobs-present' }, information_age = '1 h' }",
    ] {
        let of =
            |threads| study_of("src/scenario/example.toml", &["observation.end=2026-03-01", broker], threads);
        assert!(of("1") == of("2"), "{broker}");
    }
}
