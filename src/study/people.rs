//! What access modes and people are asked for, from means alone: what `check` prints before anything runs.
//!
//! All projects count as if each application were granted at once, and nobody applied twice. Work of support counts where
//! somebody in the set is able to do it, and is done as if by people whose own project it is.

use crate::access::able;
use crate::model::{
    AccessMode, Allocation, ArrivalStream, Asks, CandidateSet, Help, ModeId, PoolId, ProjectKind,
    ProjectKindId, StaffPool, StaffWork, System,
};
use crate::units::{Date, Span, Time};
use serde::Serialize;

/// What is asked of an access mode over the observation.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ModeDemand {
    /// Projects that apply and may.
    pub projects: f64,
    /// What they ask for, in reference accelerator-hours.
    pub asked_h: f64,
    /// Projects that apply and may not, from where they are.
    pub not_eligible: f64,
}

/// The people of whom work is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum People {
    /// Reviewers.
    Reviewers(PoolId),
    /// All support staff of a set together.
    Support,
}

/// Working time that people have and that is asked of them, in a week without holidays.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct WorkAsked {
    /// The day.
    pub date: Date,
    /// Hours at work, of all of them.
    pub at_work_h: f64,
    /// Hours asked for.
    pub asked_h: f64,
}

impl WorkAsked {
    /// Asked for over at work; `None` where nothing is asked, infinite where nobody is there to do it.
    pub fn load(&self) -> Option<f64> {
        (self.asked_h > 0.0).then(|| self.asked_h / self.at_work_h)
    }
}

const WEEK_S: f64 = 7.0 * 86_400.0;

/// What is asked of an access mode.
pub fn mode_demand(system: &System, id: ModeId) -> ModeDemand {
    let mut demand = ModeDemand { projects: 0.0, asked_h: 0.0, not_eligible: 0.0 };
    for (stream, kind, share) in asking(system) {
        let (of, mode) = kind_and_mode(system, kind);
        if of.mode != id {
            continue;
        }
        let projects = share * stream.expected(Time::ZERO, system.observation.end);
        if mode.is_for(stream.community, stream.country) {
            demand.projects += projects;
            demand.asked_h += projects * of.hours.mean();
        } else {
            demand.not_eligible += projects;
        }
    }
    demand
}

/// The work asked of people in a set every `step` from the start of the observation, and at its end.
pub fn work_asked(system: &System, set: &CandidateSet, people: People, step: Span) -> Vec<WorkAsked> {
    let end = system.observation.end;
    let starts = (0..end.0.div_ceil(step.0)).map(|k| Time::ZERO + step * k);
    let instants = starts.chain([Time(end.0 - 1)]);
    let per_project = work_of_projects(system, set, people);
    instants.map(|time| asked_at(system, set, people, &per_project, time)).collect()
}

/// Kinds of project for which nobody in a set is able to do some work of support that they need, for some who apply.
pub fn without_support(system: &System, set: &CandidateSet) -> Vec<ProjectKindId> {
    let lacks = |kind: ProjectKindId| {
        let helps = helps(&system.projects.kinds[kind]);
        let mut streams = asking(system).filter(|&(_, other, _)| other == kind);
        streams.any(|(stream, _, _)| helps.iter().any(|help| !is_done(system, set, stream, kind, help)))
    };
    system.projects.kinds.ids().filter(|&kind| lacks(kind)).collect()
}

/// The streams of projects with their kinds and the share of each.
fn asking(system: &System) -> impl Iterator<Item = (&ArrivalStream, ProjectKindId, f64)> {
    let streams = system.streams.iter().filter(|stream| stream.asks == Asks::Projects);
    streams.flat_map(|stream| {
        let kinds = &system.communities[stream.community].projects;
        kinds.iter().map(move |&(kind, share)| (stream, kind, share))
    })
}

fn kind_and_mode(system: &System, kind: ProjectKindId) -> (&ProjectKind, &AccessMode) {
    let of = &system.projects.kinds[kind];
    (of, &system.projects.modes[of.mode])
}

fn helps(kind: &ProjectKind) -> Vec<&Help> {
    let ticket = kind.mistakes.as_ref().and_then(|mistakes| mistakes.ticket.as_ref());
    kind.onboarding.iter().chain(ticket.map(|ticket| &ticket.help)).collect()
}

