//! Staff at work: reviews, onboarding, tickets.

use super::event::Event;
use super::projects::ProjectSlot;
use super::run::Simulation;
use crate::access::{Begun, Stalled, Task, able};
use crate::model::{Help, PoolId, SiteId, StaffWork};
use crate::records::Sink;
use crate::units::Span;
use crate::workload::Workload;

/// What a task is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Concern {
    pub(super) slot: ProjectSlot,
    pub(super) about: About,
    /// The work of it.
    pub(super) work: Span,
}

/// Kinds of tasks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum About {
    /// The review of an application, by itself or of a cut-off.
    Review { batch: Option<u32> },
    /// A task of the onboarding of its project, by number.
    Onboarding(u32),
    /// A question after a failure.
    Ticket,
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// A task is given to whoever may do it, or waits for them.
    pub(super) fn ask(&mut self, task: Task<Concern>) {
        let now = self.queue.now();
        let begun = self.projects_mut().desks.ask(now, task);
        self.begin_tasks(begun);
    }

    fn begin_tasks(&mut self, begun: impl IntoIterator<Item = Begun<Concern>>) {
        for Begun { of, pool, ends, .. } in begun {
            let task = self.projects_mut().tasks.insert(of, pool);
            self.schedule(ends, Event::StaffDone(task));
        }
    }

    pub(super) fn schedule_staff_change(&mut self, pool: PoolId) {
        if let Some(at) = self.projects_mut().desks.next_change(pool) {
            self.schedule(at, Event::StaffChanges(pool));
        }
    }

    /// People come to a pool, or go.
    pub(super) fn change_staff(&mut self, pool: PoolId) {
        let now = self.queue.now();
        let begun = self.projects_mut().desks.change(now, pool);
        self.begin_tasks(begun);
        self.schedule_staff_change(pool);
    }

    /// A task is done, and its doer takes the next one.
    pub(super) fn end_task(&mut self, task: u32) {
        let now = self.queue.now();
        let projects = self.projects_mut();
        let (concern, pool) = projects.tasks.remove(task);
        let next = projects.desks.finished(now, pool);
        self.begin_tasks(next);
        let Concern { slot, about, work } = concern;
        // Its project may have ended before.
        let Some(live) = self.projects_mut().live.get(slot) else { return };
        match about {
            About::Review { batch } => self.reviewed(slot, batch),
            About::Onboarding(number) => {
                live.project.row.supported += work;
                self.onboard(slot, number + 1);
            }
            About::Ticket => {
                live.project.row.supported += work;
                self.end_ticket(slot);
            }
        }
    }

    /// Task `number` of the onboarding of a project is due, or it is over.
    pub(super) fn onboard(&mut self, slot: ProjectSlot, number: u32) {
        let now = self.queue.now();
        let kind = self.kind_of(slot);
        for number in number..kind.onboarding.len() as u32 {
            let help = &kind.onboarding[number as usize];
            let work = self.project(slot).draws.onboarding(number.into(), &help.work_s);
            if self.ask_for_help(slot, About::Onboarding(number), help, work) {
                return;
            }
        }
        self.projects_mut().onboarding.subtract(now, 1);
        let project = &mut self.project(slot).project;
        project.row.onboarded = Some(now);
        if project.stalled == Some(Stalled::Onboarding) {
            self.go_on(slot);
        }
    }

    /// Gives a task to the staff that may help a project; if nobody may, it has to do without.
    fn ask_for_help(&mut self, slot: ProjectSlot, about: About, help: &Help, work: Span) -> bool {
        let host = self.host(slot);
        let country = self.project(slot).project.row.country;
        let system = self.system;
        let languages = &system.countries[country].languages;
        let present = &self.projects_mut().present;
        let able = able(
            &system.projects.pools,
            StaffWork::Support,
            help.skill.as_deref(),
            host,
            country,
            languages,
            |pool| present[pool],
        );
        if able.is_empty() {
            self.project(slot).project.row.unsupported += 1;
            return false;
        }
        self.ask(Task { of: Concern { slot, about, work }, work, able });
        true
    }

    /// The site whose staff are a project's own: the one that its hours are bound to, or else the first that is open of those
    /// where its country would go.
    fn host(&mut self, slot: ProjectSlot) -> Option<SiteId> {
        let row = &self.project(slot).project.row;
        let (site, country) = (row.site, row.country);
        let is_open = |site: &&SiteId| {
            let pools = self.system.sites[**site].partitions.iter();
            pools.map(|&id| self.system.partitions[id].pool).any(|pool| self.partitions[pool].is_open())
        };
        site.or_else(|| self.preference.sites(country).iter().find(is_open).copied())
    }

    /// A job of a project has failed: its user may have a question.
    pub(super) fn ask_about_failure(&mut self, slot: ProjectSlot, number: u64) {
        let Some(ticket) = self.kind_of(slot).mistakes.as_ref().and_then(|mistakes| mistakes.ticket.as_ref())
        else {
            return;
        };
        let Some(work) = self.project(slot).draws.ticket(number, ticket.share, &ticket.help.work_s) else {
            return;
        };
        if self.ask_for_help(slot, About::Ticket, &ticket.help, work) {
            let project = &mut self.project(slot).project;
            project.row.tickets += 1;
            project.tickets_open += 1;
        }
    }

    fn end_ticket(&mut self, slot: ProjectSlot) {
        let project = &mut self.project(slot).project;
        project.tickets_open -= 1;
        if let (Some(Stalled::Ticket { .. }), 0) = (project.stalled, project.tickets_open) {
            self.go_on(slot);
        }
    }
}
