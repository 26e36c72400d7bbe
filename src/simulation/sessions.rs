//! The jobs of projects: sessions, what the account covers, what leaves, and what expires.

use super::event::Event;
use super::projects::ProjectSlot;
use super::run::Simulation;
use crate::access::Stalled;
use crate::model::{Job, JobId, PartitionId, Request};
use crate::records::{JobRow, Outcome, ProjectOutcome, SegmentRow, Sink};
use crate::units::{AcceleratorTime, Span, Time};
use crate::workload::Workload;

/// How many jobs a user thinks of, one after the other, until one is covered by what is left.
const TRIES: u32 = 16;

/// What is set aside for a job: what it asks for, or if that is all that its partition allows, what it will take.
fn set_aside(accelerators: u32, requested: Span, work: AcceleratorTime) -> AcceleratorTime {
    if requested == Request::MOST { work } else { AcceleratorTime::of(accelerators.into(), requested) }
}

fn asked_by(job: &Job) -> AcceleratorTime {
    let Request { accelerators, requested, .. } = job.request;
    set_aside(accelerators, requested, AcceleratorTime::of(accelerators.into(), job.profile.run))
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// A project that has been granted hours hands in its first job.
    pub(super) fn begin_sessions(&mut self, slot: ProjectSlot) {
        let kind = self.kind_of(slot);
        let live = self.project(slot);
        live.project.session_left = live.draws.session(0, kind);
        self.go_on(slot);
    }

    /// What kept a project from its next job is over.
    pub(super) fn go_on(&mut self, slot: ProjectSlot) {
        let now = self.queue.now();
        let project = &mut self.project(slot).project;
        project.end_stall(now);
        if project.closing.is_none() {
            self.set_timer(slot, now, Event::NextJob(slot));
        }
    }

    /// A project hands in its next job, unless something keeps it from that.
    pub(super) fn next_job(&mut self, slot: ProjectSlot) {
        let (now, kind) = (self.queue.now(), self.kind_of(slot));
        self.project(slot).timer = None;
        for _ in 0..TRIES {
            let system = self.system;
            let live = self.project(slot);
            let project = &mut live.project;
            let number = project.next_job;
            if number + 1 == JobId::MOST_OF_PROJECT {
                break;
            }
            let job = live.draws.job(system, kind, number, project.efficiency(kind));
            if project.row.onboarded.is_none() && job.request.accelerators > kind.small {
                project.stalled = Some(Stalled::Onboarding);
                return;
            }
            if project.tickets_open > 0 {
                project.stalled = Some(Stalled::Ticket { since: now });
                return;
            }
            let asked = asked_by(&job);
            if project.account.covers(asked) {
                project.account.set_aside(asked);
                let site = project.row.site;
                self.plan_next(slot);
                return self.submit(&Job { site, ..job });
            }
            if project.out > 0 {
                project.stalled = Some(Stalled::Hours);
                return;
            }
            project.next_job += 1;
        }
        self.close(slot, ProjectOutcome::UsedUp);
    }

    /// A project hands in its next job now, and its user knows when the one after it is due.
    fn plan_next(&mut self, slot: ProjectSlot) {
        let (now, kind) = (self.queue.now(), self.kind_of(slot));
        let live = self.project(slot);
        let (project, draws) = (&mut live.project, live.draws);
        let number = project.next_job;
        let next = number + 1;
        project.next_job = next;
        project.out += 1;
        project.row.jobs += 1;
        project.row.first_job.get_or_insert(now);
        project.session_left -= 1;
        let after = if project.session_left > 0 {
            draws.think(next, kind)
        } else {
            project.session_left = draws.session(next, kind);
            draws.pause(next, project.pause)
        };
        // One after the other: an instant has no room for the rounds of a long session.
        let after = after.max(Span::STEP);
        if draws.waits_for_last(next, kind) {
            project.waits_for = Some((number, after));
        } else {
            self.set_timer(slot, now.saturating_add(after), Event::NextJob(slot));
        }
    }

    /// A project hands in nothing any more, and ends with its last job.
    fn close(&mut self, slot: ProjectSlot, outcome: ProjectOutcome) {
        let now = self.queue.now();
        let live = self.project(slot);
        let outcome = *live.project.closing.get_or_insert(outcome);
        live.project.waits_for = None;
        live.project.end_stall(now);
        let (timer, out) = (live.timer.take(), live.project.out);
        if let Some(timer) = timer {
            self.queue.cancel(timer);
        }
        if out == 0 {
            self.end_project(slot, outcome);
        }
    }

    /// The hours of a project are not valid any more.
    pub(super) fn expire(&mut self, slot: ProjectSlot) {
        self.project(slot).expiry = None;
        self.close(slot, ProjectOutcome::Expired);
    }

    /// When a job that has not started has to leave, since the hours of its project expire.
    pub(super) fn expiry_of(&mut self, id: JobId) -> Option<Time> {
        let slot = self.project_of(id)?;
        Some(self.project(slot).project.valid_until)
    }

    /// A job has left: what it leaves its project.
    pub(super) fn note_left(&mut self, row: &JobRow) {
        let Some(slot) = self.project_of(row.id) else { return };
        let now = self.queue.now();
        self.charge_last_run(slot, row, now);
        let number = row.id.number();
        let asked = set_aside(row.accelerators_asked, row.time_asked, row.work);
        let project = &mut self.project(slot).project;
        project.out -= 1;
        project.account.free(asked);
        let has_failed = row.outcome == Outcome::Failed;
        project.row.failed += u64::from(has_failed);
        if let Some(outcome) = project.closing {
            if project.out == 0 {
                self.end_project(slot, outcome);
            }
            return;
        }
        if has_failed {
            self.ask_about_failure(slot, number);
        }
        let project = &mut self.project(slot).project;
        if let Some((_, after)) = project.waits_for.take_if(|(waited, _)| *waited == number) {
            self.set_timer(slot, now.saturating_add(after), Event::NextJob(slot));
        } else if project.stalled == Some(Stalled::Hours) {
            self.go_on(slot);
        }
    }

    /// A job is still there when the observation ends.
    pub(super) fn note_standing(&mut self, row: &JobRow, end: Time) {
        if let Some(slot) = self.project_of(row.id) {
            self.charge_last_run(slot, row, end);
        }
    }

    fn project_of(&self, id: JobId) -> Option<ProjectSlot> {
        self.projects.as_deref()?.live.of_job(id)
    }

    /// The first start of a job, and its last run, up to its end or to `now`.
    fn charge_last_run(&mut self, slot: ProjectSlot, row: &JobRow, now: Time) {
        let first = &mut self.project(slot).project.row.first_start;
        *first = [*first, row.start].into_iter().flatten().min();
        if let (Some(partition), Some(start)) = (row.partition, row.last_start) {
            self.charge(slot, (partition, row.accelerators_held), (start, row.end.unwrap_or(now)));
        }
    }

    /// Writes the row of a stretch of a job's time that did not end it.
    pub(super) fn tell_segment(&mut self, row: &SegmentRow) {
        self.sink.segment(row);
        if let Some(slot) = self.project_of(row.id) {
            self.charge(slot, (row.partition, row.accelerators_held), (row.from, row.to));
        }
    }

    /// Charges a project with what a job of it has held, counted as on the reference accelerator by the peaks of both.
    fn charge(&mut self, slot: ProjectSlot, (partition, held): (PartitionId, u32), (from, to): (Time, Time)) {
        let speed = self.system.speed_of(partition);
        let AcceleratorTime(units) = AcceleratorTime::of(held.into(), to.since(from));
        let charged = AcceleratorTime((units as f64 * speed).round() as u128);
        self.project(slot).project.account.charge(charged);
    }
}