/// The streams with the working time, in seconds, that people are asked for by each of their arrivals.
fn work_of_projects<'s>(
    system: &'s System,
    set: &CandidateSet,
    people: People,
) -> Vec<(&'s ArrivalStream, f64)> {
    let of = asking(system).map(|(stream, kind, share)| {
        let (_, mode) = kind_and_mode(system, kind);
        let work_s = match people {
            _ if !mode.is_for(stream.community, stream.country) => 0.0,
            People::Reviewers(pool) => {
                let review = mode.review.as_ref().filter(|review| review.reviewers == pool);
                review.map_or(0.0, |review| review.work_s.mean())
            }
            People::Support => support_s(system, set, stream, kind),
        };
        (stream, share * work_s)
    });
    of.collect()
}

/// The working time of support for a project in the mean, in seconds, of what somebody is able to do.
fn support_s(system: &System, set: &CandidateSet, stream: &ArrivalStream, kind: ProjectKindId) -> f64 {
    let of = &system.projects.kinds[kind];
    let done = |help: &&Help| is_done(system, set, stream, kind, help);
    let onboarding: f64 = of.onboarding.iter().filter(done).map(|help| help.work_s.mean()).sum();
    let Some(mistakes) = &of.mistakes else { return onboarding };
    let ticket = mistakes.ticket.as_ref().filter(|ticket| done(&&ticket.help));
    let failures = mistakes.expected(system.jobs_of_project(kind));
    onboarding + ticket.map_or(0.0, |ticket| failures * ticket.share * ticket.help.work_s.mean())
}

/// Whether somebody in a set is able to do some work for the projects of a kind that come with a stream: where their hours
/// are bound to a site, at one of the set's.
fn is_done(
    system: &System,
    set: &CandidateSet,
    stream: &ArrivalStream,
    kind: ProjectKindId,
    help: &Help,
) -> bool {
    let (_, mode) = kind_and_mode(system, kind);
    let pools = &system.projects.pools;
    let (skill, country) = (help.skill.as_deref(), stream.country);
    let languages = &system.countries[country].languages;
    let by = |site| {
        let present = |id| is_present(&pools[id], set);
        !able(pools, StaffWork::Support, skill, site, country, languages, present).is_empty()
    };
    match mode.allocation {
        Allocation::Pooled => by(None),
        Allocation::Site { .. } => set.sites.iter().any(|&site| by(Some(site))),
    }
}

fn is_present(pool: &StaffPool, set: &CandidateSet) -> bool {
    pool.site.is_none_or(|site| set.contains(site))
}

fn asked_at(
    system: &System,
    set: &CandidateSet,
    people: People,
    per_project: &[(&ArrivalStream, f64)],
    time: Time,
) -> WorkAsked {
    let work = per_project.iter().map(|&(stream, work_s)| {
        stream.rate_per_s * stream.growth.at(time.as_seconds()) * WEEK_S * work_s / 3_600.0
    });
    let pools = system.projects.pools.enumerate().filter(|(id, pool)| match people {
        People::Reviewers(only) => *id == only,
        People::Support => pool.work == StaffWork::Support && is_present(pool, set),
    });
    let at_work = pools.map(|(_, pool)| f64::from(people_at(pool, time)) * weekly_h(pool));
    // Empty sums of floats are -0.
    WorkAsked {
        date: system.calendar.date_of(time).expect("the observation ends within the calendar"),
        at_work_h: at_work.sum::<f64>().max(0.0),
        asked_h: work.sum::<f64>().max(0.0),
    }
}

/// How many people a pool has at an instant.
pub fn people_at(pool: &StaffPool, time: Time) -> u32 {
    let place = pool.staff.partition_point(|&(from, _)| from <= time);
    place.checked_sub(1).map_or(0, |place| pool.staff[place].1)
}

