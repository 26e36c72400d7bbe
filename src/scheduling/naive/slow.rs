//! One partition by the rules: what ends, what comes, then a full pass, second by second.

use super::workload::{Cap, Job, Step, Workload};
use crate::model::{Backfill, Compression, EventOrder, LocalPolicy, Per};

#[derive(Debug, Clone, Copy)]
pub(super) struct Running {
    pub(super) name: usize,
    pub(super) end: u64,
    pub(super) expected_end: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Reservation {
    pub(super) name: usize,
    pub(super) start: u64,
    pub(super) end: u64,
}

/// The state of the partition.
#[derive(Debug, Clone)]
pub(super) struct Slow<'a> {
    pub(super) workload: &'a Workload,
    pub(super) policy: LocalPolicy,
    pub(super) is_open: bool,
    /// In queue order as of the last pass, those that joined since at the end.
    pub(super) queue: Vec<usize>,
    pub(super) running: Vec<Running>,
    /// In the order in which they were made.
    pub(super) reservations: Vec<Reservation>,
    pub(super) compression_due: bool,
    /// When a backfill cycle last ran, and when one is due at the latest.
    pub(super) last_cycle: Option<u64>,
    pub(super) cycle_due: Option<u64>,
    /// The first start of the present look, and when a cycle had last run by then.
    pub(super) first_start: Option<(usize, Option<u64>)>,
    pub(super) step: Step,
}

impl<'a> Slow<'a> {
    pub(super) fn new(workload: &'a Workload, policy: LocalPolicy) -> Self {
        Self {
            workload,
            policy,
            is_open: false,
            queue: Vec::new(),
            running: Vec::new(),
            reservations: Vec::new(),
            compression_due: false,
            last_cycle: None,
            cycle_due: None,
            first_start: None,
            step: Step::default(),
        }
    }

    /// Everything that happens at `now`.
    pub(super) fn step(&mut self, now: u64) -> Step {
        let ends: Vec<Running> = self.running.iter().filter(|job| job.end == now).copied().collect();
        let names = 0..self.workload.jobs.len();
        let comers: Vec<usize> = names.filter(|&name| self.workload.jobs[name].joins == now).collect();
        let opens = self.workload.opens == now;
        let turns = self.workload.closures.iter().any(|closure| closure.from == now || closure.to == now);
        let reservations = self.reservations.iter();
        let falls_due = reservations.map(|r| r.start).chain(self.cycle_due).any(|due| due == now);
        match self.workload.event_order {
            EventOrder::EndsFirst => {
                self.end(&ends, now);
                self.is_open |= opens;
                self.queue.extend(&comers);
                if opens || (turns && self.is_open) || falls_due || !ends.is_empty() || !comers.is_empty() {
                    self.pass(now);
                }
            }
            EventOrder::SubmissionsFirst => {
                if falls_due {
                    self.pass(now);
                }
                for comer in comers {
                    self.submit(comer, now);
                }
                for job in ends {
                    self.end(&[job], now);
                    self.pass(now);
                }
                if opens {
                    self.is_open = true;
                    self.pass(now);
                }
            }
        }
        std::mem::take(&mut self.step)
    }

    pub(super) fn job(&self, name: usize) -> Job {
        self.workload.jobs[name]
    }

    /// Units free now.
    pub(super) fn free(&self, now: u64) -> u32 {
        let closed =
            self.workload.closures.iter().filter(|closure| (closure.from..closure.to).contains(&now));
        let withdrawn: u32 = closed.map(|closure| closure.withdrawn).sum();
        let held: u32 = self.running.iter().map(|running| self.job(running.name).units).sum();
        self.workload.capacity.checked_sub(held + withdrawn).expect("no job holds what is withdrawn")
    }

    /// Whether a job can start now for all the time it requests.
    pub(super) fn can_start(&self, name: usize, now: u64) -> bool {
        self.job(name).units <= self.free(now) && self.earliest(name, now) == now
    }

    /// Whether a job would exceed what its lane or its project may hold. It is passed over then.
    pub(super) fn is_over_its_limit(&self, name: usize) -> bool {
        self.would_be_over_its_limit(name, &[])
    }

