//! The naive form: what is remembered of the machine and its jobs, and what happens at each tick.

use super::case::{Asked, Case, Class, Guest};
use super::seen::{Ended, Fate};
use pleiade::units::{Span, Time};

/// A run under way.
#[derive(Debug, Clone, Copy)]
pub(super) struct Run {
    pub(super) start: Time,
    /// By when it said it would be over.
    pub(super) expected: Time,
    /// When it was asked to go, if it writes a checkpoint before it does.
    pub(super) asked_to_go: Option<Time>,
    /// Whether it is on its way out, be it that it ends before its checkpoint would be written.
    pub(super) leaves: bool,
    /// Runs that end at one instant do so in this order: that in which they began, or were asked to go.
    pub(super) turn: u64,
}

/// A job that has come and not gone.
#[derive(Debug, Clone)]
pub(super) struct Present {
    pub(super) number: usize,
    /// Its place among the present jobs; the place that came free last is taken first.
    pub(super) slot: usize,
    /// Its turn among those that came.
    pub(super) sequence: u64,
    /// What it requests for its next run, or the present one.
    pub(super) requested: Span,
    /// How much longer than that it may run.
    pub(super) grace: Span,
    /// What later segments of its chain request.
    pub(super) later: Span,
    /// What it has to do yet.
    pub(super) work: Span,
    /// How long its next run, or the present one, holds units before it gets on.
    pub(super) restart: Span,
    pub(super) run: Option<Run>,
    /// When it was last pushed out.
    pub(super) pushed_out: Option<Time>,
}

impl Present {
    /// The longest it may run.
    pub(super) fn limit(&self) -> Span {
        if self.later > Span::ZERO { self.requested } else { self.requested + self.grace }
    }

    /// How long it will run if nobody stops it.
    pub(super) fn holds(&self) -> Span {
        self.limit().min(self.restart + self.work)
    }

    /// How much it has done in its run by an instant.
    pub(super) fn got_on(&self, run: Run, until: Time) -> Span {
        Span(until.since(run.start).0.saturating_sub(self.restart.0))
    }
}

/// The machine.
#[derive(Debug)]
pub(super) struct Machine<'a> {
    pub(super) case: &'a Case,
    pub(super) present: Vec<Present>,
    pub(super) fates: Vec<Fate>,
    /// Places that came free, the last one last.
    pub(super) free_slots: Vec<usize>,
    slots: usize,
    pub(super) sequences: u64,
    pub(super) turns: u64,
    /// Jobs for which borrowed units were taken back that have not started.
    pub(super) claims: Vec<usize>,
    /// By partition and budget: what is used up of the present period.
    pub(super) used: Vec<Vec<u128>>,
    /// What was held in the last tick by those of each budget.
    pub(super) held_last: Vec<Vec<u64>>,
}

/// What becomes of the jobs of a case.
pub(super) fn naive(case: &Case) -> Vec<Fate> {
    let mut machine = Machine {
        case,
        present: Vec::new(),
        fates: vec![Fate::default(); case.jobs.len()],
        free_slots: Vec::new(),
        slots: 0,
        sequences: 0,
        turns: 0,
        claims: Vec::new(),
        used: case.guests.iter().map(|guest| vec![0; guest.budgets.len()]).collect(),
        held_last: case.guests.iter().map(|guest| vec![0; guest.budgets.len()]).collect(),
    };
    for now in case.instants() {
        machine.tick(now);
    }
    machine.close()
}

impl<'a> Machine<'a> {
    /// Who may start is looked at when something has happened. That a run goes on beyond its requested time is nothing
    /// that happens, though plans change with it.
    fn tick(&mut self, now: Time) {
        let mut happened = self.budgets_changed(now);
        happened |= self.exempt_time_is_over(now);
        happened |= self.end_runs(now);
        for number in 0..self.case.jobs.len() {
            if self.asked(number).submit == now {
                happened |= self.arrive(number);
            }
        }
        if happened {
            self.pass(now);
        }
        self.count_held_back();
        self.use_budgets();
    }

