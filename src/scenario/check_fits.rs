//! Whether every job fits somewhere: on some partition at all, then on one that takes its community, under the limits of
//! what its community and country may hold there. Judged only if all sites are sound.

use super::amount::counts;
use super::check::sound;
use super::demand_format::{Community, JobClass, Weight};
use super::diagnostics::Report;
use super::draft::Draft;
use super::partition_nodes::Room;
use super::project_format::ProjectKind;
use super::tree::Node;

/// How jobs come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    /// Without a project.
    Itself,
    /// By projects, which may have limits of their own.
    Project,
}

/// Reports jobs that fit nowhere.
pub(super) fn check_fits(tree: &Node, draft: &Draft, report: &mut Report) {
    let Some(rooms) = rooms(draft) else { return };
    let Some((room, most)) = greatest(&rooms, |room| Some(room.accelerators(room.nodes_per_job()))) else {
        return;
    };
    let too_large = |class: &JobClass| greatest_count(class).filter(|&count| u64::from(count) > most);
    for (path, class) in sound(&draft.classes) {
        if let Some(count) = too_large(class) {
            let place = format!("the greatest, `{}` of `{}`, takes {most}", room.partition.id, room.site.id);
            let text = format!("a job of {count} accelerators fits no partition: {place}");
            report.rule(tree, &format!("{path}.{}", size_key(class)), text);
        }
    }
    let classes = sound(&draft.classes).map(|(_, class)| class);
    let judged: Vec<&JobClass> = classes.filter(|class| too_large(class).is_none()).collect();
    for (path, community) in sound(&draft.communities).filter(|(_, community)| community.asks()) {
        let admitting: Vec<Room<'_>> =
            rooms.iter().copied().filter(|room| room.admits(&community.id)).collect();
        if admitting.is_empty() {
            report.rule(tree, path, "no partition takes its jobs: all have `communities` without it");
            continue;
        }
        let of_jobs = |class: &&&JobClass| community.asks_jobs() && asked(&community.classes, &class.id);
        for class in judged.iter().filter(of_jobs) {
            if let Some(text) = nowhere(&admitting, community, class, By::Itself) {
                report.rule(tree, &format!("{path}.classes.{}", class.id), text);
            }
        }
        let kinds = sound(&draft.projects).map(|(_, kind)| kind);
        let of_it = |kind: &&ProjectKind| community.asks_projects() && asked(&community.projects, &kind.id);
        for kind in kinds.filter(of_it) {
            for class in judged.iter().filter(|class| asked(&kind.classes, &class.id)) {
                if let Some(text) = nowhere(&admitting, community, class, By::Project) {
                    let text = format!("of its jobs of the class `{}`: {text}", class.id);
                    report.rule(tree, &format!("{path}.projects.{}", kind.id), text);
                }
            }
        }
    }
}

/// All partitions with the owners of their nodes, if all are sound.
fn rooms(draft: &Draft) -> Option<Vec<Room<'_>>> {
    let sites = draft.sites.iter().map(|item| item.value.as_ref()).collect::<Option<Vec<_>>>()?;
    let partitions =
        sites.into_iter().flat_map(|site| site.partition.iter().map(move |part| Room::new(site, part)));
    partitions.collect()
}

/// The partition that takes the largest jobs, and how many accelerators these hold.
fn greatest<'a>(rooms: &[Room<'a>], most: impl Fn(Room<'a>) -> Option<u64>) -> Option<(Room<'a>, u64)> {
    rooms.iter().filter_map(|&room| Some((room, most(room)?))).max_by_key(|(_, most)| *most)
}

/// Why the largest jobs of a class fit no partition that takes the community, from any country that asks for them.
fn nowhere(admitting: &[Room<'_>], community: &Community, class: &JobClass, by: By) -> Option<String> {
    let count = greatest_count(class)?;
    let asking: Vec<&str> =
        community.countries.keys().map(String::as_str).filter(|id| asked(&community.countries, id)).collect();
    let best = |country| greatest(admitting, |room| Some(room.most_for(&community.id, country, by)));
    let short: Vec<_> = asking
        .iter()
        .filter_map(|&country| Some((country, best(country)?)))
        .filter(|(_, (_, most))| u64::from(count) > *most)
        .collect();
    let &(_, (room, most)) = short.first()?;
    let from = short.iter().map(|(country, _)| *country).collect::<Vec<_>>().join(", ");
    let from = if short.len() == asking.len() { String::new() } else { format!(" from {from}") };
    Some(format!(
        "a job of {count} accelerators{from} fits no partition that takes this community: the greatest, `{}` of `{}`, \
         lets it hold {most}",
        room.partition.id, room.site.id
    ))
}

fn asked(weights: &std::collections::BTreeMap<String, Weight>, id: &str) -> bool {
    weights.get(id).is_some_and(|weight| weight.0 > 0.0)
}

/// Where the sizes of a class's jobs are written.
fn size_key(class: &JobClass) -> &'static str {
    match (&class.moldable, &class.malleable) {
        (Some(_), _) => "moldable.sizes",
        (None, Some(_)) => "malleable.minimum",
        (None, None) => "accelerators",
    }
}

/// Accelerators of the largest job of a class; where its jobs have several sizes, the smallest of these has to fit, and
/// where they train across sites, the smallest part.
fn greatest_count(class: &JobClass) -> Option<u32> {
    if let Some(moldable) = &class.moldable {
        return moldable.sizes.iter().copied().min();
    }
    if let Some(malleable) = &class.malleable {
        return Some(malleable.minimum);
    }
    let most = counts(class).into_iter().map(|(count, _)| count).max()?;
    // A job may be split over as many sites, if that many take its parts.
    Some(class.cross_site.map_or(most, |rule| most.div_ceil(rule.sites.max(1))))
}

impl Room<'_> {
    fn admits(self, community: &str) -> bool {
        let listed = self.partition.communities.as_ref();
        listed.is_none_or(|ids| ids.iter().any(|id| id == community))
    }

    /// Accelerators of the largest job of a community from a country.
    fn most_for(self, community: &str, country: &str, by: By) -> u64 {
        let is_about = |only: Option<&String>, countries: Option<&Vec<String>>| {
            only.is_none_or(|id| id == community)
                && countries.is_none_or(|ids| ids.iter().any(|id| id == country))
        };
        let limits = self.partition.limit.iter().filter(|limit| limit.per.is_none() || by == By::Project);
        let about = limits.filter(|limit| is_about(limit.community.as_ref(), limit.countries.as_ref()));
        let limits = about.filter_map(|limit| limit.nodes);
        let mut quotas = self.owner.quota.iter();
        let quota = quotas.find(|quota| is_about(quota.community.as_ref(), quota.countries.as_ref()));
        let quota = quota.and_then(|quota| Some(quota.nodes.saturating_add(quota.borrow?)));
        let nodes = limits.chain(quota).chain([self.nodes_per_job()]).min().unwrap_or(0);
        self.accelerators(nodes)
    }
}
