//! Laws of projects at random: under all brokers and schedulers, with access modes, staff and mistakes of all kinds. Each run
//! asserts that hours add up and that Little's law holds for every stage of projects and of staff; each run of a study also
//! that no more is done than the bound says.

use crate::property::{BROKERS, ENERGY, SCHEDULERS, load};
use crate::rows::Rows;
use pleiade::engine::Universe;
use pleiade::model::{Asks, HeldLimit, JobId, PartitionId, System};
use pleiade::records::{Outcome, ProjectOutcome, Rejection};
use pleiade::simulation::simulate;
use pleiade::study::{Case, run_cell};
use pleiade::units::Time;
use pleiade::workload::Synthetic;
use proptest::prelude::*;
use std::collections::BTreeMap;

/// What projects of a run used, from the rows of their jobs alone: accelerators held, times relative speed.
fn used_by_rows(system: &System, rows: &Rows) -> BTreeMap<(u32, u64), f64> {
    let mut used = BTreeMap::new();
    let mut add = |id: JobId, partition: PartitionId, held: u32, (from, to): (Time, Time)| {
        let units = f64::from(held) * to.since(from).as_seconds() * system.speed_of(partition);
        *used.entry((id.stream.0, id.project())).or_insert(0.0) += units;
    };
    for row in &rows.segments {
        add(row.id, row.partition, row.accelerators_held, (row.from, row.to));
    }
    for row in &rows.jobs {
        if let (Some(partition), Some(start)) = (row.partition, row.last_start) {
            let end = row.end.unwrap_or(system.observation.end);
            add(row.id, partition, row.accelerators_held, (start, end));
        }
    }
    used
}

fn check(system: &System, seed: u64) -> Result<(), TestCaseError> {
    let case = Case::of(system, 0);
    let system = case.system();
    let (universe, mut rows) = (Universe::new(seed, 0), Rows::default());
    let workload = Synthetic::new(system, universe);
    let report = simulate(system, &system.sets[0], universe, workload, &mut rows);
    let checks = report.checks.projects.expect("there are projects");
    prop_assert_eq!(rows.projects.len() as u64, checks.applied);
    let used = used_by_rows(system, &rows);
    let mut valid = BTreeMap::new();
    for project in &rows.projects {
        let name = (project.stream.0, project.ordinal);
        let by_rows = used.get(&name).copied().unwrap_or(0.0);
        let charged = project.used.as_hours() * 3_600.0;
        prop_assert!((charged - by_rows).abs() <= 1e-6 * by_rows.max(1.0), "{charged} {by_rows} {project:?}");
        prop_assert!(project.granted.0 == 0 || project.granted == project.asked);
        let validity = system.projects.modes[project.mode].validity;
        if let (Some(decided), true) = (project.decided, project.granted.0 > 0) {
            valid.insert(name, (decided, decided.saturating_add(validity), project.site));
            prop_assert!(
                project.first_job.is_none_or(|first| first >= decided && first <= decided + validity)
            );
            prop_assert!(project.ended.is_none() || project.onboarded.is_none_or(|at| at >= decided));
        } else {
            prop_assert!(matches!(project.outcome, ProjectOutcome::Refused(_) | ProjectOutcome::Applying));
        }
    }
    for job in rows.jobs.iter().filter(|row| system.streams[row.id.stream].asks == Asks::Projects) {
        let (from, to, site) = valid[&(job.id.stream.0, job.id.project())];
        prop_assert!(
            (from..=to).contains(&job.submit) && job.start.is_none_or(|start| start <= to),
            "{job:?}"
        );
        let ran_at = job.partition.map(|partition| system.partitions[partition].site);
        prop_assert!(site.is_none() || ran_at.is_none() || ran_at == site, "{job:?}");
        if job.outcome == Outcome::Rejected(Rejection::Expired) {
            prop_assert_eq!(job.end, Some(to));
        }
    }
    for (id, partition) in system.partitions.enumerate() {
        for limit in &partition.limits {
            for runs in runs_by_project(system, &rows, id).values() {
                check_held(runs, limit, partition.accelerators_per_node)?;
            }
        }
    }
    Ok(())
}

/// A run of a job: from when to when, and the accelerators that it held.
type Run = (Time, Time, u32);

/// The runs of the jobs of each project at a partition.
fn runs_by_project(system: &System, rows: &Rows, id: PartitionId) -> BTreeMap<(u32, u64), Vec<Run>> {
    let mut runs: BTreeMap<_, Vec<Run>> = BTreeMap::new();
    let mut add = |job: JobId, run: Run| {
        if system.streams[job.stream].asks == Asks::Projects {
            runs.entry((job.stream.0, job.project())).or_default().push(run);
        }
    };
    for row in rows.segments.iter().filter(|row| row.partition == id) {
        add(row.id, (row.from, row.to, row.accelerators_held));
    }
    for row in rows.jobs.iter().filter(|row| row.partition == Some(id)) {
        if let Some(start) = row.last_start {
            add(row.id, (start, row.end.unwrap_or(system.observation.end), row.accelerators_held));
        }
    }
    runs
}