    /// The same once others have started.
    pub(super) fn would_be_over_its_limit(&self, name: usize, started: &[usize]) -> bool {
        let holders = self.running.iter().map(|running| running.name).chain(started.iter().copied());
        let holders: Vec<usize> = holders.chain([name]).collect();
        self.workload.caps.iter().filter(|cap| self.is_about(cap, name)).any(|cap| {
            let mut held = holders.clone();
            held.retain(|&other| self.is_about(cap, other));
            if cap.per == Per::Project {
                held.retain(|&other| self.job(other).project == self.job(name).project);
            }
            held.iter().map(|&other| self.job(other).units).sum::<u32>() > cap.units
                || cap.jobs.is_some_and(|jobs| held.len() > jobs as usize)
        })
    }

    fn is_about(&self, cap: &Cap, name: usize) -> bool {
        let of_lanes = cap.lanes.contains(&self.workload.lane(name, self.policy.order));
        of_lanes && (cap.per == Per::Group || self.job(name).project.is_some())
    }

    /// Starts a waiting job.
    pub(super) fn start(&mut self, name: usize, now: u64) {
        let job = self.job(name);
        self.first_start.get_or_insert((name, self.last_cycle));
        self.queue.retain(|&other| other != name);
        self.reservations.retain(|reservation| reservation.name != name);
        self.running.push(Running { name, end: now + job.held(), expected_end: now + job.requested });
        self.step.started.push(name);
    }

    pub(super) fn start_all(&mut self, names: &[usize], now: u64) {
        for &name in names {
            self.start(name, now);
        }
    }

    fn end(&mut self, ends: &[Running], now: u64) {
        let compressed_at_each_end = match self.policy.backfill {
            Backfill::Conservative(rule) => rule.compression == Compression::QueueOrderEachEnd,
            _ => false,
        };
        for job in ends {
            self.running.retain(|other| other.name != job.name);
            self.compression_due |= job.expected_end > now || compressed_at_each_end;
        }
    }

    /// A submission with its own pass (shared/data/schedules/README.md); plain EASY passes only if the new job fits.
    fn submit(&mut self, name: usize, now: u64) {
        self.queue.push(name);
        self.running.retain(|job| job.expected_end > now);
        let fits = self.is_open && self.job(name).units <= self.free(now);
        if fits || self.policy != LocalPolicy::EASY {
            self.pass(now);
        } else {
            self.turn_away(now);
        }
    }

    fn pass(&mut self, now: u64) {
        self.running.retain(|job| job.expected_end > now);
        self.look(now);
        self.turn_away(now);
    }

    /// Who waits beyond the places is turned away: the last that came; or, where nobody may wait, each job in turn that
    /// did not start. A job turned away was in the way of those behind it, so they are tried again.
    fn turn_away(&mut self, now: u64) {
        let Some(places) = self.workload.places.map(|places| places as usize) else { return };
        while places == 0 && !self.queue.is_empty() {
            self.leave(self.queue[0]);
            self.look(now);
        }
        let mut blocked_others = false;
        while self.queue.len() > places {
            blocked_others |= self.leave(*self.queue.iter().max().expect("somebody waits"));
        }
        if blocked_others {
            self.look(now);
        }
    }

    /// Whether others stood behind the job; those with a reservation may be placed better without it.
    fn leave(&mut self, name: usize) -> bool {
        let place = self.queue.iter().position(|&other| other == name).expect("it waits");
        let behind = &self.queue[place + 1..];
        let blocked_others = !behind.is_empty();
        let may_gain = behind.iter().any(|&other| self.has_reservation(other));
        self.compression_due |= self.has_reservation(name) && may_gain;
        self.queue.remove(place);
        self.reservations.retain(|reservation| reservation.name != name);
        self.step.turned_away.push(name);
        blocked_others
    }

    pub(super) fn has_reservation(&self, name: usize) -> bool {
        self.reservations.iter().any(|reservation| reservation.name == name)
    }
}
