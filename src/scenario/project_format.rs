//! Kinds of project in the scenario file: what they ask for, the jobs they hand in, the support they need, what they learn.

use super::arrival_format::Batch;
use super::confidence::Confidence;
use super::demand_format::{Amount, Weight};
use super::quantities::Identifier;
use crate::units::Span;
use schemars::JsonSchema;
use serde::Deserialize;
use std::collections::BTreeMap;

/// A kind of project: it applies for accelerator-hours, and uses what it is granted.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct ProjectKind {
    /// Its id, such as `prototype`.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name in tables; the id if absent.
    pub name: Option<String>,
    /// The access mode by which it applies.
    #[schemars(extend("x-refers-to" = "access"))]
    pub access: String,
    /// The accelerator-hours that it asks for, on the reference accelerator.
    pub accelerator_hours: Amount<f64>,
    /// How good an application is, from 0 to 1, drawn for each; values above 1 count as 1. 1 if absent.
    pub score: Option<Amount<f64>>,
    /// Weight of each job class among its jobs; only ratios matter. Its jobs come as `sessions` says: the `batch` of a class
    /// is about those that come without a project.
    #[schemars(extend("x-keys-refer-to" = "class"))]
    pub classes: BTreeMap<String, Weight>,
    /// How it hands in its jobs; one by one if absent.
    #[serde(default)]
    pub sessions: Sessions,
    /// What support it needs, one after the other, before it runs a job of more than `small_job` accelerators; none if
    /// absent.
    #[serde(default)]
    pub onboarding: Vec<Help>,
    /// Jobs of at most so many accelerators need no onboarding; all need it if absent.
    #[serde(default)]
    #[schemars(range(max = 1_000_000_000))]
    pub small_job: u32,
    /// How support makes its jobs faster; it knows everything from the beginning if absent.
    pub learning: Option<Learning>,
    /// The mistakes that its users make, which take the place of `failed` of its classes; as its classes say if absent.
    pub mistakes: Option<Mistakes>,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

/// How a project hands in its jobs: in sessions, with pauses between them.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Sessions {
    /// How many jobs a session has; one if absent.
    #[serde(default = "one_job")]
    pub jobs: Batch,
    /// The time between one job of a session and the next; none if absent.
    #[serde(default = "no_time")]
    pub think: Amount<Span>,
    /// The share of the jobs that are handed in only when the one before has left, and the user has thought; none if absent.
    #[serde(default)]
    #[schemars(range(min = 0.0, max = 1.0))]
    pub feedback: f64,
    /// The part of the validity in which it would use its hours if it never waited: pauses between sessions are exponential
    /// with the mean that does so. 1 if absent.
    #[serde(default = "super::format::one")]
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub pace: f64,
}

impl Default for Sessions {
    fn default() -> Self {
        Self { jobs: one_job(), think: no_time(), feedback: 0.0, pace: 1.0 }
    }
}

fn one_job() -> Batch {
    Batch::One(1)
}

fn no_time() -> Amount<Span> {
    Amount::Plain(Span::ZERO)
}

/// Work of support staff for a project.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Help {
    /// The skill that it takes; any staff can do it if absent.
    pub skill: Option<String>,
    /// The working time.
    pub work: Amount<Span>,
}

/// How support makes the jobs of a project faster: with so much supported time d its jobs do
/// e + (1 - e) (1 - exp(-d / s)) of what those of experts do in the same time, where e is `efficiency` and s is `supported`.
#[derive(Debug, Clone, Copy, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Learning {
    /// The speed without any support, over that of experts.
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub efficiency: f64,
    /// The working time of support after which 1 - 1/e = 63 % of what was lacking is learnt.
    #[schemars(extend("x-above-zero" = true))]
    pub supported: Span,
}

/// Mistakes of users, fewer with each job: job k of a project, from 0, fails with chance
/// `last` + (`first` - `last`) exp(-k / `jobs`).
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Mistakes {
    /// The chance that the first job fails.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub first: f64,
    /// The chance after very many jobs.
    #[schemars(range(min = 0.0, max = 1.0))]
    pub last: f64,
    /// How many jobs it takes to learn 1 - 1/e = 63 %.
    #[schemars(range(max = 1e9), extend("exclusiveMinimum" = 0))]
    pub jobs: f64,
    /// After how long a mistake shows, on the reference accelerator if a faster one shortens the job; at its end if that is
    /// earlier.
    pub after: Amount<Span>,
    /// What users ask of support after a failure; nothing if absent.
    pub ticket: Option<Ticket>,
}

/// A question to the support staff, after which the project hands in nothing until it is answered.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Ticket {
    /// The share of the failures after which one is asked.
    #[schemars(range(max = 1.0), extend("exclusiveMinimum" = 0))]
    pub share: f64,
    /// The skill that the answer takes; any staff can give it if absent.
    pub skill: Option<String>,
    /// The working time.
    pub work: Amount<Span>,
}
