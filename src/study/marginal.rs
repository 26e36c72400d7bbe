//! What a site changes: pairs of sets of which one has it and the other is the same without it, on the same random universes.

use super::compared::{Judgement, all_compared};
use super::gather::SetRuns;
use crate::model::{SiteId, System};
use crate::statistics::{Estimate, Measure, Metric, ProjectMetric, Scope};
use serde::{Deserialize, Serialize};

/// Two sets that differ by one site alone.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarginalValue {
    /// The id of the site.
    pub site: String,
    /// The id of the set with it.
    pub with: String,
    /// The id of the set without it.
    pub without: String,
    /// What changes, the first set less the second.
    pub changes: Vec<MarginalChange>,
}

/// One number of the set with the site, less that of the set without it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarginalChange {
    /// The metric's name in `runs.parquet`.
    pub metric: String,
    /// The id of the community it is about; `None` for the whole network or a site.
    pub community: Option<String>,
    /// The id of the site it is about.
    pub site: Option<String>,
    /// Its unit.
    pub unit: String,
    /// Paired by replication.
    pub difference: Estimate,
}

/// Every such pair, by site, then by the sets in the scenario's order; `cells` are sorted by (set, replication). Sets that
/// change more than their sites are in no pair.
pub(super) fn marginal_values(system: &System, sets: &[SetRuns], judgement: Judgement) -> Vec<MarginalValue> {
    let plain = |runs: &&SetRuns| system.sets[runs.set].variant.is_none();
    let sets: Vec<&SetRuns> = sets.iter().filter(plain).collect();
    let measures = measures(system, judgement);
    let of_site = |site: SiteId| {
        let with = sets.iter().filter(move |runs| system.sets[runs.set].contains(site));
        let pairs = with.filter_map(|with| Some((*with, without(system, &sets, with, site)?)));
        pairs.map(|pair| of_pair(system, site, pair, &measures)).collect::<Vec<_>>()
    };
    system.sites.ids().flat_map(of_site).collect()
}

/// The first set that is the same but for the site.
fn without<'c>(system: &System, sets: &[&'c SetRuns], with: &SetRuns, site: SiteId) -> Option<&'c SetRuns> {
    let others = system.sets[with.set].sites.iter().filter(|one| **one != site);
    let others: Vec<SiteId> = others.copied().collect();
    sets.iter().copied().find(|runs| system.sets[runs.set].sites == others)
}

/// Work done and rejected, the mean wait, what projects used where there are any, and the objectives.
fn measures(system: &System, judgement: Judgement) -> Vec<Measure> {
    let usual = [Metric::DoneH.name(), Metric::WaitSMean.name(), Metric::RejectedH.name()];
    let projects = [ProjectMetric::UsedH.name(), ProjectMetric::FirstAcceleratorSMean.name()];
    let is_wanted = |measure: &Measure| {
        let name = measure.metric();
        let is_usual = usual.contains(&name) || projects.contains(&name);
        let is_objective = judgement.objectives.iter().any(|objective| objective.measure == *measure);
        is_objective || is_usual && measure.scope() == Scope::Network
    };
    let all = all_compared(system, judgement.objectives).into_iter().map(|compared| compared.measure);
    all.filter(is_wanted).collect()
}

fn of_pair(
    system: &System,
    site: SiteId,
    (with, without): (&SetRuns, &SetRuns),
    measures: &[Measure],
) -> MarginalValue {
    let change = |measure: &Measure| {
        let values = with.values(measure).iter().zip(without.values(measure));
        let differences = values.map(|(with, without)| with - without);
        let (community, site) = measure.about(system);
        MarginalChange {
            metric: measure.metric().to_owned(),
            community,
            site,
            unit: measure.unit().to_owned(),
            difference: Estimate::of(differences),
        }
    };
    MarginalValue {
        site: system.sites[site].id.clone(),
        with: with.id(system),
        without: without.id(system),
        changes: measures.iter().map(change).collect(),
    }
}
