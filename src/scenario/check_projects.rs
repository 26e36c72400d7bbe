//! Rules of the kinds of project, and of the communities they belong to.

use super::access_format::{AccessMode, Allocation};
use super::amount::distribution;
use super::build_arrivals::batch;
use super::build_work::by_size;
use super::check::{AboveZero, check_amount, check_weights, sound};
use super::demand_format::JobClass;
use super::diagnostics::Report;
use super::draft::Draft;
use super::problem::{Near, Problem};
use super::project_format::{Mistakes, ProjectKind};
use super::tree::Node;

/// Reports every broken rule of the kinds of project.
pub(super) fn check_projects(tree: &Node, draft: &Draft, report: &mut Report) {
    for (path, community) in sound(&draft.communities) {
        if !community.asks_projects()
            && !community.projects.is_empty()
            && !has(tree, path, "projects_per_year")
        {
            let text = "none of them come: say `projects_per_year`";
            report.rule(tree, &format!("{path}.projects"), text);
        }
    }
    for (path, kind) in sound(&draft.projects) {
        let mode = sound(&draft.access).map(|(_, mode)| mode).find(|mode| mode.id == kind.access);
        let mut rules = Rules { tree, draft, path, kind, report };
        rules.asked(mode);
        rules.classes(mode);
        rules.sessions();
        rules.helps();
        if let Some(mistakes) = &kind.mistakes {
            rules.mistakes(mistakes);
        }
    }
}

/// Whether the item at `path` of the tree has a key.
fn has(tree: &Node, path: &str, key: &str) -> bool {
    tree.nearest(path).get(key).is_some()
}

struct Rules<'a> {
    tree: &'a Node,
    draft: &'a Draft,
    path: &'a str,
    kind: &'a ProjectKind,
    report: &'a mut Report,
}

impl<'a> Rules<'a> {
    fn rule(&mut self, key: &str, text: impl Into<String>) {
        self.report.rule(self.tree, &format!("{}.{key}", self.path), text);
    }

    /// Some application has a size that its mode grants, and a score that it takes.
    fn asked(&mut self, mode: Option<&AccessMode>) {
        let hours = &self.kind.accelerator_hours;
        let path = format!("{}.accelerator_hours", self.path);
        check_amount(self.tree, &path, hours, AboveZero::Required, self.report);
        if let Some(score) = &self.kind.score {
            check_amount(self.tree, &format!("{}.score", self.path), score, AboveZero::Free, self.report);
        }
        let Some(mode) = mode else { return };
        let granted = mode.accelerator_hours;
        let judged = granted.least <= granted.most && !self.report.has_at(&path);
        let outside = |least: f64, greatest: f64| greatest < granted.least || least > granted.most;
        if judged && distribution(hours).is_ok_and(|found| outside(found.least(), found.greatest())) {
            let bounds = format!("{} to {}", granted.least, granted.most);
            self.rule("accelerator_hours", format!("`{}` grants {bounds}: it never asks for that", mode.id));
        }
        let score = self.kind.score.as_ref().and_then(|score| distribution(score).ok());
        if score.is_some_and(|score| score.greatest() < mode.least_score) {
            let text =
                format!("`{}` takes scores from {} on: it never reaches that", mode.id, mode.least_score);
            self.rule("score", text);
        }
    }

    fn classes(&mut self, mode: Option<&AccessMode>) {
        let path = format!("{}.classes", self.path);
        check_weights(self.tree, &path, &self.kind.classes, self.report);
        let bound = mode.is_some_and(|mode| mode.allocation == Allocation::Site);
        let crossing: Vec<&str> = self
            .used()
            .filter(|class| bound && class.cross_site.is_some())
            .map(|class| class.id.as_str())
            .collect();
        for id in crossing {
            let text = "jobs that train across sites need hours that are valid at all of them: \
                        `allocation = \"pooled\"`";
            self.rule(&format!("classes.{id}"), text);
        }
    }

    /// The sound classes of its jobs.
    fn used(&self) -> impl Iterator<Item = &'a JobClass> + use<'a> {
        let (draft, kind) = (self.draft, self.kind);
        let is_used = |id: &str| kind.classes.get(id).is_some_and(|weight| weight.0 > 0.0);
        sound(&draft.classes).map(|(_, class)| class).filter(move |class| is_used(&class.id))
    }

    fn sessions(&mut self) {
        let sessions = &self.kind.sessions;
        if let Err(error) = batch(&sessions.jobs) {
            self.rule("sessions.jobs", error.to_string());
        }
        let path = format!("{}.sessions.think", self.path);
        check_amount(self.tree, &path, &sessions.think, AboveZero::Free, self.report);
    }

    fn helps(&mut self) {
        let kind = self.kind;
        for (index, help) in kind.onboarding.iter().enumerate() {
            let path = format!("{}.onboarding.{index}", self.path);
            check_amount(self.tree, &format!("{path}.work"), &help.work, AboveZero::Required, self.report);
            self.skill(&format!("{path}.skill"), help.skill.as_deref());
        }
        if let Some(ticket) = kind.mistakes.as_ref().and_then(|mistakes| mistakes.ticket.as_ref()) {
            let path = format!("{}.mistakes.ticket", self.path);
            check_amount(self.tree, &format!("{path}.work"), &ticket.work, AboveZero::Required, self.report);
            self.skill(&format!("{path}.skill"), ticket.skill.as_deref());
        }
    }

    /// Somebody has the skill. Without any staff, and where some can do everything, there is nothing to know it by.
    fn skill(&mut self, path: &str, skill: Option<&str>) {
        let staff: Vec<_> = sound(&self.draft.staff).map(|(_, staff)| staff).collect();
        let (Some(skill), false) = (skill, staff.is_empty()) else { return };
        if staff.len() < self.draft.staff.len() || staff.iter().any(|staff| staff.skills.is_none()) {
            return;
        }
        let known = || staff.iter().flat_map(|staff| &staff.skills).flatten().map(String::as_str);
        if known().all(|other| other != skill) {
            let mut known: Vec<&str> = known().collect();
            known.sort_unstable();
            known.dedup();
            let near = Near::new(skill, known);
            let problem = Problem::UnknownReference { kind: "skill".to_owned(), id: skill.to_owned(), near };
            self.report.in_tree(self.tree, path, problem);
        }
    }

    fn mistakes(&mut self, mistakes: &Mistakes) {
        // A mistake that shows at once would take no time, and a project that makes it each time would never end.
        let path = format!("{}.mistakes.after", self.path);
        check_amount(self.tree, &path, &mistakes.after, AboveZero::Required, self.report);
        let most = mistakes.first.max(mistakes.last);
        let stopped = |class: &JobClass| {
            let shares = class.stopped.as_ref().map(|stopped| by_size(&stopped.share)).unwrap_or_default();
            shares.into_iter().map(|(_, share)| share).fold(0.0, f64::max)
        };
        // A hair more than 1 may come of adding decimals.
        let exceeds = |class: &JobClass| most <= 1.0 && most + stopped(class) > 1.0 + 1e-12;
        if let Some(class) = self.used().find(|class| exceeds(class)) {
            let key = if mistakes.first >= mistakes.last { "first" } else { "last" };
            let text = format!(
                "with those that are `stopped`, more than all jobs of `{}` would end early",
                class.id
            );
            self.rule(&format!("mistakes.{key}"), text);
        }
    }
}
