//! `pleiade sweep` as a user runs it: a load curve against theory, the same bytes at any number of threads, bad input.

use crate::program::{Outcome, contents, pleiade_in, project};
use pleiade::study::validate::erlang_c;
use std::path::{Path, PathBuf};

/// Four servers of one accelerator each, exponential service of one hour, and Poisson arrivals in one country.
const FOUR_SERVERS: &str = r#"
name = "four-servers"
reference_accelerator = "one"
observation = { start = 2026-01-01, end = 2026-04-01, warm_up = "10 d", replications = 12, seed = 5 }
broker = { policy = "home" }
accelerator = [{ id = "one", peak_bf16_tflops = 1.0 }]
router = [{ id = "here", latitude = 50.0, longitude = 5.0 }]
country = [{ id = "LU", router = "here", access = "1 Tbit/s" }]
community = [{ id = "users", jobs_per_day = 48.0, countries = { LU = 1 }, classes = { job = 1 } }]
class = [{ id = "job", accelerators = 1, duration = { kind = "exponential", mean = "1 h" } }]
objective = [{ id = "wait", metric = "wait_s_mean", want = "least", at_most = "30 min" }]

[[site]]
id = "site"
country = "LU"
latitude = 50.0
longitude = 5.0
router = "here"
uplink = "1 Tbit/s"
transfer_nodes = "1 Tbit/s"
partition = [{ id = "all", accelerator = "one", nodes = 4, accelerators_per_node = 1, share = 1.0, scheduler = "fcfs" }]

[sweep]
axis = [{ id = "rate", keys = ["community.users.jobs_per_day"], values = [48, 72, 84, 91] }]
"#;

fn sweep_in(folder: &Path, text: &str, more: &[&str]) -> Outcome {
    std::fs::write(folder.join("scenario.toml"), text).unwrap();
    let arguments: Vec<&str> = ["sweep", "scenario.toml"].iter().chain(more).copied().collect();
    pleiade_in(folder, &arguments)
}

fn json(folder: &Path, name: &str) -> serde_json::Value {
    let path = folder.join("output").join(name).join("sweep/sweep.json");
    serde_json::from_slice(&std::fs::read(path).unwrap()).unwrap()
}

