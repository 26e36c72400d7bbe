//! Known answers of theory, through the real simulator.

use crate::shared;
use pleiade::host::Threads;
use pleiade::model::{LocalPolicy, Mask, SetRules};
use pleiade::study::search::{BestFirst, Greed, ImproveRules, Memo, best_of_all, greedy, improve};
use pleiade::study::validate::{
    Effort, PARTS, SCHEDULE_CASES, Verdict, che_hit_ratio, lru_hit_ratio, run_lengths, validate, zipf,
};
use pleiade::units::Money;
use serde_json::Value;
use std::collections::BTreeMap;

/// The name in the published cases of what a verdict compares, by how the quantity begins.
const KEYS: [(&str, &str); 54] = [
    ("number at 00 h", "m0"),
    ("number at 06 h", "m6"),
    ("number at 12 h", "m12"),
    ("number at 18 h", "m18"),
    ("number at its peak", "peak"),
    ("arrivals a second", "rate"),
    ("variance of the count", "Var_N"),
    ("hit ratio, LRU, 3 of 8", "zipf_hit"),
    ("hit ratio", "hit"),
    ("mean wait, SJF", "SJF_Wq"),
    ("mean wait, LJF", "LJF_Wq"),
    ("mean wait for support", "Wq_days"),
    ("share who wait for support", "c6"),
    ("95th percentile of the wait for support", "c6"),
    ("mean wait", "Wq"),
    ("share blocked, Erlang B", "ErlangB"),
    ("share blocked, M/M/", "Pblock"),
    ("time in", "T"),
    ("throughput", "X"),
    ("utilisation", "util"),
    ("share of the servers busy", "U"),
    ("customers at", "L"),
    ("max-min rate", "rate"),
    ("finish of", "finish"),
    ("LV08", "t"),
    ("rate of a window", "gbps"),
    ("time of a flow", "T"),
    ("level fair share", "level_fs"),
    ("fair tree factor", "factor"),
    ("decayed usage", "usage"),
    ("multifactor priority", "priority"),
    ("Rinott's h", "h"),
    ("eta of KN", "eta"),
    ("h squared of KN", "h2"),
    ("correct selections by KN", "PCS_min"),
    ("values in all until KN decides", "mean_total_obs"),
    ("OCBA of", "N"),
    ("estimated correct selections, OCBA", "APCS_first"),
    ("estimated correct selections, equal", "APCS_equal"),
    ("OCBA-m", "N"),
    ("facility location, all", "optimum"),
    ("facility location, greedy", "ratio_greedy"),
    ("mean of paired differences", "mean_d"),
    ("half-width of paired differences", "half"),
    ("p value of paired differences", "p_paired"),
    ("half-width of one of them alone", "half_A_alone"),
    ("Holm's p value", "adj"),
    ("Jain's index", "J"),
    ("Gini's coefficient", "G"),
    ("mean of batch", "batches"),
    ("MSER-5 with", "stat"),
    ("batches that MSER-5", "d"),
    ("coverage of the 95 % quantile", "cover"),
    ("asymptotic variance of the mean wait", "s2"),
];

/// The numbers below a key: one, one for each variant of the case, or one for each name in alphabetical order. Rationals
/// are written as text.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        Value::Object(named) => {
            let sorted: BTreeMap<&String, &Value> = named.iter().collect();
            sorted.into_values().flat_map(numbers).collect()
        }
        Value::String(text) => {
            let (over, under) = text.split_once('/').unwrap();
            vec![over.parse::<f64>().unwrap() / under.parse::<f64>().unwrap()]
        }
        other => vec![other.as_f64().unwrap()],
    }
}

fn published_cases() -> Option<Vec<Value>> {
    let text = shared::text("cases/validation.json")?;
    Some(serde_json::from_str(&text).unwrap())
}

/// What the built-in cases call exact is what an independent computation published, to its six digits: the n-th
/// verdict on a quantity of a case is its n-th published number, and none is left out.
fn check_exact_values(verdicts: &[Verdict]) {
    let Some(cases) = published_cases() else { return };
    let mut exact = BTreeMap::<(&str, &str), Vec<f64>>::new();
    // Laws that hold for other policies too have no published numbers of their own.
    // The anchor of LV08 without answers stands in a remark.
    let apart = ["starts in", "LV08 without"];
    let published = |verdict: &&Verdict| {
        verdict.case != "law" && !apart.iter().any(|start| verdict.quantity.starts_with(start))
    };
    for verdict in verdicts.iter().filter(published) {
        let key = KEYS.iter().find(|(start, _)| verdict.quantity.starts_with(start)).unwrap().1;
        exact.entry((&verdict.case, key)).or_default().push(verdict.exact);
    }
    for ((id, key), ours) in &exact {
        let case = cases.iter().find(|case| case["id"] == *id).unwrap();
        let published = numbers(&case["expect"][key]);
        let equal = |(ours, theirs): (&f64, &f64)| (ours - theirs).abs() <= 1e-5 * theirs;
        assert_eq!(ours.len(), published.len(), "{id} {key}");
        assert!(ours.iter().zip(&published).all(equal), "{id} {key}: {ours:?} for {published:?}");
    }
    assert_eq!(exact.values().map(Vec::len).sum::<usize>(), 143 + 31 + 40);
}

