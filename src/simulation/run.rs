//! The state of a run and its main loop.

use super::cables::CableState;
use super::checks::{Checks, Integral, RunReport};
use super::copies::Copies;
use super::data::DataState;
use super::event::Event;
use super::live::{LiveJob, LiveJobs, Stage, Waits};
use super::partition::PartitionState;
use super::parts::Parts;
use super::patience::Impatient;
use super::preempt::History;
use super::projects::Projects;
use super::staging::Staging;
use crate::engine::{EventQueue, Universe, entity_key};
use crate::model::{CableId, CandidateSet, EventOrder, IdVec, PartitionId, StreamId, System};
use crate::records::{JobRow, LinkRow, Outcome, Sink};
use crate::scheduling::{Place, Preference};
use crate::units::Time;
use crate::workload::{Submission, Workload};
use std::collections::BTreeMap;

/// Everything that changes during a run.
pub(super) struct Simulation<'a, W, S> {
    pub(super) system: &'a System,
    pub(super) universe: Universe,
    pub(super) workload: W,
    pub(super) sink: S,
    pub(super) queue: EventQueue<Event>,
    /// The next job of each stream, already scheduled.
    pub(super) pending: Vec<Option<Submission>>,
    pub(super) partitions: IdVec<PartitionId, PartitionState>,
    pub(super) live: LiveJobs,
    /// Partitions whose pass is due at the end of the round.
    pub(super) passes_due: Vec<PartitionId>,
    pub(super) preference: Preference,
    /// The keys of the streams' random numbers.
    pub(super) stream_keys: Vec<u64>,
    pub(super) staging: Staging<'a>,
    pub(super) cables: IdVec<CableId, CableState>,
    /// The datasets, where there are any.
    pub(super) data: Option<DataState>,
    pub(super) checks: Checks,
    pub(super) jobs_staging: Integral,
    /// Calendar edges of the link and storage rows not yet written, latest first; the last one is the start of the present bin.
    month_edges: Vec<Time>,
    events: u64,
    /// Jobs that were pushed out and are still here, by place.
    pub(super) histories: BTreeMap<u32, History>,
    /// Jobs that write a checkpoint before they go, by place, with the instant at which they were asked to.
    pub(super) leaving: BTreeMap<u32, Time>,
    /// Whether some jobs change their size while they run.
    pub(super) has_malleable_jobs: bool,
    /// Jobs that wait at several sites.
    pub(super) copies: Copies,
    /// Whether some jobs may train at several sites at once.
    pub(super) has_cross_site_jobs: bool,
    /// The streams of jobs that have left, where some users hand in their next job only then.
    returned: Option<Vec<StreamId>>,
    /// Whether some users go elsewhere rather than wait, or have to when their hours expire.
    pub(super) has_patience: bool,
    pub(super) impatient: Impatient,
    /// Trainings across sites.
    pub(super) parts: Parts,
    /// Projects, where jobs come by them.
    pub(super) projects: Option<Box<Projects<'a>>>,
    /// Reused by the passes.
    pub(super) starts: Vec<Place>,
}

/// Runs one replication of `set`: the demand of `workload` through `system` until the observation ends or nothing is
/// left to happen, with every row sent to `sink`.
///
/// Pure: the same arguments give the same rows in the same order. Panics if a conservation law breaks.
pub fn simulate<W: Workload, S: Sink>(
    system: &System,
    set: &CandidateSet,
    universe: Universe,
    workload: W,
    sink: S,
) -> RunReport {
    let mut simulation = Simulation::new(system, set, universe, workload, sink);
    simulation.prepare(set);
    simulation.run();
    simulation.finish()
}

/// Whether the calendar matters: where there is nothing to bin, a trace may lie however far.
fn has_bins(system: &System) -> bool {
    !(system.topology.links.is_empty() && system.datasets.is_empty())
}

/// The keys of the scenario's streams; a trace has one stream of no scenario.
fn stream_keys(system: &System, streams: usize) -> Vec<u64> {
    let named = system.streams.iter().map(|stream| entity_key("stream", &stream.key));
    named.chain(std::iter::repeat(entity_key("trace", ""))).take(streams).collect()
}

