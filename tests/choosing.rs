//! Choosing: what a choice finds against trying everything by hand, what sites are worth, the most to be expected of a set.

use crate::program::{contents, pleiade_in, project};
use pleiade::bound::expected_bound_h;
use pleiade::host::{FileLoader, Threads};
use pleiade::model::{CandidateSet, Mask, System};
use pleiade::scenario::{self, Override, Scenario};
use pleiade::statistics::{Estimate, Metric};
use pleiade::study::select::{Asked, Guarantee, SelectSummary, choose};
use pleiade::study::{Setting, Shapley, in_futures, in_memory, run_cell};
use std::path::Path;
use std::sync::Arc;

/// The example over two months with a choice of its three sites, and more.
fn example(more: &[&str]) -> Scenario {
    let choice = [
        "observation.end=2026-03-01",
        "observation.warm_up=5 d",
        "choice={ excluded = [] }",
        "site.north.status=candidate",
    ];
    let overrides: Vec<Override> = choice.iter().chain(more).map(|&text| Override(text.to_owned())).collect();
    let path = project("src/scenario/example.toml");
    scenario::load(path.to_str().unwrap(), &FileLoader, &overrides)
        .unwrap_or_else(|problems| panic!("{problems}"))
}

fn chosen(scenario: &Scenario) -> SelectSummary {
    let asked = Asked {
        choice: scenario.choice.as_ref().unwrap(),
        objectives: &scenario.objectives,
        futures: &scenario.futures,
        effort: scenario.effort,
        worth: scenario.worth,
    };
    in_memory(&Threads::new(2).unwrap(), |runs| choose(&scenario.system, asked, runs)).unwrap()
}

fn set_of(system: &System, ids: &[&str]) -> CandidateSet {
    let sites = system.sites.enumerate().filter(|(_, site)| ids.contains(&site.id.as_str()));
    CandidateSet {
        id: String::new(),
        name: String::new(),
        sites: sites.map(|(id, _)| id).collect(),
        variant: None,
    }
}

/// What one set did in the mean of some replications.
fn done_h(system: &System, set: &CandidateSet, replications: u32) -> Estimate {
    let case = Setting::new(Arc::new(system.clone())).case(set);
    Estimate::of((0..replications).map(|run| case.run(run).metrics.network.get(Metric::DoneH)))
}

/// With all sets run, the answer is the one that a plain comparison of the same sets has; the promise is that of KN, and
/// the final's replications are not those of the search.
#[test]
fn the_answer_is_that_of_trying_everything() {
    let scenario = example(&["choice.sites={ most = 2 }", "community.startups.jobs_per_day=60.0"]);
    let summary = chosen(&scenario);
    let selection = summary.selection.as_ref().unwrap();
    assert!(selection.exhaustive && selection.looked_at == 6 && selection.allowed == Some(6));
    assert!(matches!(selection.guarantee, Guarantee::WithinIndifference { .. }), "{:?}", selection.guarantee);
    let system = &scenario.system;
    let mut means: Vec<(f64, Vec<String>)> = (1..8)
        .map(|bits: u32| {
            (0..3).filter(|bit| bits & (1 << bit) != 0).map(|bit| summary.candidates[bit].clone()).collect()
        })
        .filter(|ids: &Vec<String>| ids.len() <= 2)
        .map(|ids| {
            let set = set_of(system, &ids.iter().map(String::as_str).collect::<Vec<_>>());
            (done_h(system, &set, 20).mean.unwrap(), ids)
        })
        .collect();
    means.sort_by(|a, b| b.0.total_cmp(&a.0));
    // The best and the next of them lie further apart than the indifference, or the example tells nothing.
    assert!(means[0].0 > 1.01 * means[1].0, "{means:?}");
    assert_eq!(selection.finalists[selection.chosen].sites, means[0].1);
    let gap = selection.gap.unwrap();
    assert!(gap.is_bound && gap.gap >= 0.0 && gap.gap < 0.5 && gap.left_out.is_none(), "{gap:?}");
    for finalist in &selection.finalists {
        assert_ne!(
            finalist.before.mean, finalist.objectives[0].mean,
            "the final runs on replications of its own"
        );
    }
}

