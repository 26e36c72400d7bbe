//! Rules that span several values: dates in order, sets of something, weights that add up, jobs that fit somewhere.
//!
//! Every rule is checked on the parts that are sound; what can't be judged because a part is broken is left for the
//! next attempt, so that one slip never shows up as two errors.

use super::amount::{AsNumber, counts, distribution};
use super::build_scheduler::local_policy;
use super::check_access::check_access;
use super::check_arrivals::{check_arrivals, check_batch};
use super::check_broker::check_broker;
use super::check_choice::check_choice;
use super::check_data::check_data;
use super::check_fits::check_fits;
use super::check_flexibility::check_flexibility;
use super::check_network::check_network;
use super::check_objectives::check_objectives;
use super::check_partition::check_partitions;
use super::check_precision::check_precision;
use super::check_projects::check_projects;
use super::check_staff::check_staff;
use super::check_sweep::check_sweep;
use super::check_work::check_work;
use super::demand_format::{Amount, Community, Counts, Varied, Weight};
use super::diagnostics::Report;
use super::draft::{Draft, Item};
use super::format::{Site, Status};
use super::problem::Problem;
use super::scheduler_format::{Backfill, BackfillRule, Scheduler};
use super::tables::check_tables;
use super::tree::Node;
use crate::engine::entity_key;
use crate::model::Order;
use crate::units::Span;
use std::collections::BTreeMap;

/// The longest observation, so that instants and spans stay far from the end of 64 bits of nanoseconds.
pub(super) const LONGEST_DAYS: i32 = 100 * 365;

/// Reports every broken rule.
pub(super) fn check(tree: &Node, draft: &Draft, report: &mut Report) {
    let mut rules = Rules { tree, draft, report };
    rules.observation();
    rules.sites();
    rules.communities();
    rules.classes();
    rules.sets();
    check_tables(tree, &draft.tables, report);
    check_broker(tree, draft, report);
    check_access(tree, draft, report);
    check_projects(tree, draft, report);
    check_staff(tree, draft, report);
    check_objectives(tree, draft, report);
    check_precision(tree, draft, report);
    check_choice(tree, draft, report);
    check_sweep(tree, draft.sweep.as_ref(), report);
    check_data(tree, draft, report);
    check_network(tree, draft, report);
    check_fits(tree, draft, report);
}

struct Rules<'a> {
    tree: &'a Node,
    draft: &'a Draft,
    report: &'a mut Report,
}

/// The parts that are sound.
pub(super) fn sound<T>(items: &[Item<T>]) -> impl Iterator<Item = (&str, &T)> {
    items.iter().filter_map(|item| Some((item.path.as_str(), item.value.as_ref()?)))
}

impl Rules<'_> {
    fn rule(&mut self, path: &str, text: impl Into<String>) {
        self.report.rule(self.tree, path, text);
    }

    fn observation(&mut self) {
        let Some(observation) = &self.draft.observation else { return };
        let (start, end) = (observation.start, observation.end);
        let days = (end - start).get_days();
        if days <= 0 {
            return self.rule("observation.end", format!("the end {end} must lie after the start {start}"));
        }
        if days > LONGEST_DAYS {
            return self
                .rule("observation.end", format!("{days} days are observed, at most {LONGEST_DAYS} can be"));
        }
        let length = Span::from_seconds(u64::from(days.unsigned_abs()) * 86_400);
        if observation.warm_up >= length {
            let text = format!(
                "the warm-up {} must be shorter than the {days} d that are observed",
                observation.warm_up
            );
            self.rule("observation.warm_up", text);
        }
    }

    fn sites(&mut self) {
        for (path, site) in sound(&self.draft.sites) {
            check_partitions(self.tree, self.draft, (path, site), self.report);
            self.calendars(path, site);
        }
    }

    /// The published order of events is that of machines without a calendar.
    fn calendars(&mut self, path: &str, site: &Site) {
        if self.tree.get("event_order").and_then(Node::text) != Some("submissions-first") {
            return;
        }
        for partition in site.partition.iter().filter(|partition| !partition.calendar.is_empty()) {
            let text =
                "the event order `submissions-first` knows no calendar: it replays published schedules";
            self.rule(&format!("{path}.partition.{}.calendar", partition.id), text);
        }
    }

    fn communities(&mut self) {
        let mut keys: BTreeMap<u64, String> = BTreeMap::new();
        for (path, community) in sound(&self.draft.communities) {
            self.weights(&format!("{path}.countries"), &community.countries);
            if community.asks_jobs() || !community.asks_projects() {
                self.weights(&format!("{path}.classes"), &community.classes);
            }
            if community.asks_projects() {
                self.weights(&format!("{path}.projects"), &community.projects);
            }
            check_arrivals(self.tree, (path, community), self.report);
            for key in stream_keys(community) {
                let Some(other) = keys.insert(entity_key("stream", &key), key.clone()) else { continue };
                if other != key {
                    self.rule(
                        path,
                        format!("`{key}` and `{other}` draw the same random numbers: rename one"),
                    );
                }
            }
        }
    }

    fn weights(&mut self, path: &str, weights: &BTreeMap<String, Weight>) {
        check_weights(self.tree, path, weights, self.report);
    }

    fn classes(&mut self) {
        let reference = self.tree.get("reference_accelerator").and_then(Node::text);
        for (path, class) in sound(&self.draft.classes) {
            if counts(class).is_empty() && !matches!(class.accelerators, Counts::Named(_)) {
                self.rule(&format!("{path}.accelerators"), "at least one weight must be above zero");
            }
            self.amount(&format!("{path}.duration"), class.duration.as_ref(), AboveZero::Required);
            self.amount(&format!("{path}.work"), class.work.as_ref(), AboveZero::Required);
            let factor = class.requested.as_ref().map(|requested| &requested.factor);
            self.amount(&format!("{path}.requested.factor"), factor, AboveZero::Required);
            self.amount(&format!("{path}.input"), Some(&class.input), AboveZero::Free);
            self.amount(&format!("{path}.output"), Some(&class.output), AboveZero::Free);
            check_batch(self.tree, (path, class), self.report);
            check_work(self.tree, (path, class), reference, self.report);
            check_flexibility(self.tree, (path, class), self.report);
        }
    }

    fn amount<Q: AsNumber>(&mut self, path: &str, amount: Option<&Amount<Q>>, above_zero: AboveZero) {
        if let Some(amount) = amount {
            check_amount(self.tree, path, amount, above_zero, self.report);
        }
    }

    fn sets(&mut self) {
        let committed = sound(&self.draft.sites).any(|(_, site)| site.status == Status::Committed);
        for (path, set) in sound(&self.draft.sets) {
            if set.sites.is_empty() && !committed {
                self.rule(
                    &format!("{path}.sites"),
                    "a set without sites: no site is named and none is committed",
                );
            }
        }
    }
}

