//! How the runs of a set differ from each other, beyond a mean with its interval: what a bad run looks like, an interval of the
//! mean that leans on no normal distribution, and ratios taken over all runs as one.

use super::compared::{Judgement, of_network};
use super::gather::SetRuns;
use crate::engine::{Universe, entity_key};
use crate::model::System;
use crate::statistics::{
    Batches, Bootstrap, CONFIDENCE, Estimate, Measure, Metric, ProjectMetric, RESAMPLES, WaterfallMetric,
    pseudo_values, quantile_interval,
};
use serde::{Deserialize, Serialize};

/// The quantiles of the runs that are told.
pub const QUANTILES: [f64; 3] = [0.1, 0.5, 0.9];

/// One number of a run in all sets, over the runs.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SpreadSummary {
    /// The metric's name in `runs.parquet`.
    pub metric: String,
    /// The id of the community it is about; `None` for the whole network or a site.
    pub community: Option<String>,
    /// The id of the site it is about.
    pub site: Option<String>,
    /// Its unit.
    pub unit: String,
    /// The sets, in the scenario's order.
    pub sets: Vec<SetSpread>,
}

/// The runs of one set in one number.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetSpread {
    /// The set's id.
    pub set: String,
    /// The mean with its interval by Student's t.
    pub mean: Estimate,
    /// Both ends of the interval of the mean by the bootstrap over runs, bias-corrected and accelerated.
    pub bootstrap: Option<[f64; 2]>,
    /// The least of the runs.
    pub least: Option<f64>,
    /// The greatest.
    pub greatest: Option<f64>,
    /// The [`QUANTILES`] of the runs.
    pub quantiles: Vec<QuantileOfRuns>,
}

/// A quantile of the distribution that runs are drawn from.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct QuantileOfRuns {
    /// Which one, between 0 and 1.
    pub p: f64,
    /// Its estimate: the least of the runs with at least this share at or below it.
    pub value: Option<f64>,
    /// Both ends of its interval by order statistics; `None` where there are too few runs for one.
    pub interval: Option<[f64; 2]>,
}

/// One ratio over all runs in all sets.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RatioSummary {
    /// The ratio's name in `runs.parquet`.
    pub metric: String,
    /// The metric above the line.
    pub part: String,
    /// The metric below it.
    pub whole: String,
    /// The sets, in the scenario's order.
    pub sets: Vec<SetRatio>,
}

/// One ratio of one set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetRatio {
    /// The set's id.
    pub set: String,
    /// The mean of the ratios of the runs: each run counts alike.
    pub of_runs: Estimate,
    /// The ratio of the sums over all runs, by the jackknife: each hour counts alike.
    pub of_hours: Estimate,
    /// The latter less that of the first set, paired by replication; `None` for the first itself.
    pub difference: Option<Estimate>,
}

/// Numbers whose runs are looked at, beside the objectives.
const USUAL: [&str; 4] = ["done_h", "goodput", "wait_s_mean", "wait_s_p95"];

/// Ratios of the whole network, with what stands above and below the line: both differ from run to run.
fn ratios() -> [[&'static str; 3]; 3] {
    [
        [Metric::DoneOfBound.name(), Metric::DoneH.name(), Metric::BoundH.name()],
        [WaterfallMetric::Goodput.name(), WaterfallMetric::UsefulH.name(), WaterfallMetric::HeldH.name()],
        [ProjectMetric::UsedOfAsked.name(), ProjectMetric::UsedH.name(), ProjectMetric::AskedH.name()],
    ]
}

/// What the spread of is shown.
fn shown(judgement: Judgement) -> Vec<Measure> {
    let mut measures: Vec<Measure> = USUAL.iter().map(|name| of_network(name)).collect();
    for objective in judgement.objectives {
        if !measures.contains(&objective.measure) {
            measures.push(objective.measure);
        }
    }
    measures
}

/// What is needed of each run.
pub(super) fn measures(judgement: Judgement) -> Vec<Measure> {
    shown(judgement).into_iter().chain(ratios().as_flattened().iter().map(|name| of_network(name))).collect()
}

/// The spread of the usual numbers and of the objectives; `cells` are sorted by (set, replication).
pub(super) fn spreads(system: &System, sets: &[SetRuns], judgement: Judgement) -> Vec<SpreadSummary> {
    // The same resamples for all: then sets and numbers differ by what they are, not by what was drawn.
    let bootstrap = Bootstrap {
        universe: Universe::new(system.observation.seed, 0),
        entity: entity_key("statistics", "spread of runs"),
        resamples: RESAMPLES,
    };
    let of_measure = |measure: &Measure| {
        let (community, site) = measure.about(system);
        SpreadSummary {
            metric: measure.metric().to_owned(),
            community,
            site,
            unit: measure.unit().to_owned(),
            sets: sets.iter().map(|runs| spread(system, runs, measure, &bootstrap)).collect(),
        }
    };
    shown(judgement).iter().map(of_measure).collect()
}

fn spread(system: &System, runs: &SetRuns, measure: &Measure, bootstrap: &Bootstrap) -> SetSpread {
    let mut sorted = runs.values(measure).to_vec();
    sorted.retain(|value| value.is_finite());
    // In the order of replications for the bootstrap, so that what it draws are the same universes in all sets.
    let batches = Batches::of(sorted.len());
    let sums = batches.sums(&sorted);
    let mean = |sample: &[usize]| sample.iter().map(|&one| sums[one]).sum::<f64>() / batches.length(sample);
    let interval = bootstrap.interval(batches.count(), CONFIDENCE, mean);
    let estimate = Estimate::of(sorted.iter().copied());
    sorted.sort_by(f64::total_cmp);
    let quantile = |p: f64| QuantileOfRuns {
        p,
        value: sorted.get((libm::ceil(p * sorted.len() as f64) as usize).saturating_sub(1)).copied(),
        interval: quantile_interval(&sorted, p, CONFIDENCE).map(|(low, high, _)| [low, high]),
    };
    SetSpread {
        set: runs.id(system),
        mean: estimate,
        bootstrap: interval.map(|(low, high)| [low, high]),
        least: sorted.first().copied(),
        greatest: sorted.last().copied(),
        quantiles: QUANTILES.map(quantile).to_vec(),
    }
}

/// The ratios over all runs, those of projects only where there are any; `cells` are sorted by (set, replication).
pub(super) fn ratios_of_hours(system: &System, sets: &[SetRuns]) -> Vec<RatioSummary> {
    let of_ratio = |[metric, part, whole]: [&str; 3]| {
        let pseudo = |runs: &SetRuns| {
            let [parts, wholes] = [part, whole].map(|name| runs.values(&of_network(name)).iter().copied());
            pseudo_values(&parts.zip(wholes).collect::<Vec<_>>())
        };
        let by_set: Vec<Vec<f64>> = sets.iter().map(pseudo).collect();
        let of_set = |(place, runs): (usize, &SetRuns)| SetRatio {
            set: runs.id(system),
            of_runs: runs.estimate(&of_network(metric)),
            of_hours: Estimate::of(by_set[place].iter().copied()),
            difference: (place > 0)
                .then(|| Estimate::of(by_set[place].iter().zip(&by_set[0]).map(|(own, base)| own - base))),
        };
        RatioSummary {
            metric: metric.to_owned(),
            part: part.to_owned(),
            whole: whole.to_owned(),
            sets: sets.iter().enumerate().map(of_set).collect(),
        }
    };
    let all = ratios().into_iter().map(of_ratio);
    all.filter(|ratio| ratio.sets.iter().any(|set| set.of_hours.mean.is_some())).collect()
}
