//! Projects, access modes and people: what they become, and what breaks their rules.

use super::{EXAMPLE, load_text};
use crate::engine::{CountDistribution, Distribution};
use crate::model::{
    AccessMode, Allocation, Askers, Asks, CommunityId, CountryId, GrantAmount, GrantBudget, HeldLimit, Help,
    Learning, Marks, Mistakes, ModeId, Per, PoolId, ProjectKind, ProjectKindId, Review, SiteId, StaffPool,
    StaffWork, System, Taken, Ticket,
};
use crate::units::{AcceleratorTime, Span, Time, YEAR};

/// What stands behind the example.
const MORE: &str = r#"
[[access]]
id = "playground"
communities = ["startups"]
accelerator_hours = { most = 5000 }
review = { by = "panel", work = { kind = "lognormal", mean = "4 h", cv = 0.5 } }
allocation = "pooled"
validity = "90 d"

[[access]]
id = "regular"
name = "Regular access"
countries = ["IT", "FI", "FI"]
accelerator_hours = { least = 100, most = 2e6 }
cut_offs = { first = 2025-12-20, every = "14 d", last = 2026-02-28 }
review = { by = "panel", work = "8 h" }
least_score = 0.4
budget = { share = 0.25, period = "91 d" }
allocation = "site"
choices = 2
validity = "365 d"
again = { share = 0.5, after = "30 d" }

[[project]]
id = "prototype"
access = "playground"
accelerator_hours = { kind = "lognormal", mean = 2000, cv = 1 }
score = { kind = "uniform", low = 0.2, high = 1.0 }
classes = { fine-tune = 3, training = 1 }
sessions = { jobs = { kind = "geometric", mean = 4 }, think = "15 min", feedback = 0.5, pace = 0.8 }
onboarding = [{ skill = "porting", work = { kind = "exponential", mean = "40 h" } }, { work = "4 h" }]
small_job = 8
learning = { efficiency = 0.5, supported = "80 h" }
mistakes = { first = 0.43, last = 0.15, jobs = 50, after = { kind = "exponential", mean = "20 min" }, ticket = { share = 0.3, skill = "porting", work = "4 h" } }

[[project]]
id = "programme"
name = "Research programme"
access = "regular"
accelerator_hours = 50_000
classes = { training = 1 }

[[staff]]
id = "porters"
site = "south"
countries = ["ES", "FI"]
people = 6
changes = [{ date = 2026-07-01, people = 2 }, { date = 2025-06-01, people = 1 }, { date = 2026-03-01, people = -3 }]
working_hours = { from = 9, to = 17.5, holidays = [{ date = 2026-12-24, days = 3 }, { date = 2026-12-25 }] }
skills = ["porting", "data"]
languages = ["it", "en"]
remote_efficiency = 0.8

[[staff]]
id = "antenna"
countries = ["ES"]
people = 1
skills = ["data"]

[[reviewers]]
id = "panel"
people = 12
working_hours = { country = "FI", from = 0, to = 24, weekdays = ["saturday", "monday"] }
"#;

/// The example with projects of startups, a programme of researchers, and all that they meet.
pub(super) fn text() -> String {
    let startups = "jobs_per_day = 12.0                      # over all its countries; the weights below share them out\n";
    assert!(EXAMPLE.contains(startups));
    let text = EXAMPLE
        .replacen(startups, "projects_per_year = 120\nprojects = { prototype = 1 }\n", 1)
        .replacen("classes = { fine-tune = 1 }\n", "", 1)
        .replacen(
            "jobs_per_day = 8.0\n",
            "jobs_per_day = 8.0\nprojects_per_year = 24\nprojects = { programme = 1 }\n",
            1,
        )
        .replacen(
            "name = \"Italy\"",
            "name = \"Italy\", utc_offset = 1, summer_time = true, languages = [\"it\"]",
            1,
        )
        .replacen("name = \"Spain\"", "name = \"Spain\", languages = [\"es\", \"en\"]", 1)
        .replacen(
            "id = \"south\"\n",
            "id = \"south\"\nmarks = { computing = 8, data = 7.5, talent = 9 }\n",
            1,
        );
    text + MORE
}