/// Where some runs have no value, since nobody of a community asked for anything, sets are judged by the others: the chosen one
/// has the least mean wait that the table of the finalists shows.
#[test]
fn runs_without_a_value_do_not_choose() {
    for seed in 1..=3 {
        let seed = format!("observation.seed={seed}");
        let summary = chosen(&example(&[
            &seed,
            "observation.end=2026-01-16",
            "community.startups.jobs_per_day=0.25",
            "choice.sites={ most = 2 }",
            "select={ look = 4, runs = 60, finalists = 3, first = 12, most = 40 }",
            "objective=[{ id = 'wait', metric = 'wait_s_mean', community = 'startups', want = 'least', indifference = '1 %' }]",
        ]));
        let selection = summary.selection.unwrap_or_else(|| panic!("{seed}: nothing is chosen"));
        let Guarantee::MostLikely { probability } = selection.guarantee else {
            panic!("{seed}: {:?}", selection.guarantee)
        };
        assert!(probability < 1.0, "{seed}: {probability}");
        let left: Vec<_> = selection.finalists.iter().filter(|one| one.dropped_at.is_none()).collect();
        let wait = |one: &pleiade::study::select::Finalist| one.objectives[0].mean.unwrap();
        let least = left.iter().map(|one| wait(one)).fold(f64::INFINITY, f64::min);
        assert!(wait(&selection.finalists[selection.chosen]) <= least, "{seed}: {left:?}");
        // KN ends before the most runs, or where a value is missing.
        assert!(left.iter().all(|one| one.objectives[0].count < 40), "{seed}: every run has a value");
        let before = |one: &pleiade::study::select::Finalist| one.before.mean.unwrap();
        let is_sorted = selection.finalists.is_sorted_by(|one, next| before(one) <= before(next));
        assert!(is_sorted, "{seed}: {:?}", selection.finalists);
    }
}

/// What is required is kept by the chosen set or, where no set can keep it, nothing is chosen.
#[test]
fn requirements_are_kept() {
    let objectives = |most: &str| {
        format!(
            "objective=[{{ id = 'done', metric = 'done_h', want = 'most' }}, \
             {{ id = 'cost', metric = 'cost_euros', want = 'least', at_most = '{most}' }}]"
        )
    };
    let costs = ["site.north.cost=30 MEUR", "site.south.cost=20 MEUR", "site.west.cost=10 MEUR"];
    let dear = objectives("35 MEUR");
    let summary = chosen(&example(&[&costs[..], &[dear.as_str()]].concat()));
    let selection = summary.selection.as_ref().unwrap();
    for finalist in &selection.finalists {
        assert!(finalist.cost_euros <= 35e6 && finalist.standing.is_some(), "{finalist:?}");
    }
    let none = objectives("5 MEUR");
    assert!(chosen(&example(&[&costs[..], &[none.as_str()]].concat())).selection.is_none());
}

/// Shapley values add up to what all do beyond the committed ones, exact or from random orders; both agree.
#[test]
fn shapley_values_add_up() {
    for (committed, replications) in [(false, 60), (true, 30)] {
        let status = if committed { "site.west.status=committed" } else { "site.west.status=candidate" };
        let exact = chosen(&example(&[status, "worth={ runs = 100, replications = 4 }"]));
        // Just too few runs for all sets.
        let few = format!(
            "worth={{ runs = {}, replications = {replications} }}",
            if committed { 4 } else { 8 } * replications - 1
        );
        let sampled = chosen(&example(&[status, &few]));
        assert!(matches!(sampled.worth[0].shapley, Some(Shapley::Sampled { pairs: 2.. })), "{few}");
        let [exact, sampled] = [&exact.worth[0], &sampled.worth[0]];
        let sum = |worth: &pleiade::study::Worth| -> f64 {
            worth.candidates.iter().map(|one| one.shapley.unwrap().mean.unwrap()).sum()
        };
        let base = exact.committed.map_or(0.0, |committed| committed.mean.unwrap());
        let total = exact.all.mean.unwrap() - base;
        assert!((sum(exact) / total - 1.0).abs() < 1e-9, "{} and {total}", sum(exact));
        assert_eq!(committed, exact.committed.is_some());
        for (one, other) in exact.candidates.iter().zip(&sampled.candidates) {
            let (one, other) = (one.shapley.unwrap(), other.shapley.unwrap());
            // Half-widths at 95 %: four standard errors of the difference are less than twice as much.
            let room = 2.0 * libm::hypot(one.half_width.unwrap(), other.half_width.unwrap());
            assert!((one.mean.unwrap() - other.mean.unwrap()).abs() < room, "{one:?} {other:?}");
        }
    }
}