/// The approximation of hit ratios is the published one; it is not exact, and no case is judged by it.
#[test]
fn che_is_near_king() {
    let Some(cases) = published_cases() else { return };
    let case = cases.iter().find(|case| case["id"] == "N11").unwrap();
    let (che, king) = (che_hit_ratio(&zipf(8, 1.0), 3), lru_hit_ratio(&zipf(8, 1.0), 3));
    assert!((che - case["expect"]["zipf_che"].as_f64().unwrap()).abs() < 1e-6, "{che}");
    assert!((che - king).abs() < 0.01 * king, "{che} for {king}");
}

/// The customers that M/M/1 needs for its mean wait to 1 % are the published ones, to their three digits.
#[test]
fn run_lengths_are_published() {
    let Some(cases) = published_cases() else { return };
    let case = cases.iter().find(|case| case["id"] == "T11").unwrap();
    for (ours, theirs) in run_lengths().into_iter().zip(numbers(&case["expect"]["n"])) {
        assert!((ours / theirs - 1.0).abs() < 0.005, "{ours} for {theirs}");
    }
}

/// The built-in schedules are the published ones, job by job and start by start under each policy; none is left out.
#[test]
fn built_in_schedules_are_the_published_ones() {
    let Some(cases) = published_cases() else { return };
    let number = |value: &Value| value.as_u64().unwrap();
    let mut published = cases.iter().filter(|case| case["expect"].get("starts").is_some());
    for ours in SCHEDULE_CASES {
        let theirs = published.next().unwrap();
        assert_eq!(theirs["id"], ours.id);
        assert_eq!(theirs["params"]["N"], ours.nodes);
        let jobs = theirs["params"]["jobs"].as_array().unwrap().iter();
        let jobs = jobs.map(|job| job.as_array().unwrap()[1..].iter().map(number).collect::<Vec<_>>());
        assert_eq!(jobs.collect::<Vec<_>>(), ours.jobs, "{}", ours.id);
        let starts = theirs["expect"]["starts"].as_object().unwrap().iter();
        let starts: BTreeMap<String, Vec<u64>> = starts
            .map(|(policy, starts)| (policy.clone(), starts.as_array().unwrap().iter().map(number).collect()))
            .collect();
        let name = |policy: LocalPolicy| policy.to_string().replace("conservative (queue-order)", "CONS");
        let ours: BTreeMap<String, Vec<u64>> =
            ours.starts.iter().map(|(policy, starts)| (name(*policy), starts.to_vec())).collect();
        assert_eq!(starts, ours);
    }
    assert!(published.next().is_none());
}

/// The sets of the small facility location, from the published numbers and through the public search.
#[test]
fn the_best_sets_are_the_published_ones() {
    let Some(cases) = published_cases() else { return };
    let case = cases.iter().find(|case| case["id"] == "O01").unwrap();
    let distances: Vec<Vec<f64>> = case["params"]["dist"].as_array().unwrap().iter().map(numbers).collect();
    let weights = [3.0, 2.0, 2.0, 3.0, 4.0, 1.0];
    let value = |set: &Mask| -> f64 {
        let near = |row: &Vec<f64>| set.iter().map(|site| 10.0 - row[site as usize]).fold(0.0, f64::max);
        distances.iter().zip(weights).map(|(row, weight)| weight * near(row)).sum()
    };
    let rules = SetRules { budget: Some(Money(7)), ..SetRules::free([4, 3, 3, 4].map(Money).to_vec()) };
    let mut memo = Memo::new(|sets: &[Mask]| sets.iter().map(value).collect());
    let sites = |set: Mask| set.iter().map(|bit| f64::from(bit + 1)).collect::<Vec<_>>();
    let best = best_of_all(&rules, &mut memo).unwrap();
    assert_eq!(sites(best.set), numbers(&case["expect"]["set"]));
    let (_, found) = greedy(&rules, Greed::GainPerCost, &mut memo).unwrap();
    assert_eq!(sites(found.set), numbers(&case["expect"]["greedy_set"]));
    // Swaps find what greed missed, and the bound needs no more than the eleven sets that the budget pays for.
    let how = ImproveRules { patience: 3, tenure: 2, moves: 20 };
    assert_eq!(improve(&rules, &mut memo, found.set, how).best, best);
    let mut search = BestFirst::new(&rules, |set| value(&set));
    assert_eq!(search.next_above(f64::NEG_INFINITY).unwrap().value.to_bits(), best.value.to_bits());
    assert!(search.computed() <= 11, "{}", search.computed());
}

#[test]
fn every_built_in_case_passes() {
    let verdicts = validate(Effort::Quick, &Threads::new(0).unwrap());
    check_exact_values(&verdicts);
    for verdict in &verdicts {
        println!(
            "{:5} {:50} exact {:.6} simulated {:.6} allowed {:.6}",
            verdict.case, verdict.quantity, verdict.exact, verdict.simulated, verdict.allowed
        );
    }
    for verdict in verdicts.iter().filter(|verdict| verdict.case != "law") {
        let parts = PARTS.iter().filter(|part| part.has(&verdict.case)).count();
        assert_eq!(parts, 1, "{} checks one part of the simulator", verdict.case);
    }
    assert!(PARTS.iter().all(|part| verdicts.iter().any(|verdict| part.has(&verdict.case))));
    let failed: Vec<_> = verdicts.iter().filter(|verdict| !verdict.passed).collect();
    assert!(failed.is_empty() && verdicts.len() > 50, "{failed:#?}");
}
