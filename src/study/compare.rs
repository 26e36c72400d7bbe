//! Candidate sets against the base on common random universes: paired differences with intervals.

use super::launch::Cell;
use super::summary::{MetricComparison, SetComparison};
use crate::model::System;
use crate::statistics::{CONFIDENCE, Estimate, Metric, Metrics, RunMetrics, student_t_quantile};

/// Compared for the whole network.
const NETWORK: [Metric; 10] = [
    Metric::Utilisation,
    Metric::ServedH,
    Metric::DoneH,
    Metric::BoundH,
    Metric::DoneOfBound,
    Metric::RejectedH,
    Metric::JobsUnstarted,
    Metric::WaitSMean,
    Metric::WaitSP50,
    Metric::WaitSP95,
];

/// Compared for each community.
const COMMUNITY: [Metric; 3] = [Metric::ServedH, Metric::WaitSMean, Metric::WaitSP95];

/// Each set but the first against the first; `cells` are sorted by (set, replication).
pub(super) fn compare_with_base(system: &System, cells: &[Cell]) -> Vec<SetComparison> {
    let mut sets = cells.chunk_by(|a, b| a.set == b.set);
    let Some(base) = sets.next() else { return Vec::new() };
    sets.map(|runs| SetComparison {
        base: system.sets[base[0].set].id.clone(),
        set: system.sets[runs[0].set].id.clone(),
        metrics: compare(system, base, runs),
    })
    .collect()
}

fn compare(system: &System, base: &[Cell], runs: &[Cell]) -> Vec<MetricComparison> {
    let network = NETWORK.iter().map(|&metric| row(base, runs, metric, None, |metrics| &metrics.network));
    let communities = system.communities.iter().enumerate().flat_map(|(index, community)| {
        COMMUNITY.iter().map(move |&metric| {
            row(base, runs, metric, Some(community.id.clone()), |metrics| &metrics.communities[index])
        })
    });
    network.chain(communities).collect()
}

fn row(
    base: &[Cell],
    runs: &[Cell],
    metric: Metric,
    community: Option<String>,
    scope: impl Fn(&RunMetrics) -> &Metrics,
) -> MetricComparison {
    let values =
        |cells: &[Cell]| -> Vec<f64> { cells.iter().map(|cell| scope(&cell.metrics).get(metric)).collect() };
    let (base, values) = (values(base), values(runs));
    let (base_estimate, estimate) =
        (Estimate::of(base.iter().copied()), Estimate::of(values.iter().copied()));
    MetricComparison {
        metric: metric.name().to_owned(),
        community,
        unit: metric.unit().to_owned(),
        base: base_estimate,
        value: estimate,
        difference: Estimate::of(values.iter().zip(&base).map(|(value, base)| value - base)),
        unpaired_half_width: unpaired_half_width(&base_estimate, &estimate),
    }
}

/// The half-width of the difference of two independent means with equal counts: the standard errors add in squares,
/// and t has the degrees of freedom of both.
fn unpaired_half_width(a: &Estimate, b: &Estimate) -> Option<f64> {
    let upper = f64::midpoint(1.0, CONFIDENCE);
    let error = |estimate: &Estimate| {
        let freedom = f64::from(estimate.count.checked_sub(1)?);
        estimate.half_width.map(|half| half / student_t_quantile(upper, freedom))
    };
    let freedom = f64::from(a.count + b.count) - 2.0;
    Some(error(a)?.hypot(error(b)?) * student_t_quantile(upper, freedom))
}
