//! Projects from application to end, held to what can be worked out by hand.

pub(crate) mod case;
mod laws;
mod limits;

use crate::rows::Rows;
use case::{HOUR, between, constant, hours, open_mode, plain_kind, projects, run};
use pleiade::engine::{Distribution, Universe};
use pleiade::model::{
    AccessMode, Allocation, GrantAmount, GrantBudget, Help, Learning, Mistakes, PoolId, ProjectKind, Review,
    StaffPool, StaffWork, StreamId, System, Taken, Ticket,
};
use pleiade::records::{JobRow, Outcome, ProjectOutcome, ProjectRow, Refusal, Rejection};
use pleiade::units::{AcceleratorTime, Span, Time};
use pleiade::workload::ProjectDraws;
use std::collections::BTreeMap;

/// The jobs of all projects of the only stream, each project's by number.
struct Jobs<'r>(BTreeMap<u64, Vec<&'r JobRow>>);

impl<'r> Jobs<'r> {
    fn of(rows: &'r Rows) -> Self {
        let mut jobs: BTreeMap<u64, Vec<&JobRow>> = BTreeMap::new();
        for row in &rows.jobs {
            jobs.entry(row.id.project()).or_default().push(row);
        }
        for jobs in jobs.values_mut() {
            jobs.sort_by_key(|row| row.id);
        }
        Self(jobs)
    }

    fn project(&self, project: &ProjectRow) -> &[&'r JobRow] {
        self.0.get(&project.ordinal).map_or(&[], Vec::as_slice)
    }
}

/// Each project that ended must have used what its jobs held, row by row.
fn accounts_agree(rows: &Rows) {
    let all = Jobs::of(rows);
    for project in &rows.projects {
        let held = |row: &&JobRow| {
            let span = row.last_start.map_or(Span::ZERO, |start| row.end.unwrap_or(start).since(start));
            AcceleratorTime::of(row.accelerators_held.into(), span)
        };
        let jobs = all.project(project);
        if project.ended.is_some() {
            assert_eq!(project.used, jobs.iter().map(held).sum());
        }
        assert_eq!(project.jobs, jobs.len() as u64);
        assert_eq!(project.first_start, jobs.iter().filter_map(|row| row.start).min());
        assert_eq!(project.first_job, jobs.iter().map(|row| row.submit).min());
    }
}

/// Ten jobs of an hour use ten hours up: in sessions of five, each a nanosecond after the other, then the project asks for an eleventh and
/// ends.
#[test]
fn hours_are_used_up_in_sessions() {
    let system = projects(1_000, 4.0, 2_000, open_mode(), plain_kind());
    let (rows, report) = run(&system);
    accounts_agree(&rows);
    let all = Jobs::of(&rows);
    let ended: Vec<_> = rows.projects.iter().filter(|row| row.outcome == ProjectOutcome::UsedUp).collect();
    assert!(ended.len() > 100);
    for project in ended {
        assert_eq!((project.granted, project.used, project.jobs), (hours(10), hours(10), 10));
        assert_eq!(project.decided, Some(project.applied));
        let jobs = all.project(project);
        for pair in jobs.windows(2) {
            let pause = between(pair[0].end.unwrap(), pair[1].submit);
            let is_new_session = pair[1].id.number() == 5;
            assert!(if is_new_session { pause > 1e-9 } else { pause < 1e-9 }, "{pause}");
        }
    }
    assert!(report.checks.projects.is_some_and(|checks| checks.in_system < 30 && checks.applied > 200));
}

