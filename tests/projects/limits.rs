//! Limits that each project has by itself.

use super::Jobs;
use super::case::{open_mode, plain_kind, projects, run};
use pleiade::engine::Distribution;
use pleiade::model::{Askers, HeldLimit, PartitionId, Per, ProjectKind, Sessions};
use pleiade::records::ProjectOutcome;
use pleiade::units::Span;

/// Projects with hours for five jobs, which they hand in one right after the other.
fn at_once() -> ProjectKind {
    let sessions = Sessions { feedback: 0.0, ..plain_kind().sessions };
    ProjectKind { hours: Distribution::Constant(5.0), sessions, ..plain_kind() }
}

/// Five jobs of an hour, handed in together, on a machine that has room for all projects at once: two run at a time, be it
/// that a project has two jobs or two accelerators. Whoever waits does so by the limit alone.
#[test]
fn two_at_a_time_of_each_project() {
    for (nodes, jobs) in [(None, Some(2)), (Some(2), None), (Some(2), Some(4))] {
        let mut system = projects(1_000, 40.0, 2_000, open_mode(), at_once());
        let limit = HeldLimit { askers: Askers::default(), per: Per::Project, nodes, jobs };
        system.partitions[PartitionId(0)].limits = vec![limit];
        let (rows, report) = run(&system);
        let all = Jobs::of(&rows);
        let ended: Vec<_> =
            rows.projects.iter().filter(|row| row.outcome == ProjectOutcome::UsedUp).collect();
        assert!(ended.len() > 2_000 && report.checks.projects.is_some());
        for project in ended {
            let jobs = all.project(project);
            assert_eq!(jobs.len(), 5);
            for (number, job) in jobs.iter().enumerate() {
                let turn = number.checked_sub(2).map_or(Some(job.submit), |before| jobs[before].end);
                assert_eq!(job.start, turn, "job {number}");
                let wait = job.start.unwrap().since(job.submit);
                assert_eq!((job.waits.limit, job.waits.total()), (wait, wait));
                assert!(number < 2 || wait > Span::ZERO);
            }
        }
    }
}

/// With one accelerator the machine is short, too: what is waited for by the limit comes first, and the parts add up.
#[test]
fn held_back_on_a_machine_that_is_short() {
    let mut system = projects(1, 3.0, 2_000, open_mode(), at_once());
    system.partitions[PartitionId(0)].limits =
        vec![HeldLimit { askers: Askers::default(), per: Per::Project, nodes: None, jobs: Some(1) }];
    let (rows, _) = run(&system);
    let all = Jobs::of(&rows);
    let ended: Vec<_> = rows.projects.iter().filter(|row| row.ended.is_some()).collect();
    assert!(ended.len() > 100);
    for project in ended {
        let jobs = all.project(project);
        for job in jobs {
            let Some(start) = job.start else { continue };
            assert_eq!(job.waits.total(), start.since(job.submit));
            // While another job of its project runs it is held back, and at no other time.
            let beside = jobs.iter().filter_map(|other| Some((other.start?, other.end?)));
            let beside = beside.filter(|&(from, _)| from < start);
            let held_back: u64 =
                beside.map(|(from, to)| to.min(start).since(from.max(job.submit).min(to)).0).sum();
            assert_eq!(job.waits.limit, Span(held_back));
        }
    }
}