    /// Until the next tick nothing changes: who waits for its first start and is over a limit does so until then.
    fn count_held_back(&mut self) {
        let over: Vec<usize> =
            self.present.iter().filter(|job| self.waits_over_a_limit(job)).map(|job| job.number).collect();
        for number in over {
            let held_back = &mut self.fates[number].held_back;
            *held_back += self.case.tick;
        }
    }

    fn waits_over_a_limit(&self, job: &Present) -> bool {
        self.fates[job.number].start.is_none() && self.is_over_a_limit(job)
    }

    pub(super) fn asked(&self, number: usize) -> &'a Asked {
        &self.case.jobs[number]
    }

    /// The number of the partition of a job.
    pub(super) fn home(&self, number: usize) -> usize {
        self.case.home[self.asked(number).community.index()]
    }

    pub(super) fn guest(&self, number: usize) -> &'a Guest {
        &self.case.guests[self.home(number)]
    }

    pub(super) fn class(&self, number: usize) -> &'a Class {
        &self.case.classes[self.asked(number).class]
    }

    pub(super) fn tier(&self, number: usize) -> i32 {
        self.guest(number).tier
    }

    pub(super) fn job(&self, number: usize) -> &Present {
        self.present.iter().find(|job| job.number == number).unwrap()
    }

    pub(super) fn job_mut(&mut self, number: usize) -> &mut Present {
        self.present.iter_mut().find(|job| job.number == number).unwrap()
    }

    /// Who runs, with their runs.
    pub(super) fn running(&self) -> impl Iterator<Item = (&Present, Run)> {
        self.present.iter().filter_map(|job| Some((job, job.run?)))
    }

    /// Units that nobody holds.
    pub(super) fn free(&self) -> u32 {
        let held: u32 = self.running().map(|(job, _)| self.asked(job.number).units).sum();
        self.case.capacity - held
    }

    /// A job joins the queue, unless it can never start. Whether it did.
    fn arrive(&mut self, number: usize) -> bool {
        let asked = *self.asked(number);
        let guest = self.guest(number);
        let (requested, later) = match self.longest_segment(number) {
            Some(longest) if asked.requested > longest => {
                let gets_on = longest.0 - self.checkpoint(number).cost.0;
                (longest, Span(asked.requested.0 - gets_on))
            }
            _ => (asked.requested, Span::ZERO),
        };
        if requested > guest.max_requested || u64::from(asked.units) > self.most(number) {
            self.fates[number].ended = Ended::Rejected;
            return false;
        }
        let slot = self.free_slots.pop().unwrap_or_else(|| {
            self.slots += 1;
            self.slots - 1
        });
        self.sequences += 1;
        self.present.push(Present {
            number,
            slot,
            sequence: self.sequences,
            requested,
            grace: guest.grace,
            later,
            work: asked.run,
            restart: Span::ZERO,
            run: None,
            pushed_out: None,
        });
        true
    }

    pub(super) fn start(&mut self, number: usize, now: Time) {
        assert!(self.asked(number).units <= self.free(), "only what fits starts");
        self.turns += 1;
        let turn = self.turns;
        let job = self.job_mut(number);
        let expected = now.saturating_add(job.requested);
        job.run = Some(Run { start: now, expected, asked_to_go: None, leaves: false, turn });
        self.fates[number].start.get_or_insert(now);
        self.claims.retain(|&claimant| claimant != number);
    }

    /// A job goes for good.
    pub(super) fn leave(&mut self, number: usize, ended: Ended, now: Time) {
        self.free_slots.push(self.job(number).slot);
        self.present.retain(|job| job.number != number);
        (self.fates[number].ended, self.fates[number].end) = (ended, Some(now));
    }

    /// What became of all jobs, when nobody looks any more.
    fn close(mut self) -> Vec<Fate> {
        for job in &self.present {
            self.fates[job.number].ended = if job.run.is_some() { Ended::Running } else { Ended::Queued };
        }
        self.fates
    }
}
