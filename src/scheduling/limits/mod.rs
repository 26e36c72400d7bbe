//! Limits of what jobs may hold: caps of what some, or each project by itself, may hold at once, quotas of which others may
//! borrow what lies idle, and budgets that are used up within a period.
//!
//! A lane of the queue belongs to some groups, and what is left to it is the least that is left in any of them. A job
//! that exceeds what is left to its lane is passed over: it blocks nobody and has no reservation, as Slurm does it with
//! the limits of its qualities of service.

mod budgets;
mod caps;
mod projects;
mod quotas;

pub use caps::Most;
pub use projects::{Project, Turn};
pub use quotas::{Borrowing, Entitlement, Share};

use super::queue::Waiting;
use crate::units::{Span, Time};
use budgets::Budgets;
use caps::Held;
use projects::{HeldBy, Projects};
use quotas::Quotas;

/// A group with its cap.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Cap {
    most: Most,
    held: Held,
}

/// The limits of one partition and who is under them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Limits {
    caps: Vec<Cap>,
    /// By lane.
    caps_of: Vec<Vec<usize>>,
    projects: Option<Projects>,
    quotas: Option<Quotas>,
    budgets: Option<Budgets>,
}

impl Limits {
    /// No limits, for so many lanes.
    pub fn none(lanes: usize) -> Self {
        Self { caps_of: vec![Vec::new(); lanes], ..Self::default() }
    }

    /// Caps what the jobs of all `lanes` hold together.
    pub fn add(&mut self, most: Most, lanes: impl IntoIterator<Item = usize>) {
        self.caps.push(Cap { most, held: Held::NOTHING });
        for lane in lanes {
            self.caps_of[lane].push(self.caps.len() - 1);
        }
    }

    /// Caps what the jobs of each project in `lanes` hold together.
    pub fn add_per_project(&mut self, most: Most, lanes: impl IntoIterator<Item = usize>) {
        let count = self.caps_of.len();
        self.projects.get_or_insert_with(|| Projects::none(count)).add(most, lanes);
    }

    /// Shares `capacity` units out by quotas; a lane of `share_of` without one owns nothing and may borrow.
    pub fn set_quotas(&mut self, capacity: u64, shares: Vec<Share>, share_of: Vec<Option<usize>>) {
        self.quotas = Some(Quotas::new(capacity, shares, share_of));
    }

    /// Lets the jobs of `lanes` use up so many unit-nanoseconds in each period, of which the first begins at `from`.
    pub fn add_budget(
        &mut self,
        unit_ns: u128,
        (from, period): (Time, Span),
        lanes: impl IntoIterator<Item = usize>,
    ) {
        let count = self.caps_of.len();
        self.budgets.get_or_insert_with(|| Budgets::none(count)).add(unit_ns, from, period, lanes);
    }

    /// Whether nothing is limited.
    pub fn is_empty(&self) -> bool {
        self.caps.is_empty() && self.projects.is_none() && self.quotas.is_none() && self.budgets.is_none()
    }

    /// Whether projects have limits by themselves.
    pub fn are_per_project(&self) -> bool {
        self.projects.is_some()
    }

