//! `pleiade replay`: a recorded workload on one machine.

use super::arguments::{EstimatesName, EventOrderName, ReplayOptions};
use super::failure::Failure;
use super::output::{print_tables, talk};
use crate::host::{open_trace, write_whole};
use crate::model::{EventOrder, LocalPolicy};
use crate::report::plan_tables;
use crate::scenario::parse_scheduler;
use crate::study::{self, ScheduledJob};
use crate::workload::{Estimates, read_swf};
use std::fmt::Write;

pub(super) fn replay(options: &ReplayOptions) -> Result<(), Failure> {
    let policy = parse_scheduler(&options.policy).map_err(Failure::Scenario)?;
    let path = &options.trace;
    let source = open_trace(path).map_err(|error| Failure::Input { path: path.clone(), error })?;
    let replay_options = replay_options(options, policy);
    let log = read_swf(source, options.nodes, replay_options.estimates)
        .map_err(|error| Failure::Trace { path: path.clone(), error })?;
    talk(&format!("{}: {} jobs; {}", path.display(), log.jobs.len(), log.dropped));
    let replay = study::replay(log.jobs, replay_options);
    if let Some(path) = &options.schedule {
        write_whole(path, schedule_csv(&replay.schedule).as_bytes()).map_err(Failure::output(path))?;
    }
    print_tables(&[plan_tables::replay(&replay.summary)], options.format)
}

fn replay_options(options: &ReplayOptions, policy: LocalPolicy) -> study::ReplayOptions {
    study::ReplayOptions {
        nodes: options.nodes,
        policy,
        estimates: match options.estimates {
            EstimatesName::Requested => Estimates::Requested,
            EstimatesName::Exact => Estimates::Exact,
        },
        event_order: match options.event_order {
            EventOrderName::EndsFirst => EventOrder::EndsFirst,
            EventOrderName::SubmissionsFirst => EventOrder::SubmissionsFirst,
        },
    }
}

fn schedule_csv(schedule: &[ScheduledJob]) -> String {
    schedule.iter().fold("job,submit,start,end\n".to_owned(), |mut text, row| {
        writeln!(text, "{},{},{},{}", row.job, row.submit, row.start, row.end)
            .expect("a string takes all text");
        text
    })
}
