//! One row a project: its application, what was granted to it, and what became of it.

use crate::model::{CommunityId, CountryId, ModeId, ProjectKindId, SiteId, StreamId};
use crate::units::{AcceleratorTime, Span, Time};

/// Why a project was refused for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Refusal {
    /// Its mode is not for its community or country.
    NotEligible,
    /// It asks for less or more than its mode grants.
    Size,
    /// Its score is too low.
    Score,
    /// The budget is used up.
    Budget,
    /// No site of the set is open, or within its reach.
    NoSite,
}

impl Refusal {
    /// All reasons, in the order of their indices.
    pub const ALL: [Self; 5] = [Self::NotEligible, Self::Size, Self::Score, Self::Budget, Self::NoSite];

    /// The reason in words, for tables.
    pub fn words(self) -> &'static str {
        match self {
            Self::NotEligible => "not eligible",
            Self::Size => "size",
            Self::Score => "score",
            Self::Budget => "budget",
            Self::NoSite => "no site",
        }
    }
}

/// How a project ended, or where it stood when the observation ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProjectOutcome {
    /// It was refused and did not apply again.
    Refused(Refusal),
    /// It was not decided yet.
    Applying,
    /// Its hours were granted and valid.
    Active,
    /// Its hours were used up, but for less than its next job asked for.
    UsedUp,
    /// Its hours expired.
    Expired,
}

/// One project.
#[derive(Debug, Clone, PartialEq)]
pub struct ProjectRow {
    /// The stream of applications it came from.
    pub stream: StreamId,
    /// Its number in the stream, from 0.
    pub ordinal: u64,
    /// Who.
    pub community: CommunityId,
    /// From where.
    pub country: CountryId,
    /// Its kind.
    pub kind: ProjectKindId,
    /// How it applied.
    pub mode: ModeId,
    /// The site that its hours are bound to.
    pub site: Option<SiteId>,
    /// When it applied for the first time.
    pub applied: Time,
    /// How often it applied.
    pub applications: u32,
    /// What it asked for, in accelerator time on the reference accelerator.
    pub asked: AcceleratorTime,
    /// When it was granted its hours, or refused for good.
    pub decided: Option<Time>,
    /// What was granted.
    pub granted: AcceleratorTime,
    /// When its onboarding was over; of a project that needs none, when its hours were granted.
    pub onboarded: Option<Time>,
    /// Working time of staff that it was helped with.
    pub supported: Span,
    /// Questions asked after failures that some staff could answer.
    pub tickets: u32,
    /// How long it handed in nothing, waiting for answers.
    pub tickets_waited: Span,
    /// Tasks that no staff within reach could take: it went on without.
    pub unsupported: u32,
    /// Jobs handed in.
    pub jobs: u64,
    /// Those of them that failed by a mistake.
    pub failed: u64,
    /// When its first job was handed in.
    pub first_job: Option<Time>,
    /// When a job of it started for the first time.
    pub first_start: Option<Time>,
    /// What its jobs held, counted as on the reference accelerator: accelerators held × time × relative speed.
    pub used: AcceleratorTime,
    /// What was left when it ended; granted + overdrawn = used + expired + left, to the unit.
    pub expired: AcceleratorTime,
    /// What was left, and still valid, when the observation ended.
    pub left: AcceleratorTime,
    /// What jobs held beyond what was granted: whole nodes, faster kinds and restarts may take more than was reckoned with.
    pub overdrawn: AcceleratorTime,
    /// When it ended: refused for good, or its hours invalid or used up and its last job gone.
    pub ended: Option<Time>,
    /// How.
    pub outcome: ProjectOutcome,
}

impl ProjectRow {
    /// A project of a kind, by its stream and number, that applies for the first time: from nowhere in particular, for nothing yet.
    pub fn applying(kind: ProjectKindId, (stream, ordinal): (StreamId, u64), applied: Time) -> Self {
        let none = AcceleratorTime::ZERO;
        Self {
            stream,
            ordinal,
            community: CommunityId(0),
            country: CountryId(0),
            kind,
            mode: ModeId(0),
            site: None,
            applied,
            applications: 0,
            asked: none,
            decided: None,
            granted: none,
            onboarded: None,
            supported: Span::ZERO,
            tickets: 0,
            tickets_waited: Span::ZERO,
            unsupported: 0,
            jobs: 0,
            failed: 0,
            first_job: None,
            first_start: None,
            used: none,
            expired: none,
            left: none,
            overdrawn: none,
            ended: None,
            outcome: ProjectOutcome::Applying,
        }
    }
}
