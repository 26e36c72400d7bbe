//! The lanes of a partition's queue: one for each partition that runs on its nodes and each account that its order looks
//! at, and where there are limits, one for each community and country besides.

use super::rights::Rights;
use crate::model::{HeldLimit, Job, PartitionId, System};
use crate::scheduling::Limits;

/// How lanes are numbered: partition on the nodes, then who asks, then account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Lanes {
    accounts: u32,
    /// Communities times countries, or 1 where nothing depends on them.
    askers: u32,
    countries: u32,
}

impl Lanes {
    pub(super) fn new(system: &System, pool: PartitionId, rights: &Rights) -> Self {
        let limited = system.partitions_on(pool).any(|id| !system.partitions[id].limits.is_empty());
        let countries = system.countries.len() as u32;
        let askers = if limited { system.communities.len() as u32 * countries } else { 1 };
        Self { accounts: rights.accounts() as u32, askers, countries }
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

    /// The limits of all partitions on the nodes.
    pub(super) fn limits(self, system: &System, pool: PartitionId, lanes: usize) -> Limits {
        let mut limits = Limits::none(lanes);
        for (guest, id) in system.partitions_on(pool).enumerate() {
            let partition = &system.partitions[id];
            for limit in &partition.limits {
                let under = (0..lanes).filter(|&lane| self.is_under(lane as u32, guest as u32, limit));
                limits.add(partition.units_of_nodes(limit.nodes).into(), under);
            }
        }
        limits
    }

    fn is_under(self, lane: u32, guest: u32, limit: &HeldLimit) -> bool {
        let (asker, of_guest) = (lane / self.accounts % self.askers, lane / self.accounts / self.askers);
        let (community, country) = (asker / self.countries, asker % self.countries);
        let countries = |listed: &Vec<_>| listed.iter().any(|id: &crate::model::CountryId| id.0 == country);
        of_guest == guest
            && limit.community.is_none_or(|id| id.0 == community)
            && limit.countries.as_ref().is_none_or(countries)
    }
}
