//! The rows of the programme, and the groups of jobs with what they use of them.

use super::FluidBound;
use super::capacity::offered_h;
use super::demand::{Demand, Share, Staged};
use super::first_copies::FirstCopies;
use super::programme::{Programme, Uses};
use super::reach::greatest_rate;
use super::ways::Way;
use crate::model::{CountryId, Id, LinkId, PartitionId, SiteId};
use std::collections::BTreeMap;

/// The numbers of the rows.
struct Rows {
    nodes: BTreeMap<PartitionId, usize>,
    caps: Vec<usize>,
    /// Of the links that could run short in the window.
    links: BTreeMap<LinkId, usize>,
    /// Of those that could run short from the begin of the observation to its end.
    ever: BTreeMap<LinkId, usize>,
    copies: FirstCopies,
}

/// How finely jobs are told apart by what they need of links.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Links {
    /// By country, and by bytes to work.
    ByRatio,
    /// By country, each with the least bytes to work of its jobs.
    ByCountry,
    /// The same, and first copies of datasets are left out.
    WithoutCopies,
    /// Not at all: links are left out.
    Out,
}

/// The most ways of all groups together that are solved for: about a tenth of a second. A coarser programme bounds, too.
const MOST_WAYS: usize = 20_000;

impl FluidBound<'_> {
    /// The programme of the rows seen, as fine as its size allows.
    pub(super) fn programme(&self) -> Programme {
        let has_datasets = !self.system.datasets.is_empty();
        let fine = [Links::ByRatio, Links::ByCountry, Links::WithoutCopies].into_iter();
        let fine = fine.filter(|&links| has_datasets || links != Links::WithoutCopies);
        let fine = fine.map(|links| self.programme_with(links));
        let small = fine.into_iter().find(|programme| programme.ways() <= MOST_WAYS);
        small.unwrap_or_else(|| self.programme_with(Links::Out))
    }

    fn programme_with(&self, links: Links) -> Programme {
        let mut programme = Programme::default();
        let rows = self.rows(&mut programme, links);
        for demand in &self.demands.all {
            for (share, ways) in demand.shares() {
                let ways: Vec<(SiteId, Uses)> = ways.map(|way| self.uses(&rows, demand, way)).collect();
                let without_links = || ways.iter().map(|(_, uses)| uses.clone());
                programme.add_work(share.hours, without_links());
                for (country, staged) in countries(share) {
                    if !self.crosses_any(&rows, country) {
                        programme.add_work(staged.iter().map(|staged| staged.hours).sum(), without_links());
                        continue;
                    }
                    let least = staged.iter().map(|staged| staged.bytes_per_h).fold(f64::INFINITY, f64::min);
                    for staged in staged {
                        let ratio = if links == Links::ByRatio { staged.bytes_per_h } else { least };
                        let ways = ways
                            .iter()
                            .map(|(site, uses)| self.with_links(&rows, uses, country, *site, ratio));
                        programme.add_work(staged.hours, ways);
                    }
                }
            }
        }
        programme
    }

    fn rows(&self, programme: &mut Programme, links: Links) -> Rows {
        let owners = self.system.partitions_of(self.set).filter(|&id| self.system.owns_nodes(id));
        let nodes =
            owners.map(|id| (id, programme.add_row(offered_h(self.system, id, self.window)))).collect();
        let caps = self.caps.iter().map(|cap| programme.add_row(cap.amount_h)).collect();
        let (mut links_short, mut ever) = (BTreeMap::new(), BTreeMap::new());
        let copies = match links {
            Links::ByRatio | Links::ByCountry => self.first_copies(),
            Links::WithoutCopies | Links::Out => FirstCopies::default(),
        };
        if links != Links::Out {
            let mut short = |short: Vec<(LinkId, f64)>| -> BTreeMap<LinkId, usize> {
                short.into_iter().map(|(link, bytes)| (link, programme.add_row(bytes))).collect()
            };
            links_short = short(self.short_links(&copies));
            ever = short(self.short_ever(&copies));
        }
        Rows { nodes, caps, links: links_short, ever, copies }
    }

    /// The links that could not carry the input of all countries whose routes cross them and the first copies that come
    /// in the window, with what they can carry.
    fn short_links(&self, copies: &FirstCopies) -> Vec<(LinkId, f64)> {
        let mut asked = self.inputs_asked();
        for (link, dataset) in copies.crossings().filter(|&(_, dataset)| self.comes_in_window(dataset)) {
            asked[link.index()] += self.system.datasets[dataset].size.0 as f64;
        }
        let links = self.system.topology.links.ids().zip(asked).zip(&self.offered);
        links
            .filter(|((_, asked), offered)| asked > *offered)
            .map(|((id, _), &offered)| (id, offered))
            .collect()
    }

    /// The same over all of the observation, for links that carry first copies of which something may have come before
    /// the window.
    fn short_ever(&self, copies: &FirstCopies) -> Vec<(LinkId, f64)> {
        let mut early = vec![false; self.offered.len()];
        let mut asked = self.inputs_asked();
        for (link, dataset) in copies.crossings() {
            early[link.index()] |= !self.comes_in_window(dataset);
            asked[link.index()] += self.system.datasets[dataset].size.0 as f64;
        }
        let before_s = self.window.from.as_seconds();
        let links = self.system.topology.links.ids().zip(asked).zip(&self.offered);
        let offered = |(link, asked): (LinkId, f64), &offered: &f64| {
            let ever = offered + greatest_rate(self.system, link) * before_s;
            (early[link.index()] && asked > ever).then_some((link, ever))
        };
        links.filter_map(|(link, in_window)| offered(link, in_window)).collect()
    }

    /// `[link]`: the input of all countries whose routes cross it.
    fn inputs_asked(&self) -> Vec<f64> {
        let mut asked = vec![0.0; self.system.topology.links.len()];
        let mut by_country = vec![0.0; self.system.countries.len()];
        for (share, _) in self.demands.all.iter().flat_map(Demand::shares) {
            for (country, staged) in countries(share) {
                by_country[country.index()] += staged.iter().map(|staged| staged.bytes).sum::<f64>();
            }
        }
        for (country, bytes) in self.system.countries.ids().zip(by_country) {
            let routes = self.set.sites.iter().filter_map(|&site| self.reach.links(country, site));
            let mut crossed: Vec<LinkId> = routes.flatten().copied().collect();
            crossed.sort_unstable();
            crossed.dedup();
            for link in crossed {
                asked[link.index()] += bytes;
            }
        }
        asked
    }

    /// What an hour of work done in a way uses of nodes and caps, and of links for the first copy of what it reads.
    fn uses(&self, rows: &Rows, demand: &Demand, way: &Way) -> (SiteId, Uses) {
        let partition = &self.system.partitions[way.partition];
        let caps =
            self.demands.askers[demand.asker].caps[&way.partition].iter().filter(|_| !demand.is_malleable);
        let nodes = std::iter::once(rows.nodes[&partition.pool]).chain(caps.map(|&cap| rows.caps[cap]));
        let mut uses: Uses = nodes.map(|row| (row, way.held_per_work)).collect();
        for (link, dataset, bytes_per_h) in self.copies_needed(&rows.copies, demand.dataset, partition.site) {
            let in_window = rows.links.get(&link).filter(|_| self.comes_in_window(dataset));
            in_window
                .into_iter()
                .chain(rows.ever.get(&link))
                .for_each(|&row| add(&mut uses, row, bytes_per_h));
        }
        (partition.site, uses)
    }

    fn crosses_any(&self, rows: &Rows, country: CountryId) -> bool {
        let mut routes = self.set.sites.iter().filter_map(|&site| self.reach.links(country, site));
        let is_short = |link| rows.links.contains_key(link) || rows.ever.contains_key(link);
        let any_short = !(rows.links.is_empty() && rows.ever.is_empty());
        any_short && routes.any(|links| links.iter().any(is_short))
    }

    fn with_links(
        &self,
        rows: &Rows,
        uses: &Uses,
        country: CountryId,
        site: SiteId,
        bytes_per_h: f64,
    ) -> Uses {
        let route = self.reach.links(country, site).unwrap_or_default();
        let mut uses = uses.clone();
        let short = route.iter().flat_map(|link| rows.links.get(link).into_iter().chain(rows.ever.get(link)));
        short.for_each(|&row| add(&mut uses, row, bytes_per_h));
        uses
    }
}

