//! One partition as the simulation runs it: the same calls of the policy in the same order, names of jobs that are used
//! again, jobs that start alone and wake-ups; its passes are in `fast_passes`.

use super::workload::{Closure, Step, Workload};
use crate::model::{EventOrder, LocalPolicy, Order, Per, StreamId};
use crate::scheduling::{
    Block, Blocks, Joining, Limits, Most, Policy, Project, RunningSet, Setting, Turn, WaitQueue, Waiting,
    policy,
};
use crate::units::{Span, Time};

#[derive(Debug, Clone, Copy)]
struct Running {
    end: u64,
    expected_end: u64,
    waiting: Waiting,
}

/// The state of the partition.
#[derive(Debug)]
pub(super) struct Fast<'a> {
    pub(super) workload: &'a Workload,
    pub(super) chosen: LocalPolicy,
    pub(super) policy: Box<dyn Policy>,
    pub(super) limits: Limits,
    pub(super) blocks: Blocks,
    withdrawn: u32,
    pub(super) queue: WaitQueue,
    pub(super) expected: RunningSet,
    running: Vec<Running>,
    pub(super) free: u32,
    is_open: bool,
    /// The jobs by the names that the policy knows them by.
    pub(super) jobs: Vec<usize>,
    /// Names to use again, the last one first.
    pub(super) vacant: Vec<u32>,
    sequence: u64,
    pub(super) newcomers: u32,
    pub(super) capacity_changed: bool,
    pass_due: bool,
    pub(super) step: Step,
}

impl<'a> Fast<'a> {
    pub(super) fn new(workload: &'a Workload, chosen: LocalPolicy) -> Self {
        let limits = limits_of(workload, chosen.order);
        let queue = WaitQueue::new(chosen, workload.capacity, workload.tiers(chosen.order), workload.setting);
        Self {
            workload,
            chosen,
            policy: policy(chosen, workload.setting),
            blocks: Blocks::new(workload.closures.iter().map(block_of).collect()),
            withdrawn: 0,
            queue: if limits.are_per_project() { queue.holding_back() } else { queue },
            limits,
            expected: RunningSet::default(),
            running: Vec::new(),
            free: 0,
            is_open: false,
            jobs: Vec::new(),
            vacant: Vec::new(),
            sequence: 0,
            newcomers: 0,
            capacity_changed: false,
            pass_due: false,
            step: Step::default(),
        }
    }

    /// Everything that happens at `now`.
    pub(super) fn step(&mut self, now: u64) -> Step {
        match self.workload.event_order {
            EventOrder::EndsFirst => {
                self.end_jobs(now);
                self.open(now);
                self.wake(now);
                self.join_jobs(now);
            }
            EventOrder::SubmissionsFirst => {
                self.wake(now);
                self.run_pass(now);
                self.join_jobs(now);
                self.end_jobs(now);
                self.open(now);
            }
        }
        self.run_pass(now);
        std::mem::take(&mut self.step)
    }

    /// The job at the head of the queue.
    pub(super) fn head(&self) -> Option<usize> {
        self.queue.head().map(|(_, waiting)| self.jobs[waiting.job as usize])
    }

    /// Whether a job would jump the queue by the plan at hand.
    pub(super) fn would_jump(&self, now: u64, units: u32, requested: u64) -> bool {
        let requested = Span::from_seconds(requested);
        self.policy.would_jump(Time::from_seconds(now), self.free, units, requested)
    }

    /// The earliest second at which the head fits by the requested ends of the running jobs.
    pub(super) fn shadow(&self) -> Option<u64> {
        let (_, head) = self.queue.head()?;
        let mut ends: Vec<u64> = self.running.iter().map(|job| job.expected_end).collect();
        ends.sort_unstable();
        let held_after = |end: u64| {
            let held = self.running.iter().filter(|job| job.expected_end > end);
            held.map(|job| job.waiting.units).sum::<u32>()
        };
        ends.into_iter().find(|&end| self.workload.capacity - held_after(end) >= head.units)
    }

    pub(super) fn submissions_first(&self) -> bool {
        self.workload.event_order == EventOrder::SubmissionsFirst
    }

    fn open(&mut self, now: u64) {
        if self.workload.opens == now {
            self.free = self.workload.capacity;
            self.policy.opened(Time::from_seconds(now), self.free);
            self.is_open = true;
            (self.capacity_changed, self.pass_due) = (true, true);
        }
        let edge = |closure: &Closure| closure.from == now || closure.to == now;
        if self.is_open && (self.workload.opens == now || self.workload.closures.iter().any(edge)) {
            self.turn_calendar(now);
        }
    }

    fn turn_calendar(&mut self, now: u64) {
        self.blocks.forget(Time::from_seconds(now));
        let withdrawn = self.blocks.withdrawn(Time::from_seconds(now));
        let free = (self.free + self.withdrawn).checked_sub(withdrawn);
        self.free = free.expect("a partition drains before a block of its calendar");
        self.withdrawn = withdrawn;
        (self.capacity_changed, self.pass_due) = (true, true);
    }

    fn wake(&mut self, now: u64) {
        if self.policy.wake() == Some(Time::from_seconds(now)) {
            (self.capacity_changed, self.pass_due) = (true, true);
        }
    }

