//! Reservations by the rules: the units free in each second are counted anew from the running jobs' requested ends, the
//! reservations and the calendar, and a job takes the earliest second from which enough are free for its requested time.

use super::slow::{Reservation, Slow};
use crate::model::{Compression, Conservative};

impl Slow<'_> {
    /// One pass of conservative backfilling that keeps its reservations.
    pub(super) fn keep_reservations(&mut self, rule: Conservative, now: u64) {
        if std::mem::take(&mut self.compression_due) {
            self.compress(rule.compression, now);
        }
        while self.reserve(rule.depth, now) | self.start_due(now) {}
    }

    /// Plans all anew and starts those whose slot is now, who are then no more of those with a reservation.
    pub(super) fn plan_anew(&mut self, depth: Option<u32>, now: u64) {
        let mut names = self.queue.clone();
        names.retain(|&name| !self.is_over_its_limit(name));
        names.truncate(depth.map_or(usize::MAX, |depth| depth as usize));
        let mut due = Vec::new();
        for name in names {
            if self.would_be_over_its_limit(name, &due) {
                continue;
            }
            let start = self.earliest(name, now);
            self.reservations.push(Reservation { name, start, end: start + self.job(name).requested });
            if start == now {
                due.push(name);
            }
        }
        self.reservations.clear();
        self.start_all(&due, now);
    }

    /// The first job in queue order without a reservation gets one, if there may be one more. Whether one was made.
    fn reserve(&mut self, depth: Option<u32>, now: u64) -> bool {
        let may = depth.is_none_or(|depth| self.reservations.len() < depth as usize);
        let next = self.queue.iter().copied().find(|&name| !self.has_reservation(name));
        let Some(name) = next.filter(|_| may) else { return false };
        let start = self.earliest(name, now);
        self.reservations.push(Reservation { name, start, end: start + self.job(name).requested });
        true
    }

    /// Starts the jobs whose reservation is now, in the order in which the reservations were made.
    fn start_due(&mut self, now: u64) -> bool {
        let due: Vec<usize> = self.reservations.iter().filter(|r| r.start == now).map(|r| r.name).collect();
        self.start_all(&due, now);
        !due.is_empty()
    }

    /// Takes each job out and places it again, in queue order or in the order of the reservations as they stand before.
    fn compress(&mut self, compression: Compression, now: u64) {
        let mut turns = self.queue.clone();
        turns.retain(|&name| self.has_reservation(name));
        match compression {
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
                self.reservations.push(Reservation { name, start, end: start + self.job(name).requested });
            }
        }
    }

    fn start_of(&self, name: usize) -> Option<u64> {
        self.reservations.iter().find(|reservation| reservation.name == name).map(|r| r.start)
    }

    /// The earliest instant from `now` on at which a job can start for the time it requests.
    pub(super) fn earliest(&self, name: usize, now: u64) -> u64 {
        self.earliest_for(self.job(name).requested, name, now)
    }

    /// The same for a time of another length: its units are free for all of it, and no closure keeps it away.
    pub(super) fn earliest_for(&self, length: u64, name: usize, now: u64) -> u64 {
        let (units, free) = (self.job(name).units, self.free_by_second(now));
        let closures = &self.workload.closures;
        let is_kept_away = |second: u64| {
            let mut closed = closures.iter().filter(|closure| (closure.from..closure.to).contains(&second));
            closed.any(|closure| units < closure.least_units)
        };
        let is_good = |second: u64| {
            free.get(second as usize).is_none_or(|&free| free >= units.into()) && !is_kept_away(now + second)
        };
        let fits = |start: &u64| (*start..*start + length).all(is_good);
        // All is free and open in the end.
        let end = closures.iter().map(|closure| closure.to.saturating_sub(now)).max().unwrap_or(0);
        let found = (0..=end.max(free.len() as u64)).find(fits);
        now + found.expect("no job is larger than the partition")
    }

    /// Units free in each second from `now` on; afterwards all are.
    fn free_by_second(&self, now: u64) -> Vec<i64> {
        let units = |name: usize| i64::from(self.job(name).units);
        let running = self.running.iter().map(|job| (units(job.name), now, job.expected_end));
        let reserved = self.reservations.iter().map(|r| (units(r.name), r.start, r.end));
        let closures = self.workload.closures.iter();
        let withdrawn = closures.map(|closure| (i64::from(closure.withdrawn), closure.from, closure.to));
        let held: Vec<(i64, u64, u64)> = running.chain(reserved).chain(withdrawn).collect();
        let last = held.iter().map(|&(.., to)| to).max().unwrap_or(now).max(now);
        let mut free = vec![i64::from(self.workload.capacity); (last - now) as usize];
        for (units, from, to) in held {
            for second in from.max(now)..to {
                free[(second - now) as usize] -= units;
            }
        }
        free
    }
}