/// The mean pause makes a project that never waits use its hours in the pace of its validity: 2 sessions in 20 h.
#[test]
fn pauses_have_their_mean() {
    let system = projects(1_000, 20.0, 4_000, open_mode(), plain_kind());
    let (rows, _) = run(&system);
    let all = Jobs::of(&rows);
    let pauses: Vec<f64> = rows
        .projects
        .iter()
        .filter_map(|project| {
            let jobs = all.project(project);
            Some(between(jobs.get(4)?.end?, jobs.get(5)?.submit))
        })
        .collect();
    let mean = pauses.iter().sum::<f64>() / pauses.len() as f64;
    // Exponential: the standard deviation is the mean. Hours that expire after 100 h cut off e^-10 of them.
    let error = 10.0 / (pauses.len() as f64).sqrt();
    assert!((mean - 10.0).abs() < 4.0 * error && error < 0.25, "{mean} ± {error} of {}", pauses.len());
}

/// Five applications or so wait for each cut-off; one reviewer takes two hours for each; all are decided when the last one is.
#[test]
fn cut_offs_are_decided_together() {
    let day = |day: u64| Time::from_seconds(day * 24 * HOUR);
    let cut_offs = vec![day(10), day(20), day(30)];
    let review = Some(Review { reviewers: PoolId(0), work_s: constant(2.0) });
    let mode = AccessMode { taken: Taken::CutOffs(cut_offs.clone()), review, ..open_mode() };
    let mut system = projects(1_000, 0.5, 40 * 24, mode, plain_kind());
    system.projects.pools.push(StaffPool::always("panel", StaffWork::Review, 1));
    let (rows, _) = run(&system);
    accounts_agree(&rows);
    let mut before = Time::ZERO;
    for cut_off in cut_offs {
        let batch = rows.projects.iter().filter(|row| (before..=cut_off).contains(&row.applied));
        let batch: Vec<_> = batch.collect();
        let decided = cut_off + Span::from_seconds(2 * HOUR) * batch.len() as u64;
        assert!(!batch.is_empty() && batch.iter().all(|row| row.decided == Some(decided)), "{batch:?}");
        before = cut_off;
    }
    let late: Vec<_> = rows.projects.iter().filter(|row| row.applied > before).collect();
    assert!(!late.is_empty() && late.iter().all(|row| row.outcome == ProjectOutcome::Applying));
}

/// The scores of the only application of each project.
fn score(system: &System, row: &ProjectRow) -> f64 {
    let draws = ProjectDraws::new(system, Universe::new(7, 0), row.stream, row.ordinal);
    draws.score(0, &system.projects.kinds[row.kind].score)
}

/// Of each cut-off the three best get the thirty hours of the period, if they are good enough.
#[test]
fn the_best_get_the_budget() {
    let every = Span::from_seconds(240 * HOUR);
    let cut_offs: Vec<Time> = (1..8).map(|period| Time::ZERO + every * period).collect();
    let budget = GrantBudget { amount: GrantAmount::Hours(hours(39)), every };
    let mode = AccessMode {
        taken: Taken::CutOffs(cut_offs.clone()),
        least_score: 0.3,
        budget: Some(budget),
        ..open_mode()
    };
    let kind = ProjectKind { score: Distribution::Uniform { low: 0.0, high: 1.0 }, ..plain_kind() };
    let system = projects(1_000, 1.0, 8 * 240, mode, kind);
    let (rows, _) = run(&system);
    let mut refused_for_budget = 0;
    for cut_off in cut_offs {
        let of = |row: &&ProjectRow| row.decided == Some(cut_off);
        let mut batch: Vec<_> = rows.projects.iter().filter(of).collect();
        batch.sort_by(|a, b| score(&system, b).total_cmp(&score(&system, a)));
        for (place, row) in batch.iter().enumerate() {
            let expected = match score(&system, row) {
                low if low < 0.3 => Some(Refusal::Score),
                _ if place >= 3 => Some(Refusal::Budget),
                _ => None,
            };
            let refused = match row.outcome {
                ProjectOutcome::Refused(reason) => Some(reason),
                _ => None,
            };
            assert_eq!(refused, expected, "{row:?}");
            refused_for_budget += u32::from(expected == Some(Refusal::Budget));
        }
    }
    assert!(refused_for_budget > 5);
}

