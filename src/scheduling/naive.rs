//! The slow, obvious form of the policies: plain vectors, a full pass at every event. The oracle of the fast form.

use super::{Change, Decision, LocalScheduler, RunningSet, View, WaitQueue, Waiting};
use crate::model::LocalPolicy;
use crate::units::{Span, Time};
use proptest::prelude::*;

/// Positions (in a plain list) of the jobs that start now: `running` holds (expected end, units).
fn naive_pass(
    policy: LocalPolicy,
    now: Time,
    mut free: u32,
    running: &[(Time, u32)],
    queue: &[Waiting],
) -> Vec<usize> {
    let mut ends = running.to_vec();
    let mut starts = Vec::new();
    let mut head = 0;
    while head < queue.len() && queue[head].units <= free {
        free -= queue[head].units;
        ends.push((now + queue[head].requested, queue[head].units));
        starts.push(head);
        head += 1;
    }
    if head == queue.len() || policy == LocalPolicy::Fcfs {
        return starts;
    }
    ends.sort_unstable();
    let mut sum = free;
    let shadow = ends.iter().find_map(|&(end, units)| {
        sum += units;
        (sum >= queue[head].units).then_some(end)
    });
    let Some(shadow) = shadow else { return starts };
    let at_shadow: u32 =
        free + ends.iter().filter(|(end, _)| *end <= shadow).map(|(_, units)| units).sum::<u32>();
    let mut extra = at_shadow - queue[head].units;
    for (index, job) in queue.iter().enumerate().skip(head + 1) {
        if job.units > free {
            continue;
        }
        if now + job.requested <= shadow {
            free -= job.units;
            starts.push(index);
        } else if job.units <= extra {
            extra -= job.units;
            free -= job.units;
            starts.push(index);
        }
    }
    starts
}

/// A partition driven second by second: submissions and early ends as given, one pass an instant.
struct Bench {
    fast: (LocalScheduler, WaitQueue, RunningSet),
    slow: (Vec<Waiting>, Vec<(Time, u32)>),
    policy: LocalPolicy,
    /// (true end, expected end, units) of the running jobs.
    live: Vec<(Time, Time, u32)>,
    free: u32,
}

impl Bench {
    fn step(
        &mut self,
        now: Time,
        arrivals: &[(u32, u64, u64)],
        runs: &mut Vec<u64>,
    ) -> Result<(), TestCaseError> {
        let ended: Vec<_> = self.live.iter().copied().filter(|(end, ..)| *end <= now).collect();
        self.live.retain(|(end, ..)| *end > now);
        for &(_, expected, units) in &ended {
            self.free += units;
            self.fast.2.remove(expected, units);
            let place = self.slow.1.iter().position(|&r| r == (expected, units)).expect("it ran");
            self.slow.1.remove(place);
        }
        for &(units, requested, run) in arrivals {
            let job = Waiting { units, requested: Span(requested), job: runs.len() as u32 };
            runs.push(run.min(requested));
            self.fast.1.push(job);
            self.slow.0.push(job);
        }
        let change = if ended.is_empty() {
            Change::Arrivals { count: arrivals.len() as u32 }
        } else {
            Change::Capacity
        };
        let expected: Vec<Waiting> = naive_pass(self.policy, now, self.free, &self.slow.1, &self.slow.0)
            .into_iter()
            .map(|index| self.slow.0[index])
            .collect();
        prop_assert_eq!(self.fast_pass(now, change, runs), expected.clone());
        self.slow.0.retain(|job| !expected.contains(job));
        self.slow.1.extend(expected.iter().map(|job| (now + job.requested, job.units)));
        Ok(())
    }

    fn fast_pass(&mut self, now: Time, change: Change, runs: &[u64]) -> Vec<Waiting> {
        let mut started = Vec::new();
        let mut positions = Vec::new();
        loop {
            positions.clear();
            let (scheduler, queue, running) = &mut self.fast;
            let view = View { now, free: self.free, running, queue, change };
            let decision = scheduler.decide(&view, &mut positions);
            for &position in &positions {
                let job = queue.remove(position);
                self.free -= job.units;
                running.insert(now + job.requested, job.units);
                self.live.push((now + Span(runs[job.job as usize]), now + job.requested, job.units));
                started.push(job);
            }
            if decision == Decision::Done {
                return started;
            }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Fast and naive forms start the same jobs in the same order at every instant, ties included.
    #[test]
    fn fast_equals_naive(
        easy in any::<bool>(),
        capacity in 1_u32..12,
        jobs in prop::collection::vec((0_u64..3, 1_u32..12, 1_u64..20, 1_u64..25), 1..80),
    ) {
        let policy = if easy { LocalPolicy::Easy } else { LocalPolicy::Fcfs };
        let mut bench = Bench {
            fast: (LocalScheduler::new(policy), WaitQueue::default(), RunningSet::default()),
            slow: (Vec::new(), Vec::new()),
            policy,
            live: Vec::new(),
            free: capacity,
        };
        let mut submit = 0;
        let jobs: Vec<_> = jobs
            .into_iter()
            .map(|(gap, units, requested, run)| {
                submit += gap;
                (submit, (units.min(capacity), requested, run))
            })
            .collect();
        let mut runs = Vec::new();
        for now in 0..submit + 2_000 {
            let arrivals: Vec<_> = jobs.iter().filter(|job| job.0 == now).map(|job| job.1).collect();
            bench.step(Time(now), &arrivals, &mut runs)?;
        }
        prop_assert!(bench.slow.0.is_empty() && bench.live.is_empty(), "everything ran");
    }

    /// The min-tree finds what a scan finds, across wraps of the ring, holes and rebuilds.
    #[test]
    fn tree_equals_scan(
        pushes in 2..5,
        steps in prop::collection::vec((0..5, 1_u32..9, 1_u64..9, 0_u32..9, 0_u32..9, 0_u64..9), 1..600),
    ) {
        let mut queue = WaitQueue::default();
        for (index, (push, units, requested, free, extra, window)) in steps.into_iter().enumerate() {
            if push < pushes || queue.is_empty() {
                queue.push(Waiting { units, requested: Span(requested), job: index as u32 });
            } else {
                let positions: Vec<u64> = queue.iter_from(0).map(|(position, _)| position).collect();
                queue.remove(positions[requested as usize * positions.len() / 9]);
            }
            let start = queue.head().map_or(0, |(head, _)| head) + u64::from(units) / 2;
            let scan = queue.iter_from(start).find(|(_, job)| {
                job.units <= free && (job.requested <= Span(window) || job.units <= extra)
            });
            prop_assert_eq!(
                queue.next_fitting(start, free, extra, Span(window)),
                scan.map(|(position, _)| position)
            );
            let area: u128 = queue.iter_from(0).map(|(_, j)| u128::from(j.units) * u128::from(j.requested.0)).sum();
            prop_assert_eq!(queue.area(), area);
        }
    }
}