/// The hours that one of a pool works in a week without holidays.
pub fn weekly_h(pool: &StaffPool) -> f64 {
    pool.hours.as_ref().map_or(WEEK_S / 3_600.0, |hours| hours.per_week().as_hours())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scenario::{EXAMPLE, MemoryLoader, Override, load};

    /// Of startups a project a day applies, 0.4 of them from Finland. Each asks for four jobs, half of which fail and every
    /// fourth of which brings a question.
    const MORE: &str = r#"
[[access]]
id = "open"
review = { by = "panel", work = "3 h" }
allocation = "pooled"
validity = "100 d"

[[project]]
id = "some"
access = "open"
accelerator_hours = 256
classes = { fine-tune = 1 }
onboarding = [{ skill = "porting", work = "10 h" }, { work = "5 h" }]
mistakes = { first = 0.5, last = 0.5, jobs = 9, after = "1 h", ticket = { share = 0.5, work = "2 h" } }

[[staff]]
id = "desk"
people = 1
changes = [{ date = 2026-07-01, people = 2 }]
skills = ["data"]
remote_efficiency = 0.5

[[staff]]
id = "porters"
site = "south"
countries = ["FI"]
people = 3
working_hours = { from = 9, to = 17 }

[[reviewers]]
id = "panel"
people = 2
working_hours = { country = "FI", from = 9, to = 17, weekdays = ["monday", "friday"] }
"#;

    fn system(overrides: &[&str]) -> System {
        let text = EXAMPLE
            .replacen("jobs_per_day = 12.0 ", "projects_per_year = 365.2425\nprojects = { some = 1 } ", 1)
            .replacen("classes = { fine-tune = 1 }\n", "", 1);
        let text = text + MORE;
        let files = MemoryLoader::new(&[("scenario.toml", &text)]);
        let overrides: Vec<Override> = overrides.iter().map(|&one| Override(one.to_owned())).collect();
        load("scenario.toml", &files, &overrides).unwrap_or_else(|problems| panic!("{problems}")).system
    }

    /// At work and asked for, at the begin and the end, in the set at `place`.
    #[track_caller]
    fn check(system: &System, place: usize, people: People, expected: [[f64; 2]; 2]) {
        let found = work_asked(system, &system.sets[place], people, system.observation.end.since(Time::ZERO));
        let found: Vec<[f64; 2]> = found.iter().map(|week| [week.at_work_h, week.asked_h]).collect();
        for (found, expected) in found.iter().flatten().zip(expected.iter().flatten()) {
            assert!((found - expected).abs() < 1e-6, "{found} instead of {expected} h");
        }
        assert_eq!(found.len(), 2);
    }

    #[test]
    fn reviews_and_support_by_hand() {
        let system = system(&[]);
        let panel = system.projects.pools.position(|pool| pool.id == "panel").unwrap();
        check(&system, 0, People::Reviewers(panel), [[32.0, 21.0]; 2]);
        // Each week 7 projects take 5 h and one question of 2 h, and the 2.8 of Finland 10 h of the porters of the south.
        let asked = 7.0 * (5.0 + 2.0) + 2.8 * 10.0;
        check(&system, 0, People::Support, [[168.0 + 3.0 * 40.0, asked], [3.0 * 168.0 + 3.0 * 40.0, asked]]);
        // Without the south nobody ports.
        check(&system, 1, People::Support, [[168.0, 49.0], [3.0 * 168.0, 49.0]]);
        assert_eq!(without_support(&system, &system.sets[0]), [ProjectKindId(0)]);
        let all = self::system(&["staff.porters.countries=['FI', 'ES', 'IT']"]);
        assert!(without_support(&all, &all.sets[0]).is_empty());
        assert_eq!(without_support(&all, &all.sets[1]), [ProjectKindId(0)]);
        // Where hours are bound to a site, the south's own are those at the south.
        let bound = self::system(&["access.open.allocation=site"]);
        assert!(without_support(&bound, &bound.sets[0]).is_empty());
    }

    #[test]
    fn applications_by_hand() {
        let demand = mode_demand(&system(&["access.open.countries=['FI']"]), ModeId(0));
        let expected = ModeDemand { projects: 146.0, asked_h: 146.0 * 256.0, not_eligible: 219.0 };
        for (found, expected) in [
            (demand.projects, expected.projects),
            (demand.asked_h, expected.asked_h),
            (demand.not_eligible, expected.not_eligible),
        ] {
            assert!((found / expected - 1.0).abs() < 1e-12, "{found} instead of {expected}");
        }
    }

    #[test]
    fn growth_counts_on_the_day() {
        let system = system(&["community.startups.growth_per_year=1.0"]);
        let panel = system.projects.pools.position(|pool| pool.id == "panel").unwrap();
        let last = 21.0 * libm::pow(2.0, 365.0 / 365.242_5);
        check(&system, 0, People::Reviewers(panel), [[32.0, 21.0], [32.0, last]]);
    }

    /// The sum of the chances, one by one.
    #[test]
    fn expected_failures() {
        let mut kind = system(&[]).projects.kinds[ProjectKindId(0)].clone();
        let mistakes = kind.mistakes.as_mut().unwrap();
        (mistakes.first, mistakes.last, mistakes.jobs) = (0.43, 0.15, 50.0);
        let slow: f64 = (0..70).map(|number| mistakes.chance(number)).sum();
        assert!((mistakes.expected(70.0) - slow).abs() < 1e-12);
    }
}
