//! `pleiade report`: the same drawings again from stored results, and what it says where there are none.

use crate::program::{contents, pleiade_in};

/// `report` draws from the stored results the same bytes that the command wrote, and runs nothing.
#[test]
fn report_draws_the_same_bytes_again() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(pleiade_in(folder.path(), &["init"]).code, 0);
    let arguments =
        ["compare", "example.toml", "--replications", "3", "--set", "observation.end=2026-04-01", "--quiet"];
    let outcome = pleiade_in(folder.path(), &arguments);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let results = folder.path().join("output/example");
    let written = contents(&results);
    let page = std::fs::read_to_string(results.join("report.html")).unwrap();
    assert!(
        page.contains("Three factories, two communities") && page.contains("among 2 sets"),
        "{}",
        page.len()
    );
    assert!(!page.contains(folder.path().to_str().unwrap()), "no path of this machine");
    for file in ["report.html", "tables.md", "summary.csv", "comparisons.csv", "plots/waterfall.svg"] {
        std::fs::remove_file(results.join(file)).unwrap();
    }
    let outcome = pleiade_in(folder.path(), &["report", "output/example"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let differing: Vec<_> =
        written.iter().zip(contents(&results)).filter(|(one, other)| **one != *other).collect();
    assert!(differing.is_empty(), "{:?}", differing.iter().map(|(one, _)| &one.0).collect::<Vec<_>>());

    // Of another version, which the manifest names, with a field that this one does not have the like of.
    let text = std::fs::read_to_string(results.join("summary.json")).unwrap();
    std::fs::write(results.join("summary.json"), text.replace("\"scenario\":", "\"study\":")).unwrap();
    let manifest = std::fs::read_to_string(results.join("manifest.json")).unwrap();
    let own = format!("\"pleiade\": \"{}\"", env!("CARGO_PKG_VERSION"));
    std::fs::write(results.join("manifest.json"), manifest.replace(&own, "\"pleiade\": \"0.0.9\"")).unwrap();
    let outcome = pleiade_in(folder.path(), &["report", "output/example"]);
    assert_eq!(outcome.code, 2);
    let words = [
        "summary.json",
        concat!("not the results that pleiade ", env!("CARGO_PKG_VERSION"), " reads"),
        "(pleiade 0.0.9 wrote them)",
        "missing field `scenario`",
    ];
    assert!(words.iter().all(|words| outcome.stderr.contains(words)), "{}", outcome.stderr);
    assert_eq!(outcome.stderr.lines().count(), 1, "{}", outcome.stderr);
}

/// The same for all that may lie in one folder: sets in futures, a choice, a sweep.
#[test]
fn report_draws_choices_sweeps_and_futures_again() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(pleiade_in(folder.path(), &["init"]).code, 0);
    let futures = "future=[{ id = 'low', weight = 1, with = ['community.startups.jobs_per_day=4'] }, { id = 'high', weight = 2 }]";
    let axis = "sweep={ axis = [{ id = 'startups', keys = ['community.startups.jobs_per_day'], values = [4, 12] }] }";
    let changes = [
        "observation.end=2026-01-20",
        "observation.warm_up=5 d",
        "choice={ sites = { most = 1 } }",
        "select={ runs = 20, finalists = 2, first = 3, most = 6 }",
        "worth={ runs = 40, replications = 2 }",
        "objective=[{ id = 'wait', metric = 'wait_s_mean', want = 'least', at_most = '30 d' }]",
        futures,
        axis,
    ];
    for command in ["compare", "select", "sweep"] {
        let changes = changes.iter().flat_map(|change| ["--set", change]);
        let arguments: Vec<&str> =
            [command, "example.toml", "--replications", "2", "--quiet"].into_iter().chain(changes).collect();
        let outcome = pleiade_in(folder.path(), &arguments);
        assert_eq!(outcome.code, 0, "{command}: {}", outcome.stderr);
    }
    let results = folder.path().join("output/example");
    let written = contents(&results);
    let drawn = [
        "tables.md",
        "report.html",
        "plots/regret-wait.svg",
        "plots/regret-wait.png",
        "select/tables.md",
        "select/plots/finalists.svg",
        "select/plots/worth-wait.png",
        "sweep/tables.md",
        "sweep/sweep.csv",
        "sweep/plots/curve-wait.svg",
    ];
    for file in drawn {
        std::fs::remove_file(results.join(file)).unwrap_or_else(|error| panic!("{file}: {error}"));
    }
    let outcome = pleiade_in(folder.path(), &["report", "output/example"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let now = contents(&results);
    assert_eq!(written.len(), now.len());
    let differing: Vec<_> = written.iter().zip(&now).filter(|(one, other)| one != other).collect();
    assert!(differing.is_empty(), "{:?}", differing.iter().map(|(one, _)| &one.0).collect::<Vec<_>>());
}

#[test]
fn report_says_that_nothing_is_there() {
    let folder = tempfile::tempdir().unwrap();
    for wanted in [".", "nowhere"] {
        let outcome = pleiade_in(folder.path(), &["report", wanted]);
        assert_eq!(outcome.code, 2);
        assert!(
            outcome.stderr.contains("no finished study") && outcome.stderr.contains("pleiade compare"),
            "{}",
            outcome.stderr
        );
    }
    assert!(!folder.path().join("nowhere").exists());
}
