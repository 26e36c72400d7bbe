//! Control variates: what a run drew of the demand, whose mean is known before anything runs.
//!
//! How much work came to be asked for in a run explains much of how long the jobs of that run waited. Its mean over all runs
//! is known from the demand alone, so a study can correct for having drawn busy or quiet runs. Only demand that depends on
//! nothing that happens in the run has such a mean: users who wait for their jobs before they hand in the next are left out,
//! and so are bursts, of which the first ones of a run are missing.

use super::compared::of_network;
use super::gather::SetRuns;
use super::load::expected_work_h;
use crate::model::{ArrivalStream, Asks, CommunityId, Id as _, System};
use crate::statistics::{Controlled, Estimate, Measure, Metric, ProjectMetric, Scope, control};

/// Standard errors between the mean of a control and the known one, beyond which the known one is not believed.
const STANDARD_ERRORS: f64 = 4.0;

/// The controls of the runs of one set: for each, its value in each run less its known mean.
pub(super) fn controls(system: &System, runs: &SetRuns) -> Vec<Vec<f64>> {
    let known = [work_of_jobs(system, runs), work_of_projects(system, runs)].into_iter().flatten();
    let is_believed = |control: &Vec<f64>| {
        let mean = Estimate::of(control.iter().copied());
        let error = mean.standard_error().unwrap_or(0.0);
        mean.mean.is_some_and(|mean| mean.abs() <= STANDARD_ERRORS * error)
    };
    known.filter(is_believed).collect()
}

/// A mean over the runs of one set with these controls; `None` where none helps to know it.
pub(super) fn controlled(values: &[f64], controls: &[Vec<f64>]) -> Option<Controlled> {
    // All of them, or the first alone: with few runs the second one may cost more than it gives.
    let all = control(values, controls);
    let first = control(values, &controls[..controls.len().min(1)]);
    let half = |found: &Controlled| found.controlled.half_width.unwrap_or(f64::INFINITY);
    all.into_iter().chain(first).min_by(|a, b| half(a).total_cmp(&half(b)))
}

/// What is needed of each run.
pub(super) fn measures(system: &System) -> Vec<Measure> {
    (0..system.communities.len()).map(offered_by).chain([asked()]).collect()
}

/// The work that a community asked for.
fn offered_by(community: usize) -> Measure {
    let scope = Scope::Community(CommunityId::from_index(community));
    Measure::find(Metric::OfferedH.name(), scope).expect("communities ask for work")
}

/// The hours that projects asked for.
fn asked() -> Measure {
    of_network(ProjectMetric::AskedH.name())
}

fn is_free(stream: &ArrivalStream) -> bool {
    stream.bursts.is_none() && stream.think_s.is_none()
}

/// The work offered by communities that ask for jobs without projects.
fn work_of_jobs(system: &System, runs: &SetRuns) -> Option<Vec<f64>> {
    let is_exact = |id: usize| {
        let own = system.streams.iter().filter(|stream| stream.community.index() == id);
        own.clone().count() > 0 && own.clone().all(|stream| stream.asks == Asks::Jobs && is_free(stream))
    };
    let exact: Vec<usize> = (0..system.communities.len()).filter(|&id| is_exact(id)).collect();
    let streams = system.streams.iter().filter(|stream| exact.contains(&stream.community.index()));
    let expected: f64 = streams.map(|stream| expected_work_h(system, stream)).sum();
    let offered: Vec<&[f64]> = exact.iter().map(|&id| runs.values(&offered_by(id))).collect();
    let of_run = |run: usize| offered.iter().map(|values| values[run]).sum::<f64>() - expected;
    (expected > 0.0).then(|| (0..offered[0].len()).map(of_run).collect())
}

/// The hours that projects asked for.
fn work_of_projects(system: &System, runs: &SetRuns) -> Option<Vec<f64>> {
    let streams = || system.streams.iter().filter(|stream| stream.asks == Asks::Projects);
    if !streams().all(is_free) {
        return None;
    }
    let (from, to) = (system.observation.warm_up, system.observation.end);
    let hours = |stream: &ArrivalStream| {
        let kinds = &system.communities[stream.community].projects;
        kinds.iter().map(|&(kind, share)| share * system.projects.kinds[kind].hours.mean()).sum::<f64>()
    };
    let expected: f64 = streams().map(|stream| stream.expected(from, to) * hours(stream)).sum();
    (expected > 0.0).then(|| runs.values(&asked()).iter().map(|asked| asked - expected).collect())
}
