//! Datasets: what jobs read beside their own input, where it lies at first, and who may hold it.

use super::ids::{CountryId, SiteId};
use crate::units::Bytes;

/// Data that several jobs read.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    /// Its id in the scenario.
    pub id: String,
    /// Its name in tables.
    pub name: String,
    /// Its size.
    pub size: Bytes,
    /// Where it lies for good: this copy is never given up.
    pub home: DatasetHome,
    /// The country of its home.
    pub country: CountryId,
    /// Which sites may hold a copy.
    pub residency: Residency,
    /// How often jobs of a class ask for it, compared with the class's other datasets.
    pub popularity: f64,
    /// The licence, in words; empty if nobody stated it.
    pub licence: String,
    /// Sites that hold a copy when the observation begins, in id order, the home aside.
    pub replicas: Vec<SiteId>,
}

/// The node of the network at which a dataset lies for good.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum DatasetHome {
    /// A site's storage. It stands there whether or not the site's machine is in the set.
    Site(SiteId),
    /// The storage of a country's users.
    Country(CountryId),
}

/// Which sites may hold a copy of a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Residency {
    /// Those in its home's country.
    Country,
    /// Those in member countries of the European Union.
    Union,
    /// All.
    Free,
}

impl Residency {
    /// Its name in scenarios and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Country => "country",
            Self::Union => "eu",
            Self::Free => "free",
        }
    }
}

/// The storage of a site for copies of datasets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SiteStorage {
    /// What it holds at most, the datasets at home there included.
    pub capacity: Bytes,
    /// Which copy goes first when room is needed.
    pub eviction: Eviction,
}

/// Which copy goes first when room is needed, of those that nobody uses.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Eviction {
    /// The least recently used one.
    #[default]
    LeastRecentlyUsed,
    /// The one that was asked for least often since it came; ties: the least recently used one.
    LeastFrequentlyUsed,
}

impl Eviction {
    /// Its name in scenarios and tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::LeastRecentlyUsed => "lru",
            Self::LeastFrequentlyUsed => "lfu",
        }
    }
}

/// Where the results of jobs go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ResultsGo {
    /// To the users of the country that asked.
    #[default]
    Home,
    /// To the storage of the archive's site.
    ToArchive,
}

/// What becomes of a job's place in the queue while its data are on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum StagingPlace {
    /// It joins the end of the queue when its data are there.
    #[default]
    BeforeQueue,
    /// It has its place from its submission on, and takes it when its data are there.
    WhileQueued,
}