/// The refused apply again with chance 0.6 after 50 h: attempts are geometric, of mean 1 / 0.4.
#[test]
fn the_refused_apply_again() {
    let mode = AccessMode { least_score: 0.5, again: 0.6, again_after_s: constant(50.0), ..open_mode() };
    let kind = ProjectKind { score: Distribution::Constant(0.2), ..plain_kind() };
    let (rows, _) = run(&projects(10, 30.0, 4_000, mode, kind));
    let refused = Refusal::Score;
    let over: Vec<_> =
        rows.projects.iter().filter(|row| row.outcome == ProjectOutcome::Refused(refused)).collect();
    for row in &over {
        let waited = f64::from(row.applications - 1) * 50.0;
        assert!((between(row.applied, row.decided.unwrap()) - waited).abs() < 1e-9);
    }
    // Those that came in the last thousand hours may not be over: 0.6^20 of them.
    let early: Vec<_> = over.iter().filter(|row| row.applied < Time::from_seconds(3_000 * HOUR)).collect();
    let mean = early.iter().map(|row| f64::from(row.applications)).sum::<f64>() / early.len() as f64;
    let error = (0.6_f64).sqrt() / 0.4 / (early.len() as f64).sqrt();
    assert!((mean - 2.5).abs() < 4.0 * error && error < 0.05, "{mean} ± {error}");
}

/// A machine of one accelerator: what has not started when the hours expire leaves, and they are lost to the unit.
#[test]
fn hours_expire() {
    let mut kind = plain_kind();
    (kind.sessions.feedback, kind.hours) = (0.0, Distribution::Constant(50.0));
    let system = projects(1, 1.0, 3_000, open_mode(), kind);
    let (rows, report) = run(&system);
    accounts_agree(&rows);
    let all = Jobs::of(&rows);
    let expired: Vec<_> =
        rows.jobs.iter().filter(|row| row.outcome == Outcome::Rejected(Rejection::Expired)).collect();
    assert!(expired.len() > 100 && report.checks.rejected == expired.len() as u64);
    for project in rows.projects.iter().filter(|row| row.outcome == ProjectOutcome::Expired) {
        let valid_until = project.decided.unwrap() + Span::from_seconds(100 * HOUR);
        assert!(
            project.ended.unwrap() >= valid_until
                && project.ended.unwrap() <= valid_until + Span::from_seconds(HOUR)
        );
        assert_eq!(project.used + project.expired, hours(50));
        for job in all.project(project) {
            match job.outcome {
                Outcome::Completed => assert!(job.start.unwrap() < valid_until),
                Outcome::Rejected(Rejection::Expired) => assert_eq!(job.end, Some(valid_until)),
                other => panic!("{other:?}"),
            }
        }
    }
}

/// A project bound to a site of a set that has none open is refused; where nothing fits, too.
#[test]
fn without_a_site_nothing_is_granted() {
    for allocation in [Allocation::Pooled, Allocation::Site { choices: 2 }] {
        let mode = AccessMode { allocation, ..open_mode() };
        let mut system = projects(1_000, 4.0, 1_000, mode, plain_kind());
        let opens = Time::from_seconds(500 * HOUR);
        system.partitions.iter_mut().for_each(|partition| partition.opens = opens);
        let (rows, _) = run(&system);
        accounts_agree(&rows);
        for row in &rows.projects {
            let is_refused = row.outcome == ProjectOutcome::Refused(Refusal::NoSite);
            assert_eq!(is_refused, row.applied < opens);
            assert_eq!(row.site.is_some(), !is_refused && allocation != Allocation::Pooled);
        }
        assert!(rows.jobs.iter().all(|row| row.outcome != Outcome::Rejected(Rejection::NoOpenSite)));
    }
}

fn onboarding(work: f64) -> Vec<Help> {
    vec![Help { skill: None, work_s: constant(work) }]
}