    /// For a decision: what is left as jobs are chosen one after another.
    pub fn tally(&self) -> Tally<'_> {
        Tally {
            limits: self,
            taken: vec![Held::NOTHING; self.caps.len()],
            taken_by: HeldBy::new(),
            quotas: self.quotas.clone(),
            only: None,
        }
    }

    /// What is left to the owners of one quota of what is their own; nothing is left to anybody else.
    pub fn tally_of_owners(&self, share: usize) -> Tally<'_> {
        Tally { only: Some(share), ..self.tally() }
    }

    /// How many quotas there are.
    pub fn shares(&self) -> usize {
        self.quotas.as_ref().map_or(0, Quotas::shares)
    }

    /// Units that each quota's owners hold beyond their own, and who they are.
    pub fn borrowing(&self) -> Option<Borrowing<'_>> {
        self.quotas.as_ref().map(Quotas::borrowing)
    }

    /// Whose quota a lane is under; that of those without one has a number of its own. `None` where there are no quotas.
    pub fn share_of(&self, lane: u32) -> Option<usize> {
        self.quotas.as_ref().map(|quotas| quotas.share_of(lane))
    }

    /// What each quota's owners own and hold, by number.
    pub fn entitlements(&self) -> impl Iterator<Item = Entitlement> + '_ {
        self.quotas.iter().flat_map(Quotas::entitlements)
    }

    /// A job of the lane starts to hold units.
    pub fn hold(&mut self, lane: u32, units: u32) {
        for &cap in &self.caps_of[lane as usize] {
            self.caps[cap].held += Held::job(units);
        }
        if let Some(quotas) = &mut self.quotas {
            quotas.hold(lane, units.into());
        }
        if let Some(budgets) = &mut self.budgets {
            budgets.hold(lane, units.into());
        }
    }

    /// A job of the lane holds units no more.
    pub fn release(&mut self, lane: u32, units: u32) {
        for &cap in &self.caps_of[lane as usize] {
            self.caps[cap].held -= Held::job(units);
        }
        if let Some(quotas) = &mut self.quotas {
            quotas.release(lane, units.into());
        }
        if let Some(budgets) = &mut self.budgets {
            budgets.release(lane, units.into());
        }
    }

    /// A job of a project begins to wait in a lane. Whether it is held back by the limit of its project.
    pub fn join(&mut self, lane: u32, waiting: &Waiting, project: Project) -> bool {
        let projects = self.projects.as_mut();
        projects.is_some_and(|projects| projects.join(waiting.job, lane, waiting.units, project))
    }

    /// A job waits no more.
    pub fn leave(&mut self, job: u32) {
        if let Some(projects) = &mut self.projects {
            projects.leave(job);
        }
    }

    /// What [`Limits::hold`] is for a lane, for the project of the job. Which others of its jobs are held back now.
    pub fn hold_by(&mut self, project: Project, lane: u32, units: u32) -> Vec<Turn> {
        self.projects.as_mut().map_or(Vec::new(), |projects| projects.hold(lane, units, project))
    }

    /// What [`Limits::release`] is for a lane, for the project of the job. Which others of its jobs are held back no more.
    pub fn release_by(&mut self, project: Project, lane: u32, units: u32) -> Vec<Turn> {
        self.projects.as_mut().map_or(Vec::new(), |projects| projects.release(lane, units, project))
    }

    /// Whether a job that waits is held back by the limit of its project.
    #[inline]
    pub fn is_held_back(&self, job: u32) -> bool {
        self.projects.as_ref().is_some_and(|projects| projects.is_held_back(job))
    }

    /// The next instant at which more or less is left to somebody although no job starts or ends: a budget is used up,
    /// or begins anew.
    pub fn next_edge(&self) -> Option<Time> {
        self.budgets.as_ref()?.next_edge()
    }

    /// Uses up budgets until `now`, which is not after the next edge.
    pub fn advance(&mut self, now: Time) {
        if let Some(budgets) = &mut self.budgets {
            budgets.advance(now);
        }
    }
}

/// What is left to the lanes once the jobs chosen so far have started.
#[derive(Debug, Clone)]
pub struct Tally<'a> {
    limits: &'a Limits,
    /// By cap.
    taken: Vec<Held>,
    /// By project.
    taken_by: HeldBy,
    quotas: Option<Quotas>,
    /// The quota whose owners alone are asked about.
    only: Option<usize>,
}

