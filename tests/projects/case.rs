//! Projects at one machine, for schedules that can be worked out by hand.

use crate::rows::Rows;
use pleiade::engine::{CountDistribution, Distribution, Universe};
use pleiade::model::{
    AccessMode, Allocation, Asks, ClassId, CommunityId, EventOrder, LocalPolicy, ModeId, ProjectKind,
    ProjectKindId, Sessions, StreamId, System, Taken,
};
use pleiade::simulation::{RunReport, simulate};
use pleiade::study::{DemandClass, PoissonDemand, SinglePartition};
use pleiade::units::{AcceleratorTime, Span, Time};
use pleiade::workload::Synthetic;

pub(crate) const HOUR: u64 = 3_600;

pub(crate) fn hours(hours: u64) -> AcceleratorTime {
    AcceleratorTime::of(hours, Span::from_seconds(HOUR))
}

pub(crate) fn constant(hours: f64) -> Distribution {
    Distribution::Constant(hours * HOUR as f64)
}

/// Everybody may have everything, at once and for 100 h.
pub(crate) fn open_mode() -> AccessMode {
    AccessMode {
        id: "open".to_owned(),
        name: "Open".to_owned(),
        communities: None,
        countries: None,
        hours: [AcceleratorTime::ZERO, AcceleratorTime(u128::MAX)],
        taken: Taken::AtOnce,
        review: None,
        least_score: 0.0,
        budget: None,
        allocation: Allocation::Pooled,
        validity: Span::from_seconds(100 * HOUR),
        again: 0.0,
        again_after_s: Distribution::Constant(0.0),
    }
}

/// Projects that ask for 10 h and hand in sessions of 5 jobs, each as soon as the one before has left.
pub(crate) fn plain_kind() -> ProjectKind {
    ProjectKind {
        id: "plain".to_owned(),
        name: "Plain".to_owned(),
        mode: ModeId(0),
        hours: Distribution::Constant(10.0),
        score: Distribution::Constant(1.0),
        classes: vec![(ClassId(0), 1.0)],
        sessions: Sessions {
            jobs: CountDistribution::Constant(5),
            think_s: Distribution::Constant(0.0),
            feedback: 1.0,
            pace: 0.2,
        },
        onboarding: Vec::new(),
        small: 0,
        learning: None,
        mistakes: None,
    }
}

/// Projects of this kind, some `per_day`, at a machine of so many accelerators for so many hours; their jobs take one
/// accelerator for an hour.
pub(crate) fn projects(
    accelerators: u32,
    per_day: f64,
    hours: u64,
    mode: AccessMode,
    kind: ProjectKind,
) -> System {
    let class = DemandClass::on_one(constant(1.0));
    let single = SinglePartition {
        accelerators,
        policy: LocalPolicy::FCFS,
        event_order: EventOrder::EndsFirst,
        max_queued: None,
        end: Time::from_seconds(hours * HOUR),
        warm_up: Time::ZERO,
        demand: Some(PoissonDemand { rate_per_s: per_day / 86_400.0, classes: vec![class] }),
    };
    let mut system = single.system();
    system.projects.modes.push(mode);
    system.projects.kinds.push(kind);
    system.communities[CommunityId(0)].projects = vec![(ProjectKindId(0), 1.0)];
    system.streams[StreamId(0)].asks = Asks::Projects;
    system
}

pub(crate) fn run(system: &System) -> (Rows, RunReport) {
    let (universe, mut rows) = (Universe::new(7, 0), Rows::default());
    let report = simulate(system, &system.sets[0], universe, Synthetic::new(system, universe), &mut rows);
    (rows, report)
}

/// Hours from one instant to another.
pub(crate) fn between(from: Time, to: Time) -> f64 {
    to.since(from).as_hours()
}