/// At the begin of each run no more is held than the limit says.
fn check_held(runs: &[Run], limit: &HeldLimit, accelerators_per_node: u32) -> Result<(), TestCaseError> {
    for &(now, ..) in runs {
        let held: Vec<u32> =
            runs.iter().filter(|(from, to, _)| *from <= now && now < *to).map(|&(.., held)| held).collect();
        prop_assert!(limit.jobs.is_none_or(|jobs| held.len() <= jobs as usize), "{held:?} at {now:?}");
        let most = limit.nodes.map(|nodes| nodes * accelerators_per_node);
        prop_assert!(most.is_none_or(|most| held.iter().sum::<u32>() <= most), "{held:?} at {now:?}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn projects_obey_the_laws(
        seed in 0_u64..1_000_000,
        broker in prop::sample::select(BROKERS.to_vec()),
        scheduler in prop::sample::select(SCHEDULERS.to_vec()),
        allocation in prop::sample::select(vec!["'pooled'", "'site', choices = 2"]),
        budget in prop::sample::select(vec!["", ", budget = { share = 0.3, period = '20 d' }", ", budget = { accelerator_hours = 4000, period = '30 d' }"]),
        taken in prop::sample::select(vec!["", ", cut_offs = { first = 2026-01-08, every = '9 d' }"]),
        people in 0_u32..4,
        feedback in 0.0_f64..1.0,
        small in 0_u32..20,
        hours in 50.0_f64..5_000.0,
        per_year in 20.0_f64..1_500.0,
        most in prop::sample::select(vec!["0.0", "0.5"]),
    ) {
        let overrides = [
            "observation.end=2026-04-01".to_owned(),
            broker.to_owned(),
            format!("site.south.partition.gpu.scheduler={scheduler}"),
            "site.west.partition.gpu.opens=2026-02-10".to_owned(),
            "site.north.partition.gpu.max_queued=5".to_owned(),
            // Each project by itself; a training of startups takes four nodes.
            format!("site.west.partition.gpu.limit=[{{ per = 'project', nodes = 5, jobs = {} }}]", 1 + seed % 4),
            "class.fine-tune.checkpoint={ interval = '1 h', cost = '5 min', restart = '10 min' }".to_owned(),
            "class.fine-tune.segment=1 d".to_owned(),
            "class.fine-tune.requested={ factor = { kind = 'uniform', low = 0.5, high = 3.0 } }".to_owned(),
            format!("class.training.requested={{ factor = {{ kind = 'uniform', low = 1.0, high = 3.0 }}, most = {most} }}"),
            format!(
                "access=[{{ id = 'mode', accelerator_hours = {{ most = 6000 }}, review = {{ by = 'panel', work = '3 h' }}, \
                 least_score = 0.2, validity = '25 d', again = {{ share = 0.5, after = '4 d' }}, allocation = {allocation}{budget}{taken} }}]"
            ),
            "reviewers=[{ id = 'panel', people = 2, working_hours = { country = 'FI', from = 9, to = 17 } }]".to_owned(),
            format!(
                "staff=[{{ id = 'desk', people = {people}, skills = ['porting'], remote_efficiency = 0.8, \
                 changes = [{{ date = 2026-02-01, people = 1 }}] }}, {{ id = 'own', site = 'south', people = 1 }}]"
            ),
            format!(
                "project=[{{ id = 'kind', access = 'mode', accelerator_hours = {{ kind = 'lognormal', mean = {hours}, cv = 1.0 }}, \
                 score = {{ kind = 'uniform', low = 0, high = 1 }}, classes = {{ fine-tune = 0.8, training = 0.2 }}, \
                 sessions = {{ jobs = {{ kind = 'geometric', mean = 3 }}, think = '10 min', feedback = {feedback}, pace = 0.5 }}, \
                 onboarding = [{{ skill = 'porting', work = '10 h' }}, {{ work = '2 h' }}], small_job = {small}, \
                 learning = {{ efficiency = 0.4, supported = '20 h' }}, mistakes = {{ first = 0.5, last = 0.1, jobs = 5, \
                 after = '30 min', ticket = {{ share = 0.5, work = '1 h' }} }} }}]"
            ),
            format!("community.startups.projects_per_year={per_year}"),
            "community.startups.projects={ kind = 1 }".to_owned(),
            "community.startups.patience={ waited = '6 d' }".to_owned(),
        ];
        let overrides: Vec<&str> = overrides.iter().map(String::as_str).chain(ENERGY).collect();
        let system = load("src/scenario/example.toml", &overrides);
        check(&system, seed)?;
        run_cell(&system, 0, (seed % 1_000) as u32);
    }
}