#[test]
fn limits_of_each_project() {
    let keys = "limit = [{ per = \"project\", countries = [\"FI\"], nodes = 9, jobs = 2 }, { jobs = 5 }]";
    let text = text().replacen("share = 0.5 }", &format!("share = 0.5, {keys} }}"), 1);
    let system = load_text(&text, &[]).unwrap_or_else(|problems| panic!("{problems}")).system;
    let limited = system.partitions.enumerate().find(|(_, partition)| !partition.limits.is_empty()).unwrap();
    let (id, partition) = limited;
    let finland = Askers { community: None, countries: Some(vec![CountryId(1)]) };
    let expected = [
        HeldLimit { askers: finland, per: Per::Project, nodes: Some(9), jobs: Some(2) },
        HeldLimit { askers: Askers::default(), per: Per::Group, nodes: None, jobs: Some(5) },
    ];
    assert_eq!(partition.limits, expected);
    let most = |asks, country| system.most_units(id, (CommunityId(0), CountryId(country)), asks);
    assert_eq!(
        [most(Asks::Projects, 1), most(Asks::Jobs, 1), most(Asks::Projects, 0)],
        [9, u64::MAX, u64::MAX]
    );
}

fn system(overrides: &[&str]) -> System {
    load_text(&text(), overrides).unwrap_or_else(|problems| panic!("{problems}")).system
}

fn hours(hours: u128) -> AcceleratorTime {
    AcceleratorTime(hours * 3_600_000_000_000)
}

fn day(day: u64) -> Time {
    Time::from_seconds(day * 86_400)
}

#[test]
fn access_modes() {
    let system = system(&[]);
    let work_s = Distribution::log_normal(4.0 * 3_600.0, 0.5);
    let playground = AccessMode {
        id: "playground".to_owned(),
        name: "playground".to_owned(),
        communities: Some(vec![CommunityId(0)]),
        countries: None,
        hours: [hours(0), hours(5_000)],
        taken: Taken::AtOnce,
        review: Some(Review { reviewers: PoolId(1), work_s }),
        least_score: 0.0,
        budget: None,
        allocation: Allocation::Pooled,
        validity: Span::from_seconds(90 * 86_400),
        again: 0.0,
        again_after_s: Distribution::Constant(0.0),
    };
    assert_eq!(system.projects.modes[ModeId(0)], playground);
    let country = |id: &str| system.countries.position(|country| country.id == id).unwrap();
    let regular = AccessMode {
        id: "regular".to_owned(),
        name: "Regular access".to_owned(),
        communities: None,
        countries: Some(vec![country("FI"), country("IT")]),
        hours: [hours(100), hours(2_000_000)],
        // The one of December lies before the observation, the next after 28 February.
        taken: Taken::CutOffs([2, 16, 30, 44, 58].map(day).to_vec()),
        review: Some(Review { reviewers: PoolId(1), work_s: Distribution::Constant(28_800.0) }),
        least_score: 0.4,
        budget: Some(GrantBudget {
            amount: GrantAmount::Share(0.25),
            every: Span::from_seconds(91 * 86_400),
        }),
        allocation: Allocation::Site { choices: 2 },
        validity: Span::from_seconds(365 * 86_400),
        again: 0.5,
        again_after_s: Distribution::Constant(30.0 * 86_400.0),
    };
    assert_eq!(system.projects.modes[ModeId(1)], regular);
}

