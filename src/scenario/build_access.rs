//! From the access modes of a checked file to those of the model: cut-offs become instants, hours accelerator time.

use super::access_format::{
    AccessMode as FileMode, Allocation as FileAllocation, CutOffs, GrantBudget as FileBudget,
};
use super::build::{named, or_id};
use super::build_class::valid;
use super::build_partition::accelerator_time;
use super::format::{Observation, ScenarioFile};
use crate::engine::Distribution;
use crate::model::{
    AccessMode, Allocation, CommunityId, Country, CountryId, GrantAmount, GrantBudget, Id, IdVec, ModeId,
    PoolId, Review, StaffPool, Taken,
};
use crate::units::{Calendar, Span, Time};

/// The access modes, in the order of the file.
pub(super) fn access_modes(
    file: &ScenarioFile,
    calendar: Calendar,
    countries: &IdVec<CountryId, Country>,
    pools: &IdVec<PoolId, StaffPool>,
) -> IdVec<ModeId, AccessMode> {
    let community = |id: &String| -> CommunityId {
        let place = file.community.iter().position(|community| community.id == *id);
        Id::from_index(place.expect("references are checked before the system is built"))
    };
    let country = |id: &String| named(countries, |country| country.id == *id);
    let mode = |mode: &FileMode| AccessMode {
        id: mode.id.clone(),
        name: or_id(mode.name.as_ref(), &mode.id),
        communities: mode.communities.as_ref().map(|ids| each_once(ids.iter().map(community))),
        countries: mode.countries.as_ref().map(|ids| each_once(ids.iter().map(country))),
        hours: [mode.accelerator_hours.least, mode.accelerator_hours.most].map(accelerator_time),
        taken: mode.cut_offs.as_ref().map_or(Taken::AtOnce, |cut_offs| {
            Taken::CutOffs(instants(cut_offs, &file.observation, calendar))
        }),
        review: mode.review.as_ref().map(|review| Review {
            reviewers: named(pools, |pool| pool.id == review.by),
            work_s: valid(&review.work),
        }),
        least_score: mode.least_score,
        budget: mode.budget.map(budget),
        allocation: match mode.allocation {
            FileAllocation::Pooled => Allocation::Pooled,
            FileAllocation::Site => Allocation::Site { choices: mode.choices.unwrap_or(1) },
        },
        validity: mode.validity,
        again: mode.again.as_ref().map_or(0.0, |again| again.share),
        again_after_s: mode.again.as_ref().map_or(Distribution::Constant(0.0), |again| valid(&again.after)),
    };
    file.access.iter().map(mode).collect()
}

/// Ids in order, each once.
pub(super) fn each_once<I: Id>(ids: impl Iterator<Item = I>) -> Vec<I> {
    let mut ids: Vec<I> = ids.collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn budget(budget: FileBudget) -> GrantBudget {
    let hours = budget.accelerator_hours.map(|hours| GrantAmount::Hours(accelerator_time(hours)));
    let amount = hours.or(budget.share.map(GrantAmount::Share));
    GrantBudget { amount: amount.expect("the walk found one of hours and share"), every: budget.period }
}

/// The cut-offs within an observation whose dates are in order.
pub(super) fn instants(cut_offs: &CutOffs, observation: &Observation, calendar: Calendar) -> Vec<Time> {
    let end = calendar.time_of(observation.end);
    if let Some(dates) = &cut_offs.dates {
        let within = dates.iter().filter(|date| (observation.start..observation.end).contains(*date));
        return within.map(|&date| calendar.time_of(date)).collect();
    }
    let (Some(first), Some(every)) = (cut_offs.first, cut_offs.every.filter(|every| *every > Span::ZERO))
    else {
        return Vec::new();
    };
    // In nanoseconds from time zero, which the first may lie before.
    let (day, every) = (86_400_000_000_000_i128, i128::from(every.0));
    let first = i128::from(calendar.days_to(first)) * day;
    // The last day counts: whatever begins by its midnight.
    let last = cut_offs.last.map_or(i128::MAX, |last| i128::from(calendar.days_to(last)) * day);
    let skipped = if first < 0 { (-first + every - 1) / every } else { 0 };
    let each = (skipped..).map(|number| first + number * every);
    let within = each.take_while(|&at| at < i128::from(end.0) && at <= last);
    within.map(|at| Time(u64::try_from(at).expect("those before time zero are skipped"))).collect()
}
