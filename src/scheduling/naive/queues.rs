//! The queues find what a scan of a sorted list finds: the trees of every order, and the ring of first come, first
//! served across wraps, holes and rebuilds.

use super::draws::{any_workloads, orders, workloads};
use super::order::compare;
use super::workload::{Job, Workload};
use crate::model::{Backfill, Compression, Conservative, Easy, LocalPolicy, Order, ScanOrder};
use crate::scheduling::{Fit, From, Joining, Place, WaitQueue, Waiting};
use crate::units::{Span, Time};
use proptest::prelude::*;

/// Draws from which a step of a test takes what it needs.
type Draws = (u32, u32, u64, u64, u32);

fn draws() -> impl Strategy<Value = Draws> {
    (0_u32..8, 0_u32..9, 0_u64..9, 0_u64..4, 0_u32..9)
}

fn fit((_, units, requested, _, pick): Draws) -> Fit {
    Fit { free: units, extra: pick, window: Span::from_seconds(requested) }
}

/// A queue with all its jobs in a plain list, by name.
struct Pair {
    order: Order,
    queue: WaitQueue,
    /// Of its jobs, those that have come.
    workload: Workload,
    /// The names of those who wait.
    waiting: Vec<usize>,
    now: u64,
}

impl Pair {
    fn new(policy: LocalPolicy, workload: Workload) -> Self {
        let workload = Workload { jobs: Vec::new(), ..workload };
        let order = policy.order;
        let queue = WaitQueue::new(policy, workload.capacity, workload.tiers(order), workload.setting);
        Self { order, queue, workload, waiting: Vec::new(), now: 0 }
    }

    fn push(&mut self, units: u32, requested: u64, travel: u64) {
        let submit = self.now.saturating_sub(travel);
        let (name, joins) = (self.workload.jobs.len(), self.now);
        let (lane, deadline, attained) = (requested as usize % 3, Some(travel), submit % 3);
        self.workload.jobs.push(Job {
            joins,
            submit,
            units,
            requested,
            run: requested,
            lane,
            project: None,
            deadline,
            attained,
        });
        let waiting = Waiting { units, requested: Span::from_seconds(requested), job: name as u32 };
        self.queue.push(Joining {
            lane: self.workload.lane(name, self.order) as u32,
            deadline: Time::from_seconds(travel),
            attained: attained.into(),
            ..Joining::new(waiting, Time::from_seconds(submit), name as u64)
        });
        self.waiting.push(name);
    }

    /// Sorts the list anew; the queue too, where its order varies.
    fn sort(&mut self) {
        let (workload, order, now) = (&self.workload, self.order, self.now);
        self.queue.sort_at(Time::from_seconds(now), |lane| workload.score(order, lane as usize, now));
        self.waiting.sort_by(|&a, &b| compare(order, workload, [a, b], now).then(a.cmp(&b)));
    }

    fn remove(&mut self, name: usize, place: Place) {
        assert_eq!(self.queue.remove(place).job as usize, name);
        self.waiting.retain(|&other| other != name);
    }

    /// Every waiting job in queue order with its place.
    fn places(&self) -> Vec<(usize, Place)> {
        self.queue.iter().map(|(place, waiting)| (waiting.job as usize, place)).collect()
    }

    /// A waiting job with its place, somewhere in the queue.
    fn place(&self, pick: u32) -> Option<(usize, Place)> {
        let places = self.places();
        places.get(pick as usize * places.len() / 9).copied()
    }

    fn name_at(&self, place: Option<Place>) -> Option<usize> {
        place.map(|place| self.queue.get(place).job as usize)
    }

    fn fits(&self, name: usize, fit: &Fit) -> bool {
        let job = self.workload.jobs[name];
        let ends_in_time = Span::from_seconds(job.requested) <= fit.window;
        job.units <= fit.free && (ends_in_time || job.units <= fit.extra)
    }

    /// The first of these names that fits.
    fn first_fitting(&self, names: &[usize], fit: &Fit) -> Option<usize> {
        names.iter().copied().find(|&name| self.fits(name, fit))
    }

    /// Order, sums and the last comer.
    fn check_whole(&self) -> Result<(), TestCaseError> {
        let names: Vec<usize> = self.places().into_iter().map(|(name, _)| name).collect();
        prop_assert_eq!(&names, &self.waiting);
        prop_assert_eq!(self.queue.len(), names.len());
        prop_assert_eq!(self.queue.is_empty(), names.is_empty());
        prop_assert_eq!(self.name_at(self.queue.last_come()), names.iter().copied().max());
        let area = |&name: &usize| {
            u128::from(self.workload.jobs[name].units) * u128::from(self.workload.jobs[name].requested)
        };
        prop_assert_eq!(self.queue.area(), names.iter().map(area).sum::<u128>() * 1_000_000_000);
        Ok(())
    }

