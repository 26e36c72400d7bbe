//! EASY backfilling by the rules (models.md 1.3): with one reservation by the shadow time and the extra units, with
//! several on the units free in each second.

use super::slow::{Reservation, Slow};
use crate::model::{Easy, ScanOrder, SpareUnits};

impl Slow<'_> {
    pub(super) fn backfill_easy(&mut self, easy: Easy, now: u64) {
        self.start_heads(now);
        if self.queue.is_empty() {
            return;
        }
        if easy.reservations == 1 {
            self.backfill_around_head(easy, now);
        } else {
            self.backfill_around_several(easy, now);
        }
    }

    /// The time at which the blocked head can start by the requested ends, and the units then idle.
    pub(super) fn shadow(&self) -> (u64, u32) {
        let need = self.job(self.queue[0]).units;
        let mut ends: Vec<u64> = self.running.iter().map(|running| running.expected_end).collect();
        ends.sort_unstable();
        let free_at = |end: u64| {
            let ended = self.running.iter().filter(|running| running.expected_end <= end);
            self.free() + ended.map(|running| self.job(running.name).units).sum::<u32>()
        };
        let shadow = ends.into_iter().find(|&end| free_at(end) >= need).expect("the head fits at last");
        (shadow, free_at(shadow) - need)
    }

    fn backfill_around_head(&mut self, easy: Easy, now: u64) {
        let (shadow, mut extra) = self.shadow();
        if easy.spare == SpareUnits::Unused {
            extra = 0;
        }
        for name in self.in_scan_order(easy.scan, &self.queue[1..]) {
            let job = self.job(name);
            if job.units > self.free() {
                continue;
            }
            if now + job.requested <= shadow {
                self.start(name, now);
            } else if job.units <= extra {
                extra -= job.units;
                self.start(name, now);
            }
        }
    }

    /// Jobs in queue order take their earliest slots until so many of them wait for theirs; then those behind start if
    /// that delays none of these. Where no spare units are used, no job that starts in between may run past the first
    /// reservation.
    fn backfill_around_several(&mut self, easy: Easy, now: u64) {
        let names = self.queue.clone();
        let mut behind = names.len();
        for (place, &name) in names.iter().enumerate() {
            if self.reservations.len() == easy.reservations as usize {
                behind = place;
                break;
            }
            let start = self.earliest_under(easy.spare, name, now);
            self.reservations.push(Reservation { name, start });
            if start == now {
                self.start(name, now);
            }
        }
        for name in self.in_scan_order(easy.scan, &names[behind..]) {
            if self.earliest_under(easy.spare, name, now) == now {
                self.start(name, now);
            }
        }
        self.reservations.clear();
    }

    fn earliest_under(&self, spare: SpareUnits, name: usize, now: u64) -> u64 {
        let first = self.reservations.first().filter(|_| spare == SpareUnits::Unused);
        let start = self.earliest(name, now);
        match first {
            Some(first) if start < first.start && start + self.job(name).requested > first.start => {
                self.earliest_from(first.start, name, now)
            }
            _ => start,
        }
    }

    fn in_scan_order(&self, scan: ScanOrder, names: &[usize]) -> Vec<usize> {
        let mut names = names.to_vec();
        if scan == ScanOrder::ShortestFirst {
            names.sort_by_key(|&name| (self.job(name).requested, name));
        }
        names
    }
}
