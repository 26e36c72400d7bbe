//! Candidate sets that change more than their sites.

use super::{EXAMPLE, example, load_text, says};
use crate::study::run_cell;

/// The example whose second set is like its first, but for these changes.
fn changed(with: &str) -> String {
    let second = "[[set]]\nid = \"north-and-west\"\nsites = [\"west\"]";
    assert!(EXAMPLE.contains(second));
    EXAMPLE.replacen(
        second,
        &format!("[[set]]\nid = \"other\"\nsites = [\"south\", \"west\"]\nwith = [{with}]"),
        1,
    )
}

/// It does what the scenario does with these changes given as `--set`, and its resolved text does so, too.
#[test]
fn a_set_with_changes_is_the_scenario_with_them() {
    let changes = ["site.west.partition.gpu.share=0.5", "community.startups.jobs_per_day=30.0"];
    let text = changed(&changes.map(|change| format!("\"{change}\"")).join(", "));
    let scenario = load_text(&text, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    let metrics = |system, set| format!("{:?}", run_cell(system, set, 1).metrics);
    let (system, plain, alone) = (&scenario.system, example(&[]).system, example(&changes).system);
    assert_eq!(metrics(system, 0), metrics(&plain, 0));
    assert_eq!(metrics(system, 1), metrics(&alone, 0));
    assert_ne!(metrics(system, 1), metrics(system, 0));
    let again = load_text(&scenario.resolved_toml, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(*system, again.system);
}

#[track_caller]
fn wrong(with: &str, words: &[&str]) {
    says(&changed(with), words);
}

#[test]
fn changes_that_cannot_be() {
    wrong("\"site.west\"", &["set.other.with:1:1", "expected an override such as"]);
    wrong("\"site.wset.uplink=1 Gbit/s\"", &["set.other.with:1:1", "did you mean `west`?"]);
    wrong("\"site.west.partition.gpu.share=7\"", &["set.other.with:1:", "share"]);
    wrong("\"observation.replications=3\"", &["set.other.with", "this changes the observation"]);
    wrong("\"site.west.partition.gpu.id=gp2\"", &["set.other.with", "this changes the partitions"]);
    wrong("\"set.other.sites=['west']\"", &["set.other.with", "this changes the sets"]);
    wrong("3", &["set.other.with.0: expected a text, found the number 3"]);
}
