//! Several equal sites at one place of the network: the system behind the cases of `validate` about brokers.

use super::SinglePartition;
use crate::model::{BrokerInformation, BrokerPolicy, Id, PartitionId, SiteId, System};

/// Equal sites of one partition each, without a latency between them, whose jobs a broker shares out.
#[derive(Debug, Clone)]
pub struct IdenticalSites {
    /// How many.
    pub sites: u32,
    /// How jobs find their site.
    pub broker: BrokerPolicy,
    /// What the broker knows.
    pub information: BrokerInformation,
    /// One of them, with the demand on all.
    pub each: SinglePartition,
}

impl IdenticalSites {
    /// The system; the sites are named in the order of their ids.
    pub fn system(&self) -> System {
        let mut system = self.each.system();
        let (site, partition) = (system.sites[SiteId(0)].clone(), system.partitions[PartitionId(0)].clone());
        for index in 1..self.sites {
            let id = PartitionId::from_index(system.partitions.len());
            let mut partition = partition.clone();
            (partition.site, partition.pool) = (SiteId(index), id);
            system.partitions.push(partition);
            let mut site = site.clone();
            site.partitions = vec![id];
            system.sites.push(site);
        }
        for (index, site) in (0..).zip(system.sites.iter_mut()) {
            site.id = format!("site-{index:06}");
        }
        system.broker = self.broker.clone();
        system.information = self.information;
        system.sets[0].sites = system.sites.ids().collect();
        system
    }
}
