//! The state of one partition during a run.

use super::checks::Integral;
use super::lanes::Lanes;
use super::live::{JobSlot, LiveJob, LiveJobs, Stage, Waits};
use super::rights::Rights;
use super::sight::Sight;
use super::waits::{Clocks, Standstill, WaitLedger};
use crate::model::{AllocationUnit, CalendarBlock, JobId, Partition, PartitionId, System};
use crate::records::WaitCauses;
use crate::scheduling::{
    Active, Block, Blocks, Change, Decision, Fit, Forecast, From, Limits, MalleableJob, Outlook, Place,
    Policy, RunningSet, Setting, SharedNodes, Snapshot, View, WaitQueue, Waiting, policy,
};
use crate::units::Time;
use std::cell::RefCell;
use std::collections::BTreeMap;

/// Queue, running jobs and scheduler of a partition.
#[derive(Debug)]
pub(super) struct PartitionState {
    /// Units open to jobs; 0 until it opens.
    pub(super) capacity: u32,
    pub(super) free: u32,
    /// The nodes with the jobs on them, where jobs share nodes.
    pub(super) nodes: Option<SharedNodes>,
    pub(super) running: RunningSet,
    pub(super) queue: WaitQueue,
    pub(super) policy: Box<dyn Policy>,
    /// The instant of the wake-up that is scheduled.
    pub(super) wake: Option<Time>,
    /// Its place among the partitions that run on the same nodes, the owner of the nodes first.
    pub(super) guest: u32,
    pub(super) rights: Rights,
    pub(super) lanes: Lanes,
    /// The tier of each lane.
    tiers: Vec<i32>,
    pub(super) limits: Limits,
    pub(super) blocks: Blocks,
    pub(super) setting: Setting,
    pub(super) ledger: WaitLedger,
    /// What predictions remember; it changes when asked.
    forecast: RefCell<Forecast>,
    /// What the broker sees, where that is not what is.
    pub(super) sight: Option<Box<Sight>>,
    /// Units that the calendar has withdrawn.
    pub(super) withdrawn: u32,
    /// When a job may be pushed out that may not be now.
    pub(super) retry: Option<Time>,
    /// The running jobs, kept where some may be pushed out.
    pub(super) active: Option<Vec<Active>>,
    /// Jobs for which borrowed units were taken back that are not free yet.
    pub(super) claims: Vec<(JobSlot, JobId)>,
    /// The running malleable jobs by place, with how they may grow; kept where there can be any.
    pub(super) elastic: BTreeMap<u32, MalleableJob>,
    /// When one of them may grow that may not yet.
    pub(super) grows: Option<Time>,
    /// Requested area of the jobs under way to this queue, in unit-nanoseconds.
    pub(super) inbound_area: u128,
    /// How many jobs have joined the queue.
    pub(super) sequence: u64,
    /// Jobs that joined the queue since the last decision.
    pub(super) newcomers: u32,
    /// Whether units came free since the last decision.
    pub(super) capacity_changed: bool,
    /// Whether a pass is due at the end of the round.
    pub(super) pass_due: bool,
    pub(super) max_queued: Option<u32>,
    pub(super) queue_length: Integral,
    pub(super) accelerators_busy: Integral,
}

