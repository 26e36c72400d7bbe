//! How the runs of invented sets differ, for tests of tables.

use super::sample::{about, noise};
use crate::study::{QuantileOfRuns, RatioSummary, SetRatio, SetSpread, SpreadSummary};

/// The waits of the runs of so many sets.
pub(super) fn spread(sets: usize) -> SpreadSummary {
    let of = |index: usize| {
        let mean = about(3e6 * noise(index, 4), 0.1);
        let at = |factor: f64| mean.mean.map(|mean| mean * factor);
        let quantile = |(p, factor): (f64, f64)| QuantileOfRuns { p, value: at(factor), interval: None };
        SetSpread {
            set: format!("set-{index}"),
            mean,
            bootstrap: at(0.92).zip(at(1.07)).map(|(low, high)| [low, high]),
            least: at(0.6),
            greatest: at(1.5),
            quantiles: [(0.1, 0.7), (0.5, 0.98), (0.9, 1.3)].map(quantile).to_vec(),
        }
    };
    SpreadSummary {
        metric: "wait_s_mean".to_owned(),
        community: None,
        site: None,
        unit: "s".to_owned(),
        sets: (0..sets).map(of).collect(),
    }
}

/// The goodput of so many sets over all runs.
pub(super) fn ratio(sets: usize) -> RatioSummary {
    let of = |index: usize| SetRatio {
        set: format!("set-{index}"),
        of_runs: about(0.8, 0.01),
        of_hours: about(0.81, 0.01),
        difference: (index > 0).then(|| about(0.01, 0.2)),
    };
    RatioSummary {
        metric: "goodput".to_owned(),
        part: "hours_useful".to_owned(),
        whole: "hours_held".to_owned(),
        sets: (0..sets).map(of).collect(),
    }
}