/// Two people help, 12 h for a task: the first two projects are onboarded after 12 h, and so on, first come first served. No
/// job starts before. With small jobs allowed, they start at once.
#[test]
fn large_runs_wait_for_onboarding() {
    for small in [0, 1] {
        let kind = ProjectKind { onboarding: onboarding(12.0), small, ..plain_kind() };
        let mut system = projects(1_000, 3.0, 1_000, open_mode(), kind);
        system.projects.pools.push(StaffPool::always("desk", StaffWork::Support, 2));
        let (rows, _) = run(&system);
        accounts_agree(&rows);
        let mut projects: Vec<_> = rows.projects.iter().collect();
        projects.sort_by_key(|row| row.applied);
        let mut free = [Time::ZERO; 2];
        for project in projects {
            free.sort_unstable();
            free[0] = free[0].max(project.applied) + Span::from_seconds(12 * HOUR);
            let is_done =
                free[0] <= system.observation.end && project.ended.is_none_or(|ended| ended >= free[0]);
            assert_eq!(project.onboarded, is_done.then_some(free[0]));
            let expected = if small == 0 { project.onboarded } else { Some(project.applied) };
            assert_eq!(project.first_job, expected.filter(|&at| at < system.observation.end));
            let supported = if is_done { 12 * HOUR } else { 0 };
            assert_eq!(project.supported, Span::from_seconds(supported));
        }
    }
}

/// Who finds no staff that may help does without.
#[test]
fn unsupported_projects_go_on() {
    let kind = ProjectKind {
        onboarding: vec![Help { skill: Some("porting".to_owned()), work_s: constant(12.0) }],
        ..plain_kind()
    };
    let mut system = projects(1_000, 3.0, 500, open_mode(), kind);
    system.projects.pools.push(StaffPool::always("desk", StaffWork::Support, 2));
    system.projects.pools[PoolId(0)].skills = Some(vec!["data".to_owned()]);
    let (rows, _) = run(&system);
    for row in &rows.projects {
        assert_eq!((row.unsupported, row.onboarded, row.supported), (1, row.decided, Span::ZERO));
    }
}

/// Help of d makes a project work at 0.5 + 0.5 (1 - exp(-d / 80 h)) of the speed of experts: its jobs take longer, and so do
/// the hours that it uses.
#[test]
fn help_makes_faster() {
    for (work, expected) in [(0.0, 0.5), (80.0, 1.0 - 0.5 * libm::exp(-1.0))] {
        let learning = Some(Learning { efficiency: 0.5, supported: Span::from_seconds(80 * HOUR) });
        let kind = ProjectKind { onboarding: onboarding(work), learning, ..plain_kind() };
        let mut system = projects(1_000, 1.0, 2_000, open_mode(), kind);
        system.projects.pools.push(StaffPool::always("desk", StaffWork::Support, 100));
        let (rows, _) = run(&system);
        assert!(rows.jobs.len() > 100);
        for job in rows.jobs.iter().filter(|row| row.outcome == Outcome::Completed) {
            let held = between(job.last_start.unwrap(), job.end.unwrap());
            assert!(
                (held * expected - 1.0).abs() < 1e-9 && (job.efficiency - expected).abs() < 1e-9,
                "{job:?}"
            );
        }
    }
}

