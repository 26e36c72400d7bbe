//! Which sets may be the best in what: multiple comparisons with the best on common random universes.

use super::compared::{Compared, Judgement, all_compared};
use super::gather::SetRuns;
use crate::model::System;
use crate::statistics::{AgainstBest, CONFIDENCE, Want, compare_with_best};
use serde::{Deserialize, Serialize};

/// All sets in one metric, each against the best of the others. The intervals of a metric hold at once.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BestSummary {
    /// The metric's name in `runs.parquet`.
    pub metric: String,
    /// The community it is about; `None` for the whole network.
    pub community: Option<String>,
    /// The site it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Its unit, as of comparisons.
    pub unit: String,
    /// Which way is better.
    pub want: Want,
    /// The sets, in the scenario's order.
    pub sets: Vec<SetAgainstBest>,
}

/// One set against the best of the others.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetAgainstBest {
    /// Its id.
    pub set: String,
    /// Its mean less the best mean among the others; `None` where there is none.
    pub difference: Option<f64>,
    /// The lower end of its interval; `None` where nothing bounds it.
    pub low: Option<f64>,
    /// The upper end.
    pub high: Option<f64>,
    /// Whether it may be the best.
    pub may_be_best: bool,
    /// Whether it is the best or as good as it, beyond the doubt that the confidence leaves.
    pub is_best: bool,
}

/// All metrics of which it is known which way is better; `cells` are sorted by (set, replication).
pub(super) fn best(system: &System, sets: &[SetRuns], judgement: Judgement) -> Vec<BestSummary> {
    if sets.len() < 2 {
        return Vec::new();
    }
    let all = all_compared(system, judgement.objectives);
    all.iter().filter_map(|one| Some(of_metric(system, sets, one, one.want?))).collect()
}

fn of_metric(system: &System, sets: &[SetRuns], compared: &Compared, want: Want) -> BestSummary {
    let gains =
        |runs: &SetRuns| runs.values(&compared.measure).iter().map(|value| want.as_gain(*value)).collect();
    let values: Vec<Vec<f64>> = sets.iter().map(gains).collect();
    // Adding a zero makes a negative one positive.
    let known = |gain: f64| gain.is_finite().then_some(want.as_gain(gain) + 0.0);
    let of_set = |(runs, one): (&SetRuns, AgainstBest)| {
        let (low, high) = match want {
            Want::Most => (one.low, one.high),
            Want::Least => (one.high, one.low),
        };
        SetAgainstBest {
            set: runs.id(system),
            difference: known(one.difference),
            low: known(low),
            high: known(high),
            may_be_best: one.may_be_best,
            is_best: one.low >= 0.0,
        }
    };
    let (community, site) = compared.measure.about(system);
    BestSummary {
        metric: compared.measure.metric().to_owned(),
        community,
        site,
        unit: compared.measure.unit().to_owned(),
        want,
        sets: sets.iter().zip(compare_with_best(&values, CONFIDENCE)).map(of_set).collect(),
    }
}
