//! What sets are compared in: metrics of the network and of its communities, and which way each is better.

use super::best::Wanted;
use crate::model::System;
use crate::statistics::{Metric, ProjectMetric, RunMetrics, WaterfallMetric};

/// Which way is better: most, least, or by other metrics only. A high utilisation may mean little waste or long waits.
type Want = Option<Wanted>;
const MOST: Want = Some(Wanted::Most);
const LEAST: Want = Some(Wanted::Least);
const DEPENDS: Want = None;

/// Compared for the whole network.
const NETWORK: [(Metric, Want); 12] = [
    (Metric::Utilisation, DEPENDS),
    (Metric::ServedH, MOST),
    (Metric::DoneH, MOST),
    (Metric::BoundH, DEPENDS),
    (Metric::DoneOfBound, DEPENDS),
    (Metric::RejectedH, LEAST),
    (Metric::JobsUnstarted, LEAST),
    (Metric::WaitSMean, LEAST),
    (Metric::WaitSP50, LEAST),
    (Metric::WaitSP95, LEAST),
    (Metric::WaitSWeightedMean, LEAST),
    (Metric::BoundedSlowdown10MinMean, LEAST),
];

/// Compared for each community.
const COMMUNITY: [(Metric, Want); 3] =
    [(Metric::ServedH, MOST), (Metric::WaitSMean, LEAST), (Metric::WaitSP95, LEAST)];

/// Compared of the waterfall of the whole network.
const WATERFALL: [(WaterfallMetric, Want); 2] =
    [(WaterfallMetric::UsefulH, MOST), (WaterfallMetric::Goodput, MOST)];

/// Compared of the projects of the whole network, where there are any.
const PROJECTS: [(ProjectMetric, Want); 9] = [
    (ProjectMetric::FirstAcceleratorSMean, LEAST),
    (ProjectMetric::FirstAcceleratorSP90, LEAST),
    (ProjectMetric::AccessSMean, LEAST),
    (ProjectMetric::SupportSMean, LEAST),
    (ProjectMetric::QueueSMean, LEAST),
    (ProjectMetric::Refused, LEAST),
    (ProjectMetric::UsedH, MOST),
    (ProjectMetric::ExpiredH, LEAST),
    (ProjectMetric::UsedOfAsked, MOST),
];

/// Compared of the projects of each community.
const COMMUNITY_PROJECTS: [(ProjectMetric, Want); 2] =
    [(ProjectMetric::FirstAcceleratorSMean, LEAST), (ProjectMetric::UsedH, MOST)];

/// A number of a run in which sets are compared.
pub(super) struct Compared<'a> {
    /// The metric's name in files.
    pub(super) metric: &'static str,
    /// Its unit in files.
    pub(super) unit: &'static str,
    /// The community that it is about; `None` for the whole network.
    pub(super) community: Option<&'a str>,
    /// Which way is better.
    pub(super) wanted: Option<Wanted>,
    /// Its value in a run.
    pub(super) value: Box<dyn Fn(&RunMetrics) -> f64>,
}

/// All that the sets of a system are compared in; of projects only if runs have any.
pub(super) fn all_compared(system: &System, has_projects: bool) -> Vec<Compared<'_>> {
    let mut all = Vec::new();
    all.extend(NETWORK.map(|(metric, wanted)| Compared {
        metric: metric.name(),
        unit: metric.unit(),
        community: None,
        wanted,
        value: Box::new(move |run| run.network.get(metric)),
    }));
    all.extend(WATERFALL.map(|(metric, wanted)| Compared {
        metric: metric.name(),
        unit: metric.unit(),
        community: None,
        wanted,
        value: Box::new(move |run| run.waterfall.network.get(metric)),
    }));
    all.extend(PROJECTS.into_iter().filter(|_| has_projects).map(|one| of_projects(one, None)));
    for (index, community) in system.communities.iter().enumerate() {
        let id = community.id.as_str();
        all.extend(COMMUNITY.map(|(metric, wanted)| Compared {
            metric: metric.name(),
            unit: metric.unit(),
            community: Some(id),
            wanted,
            value: Box::new(move |run| run.communities[index].get(metric)),
        }));
        let projects = COMMUNITY_PROJECTS.into_iter().filter(|_| has_projects);
        all.extend(projects.map(|one| of_projects(one, Some((index, id)))));
    }
    all
}

fn of_projects((metric, wanted): (ProjectMetric, Want), community: Option<(usize, &str)>) -> Compared<'_> {
    let place = community.map(|(index, _)| index);
    Compared {
        metric: metric.name(),
        unit: metric.unit(),
        community: community.map(|(_, id)| id),
        wanted,
        value: Box::new(move |run| {
            let of = |projects: &crate::statistics::ProjectsMetrics| {
                place.map_or(projects.network, |index| projects.communities[index]).get(metric)
            };
            run.projects.as_ref().map_or(f64::NAN, of)
        }),
    }
}
