//! Scheduling as Slurm does it, by the rules: at every event a quick pass in strict order over the first
//! jobs, and no sooner than the interval after the last one a cycle that plans the first jobs and starts those whose
//! slot is now.

use super::slow::{Reservation, Slow};
use crate::model::Cycle;
use crate::units::Span;

fn seconds(span: Span) -> u64 {
    span.0 / 1_000_000_000
}

impl Slow<'_> {
    pub(super) fn pass_or_cycle(&mut self, cycle: Cycle, now: u64) {
        self.cycle_due = None;
        while self.quick_pass(cycle, now) {}
        if self.queue.is_empty() || self.free(now) == 0 {
            return;
        }
        // A cycle of this instant goes on if the pass is taken again.
        if self.last_cycle.is_none_or(|last| last == now || last + seconds(cycle.interval) <= now) {
            self.last_cycle = Some(now);
            self.run_cycle(cycle, now);
        } else {
            self.cycle_due = self.last_cycle.map(|last| last + seconds(cycle.interval));
        }
    }

    /// Starts the first jobs within their limits, up to the first that does not fit. Whether one started.
    fn quick_pass(&mut self, cycle: Cycle, now: u64) -> bool {
        let (mut looked_at, mut any) = (0, false);
        for name in self.queue.clone() {
            if looked_at == cycle.quick_depth {
                break;
            }
            if self.is_over_its_limit(name) {
                continue;
            }
            looked_at += 1;
            if !self.can_start(name, now) {
                break;
            }
            self.start(name, now);
            any = true;
        }
        any
    }

    fn run_cycle(&mut self, cycle: Cycle, now: u64) {
        let names: Vec<usize> =
            self.queue.iter().copied().filter(|&name| !self.is_over_its_limit(name)).collect();
        let mut due: Vec<usize> = Vec::new();
        for name in names.into_iter().take(cycle.depth as usize) {
            if self.would_be_over_its_limit(name, &due) {
                continue;
            }
            let resolution = seconds(cycle.resolution);
            let length = self.job(name).requested.div_ceil(resolution) * resolution;
            let start = self.earliest_for(length, name, now);
            if start - now <= seconds(cycle.window) {
                self.reservations.push(Reservation { name, start, end: start + length });
            }
            if start == now {
                due.push(name);
            }
        }
        self.reservations.clear();
        self.start_all(&due, now);
    }
}
