//! Projects in a run: where they are kept, their applications, and the law of their hours.

use super::checks::Integral;
use super::event::Event;
use super::run::Simulation;
use super::support::Concern;
use crate::access::{Desks, Ledger, Project};
use crate::engine::{EventHandle, Universe};
use crate::model::{CandidateSet, IdVec, JobId, ModeId, PoolId, ProjectKind, StreamId, System};
use crate::records::{ProjectOutcome, ProjectRow, Sink, StaffRow};
use crate::units::Time;
use crate::workload::{Applicant, Applications, ProjectDraws, Workload};
use std::collections::BTreeMap;

/// The place of a live project, and how often the place has been given: for whoever has it later, the number is another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct ProjectSlot {
    pub(super) place: u32,
    pub(super) number: u16,
}

/// A project with its events to come.
#[derive(Debug)]
pub(super) struct LiveProject {
    pub(super) project: Project,
    pub(super) draws: ProjectDraws,
    /// Its next job, or its next application.
    pub(super) timer: Option<EventHandle>,
    /// The end of its validity.
    pub(super) expiry: Option<EventHandle>,
}

/// All live projects: a slab that reuses its places.
#[derive(Debug, Default)]
pub(super) struct LiveProjects {
    projects: Vec<Option<LiveProject>>,
    numbers: Vec<u16>,
    free: Vec<u32>,
    by_name: BTreeMap<(StreamId, u64), u32>,
}

/// Applications of one cut-off that are under review.
#[derive(Debug)]
pub(super) struct Batch {
    pub(super) members: Vec<ProjectSlot>,
    /// Reviews not done.
    pub(super) left: usize,
}

/// What a run knows of projects.
#[derive(Debug)]
pub(super) struct Projects<'a> {
    pub(super) applications: Applications<'a>,
    /// The next project of each stream, already scheduled.
    pending: Vec<Option<Applicant>>,
    pub(super) live: LiveProjects,
    pub(super) desks: Desks<Concern>,
    /// Tasks that staff are at, by the number of the event.
    pub(super) tasks: Tasks,
    /// Pools that have anybody at some time, and whose site, if they have one, is in the set.
    pub(super) present: IdVec<PoolId, bool>,
    /// What may be granted; `None`: everything.
    pub(super) ledgers: IdVec<ModeId, Option<Ledger>>,
    /// Applications that wait for a cut-off.
    pub(super) waiting: IdVec<ModeId, Vec<ProjectSlot>>,
    pub(super) next_cut_off: IdVec<ModeId, usize>,
    /// Cut-offs under review, by number.
    pub(super) batches: BTreeMap<u32, Batch>,
    pub(super) next_batch: u32,
    pub(super) applying: Integral,
    pub(super) onboarding: Integral,
    pub(super) active: Integral,
    pub(super) checks: ProjectChecks,
}

/// Tasks that staff are at: a slab.
#[derive(Debug, Default)]
pub(super) struct Tasks {
    tasks: Vec<Option<(Concern, PoolId)>>,
    free: Vec<u32>,
}

/// Two ways of counting for each stage of projects, and where all accelerator-hours went.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, serde::Serialize)]
pub struct ProjectChecks {
    /// Projects that applied.
    pub applied: u64,
    /// Projects refused for good.
    pub refused: u64,
    /// Projects that ended after having been granted hours.
    pub ended: u64,
    /// Projects still there at the end.
    pub in_system: u64,
    /// Integral of the number of projects not decided, in project-nanoseconds.
    pub applying_by_clock: u128,
    /// Sum of the times from first application to decision.
    pub applying_by_projects: u128,
    /// Integral of the number of projects granted hours and not onboarded.
    pub onboarding_by_clock: u128,
    /// Sum of the times from grant to the end of the onboarding.
    pub onboarding_by_projects: u128,
    /// Integral of the number of projects granted hours.
    pub active_by_clock: u128,
    /// Sum of the times from grant to end.
    pub active_by_projects: u128,
    /// Accelerator-nanoseconds granted, on the reference accelerator.
    pub granted: u128,
    /// What jobs of projects held.
    pub used: u128,
    /// What was not used when its project ended.
    pub expired: u128,
    /// What was left at the end.
    pub left: u128,
    /// What was held beyond what was granted: granted + overdrawn = used + expired + left.
    pub overdrawn: u128,
}

impl ProjectChecks {
    /// Adds what became of a project.
    fn add(&mut self, row: &ProjectRow, end: Time) {
        match row.outcome {
            ProjectOutcome::Refused(_) => self.refused += 1,
            ProjectOutcome::UsedUp | ProjectOutcome::Expired => self.ended += 1,
            ProjectOutcome::Applying | ProjectOutcome::Active => self.in_system += 1,
        }
        let until = row.ended.unwrap_or(end);
        self.applying_by_projects += u128::from(row.decided.unwrap_or(end).since(row.applied).0);
        if let (Some(granted), false) = (row.decided, matches!(row.outcome, ProjectOutcome::Refused(_))) {
            self.active_by_projects += u128::from(until.since(granted).0);
            self.onboarding_by_projects += u128::from(row.onboarded.unwrap_or(until).since(granted).0);
        }
        self.granted += row.granted.0;
        self.used += row.used.0;
        self.expired += row.expired.0;
        self.left += row.left.0;
        self.overdrawn += row.overdrawn.0;
    }

