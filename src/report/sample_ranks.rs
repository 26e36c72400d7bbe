//! How invented sets rank and what invented sites change, for tests of tables.

use super::sample::{Size, about, noise};
use crate::statistics::Want;
use crate::study::{MarginalChange, MarginalValue, RankSummary, SetRank};

/// The ranks of so many sets in three numbers: each is a little behind the one before.
pub(super) fn ranks(sets: usize) -> Vec<RankSummary> {
    let of = |(metric, unit, want, mean, step): (&str, &str, Want, f64, f64)| RankSummary {
        metric: metric.to_owned(),
        community: None,
        site: None,
        unit: unit.to_owned(),
        want,
        sets: (0..sets)
            .map(|index| {
                let rank = index as u32 + 1;
                let first = if index == 0 { 0.86 } else { 0.14 / (sets - 1) as f64 };
                SetRank {
                    set: format!("set-{index}"),
                    mean: about(mean + step * index as f64, 0.05),
                    rank,
                    first_in_runs: first,
                    ranks_in_runs: [1, sets as u32],
                    first_in_resamples: first,
                    ranks_in_resamples: [rank.max(2) - 1, (rank + 1).min(sets as u32)],
                }
            })
            .collect(),
    };
    let numbers = [
        ("wait_s_mean", "s", Want::Least, 190_000.0, 57_000.0),
        ("served_h", "h", Want::Most, 5.4e8, -3e7),
        ("goodput", "share", Want::Most, 0.79, -0.02),
    ];
    if sets < 2 { Vec::new() } else { numbers.map(of).into() }
}

/// The first set without its first site is the second one.
pub(super) fn marginal_values(size: &Size) -> Vec<MarginalValue> {
    let change = |(metric, unit, mean): (&str, &str, f64)| MarginalChange {
        metric: metric.to_owned(),
        community: None,
        site: None,
        unit: unit.to_owned(),
        difference: about(mean * (0.5 + noise(3, 3)), 0.2),
    };
    let changes = [("done_h", "h", 2.1e7), ("rejected_h", "h", -1.1e6), ("wait_s_mean", "s", -57_000.0)];
    let pair = || MarginalValue {
        site: "site-0".to_owned(),
        with: "set-0".to_owned(),
        without: "set-1".to_owned(),
        changes: changes.map(change).into(),
    };
    if size.sets > 1 && size.sites > 0 { vec![pair()] } else { Vec::new() }
}