#[test]
fn cut_offs_by_date_and_budgets_in_hours() {
    let dates = "access.regular.cut_offs={ dates = [2025-07-01, 2026-01-01, 2026-03-15, 2027-01-01] }";
    let system = system(&[dates, "access.regular.budget={ accelerator_hours = 1e6, period = '1 d' }"]);
    let mode = &system.projects.modes[ModeId(1)];
    assert_eq!(mode.taken, Taken::CutOffs(vec![day(0), day(73)]));
    assert_eq!(mode.budget.unwrap().amount, GrantAmount::Hours(hours(1_000_000)));
    let unbounded = "access.playground.accelerator_hours={ least = 10 }";
    let mode = &self::system(&[unbounded]).projects.modes[ModeId(0)];
    assert_eq!(mode.hours[0], hours(10));
    assert!((mode.hours[1].as_hours() / 1e12 - 1.0).abs() < 1e-15);
}

#[test]
fn kinds_of_project() {
    let system = system(&[]);
    let class = |id: &str| system.classes.position(|class| class.id == id).unwrap();
    let prototype = ProjectKind {
        id: "prototype".to_owned(),
        name: "prototype".to_owned(),
        mode: ModeId(0),
        hours: Distribution::log_normal(2_000.0, 1.0),
        score: Distribution::Uniform { low: 0.2, high: 1.0 },
        classes: vec![(class("fine-tune"), 0.75), (class("training"), 0.25)],
        sessions: crate::model::Sessions {
            jobs: CountDistribution::Geometric { mean: 4.0 },
            think_s: Distribution::Constant(900.0),
            feedback: 0.5,
            pace: 0.8,
        },
        onboarding: vec![
            Help { skill: Some("porting".to_owned()), work_s: Distribution::Exponential { mean: 144_000.0 } },
            Help { skill: None, work_s: Distribution::Constant(14_400.0) },
        ],
        small: 8,
        learning: Some(Learning { efficiency: 0.5, supported: Span::from_seconds(288_000) }),
        mistakes: Some(Mistakes {
            first: 0.43,
            last: 0.15,
            jobs: 50.0,
            after_s: Distribution::Exponential { mean: 1_200.0 },
            ticket: Some(Ticket {
                share: 0.3,
                help: Help { skill: Some("porting".to_owned()), work_s: Distribution::Constant(14_400.0) },
            }),
        }),
    };
    assert_eq!(system.projects.kinds[ProjectKindId(0)], prototype);
    let programme = &system.projects.kinds[ProjectKindId(1)];
    let plain = ProjectKind {
        id: "programme".to_owned(),
        name: "Research programme".to_owned(),
        mode: ModeId(1),
        hours: Distribution::Constant(50_000.0),
        score: Distribution::Constant(1.0),
        classes: vec![(class("training"), 1.0)],
        sessions: crate::model::Sessions {
            jobs: CountDistribution::Constant(1),
            think_s: Distribution::Constant(0.0),
            feedback: 0.0,
            pace: 1.0,
        },
        onboarding: vec![],
        small: 0,
        learning: None,
        mistakes: None,
    };
    assert_eq!(*programme, plain);
}

#[test]
fn staff_and_reviewers_are_pools_by_id() {
    let system = system(&[]);
    let pools: Vec<&StaffPool> = system.projects.pools.iter().collect();
    let ids: Vec<&str> = pools.iter().map(|pool| pool.id.as_str()).collect();
    assert_eq!(ids, ["antenna", "panel", "porters"]);
    let [antenna, panel, porters] = pools[..] else { panic!() };
    assert_eq!((antenna.work, panel.work), (StaffWork::Support, StaffWork::Review));
    assert_eq!((antenna.site, antenna.hours.as_ref(), antenna.remote_efficiency), (None, None, 0.0));
    assert_eq!((panel.remote_efficiency, panel.skills.as_ref()), (1.0, None));
    assert_eq!(porters.site.map(|site| system.sites[site].id.as_str()), Some("south"));
    let own: Vec<&str> = porters.countries.iter().map(|&id| system.countries[id].id.as_str()).collect();
    assert_eq!(own, ["ES", "FI"]);
    // Who came before the start is there at the start.
    assert_eq!(porters.staff, [(Time::ZERO, 7), (day(59), 4), (day(181), 6)]);
    let hours = porters.hours.as_ref().unwrap();
    assert_eq!((hours.day_s, hours.clock.offset_s, hours.clock.summers.len()), ([32_400, 63_000], 3_600, 1));
    assert_eq!(hours.weekdays, [true, true, true, true, true, false, false]);
    assert_eq!(hours.holidays, [357, 358, 359]);
    let hours = panel.hours.as_ref().unwrap();
    assert_eq!((hours.day_s, hours.clock.offset_s), ([0, 86_400], 0));
    assert_eq!(hours.weekdays, [true, false, false, false, false, true, false]);
}

