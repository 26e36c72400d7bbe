//! What sets are compared in: metrics of the network and of its communities, and which way each is better.

use crate::model::{CommunityId, Id, System};
use crate::statistics::{
    ComparisonPlan, Measure, Metric, Objective, PrecisionPlan, ProjectMetric, Scope, Want, WaterfallMetric,
};

/// What sets are judged by.
#[derive(Debug, Clone, Copy, Default)]
pub struct Judgement<'a> {
    /// How they are compared.
    pub plan: ComparisonPlan,
    /// In what they are compared beside the usual metrics.
    pub objectives: &'a [Objective],
    /// How precise the objectives have to be; `None`: as they are after the replications of the scenario.
    pub precision: Option<&'a PrecisionPlan>,
}

const MOST: Option<Want> = Some(Want::Most);
const LEAST: Option<Want> = Some(Want::Least);
/// Good or bad by other metrics: a high utilisation may mean little waste or long waits.
const DEPENDS: Option<Want> = None;

/// Compared for the whole network.
const NETWORK: [(Metric, Option<Want>); 12] = [
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
const COMMUNITY: [(Metric, Option<Want>); 3] =
    [(Metric::ServedH, MOST), (Metric::WaitSMean, LEAST), (Metric::WaitSP95, LEAST)];

/// Compared of the waterfall of the whole network.
const WATERFALL: [(WaterfallMetric, Option<Want>); 2] =
    [(WaterfallMetric::UsefulH, MOST), (WaterfallMetric::Goodput, MOST)];

/// Compared of the projects of the whole network, where there are any.
const PROJECTS: [(ProjectMetric, Option<Want>); 9] = [
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
const COMMUNITY_PROJECTS: [(ProjectMetric, Option<Want>); 2] =
    [(ProjectMetric::FirstAcceleratorSMean, LEAST), (ProjectMetric::UsedH, MOST)];

/// A number of a run in which sets are compared.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Compared {
    /// The number.
    pub(super) measure: Measure,
    /// Which way is better; `None` where that depends on other metrics.
    pub(super) want: Option<Want>,
}

/// A number of the network by its name.
pub(super) fn of_network(name: &str) -> Measure {
    Measure::find(name, Scope::Network).expect("the network has every metric")
}

/// All that the sets of a system are compared in: the usual metrics, of projects only if there are any, then those of the
/// objectives. An objective says which way a usual metric is better.
pub(super) fn all_compared(system: &System, objectives: &[Objective]) -> Vec<Compared> {
    let mut all: Vec<Compared> = Vec::new();
    let mut push = |name: &str, want: Option<Want>, scope: Scope| {
        let measure = Measure::find(name, scope).expect("the usual metrics are of their scopes");
        all.push(Compared { measure, want });
    };
    for (metric, want) in NETWORK {
        push(metric.name(), want, Scope::Network);
    }
    for (metric, want) in WATERFALL {
        push(metric.name(), want, Scope::Network);
    }
    let has_projects = system.has_projects();
    for (metric, want) in PROJECTS.into_iter().filter(|_| has_projects) {
        push(metric.name(), want, Scope::Network);
    }
    for index in 0..system.communities.len() {
        let scope = Scope::Community(CommunityId::from_index(index));
        for (metric, want) in COMMUNITY {
            push(metric.name(), want, scope);
        }
        for (metric, want) in COMMUNITY_PROJECTS.into_iter().filter(|_| has_projects) {
            push(metric.name(), want, scope);
        }
    }
    for objective in objectives {
        let want = Some(objective.want);
        match all.iter_mut().find(|one| one.measure == objective.measure) {
            Some(usual) => usual.want = want,
            None => all.push(Compared { measure: objective.measure, want }),
        }
    }
    all
}
