//! Published tables, operations, requests as people make them, and jobs that end early; with what breaks their rules.

use super::broken::check;
use super::{EXAMPLE, example, load_text};
use crate::engine::Distribution;
use crate::model::{AcceleratorId, Amount, Early, JobClass, Request, Scaling};

/// The example's class `fine-tune`.
fn fine_tune(text: &str, overrides: &[&str]) -> JobClass {
    let scenario = load_text(text, overrides).unwrap_or_else(|diagnostics| panic!("{diagnostics}"));
    scenario.system.classes.iter().find(|class| class.id == "fine-tune").unwrap().clone()
}

/// The example with a table of durations and one of sizes, and these keys of the class.
fn with_tables(duration: &str, accelerators: &str) -> String {
    let tables = "[[table]]\nid = \"lengths\"\nquantiles = [[0, \"1 s\"], [0.5, \"8 s\"], [0.5, \"1 h\"], [1, \"2 h\"]]\n\
                  source = \"a paper\"\nconfidence = \"soft\"\n\n[[table]]\nid = \"sizes\"\n\
                  counts = [{ count = 1, weight = 3 }, { count = 8, weight = 1 }]\n\n[[class]] ";
    let text = EXAMPLE.replacen("[[class]] ", tables, 1);
    let text = text.replacen("duration = { kind = \"lognormal\", mean = \"8 h\", cv = 1.5 }", duration, 1);
    text.replacen("accelerators = 8", accelerators, 1)
}

/// A text with one error at the `|`.
#[track_caller]
fn slip_in(marked: &str, word: &str) {
    let text = marked.replace('|', "");
    let found = load_text(&text, &[]).expect_err(marked).to_string();
    let line = marked.lines().position(|line| line.contains('|')).unwrap() + 1;
    assert!(found.contains(&format!(":{line}:")) && found.contains(word), "{found}");
}

/// Keys behind the id of `fine-tune`, with one error at each `|`.
#[track_caller]
fn slip(keys: &str, words: &[&str]) {
    check("id = \"fine-tune\"", &format!("id = \"fine-tune\"\n{keys}"), words);
}

/// `flops` instead of a duration, with one error at each `|`.
#[track_caller]
fn slip_flops(keys: &str, words: &[&str]) {
    let flops = format!("flops = {{ {keys} }} #");
    check("duration = {", &flops, words);
}

#[test]
fn tables_stand_where_they_are_named() {
    let text = with_tables(
        "duration = { kind = \"named\", table = \"lengths\" }",
        "accelerators = { table = \"sizes\" }",
    );
    let class = fine_tune(&text, &[]);
    let quantiles = vec![(0.0, 1.0), (0.5, 8.0), (0.5, 3_600.0), (1.0, 7_200.0)];
    assert_eq!(class.amount, Amount::Drawn(Distribution::Empirical { quantiles }));
    assert_eq!(class.accelerators, [(1, 0.75), (8, 0.25)]);
    let scenario = load_text(&text, &[]).unwrap();
    let fact = scenario.system.facts.iter().find(|fact| fact.path == "table.lengths").unwrap();
    assert_eq!(fact.source, "a paper");
    let again = load_text(&scenario.resolved_toml, &[]).unwrap();
    assert_eq!(again.system, scenario.system);
    // The result rests on no table that nobody names.
    let unused = load_text(&with_tables("duration = \"1 h\"", "accelerators = 8"), &[]).unwrap();
    assert!(unused.system.facts.iter().all(|fact| !fact.path.starts_with("table")));
}

