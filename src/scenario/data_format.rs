//! The data part of the scenario file: datasets, groups of them, and the storage of sites.

use super::confidence::Confidence;
use super::demand_format::{Amount, Weight};
use super::quantities::Identifier;
use crate::units::Bytes;
use schemars::JsonSchema;
use serde::Deserialize;

/// Data that jobs read. A class names the datasets of which each of its jobs reads one; the job starts when it is at its site.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{ "required": ["home_site"] }, { "required": ["home_country"] }]))]
pub struct Dataset {
    /// Its id, such as `language-corpus`.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// Its name in tables; the id if absent.
    pub name: Option<String>,
    /// Its size.
    #[schemars(extend("x-above-zero" = true))]
    pub size: Bytes,
    /// The site at whose storage it lies for good, be the site in the set or not. Exactly one of `home_site` and
    /// `home_country` is given.
    #[schemars(extend("x-refers-to" = "site"))]
    pub home_site: Option<String>,
    /// The country with whose users it lies for good.
    #[schemars(extend("x-refers-to" = "country"))]
    pub home_country: Option<String>,
    /// Which sites may hold it; all if absent. Jobs that read it run nowhere else.
    #[serde(default)]
    pub residency: Residency,
    /// How often jobs of a class read it, compared with the class's other datasets; 1 if absent.
    #[serde(default = "one_weight")]
    pub popularity: Weight,
    /// Sites that hold a copy from the beginning, where they belong to the set; none if absent.
    #[serde(default)]
    #[schemars(extend("x-refers-to" = "site"))]
    pub replicas: Vec<String>,
    /// Its licence, for tables.
    pub licence: Option<String>,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

/// Many datasets of one kind, the first read most: they are named by the group's id and a number, such as `images-07`.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("oneOf" = [{ "required": ["home_site"] }, { "required": ["home_country"] }]))]
pub struct DatasetGroup {
    /// The group's id, which classes may name like that of a dataset.
    #[schemars(with = "Identifier")]
    pub id: String,
    /// How many datasets.
    #[schemars(range(min = 1, max = 10_000))]
    pub count: u32,
    /// The size of each; one that varies is drawn once for each dataset, from the observation's seed, and is the same in all
    /// replications.
    pub size: Amount<Bytes>,
    /// Zipf's exponent: the k-th dataset is read in proportion to k to the power of minus this; 1 if absent, 0 makes all
    /// equal.
    #[serde(default = "super::format::one")]
    #[schemars(range(min = 0.0, max = 100.0))]
    pub zipf: f64,
    /// The site at whose storage they lie for good. Exactly one of `home_site` and `home_country` is given.
    #[schemars(extend("x-refers-to" = "site"))]
    pub home_site: Option<String>,
    /// The country with whose users they lie for good.
    #[schemars(extend("x-refers-to" = "country"))]
    pub home_country: Option<String>,
    /// Which sites may hold them; all if absent. Jobs that read them run nowhere else.
    #[serde(default)]
    pub residency: Residency,
    /// How often jobs of a class read one of them, compared with the class's other datasets; 1 if absent.
    #[serde(default = "one_weight")]
    pub popularity: Weight,
    /// Their licence, for tables.
    pub licence: Option<String>,
    /// Where this comes from; "this scenario" if absent.
    pub source: Option<String>,
    /// How well it is known; `assumed` if absent.
    pub confidence: Option<Confidence>,
}

/// Which sites may hold a dataset.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Residency {
    /// Those in its home's country.
    Country,
    /// Those in member countries of the European Union.
    Eu,
    /// All.
    #[default]
    Free,
}

/// The storage of a site for datasets. What is at home there counts, and stays.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Storage {
    /// What it holds at most.
    pub capacity: Bytes,
    /// Which copy goes first when room is needed, of those that no job uses; `lru` if absent.
    #[serde(default)]
    pub eviction: Eviction,
}

/// Which copy goes first when room is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Eviction {
    /// The least recently used one.
    #[default]
    Lru,
    /// The one that was asked for least often since it came.
    Lfu,
}

/// What becomes of a job's place in the queue while its data are on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Staging {
    /// It joins the end of the queue when its data are there.
    #[default]
    BeforeQueue,
    /// It has its place from its submission on, and takes it when its data are there.
    WhileQueued,
}

/// Where the results of classes with `results = "archive"` go.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Archive {
    /// The site whose storage takes them, be it in the set or not.
    #[schemars(extend("x-refers-to" = "site"))]
    pub site: String,
}

/// Where the results of jobs go.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Results {
    /// To the users of the country that asked.
    #[default]
    Home,
    /// To the storage of the archive's site.
    Archive,
}

fn one_weight() -> Weight {
    Weight(1.0)
}