impl PartitionState {
    /// A closed, empty partition.
    pub(super) fn new(system: &System, id: PartitionId) -> Self {
        let partition = &system.partitions[id];
        let rights = Rights::new(system, partition);
        let lanes = Lanes::new(system, id, &rights);
        let tiers = lanes.tiers(system, id);
        let limits = lanes.limits(system, id, tiers.len());
        let blocks = Blocks::new(partition.calendar.iter().map(|block| units_of(partition, block)).collect());
        let setting = Setting::of(system, id);
        let queue = WaitQueue::new(partition.policy, partition.capacity(), &tiers, setting);
        let sight = Sight::new(system.information, Snapshot::new(partition.policy, setting, &tiers));
        Self {
            capacity: 0,
            free: 0,
            nodes: (partition.unit == AllocationUnit::Packed)
                .then(|| SharedNodes::new(partition.nodes, partition.accelerators_per_node)),
            running: RunningSet::default(),
            queue: if limits.are_per_project() { queue.holding_back() } else { queue },
            guest: system
                .partitions_on(partition.pool)
                .position(|other| other == id)
                .map_or(0, |place| place as u32),
            lanes,
            limits,
            blocks,
            rights,
            policy: policy(partition.policy, setting),
            setting,
            ledger: WaitLedger::new(if setting == Setting::Plain { 1 } else { tiers.len() }),
            tiers,
            forecast: RefCell::new(Forecast::new(partition.policy, setting)),
            sight,
            withdrawn: 0,
            retry: None,
            active: partition.preemption.map(|_| Vec::new()),
            claims: Vec::new(),
            elastic: BTreeMap::new(),
            grows: None,
            wake: None,
            inbound_area: 0,
            sequence: 0,
            newcomers: 0,
            capacity_changed: false,
            pass_due: false,
            max_queued: partition.max_queued,
            queue_length: Integral::default(),
            accelerators_busy: Integral::default(),
        }
    }

    /// Units of the largest job that fits now.
    #[inline]
    pub(super) fn open_to_one(&self) -> u32 {
        self.nodes.as_ref().map_or(self.free, |nodes| nodes.largest_fit().min(self.free))
    }

    pub(super) fn is_open(&self) -> bool {
        self.capacity > 0
    }

    /// What the local policy sees, with what changed since it was last asked.
    pub(super) fn decide(&mut self, now: Time, starts: &mut Vec<Place>) -> Decision {
        let change =
            if self.capacity_changed { Change::Capacity } else { Change::Arrivals { count: self.newcomers } };
        (self.capacity_changed, self.newcomers) = (false, 0);
        let view = View {
            now,
            free: self.open_to_one(),
            nodes: self.nodes.as_ref(),
            running: &self.running,
            queue: &self.queue,
            change,
            limits: &self.limits,
            blocks: &self.blocks,
        };
        self.policy.decide(&view, starts)
    }

    /// Lets the clocks of the waits run until `now`, and forgets what was predicted: to be called before anything changes
    /// that a wait depends on.
    #[inline]
    pub(super) fn settle(&mut self, now: Time, live: &mut LiveJobs) {
        self.before_change(now);
        self.forecast.get_mut().invalidate();
        self.run_clocks(now, live);
    }

    /// Lets the clocks of the waits run until `now`.
    #[inline]
    pub(super) fn run_clocks(&mut self, now: Time, live: &mut LiveJobs) {
        if self.ledger.is_at(now) {
            return;
        }
        if self.queue.is_empty() && self.limits.is_empty() {
            return self.ledger.skip(now);
        }
        if self.setting == Setting::Plain {
            return self.ledger.settle_by_capacity(now, self.free);
        }
        self.run_clocks_under_limits(now, live);
    }

    fn run_clocks_under_limits(&mut self, now: Time, live: &mut LiveJobs) {
        while let Some(edge) = self.limits.next_edge().filter(|&edge| edge <= now) {
            self.run_clocks_at_rest(edge, live);
            self.limits.advance(edge);
            self.capacity_changed = true;
        }
        self.run_clocks_at_rest(now, live);
        self.limits.advance(now);
    }

    /// Lets the clocks of the waits run until `now` while the same is left to all.
    fn run_clocks_at_rest(&mut self, now: Time, live: &mut LiveJobs) {
        if self.queue.is_empty() {
            return self.ledger.skip(now);
        }
        let left = self.limits.tally();
        let state = Standstill {
            free: self.open_to_one(),
            withdrawn: self.withdrawn,
            left: &left,
            blocks: &self.blocks,
        };
        self.ledger.settle(now, state, &self.queue, live);
    }

