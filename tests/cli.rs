//! The command line: exit codes, bad input, formats, and what a study leaves behind.

use crate::program::{Outcome, contents, pleiade_in, project};
use crate::shared;
use std::path::Path;

fn example() -> String {
    std::fs::read_to_string(project("src/scenario/example.toml")).unwrap()
}

/// Runs `check` on a text as scenario file; the folder is given to prepare more files.
fn check_scenario(content: &[u8], prepare: impl Fn(&Path)) -> Outcome {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("broken.toml"), content).unwrap();
    prepare(folder.path());
    pleiade_in(folder.path(), &["check", "broken.toml"])
}

/// The example with one text replaced ends with exit code 2, prints nothing on stdout, and names place and mend.
#[track_caller]
fn check_broken(from: &str, to: &str, words: &[&str]) {
    let text = example();
    assert!(text.contains(from), "the example has {from:?}");
    check_outcome(&check_scenario(text.replacen(from, to, 1).as_bytes(), |_| {}), words);
}

#[track_caller]
fn check_outcome(outcome: &Outcome, words: &[&str]) {
    assert_eq!(outcome.code, 2, "{}{}", outcome.stdout, outcome.stderr);
    assert!(outcome.stdout.is_empty(), "{}", outcome.stdout);
    for word in words {
        assert!(outcome.stderr.contains(word), "{word:?} in\n{}", outcome.stderr);
    }
    assert!(!outcome.stderr.contains("panicked"), "{}", outcome.stderr);
}

/// Broken scenarios, each with what the message must say.
#[test]
fn broken_scenarios_name_the_place_and_the_mend() {
    check_broken("\"10 Gbit/s\"", "\"10 Gb\"", &["broken.toml:", "site.west.uplink", "Gb", "Gbit/s"]);
    check_broken(
        "country = \"ES\"",
        "contry = \"ES\"",
        &["broken.toml:41:1", "contry", "did you mean `country`?"],
    );
    check_broken("id = \"south\"", "id = \"north\"", &["north", "broken.toml:"]);
    check_broken(
        "\"helsinki\", \"milan\"]",
        "\"helsinki\", \"rome\"]",
        &["there is no router `rome`", "milan"],
    );
    check_broken("\"10 Gbit/s\"", "\"-10 Gbit/s\"", &["must not be negative"]);
    check_broken("\"10 Gbit/s\"", "\"0 Gbit/s\"", &["above zero"]);
    check_broken("2027-01-01", "2025-01-01", &["observation.end", "after the start"]);
    check_broken("accelerators = 8", "accelerators = 8000", &["class.fine-tune", "8000"]);
    check_broken("accelerator = \"a100\"", "accelerator = \"a1000\"", &["a1000", "did you mean `a100`?"]);
    check_broken("share = 0.5", "share = 1.5", &["above 0 and at most 1", "1.5"]);
    check_broken("nodes = 24", "nodes = \"24\"", &["expected a whole number"]);
    check_broken("policy = \"home\"", "policy = \"hme\"", &["did you mean `home`?"]);
    check_broken("start = 2026-01-01", "start = \"tomorrow\"", &["expected a date"]);
    check_broken("sites = [\"south\", \"west\"]", "sites = [\"south\", \"wst\"]", &["did you mean `west`?"]);
    check_broken("cv = 1.5", "cv = -1.5", &["class.fine-tune.duration.cv", "at least 0"]);
    check_broken("lognormal", "lognormol", &["did you mean `lognormal`?"]);
    check_broken("FI = 4", "FJ = 4", &["did you mean `FI`?"]);
    check_broken("replications = 10", "replications = 0", &["at least 1"]);
    check_broken("name = \"example\"", "name = \"../../tmp\"", &["name"]);
    check_broken("duration = {", "duration = {{", &["broken.toml:"]);
    check_broken("warm_up = \"30 d\"", "warm_up = \"700 d\"", &["observation.warm_up", "365 d"]);
}

#[test]
fn broken_files_are_named() {
    check_outcome(&check_scenario(b"", |_| {}), &["broken.toml", "empty"]);
    check_outcome(&check_scenario(&[0, 159, 146, 150, 255], |_| {}), &["broken.toml", "UTF-8"]);
    check_outcome(&pleiade_in(Path::new("."), &["check", "missing.toml"]), &["missing.toml", "no file"]);
    let importing = |target: &str| format!("import = [\"{target}\"]\n{}", example()).into_bytes();
    check_outcome(&check_scenario(&importing("nowhere.toml"), |_| {}), &["nowhere.toml", "broken.toml:1:"]);
    let ring = check_scenario(&importing("other.toml"), |folder| {
        std::fs::write(folder.join("other.toml"), "import = [\"broken.toml\"]\n").unwrap();
    });
    check_outcome(&ring, &["other.toml", "broken.toml", "ring"]);
}