#[test]
fn tables_that_cannot_be() {
    let eight = "accelerators = 8";
    let named = |table: &str| format!("duration = {{ kind = \"named\", table = {table} }}");
    slip_in(
        &with_tables(&named("|\"length\""), eight),
        "there is no table `length`, did you mean `lengths`?",
    );
    slip_in(&with_tables(&format!("|{}", named("\"sizes\"")), eight), "the table `sizes` holds no durations");
    let sizes = "accelerators = |{ table = \"lengths\" }";
    slip_in(&with_tables("duration = \"1 h\"", sizes), "the table `lengths` holds no sizes");
    let bytes = "duration = \"1 h\"\noutput = |{ kind = \"named\", table = \"lengths\" }";
    slip_in(&with_tables(bytes, eight), "a table holds durations or sizes");
    let table = with_tables(&named("\"lengths\""), eight);
    slip_in(
        &table.replace("quantiles = [[0, \"1 s\"]", "quantiles = |[[0.1, \"1 s\"]"),
        "quantiles must run",
    );
    let unused = with_tables("duration = \"1 h\"", eight);
    let none =
        unused.replace("counts = [{ count = 1, weight = 3 }, { count = 8, weight = 1 }]", "|name = \"no\"");
    slip_in(
        &none.replace("[[table]]\nid = \"sizes\"", "|[[table]]\nid = \"sizes\"").replacen("|name", "name", 1),
        "expected exactly one of `quantiles` and `counts`",
    );
    let nothing = unused.replace(
        "counts = [{ count = 1, weight = 3 }, { count = 8, weight = 1 }]",
        "counts = |[{ count = 1, weight = 0 }]",
    );
    slip_in(&nothing, "table.sizes.counts: at least one weight must be above zero");
    check(
        "duration = { kind = \"lognormal\", mean = \"8 h\", cv = 1.5 }",
        "duration = { kind = \"named\", table = |\"lengths\" }",
        &["there is no table `lengths`, there are none"],
    );
}

#[test]
fn operations_are_work_of_the_reference_accelerator() {
    let text = EXAMPLE.replacen(
        "duration = { kind = \"lognormal\", mean = \"8 h\", cv = 1.5 }",
        "flops = { parameters = 7e9, tokens = { kind = \"log-uniform\", low = 1e10, high = 1e11 }, utilisation = 0.4, \
         relative_utilisation = { a100 = 1.125 }, gamma = 0.07, measured_on = 256, startup = \"10 min\" }",
        1,
    );
    let class = fine_tune(&text, &[]);
    let Amount::Operations(operations) = &class.amount else { panic!() };
    assert_eq!(class.scaling, Scaling::Work);
    assert!((operations.each - 6.0).abs() < 1e-12 && (operations.peak_per_s - 989e12).abs() < 1.0);
    assert_eq!((operations.measured_on, &operations.startup_s), (256, &Distribution::Constant(600.0)));
    let speeds = class.speeds.unwrap();
    // Kinds are sorted by id: a100, h100.
    assert!((speeds[AcceleratorId(0)] - 1.125 * 312.0 / 989.0).abs() < 1e-12);
    assert!((speeds[AcceleratorId(1)] - 1.0).abs() < 1e-12);
}

#[test]
fn operations_that_cannot_be() {
    let good = "parameters = 7e9, tokens = 1e10";
    slip_flops(
        &format!("{good}, utilisation = |1.4"),
        &["flops.utilisation: a share: no value may exceed 1"],
    );
    slip_flops(&format!("{good}, utilisation = |0.0"), &["flops.utilisation: must be above zero"]);
    slip_flops(
        &format!("{good}, utilisation = |{{ kind = \"uniform\", low = 0.0, high = 0.5 }}"),
        &["values near 0 would take for ever"],
    );
    slip_flops(
        &format!("{good}, utilisation = 0.4, gamma = |1"),
        &["gamma: must be at least 0 and at most 0.99"],
    );
    slip_flops(
        &format!("{good}, utilisation = 0.4, relative_utilisation = {{ h100 = |0.9 }}"),
        &["relative_utilisation.h100: the others are relative to this one"],
    );
    slip_flops(
        &format!("{good}, utilisation = 0.4, relative_utilisation = {{ |h200 = 0.9 }}"),
        &["there is no accelerator `h200`"],
    );
    slip_flops(
        "parameters = 7e9, tokns = 1e10, utilisation = 0.4".replace("tokns", "|tokns").as_str(),
        &["did you mean `tokens`?"],
    );
    check(
        "duration = {",
        "flops = { parameters = 1, tokens = 1, utilisation = 1 }\n|duration = {",
        &["expected exactly one of `duration`, `work` and `flops`, found 2"],
    );
    let chain = "checkpoint = { interval = \"1 h\" }\nsegment = |\"10 min\"\nflops = { parameters = 7e9, tokens = 1e10, \
                 utilisation = 0.4, startup = \"20 min\" } #";
    check("duration = {", chain, &["segment: no longer than the longest `startup`"]);
    let malleable = "malleable = { minimum = 4, maximum = 8, speedup = { kind = \"linear\" } }\nflops = { parameters = \
                     7e9, tokens = 1e10, utilisation = 0.4, startup = |\"20 min\" } #";
    check("duration = {", malleable, &["flops.startup: jobs that change their size"]);
    let across = "cross_site = { parameters = 7e9, step = \"2 s\", mode = { kind = \"synchronous\" } }\nflops = { \
                  parameters = 7e9, tokens = 1e10, utilisation = 0.4, startup = |\"20 min\" } #";
    check("duration = {", across, &["flops.startup: jobs that train across sites"]);
}

