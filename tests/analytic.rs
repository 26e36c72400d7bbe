//! Known answers of theory, through the real simulator.

use crate::shared;
use pleiade::study::Launcher;
use pleiade::study::validate::{Effort, Verdict, validate};

/// Runs cells on the two halves of a thread pool by turns; the host has its own.
struct Threads;

impl Launcher for Threads {
    fn launch<T: Send, F: Fn(usize) -> T + Send + Sync>(&self, cells: usize, work: F) -> Vec<T> {
        use rayon::prelude::*;
        (0..cells).into_par_iter().map(work).collect()
    }
}

/// All numbers below a JSON value.
fn numbers(value: &serde_json::Value) -> Vec<f64> {
    match value {
        serde_json::Value::Array(items) => items.iter().flat_map(numbers).collect(),
        serde_json::Value::Object(fields) => fields.values().flat_map(numbers).collect(),
        serde_json::Value::String(text) => {
            let ratio = text.split_once('/').map(|(a, b)| (a.parse::<f64>(), b.parse::<f64>()));
            ratio.and_then(|(a, b)| Some(a.ok()? / b.ok()?)).into_iter().collect()
        }
        other => other.as_f64().into_iter().collect(),
    }
}

/// What the built-in cases call exact is what an independent computation published, to its six digits.
fn check_exact_values(verdicts: &[Verdict]) {
    let Some(text) = shared::text("cases/validation.json") else { return };
    let cases: serde_json::Value = serde_json::from_str(&text).unwrap();
    let mut compared = 0;
    for verdict in verdicts.iter().filter(|verdict| !verdict.case.starts_with('S')) {
        let case = cases.as_array().unwrap().iter().find(|case| case["id"] == verdict.case.as_str());
        let expected = numbers(&case.unwrap()["expect"]);
        let known = expected.iter().any(|value| (value - verdict.exact).abs() <= 1e-5 * value.abs());
        assert!(known, "{verdict:?} is none of {expected:?}");
        compared += 1;
    }
    assert!(compared > 40);
}

#[test]
fn every_built_in_case_passes() {
    let verdicts = validate(Effort::Quick, &Threads);
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
