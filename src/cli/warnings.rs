//! What `pleiade check` warns of: a scenario that is right and will not do what its author may expect.

use super::output::talk;
use super::people_warnings::warn_of_people;
use crate::data::may_hold;
use crate::model::{
    BrokerPolicy, CandidateSet, ClassId, DatasetId, Growth, PartitionId, ProjectKind, SiteId, System,
};
use crate::scheduling::{Cause, Setting, causes, cost};
use crate::study::{OfferedLoad, expected_jobs, offered_load};
use crate::units::{Span, Time};

/// Above this load a queue grows as long as the run lasts.
const SATURATED: f64 = 1.0;
/// Above this load queues may grow so long that decisions over all of a queue cost more than the rest of a run.
const BUSY: f64 = 0.95;
/// How often the load is looked at.
const MONTH: Span = Span(30 * 86_400_000_000_000);
/// Above this many jobs a run takes minutes.
const MANY_JOBS: f64 = 2e7;

/// Prints every warning about a system.
pub(super) fn warn(system: &System) {
    let loads: Vec<_> =
        system.sets.iter().map(|set| (set, offered_load(system.under(set), set, MONTH))).collect();
    warn_of_load(system, &loads);
    warn_of_late_sites(system);
    warn_of_change(system);
    warn_of_cost(system, &loads);
    warn_of_calendars(system);
    warn_of_datasets(system);
    warn_of_unfit_projects(system);
    warn_of_people(system);
    warn_of_size(system);
}

/// Warns of partitions that take jobs too long to fit between two blocks in which nothing runs.
fn warn_of_calendars(system: &System) {
    for partition in &system.partitions {
        let Some(gap) = system.partitions[partition.pool].longest_between_closures() else { continue };
        if partition.max_requested <= gap {
            continue;
        }
        let (site, id) = (&system.sites[partition.site].id, &partition.id);
        talk(&format!(
            "warning: {id} of {site} takes jobs that request more than {gap}, the longest time between two blocks of \
             its calendar in which nothing runs: such a job waits until the last block is over; `max_time = \"{gap}\"` \
             would turn it away"
        ));
    }
}

fn warn_of_load(system: &System, loads: &[(&CandidateSet, Vec<OfferedLoad>)]) {
    let granted = if system.has_projects() { ", if all that is applied for is granted and used" } else { "" };
    let above = loads.iter().filter_map(|(set, days)| {
        let above = |day: &OfferedLoad| Some((day.date, day.load.filter(|&load| load >= SATURATED)?));
        let (date, load) = days.iter().find_map(above)?;
        Some((set.id.as_str(), format!("{:.0} % of the capacity is asked for on {date}", load * 100.0)))
    });
    say_once(above.collect(), |sets, words| {
        format!("warning: in {sets} {words}{granted}: queues grow while this lasts")
    });
    let closed = loads.iter().filter_map(|(set, days)| {
        let none = days.iter().find(|day| day.load.is_none())?;
        Some((set.id.as_str(), none.date.to_string()))
    });
    say_once(closed.collect(), |sets, date| {
        format!("warning: no site of {sets} is open on {date}: all jobs are rejected then")
    });
}

/// Warns where a steady state is asked of what changes all the time: such runs don't settle, or they settle by chance.
fn warn_of_change(system: &System) {
    if !system.observation.steady_state {
        return;
    }
    let growing = system.streams.iter().find(|stream| stream.growth != Growth::NONE);
    let growing =
        growing.map(|stream| format!("the demand of {} grows", system.communities[stream.community].id));
    let sites =
        system.sets.iter().flat_map(|set| &set.sites).flat_map(|&site| &system.sites[site].partitions);
    let opening = sites
        .map(|&id| &system.partitions[id])
        .find(|partition| partition.opens > Time::ZERO && partition.opens < system.observation.end);
    let opening = opening.map(|partition| {
        format!("{} of {} opens while it is observed", partition.id, system.sites[partition.site].id)
    });
    for change in growing.into_iter().chain(opening) {
        talk(&format!("warning: `observation.steady_state` is asked for, but {change}"));
    }
}

/// Warns of sites of a set that never open while it is observed: they cost and do nothing.
fn warn_of_late_sites(system: &System) {
    let opens = |site: SiteId| {
        let mut partitions = system.sites[site].partitions.iter();
        partitions.any(|&id| system.partitions[id].opens < system.observation.end)
    };
    let late = system.sets.iter().flat_map(|set| {
        let late = set.sites.iter().filter(|&&site| !opens(site));
        late.map(|&site| (set.id.as_str(), system.sites[site].id.clone()))
    });
    say_once(late.collect(), |sets, site| {
        format!("warning: {site} of {sets} opens after the observation: it costs and does nothing")
    });
}

/// Warns of partitions where long queues meet a policy that looks at all of the queue, once each.
fn warn_of_cost(system: &System, loads: &[(&CandidateSet, Vec<OfferedLoad>)]) {
    for (id, partition) in system.partitions.enumerate().filter(|&(id, _)| system.owns_nodes(id)) {
        let (policy, setting) = (partition.policy, Setting::of(system, id));
        let causes = causes(policy, setting);
        if causes.is_empty() {
            continue;
        }
        if let Some(busy) = busy(system, partition.site, loads) {
            let advice: Vec<&str> = causes.into_iter().map(advice).collect();
            let (site, cost, advice) =
                (&system.sites[partition.site].id, cost(policy, setting), advice.join("; "));
            talk(&format!(
                "warning: a decision at {} of {site} takes time {cost} ({policy}), and {busy}: \
                 runs slow down as its queue grows; {advice}",
                partition.id,
            ));
        }
    }
}

