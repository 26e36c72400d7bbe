//! From the datasets of a checked file, those of groups included, to those of the model, and the classes' shares of them.

use super::amount::distribution;
use super::build::{named, or_id, sorted};
use super::data_format::{self, DatasetGroup};
use super::demand_format::JobClass as FileClass;
use super::format::ScenarioFile;
use crate::engine::{Universe, entity_key};
use crate::model::{
    Country, CountryId, Dataset, DatasetHome, DatasetId, Eviction, IdVec, Residency, Site, SiteId,
    SiteStorage, StagingPlace,
};
use crate::units::Bytes;

/// No dataset is larger than an exabyte: the tails of distributions beyond are cut.
const LARGEST_BYTES: f64 = 1e18;

/// The storage of a site.
pub(super) fn storage(storage: data_format::Storage) -> SiteStorage {
    let eviction = match storage.eviction {
        data_format::Eviction::Lru => Eviction::LeastRecentlyUsed,
        data_format::Eviction::Lfu => Eviction::LeastFrequentlyUsed,
    };
    SiteStorage { capacity: storage.capacity, eviction }
}

pub(super) fn staging(staging: data_format::Staging) -> StagingPlace {
    match staging {
        data_format::Staging::BeforeQueue => StagingPlace::BeforeQueue,
        data_format::Staging::WhileQueued => StagingPlace::WhileQueued,
    }
}

/// The dataset as a single one of the file; groups are written out first.
pub(super) fn written_out(group: &DatasetGroup, seed: u64) -> Vec<data_format::Dataset> {
    let sizes = distribution(&group.size).expect("distributions are checked before the system is built");
    let weight = |number: u32| libm::pow(f64::from(number), -group.zipf);
    let sum: f64 = (1..=group.count).map(weight).sum();
    let dataset = |number: u32| {
        let id = member(group, number);
        // A size is the dataset's own, whatever else the scenario has, and the same in all replications.
        let mut stream = Universe::new(seed, 0).stream(entity_key("dataset", &id), 0, 0);
        let size = sizes.draw(&mut stream).round().clamp(1.0, LARGEST_BYTES) as u64;
        data_format::Dataset {
            name: None,
            size: Bytes(size),
            home_site: group.home_site.clone(),
            home_country: group.home_country.clone(),
            residency: group.residency,
            popularity: super::demand_format::Weight(group.popularity.0 * weight(number) / sum),
            replicas: Vec::new(),
            licence: group.licence.clone(),
            source: None,
            confidence: None,
            id,
        }
    };
    (1..=group.count).map(dataset).collect()
}

/// The id of a group's dataset: as many digits as the last one has, so that the order of ids is that of numbers.
pub(super) fn member(group: &DatasetGroup, number: u32) -> String {
    let digits = group.count.to_string().len();
    format!("{}-{number:0digits$}", group.id)
}

/// All datasets, sorted by id.
pub(super) fn datasets(
    file: &ScenarioFile,
    countries: &IdVec<CountryId, Country>,
    sites: &IdVec<SiteId, Site>,
) -> IdVec<DatasetId, Dataset> {
    let groups = file.dataset_group.iter().flat_map(|group| written_out(group, file.observation.seed));
    let all: Vec<data_format::Dataset> = file.dataset.iter().cloned().chain(groups).collect();
    let site = |id: &String| named(sites, |site| site.id == *id);
    let dataset = |dataset: &data_format::Dataset| {
        let (home, country) = match (&dataset.home_site, &dataset.home_country) {
            (Some(id), _) => (DatasetHome::Site(site(id)), sites[site(id)].country),
            (None, Some(id)) => {
                let country = named(countries, |country| country.id == *id);
                (DatasetHome::Country(country), country)
            }
            (None, None) => unreachable!("the walk found exactly one home"),
        };
        let replicas = dataset.replicas.iter().map(site).filter(|&site| home != DatasetHome::Site(site));
        let mut replicas: Vec<SiteId> = replicas.collect();
        replicas.sort_unstable();
        replicas.dedup();
        Dataset {
            id: dataset.id.clone(),
            name: or_id(dataset.name.as_ref(), &dataset.id),
            size: dataset.size,
            home,
            country,
            residency: residency(dataset.residency),
            popularity: dataset.popularity.0,
            licence: dataset.licence.clone().unwrap_or_default(),
            replicas,
        }
    };
    sorted(&all, |dataset| dataset.id.clone()).into_iter().map(dataset).collect()
}

fn residency(residency: data_format::Residency) -> Residency {
    match residency {
        data_format::Residency::Country => Residency::Country,
        data_format::Residency::Eu => Residency::Union,
        data_format::Residency::Free => Residency::Free,
    }
}

/// The datasets that a class reads, those of weight zero left out, with the running sum of their shares.
pub(super) fn shares(
    file: &ScenarioFile,
    class: &FileClass,
    datasets: &IdVec<DatasetId, Dataset>,
) -> Vec<(DatasetId, f64)> {
    let groups = file.dataset_group.iter().filter(|group| class.datasets.contains(&group.id));
    let members = groups.flat_map(|group| (1..=group.count).map(|number| member(group, number)));
    let mut read: Vec<String> = members.collect();
    read.extend(file.dataset.iter().map(|one| one.id.clone()).filter(|id| class.datasets.contains(id)));
    read.sort_unstable();
    let read = datasets.enumerate().filter(|(_, dataset)| read.binary_search(&dataset.id).is_ok());
    let read: Vec<_> = read.filter(|(_, dataset)| dataset.popularity > 0.0).collect();
    let sum: f64 = read.iter().map(|(_, dataset)| dataset.popularity).sum();
    let running = read.iter().scan(0.0, |before, (id, dataset)| {
        *before += dataset.popularity / sum;
        Some((*id, *before))
    });
    running.collect()
}
