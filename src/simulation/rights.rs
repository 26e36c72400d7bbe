//! Who goes first by account: fair shares, multifactor priorities and dominant shares of one partition.

use super::run::Simulation;
use crate::model::{Job, Order, Partition, PartitionId, SiteId, StreamId, System};
use crate::records::Sink;
use crate::scheduling::{Accounts, Claim};
use crate::units::Time;
use crate::workload::Workload;

/// What a partition remembers of its accounts, as far as its order looks at them.
#[derive(Debug)]
pub(super) struct Rights {
    order: Order,
    /// An account for each arrival stream.
    shares: Option<Accounts>,
    /// Units held, by community; kept where a partition of the site looks at dominant shares.
    pub(super) held: Option<Vec<u64>>,
}

impl Rights {
    pub(super) fn new(system: &System, partition: &Partition) -> Self {
        let siblings = system.sites[partition.site].partitions.iter();
        let dominant = |&id: &PartitionId| system.partitions[id].policy.order == Order::DominantResource;
        let held = siblings.clone().any(dominant).then(|| vec![0; system.communities.len()]);
        let order = partition.policy.order;
        Self { order, shares: order.decay().map(|decay| Accounts::new(system, decay)), held }
    }

    /// How many accounts there are.
    pub(super) fn accounts(&self) -> usize {
        match (self.order, &self.shares, &self.held) {
            (Order::DominantResource, _, Some(held)) => held.len().max(1),
            (_, Some(accounts), _) => accounts.count(),
            _ => 1,
        }
    }

    /// Whether each account is an arrival stream.
    pub(super) fn accounts_are_streams(&self) -> bool {
        self.shares.is_some() && self.order != Order::DominantResource
    }

    /// The account of a job.
    pub(super) fn account_of(&self, job: &Job) -> u32 {
        match (self.order, &self.shares) {
            (Order::DominantResource, _) => job.community.0,
            (_, Some(_)) => job.id.stream.0,
            _ => 0,
        }
    }

    /// A job starts to hold units.
    #[inline]
    pub(super) fn hold(&mut self, now: Time, job: &Job, units: u32) {
        if let Some(shares) = &mut self.shares {
            shares.hold(now, job.id.stream.0, units);
        }
        if let Some(held) = &mut self.held {
            held[job.community.index()] += u64::from(units);
        }
    }

    /// A job holds its units no more.
    #[inline]
    pub(super) fn release(&mut self, now: Time, job: &Job, units: u32) {
        if let Some(shares) = &mut self.shares {
            shares.release(now, job.id.stream.0, units);
        }
        if let Some(held) = &mut self.held {
            held[job.community.index()] -= u64::from(units);
        }
    }
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// Brings the order of a queue up to date.
    #[inline]
    pub(super) fn sort_queue(&mut self, id: PartitionId, now: Time) {
        let state = &mut self.partitions[id];
        let lanes = state.lanes;
        match (state.rights.order, &mut state.rights.shares) {
            (Order::FairShare(_), Some(shares)) => {
                shares.look(now);
                state.queue.sort_at(now, |lane| shares.factor(lanes.account(lane)));
            }
            (Order::Multifactor(weights, _), Some(shares)) => {
                shares.look(now);
                let streams = &self.system.streams;
                let quality = |account: u32| {
                    let community = streams.get(StreamId(account)).map(|stream| stream.community);
                    community.map_or(0.0, |community| self.system.communities[community].quality_of_service)
                };
                state.queue.sort_at(now, |lane| {
                    let account = lanes.account(lane);
                    weights.fair_share_weight * shares.factor(account) + weights.qos_weight * quality(account)
                });
            }
            (Order::DominantResource, _) => {
                let shares = self.dominant_shares(self.system.partitions[id].site);
                self.partitions[id].queue.sort_at(now, |lane| shares[lanes.account(lane) as usize]);
            }
            _ => state.queue.sort_at(now, |_| 0.0),
        }
    }

    /// The dominant share of each community over the open partitions of a site.
    fn dominant_shares(&self, site: SiteId) -> Vec<f64> {
        let partitions = &self.system.sites[site].partitions;
        let capacity: Vec<u64> = partitions.iter().map(|&id| self.partitions[id].capacity.into()).collect();
        let share = |(index, community): (usize, &crate::model::Community)| {
            let held = partitions
                .iter()
                .map(|&id| self.partitions[id].rights.held.as_ref().map_or(0, |held| held[index]));
            let held: Vec<u64> = held.collect();
            Claim { weight: community.shares.into(), held: &held }.dominant_share(&capacity)
        };
        self.system.communities.iter().enumerate().map(share).collect()
    }
}
