//! A project from its first application to its end: what a run knows of it.

use super::account::Account;
use crate::model::{ProjectKind, SiteId};
use crate::records::{ProjectOutcome, ProjectRow};
use crate::units::{AcceleratorTime, Span, Time};

/// Why a project does not hand in its next job, though its user would.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stalled {
    /// It is too large for those who have not been helped yet.
    Onboarding,
    /// A question has not been answered.
    Ticket {
        /// Since when.
        since: Time,
    },
    /// What it asks for is set aside for jobs out.
    Hours,
}

/// A live project.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its row as it stands.
    pub row: ProjectRow,
    /// Its hours.
    pub account: Account,
    /// Until when they are valid; [`Time::MAX`] before they are granted.
    pub valid_until: Time,
    /// The mean pause between its sessions.
    pub pause: Span,
    /// The number of its next job.
    pub next_job: u64,
    /// Jobs that its session still has.
    pub session_left: u32,
    /// Jobs handed in that have not left.
    pub out: u64,
    /// The job at whose leaving its user begins to think of the next one, with the time that takes.
    pub waits_for: Option<(u64, Span)>,
    /// Why it does not hand in its next job.
    pub stalled: Option<Stalled>,
    /// Questions asked and not answered.
    pub tickets_open: u32,
    /// How it will have ended when its last job has left, if it hands in nothing any more.
    pub closing: Option<ProjectOutcome>,
}

impl Project {
    /// A project that applies for the first time.
    pub fn new(row: ProjectRow) -> Self {
        Self {
            row,
            account: Account::default(),
            valid_until: Time::MAX,
            pause: Span::ZERO,
            next_job: 0,
            session_left: 0,
            out: 0,
            waits_for: None,
            stalled: None,
            tickets_open: 0,
            closing: None,
        }
    }

    /// Hours are granted at `now`, for `validity`, at one site or at all.
    pub fn grant(&mut self, now: Time, validity: Span, site: Option<SiteId>) {
        let granted = self.row.asked;
        (self.row.decided, self.row.granted, self.row.site) = (Some(now), granted, site);
        self.account = Account::of(granted);
        self.valid_until = now.saturating_add(validity);
    }

    /// The speed relative to experts at which its next job is done.
    pub fn efficiency(&self, kind: &ProjectKind) -> f64 {
        kind.learning.map_or(1.0, |learning| learning.efficiency_after(self.row.supported))
    }

    /// Nothing keeps it from its next job any more, or it hands in none: a wait for an answer is over.
    pub fn end_stall(&mut self, now: Time) {
        if let Some(Stalled::Ticket { since }) = self.stalled.take() {
            self.row.tickets_waited += now.since(since);
        }
    }

    /// Its row with the account as it stands: what is left counts as expired, or as still valid.
    pub fn settled(&self, is_over: bool) -> ProjectRow {
        let balance = self.account.balance();
        let none = AcceleratorTime::ZERO;
        let (expired, left) = if is_over { (balance.rest, none) } else { (none, balance.rest) };
        ProjectRow {
            used: self.account.used(),
            expired,
            left,
            overdrawn: balance.overdrawn,
            ..self.row.clone()
        }
    }
}

/// The mean pause between sessions with which a project uses what was granted in `pace` of its validity if it never waits:
/// `mean_work_s` is the mean work of its jobs, in accelerator-seconds on the reference accelerator.
pub fn mean_pause(kind: &ProjectKind, granted: AcceleratorTime, validity: Span, mean_work_s: f64) -> Span {
    let jobs = granted.as_hours() * 3_600.0 / mean_work_s;
    let session = kind.sessions.jobs.mean();
    let each = validity.as_seconds() * kind.sessions.pace / jobs * session;
    let thinks = (session - 1.0).max(0.0) * kind.sessions.think_s.mean();
    Span::from_seconds_round((each - thinks).clamp(0.0, validity.as_seconds()))
}
