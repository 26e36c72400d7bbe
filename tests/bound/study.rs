//! The bound in a study, beside its results and with their interval.

use crate::program::project;
use pleiade::host::FileLoader;
use pleiade::scenario::{self, Override};
use pleiade::statistics::{CONFIDENCE, Metric};
use pleiade::study::{Cell, Judgement, run_cell, summarise};

/// The first weeks of the shipped scenario: every run says how much of its bound it did, and the summary the interval.
#[test]
fn first_steps_stays_below_its_bound() {
    let path = project("scenarios/first-steps.toml");
    let overrides = ["observation.end=2025-03-15", "observation.replications=4"];
    let overrides: Vec<Override> = overrides.iter().map(|&text| Override(text.to_owned())).collect();
    let system = scenario::load(path.to_str().unwrap(), &FileLoader, &overrides).unwrap().system;
    let cells: Vec<Cell> = (0..2)
        .flat_map(|set| (0..4).map(move |run| (set, run)))
        .map(|(set, run)| run_cell(&system, set, run))
        .collect();
    for cell in &cells {
        let of = |metric| cell.metrics.network.get(metric);
        let share = of(Metric::DoneOfBound);
        assert!(share <= 1.0 + 1e-9 && share > 0.5, "replication {}: {share}", cell.replication);
        let same = |one: f64, other: f64| (one / other - 1.0).abs() < 1e-12;
        assert!(same(share, of(Metric::DoneH) / of(Metric::BoundH)));
        // Nothing is done in vain there.
        assert!(same(of(Metric::DoneH), of(Metric::ServedH)));
    }
    let summary = summarise(&system, &cells, Judgement::default());
    assert_eq!((summary.sets.len(), summary.confidence), (2, CONFIDENCE));
    for set in &summary.sets {
        let share = set.total.done_of_bound;
        assert_eq!(share.count, 4);
        let (mean, half_width) = (share.mean.unwrap(), share.half_width.unwrap());
        assert!(mean <= 1.0 + 1e-9 && half_width > 0.0 && half_width < 0.2, "{share:?}");
    }
    // A site less can only lower the bound: it is a subset of the ways and of the nodes of the same jobs, but for what
    // the warm-up left, which is more where there are fewer nodes.
    let [all, fewer] = [0, 1].map(|set| summary.sets[set].total.bound_h.mean.unwrap());
    assert!(fewer < all * 1.05, "{fewer} h with a site less, {all} h with all");
}