/// Reports every broken rule of the scheduler at `path`.
pub(super) fn check_scheduler(tree: &Node, path: &str, scheduler: &Scheduler, report: &mut Report) {
    let Scheduler::Parts(parts) = scheduler else { return };
    let policy = local_policy(scheduler);
    if policy.order == Order::DominantResource && policy.keeps_reservations() {
        let text = "every start moves the dominant shares, and conservative backfilling keeps its reservations: say \
                    `compression = \"replan\"`";
        report.rule(tree, &format!("{path}.backfill"), text);
    }
    if let Backfill::Rule(BackfillRule::Easy { reservations: 2.., spare_units: false, .. }) = parts.backfill {
        let text = "only a single reservation can do without spare units: `reservations` has to be 1 here";
        report.rule(tree, &format!("{path}.backfill.spare_units"), text);
    }
}

/// Reports weights that are all zero, unless the key is missing, which was reported.
pub(super) fn check_weights(
    tree: &Node,
    path: &str,
    weights: &BTreeMap<String, Weight>,
    report: &mut Report,
) {
    let sum: f64 = weights.values().map(|weight| weight.0).sum();
    let sound = weights.values().all(|weight| weight.0 >= 0.0);
    if !(sum > 0.0 && sum.is_finite()) && sound && !report.has_at(path) {
        report.rule(tree, path, "at least one weight must be above zero");
    }
}

/// Reports what is wrong with the distribution of an amount.
pub(super) fn check_amount<Q: AsNumber>(
    tree: &Node,
    path: &str,
    amount: &Amount<Q>,
    above_zero: AboveZero,
    report: &mut Report,
) {
    // A parameter out of its range was reported by itself, and so was a table that is missing or of the wrong kind.
    if report.has_below(path) || matches!(amount, Amount::Varied(Varied::Named { .. })) {
        return;
    }
    match distribution(amount) {
        Err(error) => report.in_tree(tree, path, Problem::Distribution(error)),
        Ok(found) if above_zero == AboveZero::Required && found.mean() <= 0.0 => {
            report.rule(tree, path, "must be above zero");
        }
        Ok(_) => {}
    }
}

/// Whether a mean of zero is refused.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum AboveZero {
    Required,
    Free,
}

/// The keys of a community's streams: the countries that ask for something.
pub(super) fn stream_keys(community: &Community) -> impl Iterator<Item = String> {
    let asking = community.countries.keys().filter(|id| community.countries[*id].0 > 0.0);
    asking.flat_map(|country| {
        let jobs = community.asks_jobs().then(|| format!("{}/{country}", community.id));
        let projects = community.asks_projects().then(|| projects_key(&community.id, country));
        jobs.into_iter().chain(projects)
    })
}

/// The key of the stream of projects of a community in a country.
pub(super) fn projects_key(community: &str, country: &str) -> String {
    format!("{community}/{country}/projects")
}
