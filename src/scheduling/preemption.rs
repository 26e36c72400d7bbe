//! Whom a job of a higher tier pushes out, and whom an owner that takes back what is its own.
//!
//! Victims are jobs of lower tiers that have run at least their exempt time: the lowest tier first, then the youngest
//! start, which loses least, until enough units come free; nobody is pushed out where that is never enough. Since only
//! a strictly higher tier pushes out, two jobs never take turns: no ping-pong.
//!
//! An owner takes back from those who hold more than their own and are of no higher tier: the lowest tier first, then
//! who has borrowed most, then the youngest start; each only as long as it still holds more than its own.

use super::Borrowing;
use crate::units::Time;
use std::cmp::Reverse;

/// A running job as preemption sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Active {
    /// The caller's name for it.
    pub job: u32,
    /// Units it holds.
    pub units: u32,
    /// Its lane in the queue.
    pub lane: u32,
    /// Its tier.
    pub tier: i32,
    /// When it started to run.
    pub start: Time,
    /// Whether it is leaving already, its checkpoint under way.
    pub leaves: Leaves,
}

/// Whether a running job is on its way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Leaves {
    /// It runs.
    No,
    /// It will give its units back soon.
    Soon,
}

/// The job that asks for room.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Claimant {
    /// Units it needs.
    pub units: u32,
    /// Its tier.
    pub tier: i32,
}

/// The jobs to push out so that the claimant fits, in the order in which they go; nothing where `free` and what is
/// leaving already suffice, or where even all victims would not. `exempt_until` is the latest start that has run its
/// exempt time. O(n log n) in the running jobs.
pub fn victims(claimant: Claimant, free: u32, active: &[Active], exempt_until: Option<Time>) -> Vec<u32> {
    let leaving: u32 = active.iter().filter(|job| job.leaves == Leaves::Soon).map(|job| job.units).sum();
    let mut found = free + leaving;
    let Some(latest) = exempt_until.filter(|_| found < claimant.units) else { return Vec::new() };
    let mut candidates: Vec<&Active> = active
        .iter()
        .filter(|job| job.tier < claimant.tier && job.start <= latest && job.leaves == Leaves::No)
        .collect();
    candidates.sort_by_key(|job| (job.tier, Reverse(job.start), Reverse(job.job)));
    let mut chosen = Vec::new();
    for job in candidates {
        if found >= claimant.units {
            break;
        }
        found += job.units;
        chosen.push(job.job);
    }
    if found >= claimant.units { chosen } else { Vec::new() }
}

/// The jobs to push out so that the claimant, which stays within its own, fits; nothing where `free` and what is leaving
/// already suffice, or where even all borrowers would not. `exempt_until` as in [`victims`]. O(n v) for v jobs pushed out
/// of n that run.
pub fn borrowers_to_push_out(
    claimant: Claimant,
    free: u32,
    active: &[Active],
    mut borrowing: Borrowing<'_>,
    exempt_until: Option<Time>,
) -> Vec<u32> {
    let mut found = free;
    for job in active.iter().filter(|job| job.leaves == Leaves::Soon) {
        found += job.units;
        borrowing.give_back(job.lane, job.units);
    }
    let Some(latest) = exempt_until else { return Vec::new() };
    let mut candidates: Vec<&Active> = active
        .iter()
        .filter(|job| job.tier <= claimant.tier && job.start <= latest && job.leaves == Leaves::No)
        .collect();
    let mut chosen = Vec::new();
    while found < claimant.units {
        let borrowers = candidates.iter().enumerate().filter(|(_, job)| borrowing.beyond(job.lane) > 0);
        let next = borrowers.min_by_key(|(_, job)| {
            (job.tier, Reverse(borrowing.beyond(job.lane)), Reverse(job.start), Reverse(job.job))
        });
        let Some((index, _)) = next else { return Vec::new() };
        let job = candidates.swap_remove(index);
        found += job.units;
        borrowing.give_back(job.lane, job.units);
        chosen.push(job.job);
    }
    chosen
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, Share};
    use super::*;

    fn active(job: u32, units: u32, tier: i32, start_s: u64) -> Active {
        Active { job, units, lane: 0, tier, start: Time::from_seconds(start_s), leaves: Leaves::No }
    }

    #[track_caller]
    fn check(units: u32, tier: i32, free: u32, latest_s: u64, expected: &[u32]) {
        let running = [active(0, 4, 0, 10), active(1, 2, 0, 20), active(2, 3, 1, 30), active(3, 5, 2, 5)];
        let found = victims(Claimant { units, tier }, free, &running, Some(Time::from_seconds(latest_s)));
        assert_eq!(found, expected);
    }

    #[test]
    fn lowest_tier_then_youngest() {
        check(3, 2, 1, 100, &[1]);
        check(4, 2, 1, 100, &[1, 0]);
        check(8, 2, 0, 100, &[1, 0, 2]);
    }

    #[test]
    fn never_in_vain_nor_against_an_equal() {
        check(10, 2, 0, 100, &[]);
        check(3, 0, 1, 100, &[]);
        check(2, 2, 2, 100, &[]);
    }

    #[test]
    fn the_exempt_stay() {
        check(3, 2, 1, 15, &[0]);
        check(3, 2, 1, 9, &[]);
    }

    #[test]
    fn who_leaves_already_counts() {
        let mut running = [active(0, 4, 0, 10), active(1, 2, 0, 20)];
        running[0].leaves = Leaves::Soon;
        let claimant = |units| Claimant { units, tier: 1 };
        assert!(victims(claimant(4), 0, &running, Some(Time::MAX)).is_empty());
        assert_eq!(victims(claimant(5), 0, &running, Some(Time::MAX)), [1]);
    }
    #[test]
    fn an_owner_takes_back_from_who_has_borrowed_most_and_no_more_than_that() {
        let mut limits = Limits::none(3);
        let share = Share { own: 4, borrow: 20, lend: 4 };
        limits.set_quotas(12, vec![share; 3], vec![Some(0), Some(1), Some(2)]);
        let of = |lane, job| Active { lane, ..job };
        // Lane 1 holds 7 of its 4, lane 2 holds 5 of its 4.
        let running = [of(1, active(0, 3, 0, 10)), of(1, active(1, 4, 0, 5)), of(2, active(2, 5, 0, 20))];
        for job in &running {
            limits.hold(job.lane, job.units);
        }
        let pushed_out = |units| {
            let borrowing = limits.borrowing().unwrap();
            borrowers_to_push_out(Claimant { units, tier: 0 }, 0, &running, borrowing, Some(Time::MAX))
        };
        assert_eq!(pushed_out(3), [0], "lane 1 has borrowed more, and its youngest job goes");
        assert_eq!(pushed_out(4), [0, 2], "lane 1 is within its own by then");
        assert!(pushed_out(9).is_empty(), "the last job of lane 1 holds its own");
    }
}