/// Two sites that differ in nothing but their ids are worth the same, within their intervals; alone, to the last bit.
#[test]
fn equal_sites_are_worth_the_same() {
    let same = |site: &str, key: &str, value: &str| format!("site.{site}.{key}={value}");
    let mut overrides = vec!["worth={ runs = 200, replications = 12 }".to_owned()];
    for community in ["startups", "researchers"] {
        overrides.push(format!("community.{community}.countries={{ FI = 1 }}"));
    }
    for site in ["south", "west"] {
        overrides.extend([
            same(site, "latitude", "45.0"),
            same(site, "longitude", "9.0"),
            same(site, "router", "milan"),
            same(site, "uplink", "10 Gbit/s"),
            same(site, "transfer_nodes", "10 Gbit/s"),
            same(site, "partition.gpu.accelerator", "a100"),
            same(site, "partition.gpu.nodes", "16"),
        ]);
    }
    let overrides: Vec<&str> = overrides.iter().map(String::as_str).collect();
    let worth = &chosen(&example(&overrides)).worth[0];
    let of = |id: &str| worth.candidates.iter().find(|one| one.site == id).unwrap();
    let (south, west) = (of("south"), of("west"));
    assert_eq!(south.first, west.first);
    let [one, other] = [south, west].map(|site| site.shapley.unwrap());
    let room = libm::hypot(one.half_width.unwrap(), other.half_width.unwrap());
    assert!((one.mean.unwrap() - other.mean.unwrap()).abs() < room, "{one:?} {other:?}");
    assert!(one.mean.unwrap() > 10.0 * room, "the example tells something: {one:?}");
}

/// Nothing that a set does in the mean exceeds what is expected to be the most, which never falls when a site is added.
#[test]
fn no_set_does_more_than_can_be_expected() {
    for more in [&[][..], &["community.startups.jobs_per_day=100.0"], &["broker={ policy = 'random' }"]] {
        let system = example(more).system;
        let ids: Vec<String> = system.sites.iter().map(|site| site.id.clone()).collect();
        let bound = |mask: Mask| {
            let ids: Vec<&str> = mask.iter().map(|bit| ids[bit as usize].as_str()).collect();
            let set = set_of(&system, &ids);
            (expected_bound_h(&system, &set), set)
        };
        for mask in (1..8).map(Mask) {
            let (most, set) = bound(mask);
            let done = done_h(&system, &set, 6);
            let low = done.mean.unwrap() - 2.0 * done.half_width.unwrap();
            assert!(low <= most && most < 3.0 * done.mean.unwrap(), "{most} of {done:?}");
            for bit in 0..3 {
                assert!(bound(mask.with(bit)).0 >= most * (1.0 - 1e-9));
            }
        }
    }
}

fn select(folder: &Path, arguments: &[&str]) -> crate::program::Outcome {
    pleiade_in(
        folder,
        &[
            &[
                "select",
                "scenario.toml",
                "--set",
                "observation.end=2026-02-15",
                "--set",
                "observation.warm_up=5 d",
            ],
            arguments,
        ]
        .concat(),
    )
}

