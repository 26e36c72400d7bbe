//! What `pleiade check` tells of a scenario that is right: what decisions cost, and what its author may not expect.

use crate::program::{Outcome, pleiade_in, project};
use std::path::Path;

/// What `check` says of a scenario of the project with these changes, which must be right.
fn check_of(scenario: &str, changes: &[&str]) -> Outcome {
    let scenario = project(scenario);
    let changes = changes.iter().flat_map(|change| ["--set", change]);
    let arguments: Vec<&str> = ["check", scenario.to_str().unwrap()].into_iter().chain(changes).collect();
    let outcome = pleiade_in(Path::new("."), &arguments);
    assert_eq!(outcome.code, 0, "{}", outcome.stderr);
    outcome
}

/// What decisions cost stands beside the policies, and is warned of where queues grow long.
#[test]
fn check_tells_what_policies_cost() {
    let check = |changes: &[&str]| check_of("src/scenario/example.toml", changes);
    let conservative = "site.north.partition.gpu.scheduler=conservative";
    let deep = "site.west.partition.gpu.scheduler={ backfill = { kind = \"conservative\", depth = 50 } }";
    let outcome = check(&[conservative, deep]);
    let note = outcome.stdout.replace('\n', " ");
    let costs = "Cost of a decision: linear in jobs running under conservative (queue-order, depth 50); up to the \
                 square of jobs waiting under conservative (queue-order).";
    assert!(note.contains(costs), "{}", outcome.stdout);
    assert!(!outcome.stderr.contains("a decision"), "{}", outcome.stderr);
    let outcome = check(&[conservative, deep, "community.startups.jobs_per_day=22"]);
    let warned =
        "a decision at gpu of north takes time up to the square of jobs waiting (conservative (queue-order))";
    assert!(outcome.stderr.contains(warned), "{}", outcome.stderr);
    assert!(
        outcome.stderr.contains("depth = 100") && !outcome.stderr.contains("of west"),
        "{}",
        outcome.stderr
    );
    let cheap = check(&["community.startups.jobs_per_day=22"]);
    assert!(!cheap.stdout.contains("Cost of") && !cheap.stderr.contains("a decision"), "{}", cheap.stderr);
}

/// A steady state is warned of where things change, and not where they don't.
#[test]
fn check_tells_what_keeps_runs_from_settling() {
    let check = |changes: &[&str]| check_of("src/scenario/example.toml", changes).stderr;
    let steady = "observation.steady_state=true";
    assert!(!check(&[steady]).contains("steady_state"), "{}", check(&[steady]));
    let grows = "community.startups.growth_per_year=0.5";
    let opens = "site.west.partition.gpu.opens=2026-03-01";
    assert!(!check(&[grows, opens]).contains("steady_state"));
    let warned = check(&[steady, grows, opens]);
    for words in ["but the demand of startups grows", "but gpu of west opens while it is observed"] {
        assert!(warned.contains(words), "{words} in {warned}");
    }
}

/// Access modes and people stand in tables of their own, and what they or the machines cannot do is warned of.
#[test]
fn check_tells_of_projects_and_people() {
    let check = |changes: &[&str]| check_of("scenarios/projects.toml", changes);
    let plain = check(&[]);
    for words in ["Access modes", "People of projects", "Work asked of people", "lumi-support", "large-scale"]
    {
        assert!(plain.stdout.contains(words), "{words} in {}", plain.stdout);
    }
    assert!(
        plain.stderr.contains("if all that is applied for is granted and used: queues grow"),
        "{}",
        plain.stderr
    );
    assert!(!plain.stderr.contains("has room") && !plain.stderr.contains("panel"), "{}", plain.stderr);
    let outcome = check(&["class.pretraining.accelerators=2500", "reviewers.panel.people=0"]);
    for words in [
        "no site of sets pooled, bound, plus-one, plus-three, open and 1 more has room for a job of each class of the projects \
         model, science: all of these are refused",
        "the reviewers panel are asked for 82 h a week on 2025-01-01 and are at work for 0 h",
    ] {
        assert!(outcome.stderr.contains(words), "{words} in {}", outcome.stderr);
    }
}
