//! Jobs that the limit of their project holds back: when they join and leave the queue, and what becomes of their waits.
//!
//! While a job is held back, all of its wait is by a limit, whatever the clocks of its lane show. What it noted of them
//! when it joined is moved by what they gain meanwhile: nothing else has to be remembered of it.

use super::live::{JobSlot, LiveJob, LiveJobs, Waits};
use super::partition::PartitionState;
use crate::model::{Asks, JobId, System};
use crate::scheduling::{Joining, Place, Project, Turn, Waiting};
use crate::units::Time;

/// The project of a job, if it comes by one.
pub(super) fn project_of(system: &System, job: JobId) -> Option<Project> {
    let stream = system.streams.get(job.stream).filter(|stream| stream.asks == Asks::Projects);
    stream.map(|_| Project { stream: job.stream, number: job.project() })
}

impl PartitionState {
    /// A job joins the queue. The clocks must have run until `now`.
    #[inline]
    pub(super) fn join(&mut self, now: Time, joining: Joining, system: &System, live: &mut LiveJobs) {
        self.queue.push(joining);
        if self.limits.are_per_project() {
            self.join_with_project(now, &joining, system, live);
        }
    }

    fn join_with_project(&mut self, now: Time, joining: &Joining, system: &System, live: &mut LiveJobs) {
        let job = joining.waiting.job;
        let Some(project) = project_of(system, live.get(JobSlot(job)).job.id) else { return };
        if self.limits.join(joining.lane, &joining.waiting, project) {
            self.turn(now, &[Turn { job, is_held_back: true }], live);
        }
    }

    /// A job leaves the queue for good. Whoever asks for the causes of its wait has to do so before.
    #[inline]
    pub(super) fn leave(&mut self, place: Place) -> Waiting {
        let waiting = self.queue.remove(place);
        self.limits.leave(waiting.job);
        waiting
    }

    /// A job that starts holds its units under its limits. The clocks must have run until `now`.
    #[inline]
    pub(super) fn hold(&mut self, now: Time, slot: JobSlot, system: &System, live: &mut LiveJobs) {
        let &LiveJob { lane, units, job, .. } = live.get(slot);
        self.limits.hold(lane, units);
        if self.limits.are_per_project()
            && let Some(project) = project_of(system, job.id)
        {
            let turns = self.limits.hold_by(project, lane, units);
            self.turn(now, &turns, live);
        }
    }

    /// The counterpart of [`PartitionState::hold`].
    #[inline]
    pub(super) fn release(&mut self, now: Time, slot: JobSlot, system: &System, live: &mut LiveJobs) {
        let &LiveJob { lane, units, job, .. } = live.get(slot);
        self.limits.release(lane, units);
        if self.limits.are_per_project()
            && let Some(project) = project_of(system, job.id)
        {
            let turns = self.limits.release_by(project, lane, units);
            self.turn(now, &turns, live);
        }
    }

    /// Holds jobs of the queue back from now on, or lets them go on.
    fn turn(&mut self, now: Time, turns: &[Turn], live: &mut LiveJobs) {
        for &Turn { job, is_held_back } in turns {
            self.queue.turn(job);
            let shown = self.read_clocks(live.get(JobSlot(job)));
            if let Waits::Counting { clocks, .. } = &mut live.get_mut(JobSlot(job)).waits {
                *clocks = if is_held_back { clocks.stop(shown, now) } else { clocks.go_on(shown, now) };
            }
        }
    }
}
