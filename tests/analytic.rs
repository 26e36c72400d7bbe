//! Known answers of theory, through the real simulator.

use crate::shared;
use pleiade::host::Threads;
use pleiade::study::validate::{Effort, Verdict, validate};
use serde_json::Value;
use std::collections::BTreeMap;

/// The name in the published cases of what a verdict compares, by how the quantity begins.
const KEYS: [(&str, &str); 7] = [
    ("mean wait", "Wq"),
    ("share blocked, Erlang B", "ErlangB"),
    ("share blocked, M/M/", "Pblock"),
    ("time in", "T"),
    ("customers at", "L"),
    ("max-min rate", "rate"),
    ("finish of", "finish"),
];

/// The numbers below a key: one, or one for each variant of the case. Rationals are written as text.
fn numbers(value: &Value) -> Vec<f64> {
    match value {
        Value::Array(items) => items.iter().flat_map(numbers).collect(),
        Value::String(text) => {
            let (over, under) = text.split_once('/').unwrap();
            vec![over.parse::<f64>().unwrap() / under.parse::<f64>().unwrap()]
        }
        other => vec![other.as_f64().unwrap()],
    }
}

/// What the built-in cases call exact is what an independent computation published, to its six digits: the n-th
/// verdict on a quantity of a case is its n-th published number, and none is left out.
fn check_exact_values(verdicts: &[Verdict]) {
    let Some(text) = shared::text("cases/validation.json") else { return };
    let cases: Vec<Value> = serde_json::from_str(&text).unwrap();
    let mut exact = BTreeMap::<(&str, &str), Vec<f64>>::new();
    for verdict in verdicts.iter().filter(|verdict| !verdict.case.starts_with('S')) {
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
    assert!(exact.values().map(Vec::len).sum::<usize>() > 40);
}

#[test]
fn every_built_in_case_passes() {
    let verdicts = validate(Effort::Quick, &Threads::new(0, || ()).unwrap());
    check_exact_values(&verdicts);
    for verdict in &verdicts {
        println!(
            "{:5} {:50} exact {:.6} simulated {:.6} allowed {:.6}",
            verdict.case, verdict.quantity, verdict.exact, verdict.simulated, verdict.allowed
        );
    }
    let failed: Vec<_> = verdicts.iter().filter(|verdict| !verdict.passed).collect();
    assert!(failed.is_empty() && verdicts.len() > 50, "{failed:#?}");
}