    /// Searches from the start and from behind a job, in queue order.
    fn check_next(&self, fit: &Fit, pick: u32) -> Result<(), TestCaseError> {
        let find = |from| self.name_at(self.queue.next(from, fit));
        prop_assert_eq!(find(From::Start), self.first_fitting(&self.waiting, fit));
        if let Some((name, place)) = self.place(pick) {
            let behind = self.waiting.iter().position(|&other| other == name).map_or(0, |at| at + 1);
            prop_assert_eq!(find(From::Behind(place)), self.first_fitting(&self.waiting[behind..], fit));
        }
        Ok(())
    }

    /// The same by requested time.
    fn check_shortest(&self, fit: &Fit, pick: u32) -> Result<(), TestCaseError> {
        let mut names = self.waiting.clone();
        names.sort_by_key(|&name| (self.workload.jobs[name].requested, name));
        let find = |from| self.name_at(self.queue.next_in(ScanOrder::ShortestFirst, from, fit));
        prop_assert_eq!(find(From::Start), self.first_fitting(&names, fit));
        if let Some((name, place)) = self.place(pick) {
            let behind = names.iter().position(|&other| other == name).map_or(0, |at| at + 1);
            prop_assert_eq!(find(From::Behind(place)), self.first_fitting(&names[behind..], fit));
        }
        Ok(())
    }
}

const SHORTEST_FIRST: Backfill = Backfill::Easy(Easy { scan: ScanOrder::ShortestFirst, ..Easy::PLAIN });
const KEEPS_PLACES: Backfill =
    Backfill::Conservative(Conservative { compression: Compression::QueueOrder, depth: None });

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// The trees keep every order, and a job's place is good until it leaves.
    #[test]
    fn trees_equal_a_sorted_list(
        order in orders(),
        by_time in any::<bool>(),
        workload in any_workloads(),
        pushes in 3_u32..8,
        steps in prop::collection::vec(draws(), 1..60),
    ) {
        let backfill = if by_time { SHORTEST_FIRST } else { KEEPS_PLACES };
        let mut pair = Pair::new(LocalPolicy { order, backfill }, workload);
        for step in steps {
            let (action, units, requested, gap, pick) = step;
            pair.now += gap;
            let before = pair.places();
            match before.get(pick as usize).filter(|_| action >= pushes) {
                Some(&(name, place)) => pair.remove(name, place),
                None => pair.push(units + 1, requested + 1, gap),
            }
            let kept = before.iter().filter(|(name, _)| pair.waiting.contains(name));
            let is_kept = |&(name, place): &(usize, Place)| pair.name_at(Some(place)) == Some(name);
            prop_assert!(kept.clone().all(is_kept));
            pair.sort();
            pair.check_whole()?;
            pair.check_next(&fit(step), action)?;
            if by_time {
                pair.check_shortest(&fit(step), action)?;
            }
        }
    }

    /// The ring finds what a scan finds, also behind a job that has just left and from the last comers on.
    #[test]
    fn ring_equals_a_list(
        workload in workloads(),
        pushes in 3_u32..7,
        steps in prop::collection::vec(draws(), 1..300),
    ) {
        let mut pair = Pair::new(LocalPolicy::FCFS, workload);
        let mut newcomers = 0;
        for step in steps {
            let (action, units, requested, _, pick) = step;
            let places = pair.places();
            let fit = fit(step);
            if action < pushes || places.is_empty() {
                pair.push(units + 1, requested + 1, 0);
                newcomers += 1;
            } else {
                newcomers = 0;
                let (name, place) = places[pick as usize * places.len() / 9];
                pair.remove(name, place);
                let behind = pair.waiting.partition_point(|&other| other < name);
                let found = pair.name_at(pair.queue.next(From::Behind(place), &fit));
                prop_assert_eq!(found, pair.first_fitting(&pair.waiting[behind..], &fit));
            }
            pair.check_next(&fit, action)?;
            let last = &pair.waiting[pair.waiting.len() - newcomers..];
            let found = pair.name_at(pair.queue.next(From::Newcomers(newcomers as u32), &fit));
            prop_assert_eq!(found, pair.first_fitting(last, &fit));
        }
        pair.check_whole()?;
    }
}