#[test]
fn streams_of_projects_come_last() {
    let system = system(&[]);
    let keys: Vec<_> = system.streams.iter().map(|stream| (stream.key.as_str(), stream.asks)).collect();
    let jobs = ["ES", "FI", "IT"].map(|country| format!("researchers/{country}"));
    let of = |community: &str| ["ES", "FI", "IT"].map(|country| format!("{community}/{country}/projects"));
    let projects = [of("startups"), of("researchers")].concat();
    let expected: Vec<_> = jobs
        .iter()
        .map(|key| (key.as_str(), Asks::Jobs))
        .chain(projects.iter().map(|key| (key.as_str(), Asks::Projects)))
        .collect();
    assert_eq!(keys, expected);
    let rate: f64 = system.streams.iter().skip(3).take(3).map(|stream| stream.rate_per_s).sum();
    assert!((rate * YEAR.as_seconds() - 120.0).abs() < 1e-9);
    let startups = &system.communities[CommunityId(0)];
    assert_eq!((startups.classes.len(), &startups.projects[..]), (0, &[(ProjectKindId(0), 1.0)][..]));
    assert_eq!(system.sites[SiteId(1)].marks, Some(Marks { computing: 8.0, data: 7.5, talent: 9.0 }));
    let spoken: Vec<_> = system.countries.iter().map(|country| country.languages.join(" ")).collect();
    assert_eq!(spoken, ["es en", "", "it"]);
}

/// A community may have users who wait for their jobs and projects that grow.
#[test]
fn closed_users_beside_projects() {
    let text = text().replacen("jobs_per_day = 8.0\n", "closed = { users = 3, think = \"1 d\" }\n", 1);
    let growth = "community.researchers.growth_per_year=1.0";
    let system = load_text(&text, &[growth]).unwrap_or_else(|problems| panic!("{problems}")).system;
    let grows = |stream: &crate::model::ArrivalStream| stream.growth.at(YEAR.as_seconds()) > 1.5;
    for stream in system.streams.iter().filter(|stream| stream.community == CommunityId(1)) {
        assert_eq!(grows(stream), stream.asks == Asks::Projects, "{}", stream.key);
    }
}

#[test]
fn the_resolved_text_and_the_facts_hold_everything() {
    let scenario =
        load_text(&text(), &["staff.porters.people=9", "project.programme.source=a call"]).unwrap();
    let again = load_text(&scenario.resolved_toml, &[]).unwrap_or_else(|problems| panic!("{problems}"));
    assert_eq!(again.system, scenario.system);
    assert_eq!(again.resolved_toml, scenario.resolved_toml);
    let porters = scenario.system.projects.pools.iter().find(|pool| pool.id == "porters").unwrap();
    assert_eq!(porters.staff[0], (Time::ZERO, 10));
    let facts: Vec<&str> = scenario.system.facts.iter().map(|fact| fact.path.as_str()).collect();
    let new = ["access.playground", "access.regular", "project.prototype", "project.programme"];
    assert!(facts.ends_with(&[&new[..], &["staff.porters", "staff.antenna", "reviewers.panel"]].concat()));
    assert_eq!(scenario.system.facts.iter().find(|fact| fact.path == new[3]).unwrap().source, "a call");
}