/// The mean waits along the curve are those of Erlang C within four standard errors, and the limit of 30 min is broken
/// where Erlang C says, as far as a straight line between the values and the intervals tell; beyond 96 jobs a day, four a
/// hour, nothing serves them.
#[test]
fn a_load_curve_is_erlangs() {
    let folder = tempfile::tempdir().unwrap();
    let outcome = sweep_in(folder.path(), FOUR_SERVERS, &["--quiet"]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    let found = json(folder.path(), "four-servers");
    let wait_s = |a: f64| 3_600.0 * erlang_c(4, a) / (4.0 - a);
    for point in found["points"].as_array().unwrap() {
        let a = point["axes"][0]["number"].as_f64().unwrap() / 24.0;
        let result = &point["results"][0][0];
        let (mean, half) = (result["mean"].as_f64().unwrap(), result["half_width"].as_f64().unwrap());
        // The 97.5 % quantile of Student's t with 11 degrees of freedom.
        let error = half / 2.201;
        assert_eq!(result["count"], 12);
        assert!(error < 0.1 * mean, "{error} of {mean} tells nothing");
        assert!((mean - wait_s(a)).abs() < 4.0 * error, "{a}: {mean} ± {error}, not {}", wait_s(a));
        assert!((point["loads"][0].as_f64().unwrap() - a / 4.0).abs() < 1e-9);
    }
    let exact = (720..910).map(f64::from).find(|rate| wait_s(rate / 240.0) > 1_800.0).unwrap() / 10.0;
    let breaks = &found["breaks"];
    assert_eq!((&breaks[0]["side"], &breaks[1]["side"]), (&"above".into(), &"nowhere".into()));
    let (earliest, latest) = (
        breaks[0]["crossing"]["earliest"].as_f64().unwrap(),
        breaks[0]["crossing"]["latest"].as_f64().unwrap(),
    );
    // The curve bends: from 72 to 84 jobs a day the straight line lies above it by up to 0.7 jobs a day.
    assert!(earliest - 1.0 < exact && exact < latest + 1.0, "{earliest} to {latest}, not {exact}");
}

/// Over two futures a point is their mean by the weights, and a factor multiplies what each of them says: by Erlang C within four
/// standard errors. The load is that of the fuller future.
#[test]
fn a_point_is_the_mean_over_the_futures() {
    let folder = tempfile::tempdir().unwrap();
    let futures = r#"
future = [
    { id = "quiet", weight = 3 },
    { id = "busy", weight = 1, with = ["community.users.jobs_per_day=72"] },
]
"#;
    let axis = r#"over_futures = true
axis = [{ id = "rate", keys = ["community.users.jobs_per_day"], factor = true, values = [0.9, 1.1] }]"#;
    let text = FOUR_SERVERS.replacen("\n[[site]]", &format!("{futures}\n[[site]]"), 1);
    let before = text.find("axis = [").unwrap();
    let outcome = sweep_in(folder.path(), &format!("{}{axis}\n", &text[..before]), &[]);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("48 runs, "), "2 points, 2 futures, 12 runs: {}", outcome.stderr);
    let found = json(folder.path(), "four-servers");
    let wait_s = |a: f64| 3_600.0 * erlang_c(4, a) / (4.0 - a);
    for (point, factor) in found["points"].as_array().unwrap().iter().zip([0.9, 1.1]) {
        let exact = 0.75 * wait_s(2.0 * factor) + 0.25 * wait_s(3.0 * factor);
        let result = &point["results"][0][0];
        let (mean, half) = (result["mean"].as_f64().unwrap(), result["half_width"].as_f64().unwrap());
        let error = half / 2.201;
        assert!(
            error < 0.1 * mean && (mean - exact).abs() < 4.0 * error,
            "{factor}: {mean} ± {error}, not {exact}"
        );
        assert!((point["loads"][0].as_f64().unwrap() - 0.75 * factor).abs() < 1e-9);
    }
    assert_eq!(found["futures"][0]["weight"], 0.75);
    let tables = std::fs::read_to_string(folder.path().join("output/four-servers/sweep/tables.md")).unwrap();
    assert!(tables.contains("the mean over 2 futures by their weights"), "{tables}");
}

/// The small example over two axes, with few short runs.
fn product() -> String {
    let example = std::fs::read_to_string(project("src/scenario/example.toml")).unwrap();
    let example = example.replacen(
        "end = 2027-01-01, warm_up = \"30 d\", replications = 10",
        "end = 2026-01-15, replications = 2",
        1,
    );
    example
        + r#"
[sweep]
[[sweep.axis]]
id = "demand"
name = "Jobs of startups"
keys = ["community.startups.jobs_per_day"]
factor = true
values = [0.5, 1, 2]

[[sweep.axis]]
id = "uplink"
keys = ["site.west.uplink"]
from = "1 Gbit/s"
to = "100 Gbit/s"
scale = "log"
steps = 3
"#
}

fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut files = contents(&folder.join("output/example/sweep"));
    files.retain(|(path, _)| !path.ends_with("provenance.json"));
    files
}

/// One thread, two, and finished runs read again give the same bytes; more replications keep those there are.
#[test]
fn same_bytes_at_any_number_of_threads() {
    let run = |threads: &str| {
        let folder = tempfile::tempdir().unwrap();
        let outcome = sweep_in(folder.path(), &product(), &["--threads", threads]);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        (folder, outcome.stdout)
    };
    let (one, two) = (run("1"), run("2"));
    assert_eq!(one.1, two.1);
    let first = files(one.0.path());
    assert!(first.len() >= 7, "tables, numbers and plots: {}", first.len());
    assert!(first == files(two.0.path()));
    let again = sweep_in(one.0.path(), &product(), &[]);
    assert!(again.stderr.contains("all finished before"), "{}", again.stderr);
    assert!(first == files(one.0.path()));
    let more = sweep_in(one.0.path(), &product(), &["--replications", "3"]);
    assert!(
        more.stderr.contains("18 runs, ") && more.stderr.contains("36 runs finished before"),
        "{}",
        more.stderr
    );
}

