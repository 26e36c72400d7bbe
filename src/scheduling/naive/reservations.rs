//! Reservations by the rules: the units free in each second are counted anew from the running jobs' requested ends and
//! the reservations, and a job takes the earliest second from which enough are free for its requested time.

use super::slow::{Reservation, Slow};
use crate::model::{Compression, Conservative};

impl Slow<'_> {
    /// One pass of conservative backfilling (models.md 1.4).
    pub(super) fn reserve_all(&mut self, rule: Conservative, now: u64) {
        if std::mem::take(&mut self.compression_due) {
            self.compress(rule.compression, now);
        }
        while self.reserve(rule, now) | self.start_due(now) {}
        if rule.compression == Compression::Replan {
            self.reservations.clear();
        }
    }

    /// The first job in queue order without a reservation gets one, if there may be one more. Whether one was made.
    fn reserve(&mut self, rule: Conservative, now: u64) -> bool {
        let may = rule.depth.is_none_or(|depth| self.reservations.len() < depth as usize);
        let next = self.queue.iter().copied().find(|&name| !self.has_reservation(name));
        let Some(name) = next.filter(|_| may) else { return false };
        self.reservations.push(Reservation { name, start: self.earliest(name, now) });
        true
    }

    /// Starts the jobs whose reservation is now, in the order in which the reservations were made.
    fn start_due(&mut self, now: u64) -> bool {
        let due: Vec<Reservation> = self.reservations.iter().filter(|r| r.start == now).copied().collect();
        for reservation in &due {
            self.start(reservation.name, now);
        }
        !due.is_empty()
    }

    /// Takes each job out and places it again, in queue order or in the order of the reservations as they stand before.
    fn compress(&mut self, compression: Compression, now: u64) {
        let mut turns = self.queue.clone();
        turns.retain(|&name| self.has_reservation(name));
        match compression {
            // The one keeps every reservation, the other none from pass to pass.
            Compression::None | Compression::Replan => return,
            Compression::ReservationOrder => turns.sort_by_key(|&name| self.start_of(name)),
            Compression::QueueOrder | Compression::QueueOrderEachEnd => {}
        }
        for name in turns {
            let place = self.reservations.iter().position(|r| r.name == name).expect("it has a reservation");
            let old = self.reservations.remove(place);
            let start = self.earliest(name, now);
            assert!(start <= old.start, "a compression moves no start later");
            if start == old.start {
                self.reservations.insert(place, old);
            } else {
                self.reservations.push(Reservation { name, start });
            }
        }
    }

    fn start_of(&self, name: usize) -> Option<u64> {
        self.reservations.iter().find(|reservation| reservation.name == name).map(|r| r.start)
    }

    /// The earliest instant from `now` on from which the units of a job are free for the time it requests.
    pub(super) fn earliest(&self, name: usize, now: u64) -> u64 {
        self.earliest_from(now, name, now)
    }

    /// As [`Self::earliest`], from a later instant on.
    pub(super) fn earliest_from(&self, from: u64, name: usize, now: u64) -> u64 {
        let (job, free) = (self.job(name), self.free_by_second(now));
        let enough = |second: u64| free.get(second as usize).is_none_or(|&free| free >= job.units.into());
        let fits = |start: &u64| (*start..*start + job.requested).all(enough);
        // All is free in the end.
        let end = from - now + free.len() as u64;
        now + (from - now..=end).find(fits).expect("no job is larger than the partition")
    }

    /// Units free in each second from `now` on; afterwards all are.
    fn free_by_second(&self, now: u64) -> Vec<i64> {
        let running = self.running.iter().map(|job| (job.name, now, job.expected_end));
        let reserved =
            self.reservations.iter().map(|r| (r.name, r.start, r.start + self.job(r.name).requested));
        let held: Vec<(usize, u64, u64)> = running.chain(reserved).collect();
        let last = held.iter().map(|&(.., to)| to).max().unwrap_or(now);
        let mut free = vec![i64::from(self.workload.capacity); (last - now) as usize];
        for (name, from, to) in held {
            for second in from..to {
                free[(second - now) as usize] -= i64::from(self.job(name).units);
            }
        }
        free
    }
}
