//! The desks as one would keep them on paper: one list of tasks in the order of asking, searched from the top at every
//! event. The oracle of the desks.

use super::{Begun, Desks, Law, Task};
use crate::model::{IdVec, LocalClock, PoolId, StaffPool, StaffWork, WorkingHours};
use crate::units::{Span, Time};
use proptest::prelude::*;

struct Entry {
    task: Task<usize>,
    asked: Time,
    begun: Option<(Time, Begun<usize>)>,
    is_finished: bool,
}

struct Slow {
    pools: IdVec<PoolId, StaffPool>,
    present: Vec<bool>,
    employed: Vec<usize>,
    entries: Vec<Entry>,
}

impl Slow {
    /// The changes of all pools in number: when, which, to how many.
    fn changes(&self) -> Vec<(Time, PoolId, usize)> {
        let present = self.pools.enumerate().filter(|(id, _)| self.present[id.index()]);
        let changes =
            present.flat_map(|(id, pool)| pool.staff.iter().map(move |&(at, to)| (at, id, to as usize)));
        let mut changes: Vec<_> = changes.collect();
        changes.sort_unstable();
        changes
    }

    fn busy(&self, pool: PoolId) -> usize {
        let is_at_it =
            |entry: &&Entry| !entry.is_finished && entry.begun.is_some_and(|(_, begun)| begun.pool == pool);
        self.entries.iter().filter(is_at_it).count()
    }

    /// Each task, longest wait first, is given to the first able pool that has somebody free.
    fn begin_all(&mut self, now: Time) -> Vec<Begun<usize>> {
        let mut all = Vec::new();
        for index in 0..self.entries.len() {
            let entry = &self.entries[index];
            let is_free = |(pool, _): &&(PoolId, f64)| self.busy(*pool) < self.employed[pool.index()];
            let able = if entry.begun.is_none() { entry.task.able.iter().find(is_free) } else { None };
            if let Some(&(pool, efficiency)) = able {
                let work = Span((entry.task.work.0 as f64 / efficiency).round() as u64);
                let ends = self.pools[pool].after(now, work);
                let begun = Begun { of: entry.task.of, pool, efficiency, asked: entry.asked, ends };
                self.entries[index].begun = Some((now, begun));
                all.push(begun);
            }
        }
        all
    }

    /// The end that comes first, ties by who asked first.
    fn next_end(&self) -> Option<(Time, usize)> {
        let ends = self.entries.iter().enumerate().filter(|(_, entry)| !entry.is_finished);
        ends.filter_map(|(index, entry)| Some((entry.begun?.1.ends, index))).min()
    }

    /// The sum of the times up to now that a part of the tasks' lives took.
    fn sum(&self, now: Time, part: impl Fn(&Entry) -> Option<(Time, Time)>) -> u128 {
        let parts = self.entries.iter().filter_map(part);
        parts.map(|(from, to)| u128::from(to.min(now).since(from).0)).sum()
    }

    fn check(&self, now: Time, desks: &Desks<usize>) {
        let waits = self.sum(now, |entry| Some((entry.asked, entry.begun.map_or(now, |(at, _)| at))));
        assert_eq!(desks.waits(now), Law { by_clock: waits, by_tasks: waits });
        let waiting = |entry: &&Entry| entry.begun.is_none();
        assert_eq!(desks.waiting(), self.entries.iter().filter(waiting).count());
        for (id, pool) in self.pools.enumerate() {
            let own = |entry: &Entry| {
                entry.begun.filter(|(_, begun)| begun.pool == id).map(|(at, begun)| (at, begun.ends))
            };
            let busy = self.sum(now, own);
            assert_eq!(desks.services(now, id), Law { by_clock: busy, by_tasks: busy });
            let usage = desks.usage(now, id);
            let own = self.entries.iter().filter_map(own);
            let worked: u128 = own.map(|(from, to)| u128::from(pool.between(from, to.min(now)).0)).sum();
            assert_eq!((usage.busy, usage.worked), (busy, worked));
            assert!(usage.worked <= usage.staffed);
            let (busy, employed) = (desks.busy(id) as usize, desks.employed(id) as usize);
            assert_eq!((busy, employed), (self.busy(id), self.employed[id.index()]));
            let serves = |entry: &Entry| entry.task.able.iter().any(|(able, _)| *able == id);
            let has_a_task = self.entries.iter().filter(waiting).any(serves);
            assert!(busy >= employed || !has_a_task, "nobody is idle while a task waits that they can do");
        }
    }

