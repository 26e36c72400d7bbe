//! The scenario with other values: candidate sets that change more than their sites, futures, and points of a sweep. Each is
//! the whole scenario with changes of its own, checked and built again.

use super::build::{build, or_id};
use super::diagnostics::{Diagnostics, Report};
use super::format::ScenarioFile;
use super::load::{Scenario, checked};
use super::overrides::{Override, apply};
use super::tree::Node;
use crate::model::{Future, System};
use std::sync::Arc;

/// The system of a tree, with what its sets change, if nothing is wrong with it nor with anything before.
pub(super) fn built(tree: &Node, report: &mut Report) -> Option<(ScenarioFile, System)> {
    let file = checked(tree, report)?;
    let mut system = build(&file, tree);
    for set in file.set.iter().filter(|set| !set.with.is_empty()) {
        let path = format!("set.{}.with", set.id);
        let changed = changed(tree, &overrides(&set.with), &path, report);
        let variant = changed.and_then(|changed| Some(build(&checked(&changed, report)?, &changed)));
        let Some(variant) = variant else { continue };
        if is_comparable((&system, &variant), (tree, &path), report) {
            let own = system.sets.iter_mut().find(|own| own.id == set.id);
            own.expect("a set of the file is one of the system").variant = Some(Arc::new(variant));
        }
    }
    report.is_empty().then_some((file, system))
}

/// The futures of a sound `file`, whose `system` stands in the same `tree`.
pub(super) fn futures(system: &System, file: &ScenarioFile, tree: &Node, report: &mut Report) -> Vec<Future> {
    let mut futures = Vec::new();
    for future in &file.future {
        let path = format!("future.{}.with", future.id);
        let own = if future.with.is_empty() {
            Some(system.clone())
        } else {
            at(system, (tree, &overrides(&future.with)), &path, report)
        };
        futures.extend(own.map(|own| Future {
            id: future.id.clone(),
            name: or_id(future.name.as_ref(), &future.id),
            weight: future.weight,
            system: Arc::new(own),
        }));
    }
    futures
}

impl Scenario {
    /// The system of this scenario with other values; `name` tells the reader of an error where the changes come from.
    ///
    /// # Errors
    /// All that is wrong with the changes. They may change how things work, not what there is nor the observation.
    pub fn at(&self, changes: &[Override], name: &str) -> Result<System, Diagnostics> {
        let mut report = Report::of(self.sources.clone());
        at(&self.system, (&self.tree, changes), name, &mut report).ok_or_else(|| report.finish())
    }
}

/// The system of a tree with changes; what is wrong with them goes to the report.
pub(super) fn at(
    system: &System,
    (tree, changes): (&Node, &[Override]),
    name: &str,
    report: &mut Report,
) -> Option<System> {
    let changed = changed(tree, changes, name, report)?;
    let (_, own) = built(&changed, report)?;
    is_comparable((system, &own), (tree, name), report).then_some(own)
}

fn overrides(with: &[String]) -> Vec<Override> {
    with.iter().cloned().map(Override).collect()
}

/// The tree with changes, which are located in the pseudo-file `name`.
pub(super) fn changed(tree: &Node, changes: &[Override], name: &str, report: &mut Report) -> Option<Node> {
    let mut changed = tree.clone();
    let before = report.len();
    apply(&mut changed, changes, name, report);
    (report.len() == before).then_some(changed)
}

/// Whether results of two systems can stand side by side; if not, this is reported at `path`.
fn is_comparable((one, other): (&System, &System), (tree, path): (&Node, &str), report: &mut Report) -> bool {
    let Some(what) = difference(one, other) else { return true };
    let text = format!("this changes {what}: it may change how things work, not what there is");
    report.rule(tree, path, text);
    false
}

/// What there is in one of two systems and not in the other: such results could not stand side by side.
fn difference(one: &System, other: &System) -> Option<&'static str> {
    fn ids<'s, T: 's>(items: impl IntoIterator<Item = &'s T>, id: impl Fn(&T) -> &str) -> Vec<String> {
        items.into_iter().map(|item| id(item).to_owned()).collect()
    }
    let of = |system: &System| {
        [
            ("the name", vec![system.name.clone()]),
            ("the observation", vec![format!("{:?} from {:?}", system.observation, system.calendar)]),
            ("the sites", ids(&system.sites, |site| &site.id)),
            ("the partitions", ids(&system.partitions, |partition| &partition.id)),
            ("the countries", ids(&system.countries, |country| &country.id)),
            ("the communities", ids(&system.communities, |community| &community.id)),
            ("the classes", ids(&system.classes, |class| &class.id)),
            ("the datasets", ids(&system.datasets, |dataset| &dataset.id)),
            ("the links", ids(&system.topology.links, |link| &link.name)),
            ("the access modes", ids(&system.projects.modes, |mode| &mode.id)),
            ("the kinds of project", ids(&system.projects.kinds, |kind| &kind.id)),
            ("the staff", ids(&system.projects.pools, |pool| &pool.id)),
            ("the sets", system.sets.iter().map(|set| format!("{} {:?}", set.id, set.sites)).collect()),
        ]
    };
    of(one).into_iter().zip(of(other)).find(|(one, other)| one.1 != other.1).map(|((what, _), _)| what)
}
