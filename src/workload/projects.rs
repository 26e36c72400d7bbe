//! Projects: applications as they come in each stream, and everything that is drawn for a project afterwards.
//!
//! Draws of a project are keyed by (stream, project, number, purpose): which of its jobs, applications or sessions a draw is
//! for. Its jobs draw like all others, by their names.

use super::arrivals::Arrivals;
use super::synthetic::{Draws, LONGEST_S, pick};
use crate::engine::{Distribution, Purpose, Stream, Universe, entity_key, member_key};
use crate::model::{Asks, Ending, Job, JobId, Profile, ProjectKind, ProjectKindId, StreamId, System};
use crate::units::{AcceleratorTime, Span, Time};

// Below these are the purposes of jobs.
const KIND: Purpose = 32;
const HOURS: Purpose = 33;
const CLASS: Purpose = 34;
const SESSION: Purpose = 35;
const PAUSE: Purpose = 36;
const THINK: Purpose = 37;
const FEEDBACK: Purpose = 38;
const MISTAKE: Purpose = 39;
const MISTAKE_TIME: Purpose = 40;
/// The score of an application.
const SCORE: Purpose = 41;
/// The work of its review.
const REVIEW: Purpose = 42;
/// Whether its applicant applies again.
const AGAIN: Purpose = 43;
/// When.
const AGAIN_TIME: Purpose = 44;
/// The work of a task of onboarding.
const ONBOARDING: Purpose = 45;
/// Whether a failure makes a ticket.
const TICKET: Purpose = 46;
/// The work that it takes.
const TICKET_WORK: Purpose = 47;

/// The most that may be asked for, in hours: sums of all projects fit their types.
const MOST_HOURS: f64 = 1e12;

/// A project that applies for the first time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Applicant {
    /// When it applies.
    pub at: Time,
    /// The stream it comes from.
    pub stream: StreamId,
    /// Its number in the stream.
    pub ordinal: u64,
    /// Its kind.
    pub kind: ProjectKindId,
    /// What it asks for, on the reference accelerator.
    pub asked: AcceleratorTime,
}

/// The applications of a scenario in one universe.
#[derive(Debug, Clone)]
pub struct Applications<'a> {
    system: &'a System,
    universe: Universe,
    /// By stream; `None` where jobs come without projects.
    positions: Vec<Option<(Arrivals, u64)>>,
}

impl<'a> Applications<'a> {
    /// The applications in `system` in `universe`, from time zero.
    pub fn new(system: &'a System, universe: Universe) -> Self {
        let positions = system.streams.iter().map(|stream| {
            let arrivals = || Arrivals::new(stream, entity_key("stream", &stream.key), stream.rate_per_s);
            (stream.asks == Asks::Projects).then(|| (arrivals(), 0))
        });
        Self { system, universe, positions: positions.collect() }
    }

    /// The next project of a stream that applies for the first time; `None` when there are no more, or never were.
    pub fn next(&mut self, stream: StreamId) -> Option<Applicant> {
        let source = &self.system.streams[stream];
        let (arrivals, next) = self.positions[stream.index()].as_mut()?;
        let at = arrivals.next(source, self.universe)?;
        let ordinal = *next;
        *next += 1;
        let draws = ProjectDraws::new(self.system, self.universe, stream, ordinal);
        let shares = &self.system.communities[source.community].projects;
        let kind = pick(shares, || draws.of(0, KIND).uniform());
        let hours = self.system.projects.kinds[kind].hours.draw(&mut draws.of(0, HOURS));
        let asked = AcceleratorTime::from_hours_round(hours.clamp(0.0, MOST_HOURS));
        Some(Applicant { at, stream, ordinal, kind, asked })
    }
}

/// The random numbers of a project.
#[derive(Debug, Clone, Copy)]
pub struct ProjectDraws {
    universe: Universe,
    /// The project's own.
    key: u64,
    stream: StreamId,
    ordinal: u64,
}

impl ProjectDraws {
    /// Those of project `ordinal` of a stream.
    pub fn new(system: &System, universe: Universe, stream: StreamId, ordinal: u64) -> Self {
        let key = member_key(entity_key("stream", &system.streams[stream].key), ordinal);
        Self { universe, key, stream, ordinal }
    }

