//! From a checked scenario file to the resolved system: ids become indices, dates become instants, weights shares.

use super::amount::{distribution, normalised};
use super::build_access::access_modes;
use super::build_arrivals::streams;
use super::build_broker::{broker_policy, information};
use super::build_cables::{network_rules, scheduled_transfers};
use super::build_class::job_class;
use super::build_data::{datasets, storage};
use super::build_network::{Network, build_network};
use super::build_partition::Surroundings;
use super::build_projects::project_kind;
use super::build_staff::staff_pools;
use super::demand_format::{Amount, Community as FileCommunity, Country as FileCountry, Weight};
use super::facts::facts;
use super::format::{self, ScenarioFile};
use super::tree::Node;
use crate::model::{
    AcceleratorId, AcceleratorKind, CandidateSet, ClassId, Community, Country, CountryId, EventOrder, Id,
    IdVec, JobClass, Marks, Observation, Partition, PartitionId, Patience, Position, ProjectKind,
    ProjectKindId, Projects, Site, SiteId, System,
};
use crate::units::{Calendar, Span, Time};
use std::collections::BTreeMap;

/// Builds the system of a file that has no problem; `tree` is the same scenario, for the sources of its facts.
pub(super) fn build(file: &ScenarioFile, tree: &Node) -> System {
    let calendar = Calendar::starting(file.observation.start);
    let network = build_network(file, calendar);
    let accelerators = accelerators(file);
    let countries = countries(file, &network);
    let surroundings = Surroundings { file, accelerators: &accelerators, countries: &countries, calendar };
    let (sites, partitions) = sites(&surroundings, &network);
    let datasets = datasets(file, &countries, &sites);
    let classes: IdVec<ClassId, JobClass> =
        file.class.iter().map(|class| job_class(file, class, &datasets, &accelerators)).collect();
    let pools = staff_pools(file, calendar, (&sites, &countries));
    let modes = access_modes(file, calendar, &countries, &pools);
    let kinds: IdVec<ProjectKindId, ProjectKind> =
        file.project.iter().map(|kind| project_kind(kind, &modes, &classes)).collect();
    let community = |community| community_of(community, &classes, &kinds);
    let communities = file.community.iter().map(community).collect();
    System {
        name: file.name.clone(),
        calendar,
        observation: Observation {
            end: calendar.time_of(file.observation.end),
            warm_up: Time::ZERO + file.observation.warm_up,
            steady_state: file.observation.steady_state,
            replications: file.observation.replications,
            seed: file.observation.seed,
        },
        reference_accelerator: named(&accelerators, |kind| kind.id == file.reference_accelerator),
        projects: Projects { modes, kinds, pools },
        streams: streams(file, &countries, calendar),
        sets: sets(file, &sites),
        archive: file.archive.as_ref().map(|archive| named(&sites, |site| site.id == archive.site)),
        broker: broker_policy(&file.broker, &sites),
        information: information(&file.broker),
        event_order: match file.event_order {
            format::EventOrder::EndsFirst => EventOrder::EndsFirst,
            format::EventOrder::SubmissionsFirst => EventOrder::SubmissionsFirst,
        },
        facts: facts(tree),
        network: network_rules(&file.network),
        transfers: scheduled_transfers(file, calendar, &network, (&sites, &countries)),
        topology: network.topology,
        accelerators,
        sites,
        partitions,
        countries,
        communities,
        classes,
        datasets,
    }
}

/// `name` where it is given, else the id.
pub(super) fn or_id(name: Option<&String>, id: &str) -> String {
    name.map_or_else(|| id.to_owned(), Clone::clone)
}

/// The id of the item that a checked reference points to.
pub(super) fn named<I: Id, T>(items: &IdVec<I, T>, test: impl FnMut(&T) -> bool) -> I {
    items.position(test).expect("references are checked before the system is built")
}

/// References to the items, sorted by id.
pub(super) fn sorted<T>(items: &[T], id: impl Fn(&T) -> String) -> Vec<&T> {
    let mut sorted: Vec<&T> = items.iter().collect();
    sorted.sort_by_key(|item| id(item));
    sorted
}

fn accelerators(file: &ScenarioFile) -> IdVec<AcceleratorId, AcceleratorKind> {
    let reference = file.accelerator.iter().find(|kind| kind.id == file.reference_accelerator);
    let reference = reference.expect("references are checked before the system is built").peak_bf16_tflops;
    let kind = |kind: &format::Accelerator| AcceleratorKind {
        id: kind.id.clone(),
        name: kind.name.clone().unwrap_or_else(|| kind.id.clone()),
        peak_bf16_tflops: kind.peak_bf16_tflops,
        speed: kind.peak_bf16_tflops / reference,
    };
    sorted(&file.accelerator, |kind| kind.id.clone()).into_iter().map(kind).collect()
}