    /// What the clocks show to a job of the queue.
    #[inline]
    pub(super) fn read_clocks(&mut self, live: &LiveJob) -> Clocks {
        let lane = if self.setting == Setting::Plain { 0 } else { live.lane };
        self.ledger.read(lane, live.units, live.requested)
    }

    /// The causes of the wait of a job in the queue so far; its limits know it yet.
    #[inline]
    pub(super) fn causes(&mut self, now: Time, slot: JobSlot, live: &LiveJob) -> WaitCauses {
        match (live.waits, live.stage) {
            (Waits::Counting { clocks, drained }, Stage::Queued { queued }) if queued < now => {
                let shown = self.read_clocks(live);
                let is_held_back = self.limits.is_held_back(slot.0);
                let clocks = if is_held_back { clocks.go_on(shown, now) } else { clocks };
                clocks.causes_until(shown, now.since(queued), drained)
            }
            (Waits::Known(causes), _) => causes,
            _ => WaitCauses::default(),
        }
    }

    /// When a decision is due even if nothing happens until then: the policy's own time, or when what is left changes.
    #[inline]
    pub(super) fn next_wake(&self) -> Option<Time> {
        // What is left to whom matters to nobody while nobody waits.
        let edge = self.limits.next_edge().filter(|_| !self.queue.is_empty());
        self.policy.wake().into_iter().chain(edge).min()
    }

    /// Where a job waits in the queue. O(n) in the jobs that wait.
    pub(super) fn place_of(&self, slot: JobSlot) -> Option<Place> {
        self.queue.iter().find(|(_, waiting)| waiting.job == slot.0).map(|(place, _)| place)
    }

    /// The first job of the queue that no limit holds back.
    pub(super) fn first_in_turn(&self) -> Option<Place> {
        self.queue.next_left(From::Start, &Fit::ANY, &self.limits.tally())
    }

    /// Whether a job could start now, beside what runs and around the calendar, if these runs were over: expected ends
    /// with their units.
    pub(super) fn could_start_without(&self, now: Time, job: &Waiting, gone: &[(Time, u32)]) -> bool {
        let (mut running, mut free) = (self.running.clone(), self.free);
        for &(expected_end, units) in gone {
            running.remove(expected_end, units);
            free += units;
        }
        View { running: &running, free, ..self.view(now, Change::Capacity) }.can_start(job)
    }

    /// Whether a job can start now beside what runs and around the calendar.
    pub(super) fn can_start(&self, now: Time, job: &Waiting) -> bool {
        self.view(now, Change::Capacity).can_start(job)
    }

    /// The predicted start of a job.
    pub(super) fn predicted_start(&self, now: Time, job: &Waiting, tier: i32) -> Time {
        self.forecast.borrow_mut().start(&self.outlook(now, tier), job)
    }

    /// What predictions for a tier look at.
    pub(super) fn outlook(&self, now: Time, tier: i32) -> Outlook<'_> {
        Outlook {
            view: self.view(now, Change::Capacity),
            capacity: self.capacity,
            inbound_area: self.inbound_area,
            promise: self.policy.promise(),
            tier,
            tiers: &self.tiers,
        }
    }

    /// A job has joined the queue: predictions take it into account.
    pub(super) fn joined(&self, now: Time, job: &Waiting) {
        self.forecast.borrow_mut().joined(&self.view(now, Change::Capacity), job);
    }

    fn view(&self, now: Time, change: Change) -> View<'_> {
        View {
            now,
            free: self.open_to_one(),
            nodes: self.nodes.as_ref(),
            running: &self.running,
            queue: &self.queue,
            change,
            limits: &self.limits,
            blocks: &self.blocks,
        }
    }
}

/// A block in allocation units.
fn units_of(partition: &Partition, block: &CalendarBlock) -> Block {
    Block {
        from: block.from,
        to: block.to,
        withdrawn: partition.units_of_nodes(block.nodes),
        least_units: partition.units_of_nodes(block.least_nodes),
    }
}