/// Several errors come together.
#[test]
fn all_errors_at_once() {
    let text =
        example().replace("share = 0.5", "share = 5").replace("policy = \"home\"", "policy = \"away\"");
    let outcome = check_scenario(text.as_bytes(), |_| {});
    check_outcome(&outcome, &[]);
    let plain = |words: &str| {
        outcome.stderr.lines().filter(|line| line.starts_with("broken.toml:") && line.contains(words)).count()
    };
    assert_eq!((plain("unknown policy `away`"), plain("at most 1, found 5")), (1, 3), "{}", outcome.stderr);
}

#[test]
fn wrong_command_lines_end_with_two() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = project("src/scenario/example.toml");
    let scenario = scenario.to_str().unwrap();
    for arguments in [
        vec!["fly"],
        vec!["run"],
        vec!["run", scenario, "--replications", "many"],
        vec!["run", scenario, "--candidates", "nobody"],
        vec!["run", scenario, "--set", "site.nowhere.pue=2"],
        vec!["run", scenario, "--set", "no equals sign"],
        vec!["replay", "missing.swf", "--nodes", "4"],
        vec!["replay", scenario, "--nodes", "4"],
        vec!["replay", scenario, "--nodes", "0"],
    ] {
        let outcome = pleiade_in(folder.path(), &arguments);
        assert_eq!(outcome.code, 2, "{arguments:?}: {}", outcome.stderr);
        assert!(!outcome.stderr.is_empty() && outcome.stdout.is_empty(), "{arguments:?}");
    }
    assert!(contents(folder.path()).is_empty(), "nothing is written after a wrong command line");
}

#[test]
fn help_names_only_what_works() {
    let outcome = pleiade_in(Path::new("."), &["--help"]);
    assert_eq!(outcome.code, 0);
    let commands =
        ["init", "check", "run", "compare", "select", "sweep", "replay", "study", "report", "validate"];
    for command in commands.into_iter().chain(["schema", "completions", "man"]) {
        assert!(outcome.stdout.contains(&format!("\n  {command} ")), "{command} in {}", outcome.stdout);
        assert_eq!(pleiade_in(Path::new("."), &[command, "--help"]).code, 0);
    }
    assert!(!outcome.stdout.contains("\n  calibrate "), "it is not built yet");
}

/// A newcomer's path: init, check, run; and init overwrites nothing.
#[test]
fn first_steps() {
    let folder = tempfile::tempdir().unwrap();
    assert_eq!(pleiade_in(folder.path(), &["init"]).code, 0);
    assert_eq!(pleiade_in(folder.path(), &["init"]).code, 2);
    assert_eq!(pleiade_in(folder.path(), &["check", "example.toml"]).code, 0);
    let outcome = pleiade_in(folder.path(), &["run", "example.toml", "--replications", "3"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stdout.contains("n = 3 replications"), "{}", outcome.stdout);
    let results = folder.path().join("output/example");
    for file in [
        "scenario.resolved.toml",
        "manifest.json",
        "provenance.json",
        "runs.parquet",
        "summary.json",
        "summary.csv",
        "plots/utilisation-all-three.svg",
        "plots/queue-times-all-three.png",
        "plots/network-load-all-three.png",
    ] {
        assert!(results.join(file).is_file(), "{file}");
    }
    // The resolved scenario runs again as it is, to the same results.
    let summary = std::fs::read(results.join("summary.json")).unwrap();
    std::fs::copy(results.join("scenario.resolved.toml"), folder.path().join("again.toml")).unwrap();
    let again = pleiade_in(folder.path(), &["run", "again.toml", "--output", "second", "--quiet"]);
    assert_eq!(again.code, 0, "{}", again.stderr);
    assert!(again.stderr.is_empty(), "quiet is quiet: {}", again.stderr);
    assert!(summary == std::fs::read(folder.path().join("second/example/summary.json")).unwrap());
}

#[test]
fn every_format_is_well_formed() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = project("src/scenario/example.toml");
    let print = |format: &str| {
        let arguments =
            ["compare", scenario.to_str().unwrap(), "--replications", "2", "--quiet", "--format", format];
        let outcome = pleiade_in(folder.path(), &arguments);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        outcome.stdout
    };
    let json: serde_json::Value = serde_json::from_str(&print("json")).unwrap();
    assert_eq!(json[0]["rows"][0]["set"], "all-three");
    assert!(print("csv").starts_with("set,sites,cost_euros,utilisation_mean,utilisation_low"));
    assert!(print("markdown").contains("| --- |"));
    let widest = print("text").lines().map(|line| line.chars().count()).max().unwrap();
    assert!(widest <= 100, "text without a terminal is 100 columns wide: {widest}");
}