impl<'a, W: Workload, S: Sink> Simulation<'a, W, S> {
    pub(super) fn new(
        system: &'a System,
        set: &CandidateSet,
        universe: Universe,
        workload: W,
        sink: S,
    ) -> Self {
        let staging = Staging::new(system, set);
        let preference = Preference::new(system, set, |country, site| staging.latency(country, site));
        let mut month_edges = Vec::new();
        if has_bins(system) {
            month_edges = system.calendar.month_edges(system.observation.warm_up, system.observation.end);
            month_edges.reverse();
        }
        Self {
            system,
            universe,
            stream_keys: stream_keys(system, workload.streams()),
            pending: vec![None; workload.streams()],
            workload,
            sink,
            queue: EventQueue::new(),
            partitions: system.partitions.ids().map(|id| PartitionState::new(system, id)).collect(),
            live: LiveJobs::default(),
            passes_due: Vec::new(),
            preference,
            staging,
            data: DataState::new(system, set),
            cables: system.topology.cables.iter().map(|cable| CableState::new(system, cable)).collect(),
            checks: Checks::default(),
            jobs_staging: Integral::default(),
            month_edges,
            events: 0,
            histories: BTreeMap::new(),
            leaving: BTreeMap::new(),
            has_malleable_jobs: system.has_malleable_jobs(),
            copies: Copies::default(),
            has_cross_site_jobs: system.has_cross_site_jobs(),
            returned: system.has_closed_streams().then(Vec::new),
            has_patience: system.has_patience() || system.has_projects(),
            impatient: Impatient::default(),
            parts: Parts::default(),
            projects: Projects::new(system, set, universe),
            starts: Vec::new(),
        }
    }

    /// Opens what is open from the start and schedules the first events.
    pub(super) fn prepare(&mut self, set: &CandidateSet) {
        for partition in self.system.partitions_of(set) {
            if !self.system.owns_nodes(partition) {
                continue;
            }
            let opens = self.system.partitions[partition].opens;
            if opens == Time::ZERO {
                self.open(partition);
            } else if opens < self.system.observation.end {
                self.schedule(opens, Event::Opening(partition));
            }
        }
        if let Some(&edge) = self.month_edges.last() {
            self.schedule(edge, Event::MonthEnd);
        }
        self.prepare_cables();
        self.prepare_scheduled_transfers(set);
        for stream in 0..self.pending.len() {
            self.pull(StreamId(stream as u32));
        }
        self.prepare_projects();
    }

    fn run(&mut self) {
        let end = self.system.observation.end;
        loop {
            self.close_round();
            let Some(event) = self.queue.pop_before(end) else { return };
            self.events += 1;
            self.handle(event);
        }
    }

    /// When the last event of a round was handled: the passes that are due, and the network's next event.
    pub(super) fn close_round(&mut self) {
        let due = !self.passes_due.is_empty() || self.staging.is_stale();
        if due && !self.queue.round_continues() {
            self.run_passes();
            self.reschedule_network();
            self.let_users_think();
        }
    }

