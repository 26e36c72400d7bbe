//! The bytes of every kind of figure for one small fixed study: `tests/golden/figures.txt` has the labels of each with their
//! places and the hash of its SVG document, `tests/golden/svg/` the documents themselves but for the map, whose borders are
//! long. Written anew by `PLEIADE_BLESS=1`, which fails on purpose.

use super::choosing::sample::{choice, in_futures};
use super::choosing::{futures_figures, select_figures};
use super::figure::{Figure, figures};
use super::gantt::{self, gantt};
use super::sample::{Size, about, study, with_projects};
use super::sweep::sample::{of, sample};
use super::sweep::sweep_figures;
use crate::study::{StudySummary, hexadecimal};
use sha2::{Digest, Sha256};
use std::fmt::Write;
use std::path::{Path, PathBuf};

fn golden(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/golden").join(name)
}

fn is_blessed() -> bool {
    std::env::var("PLEIADE_BLESS").is_ok_and(|value| value == "1")
}

/// The figures of a study, those of its first set for all.
fn of_first_set(summary: &StudySummary) -> Vec<Figure> {
    let all = figures(summary).into_iter();
    all.filter(|figure| !figure.name.ends_with("set-1")).collect()
}

#[test]
fn figures_of_a_small_study_keep_their_bytes() {
    let summary = with_projects(study(&Size { sites: 3, sets: 2, months: 7 }));
    let mut text = String::new();
    for figure in of_first_set(&summary) {
        let svg = figure.svg();
        let hash = hexadecimal(&Sha256::digest(svg.as_bytes()));
        writeln!(text, "# {}: {} bytes, SHA-256 {hash}", figure.name, svg.len()).unwrap();
        for label in figure.drawing.labels() {
            writeln!(text, "{:.0} {:.0} {}", label.at.0, label.at.1, label.text).unwrap();
        }
    }
    let golden = golden("figures.txt");
    if is_blessed() {
        std::fs::write(&golden, &text).unwrap();
        panic!("wrote the figures: run again without PLEIADE_BLESS");
    }
    let expected = std::fs::read_to_string(&golden).unwrap_or_default();
    let differs = text.lines().zip(expected.lines()).find(|(one, other)| one != other);
    assert!(text == expected, "figures changed, first {differs:?}");
}

/// One figure of every kind, small enough to be kept whole.
fn one_of_each_kind() -> Vec<Figure> {
    let mut summary = with_projects(study(&Size { sites: 2, sets: 2, months: 3 }));
    for set in &mut summary.sets {
        set.links.truncate(3);
        for community in &mut set.communities {
            let mut points = community.wait_distribution.iter().step_by(10);
            community.wait_distribution = points.by_ref().copied().collect();
        }
    }
    let mut all = of_first_set(&summary);
    all.retain(|figure| !figure.name.starts_with("map"));
    all.extend(select_figures(&choice(3, "LUMI", about(90_000.0, 0.1))));
    all.extend(futures_figures(&summary, &in_futures(2, 2, "LUMI", about(90_000.0, 0.1))));
    // One axis for curves, two for the plane; both have bars of inputs.
    all.extend(sweep_figures(&sample(1, 4, 2, "Demand", of(3_000.0, 500.0))));
    let plane = sweep_figures(&sample(2, 3, 2, "Demand", of(3_000.0, 500.0)));
    all.extend(plane.into_iter().filter(|figure| figure.name.starts_with("map")));
    all.push(Figure { name: "gantt".to_owned(), drawing: gantt(&gantt::tests::sample(2, 5, 8)) });
    all
}

#[test]
fn one_svg_of_each_kind_keeps_its_bytes() {
    let figures = one_of_each_kind();
    let kinds: Vec<&str> = figures.iter().map(|figure| figure.name.as_str()).collect();
    let names: std::collections::BTreeSet<&str> = kinds.iter().copied().collect();
    assert_eq!(names.len(), kinds.len(), "{kinds:?}");
    let folder = golden("svg");
    if is_blessed() {
        std::fs::create_dir_all(&folder).unwrap();
        for figure in &figures {
            std::fs::write(folder.join(format!("{}.svg", figure.name)), figure.svg()).unwrap();
        }
        panic!("wrote {kinds:?}: run again without PLEIADE_BLESS");
    }
    for figure in &figures {
        let expected =
            std::fs::read_to_string(folder.join(format!("{}.svg", figure.name))).unwrap_or_default();
        let svg = figure.svg();
        let differs = svg.lines().zip(expected.lines()).find(|(one, other)| one != other);
        assert!(svg == expected, "{} changed, first {differs:?}", figure.name);
    }
    let kept = std::fs::read_dir(&folder).unwrap().count();
    assert_eq!(kept, kinds.len(), "no document without its figure");
}

/// A document brings its own white ground, below everything else, so that a dark page around it changes nothing.
#[test]
fn every_document_brings_its_ground() {
    for figure in one_of_each_kind() {
        let svg = figure.svg();
        let first = svg.split('<').nth(2).unwrap_or_default();
        assert!(first.starts_with("rect x=\"0\" y=\"0\""), "{}: {first}", figure.name);
        assert!(first.contains("fill=\"#FFFFFF\"") && first.contains("opacity=\"1\""), "{first}");
    }
}