#[test]
fn schema_completions_and_manual() {
    let folder = tempfile::tempdir().unwrap();
    let schema = pleiade_in(folder.path(), &["schema"]);
    let value: serde_json::Value = serde_json::from_str(&schema.stdout).unwrap();
    assert!(value["properties"]["observation"].is_object());
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        assert!(pleiade_in(folder.path(), &["completions", shell]).stdout.contains("pleiade"));
    }
    assert!(pleiade_in(folder.path(), &["man"]).stdout.contains(".TH"));
    assert_eq!(pleiade_in(folder.path(), &["man", "pages"]).code, 0);
    assert!(folder.path().join("pages/pleiade-compare.1").is_file());
}

/// A replay says what it dropped on stderr and writes the schedule with whole seconds.
#[test]
fn replay_writes_the_schedule() {
    let Some(trace) = shared::path("traces/KTH-SP2-1996-2.swf.gz") else { return };
    let folder = tempfile::tempdir().unwrap();
    let outcome = pleiade_in(
        folder.path(),
        &[
            "replay",
            trace.to_str().unwrap(),
            "--nodes",
            "100",
            "--schedule",
            "schedule.csv",
            "--format",
            "json",
        ],
    );
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("28481 jobs"), "{}", outcome.stderr);
    let table: serde_json::Value = serde_json::from_str(&outcome.stdout).unwrap();
    // Ends first, one pass a second: the published mean wait under that order is 6,834.59 s.
    let wait = table[0]["rows"][0]["wait_s_mean"].as_f64().unwrap();
    assert!((wait - 6_834.59).abs() < 0.01, "{wait}");
    let schedule = std::fs::read_to_string(folder.path().join("schedule.csv")).unwrap();
    assert!(schedule.starts_with("job,submit,start,end\n") && schedule.lines().count() == 28_482);
}

/// Five jobs on four processors that tell the policies apart: job, submit, run and request, processors.
const FIVE_JOBS: [[u32; 4]; 5] =
    [[1, 0, 100, 3], [2, 1, 100, 4], [3, 2, 90, 1], [4, 3, 150, 1], [5, 4, 5, 1]];

fn replay_five_jobs(folder: &Path, policy: &str) -> Outcome {
    let line = |[job, submit, run, processors]: [u32; 4]| {
        let unknown = ["-1"; 9].join(" ");
        format!("{job} {submit} -1 {run} {processors} -1 -1 {processors} {run} {unknown}\n")
    };
    std::fs::write(folder.join("five.swf"), FIVE_JOBS.map(line).concat()).unwrap();
    let arguments = ["replay", "five.swf", "--nodes", "4", "--schedule", "starts.csv", "--policy", policy];
    pleiade_in(folder, &arguments)
}

#[track_caller]
fn check_starts(policy: &str, starts: [u32; 5]) {
    let folder = tempfile::tempdir().unwrap();
    let outcome = replay_five_jobs(folder.path(), policy);
    assert_eq!(outcome.code, 0, "{policy}: {}", outcome.stderr);
    let schedule = std::fs::read_to_string(folder.path().join("starts.csv")).unwrap();
    let found: Vec<u32> =
        schedule.lines().skip(1).map(|line| line.split(',').nth(2).unwrap().parse().unwrap()).collect();
    assert_eq!(found, starts, "{policy}");
}

