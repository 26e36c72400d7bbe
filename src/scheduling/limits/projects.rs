//! Limits that each project has by itself.
//!
//! A project is no lane of the queue: there may be very many of them, one after another. What is kept of each is what it
//! holds now and which of its jobs wait, and nothing once it does neither. Jobs that more is asked for than is left to
//! their project are *held back*: the queue sets them aside, so that no search meets them. That changes only when a job
//! of the project starts, ends, comes or goes: O(log n) for each of its jobs that wait.

use super::caps::{Held, Most};
use crate::model::StreamId;
use std::collections::{BTreeMap, BTreeSet};

/// A project: its stream and its number there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Project {
    /// Its stream.
    pub stream: StreamId,
    /// Its number in the stream.
    pub number: u64,
}

/// A job that waits under the limit of its project.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Waiter {
    project: Project,
    lane: u32,
    units: u32,
    is_held_back: bool,
}

/// Whether a job is held back from now on, by the caller's name for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Turn {
    /// The job.
    pub job: u32,
    /// Whether it is.
    pub is_held_back: bool,
}

/// What projects hold: by limit and project.
pub(super) type HeldBy = BTreeMap<(usize, Project), Held>;

/// The limits of single projects, and the projects under them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Projects {
    most: Vec<Most>,
    /// `[lane]`: those that hold for its jobs.
    of_lane: Vec<Vec<usize>>,
    held: HeldBy,
    waiting: BTreeMap<u32, Waiter>,
    by_project: BTreeSet<(Project, u32)>,
}

impl Projects {
    pub(super) fn none(lanes: usize) -> Self {
        Self { of_lane: vec![Vec::new(); lanes], ..Self::default() }
    }

    pub(super) fn add(&mut self, most: Most, lanes: impl IntoIterator<Item = usize>) {
        self.most.push(most);
        for lane in lanes {
            self.of_lane[lane].push(self.most.len() - 1);
        }
    }

    /// Units left to one job more of a project once it holds what is `taken` besides.
    fn left(&self, lane: u32, project: Project, taken: &HeldBy) -> u64 {
        let left = |&index: &usize| {
            let of = |held: &HeldBy| held.get(&(index, project)).copied().unwrap_or_default();
            self.most[index].left(of(&self.held) + of(taken))
        };
        self.of_lane[lane as usize].iter().map(left).min().unwrap_or(u64::MAX)
    }

    /// Units left to a job that waits.
    pub(super) fn left_to(&self, job: u32, taken: &HeldBy) -> u64 {
        self.waiting.get(&job).map_or(u64::MAX, |waiter| self.left(waiter.lane, waiter.project, taken))
    }

    /// A job that waits is chosen.
    pub(super) fn take(&self, job: u32, taken: &mut HeldBy) {
        let Some(waiter) = self.waiting.get(&job) else { return };
        for &index in &self.of_lane[waiter.lane as usize] {
            *taken.entry((index, waiter.project)).or_default() += Held::job(waiter.units);
        }
    }

    pub(super) fn is_held_back(&self, job: u32) -> bool {
        self.waiting.get(&job).is_some_and(|waiter| waiter.is_held_back)
    }

    /// A job begins to wait. Whether it is held back.
    pub(super) fn join(&mut self, job: u32, lane: u32, units: u32, project: Project) -> bool {
        if self.of_lane[lane as usize].is_empty() {
            return false;
        }
        let is_held_back = u64::from(units) > self.left(lane, project, &HeldBy::new());
        let before = self.waiting.insert(job, Waiter { project, lane, units, is_held_back });
        assert!(before.is_none(), "a job waits once");
        self.by_project.insert((project, job));
        is_held_back
    }

    /// A job waits no more.
    pub(super) fn leave(&mut self, job: u32) {
        if let Some(waiter) = self.waiting.remove(&job) {
            self.by_project.remove(&(waiter.project, job));
        }
    }

    pub(super) fn hold(&mut self, lane: u32, units: u32, project: Project) -> Vec<Turn> {
        for &index in &self.of_lane[lane as usize] {
            *self.held.entry((index, project)).or_default() += Held::job(units);
        }
        self.turn(project)
    }

    pub(super) fn release(&mut self, lane: u32, units: u32, project: Project) -> Vec<Turn> {
        for &index in &self.of_lane[lane as usize] {
            let held = self.held.get_mut(&(index, project)).expect("a project releases what it holds");
            *held -= Held::job(units);
            if *held == Held::NOTHING {
                self.held.remove(&(index, project));
            }
        }
        self.turn(project)
    }

    /// The jobs of a project that are held back from now on and were not before, or the other way round.
    fn turn(&mut self, project: Project) -> Vec<Turn> {
        let mut turns = Vec::new();
        for &(_, job) in self.by_project.range((project, 0)..=(project, u32::MAX)) {
            let waiter = self.waiting[&job];
            let is_held_back = u64::from(waiter.units) > self.left(waiter.lane, project, &HeldBy::new());
            if is_held_back != waiter.is_held_back {
                turns.push(Turn { job, is_held_back });
            }
        }
        for turn in &turns {
            let waiter = self.waiting.get_mut(&turn.job).expect("who turns waits");
            waiter.is_held_back = turn.is_held_back;
        }
        turns
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_project_by_itself_and_nothing_of_those_gone() {
        let [one, other] = [3, 4].map(|number| Project { stream: StreamId(0), number });
        let mut projects = Projects::none(2);
        projects.add(Most { units: 8, jobs: 2 }, [0]);
        assert!(!projects.join(7, 1, 99, one), "lane 1 is under no limit");
        assert!(!projects.join(0, 0, 5, one));
        assert!(!projects.join(1, 0, 4, one));
        assert!(!projects.join(2, 0, 3, one));
        assert!(!projects.join(3, 0, 8, other));
        projects.leave(0);
        let turn = |job, is_held_back| Turn { job, is_held_back };
        assert_eq!(projects.hold(0, 5, one), [turn(1, true)], "3 are left");
        assert!(projects.is_held_back(1) && !projects.is_held_back(3));
        let mut taken = HeldBy::new();
        assert_eq!([1, 2, 3, 7].map(|job| projects.left_to(job, &taken)), [3, 3, 8, u64::MAX]);
        projects.take(2, &mut taken);
        assert_eq!([1, 3].map(|job| projects.left_to(job, &taken)), [0, 8]);
        projects.leave(2);
        assert_eq!(projects.hold(0, 3, one), [], "who is held back stays so");
        assert!(projects.join(4, 0, 1, one), "two jobs run");
        assert_eq!(projects.release(0, 5, one), [turn(1, false), turn(4, false)]);
        projects.release(0, 3, one);
        for job in [1, 3, 4] {
            projects.leave(job);
        }
        let mut gone = Projects::none(2);
        gone.add(Most { units: 8, jobs: 2 }, [0]);
        assert_eq!(projects, gone);
    }
}