/// Rows are named once each.
fn add(uses: &mut Uses, row: usize, amount: f64) {
    match uses.iter_mut().find(|(known, _)| *known == row) {
        Some((_, so_far)) => *so_far += amount,
        None => uses.push((row, amount)),
    }
}

fn countries(share: &Share) -> impl Iterator<Item = (CountryId, &Vec<Staged>)> {
    share.with_input.iter().enumerate().map(|(index, staged)| (CountryId::from_index(index), staged))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Universe;
    use crate::scenario::{EXAMPLE, MemoryLoader, Override, load};
    use crate::simulation::simulate;
    use crate::workload::Synthetic;

    /// Told less finely, what countries with thin access can send bounds less, without first copies still less, and without
    /// links nothing does.
    #[test]
    fn a_coarser_programme_bounds_no_lower() {
        let files = MemoryLoader::new(&[("scenario.toml", EXAMPLE)]);
        let thin = ["FI", "IT", "ES"].map(|country| format!("country.{country}.access=0.05 Gbit/s"));
        let data = [
            "dataset=[{ id = \"cohort\", size = \"90 TB\", home_country = \"FI\", residency = \"free\" }]",
            "class.training.datasets=[\"cohort\"]",
            "observation.end=2026-05-01",
        ];
        let overrides = thin.into_iter().chain(data.map(str::to_owned)).map(Override);
        let system = load("scenario.toml", &files, &overrides.collect::<Vec<_>>()).unwrap().system;
        let (set, universe) = (&system.sets[0], Universe::new(1, 0));
        let mut bound = FluidBound::new(&system, set);
        simulate(&system, set, universe, Synthetic::new(&system, universe), &mut bound);
        let levels = [Links::ByRatio, Links::ByCountry, Links::WithoutCopies, Links::Out];
        let [fine, by_country, without_copies, out] = levels.map(|links| bound.programme_with(links).bound());
        // The bound may lie above its optimum by the tolerance of the solver.
        let ascending = [fine, by_country, without_copies, out];
        assert!(ascending.is_sorted_by(|a, b| *a <= b * (1.0 + 1e-6)), "{ascending:?}");
        assert!(by_country < 0.99 * without_copies, "first copies bind: {by_country} of {without_copies}");
        assert!(fine < 0.95 * out, "the links bind: {fine} of {out}");
    }
}
