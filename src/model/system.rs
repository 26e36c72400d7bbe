//! The whole resolved system and what is observed of it.

use super::broker::{BrokerInformation, BrokerPolicy};
use super::dataset::{Dataset, StagingPlace};
use super::demand::{ArrivalStream, Asks, Community, Country, JobClass};
use super::ids::{
    AcceleratorId, ClassId, CommunityId, CountryId, DatasetId, IdVec, PartitionId, SiteId, StreamId,
};
use super::network_rules::{NetworkRules, ScheduledTransfer};
use super::policy::EventOrder;
use super::project::Projects;
use super::site::{AcceleratorKind, Askers, Partition, Site};
use super::topology::Topology;
use crate::units::{Bytes, Calendar, Time};
use std::sync::Arc;

/// What is observed: from time zero to `end`, statistics from `warm_up` on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Observation {
    /// The last instant of a run.
    pub end: Time,
    /// Jobs submitted and time passed before this instant count in no statistic.
    pub warm_up: Time,
    /// Whether the demand and what serves it are meant to stay as they are, and it is asked how runs settle.
    pub steady_state: bool,
    /// Runs of each set.
    pub replications: u32,
    /// The master seed of all random streams.
    pub seed: u64,
}

/// A subset of the sites, with the committed ones: the decision that planners compare.
#[derive(Debug, Clone, PartialEq)]
pub struct CandidateSet {
    /// Its id in the scenario.
    pub id: String,
    /// Its name in plots and tables.
    pub name: String,
    /// Its sites, in id order.
    pub sites: Vec<SiteId>,
    /// The whole system as it is with this set, where the set changes more than its sites; ids mean the same in both.
    pub variant: Option<Arc<System>>,
}

impl CandidateSet {
    /// Whether `site` belongs to this set.
    pub fn contains(&self, site: SiteId) -> bool {
        self.sites.binary_search(&site).is_ok()
    }
}

/// A future in which sets are judged.
#[derive(Debug, Clone, PartialEq)]
pub struct Future {
    /// Its id in the scenario.
    pub id: String,
    /// Its name in tables and plots.
    pub name: String,
    /// How likely it is, against the others.
    pub weight: f64,
    /// The system as it is then, with the same sets; ids mean the same as in the scenario.
    pub system: Arc<System>,
}

/// How well a fact is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Confidence {
    /// Published by its owner, or by several sources that agree.
    Firm,
    /// Published once, derived from published figures, or contradicted.
    Soft,
    /// Nobody published it: our own assumption.
    Assumed,
}

/// Where a part of the scenario comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// The part, as a path in the scenario: `site.lumi`.
    pub path: String,
    /// Who says so.
    pub source: String,
    /// How well it is known.
    pub confidence: Confidence,
}

/// The resolved system.
#[derive(Debug, Clone, PartialEq)]
pub struct System {
    /// The scenario's name: names the result folder.
    pub name: String,
    /// Where time zero lies in the civil calendar.
    pub calendar: Calendar,
    /// What is observed.
    pub observation: Observation,
    /// Kinds of accelerators.
    pub accelerators: IdVec<AcceleratorId, AcceleratorKind>,
    /// The accelerator in whose hours work is counted.
    pub reference_accelerator: AcceleratorId,
    /// All sites, committed and candidates, sorted by id.
    pub sites: IdVec<SiteId, Site>,
    /// All partitions, sorted by site and id.
    pub partitions: IdVec<PartitionId, Partition>,
    /// Countries with users, sorted by id.
    pub countries: IdVec<CountryId, Country>,
    /// Communities, in the scenario's order.
    pub communities: IdVec<CommunityId, Community>,
    /// Job classes, in the scenario's order.
    pub classes: IdVec<ClassId, JobClass>,
    /// Datasets, sorted by id.
    pub datasets: IdVec<DatasetId, Dataset>,
    /// The site whose storage takes the results of classes that archive them; be the site in the set or not.
    pub archive: Option<SiteId>,
    /// Access by projects.
    pub projects: Projects,
    /// Arrival streams, by community then country; those of projects last.
    pub streams: IdVec<StreamId, ArrivalStream>,
    /// The network.
    pub topology: Topology,
    /// How it behaves.
    pub network: NetworkRules,
    /// Bulk transfers by plan, sorted by id.
    pub transfers: Vec<ScheduledTransfer>,
    /// How jobs find their site.
    pub broker: BrokerPolicy,
    /// What the broker knows of the partitions.
    pub information: BrokerInformation,
    /// The order of events at one instant.
    pub event_order: EventOrder,
    /// The sets to compare, in the scenario's order; the first is the base.
    pub sets: Vec<CandidateSet>,
    /// The sources of all facts used.
    pub facts: Vec<Fact>,
}