/// Every design leaves its own tables and plots; each format is what it says.
#[test]
fn designs_leave_what_they_are_for() {
    let folder = tempfile::tempdir().unwrap();
    let check = |more: &[&str], kind: &str, words: &[&str]| {
        let mut arguments = vec!["--quiet", "--format", "csv"];
        arguments.extend(more.iter().flat_map(|change| ["--set", change]));
        let outcome = sweep_in(folder.path(), &product(), &arguments);
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        assert!(outcome.stderr.is_empty(), "{}", outcome.stderr);
        for word in words {
            assert!(outcome.stdout.contains(word), "{word:?} in {}", outcome.stdout);
        }
        let plots = contents(&folder.path().join("output/example/sweep/plots"));
        let names: Vec<_> = plots.iter().map(|(path, _)| path.to_string_lossy().into_owned()).collect();
        let expected: Vec<String> = ["png", "svg"]
            .iter()
            .filter(|_| !kind.is_empty())
            .map(|end| format!("{kind}-done.{end}"))
            .collect();
        assert_eq!(names, expected);
    };
    check(&[], "map", &["demand,uplink,set,done_mean", "objective,set,than,share,share_low"]);
    check(&["sweep.design=one-at-a-time"], "tornado", &["low_change_mean", "Jobs of startups,×0.5"]);
    check(&["sweep.design=morris", "sweep.trajectories=3"], "morris", &["mu_star_mean", "sigma_mean"]);
    check(&["sweep.design=sobol", "sweep.points=3"], "sobol", &["first,first_low", "total,total_low"]);
    check(
        &["sweep.design=latin-hypercube", "sweep.points=4"],
        "",
        &["surely_better,surely_worse,undecided,points"],
    );
    // A folder with nothing but a sweep has a page too, and `report` draws it again.
    let page = folder.path().join("output/example/report.html");
    let drawn = std::fs::read_to_string(&page).unwrap();
    assert!(drawn.contains("Varied: ") && drawn.contains("pleiade sweep sweep/scenario.resolved.toml"));
    std::fs::remove_file(&page).unwrap();
    let outcome = pleiade_in(folder.path(), &["report", "output/example"]);
    assert!(outcome.code == 0 && outcome.stderr.contains("report.html"), "{}", outcome.stderr);
    assert!(drawn == std::fs::read_to_string(&page).unwrap());
    let csv = std::fs::read_to_string(folder.path().join("output/example/sweep/sweep.csv")).unwrap();
    assert_eq!(csv.lines().count(), 1 + 4 * 2);
    assert!(csv.starts_with(
        "point,demand,uplink,set,objective,metric,unit,value_mean,value_low,value_high,value_n\n"
    ));
}

#[test]
fn bad_input_ends_with_two() {
    let folder = tempfile::tempdir().unwrap();
    let check = |text: &str, more: &[&str], words: &[&str]| {
        let outcome = sweep_in(folder.path(), text, more);
        assert_eq!((outcome.code, outcome.stdout.as_str()), (2, ""), "{}", outcome.stderr);
        for word in words {
            assert!(outcome.stderr.contains(word), "{word:?} in {}", outcome.stderr);
        }
        assert!(!folder.path().join("output").exists(), "nothing ran");
    };
    let example = std::fs::read_to_string(project("src/scenario/example.toml")).unwrap();
    check(&example, &[], &["the scenario has no [sweep]"]);
    let slip = product().replacen("site.west.uplink", "site.wset.uplink", 1);
    check(&slip, &[], &["scenario.toml:", "sweep.axis.uplink.keys.0", "did you mean `west`?"]);
    check(&product(), &["--set", "sweep.axis.uplink.to=5"], &["--set:1:", "say both in one unit"]);
    check(&product(), &["--set", "sweep.design=morris"], &["needs `trajectories`"]);
    check(&product(), &["--set", "sweep.axis.demand.values=[0.5, \"two\"]"], &["a factor is a number"]);
}
