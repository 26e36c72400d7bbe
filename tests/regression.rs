//! Faults found once, kept out since.

use pleiade::engine::Universe;
use pleiade::model::{Backfill, EventOrder, LocalPolicy, Order};
use pleiade::records::{JobRow, LinkRow, Sink};
use pleiade::simulation::simulate;
use pleiade::study::{ReplayOptions, SinglePartition, replay};
use pleiade::units::Time;
use pleiade::workload::{Estimates, Trace, TraceJob};
use std::collections::BTreeMap;

fn job(number: u64, submit_s: u64, run_s: u64, processors: u32) -> TraceJob {
    TraceJob { number, submit_s, run_s, processors, requested_s: run_s }
}

/// A trace replays to its end however far it lies: no calendar is walked month by month where there are no links.
#[test]
fn a_replay_has_no_horizon() {
    let far = 500 * 365 * 86_400;
    let options = ReplayOptions {
        nodes: 1,
        policy: LocalPolicy::EASY,
        estimates: Estimates::Requested,
        event_order: EventOrder::EndsFirst,
    };
    let replay = replay(vec![job(1, 0, 10, 1), job(2, far, 10, 1)], options);
    assert_eq!(replay.schedule[1].start, far);
}

/// All submissions of one second form one round: one pass sees them all, so the order of arrival in the second does
/// not let a later job start in an earlier pass.
#[test]
fn one_pass_sees_all_submissions_of_an_instant() {
    let options = ReplayOptions {
        nodes: 4,
        policy: LocalPolicy::FCFS,
        estimates: Estimates::Requested,
        event_order: EventOrder::EndsFirst,
    };
    let jobs = vec![job(1, 5, 10, 4), job(2, 5, 10, 2), job(3, 5, 10, 2), job(4, 15, 1, 4)];
    let starts: Vec<u64> = replay(jobs, options).schedule.iter().map(|job| job.start).collect();
    assert_eq!(starts, [5, 15, 15, 25]);
}

/// One pass sees all submissions of an instant under every order: who came first of them does not start at once when
/// another goes first by the order.
#[test]
fn the_shortest_of_an_instant_starts_first() {
    let options = ReplayOptions {
        nodes: 1,
        policy: LocalPolicy { order: Order::ShortestFirst, backfill: Backfill::None },
        estimates: Estimates::Requested,
        event_order: EventOrder::EndsFirst,
    };
    let starts: Vec<u64> = replay(vec![job(1, 5, 10, 1), job(2, 5, 3, 1)], options)
        .schedule
        .iter()
        .map(|job| job.start)
        .collect();
    assert_eq!(starts, [8, 5]);
}

/// The starts in seconds by job.
#[derive(Default)]
struct Starts(BTreeMap<u64, u64>);

impl Sink for Starts {
    fn job(&mut self, row: &JobRow) {
        if let Some(start) = row.start {
            self.0.insert(row.id.ordinal, start.0 / 1_000_000_000);
        }
    }

    fn link(&mut self, _: &LinkRow) {}
}

/// A job that is turned away keeps nobody behind it from starting: the third job fits beside the first once the fourth,
/// shorter but too wide, has found no place.
#[test]
fn who_is_turned_away_blocks_nobody() {
    let policy = LocalPolicy { order: Order::ShortestFirst, backfill: Backfill::None };
    let system = SinglePartition {
        accelerators: 2,
        policy,
        event_order: EventOrder::EndsFirst,
        max_queued: Some(2),
        end: Time::MAX,
        warm_up: Time::ZERO,
        demand: None,
    }
    .system();
    let jobs = vec![job(1, 0, 100, 1), job(2, 0, 200, 2), job(3, 1, 50, 1), job(4, 1, 10, 2)];
    let mut starts = Starts::default();
    let trace = Trace::new(jobs, Estimates::Requested);
    simulate(&system, &system.sets[0], Universe::new(0, 0), trace, &mut starts);
    assert_eq!(starts.0, BTreeMap::from([(1, 0), (2, 100), (3, 1)]));
}
