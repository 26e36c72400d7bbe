//! Candidate sets against the base on common random universes: paired differences with intervals.

use super::launch::Cell;
use super::summary::{MetricComparison, SetComparison};
use crate::model::System;
use crate::statistics::{
    CONFIDENCE, Estimate, Metric, ProjectMetric, RunMetrics, WaterfallMetric, student_t_quantile,
};

/// Compared for the whole network.
const NETWORK: [Metric; 12] = [
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
    Metric::WaitSWeightedMean,
    Metric::BoundedSlowdown10MinMean,
];

/// Compared for each community.
const COMMUNITY: [Metric; 3] = [Metric::ServedH, Metric::WaitSMean, Metric::WaitSP95];

/// Compared of the waterfall of the whole network.
const WATERFALL: [WaterfallMetric; 2] = [WaterfallMetric::UsefulH, WaterfallMetric::Goodput];

/// Compared of the projects of the whole network, where there are any.
const PROJECTS: [ProjectMetric; 9] = [
    ProjectMetric::FirstAcceleratorSMean,
    ProjectMetric::FirstAcceleratorSP90,
    ProjectMetric::AccessSMean,
    ProjectMetric::SupportSMean,
    ProjectMetric::QueueSMean,
    ProjectMetric::Refused,
    ProjectMetric::UsedH,
    ProjectMetric::ExpiredH,
    ProjectMetric::UsedOfAsked,
];

/// Compared of the projects of each community.
const COMMUNITY_PROJECTS: [ProjectMetric; 2] = [ProjectMetric::FirstAcceleratorSMean, ProjectMetric::UsedH];

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
    let compared =
        |(metric, unit): (&str, &str), community: Option<&str>, value: &dyn Fn(&RunMetrics) -> f64| {
            row(base, runs, (metric, unit), community, value)
        };
    let named = |metric: Metric| (metric.name(), metric.unit());
    let of_project = |metric: ProjectMetric| (metric.name(), metric.unit());
    let mut rows: Vec<MetricComparison> = Vec::new();
    rows.extend(NETWORK.map(|metric| compared(named(metric), None, &|run| run.network.get(metric))));
    rows.extend(WATERFALL.map(|metric| {
        compared((metric.name(), metric.unit()), None, &|run| run.waterfall.network.get(metric))
    }));
    let has_projects = base.iter().chain(runs).any(|cell| cell.metrics.projects.is_some());
    let projects = PROJECTS.iter().filter(|_| has_projects).map(|&metric| {
        let of = |run: &RunMetrics| run.projects.as_ref().map_or(f64::NAN, |all| all.network.get(metric));
        compared(of_project(metric), None, &of)
    });
    rows.extend(projects);
    for (index, community) in system.communities.iter().enumerate() {
        let id = Some(community.id.as_str());
        rows.extend(
            COMMUNITY.map(|metric| compared(named(metric), id, &|run| run.communities[index].get(metric))),
        );
        let projects = COMMUNITY_PROJECTS.iter().filter(|_| has_projects).map(|&metric| {
            let of = |run: &RunMetrics| {
                run.projects.as_ref().map_or(f64::NAN, |all| all.communities[index].get(metric))
            };
            compared(of_project(metric), id, &of)
        });
        rows.extend(projects);
    }
    rows
}

fn row(
    base: &[Cell],
    runs: &[Cell],
    (metric, unit): (&str, &str),
    community: Option<&str>,
    value: impl Fn(&RunMetrics) -> f64,
) -> MetricComparison {
    let values = |cells: &[Cell]| -> Vec<f64> { cells.iter().map(|cell| value(&cell.metrics)).collect() };
    let (base, values) = (values(base), values(runs));
    let (base_estimate, estimate) =
        (Estimate::of(base.iter().copied()), Estimate::of(values.iter().copied()));
    MetricComparison {
        metric: metric.to_owned(),
        community: community.map(str::to_owned),
        unit: unit.to_owned(),
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
