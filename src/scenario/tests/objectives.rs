//! What is wanted of a set, and the futures in which it is judged.

use super::{EXAMPLE, example, load_text, says};
use crate::statistics::{Indifference, Want};
use crate::study::run_cell;

fn with(text: &str) -> String {
    format!("{EXAMPLE}\n{text}\n")
}

#[track_caller]
fn wrong(text: &str, words: &[&str]) {
    says(&with(text), words);
}

#[test]
fn objectives_are_read_in_their_units() {
    let text = "[[objective]]\nid = \"quick\"\nmetric = \"wait_s_p90\"\ncommunity = \"startups\"\nwant = \"least\"\n\
                at_most = \"2 d\"\nindifference = \"6 h\"\n\
                [[objective]]\nid = \"cheap\"\nmetric = \"cost_euros\"\nwant = \"least\"\nat_most = \"2 MEUR\"\n\
                [[objective]]\nid = \"busy\"\nmetric = \"utilisation\"\nsite = \"west\"\nwant = \"most\"\nat_least = \"40 %\"\n\
                indifference = \"2 %\"";
    let scenario = load_text(&with(text), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let [quick, cheap, busy] = scenario.objectives.as_slice() else { panic!("three objectives") };
    assert_eq!((quick.want, quick.at_most), (Want::Least, Some(172_800.0)));
    assert_eq!(quick.indifference, Indifference::Absolute(21_600.0));
    assert_eq!((cheap.at_most, cheap.indifference), (Some(2e6), Indifference::Relative(0.01)));
    assert_eq!((busy.at_least, busy.indifference), (Some(0.4), Indifference::Relative(0.02)));
    assert_eq!(scenario.objectives, load_text(&scenario.resolved_toml, &[]).unwrap().objectives);
    let default = &example(&[]).objectives;
    assert_eq!((default.len(), default[0].measure.metric()), (1, "done_h"));
}

#[test]
fn objectives_that_cannot_be() {
    let one = |keys: &str| format!("[[objective]]\nid = \"it\"\nwant = \"most\"\n{keys}");
    wrong(&one("metric = \"done\""), &["objective.it.metric", "there is no metric `done`"]);
    wrong(&one("metric = \"servd_h\""), &["did you mean `served_h`?"]);
    wrong(&one("metric = \"bound_h\"\nsite = \"west\""), &["`bound_h` is no metric of sites"]);
    wrong(
        &one("metric = \"done_h\"\nsite = \"west\"\ncommunity = \"startups\""),
        &["objective.it.site", "not of both"],
    );
    wrong(&one("metric = \"done_h\"\nsite = \"wset\""), &["did you mean `west`?"]);
    wrong(&one("metric = \"wait_s_mean\"\nat_most = \"3\""), &["objective.it.at_most", "a duration such as"]);
    wrong(
        &one("metric = \"done_h\"\nat_least = \"3 d\""),
        &["objective.it.at_least", "expected a number in h"],
    );
    wrong(
        &one("metric = \"utilisation\"\nat_least = 0.5\nat_most = 0.4"),
        &["objective.it.at_most", "at_least"],
    );
    wrong(&one("metric = \"done_h\"\nindifference = 0"), &["objective.it.indifference", "above zero"]);
    wrong(&one("metric = \"done_h\"\nindifference = \"few\""), &["objective.it.indifference", "1 %"]);
    wrong(&one("metric = \"done_h\"\nwish = 1"), &["unknown key `wish`"]);
}

/// A future is the scenario with its changes, those of its sets among them.
#[test]
fn a_future_is_the_scenario_with_its_changes() {
    let text = "[[future]]\nid = \"high\"\nweight = 2\nwith = [\"community.startups.jobs_per_day=30.0\"]\n\
                [[future]]\nid = \"as-it-is\"\nweight = 1.0";
    let scenario = load_text(&with(text), &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let [high, plain] = scenario.futures.as_slice() else { panic!("two futures") };
    assert_eq!((high.weight, plain.weight), (2.0, 1.0));
    let metrics = |system, set| format!("{:?}", run_cell(system, set, 1).metrics);
    let alone = example(&["community.startups.jobs_per_day=30.0"]).system;
    for set in 0..alone.sets.len() {
        assert_eq!(metrics(&high.system, set), metrics(&alone, set));
        assert_eq!(metrics(&plain.system, set), metrics(&scenario.system, set));
    }
    let future = |keys: &str| format!("[[future]]\nid = \"it\"\n{keys}");
    wrong(&future("weight = 0"), &["future.it.weight", "above 0"]);
    wrong(
        &future("weight = 1\nwith = [\"site.wset.pue=2.0\"]"),
        &["future.it.with:1:1", "did you mean `west`?"],
    );
    wrong(
        &future("weight = 1\nwith = [\"observation.seed=2\"]"),
        &["future.it.with", "this changes the observation"],
    );
    wrong(
        &future("weight = 1\nwith = [\"site.west.partition.gpu.share=7\"]"),
        &["future.it.with:1:", "share"],
    );
}

/// How much a choice may take, and what is absent.
#[test]
fn the_effort_of_a_choice() {
    let scenario = load_text(&with("[select]\nruns = 500\nfirst = 300\n[worth]\nruns = 90"), &[]).unwrap();
    let effort = scenario.effort;
    assert_eq!((effort.runs, effort.look, effort.first, effort.most), (500, 3, 300, 300));
    assert_eq!(scenario.worth.map(|worth| (worth.runs, worth.replications)), Some((90, 5)));
    assert_eq!((example(&[]).effort.runs, example(&[]).worth), (1_000, None));
    wrong("[select]\nlook = 1", &["select.look", "at least 2"]);
    wrong("[select]\nfirst = 1", &["select.first", "at least 2"]);
    wrong("[select]\nconfidence = 95", &["select.confidence", "at most 0.9999"]);
    wrong("[select]\nrun = 5", &["unknown key `run`", "did you mean `runs`?"]);
    wrong(
        "[choice]\n[select]\nruns = 4",
        &["select.runs", "seven tenths of the 4 runs, and looking at one set takes 3"],
    );
    wrong("[worth]\nruns = 5", &["worth.runs", "at least 10"]);
}
