//! What `pleiade check` warns of in access modes and people: too few of them, modes for nobody, cut-offs that end early.

use super::output::talk;
use super::warnings::say_once;
use crate::model::{AccessMode, CandidateSet, ModeId, PoolId, StaffWork, System, Taken};
use crate::study::{People, WorkAsked, mode_demand, without_support, work_asked};
use crate::units::{Span, Time};

/// Above this load a queue grows as long as the run lasts.
const SATURATED: f64 = 1.0;
/// How often the load is looked at.
const MONTH: Span = Span(30 * 86_400_000_000_000);

/// The people of a system of whom work is asked, each with the set that it is about: reviewers with the first, support
/// staff with each.
pub(super) fn people(system: &System) -> Vec<(&CandidateSet, People)> {
    let has = |work: StaffWork| {
        let ids = system.projects.pools.enumerate().filter(move |(_, pool)| pool.work == work);
        ids.map(|(id, _)| id).collect::<Vec<PoolId>>()
    };
    let reviewers = has(StaffWork::Review).into_iter().map(People::Reviewers);
    let first = system.sets.iter().take(1);
    let mut people: Vec<_> = first.flat_map(|set| reviewers.clone().map(move |who| (set, who))).collect();
    if !has(StaffWork::Support).is_empty() {
        people.extend(system.sets.iter().map(|set| (set, People::Support)));
    }
    people
}

/// Prints every warning about the access modes and the people of a system.
pub(super) fn warn_of_people(system: &System) {
    let mut overworked = Vec::new();
    for (set, who) in people(system) {
        let Some(words) = too_much_work(&work_asked(system.under(set), set, who, MONTH)) else { continue };
        match who {
            People::Reviewers(pool) => {
                talk(&format!("warning: the reviewers {} {words}", system.projects.pools[pool].id));
            }
            People::Support => overworked.push((set.id.as_str(), words)),
        }
    }
    say_once(overworked, |sets, words| format!("warning: the support staff of {sets} {words}"));
    let without = system.sets.iter().flat_map(|set| {
        let kinds = without_support(system.under(set), set).into_iter();
        kinds.map(|kind| (set.id.as_str(), system.projects.kinds[kind].id.clone()))
    });
    say_once(without.collect(), |sets, kind| {
        format!(
            "warning: nobody in {sets} is able to give some of the support that {kind} projects need, from some of \
             their countries: they go on without"
        )
    });
    for (id, mode) in system.projects.modes.enumerate() {
        warn_of_applicants(system, id, mode);
        warn_of_cut_offs(system, mode);
    }
}

/// More than people are at work for, if that is ever asked of them.
fn too_much_work(weeks: &[WorkAsked]) -> Option<String> {
    let above = |week: &&WorkAsked| week.load().is_some_and(|load| load >= SATURATED);
    let WorkAsked { date, at_work_h, asked_h } = weeks.iter().find(above)?;
    Some(format!(
        "are asked for {asked_h:.0} h a week on {date} and are at work for {at_work_h:.0} h, if all that is applied for is \
         granted: what waits for them grows while this lasts"
    ))
}

/// Warns of modes for which nobody applies, and of those who apply where they may not.
fn warn_of_applicants(system: &System, id: ModeId, mode: &AccessMode) {
    let demand = mode_demand(system, id);
    if demand.projects <= 0.0 {
        talk(&format!("warning: nobody applies for {}: no community has projects of its kinds", mode.id));
    }
    if demand.not_eligible > 0.0 {
        talk(&format!(
            "warning: about {:.0} projects a run apply for {} and are refused: it is not for their community or country",
            demand.not_eligible, mode.id
        ));
    }
}

/// Warns of cut-offs that end so early that more than one is missing.
fn warn_of_cut_offs(system: &System, mode: &AccessMode) {
    let Taken::CutOffs(instants) = &mode.taken else { return };
    let Some(&last) = instants.last() else { return };
    let starts = std::iter::once(Time::ZERO).chain(instants.iter().copied());
    let longest = starts.zip(instants).map(|(before, after)| after.since(before)).max().unwrap_or(MONTH);
    let after = system.observation.end.since(last);
    if after > (longest * 2).max(MONTH) {
        let date = system.calendar.date_of(last).map_or_else(|_| String::new(), |date| format!(", {date}"));
        talk(&format!(
            "warning: the last cut-off of {}{date}, lies {:.0} d before the end: who applies after it is never decided on",
            mode.id,
            after.as_hours() / 24.0
        ));
    }
}
