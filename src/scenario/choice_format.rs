//! The format of a choice of sites: what it may cost, how many sites it has, and which go together.

use crate::units::Money;
use schemars::JsonSchema;
use serde::Deserialize;

/// The rules by which sites are chosen. The candidates are the sites that are neither committed nor excluded; the committed
/// ones belong to every set and are paid for.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Choice {
    /// Sites that are not to be chosen.
    #[serde(default)]
    #[schemars(extend("x-refers-to" = "site"))]
    pub excluded: Vec<String>,
    /// What the chosen sites may cost together, by the `cost` of each; without bound if absent.
    pub budget: Option<Money>,
    /// How many of the candidates are chosen; any number if absent. Where no site is committed, at least one is.
    pub sites: Option<Numbers>,
    /// How many sites of a set, committed ones included, a country hosts.
    #[serde(default)]
    pub countries: Vec<CountryNumbers>,
    /// In how many sites of a set, committed ones included, a country has a part: as their host or as a partner of their
    /// consortium.
    #[serde(default)]
    pub consortia: Vec<CountryNumbers>,
    /// Pairs of sites of which at most one is chosen: `[["north", "south"]]`.
    #[serde(default)]
    pub not_both: Vec<SitePair>,
    /// Pairs of sites of which the first is chosen only with the second: `[["extension", "machine"]]`.
    #[serde(default)]
    pub only_with: Vec<SitePair>,
}

/// A least and a most number.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = [{ "required": ["least"] }, { "required": ["most"] }]))]
pub struct Numbers {
    /// At least so many; none if absent.
    #[schemars(range(min = 0, max = 1_000))]
    pub least: Option<u32>,
    /// At most so many; without bound if absent.
    #[schemars(range(min = 0, max = 1_000))]
    pub most: Option<u32>,
}

/// A least and a most number for one country.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
#[schemars(extend("anyOf" = [{ "required": ["least"] }, { "required": ["most"] }]))]
pub struct CountryNumbers {
    /// The country.
    #[schemars(extend("x-refers-to" = "country"))]
    pub country: String,
    /// At least so many; none if absent.
    #[schemars(range(min = 0, max = 1_000))]
    pub least: Option<u32>,
    /// At most so many; without bound if absent.
    #[schemars(range(min = 0, max = 1_000))]
    pub most: Option<u32>,
}

/// Two sites.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize, JsonSchema)]
#[schemars(extend("x-refers-to" = "site"))]
pub struct SitePair(pub [String; 2]);
