//! EASY backfilling on one partition as a bare loop: what one would write by hand for this and nothing else.
//!
//! A binary heap of ends, the queue in a plain vector with holes, the running jobs in a sorted vector. Jobs that arrive
//! behind a blocked head are tried against its reservation, in O(1) each; when units come free, one pass over the queue
//! that ends when no unit is left. It shares no line with `pleiade::scheduling`; both must give the same starts.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// A job; times are in any one unit.
#[derive(Debug, Clone, Copy)]
pub(crate) struct BareJob {
    pub(crate) ordinal: u64,
    pub(crate) submit: u64,
    pub(crate) run: u64,
    /// At least `run`.
    pub(crate) requested: u64,
    pub(crate) units: u32,
}

/// Marks a hole in the queue: it fits nowhere.
const HOLE: u32 = u32::MAX;

struct Machine<F> {
    now: u64,
    free: u32,
    /// (end, requested end, units).
    ends: BinaryHeap<Reverse<(u64, u64, u32)>>,
    /// (requested end, units), latest first.
    running: Vec<(u64, u32)>,
    queue: Vec<BareJob>,
    head: usize,
    waiting: usize,
    /// When the head can start by the requested ends, and the units that it leaves free then.
    shadow: u64,
    extra: u32,
    started: F,
}

/// Runs `jobs`, sorted by submission, on `units`; calls `started` with the ordinal and start of each.
pub(crate) fn run(jobs: impl Iterator<Item = BareJob>, units: u32, started: impl FnMut(u64, u64)) {
    let mut machine = Machine {
        now: 0,
        free: units,
        ends: BinaryHeap::new(),
        running: Vec::new(),
        queue: Vec::new(),
        head: 0,
        waiting: 0,
        shadow: 0,
        extra: 0,
        started,
    };
    let mut jobs = jobs.peekable();
    loop {
        let end = machine.ends.peek().map_or(u64::MAX, |Reverse(next)| next.0);
        machine.now = jobs.peek().map_or(u64::MAX, |job| job.submit).min(end);
        if machine.now == u64::MAX {
            return;
        }
        let blocked = machine.waiting > 0;
        let first_new = machine.queue.len();
        while let Some(job) = jobs.next_if(|job| job.submit == machine.now) {
            machine.queue.push(job);
            machine.waiting += 1;
        }
        if end == machine.now {
            machine.end_jobs();
        } else if blocked {
            machine.backfill(first_new);
            continue;
        }
        machine.pass();
    }
}

impl<F: FnMut(u64, u64)> Machine<F> {
    fn end_jobs(&mut self) {
        while let Some(&Reverse((end, requested_end, units))) = self.ends.peek()
            && end == self.now
        {
            self.ends.pop();
            self.free += units;
            let first = self.running.partition_point(|&(other, _)| other > requested_end);
            let offset = self.running[first..].iter().position(|&job| job == (requested_end, units));
            self.running.remove(first + offset.expect("a job that ends was running"));
        }
    }

    fn pass(&mut self) {
        while self.waiting > 0 && self.skip_holes().units <= self.free {
            self.start(self.head);
        }
        if self.waiting == 0 {
            self.queue.clear();
            self.head = 0;
            return;
        }
        if self.waiting * 2 < self.queue.len() {
            self.queue.drain(..self.head);
            self.queue.retain(|job| job.units != HOLE);
            self.head = 0;
        }
        self.reserve(self.queue[self.head].units);
        self.backfill(self.head + 1);
    }

    fn skip_holes(&mut self) -> BareJob {
        while self.queue[self.head].units == HOLE {
            self.head += 1;
        }
        self.queue[self.head]
    }

    fn reserve(&mut self, units: u32) {
        let mut sum = self.free;
        let mut next = self.running.len();
        while sum < units || next > 0 && self.running[next - 1].0 == self.shadow {
            next -= 1;
            self.shadow = self.running[next].0;
            sum += self.running[next].1;
        }
        self.extra = sum - units;
    }

    fn backfill(&mut self, from: usize) {
        for place in from..self.queue.len() {
            if self.free == 0 {
                return;
            }
            let BareJob { units, requested, .. } = self.queue[place];
            if units > self.free {
                continue;
            }
            if self.now + requested <= self.shadow {
                self.start(place);
            } else if units <= self.extra {
                self.extra -= units;
                self.start(place);
            }
        }
    }

    fn start(&mut self, place: usize) {
        let job = self.queue[place];
        self.queue[place].units = HOLE;
        self.waiting -= 1;
        self.free -= job.units;
        let requested_end = self.now + job.requested;
        self.ends.push(Reverse((self.now + job.run, requested_end, job.units)));
        let after = self.running.partition_point(|&(other, _)| other > requested_end);
        self.running.insert(after, (requested_end, job.units));
        (self.started)(job.ordinal, self.now);
    }
}