    /// Nobody who asked earlier and whom the same pool is able to serve is still waiting when a task begins.
    fn check_order(&self) {
        let begun: Vec<_> = self.entries.iter().map(|entry| (entry, entry.begun)).collect();
        for (place, (_, one)) in begun.iter().enumerate() {
            let Some((at, Begun { pool, .. })) = one else { continue };
            for (earlier, their) in &begun[..place] {
                let is_able = earlier.task.able.iter().any(|(able, _)| able == pool);
                assert!(!is_able || their.is_some_and(|(begin, _)| begin <= *at));
            }
        }
    }
}

/// Runs the desks and the list side by side. At one instant ends come first, then changes in number, then those who ask,
/// each in a fixed order.
fn check(pools: IdVec<PoolId, StaffPool>, present: Vec<bool>, tasks: Vec<(Time, Task<usize>)>) {
    let mut desks = Desks::new(&pools, |pool| present[pool.index()]);
    let mut slow = Slow { employed: vec![0; pools.len()], pools, present, entries: Vec::new() };
    let mut changes = slow.changes().into_iter().peekable();
    while let Some((_, pool, employed)) = changes.next_if(|(at, _, _)| *at == Time::ZERO) {
        slow.employed[pool.index()] = employed;
    }
    let mut tasks = tasks.into_iter().peekable();
    loop {
        let end = slow.next_end();
        let times =
            [end.map(|(at, _)| at), changes.peek().map(|change| change.0), tasks.peek().map(|task| task.0)];
        let Some(now) = times.into_iter().flatten().min() else { break };
        let ours = if let Some((_, index)) = end.filter(|(at, _)| *at == now) {
            slow.entries[index].is_finished = true;
            Vec::from_iter(desks.finished(now, slow.entries[index].begun.unwrap().1.pool))
        } else if let Some((_, pool, employed)) = changes.next_if(|(at, _, _)| *at == now) {
            assert_eq!(desks.next_change(pool), Some(now));
            slow.employed[pool.index()] = employed;
            desks.change(now, pool)
        } else {
            let (_, task) = tasks.next().unwrap();
            slow.entries.push(Entry { task: task.clone(), asked: now, begun: None, is_finished: false });
            Vec::from_iter(desks.ask(now, task))
        };
        assert_eq!(ours, slow.begin_all(now));
        slow.check(now, &desks);
    }
    slow.check_order();
}

const STEP_NS: u64 = 1_800_000_000_000;

fn office() -> WorkingHours {
    let clock = LocalClock {
        offset_s: 3_600,
        summers: vec![[Time(STEP_NS * 60), Time(STEP_NS * 140)]],
        first_weekday: 4,
    };
    let weekdays = [true, true, true, true, true, false, false];
    WorkingHours { clock, day_s: [9 * 3_600, 17 * 3_600], weekdays, holidays: vec![3] }
}

prop_compose! {
    /// Up to three changes in number, on half hours of the first five days.
    fn any_pool()(
        first in 0_u32..3, later in proptest::collection::btree_map(1_u64..240, 0_u32..4, 0..3), has_hours in any::<bool>(),
    ) -> StaffPool {
        let later = later.into_iter().map(|(at, number)| (Time(at * STEP_NS), number));
        StaffPool {
            staff: std::iter::once((Time::ZERO, first)).chain(later).collect(),
            hours: has_hours.then(office),
            ..StaffPool::always("", StaffWork::Support, 0)
        }
    }
}

prop_compose! {
    /// On half hours, so that ends, changes and asks coincide; a few of no work at all.
    fn any_tasks(pools: usize)(
        asked in proptest::collection::vec(0_u64..240, 0..25),
        work in proptest::collection::vec(0_u64..20, 25),
        able in proptest::collection::vec(proptest::collection::vec(0_usize..4, pools), 25),
        order in Just((0..pools as u32).collect::<Vec<_>>()).prop_shuffle(),
    ) -> Vec<(Time, Task<usize>)> {
        let mut asked = asked;
        asked.sort_unstable();
        let task = |((of, at), (work, able)): ((usize, u64), (u64, &Vec<usize>))| {
            let efficiency = |pool: u32| [None, Some(1.0), Some(0.5), Some(0.8)][able[pool as usize]].map(|e| (PoolId(pool), e));
            let able = order.iter().filter_map(|&pool| efficiency(pool)).collect();
            (Time(at * STEP_NS), Task { of, work: Span(work * STEP_NS), able })
        };
        asked.into_iter().enumerate().zip(work.into_iter().zip(&able)).map(task).collect()
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_desks_are_the_list(
        (pools, present, tasks) in (1_usize..5).prop_flat_map(|pools| (
            proptest::collection::vec(any_pool(), pools),
            proptest::collection::vec(prop_oneof![4 => Just(true), 1 => Just(false)], pools),
            any_tasks(pools),
        )),
    ) {
        check(pools.into_iter().collect(), present, tasks);
    }
}
