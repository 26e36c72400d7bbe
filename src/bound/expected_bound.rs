//! The most work to be expected of a set, before anything runs: the fluid programme for the demand that is expected.
//!
//! The greatest total of a linear programme is concave in what its rows and groups hold. So the mean over runs of the bound
//! of a run is at most the bound for the mean demand (Jensen's inequality), and what any policy does in the mean is at most
//! that. Left out, which can only raise it: links, limits and quotas, how long jobs may be, and that work of the warm-up is
//! done before the window. More sites have more ways and more nodes: the bound grows with the set.
//!
//! Jobs that come by projects count as if all that is asked for were granted and used up once: there it is an estimate of
//! the most, since jobs may use a little more than was granted, and users may ask again.

use super::capacity::{Window, offered_h, opens, periods};
use super::expected::expected;
use super::programme::Programme;
use super::reach::Reach;
use super::ways::{Asked, ways};
use crate::model::{CandidateSet, PartitionId, Scaling, System};
use std::collections::BTreeMap;

/// The most work that a set can be expected to do inside the window, in reference accelerator-hours; infinite where a class
/// has no mean. A bound where jobs come by themselves, an estimate of it where they come by projects.
pub fn expected_bound_h(system: &System, set: &CandidateSet) -> f64 {
    let has_mean = |&(class, _): &(_, f64)| system.classes[class].mean_work_s().is_finite();
    let mut asked = system.streams.iter().flat_map(|stream| system.jobs_asked(stream));
    if !asked.all(|asked| asked.classes.iter().all(has_mean)) {
        return f64::INFINITY;
    }
    let (from, end) = (system.observation.warm_up, system.observation.end);
    let mut programme = Programme::default();
    let owners = system.partitions_of(set).filter(|&id| system.owns_nodes(id));
    let row = |id| (id, offered_h(system, id, Window { from, to: end }));
    let rows: BTreeMap<PartitionId, usize> =
        owners.map(row).map(|(id, hours)| (id, programme.add_row(hours))).collect();
    let reach = Reach::new(system, set);
    for window in periods(system, set) {
        expected(system, window, |expected| {
            let kind = expected.kind;
            let open = system.partitions_of(set).filter(|&id| {
                opens(system, id) <= window.from
                    && reach.links(kind.country, system.partitions[id].site).is_some()
            });
            let is_work = expected.scaling == Scaling::Work;
            let asked = Asked { class: kind.class, accelerators: kind.accelerators, is_work };
            let ways = ways(system, asked, (kind.community, kind.country), open).into_iter();
            let uses =
                ways.map(|way| vec![(rows[&system.partitions[way.partition].pool], way.held_per_work)]);
            programme.add_work(expected.hours, uses.collect::<Vec<_>>());
        });
    }
    programme.bound()
}
