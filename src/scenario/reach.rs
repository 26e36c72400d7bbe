//! Whether the network holds together: every site can be reached from every country that asks for
//! something, or holds a dataset.

use super::diagnostics::Report;
use super::draft::{Draft, Item};
use super::tree::Node;
use std::collections::BTreeMap;

/// Reports sites and countries with demand between which there is no route. Judged only if routers, links and ends
/// are sound: a misspelt router would look like a hole in the network.
pub(super) fn check_reach(tree: &Node, draft: &Draft, report: &mut Report) {
    let broken = |item: &Item<super::network_format::Link>| item.value.is_none();
    if draft.links.iter().any(broken) || report.touches(&["router", "link", "country"]) {
        return;
    }
    let pieces = pieces(tree, draft);
    let piece_of = |node: &Node| pieces.get(node.get("router")?.text()?).copied();
    let asking: Vec<(String, usize)> = nodes(tree, "country")
        .filter_map(|country| Some((country.id()?, piece_of(country)?)))
        .filter(|(country, _)| asks(draft, country) || is_home(draft, country))
        .collect();
    for site in nodes(tree, "site") {
        let (Some(id), Some(piece)) = (site.id(), piece_of(site)) else { continue };
        let cut_off: Vec<&str> =
            asking.iter().filter(|(_, other)| *other != piece).map(|(country, _)| country.as_str()).collect();
        if !cut_off.is_empty() {
            let text = format!("no route over the links leads to this site from {}", cut_off.join(", "));
            report.rule(tree, &format!("site.{id}.router"), text);
        }
    }
}

fn nodes<'a>(tree: &'a Node, kind: &str) -> impl Iterator<Item = &'a Node> {
    tree.get(kind).map_or(&[][..], Node::items).iter()
}

/// Whether a dataset lies with a country's users.
fn is_home(draft: &Draft, country: &str) -> bool {
    let single = draft.datasets.iter().filter_map(|item| item.value.as_ref()?.home_country.as_deref());
    let groups = draft.dataset_groups.iter().filter_map(|item| item.value.as_ref()?.home_country.as_deref());
    single.chain(groups).any(|home| home == country)
}

fn asks(draft: &Draft, country: &str) -> bool {
    let communities = draft.communities.iter().filter_map(|item| item.value.as_ref());
    communities
        .filter(|community| community.asks())
        .any(|community| community.countries.get(country).is_some_and(|weight| weight.0 > 0.0))
}

/// The piece of the network each router is in, as the least number of its routers.
fn pieces(tree: &Node, draft: &Draft) -> BTreeMap<String, usize> {
    let routers = nodes(tree, "router").filter_map(Node::id).enumerate();
    let mut pieces: BTreeMap<String, usize> = routers.map(|(number, id)| (id, number)).collect();
    for link in draft.links.iter().filter_map(|item| item.value.as_ref()) {
        let [one, other] = &link.between;
        let (Some(&one), Some(&other)) = (pieces.get(one), pieces.get(other)) else { continue };
        let (kept, gone) = (one.min(other), one.max(other));
        pieces.values_mut().filter(|piece| **piece == gone).for_each(|piece| *piece = kept);
    }
    pieces
}
