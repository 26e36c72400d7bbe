//! Projects: how they apply for accelerator-hours, what is granted to them, what they do with it, and what they learn.

use super::ids::{ClassId, CommunityId, CountryId, IdVec, ModeId, PoolId, ProjectKindId};
use super::staff::StaffPool;
use crate::engine::{CountDistribution, Distribution};
use crate::units::{AcceleratorTime, Span, Time};

/// Access to the machines by projects. Empty where jobs come without any.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Projects {
    /// Access modes, in the scenario's order.
    pub modes: IdVec<ModeId, AccessMode>,
    /// Kinds of project, in the scenario's order.
    pub kinds: IdVec<ProjectKindId, ProjectKind>,
    /// Reviewers and support staff, sorted by id.
    pub pools: IdVec<PoolId, StaffPool>,
}

/// A way to be granted accelerator-hours, all of them counted on the reference accelerator.
#[derive(Debug, Clone, PartialEq)]
pub struct AccessMode {
    /// Its id in the scenario.
    pub id: String,
    /// Its name in tables.
    pub name: String,
    /// Communities that may apply; `None`: all.
    pub communities: Option<Vec<CommunityId>>,
    /// Countries from which one may apply; `None`: all.
    pub countries: Option<Vec<CountryId>>,
    /// The least and the most that may be asked for.
    pub hours: [AcceleratorTime; 2],
    /// When applications are taken.
    pub taken: Taken,
    /// The evaluation; `None`: it takes no time.
    pub review: Option<Review>,
    /// The score that an application has to reach, from 0 to 1.
    pub least_score: f64,
    /// What may be granted; `None`: without bound.
    pub budget: Option<GrantBudget>,
    /// Where granted hours may be used.
    pub allocation: Allocation,
    /// How long they are valid.
    pub validity: Span,
    /// The share of refused applicants that apply again; below 1.
    pub again: f64,
    /// How long after a refusal they do, in seconds.
    pub again_after_s: Distribution,
}

/// When applications are taken up.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Taken {
    /// At once, one by one: each is decided when its review is done.
    AtOnce,
    /// At cut-offs, ascending; those of one cut-off are decided together when the last review is done, by score. What comes
    /// after the last cut-off is never taken up.
    CutOffs(Vec<Time>),
}

/// How an application is evaluated.
#[derive(Debug, Clone, PartialEq)]
pub struct Review {
    /// Who does it.
    pub reviewers: PoolId,
    /// The working time for one application, in seconds.
    pub work_s: Distribution,
}

/// What may be granted in each period; what is left of a period is lost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GrantBudget {
    /// How much.
    pub amount: GrantAmount,
    /// The length of a period; the first begins at time zero.
    pub every: Span,
}

/// How much may be granted in a period.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum GrantAmount {
    /// So much over the network.
    Hours(AcceleratorTime),
    /// This part of what the open sites of the set could do in the period; of bound allocations, each site its own part.
    Share(f64),
}

/// Where granted hours may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Allocation {
    /// At one site, chosen when the application is decided: the first of so many that the applicant would go to first whose
    /// budget is not used up.
    Site {
        /// How many sites the applicant names.
        choices: u32,
    },
    /// At all sites of the network.
    Pooled,
}

/// A kind of project.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectKind {
    /// Its id in the scenario.
    pub id: String,
    /// Its name in tables.
    pub name: String,
    /// How it applies.
    pub mode: ModeId,
    /// What it asks for, in hours on the reference accelerator.
    pub hours: Distribution,
    /// How good applications are, from 0 to 1; the score of each is drawn from it and kept within these.
    pub score: Distribution,
    /// Its job classes with their share of its jobs; shares add up to 1.
    pub classes: Vec<(ClassId, f64)>,
    /// How it hands in its jobs.
    pub sessions: Sessions,
    /// What support it needs before its first run of more than `small` accelerators, one after the other.
    pub onboarding: Vec<Help>,
    /// Runs of at most so many accelerators need no onboarding.
    pub small: u32,
    /// What it learns; `None`: it knows all from the begin.
    pub learning: Option<Learning>,
    /// Mistakes that its users make; `None`: as its classes say.
    pub mistakes: Option<Mistakes>,
}

/// How a project hands in jobs: sessions of several, with pauses between them.
#[derive(Debug, Clone, PartialEq)]
pub struct Sessions {
    /// Jobs of a session.
    pub jobs: CountDistribution,
    /// The time between one job and the next of a session, in seconds.
    pub think_s: Distribution,
    /// The share of the jobs that are handed in only when the one before has left, and its user has thought; at most 1.
    pub feedback: f64,
    /// The part of its validity in which it would use its hours if it never waited, at most 1: pauses between sessions are
    /// exponential with the mean that does so.
    pub pace: f64,
}

/// Work of support staff for a project.
#[derive(Debug, Clone, PartialEq)]
pub struct Help {
    /// The skill that it takes; `None`: any.
    pub skill: Option<String>,
    /// The working time, in seconds.
    pub work_s: Distribution,
}

/// How support makes a project's jobs faster: with so much supported time d it works at e0 + (1 − e0) (1 − exp(−d/d0)) of the
/// speed of experts (models.md 5.2; both parameters assumed there).
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Learning {
    /// e0, above 0 and at most 1.
    pub efficiency: f64,
    /// d0, in working time.
    pub supported: Span,
}

/// Failures by the users of a project: of its k-th job, from 0, with chance p∞ + (p0 − p∞) exp(−k/k0).
#[derive(Debug, Clone, PartialEq)]
pub struct Mistakes {
    /// p0.
    pub first: f64,
    /// p∞.
    pub last: f64,
    /// k0, above 0.
    pub jobs: f64,
    /// When they show, in seconds of the run on the reference accelerator, or at its end if that is earlier.
    pub after_s: Distribution,
    /// What the users ask support for; `None`: nothing.
    pub ticket: Option<Ticket>,
}

/// A question to the support staff.
#[derive(Debug, Clone, PartialEq)]
pub struct Ticket {
    /// The share of the failures after which one is asked; the project hands in nothing until it is answered.
    pub share: f64,
    /// The work it takes.
    pub help: Help,
}

impl Learning {
    /// The speed relative to experts after so much supported time.
    pub fn efficiency_after(&self, supported: Span) -> f64 {
        let doubt = libm::exp(-supported.as_seconds() / self.supported.as_seconds());
        self.efficiency + (1.0 - self.efficiency) * (1.0 - doubt)
    }
}

impl Mistakes {
    /// The chance that job `number` of a project, from 0, fails.
    pub fn chance(&self, number: u64) -> f64 {
        self.last + (self.first - self.last) * libm::exp(-(number as f64) / self.jobs)
    }

    /// The failures expected of the first so many jobs: the sum of their chances, a geometric series beside the last.
    pub fn expected(&self, jobs: f64) -> f64 {
        let series = libm::expm1(-jobs / self.jobs) / libm::expm1(-1.0 / self.jobs);
        self.last * jobs + (self.first - self.last) * series
    }
}
