//! Rules of datasets: homes and copies where residency allows them, storages that hold what lies there at first, classes
//! that have something to read, and queues that can take a job at its place.

use super::amount::distribution;
use super::build_data::member;
use super::build_scheduler::local_policy;
use super::check::sound;
use super::data_format::{Dataset, DatasetGroup, Residency, Results, Staging};
use super::demand_format::JobClass;
use super::diagnostics::Report;
use super::draft::Draft;
use super::format::Site;
use super::problem::Problem;
use super::tree::Node;
use crate::units::Bytes;
use std::collections::{BTreeMap, BTreeSet};

/// Reports every broken rule of datasets, storages and the classes that read.
pub(super) fn check_data(tree: &Node, draft: &Draft, report: &mut Report) {
    let sites = sound(&draft.sites).map(|(_, site)| (site.id.as_str(), site)).collect();
    let countries = sound(&draft.countries);
    let outside = countries.filter(|(_, country)| !country.union).map(|(_, country)| country.id.as_str());
    let mut rules = Rules { tree, draft, sites, outside: outside.collect(), report };
    for (path, dataset) in sound(&draft.datasets) {
        let home = rules.home(dataset.home_site.as_ref(), dataset.home_country.as_ref());
        rules.residency(path, dataset.residency, home);
        rules.replicas(path, dataset, home);
    }
    rules.groups();
    rules.storages();
    for (path, class) in sound(&draft.classes) {
        rules.reads(path, class);
        rules.place(path, class);
        rules.archives(path, class);
    }
}

struct Rules<'a> {
    tree: &'a Node,
    draft: &'a Draft,
    /// The sound sites by id.
    sites: BTreeMap<&'a str, &'a Site>,
    /// Countries outside the Union.
    outside: BTreeSet<&'a str>,
    report: &'a mut Report,
}

impl<'a> Rules<'a> {
    fn rule(&mut self, path: &str, text: impl Into<String>) {
        self.report.rule(self.tree, path, text);
    }