fn countries(file: &ScenarioFile, network: &Network) -> IdVec<CountryId, Country> {
    let countries = sorted(&file.country, |country| country.id.clone());
    let nodes = network.countries.iter();
    let country = |(country, &node): (&FileCountry, _)| Country {
        id: country.id.clone(),
        name: or_id(country.name.as_ref(), &country.id),
        node,
        in_union: country.union,
        languages: country.languages.clone(),
    };
    countries.into_iter().zip(nodes).map(country).collect()
}

type Sites = (IdVec<SiteId, Site>, IdVec<PartitionId, Partition>);

fn sites(surroundings: &Surroundings<'_>, network: &Network) -> Sites {
    let Surroundings { file, countries, .. } = *surroundings;
    let mut partitions = IdVec::default();
    let mut sites = IdVec::default();
    let country_id = |id: &String| named(countries, |country| country.id == *id);
    for (site, &node) in sorted(&file.site, |site| site.id.clone()).into_iter().zip(&network.sites) {
        let id = SiteId::from_index(sites.len());
        let own = surroundings.partitions(site, id, partitions.len()).into_iter();
        let own = own.map(|partition| partitions.push(partition)).collect();
        let mut consortium: Vec<CountryId> = site.consortium.iter().map(country_id).collect();
        consortium.sort_unstable();
        consortium.dedup();
        sites.push(Site {
            id: site.id.clone(),
            name: or_id(site.name.as_ref(), &site.id),
            country: country_id(&site.country),
            consortium,
            position: Position { latitude: site.latitude, longitude: site.longitude },
            node,
            storage: site.storage.map(storage),
            partitions: own,
            cost: site.cost,
            electricity_price_per_mwh: site.electricity_price_per_mwh,
            carbon: site.carbon,
            pue: site.pue,
            committed: site.status == format::Status::Committed,
            marks: site.marks.map(|marks| Marks {
                computing: marks.computing,
                data: marks.data,
                talent: marks.talent,
            }),
        });
    }
    (sites, partitions)
}

/// Shares that add up to 1 by weights, of those above zero. In the order of the list of what they weigh, not of the weights'
/// keys: the order of the samplers.
pub(super) fn shares<I: Id>(weights: &BTreeMap<String, Weight>, id: impl Fn(&str) -> I) -> Vec<(I, f64)> {
    let above_zero = weights.iter().filter(|(_, weight)| weight.0 > 0.0);
    let mut shares: Vec<(I, f64)> = above_zero.map(|(key, weight)| (id(key), weight.0)).collect();
    shares.sort_by_key(|&(id, _)| id);
    normalised(shares)
}

fn community_of(
    community: &FileCommunity,
    classes: &IdVec<ClassId, JobClass>,
    kinds: &IdVec<ProjectKindId, ProjectKind>,
) -> Community {
    let seconds = |amount: &Amount<Span>| distribution(amount).expect("distributions are checked before");
    let patience = community.patience.as_ref().map(|patience| Patience {
        promised_s: patience.promised.as_ref().map(seconds),
        waited_s: patience.waited.as_ref().map(seconds),
    });
    Community {
        patience,
        id: community.id.clone(),
        name: or_id(community.name.as_ref(), &community.id),
        shares: community.shares,
        quality_of_service: community.quality_of_service,
        classes: shares(&community.classes, |id| named(classes, |class| class.id == id)),
        projects: shares(&community.projects, |id| named(kinds, |kind| kind.id == id)),
    }
}

fn sets(file: &ScenarioFile, sites: &IdVec<SiteId, Site>) -> Vec<CandidateSet> {
    if file.set.is_empty() {
        let all = sites.ids().collect();
        return vec![CandidateSet {
            id: "all".to_owned(),
            name: "All sites".to_owned(),
            sites: all,
            variant: None,
        }];
    }
    let set = |set: &format::CandidateSet| CandidateSet {
        id: set.id.clone(),
        name: or_id(set.name.as_ref(), &set.id),
        sites: sites
            .enumerate()
            .filter(|(_, site)| site.committed || set.sites.contains(&site.id))
            .map(|(id, _)| id)
            .collect(),
        variant: None,
    };
    file.set.iter().map(set).collect()
}