    /// Asserts all laws.
    fn assert(&self) {
        let accounted = self.refused + self.ended + self.in_system;
        assert_eq!(self.applied, accounted, "every project is somewhere: {self:?}");
        assert_eq!(self.applying_by_clock, self.applying_by_projects, "Little's law of access: {self:?}");
        assert_eq!(
            self.onboarding_by_clock, self.onboarding_by_projects,
            "Little's law of onboarding: {self:?}"
        );
        assert_eq!(self.active_by_clock, self.active_by_projects, "Little's law of projects: {self:?}");
        let found = self.used + self.expired + self.left;
        assert_eq!(self.granted + self.overdrawn, found, "granted hours are used, expired or left: {self:?}");
    }
}

impl LiveProjects {
    fn insert(&mut self, live: LiveProject) -> ProjectSlot {
        let name = (live.project.row.stream, live.project.row.ordinal);
        let place = self.free.pop().unwrap_or_else(|| {
            self.projects.push(None);
            self.numbers.push(0);
            u32::try_from(self.projects.len() - 1).expect("fewer than 2^32 live projects")
        });
        self.projects[place as usize] = Some(live);
        self.by_name.insert(name, place);
        ProjectSlot { place, number: self.numbers[place as usize] }
    }

    /// The project at a place, if it is still the one that it was given to.
    pub(super) fn get(&mut self, slot: ProjectSlot) -> Option<&mut LiveProject> {
        let is_same = self.numbers[slot.place as usize] == slot.number;
        self.projects[slot.place as usize].as_mut().filter(|_| is_same)
    }

    /// The live project of a job, if it has one.
    pub(super) fn of_job(&self, id: JobId) -> Option<ProjectSlot> {
        let place = *self.by_name.get(&(id.stream, id.project()))?;
        Some(ProjectSlot { place, number: self.numbers[place as usize] })
    }

    fn remove(&mut self, slot: ProjectSlot) -> LiveProject {
        let place = slot.place as usize;
        let live = self.projects[place].take().expect("only a live project ends");
        self.by_name.remove(&(live.project.row.stream, live.project.row.ordinal));
        self.numbers[place] = self.numbers[place].wrapping_add(1);
        self.free.push(slot.place);
        live
    }

    /// All live projects, in the order of their places.
    fn iter_mut(&mut self) -> impl Iterator<Item = &mut LiveProject> {
        self.projects.iter_mut().flatten()
    }
}

impl Tasks {
    pub(super) fn insert(&mut self, concern: Concern, pool: PoolId) -> u32 {
        if let Some(place) = self.free.pop() {
            self.tasks[place as usize] = Some((concern, pool));
            return place;
        }
        self.tasks.push(Some((concern, pool)));
        u32::try_from(self.tasks.len() - 1).expect("fewer than 2^32 tasks at once")
    }

    pub(super) fn remove(&mut self, place: u32) -> (Concern, PoolId) {
        self.free.push(place);
        self.tasks[place as usize].take().expect("only a task under way is done")
    }
}

impl<'a> Projects<'a> {
    /// What a run of `set` needs; `None` where no jobs come by projects.
    pub(super) fn new(system: &'a System, set: &CandidateSet, universe: Universe) -> Option<Box<Self>> {
        if !system.has_projects() {
            return None;
        }
        let modes = &system.projects.modes;
        // Who never has anybody is not there: who would ask them does without.
        let is_present = |pool: PoolId| {
            let pool = &system.projects.pools[pool];
            pool.site.is_none_or(|site| set.contains(site))
                && pool.staff.iter().any(|&(_, people)| people > 0)
        };
        let present: IdVec<PoolId, bool> = system.projects.pools.ids().map(is_present).collect();
        Some(Box::new(Self {
            applications: Applications::new(system, universe),
            pending: vec![None; system.streams.len()],
            live: LiveProjects::default(),
            desks: Desks::new(&system.projects.pools, is_present),
            tasks: Tasks::default(),
            present,
            ledgers: modes.iter().map(|mode| Ledger::new(system, set, mode)).collect(),
            waiting: modes.iter().map(|_| Vec::new()).collect(),
            next_cut_off: modes.iter().map(|_| 0).collect(),
            batches: BTreeMap::new(),
            next_batch: 0,
            applying: Integral::default(),
            onboarding: Integral::default(),
            active: Integral::default(),
            checks: ProjectChecks::default(),
        }))
    }
}

impl Projects<'_> {
    /// Asserts Little's law of the tasks that wait for staff, and of those that each pool is at.
    fn assert_staff(&self, end: Time) {
        let waits = self.desks.waits(end);
        assert_eq!(waits.by_clock, waits.by_tasks, "Little's law of tasks that wait for staff");
        for pool in self.present.ids() {
            let services = self.desks.services(end, pool);
            assert_eq!(services.by_clock, services.by_tasks, "Little's law of the tasks of a pool");
        }
    }
}

