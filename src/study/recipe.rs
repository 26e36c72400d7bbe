//! How a case is made from its scenario, so that a process elsewhere can make it again and run it.

use super::case::{Case, Setting};
use super::runs::RunKey;
use crate::model::CandidateSet;
use serde::{Deserialize, Serialize};
use std::fmt;
use std::ops::Range;

/// Equal for cases whose runs are the same, and else not: half of a SHA-256 over all that a run depends on but its replication.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fingerprint(pub [u8; 16]);

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<Fingerprint> for String {
    fn from(fingerprint: Fingerprint) -> Self {
        fingerprint.to_string()
    }
}

impl TryFrom<String> for Fingerprint {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let byte = |at: usize| text.get(2 * at..2 * at + 2).and_then(|two| u8::from_str_radix(two, 16).ok());
        let bytes: Option<Vec<u8>> = (0..16).map(byte).collect();
        let whole = bytes.filter(|_| text.len() == 32).and_then(|bytes| bytes.try_into().ok());
        whole.map(Self).ok_or_else(|| format!("{text:?} is no fingerprint of 32 hexadecimal digits"))
    }
}

impl Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Fingerprint {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        Self::try_from(text).map_err(serde::de::Error::custom)
    }
}

/// Which system of a scenario a case runs in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Place {
    /// The scenario as it stands.
    #[default]
    Scenario,
    /// One of its futures, from 0.
    Future(usize),
    /// A point of its sweep, in one of the sweep's futures, both from 0.
    Point(usize, usize),
}

/// Which set of a system a case runs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum SetRecipe {
    /// A candidate set of the scenario, by its id.
    Set(String),
    /// A set of these sites, by their ids.
    Sites(Vec<String>),
}

/// How a case is made from its scenario.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipe {
    /// In which system.
    pub place: Place,
    /// Which set.
    #[serde(flatten)]
    pub set: SetRecipe,
    /// What the case is known by when it is made.
    pub fingerprint: Fingerprint,
}

/// Replications of a case that are wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wanted {
    /// How the case is made.
    #[serde(flatten)]
    pub recipe: Recipe,
    /// Which replications of it.
    pub replications: Range<u32>,
}

impl Wanted {
    /// Its runs.
    pub fn runs(&self) -> impl Iterator<Item = RunKey> {
        let case = self.recipe.fingerprint;
        self.replications.clone().map(move |replication| RunKey { case, replication })
    }
}

impl Recipe {
    /// How `case` is made.
    pub fn of(case: &Case) -> Self {
        let set = case.set();
        let sites = || set.sites.iter().map(|&site| case.system().sites[site].id.clone()).collect();
        Self {
            place: case.place(),
            set: if set.id.is_empty() { SetRecipe::Sites(sites()) } else { SetRecipe::Set(set.id.clone()) },
            fingerprint: case.fingerprint(),
        }
    }

    /// The case, from the setting at its place.
    ///
    /// # Errors
    /// When the system lacks its set, or makes another case of it: then it was made from another scenario, or by another
    /// version of this program.
    pub fn case(&self, setting: &Setting) -> Result<Case, String> {
        let system = setting.system();
        let case = match &self.set {
            SetRecipe::Set(id) => {
                let set = system.sets.iter().find(|set| set.id == *id);
                setting.case(set.ok_or_else(|| format!("the scenario has no candidate set {id:?}"))?)
            }
            SetRecipe::Sites(ids) => {
                let sites = ids.iter().map(|id| {
                    let site =
                        system.sites.enumerate().find(|(_, site)| site.id == *id).map(|(site, _)| site);
                    site.ok_or_else(|| format!("the scenario has no site {id:?}"))
                });
                let sites = sites.collect::<Result<_, String>>()?;
                setting.case(&CandidateSet { id: String::new(), name: String::new(), sites, variant: None })
            }
        };
        if case.fingerprint() == self.fingerprint {
            return Ok(case);
        }
        Err(format!(
            "{} is another case here than the one planned: {} instead of {}",
            case.name(),
            case.fingerprint(),
            self.fingerprint
        ))
    }
}