impl System {
    /// The system as it is with `set`.
    pub fn under<'s>(&'s self, set: &'s CandidateSet) -> &'s Self {
        set.variant.as_deref().unwrap_or(self)
    }

    /// The partitions of the sites of `set`.
    pub fn partitions_of<'a>(&'a self, set: &'a CandidateSet) -> impl Iterator<Item = PartitionId> + 'a {
        set.sites.iter().flat_map(|&site| self.sites[site].partitions.iter().copied())
    }

    /// Whether a partition owns its nodes: those that run on another's nodes add no capacity.
    pub fn owns_nodes(&self, partition: PartitionId) -> bool {
        self.partitions[partition].pool == partition
    }

    /// The partitions that run on the nodes of one, itself first.
    pub fn partitions_on(&self, pool: PartitionId) -> impl Iterator<Item = PartitionId> + '_ {
        let guests = self.sites[self.partitions[pool].site].partitions.iter().copied();
        std::iter::once(pool).chain(guests.filter(move |&id| id != pool && self.partitions[id].pool == pool))
    }

    /// The most units that the limits and the quota of a partition ever leave to one job of a community in a country, which
    /// comes by a project or without.
    pub fn most_units(
        &self,
        id: PartitionId,
        (community, country): (CommunityId, CountryId),
        asks: Asks,
    ) -> u64 {
        let partition = &self.partitions[id];
        let quotas = &self.partitions[partition.pool].quotas;
        if partition.limits.is_empty() && quotas.is_empty() {
            return u64::MAX;
        }
        let is_about = |askers: &Askers| askers.include(community, country);
        let limits = partition.limits.iter().filter(|limit| limit.is_about(community, country, asks));
        let limits = limits.filter_map(|limit| limit.nodes);
        let quota = quotas.iter().find(|quota| is_about(&quota.askers));
        let quota = quota.map(|quota| quota.nodes.saturating_add(quota.borrow));
        let nodes = limits.chain(quota).min();
        nodes.map_or(u64::MAX, |nodes| partition.units_of_nodes(nodes).into())
    }

    /// Whether some jobs change their size while they run.
    pub fn has_malleable_jobs(&self) -> bool {
        self.classes.iter().any(JobClass::is_malleable)
    }

    /// Whether checkpoints travel.
    pub fn sends_checkpoints(&self) -> bool {
        self.classes.iter().any(|class| class.checkpoint_bytes > Bytes::ZERO)
    }

    /// Whether some jobs may train at several sites at once.
    pub fn has_cross_site_jobs(&self) -> bool {
        self.classes.iter().any(|class| class.cross_site.is_some())
    }

    /// Whether some jobs join their queue at a place before its end.
    pub fn has_early_places(&self) -> bool {
        self.classes.iter().any(|class| class.staging == StagingPlace::WhileQueued)
    }

    /// Whether some users hand in their next job only when the last one has left.
    pub fn has_closed_streams(&self) -> bool {
        self.streams.iter().any(|stream| stream.think_s.is_some())
    }

    /// Whether some users go elsewhere rather than wait.
    pub fn has_patience(&self) -> bool {
        self.communities.iter().any(|community| community.patience.is_some())
    }

    /// Whether some jobs come by projects.
    pub fn has_projects(&self) -> bool {
        self.streams.iter().any(|stream| stream.asks == Asks::Projects)
    }

    /// Whether some jobs end otherwise than by having done their work, by their users' will, fault or estimate.
    pub fn has_early_endings(&self) -> bool {
        self.classes.iter().any(JobClass::may_end_early)
    }

    /// The speed of a partition's accelerators relative to the reference, for work of a class; for traces, which have no
    /// class, that of the accelerators.
    #[inline]
    pub fn speed_for(&self, class: ClassId, partition: PartitionId) -> f64 {
        let speeds = self.classes.get(class).and_then(|class| class.speeds.as_ref());
        match speeds {
            Some(speeds) => speeds[self.partitions[partition].accelerator],
            None => self.speed_of(partition),
        }
    }

    /// The speed of a partition's accelerators relative to the reference.
    #[inline]
    pub fn speed_of(&self, partition: PartitionId) -> f64 {
        self.accelerators[self.partitions[partition].accelerator].speed
    }
}