#[test]
fn requests_as_people_make_them() {
    let class = fine_tune(EXAMPLE, &["class.fine-tune.requested={ factor = 2, cut = 0.15, most = 0.2 }"]);
    assert!((class.requested.cut - 0.15).abs() < 1e-12 && (class.requested.most - 0.2).abs() < 1e-12);
    assert!(class.may_end_early() && Request::MOST.0 == u64::MAX);
    assert!(!example(&[]).system.has_early_endings());
    slip("requested = { factor = 2, cut = |1.5 }", &["requested.cut: must be at least 0 and at most 1"]);
    slip(
        "requested = { factor = 2, cut = 0.7, most = |0.4 }",
        &["requested.most: `cut` and `most` are shares"],
    );
    let chain =
        "checkpoint = { interval = \"1 h\" }\nsegment = \"1 d\"\nrequested = { factor = 2, most = |0.4 }";
    slip(chain, &["requested.most: segments request what their partition allows"]);
    let across = "cross_site = { parameters = 7e9, step = \"2 s\", mode = { kind = \"synchronous\" } }";
    slip(&format!("{across}\nrequested = {{ factor = 2, most = |0.4 }}"), &["on one size, at one site"]);
}

#[test]
fn jobs_that_end_early() {
    let shares = "[{ from = 16, share = 0.463 }, { from = 1, share = 0.185 }]";
    let class = fine_tune(
        EXAMPLE,
        &[
            &format!(
                "class.fine-tune.stopped={{ share = {shares}, at = {{ kind = 'uniform', low = 0.1, high = 1.0 }} }}"
            ),
            "class.fine-tune.failed={ share = 0.3, after = { kind = 'exponential', mean = '5 min' } }",
        ],
    );
    let early: Early = class.early.clone().unwrap();
    assert_eq!(early.stopped, [(1, 0.185), (16, 0.463)]);
    assert_eq!((early.shares(15), early.shares(16)), ((0.185, 0.3), (0.463, 0.3)));
    // Eight accelerators for 8 h: 18.5 % stop at 55 % of it, and 30 % after 5 min.
    let expected = 8.0 * (8.0 * 3_600.0 * (1.0 - 0.185 - 0.3 + 0.185 * 0.55) + 0.3 * 300.0);
    assert!(
        (class.mean_work_s() - expected).abs() < 1e-6 * expected,
        "{} for {expected}",
        class.mean_work_s()
    );
    slip("stopped = { share = |1.2, at = 0.5 }", &["stopped.share: must be at least 0 and at most 1"]);
    slip("stopped = { share = 0.2, at = |1.5 }", &["stopped.at: a share: no value may exceed 1"]);
    slip("stopped = { share = 0.2, at = |0.0 }", &["stopped.at: must be above zero"]);
    slip("failed = { share = 0.2, after = |5 }", &["failed.after: expected a duration such as"]);
    slip(
        "failed = { share = |[{ from = 4, share = 0.2 }, { from = 4, share = 0.3 }], after = \"1 min\" }",
        &["two shares are about jobs from 4 accelerators on"],
    );
    slip(
        "stopped = { share = [{ from = 8, share = 0.8 }], at = 0.5 }\nfailed = { share = |0.3, after = \"1 min\" }",
        &["of jobs of 8 accelerators more than all are stopped or fail"],
    );
}
