//! Whose nodes a partition runs on, and how many of them are open to it.

use super::format::Site;
use super::partition_format::Partition;

/// A partition with the one that owns its nodes: itself, or the one it names.
#[derive(Clone, Copy)]
pub(super) struct Room<'a> {
    pub(super) site: &'a Site,
    pub(super) partition: &'a Partition,
    pub(super) owner: &'a Partition,
}

impl<'a> Room<'a> {
    /// Nothing where the partition names an owner that is none, or its nodes are not given.
    pub(super) fn new(site: &'a Site, partition: &'a Partition) -> Option<Self> {
        let owner = match &partition.shares_nodes_with {
            None => partition,
            Some(id) => site.partition.iter().find(|other| other.id == *id && owns_nodes(other))?,
        };
        owns_nodes(owner).then_some(Self { site, partition, owner })
    }

    /// All partitions that run on the nodes of the same owner.
    pub(super) fn on_its_nodes(self) -> impl Iterator<Item = &'a Partition> {
        let owner = &self.owner.id;
        let shares = move |other: &&Partition| {
            other.id == *owner || other.shares_nodes_with.as_ref().is_some_and(|id| id == owner)
        };
        self.site.partition.iter().filter(shares)
    }

    /// The most nodes one job may hold.
    pub(super) fn nodes_per_job(self) -> u32 {
        let open = open_nodes(self.owner);
        self.partition.max_nodes_per_job.map_or(open, |most| most.min(open))
    }

    /// Accelerators of so many of its nodes.
    pub(super) fn accelerators(self, nodes: u32) -> u64 {
        u64::from(nodes) * u64::from(self.owner.accelerators_per_node.unwrap_or(0))
    }
}

fn owns_nodes(partition: &Partition) -> bool {
    partition.shares_nodes_with.is_none()
        && partition.nodes.is_some()
        && partition.accelerators_per_node.is_some()
}

/// Nodes open to the factory's work: all nodes times the share, rounded down.
pub(super) fn open_nodes(owner: &Partition) -> u32 {
    // 0.29 * 100 is 28.999999999999996: a share given in percent shall not lose a node to the binary fraction.
    (f64::from(owner.nodes.unwrap_or(0)) * owner.share + 1e-9).floor() as u32
}
