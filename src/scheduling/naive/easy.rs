//! EASY backfilling by the rules: with one reservation in a partition by itself by the shadow time and
//! the extra units, else on the units free in each second.

use super::slow::{Reservation, Slow};
use crate::model::{Easy, ScanOrder, SpareUnits};
use crate::scheduling::Setting;

impl Slow<'_> {
    pub(super) fn backfill_easy(&mut self, easy: Easy, now: u64) {
        if self.workload.setting == Setting::Plain && easy.reservations == 1 {
            self.start_heads(now);
            if !self.queue.is_empty() {
                self.backfill_around_head(easy, now);
            }
        } else {
            self.backfill_around_several(easy, now);
            self.reservations.clear();
        }
    }

    /// The time at which the blocked head can start by the requested ends, and the units then idle.
    fn shadow(&self, now: u64) -> (u64, u32) {
        let need = self.job(self.queue[0]).units;
        let mut ends: Vec<u64> = self.running.iter().map(|running| running.expected_end).collect();
        ends.sort_unstable();
        let free_at = |end: u64| {
            let ended = self.running.iter().filter(|running| running.expected_end <= end);
            self.free(now) + ended.map(|running| self.job(running.name).units).sum::<u32>()
        };
        let shadow = ends.into_iter().find(|&end| free_at(end) >= need).expect("the head fits at last");
        (shadow, free_at(shadow) - need)
    }

    fn backfill_around_head(&mut self, easy: Easy, now: u64) {
        let (shadow, mut extra) = self.shadow(now);
        if easy.spare == SpareUnits::Unused {
            extra = 0;
        }
        for name in self.in_scan_order(easy.scan, &self.queue[1..]) {
            let job = self.job(name);
            if job.units > self.free(now) {
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

    /// Jobs in queue order take their earliest slots until so many of them wait for theirs. Those whose slot is now
    /// start, and all is looked at anew. If there is none, those behind start if that delays no reservation; where no
    /// spare units are used, if they end by the first one.
    fn backfill_around_several(&mut self, easy: Easy, now: u64) {
        let (mut due, mut behind) = (Vec::new(), self.queue.clone());
        while self.reservations.len() < easy.reservations as usize + due.len() && !behind.is_empty() {
            let name = behind.remove(0);
            if self.would_be_over_its_limit(name, &due) {
                continue;
            }
            let start = self.earliest(name, now);
            self.reservations.push(Reservation { name, start, end: start + self.job(name).requested });
            if start == now {
                due.push(name);
            }
        }
        if due.is_empty() {
            self.backfill_behind(easy, &behind, now);
        }
        self.start_all(&due, now);
    }

    fn backfill_behind(&mut self, easy: Easy, behind: &[usize], now: u64) {
        let first = self.reservations.first().filter(|_| easy.spare == SpareUnits::Unused).copied();
        for name in self.in_scan_order(easy.scan, behind) {
            let ends_in_time = first.is_none_or(|first| now + self.job(name).requested <= first.start);
            if ends_in_time && !self.is_over_its_limit(name) && self.can_start(name, now) {
                self.start(name, now);
            }
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
