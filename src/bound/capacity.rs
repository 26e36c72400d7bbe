//! What the nodes of a set offer in a window, what limits and quotas leave of it to some, and what links should carry.

use crate::model::{
    Askers, CandidateSet, CommunityId, CountryId, LinkId, Partition, PartitionId, Per, Quota, System,
};
use crate::units::{AcceleratorTime, Span, Time};

/// The time from the warm-up to the end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Window {
    pub(super) from: Time,
    pub(super) to: Time,
}

impl Window {
    /// How much of a half-open interval lies within.
    pub(super) fn overlap(self, from: Time, to: Time) -> Span {
        let (from, to) = (from.max(self.from), to.min(self.to));
        if to > from { to.since(from) } else { Span::ZERO }
    }
}

/// From when on jobs are sent to a partition.
pub(super) fn opens(system: &System, id: PartitionId) -> Time {
    let partition = &system.partitions[id];
    partition.opens.max(system.partitions[partition.pool].opens)
}

/// From one opening of a partition of the set to the next, up to the end; before the first nothing can be sent anywhere.
pub(super) fn periods(system: &System, set: &CandidateSet) -> Vec<Window> {
    let end = system.observation.end;
    let openings = system.partitions_of(set).map(|id| opens(system, id)).filter(|&opens| opens < end);
    let mut begins: Vec<Time> = openings.collect();
    begins.sort_unstable();
    begins.dedup();
    let ends = begins.iter().copied().skip(1).chain([end]);
    begins.iter().zip(ends).map(|(&from, to)| Window { from, to }).collect()
}

/// Accelerator-hours of the nodes that a partition owns: while it is open, less what its calendar withdraws.
pub(super) fn offered_h(system: &System, pool: PartitionId, window: Window) -> f64 {
    let partition = &system.partitions[pool];
    let all =
        AcceleratorTime::of(partition.accelerators().into(), window.overlap(partition.opens, window.to));
    let withdrawn = partition.calendar.iter().map(|block| {
        let accelerators = partition.accelerators_of(partition.units_of_nodes(block.nodes));
        AcceleratorTime::of(accelerators.into(), window.overlap(block.from.max(partition.opens), block.to))
    });
    all.as_hours() - withdrawn.sum::<AcceleratorTime>().as_hours().min(all.as_hours())
}

/// The most accelerators that some jobs hold at once.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Cap {
    of: Of,
    /// Accelerators times the time for which the partition is open.
    pub(super) amount_h: f64,
}

/// Whose cap it is.
#[derive(Debug, Clone, PartialEq)]
enum Of {
    /// Those of some askers through one partition.
    Limit(PartitionId, Askers),
    /// Those of a quota, the first one that is about them, on the nodes of a partition; `None`: those without any.
    Quota(PartitionId, Option<usize>),
}

/// All caps of a set.
pub(super) fn caps(system: &System, set: &CandidateSet, window: Window) -> Vec<Cap> {
    let mut caps = Vec::new();
    for id in system.partitions_of(set) {
        let partition = &system.partitions[id];
        let open = window.overlap(opens(system, id), window.to);
        let cap = |of: Of, nodes: u32| {
            let accelerators = partition.accelerators_of(partition.units_of_nodes(nodes));
            Cap { of, amount_h: AcceleratorTime::of(accelerators.into(), open).as_hours() }
        };
        let limits = partition.limits.iter().filter(|limit| limit.per == Per::Group);
        caps.extend(limits.filter_map(|limit| Some(cap(Of::Limit(id, limit.askers.clone()), limit.nodes?))));
        if system.owns_nodes(id) && !partition.quotas.is_empty() {
            let pool = shared_nodes(partition);
            caps.push(cap(Of::Quota(id, None), pool));
            let quotas = partition.quotas.iter().enumerate();
            caps.extend(quotas.map(|(index, quota)| cap(Of::Quota(id, Some(index)), most_of(quota, pool))));
        }
    }
    caps
}

/// Nodes that anybody may hold: all but those that their owners do not lend.
fn shared_nodes(partition: &Partition) -> u32 {
    partition.nodes
        - partition.quotas.iter().map(|quota| quota.nodes - quota.lend.min(quota.nodes)).sum::<u32>()
}

/// The most nodes of an owner: its own, or those it keeps and all that anybody may hold, and no more than it may borrow.
fn most_of(quota: &Quota, shared: u32) -> u32 {
    let kept = quota.nodes - quota.lend.min(quota.nodes);
    quota.nodes.max(kept + shared).min(quota.nodes.saturating_add(quota.borrow))
}

impl Cap {
    /// Whether it is about the jobs of these askers through a partition.
    pub(super) fn covers(
        &self,
        system: &System,
        id: PartitionId,
        community: CommunityId,
        country: CountryId,
    ) -> bool {
        match &self.of {
            Of::Limit(partition, askers) => *partition == id && askers.include(community, country),
            Of::Quota(pool, owner) => {
                let quotas = &system.partitions[*pool].quotas;
                let first = || quotas.iter().position(|quota| quota.askers.include(community, country));
                system.partitions[id].pool == *pool && first() == *owner
            }
        }
    }
}

/// The bytes that a link is expected to carry in a window: upgraded and out of service as planned, and in the mean share
/// of the time that it is not mended.
pub(super) fn expected_bytes(system: &System, link: LinkId, window: Window) -> f64 {
    let built = system.topology.links[link].capacity.0;
    let bytes = |from: Time, to: Time, rate: f64| rate * window.overlap(from, to).as_seconds();
    let Some(cable) = system.topology.cables.iter().find(|cable| cable.links.contains(&link)) else {
        return bytes(window.from, window.to, built) * system.network.transfers.efficiency;
    };
    let rates =
        [(Time::ZERO, built)].into_iter().chain(cable.upgrades.iter().map(|&(at, rate)| (at, rate.0)));
    let ends = cable.upgrades.iter().map(|&(at, _)| at).chain([window.to]);
    let within = |from: Time, to: Time| {
        rates
            .clone()
            .zip(ends.clone())
            .map(|((begin, rate), end)| bytes(begin.max(from), end.min(to), rate))
            .sum::<f64>()
    };
    let out: f64 = cable.outages.iter().map(|&(from, to)| within(from, to)).sum();
    let up = cable.failures.as_ref().map_or(1.0, |failures| {
        let (up, repair) = (failures.up_s.mean(), failures.repair_s.mean());
        up / (up + repair)
    });
    (within(window.from, window.to) - out).max(0.0) * up * system.network.transfers.efficiency
}