    /// The country of a home, if it is known.
    fn home(&self, site: Option<&String>, country: Option<&'a String>) -> Option<&'a str> {
        match (site, country) {
            (Some(site), None) => self.sites.get(site.as_str()).map(|site| site.country.as_str()),
            (None, Some(country)) => Some(country),
            _ => None,
        }
    }

    fn residency(&mut self, path: &str, residency: Residency, home: Option<&str>) {
        if let Some(home) = home.filter(|home| residency == Residency::Eu && self.outside.contains(home)) {
            let text = format!("a dataset that stays in the Union has its home in `{home}`, outside of it");
            self.rule(&format!("{path}.residency"), text);
        }
    }

    /// Copies from the beginning lie where they may.
    fn replicas(&mut self, path: &str, dataset: &Dataset, home: Option<&str>) {
        for (index, id) in dataset.replicas.iter().enumerate() {
            let Some(country) = self.sites.get(id.as_str()).map(|site| site.country.as_str()) else {
                continue;
            };
            let stays = match dataset.residency {
                Residency::Country => home.is_none_or(|home| home == country),
                Residency::Eu => !self.outside.contains(country),
                Residency::Free => true,
            };
            if !stays {
                let text =
                    format!("the residency of `{}` keeps it out of `{country}`, where `{id}` is", dataset.id);
                self.rule(&format!("{path}.replicas.{index}"), text);
            }
        }
    }

    /// Groups have sizes that can be, a home that residency allows, and names that no other dataset has.
    fn groups(&mut self) {
        let mut known: BTreeSet<String> =
            sound(&self.draft.datasets).map(|(_, one)| one.id.clone()).collect();
        for (path, group) in sound(&self.draft.dataset_groups) {
            let home = self.home(group.home_site.as_ref(), group.home_country.as_ref());
            self.residency(path, group.residency, home);
            match distribution(&group.size) {
                Err(error) => {
                    self.report.in_tree(self.tree, &format!("{path}.size"), Problem::Distribution(error));
                }
                Ok(size) if size.mean() <= 0.0 => self.rule(&format!("{path}.size"), "must be above zero"),
                Ok(_) => {}
            }
            let names = || (1..=group.count).map(|number| member(group, number));
            let taken = names().chain([group.id.clone()]).find(|name| known.contains(name));
            if let Some(name) = taken {
                self.rule(path, format!("`{name}` is the name of another dataset or group: rename one"));
            }
            known.extend(names().chain([group.id.clone()]));
        }
    }

    /// What lies at a site from the beginning has room there.
    fn storages(&mut self) {
        for (path, site) in sound(&self.draft.sites) {
            let Some(storage) = site.storage else { continue };
            let lies_here = |dataset: &Dataset| {
                dataset.home_site.as_ref() == Some(&site.id) || dataset.replicas.contains(&site.id)
            };
            let single = sound(&self.draft.datasets).filter(|(_, dataset)| lies_here(dataset));
            let single = single.map(|(_, dataset)| u128::from(dataset.size.0));
            let groups = sound(&self.draft.dataset_groups);
            let groups = groups.filter(|(_, group)| group.home_site.as_ref() == Some(&site.id));
            let groups = groups.map(|(_, group)| self.size_of(group));
            let at_first: u128 = single.chain(groups).sum();
            if at_first > u128::from(storage.capacity.0) {
                let bytes = Bytes(u64::try_from(at_first).unwrap_or(u64::MAX));
                let text = format!("{bytes} of datasets lie here from the beginning, more than the capacity");
                self.rule(&format!("{path}.storage.capacity"), text);
            }
        }
    }

    /// The bytes of all datasets of a group; none where its sizes can't be.
    fn size_of(&self, group: &DatasetGroup) -> u128 {
        let seed = self.draft.observation.as_ref().map_or(0, |observation| observation.seed);
        if distribution(&group.size).is_err() {
            return 0;
        }
        super::build_data::written_out(group, seed).iter().map(|dataset| u128::from(dataset.size.0)).sum()
    }

    /// Of the datasets that a class names, some are read.
    fn reads(&mut self, path: &str, class: &JobClass) {
        let names = |id: &String| class.datasets.contains(id);
        let single = sound(&self.draft.datasets).filter(|(_, one)| names(&one.id));
        let groups = sound(&self.draft.dataset_groups).filter(|(_, group)| names(&group.id));
        let weights = single.map(|(_, one)| one.popularity.0).chain(groups.map(|(_, one)| one.popularity.0));
        let weights: Vec<f64> = weights.collect();
        if !weights.is_empty() && weights.iter().all(|&weight| weight == 0.0) {
            self.rule(&format!("{path}.datasets"), "at least one popularity must be above zero");
        }
    }

    /// Who archives has somewhere to.
    fn archives(&mut self, path: &str, class: &JobClass) {
        if class.results == Results::Archive && self.tree.get("archive").is_none() {
            self.rule(
                &format!("{path}.results"),
                "there is no archive: say where it is, as `archive = { site = ... }`",
            );
        }
    }

    /// A job takes a place before the end of the queue only where plans are made anew.
    fn place(&mut self, path: &str, class: &JobClass) {
        if class.staging != Staging::WhileQueued {
            return;
        }
        let partitions =
            sound(&self.draft.sites).flat_map(|(_, site)| site.partition.iter().map(move |one| (site, one)));
        let mut owners = partitions.filter(|(_, partition)| partition.shares_nodes_with.is_none());
        let keeps = owners.find(|(_, partition)| local_policy(&partition.scheduler).keeps_reservations());
        if let Some((site, partition)) = keeps {
            let text = format!(
                "conservative backfilling at `{}` of `{}` keeps its reservations, and takes jobs at the end of its queue \
                 only: say `compression = \"replan\"` there",
                partition.id, site.id
            );
            self.rule(&format!("{path}.staging"), text);
        }
    }
}
