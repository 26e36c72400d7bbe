//! Candidate sets that change more than their sites: each is the whole scenario with changes of its own, checked and built
//! again.

use super::build::build;
use super::diagnostics::Report;
use super::format::ScenarioFile;
use super::load::checked;
use super::overrides::{Override, apply};
use super::tree::Node;
use crate::model::System;
use std::sync::Arc;

/// Builds what the sets of a sound `file` change and gives it to the sets of its `system`; `tree` is the same scenario.
pub(super) fn with_variants(
    mut system: System,
    file: &ScenarioFile,
    tree: &Node,
    report: &mut Report,
) -> System {
    for set in file.set.iter().filter(|set| !set.with.is_empty()) {
        let path = format!("set.{}.with", set.id);
        let mut changed = tree.clone();
        let changes: Vec<Override> = set.with.iter().cloned().map(Override).collect();
        let before = report.len();
        apply(&mut changed, &changes, &path, report);
        if report.len() > before {
            continue;
        }
        let Some(variant) = checked(&changed, report).map(|file| build(&file, &changed)) else { continue };
        if let Some(what) = difference(&system, &variant) {
            let text = format!("this changes {what}: a set may change how things work, not what there is");
            report.rule(tree, &path, text);
            continue;
        }
        let own = system.sets.iter_mut().find(|own| own.id == set.id);
        own.expect("a set of the file is one of the system").variant = Some(Arc::new(variant));
    }
    system
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
