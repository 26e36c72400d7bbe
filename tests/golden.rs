//! Small results, byte for byte. `PLEIADE_BLESS=1 cargo test --release golden` writes them anew and fails on purpose,
//! so that nobody blesses by accident.

use crate::program::{pleiade_in, project};
use std::path::Path;

#[track_caller]
fn check_golden(files: &[(&str, &str)]) {
    let folder = project("tests/golden");
    if std::env::var("PLEIADE_BLESS").is_ok_and(|value| value == "1") {
        std::fs::create_dir_all(&folder).unwrap();
        for (name, text) in files {
            std::fs::write(folder.join(name), text).unwrap();
        }
        panic!("wrote {}: run again without PLEIADE_BLESS", files.len());
    }
    for (name, text) in files {
        let expected = std::fs::read_to_string(folder.join(name)).unwrap_or_default();
        assert!(*text == expected, "{name} changed:\n{text}");
    }
}

/// The summary of the first scenario, all metrics of all scopes with their intervals: pins the random streams, the
/// samplers, the policies and the statistics at once.
#[test]
fn first_steps_summary() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = project("src/scenario/example.toml");
    let arguments = ["compare", scenario.to_str().unwrap(), "--quiet", "--replications", "3"];
    let outcome = pleiade_in(folder.path(), &arguments);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let csv = std::fs::read_to_string(folder.path().join("output/example/summary.csv")).unwrap();
    check_golden(&[("example-summary.csv", &csv), ("example-tables.txt", &outcome.stdout)]);
}

#[test]
fn check_of_first_steps() {
    let scenario = project("src/scenario/example.toml");
    let outcome = pleiade_in(Path::new("."), &["check", scenario.to_str().unwrap()]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    check_golden(&[("example-check.txt", &outcome.stdout)]);
}