    fn of(&self, number: u64, purpose: Purpose) -> Stream {
        self.universe.stream(self.key, number, purpose)
    }

    fn span(&self, number: u64, purpose: Purpose, seconds: &Distribution) -> Span {
        Span::from_seconds_round(seconds.draw(&mut self.of(number, purpose)).min(LONGEST_S))
    }

    /// The score of its application `number`, from 0.
    pub fn score(&self, number: u64, score: &Distribution) -> f64 {
        score.draw(&mut self.of(number, SCORE)).clamp(0.0, 1.0)
    }

    /// The working time of the review of its application `number`.
    pub fn review(&self, number: u64, work_s: &Distribution) -> Span {
        self.span(number, REVIEW, work_s)
    }

    /// How long after its application `number` was refused it applies again; `None`: it does not.
    pub fn again(&self, number: u64, share: f64, after_s: &Distribution) -> Option<Span> {
        (self.of(number, AGAIN).uniform() < share).then(|| self.span(number, AGAIN_TIME, after_s))
    }

    /// The working time of its task of onboarding `number`, from 0.
    pub fn onboarding(&self, number: u64, work_s: &Distribution) -> Span {
        self.span(number, ONBOARDING, work_s)
    }

    /// The working time of the ticket after its job `number` failed; `None`: it asks nobody.
    pub fn ticket(&self, number: u64, share: f64, work_s: &Distribution) -> Option<Span> {
        (self.of(number, TICKET).uniform() < share).then(|| self.span(number, TICKET_WORK, work_s))
    }

    /// The jobs of the session that begins with job `number`.
    pub fn session(&self, number: u64, kind: &ProjectKind) -> u32 {
        kind.sessions.jobs.draw(&mut self.of(number, SESSION)).max(1)
    }

    /// The pause before the session that begins with job `number`: exponential.
    pub fn pause(&self, number: u64, mean: Span) -> Span {
        let seconds = -mean.as_seconds() * libm::log(self.of(number, PAUSE).uniform());
        Span::from_seconds_round(seconds.min(LONGEST_S))
    }

    /// The time that its user thinks before job `number`.
    pub fn think(&self, number: u64, kind: &ProjectKind) -> Span {
        self.span(number, THINK, &kind.sessions.think_s)
    }

    /// Whether job `number` is handed in only when the one before has left.
    pub fn waits_for_last(&self, number: u64, kind: &ProjectKind) -> bool {
        let share = kind.sessions.feedback;
        share > 0.0 && self.of(number, FEEDBACK).uniform() < share
    }

    /// Its job `number`, done at so much of the speed of experts.
    pub fn job(&self, system: &System, kind: &ProjectKind, number: u64, efficiency: f64) -> Job {
        let source = &system.streams[self.stream];
        let class_id = pick(&kind.classes, || self.of(number, CLASS).uniform());
        let class = &system.classes[class_id];
        let id = JobId::of_project(self.stream, self.ordinal, number);
        let draws = Draws { universe: self.universe, key: self.key, ordinal: number };
        let (request, profile) = draws.job_of(class, efficiency, kind.mistakes.is_none());
        let profile = self.with_mistakes(kind, number, profile);
        let useful = if efficiency < 1.0 {
            Span((profile.run.0 as f64 * efficiency).round() as u64).min(profile.run)
        } else {
            profile.run
        };
        Job {
            id,
            community: source.community,
            country: source.country,
            class: class_id,
            dataset: draws.dataset(&class.datasets),
            site: None,
            request,
            profile: Profile { useful, ..profile },
        }
    }

    /// The same job, if its user makes a mistake: those who do not may still stop it.
    fn with_mistakes(&self, kind: &ProjectKind, number: u64, profile: Profile) -> Profile {
        let Some(mistakes) = &kind.mistakes else { return profile };
        if self.of(number, MISTAKE).uniform() >= mistakes.chance(number) {
            return profile;
        }
        let run = self.span(number, MISTAKE_TIME, &mistakes.after_s).max(Span::STEP).min(profile.run);
        Profile { ending: Ending::Failed, ..Profile::done(run) }
    }
}
