//! Fairness: what communities and countries were given over what they are entitled to.
//!
//! Delivered is the share of all work served inside the window. A community is entitled to its shares of the machines over
//! those of all; a country to its part of all work that is expected to be asked for inside the window, by the rates,
//! growth and mean sizes of the scenario. Groups that are entitled to nothing are left out.

use super::gather::Block;
use super::load::expected_work_h;
use crate::model::System;
use crate::statistics::{Estimate, Metric, RunMetrics, jain_index, max_min_ratio};
use serde::{Deserialize, Serialize};

/// How evenly the groups of one kind were served.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FairnessSummary {
    /// Jain's index of delivered over entitled: 1 when all are equal.
    pub jain: Estimate,
    /// The greatest of delivered over entitled over the least; without a value in runs in which a group was given nothing.
    pub max_min: Estimate,
    /// The groups, in the scenario's order.
    pub groups: Vec<GroupFairness>,
}

/// One community or country.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GroupFairness {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The share that it is entitled to.
    pub entitled_share: f64,
    /// The share of all work served that was its own.
    pub delivered_share: Estimate,
    /// The one over the other.
    pub delivered_of_entitled: Estimate,
}

/// The groups of one kind: whose shares are looked at, and where their served work stands in the metrics of a run.
pub(super) struct Groups<'a> {
    /// What they are, as a scope of files.
    pub(super) scope: &'static str,
    /// Place, id, name and entitled share of each that is entitled to something.
    entitled: Vec<(usize, &'a str, &'a str, f64)>,
    served_h: fn(&RunMetrics, usize) -> f64,
}

/// What a run delivered to one group.
pub(super) struct Delivered<'a> {
    pub(super) id: &'a str,
    pub(super) entitled_share: f64,
    pub(super) share: f64,
}

impl<'a> Groups<'a> {
    /// The communities.
    pub(super) fn communities(system: &'a System) -> Self {
        let shares = system.communities.iter().map(|one| f64::from(one.shares)).collect();
        let names = system.communities.iter().map(|one| (one.id.as_str(), one.name.as_str()));
        let served_h = |run: &RunMetrics, index: usize| run.communities[index].get(Metric::ServedH);
        Self { scope: "community", entitled: entitled(names, shares), served_h }
    }

    /// The countries.
    pub(super) fn countries(system: &'a System) -> Self {
        let mut expected = vec![0.0; system.countries.len()];
        for stream in &system.streams {
            expected[stream.country.index()] += expected_work_h(system, stream);
        }
        let names = system.countries.iter().map(|one| (one.id.as_str(), one.name.as_str()));
        let served_h = |run: &RunMetrics, index: usize| run.served_h_by_country[index];
        Self { scope: "country", entitled: entitled(names, expected), served_h }
    }

    /// What a run delivered to each group.
    pub(super) fn delivered(&self, run: &RunMetrics) -> Vec<Delivered<'a>> {
        let all = run.network.get(Metric::ServedH);
        let of = |&(index, id, _, entitled_share): &(usize, &'a str, &str, f64)| Delivered {
            id,
            entitled_share,
            share: (self.served_h)(run, index) / all,
        };
        self.entitled.iter().map(of).collect()
    }

    /// Jain's index and the max-min ratio of a run.
    pub(super) fn indices(&self, run: &RunMetrics) -> (f64, f64) {
        let of_entitled: Vec<f64> = self.delivered(run).iter().map(Delivered::of_entitled).collect();
        (jain_index(&of_entitled), max_min_ratio(&of_entitled))
    }

    /// The summary over all runs.
    pub(super) fn summarise(&self, runs: &Block) -> FairnessSummary {
        let group =
            |(place, &(_, id, name, entitled_share)): (usize, &(usize, &str, &str, f64))| GroupFairness {
                id: id.to_owned(),
                name: name.to_owned(),
                entitled_share,
                delivered_share: runs.over(|run| self.delivered(run)[place].share),
                delivered_of_entitled: runs.over(|run| self.delivered(run)[place].of_entitled()),
            };
        FairnessSummary {
            jain: runs.over(|run| self.indices(run).0),
            max_min: runs.over(|run| self.indices(run).1),
            groups: self.entitled.iter().enumerate().map(group).collect(),
        }
    }
}

impl Delivered<'_> {
    pub(super) fn of_entitled(&self) -> f64 {
        self.share / self.entitled_share
    }
}

/// Those of all groups with a positive weight, with their part of the sum of the weights.
fn entitled<'a>(
    names: impl Iterator<Item = (&'a str, &'a str)>,
    weights: Vec<f64>,
) -> Vec<(usize, &'a str, &'a str, f64)> {
    let sum: f64 = weights.iter().sum();
    let groups = names.zip(weights).enumerate();
    let groups = groups.filter(|(_, (_, weight))| *weight > 0.0);
    groups.map(|(index, ((id, name), weight))| (index, id, name, weight / sum)).collect()
}