/// Worked out by hand: job 2 needs all processors and is blocked until 100 by job 1.
#[test]
fn replay_takes_every_policy() {
    check_starts("fcfs", [0, 100, 200, 200, 200]);
    check_starts("first-fit", [0, 242, 2, 92, 100]);
    check_starts("ljf", [0, 153, 253, 3, 253]);
    check_starts("{ order = \"sjf\" }", [0, 100, 2, 200, 92]);
    check_starts("{ order = \"ljf\", backfill = \"easy\" }", [0, 242, 2, 92, 100]);
    check_starts("{ backfill = { kind = \"easy\", reservations = 2 } }", [0, 100, 2, 200, 92]);
    check_starts("{ backfill = { kind = \"conservative\", depth = 1 } }", [0, 100, 200, 200, 200]);
    for policy in ["sjf", "easy", "easy-sjbf", "conservative"] {
        check_starts(policy, [0, 100, 2, 200, 92]);
    }
    let help = pleiade_in(Path::new("."), &["replay", "--help"]).stdout;
    for (name, _) in pleiade::scenario::scheduler_names() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(replay_five_jobs(folder.path(), &name).code, 0, "{name}");
        assert!(help.contains(&format!("- {name}: ")), "{name} in {help}");
    }
}

#[test]
fn a_broken_policy_names_its_place() {
    for (policy, words) in [
        ("esy", "--policy:1:1: policy: unknown policy `esy`, did you mean `easy`?"),
        ("{ order = \"sjff\" }", "--policy:1:11: policy.order: unknown order `sjff`, did you mean `sjf`?"),
        (
            "{ backfill = { kind = \"easy\", reservations = 0 } }",
            "--policy:1:46: policy.backfill.reservations",
        ),
        ("{ order = \"sjf\"", "--policy:1:16: unclosed inline table"),
        ("7", "unknown policy `7`, known: conservative, dominant-resource, earliest-deadline, easy"),
    ] {
        let folder = tempfile::tempdir().unwrap();
        check_outcome(&replay_five_jobs(folder.path(), policy), &[words]);
        assert!(!folder.path().join("starts.csv").exists(), "{policy}");
    }
}

/// Values that are allowed and absurd end well or with one clear error, never in a panic.
#[test]
fn absurd_values_do_not_panic() {
    let scenario = project("src/scenario/example.toml");
    let folder = tempfile::tempdir().unwrap();
    for (change, code) in [
        ("class.fine-tune.requested={ factor = 1e30 }", 0),
        ("class.fine-tune.duration={ kind = \"lognormal\", mean = \"200000 d\", cv = 100 }", 0),
        ("class.fine-tune.duration=\"1 ns\"", 0),
        ("class.fine-tune.input=\"18000 PB\"", 0),
        ("class.fine-tune.duration={ kind = \"erlang\", mean = \"5 h\", shape = 131071 }", 2),
        ("accelerator.a100.peak_bf16_tflops=1e-12", 0),
        ("site.north.uplink=\"1 bit/s\"", 0),
        ("country.FI.access=\"1 kbit/s\"", 0),
        ("link.helsinki-milan.latency=\"200000 d\"", 2),
        ("observation.replications=4294967295", 2),
        ("observation.end=9999-12-31", 2),
        ("community.startups.jobs_per_day=0", 0),
        ("site.north.partition.gpu.nodes=4294967295", 2),
    ] {
        let arguments = ["run", scenario.to_str().unwrap(), "--quiet", "--set", "observation.replications=1"];
        let outcome = pleiade_in(folder.path(), &[&arguments[..], &["--set", change]].concat());
        assert_eq!(outcome.code, code, "{change}: {}", outcome.stderr);
    }
}

/// The resolved scenario of one candidate set runs that set again.
#[test]
fn a_chosen_set_runs_again() {
    let folder = tempfile::tempdir().unwrap();
    let scenario = project("src/scenario/example.toml");
    let chosen = ["run", scenario.to_str().unwrap(), "--candidates", "north-and-west", "--replications", "1"];
    let first = pleiade_in(folder.path(), &chosen);
    assert_eq!(first.code, 0, "{}", first.stderr);
    let again = ["run", "output/example/scenario.resolved.toml", "--output", "again", "--quiet"];
    assert_eq!(pleiade_in(folder.path(), &again).stdout, first.stdout);
}

/// Output that can't be written is a failed run, exit code 1.
#[test]
fn unwritable_output_ends_with_one() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("output"), "a file where a folder should be").unwrap();
    let scenario = project("src/scenario/example.toml");
    let outcome = pleiade_in(folder.path(), &["run", scenario.to_str().unwrap(), "--replications", "1"]);
    assert_eq!(outcome.code, 1, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("failed to write"), "{}", outcome.stderr);
}