/// Who asks for the projects of a run has looked whether there are any.
const HAS: &str = "only a run with projects has events of projects";

impl<'a, W: Workload, S: Sink> Simulation<'a, W, S> {
    /// What the run knows of projects.
    #[inline]
    pub(super) fn projects_mut(&mut self) -> &mut Projects<'a> {
        self.projects.as_deref_mut().expect(HAS)
    }

    /// A live project.
    pub(super) fn project(&mut self, slot: ProjectSlot) -> &mut LiveProject {
        self.projects_mut().live.get(slot).expect("an event of a project comes before its end")
    }

    pub(super) fn kind_of(&mut self, slot: ProjectSlot) -> &'a ProjectKind {
        let kind = self.project(slot).project.row.kind;
        &self.system.projects.kinds[kind]
    }

    /// Schedules the first application of each stream, the first cut-off of each mode and the first change of each pool.
    pub(super) fn prepare_projects(&mut self) {
        if self.projects.is_none() {
            return;
        }
        for stream in self.system.streams.ids() {
            self.pull_application(stream);
        }
        for mode in self.system.projects.modes.ids() {
            self.schedule_cut_off(mode);
        }
        for pool in self.system.projects.pools.ids() {
            self.schedule_staff_change(pool);
        }
    }

    fn pull_application(&mut self, stream: StreamId) {
        let projects = self.projects_mut();
        let next = projects.applications.next(stream);
        projects.pending[stream.index()] = next;
        if let Some(applicant) = next {
            self.schedule(applicant.at, Event::Application(stream));
        }
    }

    /// The next project of a stream applies for the first time.
    pub(super) fn first_application(&mut self, stream: StreamId) {
        let now = self.queue.now();
        let applicant =
            self.projects_mut().pending[stream.index()].take().expect("what is scheduled is pending");
        let source = &self.system.streams[stream];
        let row = ProjectRow::applying(applicant.kind, (stream, applicant.ordinal), now);
        let row = ProjectRow {
            community: source.community,
            country: source.country,
            mode: self.system.projects.kinds[applicant.kind].mode,
            asked: applicant.asked,
            ..row
        };
        let draws = ProjectDraws::new(self.system, self.universe, stream, applicant.ordinal);
        let live = LiveProject { project: Project::new(row), draws, timer: None, expiry: None };
        let projects = self.projects_mut();
        projects.checks.applied += 1;
        projects.applying.add(now, 1);
        let slot = projects.live.insert(live);
        self.apply(slot);
        self.pull_application(stream);
    }

    /// Sets the time of a project's next job or application.
    pub(super) fn set_timer(&mut self, slot: ProjectSlot, at: Time, event: Event) {
        let handle = self.queue.schedule(at, event.phase(self.system.event_order), event);
        let old = self.project(slot).timer.replace(handle);
        if let Some(old) = old {
            self.queue.cancel(old);
        }
    }

    /// A project is over: its row is written, and its place is free.
    pub(super) fn end_project(&mut self, slot: ProjectSlot, outcome: ProjectOutcome) {
        let now = self.queue.now();
        let projects = self.projects.as_deref_mut().expect(HAS);
        let live = projects.live.remove(slot);
        for handle in live.timer.into_iter().chain(live.expiry) {
            self.queue.cancel(handle);
        }
        let row = ProjectRow { ended: Some(now), outcome, ..live.project.settled(true) };
        if let ProjectOutcome::Refused(_) = outcome {
            projects.applying.subtract(now, 1);
        } else {
            projects.active.subtract(now, 1);
            if row.onboarded.is_none() {
                projects.onboarding.subtract(now, 1);
            }
        }
        projects.checks.add(&row, now);
        self.sink.project(&row);
    }

    /// Writes the rows of the projects still there and checks the laws.
    pub(super) fn finish_projects(&mut self, end: Time) -> Option<ProjectChecks> {
        let projects = self.projects.as_deref_mut()?;
        for live in projects.live.iter_mut() {
            live.project.end_stall(end);
            let decided = live.project.row.decided;
            let outcome = decided.map_or(ProjectOutcome::Applying, |_| ProjectOutcome::Active);
            let row = ProjectRow { outcome, ..live.project.settled(false) };
            projects.checks.add(&row, end);
            self.sink.project(&row);
        }
        projects.checks.applying_by_clock = projects.applying.up_to(end);
        projects.checks.onboarding_by_clock = projects.onboarding.up_to(end);
        projects.checks.active_by_clock = projects.active.up_to(end);
        projects.checks.assert();
        projects.assert_staff(end);
        for pool in projects.present.ids().filter(|&pool| projects.present[pool]) {
            let usage = projects.desks.usage(end, pool);
            let row = StaffRow { pool, worked: usage.worked, staffed: usage.staffed };
            self.sink.staff(&row);
        }
        Some(projects.checks)
    }
}