/// Where and when a site first meets a load at which queues may grow long.
fn busy(system: &System, site: SiteId, loads: &[(&CandidateSet, Vec<OfferedLoad>)]) -> Option<String> {
    loads.iter().find_map(|(set, days)| {
        let place = set.sites.binary_search(&site).ok()?;
        let met = |day: &OfferedLoad| load_met(system, place, day).map(|load| (day.date, load));
        let (date, load) = days.iter().filter_map(met).find(|(_, load)| *load > BUSY)?;
        Some(format!("in set {} it meets a load of {:.0} % on {date}", set.id, load * 100.0))
    })
}

/// The load that the site at `place` of a set may meet: that of the set, or where jobs stay home its own, if greater.
fn load_met(system: &System, place: usize, day: &OfferedLoad) -> Option<f64> {
    let at_home = matches!(system.broker, BrokerPolicy::Home { .. });
    let own = day.home_load[place].filter(|_| at_home);
    own.into_iter().chain(day.load).reduce(f64::max)
}

/// What keeps decisions from looking at every waiting job.
fn advice(cause: Cause) -> &'static str {
    match cause {
        Cause::Order => "wfp3 and unicef sort the queue again at every decision, the other orders do not",
        Cause::Candidates => {
            "one reservation is cheap, for more a depth bounds the time, such as \
             backfill = { kind = \"conservative\", compression = \"replan\", depth = 100 }"
        }
        Cause::Reservations => {
            "a depth bounds the time, such as backfill = { kind = \"conservative\", depth = 100 }"
        }
    }
}

/// Warns of datasets that no storage keeps, and of classes that may run nowhere in a set.
fn warn_of_datasets(system: &System) {
    for dataset in &system.datasets {
        let allowed: Vec<SiteId> =
            system.sites.ids().filter(|&site| may_hold(system, dataset, site)).collect();
        let keeps = |&site: &SiteId| {
            system.sites[site].storage.is_none_or(|storage| storage.capacity >= dataset.size)
        };
        if !allowed.is_empty() && !allowed.iter().any(keeps) {
            talk(&format!(
                "warning: dataset {}, {}, is larger than the storage of every site that may hold it: each job that \
                 reads it fetches it anew",
                dataset.id, dataset.size
            ));
        }
    }
    let mut found = Vec::new();
    for (set, class) in
        system.sets.iter().flat_map(|set| system.classes.iter().map(move |class| (set, class)))
    {
        let barred = |dataset: DatasetId| {
            !set.sites.iter().any(|&site| may_hold(system, &system.datasets[dataset], site))
        };
        let kept: Vec<&str> = class
            .datasets
            .iter()
            .filter(|&&(dataset, _)| barred(dataset))
            .map(|&(dataset, _)| system.datasets[dataset].id.as_str())
            .collect();
        if !kept.is_empty() {
            let what = if kept.len() == class.datasets.len() { "all" } else { "those" };
            let words = format!("{}: {what} jobs of class {}", some(&kept), class.id);
            found.push((set.id.as_str(), words));
        }
    }
    say_once(found, |sets, words| {
        format!("warning: no site of {sets} may hold {words} that read it are rejected")
    });
}

/// Warns of kinds of project that no site of a set has room for.
fn warn_of_unfit_projects(system: &System) {
    let mut found = Vec::new();
    for set in &system.sets {
        let system = system.under(set);
        let fits = |class: ClassId, id: PartitionId| {
            let least = system.classes[class].accelerators.iter().map(|&(count, _)| u64::from(count)).min();
            let partition = &system.partitions[id];
            let opens = partition.opens < system.observation.end;
            opens && least.is_none_or(|least| least <= partition.largest_job())
        };
        let takes = |kind: &ProjectKind, site: SiteId| {
            let partitions = &system.sites[site].partitions;
            kind.classes.iter().all(|&(class, _)| partitions.iter().any(|&id| fits(class, id)))
        };
        let fit = |kind: &&ProjectKind| set.sites.iter().any(|&site| takes(kind, site));
        let unfit = system.projects.kinds.iter().filter(|kind| !fit(kind));
        let unfit: Vec<&str> = unfit.map(|kind| kind.id.as_str()).collect();
        if !unfit.is_empty() {
            found.push((set.id.as_str(), some(&unfit)));
        }
    }
    say_once(found, |sets, kinds| {
        format!(
            "warning: no site of {sets} has room for a job of each class of the projects {kinds}: all of these are refused"
        )
    });
}

/// Prints what is found of several sets once for all of which the same is.
pub(super) fn say_once(found: Vec<(&str, String)>, say: impl Fn(&str, &str) -> String) {
    let mut groups: Vec<(String, Vec<&str>)> = Vec::new();
    for (set, words) in found {
        match groups.iter_mut().find(|(said, _)| *said == words) {
            Some((_, sets)) => sets.push(set),
            None => groups.push((words, vec![set])),
        }
    }
    for (words, sets) in groups {
        let sets = if let [one] = sets[..] { format!("set {one}") } else { format!("sets {}", some(&sets)) };
        talk(&say(&sets, &words));
    }
}

/// A few names, and how many more there are.
fn some(names: &[&str]) -> String {
    const SHOWN: usize = 5;
    match names.get(..SHOWN).filter(|_| names.len() > SHOWN) {
        Some(first) => format!("{} and {} more", first.join(", "), names.len() - SHOWN),
        None => names.join(", "),
    }
}

fn warn_of_size(system: &System) {
    let jobs = expected_jobs(system);
    if jobs > MANY_JOBS {
        talk(&format!(
            "warning: about {jobs:.1e} jobs a run: expect minutes a run; fewer, larger jobs settle sooner"
        ));
    }
}
