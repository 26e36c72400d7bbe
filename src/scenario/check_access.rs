//! Rules of access modes: bounds in order, cut-offs within the observation, periods of at least a day, and somebody of those
//! who apply who may.

use super::access_format::{AccessMode, Allocation, CutOffs};
use super::build_access::instants;
use super::check::{AboveZero, LONGEST_DAYS, check_amount, sound};
use super::demand_format::Community;
use super::diagnostics::Report;
use super::draft::Draft;
use super::tree::Node;
use crate::units::{Calendar, Span};

const DAY: Span = Span(86_400_000_000_000);

/// Reports every broken rule of the access modes.
pub(super) fn check_access(tree: &Node, draft: &Draft, report: &mut Report) {
    for (path, mode) in sound(&draft.access) {
        let mut rules = Rules { tree, draft, path, mode, report };
        rules.hours();
        rules.cut_offs();
        rules.amounts();
        rules.budget();
        rules.choices();
        rules.applicants();
    }
}

struct Rules<'a> {
    tree: &'a Node,
    draft: &'a Draft,
    path: &'a str,
    mode: &'a AccessMode,
    report: &'a mut Report,
}

impl Rules<'_> {
    fn rule(&mut self, key: &str, text: impl Into<String>) {
        self.report.rule(self.tree, &format!("{}.{key}", self.path), text);
    }

    fn hours(&mut self) {
        let hours = self.mode.accelerator_hours;
        if hours.least > hours.most {
            let text = format!("the least, {}, exceeds the most, {}", hours.least, hours.most);
            self.rule("accelerator_hours.least", text);
        }
    }

    fn cut_offs(&mut self) {
        let Some(cut_offs) = &self.mode.cut_offs else { return };
        self.order(cut_offs);
        let path = format!("{}.cut_offs", self.path);
        let sound = !self.report.has_at(&path) && !self.report.has_below(&path);
        let Some(observation) = self.draft.observation.as_ref().filter(|_| sound) else {
            return;
        };
        let days = (observation.end - observation.start).get_days();
        if !(1..=LONGEST_DAYS).contains(&days) {
            return;
        }
        if instants(cut_offs, observation, Calendar::starting(observation.start)).is_empty() {
            let (start, end) = (observation.start, observation.end);
            let text =
                format!("none lies within the observation, from {start} to {end}: nothing would be taken up");
            self.rule("cut_offs", text);
        }
    }

    fn order(&mut self, cut_offs: &CutOffs) {
        let dates = cut_offs.dates.as_deref().unwrap_or(&[]);
        if let Some(place) = dates.windows(2).position(|pair| pair[0] >= pair[1]) {
            let text = format!("the days are in order: {} comes after {}", dates[place + 1], dates[place]);
            self.rule(&format!("cut_offs.dates.{}", place + 1), text);
        }
        if let Some(every) = cut_offs.every.filter(|every| *every < DAY) {
            self.rule("cut_offs.every", format!("at least a day lies between two cut-offs, found {every}"));
        }
        match (cut_offs.first, cut_offs.last) {
            (Some(first), Some(last)) if last < first => {
                self.rule("cut_offs.last", format!("the last day lies before the first, {first}"));
            }
            (None, Some(_)) if cut_offs.dates.is_some() => {
                self.rule("cut_offs.last", "only what has a `first` and an `every` goes on until a day");
            }
            _ => {}
        }
        if cut_offs.dates.is_some() && cut_offs.every.is_some() {
            self.rule("cut_offs.every", "is for those that follow a `first`: `dates` names each day");
        }
    }

    fn amounts(&mut self) {
        if let Some(review) = &self.mode.review {
            let path = format!("{}.review.work", self.path);
            check_amount(self.tree, &path, &review.work, AboveZero::Required, self.report);
        }
        if let Some(again) = &self.mode.again {
            let path = format!("{}.again.after", self.path);
            check_amount(self.tree, &path, &again.after, AboveZero::Required, self.report);
        }
    }

    fn budget(&mut self) {
        if let Some(budget) = self.mode.budget.filter(|budget| budget.period < DAY) {
            self.rule("budget.period", format!("a period lasts at least a day, found {}", budget.period));
        }
    }

    fn choices(&mut self) {
        if self.mode.choices.is_some() && self.mode.allocation == Allocation::Pooled {
            self.rule(
                "choices",
                "hours that may be used anywhere name no sites: `choices` is for `allocation = \"site\"`",
            );
        }
    }

    /// Of those who apply, somebody may.
    fn applicants(&mut self) {
        let applying: Vec<&Community> = sound(&self.draft.communities)
            .map(|(_, community)| community)
            .filter(|of| self.applies(of))
            .collect();
        let lists = ["communities", "countries"].map(|key| format!("{}.{key}", self.path));
        let misspelt = lists.iter().any(|path| self.report.has_at(path) || self.report.has_below(path));
        if misspelt || applying.is_empty() || applying.iter().any(|community| self.admits(community)) {
            return;
        }
        let admitted = |community: &&Community| match &self.mode.communities {
            Some(those) => those.contains(&community.id),
            None => true,
        };
        let key = if applying.iter().any(admitted) { "countries" } else { "communities" };
        let ids: Vec<&str> = applying.iter().map(|community| community.id.as_str()).collect();
        self.rule(key, format!("it admits nobody of those who apply: {}", ids.join(", ")));
    }

    fn applies(&self, community: &Community) -> bool {
        let by_this = |id: &str| {
            sound(&self.draft.projects).any(|(_, kind)| kind.id == id && kind.access == self.mode.id)
        };
        let mut kinds = community.projects.iter().filter(|(_, weight)| weight.0 > 0.0);
        community.asks_projects() && kinds.any(|(id, _)| by_this(id))
    }

    fn admits(&self, community: &Community) -> bool {
        let listed = |ids: Option<&Vec<String>>, id: &String| ids.is_none_or(|ids| ids.contains(id));
        let mut countries = community.countries.iter().filter(|(_, weight)| weight.0 > 0.0);
        listed(self.mode.communities.as_ref(), &community.id)
            && countries.any(|(id, _)| listed(self.mode.countries.as_ref(), id))
    }
}
