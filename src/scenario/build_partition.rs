//! From the partitions of a checked site to those of the model: whose nodes they run on, who is let in, the blocks of the
//! calendar. Partitions come in the order of their ids.

use super::build::{named, sorted};
use super::build_scheduler::local_policy;
use super::format::{ScenarioFile, Site};
use super::partition_format::{
    Budget as FileBudget, Limit, Partition as FilePartition, Per as FilePer, Preemption as FilePreemption,
    PreemptionMode as FileMode, Quota as FileQuota, Unit,
};
use super::partition_nodes::{Room, open_nodes};
use crate::model::{
    AcceleratorId, AcceleratorKind, AllocationUnit, Askers, Budget, CommunityId, Country, CountryId,
    HeldLimit, Id, IdVec, NodesAre, Partition, PartitionId, Per, Preemption, PreemptionMode, Quota, SiteId,
};
use crate::units::{AcceleratorTime, Calendar, Date, Span, Time};

/// What partitions refer to.
pub(super) struct Surroundings<'a> {
    pub(super) file: &'a ScenarioFile,
    pub(super) accelerators: &'a IdVec<AcceleratorId, AcceleratorKind>,
    pub(super) countries: &'a IdVec<CountryId, Country>,
    pub(super) calendar: Calendar,
}

impl Surroundings<'_> {
    /// The partitions of a site, of which the first has the number `first`.
    pub(super) fn partitions(&self, file: &Site, site: SiteId, first: usize) -> Vec<Partition> {
        let own = sorted(&file.partition, |partition| partition.id.clone());
        let room = |partition| Room::new(file, partition).expect("owners of nodes are checked before");
        let pool_of = |room: Room<'_>| {
            let place = own.iter().position(|other| other.id == room.owner.id);
            PartitionId::from_index(first + place.expect("an owner of nodes is a partition of the site"))
        };
        own.iter()
            .map(|partition| room(partition))
            .map(|room| self.partition(room, site, pool_of(room)))
            .collect()
    }

    fn partition(&self, room: Room<'_>, site: SiteId, pool: PartitionId) -> Partition {
        let Room { partition, owner, .. } = room;
        let kind = owner.accelerator.as_ref();
        let shared = partition.shares_nodes_with.is_some();
        let open = open_nodes(owner);
        let end = self.calendar.time_of(self.file.observation.end);
        // What belongs to the nodes is written where they are; the calendar counts once.
        let entries = partition.calendar.iter();
        Partition {
            id: partition.id.clone(),
            site,
            accelerator: named(self.accelerators, |known| Some(&known.id) == kind),
            nodes: open,
            accelerators_per_node: owner
                .accelerators_per_node
                .expect("an owner of nodes says how large they are"),
            unit: match owner.unit {
                Unit::Node => AllocationUnit::Node,
                Unit::Accelerator => AllocationUnit::Accelerator,
                Unit::Packed => AllocationUnit::Packed,
            },
            opens: self.opens(owner).max(self.opens(partition)),
            policy: local_policy(&owner.scheduler),
            max_nodes_per_job: room.nodes_per_job(),
            max_requested: partition.max_time.unwrap_or(Span::MAX),
            max_queued: owner.max_queued,
            accelerator_power: owner.accelerator_power,
            pool,
            nodes_are: if shared { NodesAre::Shared } else { NodesAre::Own },
            tier: partition.tier,
            admits: partition.communities.as_deref().map(|ids| self.communities(ids)),
            grace: partition.grace,
            limits: partition.limit.iter().map(|limit| self.limit(limit)).collect(),
            budgets: partition.budget.iter().map(|budget| self.budget(budget)).collect(),
            quotas: partition.quota.iter().map(|quota| self.quota(quota, open)).collect(),
            preemption: partition.preemption.as_ref().map(preemption),
            calendar: entries.flat_map(|entry| entry.blocks(self.calendar, end, open)).collect(),
        }
    }

    fn opens(&self, partition: &FilePartition) -> Time {
        partition.opens.map_or(Time::ZERO, |date| instant(self.calendar, date))
    }

    fn limit(&self, limit: &Limit) -> HeldLimit {
        let askers = self.askers(limit.community.as_ref(), limit.countries.as_deref());
        let per = limit.per.map_or(Per::Group, |FilePer::Project| Per::Project);
        HeldLimit { askers, per, nodes: limit.nodes, jobs: limit.jobs }
    }

    fn budget(&self, budget: &FileBudget) -> Budget {
        let askers = self.askers(budget.community.as_ref(), budget.countries.as_deref());
        Budget { askers, amount: accelerator_time(budget.accelerator_hours), period: budget.period }
    }

    fn quota(&self, quota: &FileQuota, open: u32) -> Quota {
        Quota {
            askers: self.askers(quota.community.as_ref(), quota.countries.as_deref()),
            nodes: quota.nodes,
            borrow: quota.borrow.unwrap_or(open),
            lend: quota.lend.unwrap_or(quota.nodes),
        }
    }

    fn askers(&self, community: Option<&String>, countries: Option<&[String]>) -> Askers {
        Askers {
            community: community.map(|id| self.community(id)),
            countries: countries.map(|ids| {
                let countries = ids.iter().map(|id| named(self.countries, |country| country.id == *id));
                ascending(countries.collect())
            }),
        }
    }

    fn communities(&self, ids: &[String]) -> Vec<CommunityId> {
        ascending(ids.iter().map(|id| self.community(id)).collect())
    }

    fn community(&self, id: &str) -> CommunityId {
        let place = self.file.community.iter().position(|community| community.id == id);
        CommunityId::from_index(place.expect("references are checked before the system is built"))
    }
}

fn ascending<T: Ord>(mut ids: Vec<T>) -> Vec<T> {
    ids.sort_unstable();
    ids.dedup();
    ids
}

fn preemption(preemption: &FilePreemption) -> Preemption {
    let mode = match preemption.mode {
        FileMode::Requeue => PreemptionMode::Requeue,
        FileMode::Cancel => PreemptionMode::Cancel,
        FileMode::Suspend => PreemptionMode::Suspend,
        FileMode::CheckpointThenRequeue => PreemptionMode::CheckpointThenRequeue,
    };
    Preemption { mode, exempt: preemption.exempt }
}

/// Midnight of a date, or the end of a very long time for dates beyond what nanoseconds can count.
fn instant(calendar: Calendar, date: Date) -> Time {
    const FAR_DAYS: u32 = 400 * 366;
    let days = i64::from((date - calendar.start()).get_days());
    if days > i64::from(FAR_DAYS) {
        return Time::from_seconds(u64::from(FAR_DAYS) * 86_400);
    }
    calendar.time_of(date)
}

/// Accelerator-hours to the unit.
pub(super) fn accelerator_time(hours: f64) -> AcceleratorTime {
    AcceleratorTime((hours * 3.6e12).round() as u128)
}