/// The same bytes at one and two threads, and from runs that were finished before; without rules of a choice, one clear error.
#[test]
fn select_gives_the_same_bytes_at_any_number_of_threads() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::copy(project("src/scenario/example.toml"), folder.path().join("scenario.toml")).unwrap();
    let futures = "future=[{ id = 'low', weight = 1, with = ['community.startups.jobs_per_day=4'] }, { id = 'high', weight = 2 }]";
    let more = [
        "--set",
        futures,
        "--set",
        "choice={ sites = { most = 1 } }",
        "--set",
        "worth={ runs = 60, replications = 2 }",
        "--set",
        "site.west.round=2",
        "--set",
        "site.north.status=candidate",
    ];
    let files = |threads: &str, output: &str| {
        let outcome =
            select(folder.path(), &[&more[..], &["--threads", threads, "--output", output]].concat());
        assert_eq!(outcome.code, 0, "{}", outcome.stderr);
        let mut files = contents(&folder.path().join(output));
        files.retain(|(path, _)| !path.ends_with("provenance.json"));
        (files, outcome)
    };
    let (one, said) = files("1", "one");
    for word in ["Chosen:", "confidence", "Waiting:", "The finalists", "What each candidate is worth"] {
        assert!(said.stdout.contains(word), "{word} in {}", said.stdout);
    }
    assert!(one.len() > 10 && one == files("2", "two").0);
    let page = one.iter().find(|(path, _)| path.ends_with("report.html")).expect("a choice has a page");
    assert!(String::from_utf8_lossy(&page.1).contains("<p class=\"answer\">Chosen: "));
    let (again, said) = files("2", "one");
    assert!(one == again && said.stderr.contains("all finished before"), "{}", said.stderr);
    let without = select(folder.path(), &[]);
    assert!(without.code == 2 && without.stderr.contains("[choice]"), "{}", without.stderr);
}

/// In the futures a set is what the scenario with the future's changes has it to be; its regret is nothing where it is best.
#[test]
fn futures_are_the_scenario_with_their_changes() {
    let change = "community.startups.jobs_per_day=60.0";
    let futures = format!(
        "future=[{{ id = 'as-it-is', weight = 1 }}, {{ id = 'high', weight = 3, with = ['{change}'] }}]"
    );
    let scenario = example(&[&futures, "observation.replications=3"]);
    let threads = Threads::new(2).unwrap();
    let (judged, objectives) =
        ((&scenario.system, scenario.system.observation.replications), &scenario.objectives);
    let found = in_memory(&threads, |runs| in_futures(judged, &scenario.futures, objectives, runs)).unwrap();
    assert_eq!(found.futures.iter().map(|one| one.weight).collect::<Vec<_>>(), [0.25, 0.75]);
    let high = example(&[change]).system;
    let done = &found.objectives[0];
    for (set, of_set) in done.sets.iter().enumerate() {
        for (future, system) in [&scenario.system, &high].into_iter().enumerate() {
            let values = (0..3).map(|run| run_cell(system, set, run).metrics.network.get(Metric::DoneH));
            assert_eq!(of_set.values[future], Estimate::of(values));
        }
        let weighted = 0.25 * of_set.values[0].mean.unwrap() + 0.75 * of_set.values[1].mean.unwrap();
        assert!((of_set.weighted.mean.unwrap() / weighted - 1.0).abs() < 1e-12);
    }
    for future in 0..2 {
        let regrets: Vec<f64> = done.sets.iter().map(|set| set.regrets[future].mean.unwrap()).collect();
        let values: Vec<f64> = done.sets.iter().map(|set| set.values[future].mean.unwrap()).collect();
        let best = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        for (regret, value) in regrets.iter().zip(&values) {
            assert!((regret - (best - value)).abs() <= 1e-9 * best);
        }
    }
    let beats = |one: usize, other: usize| done.beats[one][other].mean.unwrap();
    assert!((beats(0, 1) + beats(1, 0) - 1.0).abs() < 1e-12);
}
