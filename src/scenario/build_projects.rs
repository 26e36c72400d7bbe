//! From the kinds of project of a checked file to those of the model.

use super::build::{named, or_id, shares};
use super::build_arrivals::batch;
use super::build_class::valid;
use super::project_format::{Help as FileHelp, Mistakes as FileMistakes, ProjectKind as FileKind};
use crate::engine::Distribution;
use crate::model::{
    AccessMode, ClassId, Help, IdVec, JobClass, Learning, Mistakes, ModeId, ProjectKind, Sessions, Ticket,
};

/// The kind of project of the model.
pub(super) fn project_kind(
    kind: &FileKind,
    modes: &IdVec<ModeId, AccessMode>,
    classes: &IdVec<ClassId, JobClass>,
) -> ProjectKind {
    let sessions = &kind.sessions;
    ProjectKind {
        id: kind.id.clone(),
        name: or_id(kind.name.as_ref(), &kind.id),
        mode: named(modes, |mode| mode.id == kind.access),
        hours: valid(&kind.accelerator_hours),
        score: kind.score.as_ref().map_or(Distribution::Constant(1.0), valid),
        classes: shares(&kind.classes, |id| named(classes, |class| class.id == id)),
        sessions: Sessions {
            jobs: batch(&sessions.jobs).expect("sessions are checked before the system is built"),
            think_s: valid(&sessions.think),
            feedback: sessions.feedback,
            pace: sessions.pace,
        },
        onboarding: kind.onboarding.iter().map(help).collect(),
        small: kind.small_job,
        learning: kind
            .learning
            .map(|learning| Learning { efficiency: learning.efficiency, supported: learning.supported }),
        mistakes: kind.mistakes.as_ref().map(mistakes),
    }
}

fn help(help: &FileHelp) -> Help {
    Help { skill: help.skill.clone(), work_s: valid(&help.work) }
}

fn mistakes(mistakes: &FileMistakes) -> Mistakes {
    Mistakes {
        first: mistakes.first,
        last: mistakes.last,
        jobs: mistakes.jobs,
        after_s: valid(&mistakes.after),
        ticket: mistakes.ticket.as_ref().map(|ticket| Ticket {
            share: ticket.share,
            help: Help { skill: ticket.skill.clone(), work_s: valid(&ticket.work) },
        }),
    }
}