    /// Writes the row of a job that has left.
    #[expect(
        clippy::inline_always,
        reason = "a sink that looks at a few columns has only these put together"
    )]
    #[inline(always)]
    pub(super) fn tell(&mut self, row: &JobRow) {
        self.sink.job(row);
        if let Some(returned) = &mut self.returned {
            returned.push(row.id.stream);
        }
        if self.projects.is_some() {
            // A copy: where there are no projects, only what the sink looks at need be put together.
            let copy = *row;
            self.note_left(&copy);
        }
    }

    /// Users whose jobs have left think of the next one.
    #[inline]
    fn let_users_think(&mut self) {
        if self.returned.is_some() {
            self.submit_next();
        }
    }

    #[cold]
    fn submit_next(&mut self) {
        while let Some(stream) = self.returned.as_mut().and_then(Vec::pop) {
            self.workload.left(stream, self.queue.now());
            if self.pending[stream.index()].is_none() {
                self.pull(stream);
            }
        }
    }

    pub(super) fn handle(&mut self, event: Event) {
        match event {
            Event::MonthEnd => self.end_month(),
            Event::Completion(slot, run) => self.end_run(slot, run),
            Event::Opening(partition) => self.open(partition),
            Event::Wake(partition) => self.wake(partition),
            Event::CalendarEdge(partition) => self.turn_calendar(partition),
            Event::Network => self.update_network(),
            Event::Cable(cable, change) => self.change_cable(cable, change),
            Event::Reroute => self.reroute(),
            Event::ScheduledTransfer(index) => self.start_scheduled(index),
            Event::Leaves(slot) => self.lose_patience(slot),
            Event::Arrival(stream) => self.arrive(stream),
            Event::Expires(project) => self.expire(project),
            Event::StaffDone(task) => self.end_task(task),
            Event::StaffChanges(pool) => self.change_staff(pool),
            Event::Application(stream) => self.first_application(stream),
            Event::AppliesAgain(project) => self.apply(project),
            Event::CutOff(mode) => self.take_up(mode),
            Event::NextJob(project) => self.next_job(project),
        }
        if self.system.event_order == EventOrder::SubmissionsFirst {
            self.run_passes();
        }
        self.let_users_think();
    }

    pub(super) fn schedule(&mut self, time: Time, event: Event) {
        self.queue.schedule(time, event.phase(self.system.event_order), event);
    }

    fn open(&mut self, id: PartitionId) {
        let now = self.queue.now();
        let capacity = self.system.partitions[id].capacity();
        let state = &mut self.partitions[id];
        state.settle(now, &mut self.live);
        state.capacity = capacity;
        state.free = capacity;
        state.capacity_changed = true;
        state.policy.opened(now, capacity);
        self.begin_calendar(id, now);
        // That a site opens is known in time.
        self.partitions[id].look_again(now);
        self.pass_due(id);
    }

    pub(super) fn pass_due(&mut self, id: PartitionId) {
        let state = &mut self.partitions[id];
        if !state.pass_due {
            state.pass_due = true;
            self.passes_due.push(id);
        }
    }

    fn end_month(&mut self) {
        let now = self.queue.now();
        self.write_bins(now);
        if let Some(&next) = self.month_edges.last()
            && next < self.system.observation.end
        {
            self.schedule(next, Event::MonthEnd);
        }
    }

    /// Writes the link and storage rows of the bin that ends now and begins the next one.
    fn write_bins(&mut self, now: Time) {
        let began = self.staging.bin_start();
        self.write_storage(began, now);
        let counts = began < now && began >= self.system.observation.warm_up;
        for (link, bytes, capacity) in self.staging.close_bin(now) {
            if counts {
                self.sink.link(&LinkRow { link, from: began, to: now, bytes, capacity });
            }
        }
        self.month_edges.pop_if(|edge| *edge <= now);
    }

    /// Splits the waits so far of the jobs in the queues.
    fn settle_waits(&mut self, end: Time) {
        for id in self.partitions.ids() {
            self.partitions[id].settle(end, &mut self.live);
        }
        for (slot, job) in self.live.iter().map(|(slot, job)| (slot, *job)).collect::<Vec<_>>() {
            if let Stage::Queued { .. } = job.stage {
                let pool = self.system.partitions[job.partition].pool;
                self.live.get_mut(slot).waits = Waits::Known(self.partitions[pool].causes(end, slot, &job));
            }
        }
    }

    /// Counts the time of a job in the stage in which it stands at the end.
    fn count_standing(&mut self, job: &LiveJob, end: Time) -> Outcome {
        match job.stage {
            Stage::Staging => {
                self.checks.staging_by_jobs += u128::from(end.since(job.submit).0);
                Outcome::Staging
            }
            Stage::Queued { queued } => {
                self.checks.queued_by_jobs += u128::from(end.since(queued).0);
                Outcome::Queued
            }
            Stage::Running { start, .. } => {
                let held = u128::from(job.accelerators_held) * u128::from(end.since(start).0);
                self.checks.held_by_jobs += held;
                Outcome::Running
            }
        }
    }

    /// Writes the rows of the jobs still there and checks the laws.
    fn finish(mut self) -> RunReport {
        let last = self.queue.now();
        let end = if self.system.observation.end == Time::MAX { last } else { self.system.observation.end };
        if has_bins(self.system) {
            self.write_bins(end);
        }
        self.settle_waits(end);
        let live: Vec<_> = self.live.iter().map(|(slot, job)| (slot, *job)).collect();
        for &(slot, _) in &live {
            if self.parts.contains(slot) {
                self.end_part_with_observation(slot, end);
            }
        }
        for (slot, job) in live {
            if self.copies.is_abandoned(slot) {
                continue;
            }
            let outcome = self.count_standing(&job, end);
            if !(self.copies.stands_for_job(slot) && self.is_standing_part(slot)) {
                continue;
            }
            self.checks.in_system += 1;
            let mut row = self.row_of(slot, outcome, None);
            row.last_start = match job.stage {
                Stage::Running { start, .. } => Some(self.write_restart(slot, start, end)),
                Stage::Queued { .. } | Stage::Staging => None,
            };
            if outcome == Outcome::Staging {
                row.waits.staging = end.since(job.submit);
            }
            self.sink.job(&row);
            self.note_standing(&row, end);
        }
        self.checks.projects = self.finish_projects(end);
        self.write_transfers_under_way();
        self.checks.staging_by_clock = self.jobs_staging.up_to(end);
        self.checks.queued_by_clock = self.partitions.iter().map(|p| p.queue_length.up_to(end)).sum();
        self.checks.held_by_clock = self.partitions.iter().map(|p| p.accelerators_busy.up_to(end)).sum();
        self.checks.bytes_error = self.staging.conservation_error(end);
        self.checks.assert();
        self.check_data();
        RunReport { checks: self.checks, events: self.events, ended: last }
    }
}