/// The k-th job fails with chance 0.1 + 0.4 exp(-k / 3), after 6 minutes; each failure asks for an hour of help, and nothing is
/// handed in before.
#[test]
fn projects_learn_from_their_mistakes() {
    let help = Help { skill: None, work_s: constant(1.0) };
    let mistakes = Mistakes {
        first: 0.5,
        last: 0.1,
        jobs: 3.0,
        after_s: constant(0.1),
        ticket: Some(Ticket { share: 1.0, help }),
    };
    let mut kind =
        ProjectKind { mistakes: Some(mistakes.clone()), hours: Distribution::Constant(8.0), ..plain_kind() };
    kind.sessions.pace = 0.01;
    let mut system = projects(10_000, 40.0, 4_000, open_mode(), kind);
    system.projects.pools.push(StaffPool::always("desk", StaffWork::Support, 1_000));
    let (rows, _) = run(&system);
    accounts_agree(&rows);
    let all = Jobs::of(&rows);
    let mut seen = [(0_u32, 0_u32); 8];
    for job in rows.jobs.iter().filter(|row| row.end.is_some()) {
        let (all, failed) = &mut seen[job.id.number().min(7) as usize];
        (*all, *failed) = (*all + 1, *failed + u32::from(job.outcome == Outcome::Failed));
        if job.outcome == Outcome::Failed {
            assert_eq!(job.end.unwrap().since(job.start.unwrap()), Span::from_seconds(HOUR / 10));
        }
    }
    for (number, &(all, failed)) in seen[..7].iter().enumerate() {
        let (chance, all) = (mistakes.chance(number as u64), f64::from(all));
        let error = (chance * (1.0 - chance) / all).sqrt();
        assert!((f64::from(failed) / all - chance).abs() < 4.0 * error && error < 0.01, "job {number}");
    }
    for project in rows.projects.iter().filter(|row| row.ended.is_some()) {
        assert_eq!(u64::from(project.tickets), project.failed);
        for pair in all.project(project).windows(2) {
            if pair[0].outcome == Outcome::Failed {
                assert!(pair[1].submit >= pair[0].end.unwrap() + Span::from_seconds(HOUR));
            }
        }
        // Each was answered after an hour, at the end or before it.
        let waited = between(Time::ZERO, Time::ZERO + project.tickets_waited);
        assert!(waited <= f64::from(project.tickets), "{project:?}");
    }
}

/// Nobody answers in time: the project waits for the answer from its first failure to the end of its hours, or of the run.
#[test]
fn an_answer_that_does_not_come_is_waited_for() {
    let help = Help { skill: None, work_s: constant(1e4) };
    let ticket = Some(Ticket { share: 1.0, help });
    let mistakes = Some(Mistakes { first: 1.0, last: 1.0, jobs: 1.0, after_s: constant(0.5), ticket });
    let mut system = projects(1_000, 4.0, 1_000, open_mode(), ProjectKind { mistakes, ..plain_kind() });
    system.projects.pools.push(StaffPool::always("desk", StaffWork::Support, 1_000));
    let (rows, _) = run(&system);
    for project in rows.projects.iter().filter(|row| row.failed > 0) {
        let until = project.ended.unwrap_or(system.observation.end);
        let failure = project.first_start.unwrap() + Span::from_seconds(HOUR / 2);
        // The next job would have come a nanosecond later.
        let waited = until.since(failure + Span::STEP);
        assert_eq!((project.jobs, project.tickets_waited), (1, waited), "{project:?}");
    }
    assert!(rows.projects.iter().filter(|row| row.ended.is_some()).count() > 100);
}

/// Another project, or staff that nobody asks, changes no draw of the others: all is keyed by names.
#[test]
fn names_key_the_draws() {
    let kind = ProjectKind { hours: Distribution::Exponential { mean: 10.0 }, ..plain_kind() };
    let system = projects(1_000, 3.0, 1_000, open_mode(), kind);
    let (first, _) = run(&system);
    let mut more = system.clone();
    more.projects.pools.push(StaffPool::always("desk", StaffWork::Support, 3));
    let mut stream = more.streams[StreamId(0)].clone();
    stream.key = "others".to_owned();
    more.streams.push(stream);
    let (second, _) = run(&more);
    let of_first = second.projects.iter().filter(|row| row.stream == StreamId(0));
    let name = |row: &ProjectRow| (row.ordinal, row.applied, row.asked, row.jobs, row.used);
    let mut sorted: [Vec<_>; 2] = [first.projects.iter().map(name).collect(), of_first.map(name).collect()];
    for rows in &mut sorted {
        rows.sort_unstable();
    }
    assert_eq!(sorted[0], sorted[1]);
}
