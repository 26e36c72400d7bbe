//! What every figure must bear: its labels stand apart and on the page, and odd results leave no odd text. And the bytes
//! of each kind of figure for one small study.

use super::choosing::{futures_figures, select_figures};
use super::drawing::{Area, Label};
use super::figure::{Figure, figures};
use super::html::{About, Study, page};
use super::sample::{Size, about, study, with_projects};
use crate::statistics::{Estimate, Want};
use crate::study::select::SelectSummary;
use crate::study::{
    CandidateWorth, FutureWeight, FuturesSummary, ObjectiveInFutures, ObjectiveRow, SetInFutures, Shapley,
    Worth, hexadecimal,
};
use jiff::civil::date;
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// Fails where a label leaves the page or stands over another.
pub(super) fn check_labels(figure: &Figure) {
    let labels: Vec<(&Label, Area)> = figure.drawing.labels().map(|label| (label, label.area())).collect();
    for (index, (label, area)) in labels.iter().enumerate() {
        let inside = area.left >= 0.0
            && area.right <= figure.drawing.width
            && area.top >= 0.0
            && area.bottom <= figure.drawing.height;
        assert!(inside, "{}: {:?} leaves the page at {area:?}", figure.name, label.text);
        for (other, other_area) in &labels[index + 1..] {
            let clash = area.overlaps(other_area);
            assert!(!clash, "{}: {:?} and {:?} overlap", figure.name, label.text, other.text);
        }
    }
}

/// Estimates at the edges: none, one run, nothing, tiny, huge, negative, vague, not a number.
pub(super) fn strange() -> Vec<Estimate> {
    vec![
        Estimate { mean: None, half_width: None, count: 0 },
        Estimate { mean: Some(0.5), half_width: None, count: 1 },
        Estimate { mean: Some(f64::NAN), half_width: Some(f64::INFINITY), count: 3 },
        Estimate { mean: Some(0.2), half_width: Some(1e9), count: 2 },
        about(0.0, 0.0),
        about(1e-300, 0.1),
        about(1e-9, 0.3),
        about(1e15, 0.3),
        about(1e300, 0.1),
        about(-3.0, 5.0),
    ]
}

fn objective(name: &str) -> ObjectiveRow {
    ObjectiveRow {
        id: "one".to_owned(),
        name: name.to_owned(),
        metric: "wait_s_mean".to_owned(),
        community: None,
        site: None,
        unit: "s".to_owned(),
        want: Want::Least,
        at_most: None,
        at_least: None,
    }
}

/// A choice among so many candidates of which each is worth `value`.
fn worth_of(candidates: usize, name: &str, value: Estimate) -> SelectSummary {
    let ids: Vec<String> = (0..candidates).map(|index| format!("site-{index}")).collect();
    let worth = |site: &String| CandidateWorth {
        site: site.clone(),
        first: value,
        last: value,
        shapley: Some(value),
    };
    SelectSummary {
        scenario: name.to_owned(),
        seed: 20_241_210,
        from: date(2025, 1, 1),
        to: date(2026, 1, 1),
        broker: name.to_owned(),
        confidence: 0.95,
        objectives: vec![objective(name)],
        futures: Vec::new(),
        candidate_names: ids.iter().map(|_| name.to_owned()).collect(),
        committed: Vec::new(),
        selection: None,
        worth: vec![Worth {
            objective: "one".to_owned(),
            all: value,
            committed: Some(value),
            shapley: Some(Shapley::Exact { replications: 5 }),
            candidates: ids.iter().map(worth).collect(),
            pairs: Vec::new(),
        }],
        candidates: ids,
    }
}

/// So many sets in so many futures, with such results in each.
fn in_futures(sets: usize, futures: usize, name: &str, value: Estimate) -> FuturesSummary {
    let future = |index: usize| FutureWeight {
        id: format!("future-{index}"),
        name: name.to_owned(),
        weight: 1.0 / futures as f64,
    };
    let set = SetInFutures {
        values: vec![value; futures],
        weighted: value,
        regrets: vec![value; futures],
        weighted_regret: value,
        worst_future: 0,
    };
    FuturesSummary {
        futures: (0..futures).map(future).collect(),
        sets: (0..sets).map(|index| format!("set-{index}")).collect(),
        set_names: vec![name.to_owned(); sets],
        objectives: vec![ObjectiveInFutures {
            row: objective(name),
            sets: vec![set; sets],
            beats: vec![vec![value; sets]; sets],
        }],
    }
}

#[test]
fn figures_of_choices_bear_strange_results() {
    let long = "Gemeinsames Höchstleistungsrechenzentrum der Länder ".repeat(6);
    let summary = study(&Size { sites: 1, sets: 1, months: 1 });
    for value in strange() {
        for (count, name) in [(1, "LUMI"), (3, &*long), (30, "LUMI AI Factory, Kajaani")] {
            let mut figures = select_figures(&worth_of(count, name, value));
            figures.extend(futures_figures(&summary, &in_futures(count.min(12), count.min(4), name, value)));
            assert_eq!(figures.len(), 2);
            for figure in &figures {
                check_labels(figure);
                assert!(!figure.svg().contains("NaN"), "{}", figure.name);
            }
        }
    }
}

/// Whatever is a name in a choice or in futures stays one on the page, alone or beside the sets.
#[test]
fn pages_of_choices_bear_strange_results() {
    let (summary, about) = (study(&Size { sites: 1, sets: 1, months: 1 }), About::default());
    let markup = "</script><!--<script>alert(1)</script>";
    for value in strange() {
        let (select, futures) = (worth_of(3, markup, value), in_futures(2, 2, markup, value));
        let choice = Some((&select, &about));
        let alone = page(Study { select: choice, ..Study::default() });
        let sets = Some((&summary, &about));
        let both = page(Study { sets, futures: Some(&futures), select: choice, sweep: None });
        for page in [alone, both] {
            assert_eq!(page.matches("<script").count(), 3);
            assert!(page.contains("\\u003c/script\\u003e") && page.contains("The choice"));
        }
    }
}

/// The labels of each kind of figure of a small study with their places, and the hash of its SVG document. Written anew by
/// `PLEIADE_BLESS=1`, which fails on purpose.
#[test]
fn figures_of_a_small_study_keep_their_bytes() {
    let summary = with_projects(study(&Size { sites: 3, sets: 2, months: 7 }));
    let mut text = String::new();
    for figure in figures(&summary).iter().filter(|figure| !figure.name.ends_with("set-1")) {
        let svg = figure.svg();
        let hash = hexadecimal(&Sha256::digest(svg.as_bytes()));
        writeln!(text, "# {}: {} bytes, SHA-256 {hash}", figure.name, svg.len()).unwrap();
        for label in figure.drawing.labels() {
            writeln!(text, "{:.0} {:.0} {}", label.at.0, label.at.1, label.text).unwrap();
        }
    }
    let golden = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden/figures.txt");
    if std::env::var("PLEIADE_BLESS").is_ok_and(|value| value == "1") {
        std::fs::write(&golden, &text).unwrap();
        panic!("wrote the figures: run again without PLEIADE_BLESS");
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    let differs = text.lines().zip(expected.lines()).find(|(one, other)| one != other);
    assert!(text == expected, "figures changed, first {differs:?}");
}
