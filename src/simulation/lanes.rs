//! The lanes of a partition's queue: one for each partition that runs on its nodes and each account that its order looks
//! at, and where there are limits, one for each community and country besides, unless the account says these.

use super::rights::Rights;
use crate::model::{
    Askers, CommunityId, CountryId, Job, Partition, PartitionId, Per, Quota, StreamId, System,
};
use crate::scheduling::{Limits, Most, Share};

/// How lanes are numbered: partition on the nodes, then who asks, then account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lanes {
    accounts: u32,
    /// Communities times countries, or 1 where nothing depends on them or the account says them.
    askers: u32,
    countries: u32,
    /// Whether the accounts are streams, each of one community in one country.
    by_stream: bool,
}

impl Lanes {
    pub(super) fn new(system: &System, pool: PartitionId, rights: &Rights) -> Self {
        let limited = |id: PartitionId| {
            let partition = &system.partitions[id];
            !(partition.limits.is_empty() && partition.budgets.is_empty() && partition.quotas.is_empty())
        };
        let limited = system.partitions_on(pool).any(limited);
        let countries = system.countries.len() as u32;
        let by_stream = rights.accounts_are_streams();
        let askers = if limited && !by_stream { system.communities.len() as u32 * countries } else { 1 };
        Self { accounts: rights.accounts() as u32, askers, countries, by_stream }
    }

    /// The tier of each lane.
    pub(super) fn tiers(self, system: &System, pool: PartitionId) -> Vec<i32> {
        let each = (self.askers * self.accounts) as usize;
        let tiers = system.partitions_on(pool).map(|id| system.partitions[id].tier);
        tiers.flat_map(|tier| std::iter::repeat_n(tier, each)).collect()
    }

    /// The lane of a job that joins by the `guest`-th partition on the nodes, in an account.
    pub(super) fn lane(self, guest: u32, job: &Job, account: u32) -> u32 {
        let asker = if self.askers == 1 { 0 } else { job.community.0 * self.countries + job.country.0 };
        (guest * self.askers + asker) * self.accounts + account
    }

    /// The account of a lane.
    pub(super) fn account(self, lane: u32) -> u32 {
        lane % self.accounts
    }

    /// The limits, budgets and quotas of all partitions on the nodes.
    pub(super) fn limits(self, system: &System, pool: PartitionId, lanes: usize) -> Limits {
        let owner = &system.partitions[pool];
        let mut limits = Limits::none(lanes);
        for (guest, id) in system.partitions_on(pool).enumerate() {
            let partition = &system.partitions[id];
            let under = |askers: &Askers| {
                let lanes =
                    (0..lanes).filter(|&lane| self.guest(lane) == guest && self.is_of(system, lane, askers));
                lanes.collect::<Vec<_>>()
            };
            for limit in &partition.limits {
                let units = limit.nodes.map_or(u64::MAX, |nodes| partition.units_of_nodes(nodes).into());
                let most = Most { units, jobs: limit.jobs.map_or(u64::MAX, u64::from) };
                match limit.per {
                    Per::Group => limits.add(most, under(&limit.askers)),
                    Per::Project => limits.add_per_project(most, under(&limit.askers)),
                }
            }
            for budget in &partition.budgets {
                let in_units = budget.amount.0 / u128::from(partition.accelerators_of(1));
                limits.add_budget(in_units, (partition.opens, budget.period), under(&budget.askers));
            }
        }
        if !owner.quotas.is_empty() {
            let shares = owner.quotas.iter().map(|quota| share(owner, quota)).collect();
            let share_of =
                |lane: usize| owner.quotas.iter().position(|quota| self.is_of(system, lane, &quota.askers));
            limits.set_quotas(owner.capacity().into(), shares, (0..lanes).map(share_of).collect());
        }
        limits
    }

    fn guest(self, lane: usize) -> usize {
        lane / (self.accounts * self.askers) as usize
    }

    fn is_of(self, system: &System, lane: usize, askers: &Askers) -> bool {
        if self.by_stream {
            let stream = system.streams.get(StreamId(self.account(lane as u32)));
            return stream.is_some_and(|stream| askers.include(stream.community, stream.country));
        }
        let asker = lane as u32 / self.accounts % self.askers;
        askers.include(CommunityId(asker / self.countries), CountryId(asker % self.countries))
    }
}

/// A quota in allocation units.
fn share(partition: &Partition, quota: &Quota) -> Share {
    let units = |nodes| u64::from(partition.units_of_nodes(nodes));
    Share { own: units(quota.nodes), borrow: units(quota.borrow), lend: units(quota.lend) }
}