impl Tally<'_> {
    /// Units left to a lane, whatever is left to single projects; the greatest number if it is under no limit.
    #[inline]
    pub fn left(&self, lane: u32) -> u32 {
        if self.limits.is_empty() {
            return u32::MAX;
        }
        let caps = self.limits.caps_of[lane as usize].iter().map(|&cap| {
            let Cap { most, held } = self.limits.caps[cap];
            most.left(held + self.taken[cap])
        });
        let budget = self.limits.budgets.as_ref().map(|budgets| budgets.left(lane));
        let left = caps.chain(self.left_of_quota(lane)).chain(budget).min();
        left.map_or(u32::MAX, |left| u32::try_from(left).unwrap_or(u32::MAX))
    }

    fn left_of_quota(&self, lane: u32) -> Option<u64> {
        let quotas = self.quotas.as_ref()?;
        Some(match self.only {
            None => quotas.left(lane),
            Some(share) => quotas.own_left(lane, share),
        })
    }

    /// Whether as much is left to a job that waits in a lane as it needs.
    #[inline]
    pub fn admits(&self, lane: u32, job: &Waiting) -> bool {
        job.units <= self.left(lane) && self.admits_of_project(job)
    }

    /// Whether as much is left to the project of a job that waits as it needs.
    #[inline]
    pub fn admits_of_project(&self, job: &Waiting) -> bool {
        let projects = self.limits.projects.as_ref();
        projects.is_none_or(|projects| u64::from(job.units) <= projects.left_to(job.job, &self.taken_by))
    }

    /// A job of the lane is chosen.
    pub fn take(&mut self, lane: u32, job: &Waiting) {
        if self.limits.is_empty() {
            return;
        }
        for &cap in &self.limits.caps_of[lane as usize] {
            self.taken[cap] += Held::job(job.units);
        }
        if let Some(projects) = &self.limits.projects {
            projects.take(job.job, &mut self.taken_by);
        }
        if let Some(quotas) = &mut self.quotas {
            quotas.hold(lane, job.units.into());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_tightest_group_decides() {
        let mut limits = Limits::none(3);
        limits.add(Most::of_units(10), [0, 1]);
        limits.add(Most::of_units(4), [1]);
        let left = |limits: &Limits| [0, 1, 2].map(|lane| limits.tally().left(lane));
        assert_eq!(left(&limits), [10, 4, u32::MAX]);
        limits.hold(0, 7);
        assert_eq!(left(&limits), [3, 3, u32::MAX]);
        limits.hold(1, 3);
        limits.release(0, 7);
        assert_eq!(left(&limits), [7, 1, u32::MAX]);
        let mut tally = limits.tally();
        tally.take(0, &waiting(0, 7));
        assert_eq!([tally.left(0), tally.left(1)], [0, 0]);
    }

    #[test]
    fn so_many_jobs_of_a_group() {
        let mut limits = Limits::none(2);
        limits.add(Most { units: 9, jobs: 2 }, [0]);
        limits.hold(0, 3);
        let mut tally = limits.tally();
        assert_eq!([0, 1].map(|lane| tally.left(lane)), [6, u32::MAX]);
        tally.take(0, &waiting(0, 1));
        assert_eq!(tally.left(0), 0, "5 units, but no job more");
        limits.hold(0, 2);
        limits.release(0, 3);
        assert_eq!(limits.tally().left(0), 7);
    }

    fn waiting(job: u32, units: u32) -> Waiting {
        Waiting { units, requested: Span(1), job }
    }

    #[test]
    fn a_cap_and_a_quota_and_a_budget_hold_together() {
        let mut limits = Limits::none(2);
        limits.add(Most::of_units(6), [0]);
        let share = |own| Share { own, borrow: 10, lend: own };
        limits.set_quotas(10, vec![share(4), share(6)], vec![Some(0), Some(1)]);
        limits.add_budget(100, (Time(0), Span(1_000)), [0]);
        let left = |limits: &Limits| [0, 1].map(|lane| limits.tally().left(lane));
        assert_eq!(left(&limits), [6, 10]);
        limits.hold(0, 5);
        assert_eq!(left(&limits), [1, 6], "lane 1 is never denied its own, though one unit of it is lent");
        assert_eq!(limits.tally_of_owners(1).left(1), 6);
        assert_eq!(limits.tally_of_owners(1).left(0), 0);
        assert_eq!(limits.next_edge(), Some(Time(20)));
        limits.advance(Time(20));
        assert_eq!(left(&limits), [0, 6]);
    }
}