    fn run_pass(&mut self, now: u64) {
        if std::mem::take(&mut self.pass_due) {
            self.pass(now);
        }
    }

    fn end_jobs(&mut self, now: u64) {
        let ended: Vec<Running> = self.running.iter().filter(|job| job.end == now).copied().collect();
        self.running.retain(|job| job.end != now);
        for job in ended {
            let expected_end = Time::from_seconds(job.expected_end);
            let counted_gone = self.submissions_first()
                && job.expected_end <= now
                && !self.expected.contains(expected_end, job.waiting.units);
            if !counted_gone {
                self.expected.remove(expected_end, job.waiting.units);
                self.free += job.waiting.units;
            }
            self.policy.ended(Time::from_seconds(now), expected_end, job.waiting.units);
            self.limits.release(self.lane(job.waiting), job.waiting.units);
            if let Some(project) = self.project(job.waiting) {
                let turns = self.limits.release_by(project, self.lane(job.waiting), job.waiting.units);
                self.turn(&turns);
            }
            self.vacant.push(job.waiting.job);
            self.capacity_changed = true;
            self.pass_due |= self.submissions_first() || !self.queue.is_empty();
            if self.submissions_first() {
                self.run_pass(now);
            }
        }
    }

    fn join_jobs(&mut self, now: u64) {
        for name in 0..self.workload.jobs.len() {
            if self.workload.jobs[name].joins == now {
                self.join(name, now);
                if self.submissions_first() {
                    self.run_pass(now);
                }
            }
        }
    }

    fn join(&mut self, name: usize, now: u64) {
        let job = self.workload.jobs[name];
        let requested = Span::from_seconds(job.requested);
        let waiting = Waiting { units: job.units, requested, job: self.give_name(name) };
        let first_served = self.workload.setting == Setting::Plain && self.chosen.order == Order::Submission;
        let starts_first = first_served && self.queue.is_empty() && job.units <= self.free;
        if starts_first && !self.submissions_first() {
            self.policy.started_alone(Time::from_seconds(now), &waiting);
            return self.begin(waiting, now);
        }
        let settled = !(self.submissions_first() || self.pass_due || self.capacity_changed)
            && self.workload.places.is_none();
        let waits = settled && self.policy.leaves_waiting(Time::from_seconds(now), self.free, &waiting);
        self.sequence += 1;
        self.queue.push(Joining {
            lane: self.lane(waiting),
            deadline: job.deadline.map_or(Time::MAX, Time::from_seconds),
            attained: job.attained.into(),
            ..Joining::new(waiting, Time::from_seconds(job.submit), self.sequence)
        });
        if let Some(project) = self.project(waiting)
            && self.limits.join(self.lane(waiting), &waiting, project)
        {
            self.queue.turn(waiting.job);
        }
        if !waits {
            self.newcomers += 1;
            self.pass_due = true;
        }
    }

    fn lane(&self, waiting: Waiting) -> u32 {
        self.workload.lane(self.jobs[waiting.job as usize], self.chosen.order) as u32
    }

    fn project(&self, waiting: Waiting) -> Option<Project> {
        let number = self.workload.jobs[self.jobs[waiting.job as usize]].project?;
        Some(Project { stream: StreamId(0), number })
    }

    fn turn(&mut self, turns: &[Turn]) {
        for turn in turns {
            self.queue.turn(turn.job);
        }
    }

    fn give_name(&mut self, name: usize) -> u32 {
        if let Some(vacant) = self.vacant.pop() {
            self.jobs[vacant as usize] = name;
            return vacant;
        }
        self.jobs.push(name);
        self.jobs.len() as u32 - 1
    }

    pub(super) fn begin(&mut self, waiting: Waiting, now: u64) {
        let name = self.jobs[waiting.job as usize];
        let job = self.workload.jobs[name];
        let (end, expected_end) = (now + job.held(), now + job.requested);
        self.free = self.free.checked_sub(job.units).expect("a policy starts only what fits");
        self.expected.insert(Time::from_seconds(expected_end), job.units);
        self.limits.leave(waiting.job);
        self.limits.hold(self.lane(waiting), job.units);
        if let Some(project) = self.project(waiting) {
            let turns = self.limits.hold_by(project, self.lane(waiting), job.units);
            self.turn(&turns);
        }
        self.running.push(Running { end, expected_end, waiting });
        self.step.started.push(name);
    }
}

fn limits_of(workload: &Workload, order: Order) -> Limits {
    let mut limits = Limits::none(workload.tiers(order).len());
    for cap in &workload.caps {
        let most = Most { units: cap.units.into(), jobs: cap.jobs.map_or(u64::MAX, u64::from) };
        match cap.per {
            Per::Group => limits.add(most, cap.lanes.iter().copied()),
            Per::Project => limits.add_per_project(most, cap.lanes.iter().copied()),
        }
    }
    limits
}

fn block_of(closure: &Closure) -> Block {
    Block {
        from: Time::from_seconds(closure.from),
        to: Time::from_seconds(closure.to),
        withdrawn: closure.withdrawn,
        least_units: closure.least_units,
    }
}
