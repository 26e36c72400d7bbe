//! Fractions from the fluid programme, for a broker that does not know what will come: period by period, from the demand
//! expected and what is open.
//!
//! A period lasts from one opening of a partition to the next; what opens later is left out. The ways, nodes, limits,
//! quotas and links are those of the bound, but for the period, with links as they are planned and expected to be. Beside
//! them stand the mean rates of arrivals, and of each class the mean work, the mean input and the time that a job of mean
//! run time asks for. A kind whose mean job fits nowhere gets no fractions. Bytes of datasets are not counted: how often
//! they move depends on what the storages keep; but jobs that read them go only where they may.

use super::capacity::{Cap, Window, caps, expected_bytes, offered_h, opens, periods};
use super::expected::{Expected, expected};
use super::planning::{PlannedWay, Planning, RowOf};
use super::reach::Reach;
use super::readers::Readers;
use super::ways::{Asked, Way, ways};
use crate::model::{
    CandidateSet, CountryId, JobClass, JobKind, LinkId, PartitionId, RoutingPeriod, RoutingPlan, Scaling,
    SiteId, System,
};
use crate::network::Routes;
use crate::units::Span;
use std::collections::BTreeMap;

/// The fractions of the sites of a set for every kind of job that is expected.
pub fn routing_plan(system: &System, set: &CandidateSet) -> RoutingPlan {
    let planner = Planner::new(system, set);
    RoutingPlan { periods: periods(system, set).into_iter().map(|window| planner.period(window)).collect() }
}

/// The greatest load that the demand expected puts on anything in the set, shared out as evenly as it can be, in its fullest
/// period: below 1 some policy serves all of it, above 1 none does. The demand that may run nowhere is left out.
pub fn greatest_load(system: &System, set: &CandidateSet) -> f64 {
    let planner = Planner::new(system, set);
    let loads = periods(system, set).into_iter().map(|window| planner.detailed(window).0.greatest_load());
    loads.fold(0.0, f64::max)
}

/// What does not change from period to period.
struct Planner<'a> {
    system: &'a System,
    set: &'a CandidateSet,
    reach: Reach,
    readers: Readers,
    /// `[country][site]`: the least latency there.
    latency: Vec<Option<Span>>,
}

/// The numbers of the rows; none for what holds nothing, whose ways are no ways.
struct Rows {
    nodes: BTreeMap<PartitionId, Option<usize>>,
    caps: Vec<(Cap, Option<usize>)>,
    links: BTreeMap<LinkId, Option<usize>>,
}

/// How finely kinds are told apart: the first that makes a programme small enough is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Detail {
    Full,
    /// Latencies count nothing, so that countries with the same ways are one.
    WithoutLatency,
    /// Nor do links.
    WithoutLinks,
}

/// The most ways of all groups together that are solved for finely: the time grows faster than they do.
const MOST_WAYS: usize = 4_000;

impl<'a> Planner<'a> {
    fn new(system: &'a System, set: &'a CandidateSet) -> Self {
        let latency = system.countries.iter().flat_map(|country| {
            let routes = Routes::from_node(&system.topology, country.node);
            let to = |site: SiteId| routes.to(system.sites[site].node).map(|route| route.latency);
            system.sites.ids().map(to).collect::<Vec<_>>()
        });
        let (latency, reach) = (latency.collect(), Reach::new(system, set));
        Self { system, set, reach, readers: Readers::new(system, set), latency }
    }

    fn period(&self, window: Window) -> RoutingPeriod {
        let (planning, kinds) = self.detailed(window);
        RoutingPeriod { from: window.from, fractions: planning.fractions(), kinds }
    }

    /// The problem of a period, as finely as it can be solved, with the group of each kind.
    fn detailed(&self, window: Window) -> (Planning, BTreeMap<JobKind, usize>) {
        let finely = [Detail::Full, Detail::WithoutLatency].into_iter();
        let mut finely = finely.map(|detail| self.planning(window, detail));
        let small = finely.find(|(planning, _)| planning.ways() <= MOST_WAYS);
        small.unwrap_or_else(|| self.planning(window, Detail::WithoutLinks))
    }

    /// The problem of a period, with the group of each kind.
    fn planning(&self, window: Window, detail: Detail) -> (Planning, BTreeMap<JobKind, usize>) {
        let (mut planning, mut kinds) = (Planning::default(), BTreeMap::new());
        let rows = self.rows(&mut planning, window, detail);
        let mut last: Option<(JobKind, Vec<(PartitionId, PlannedWay)>)> = None;
        expected(self.system, window, |expected| {
            let kind = JobKind { dataset: None, ..expected.kind };
            // Kinds that differ in their dataset only come one after the other.
            let known = last.take().filter(|(known, _)| *known == kind);
            let (_, ways) =
                last.insert(known.unwrap_or_else(|| (kind, self.ways(&rows, window, &expected, detail))));
            let may_read = |id: PartitionId| {
                self.readers.may_read(expected.kind.dataset, self.system.partitions[id].site)
            };
            let ways = ways.iter().filter(|(id, _)| may_read(*id)).map(|(_, way)| way.clone()).collect();
            if let Some(group) = planning.add_work(expected.hours, ways) {
                kinds.insert(expected.kind, group);
            }
        });
        (planning, kinds)
    }

    fn rows(&self, planning: &mut Planning, window: Window, detail: Detail) -> Rows {
        let mut row = |of, amount: f64| (amount > 0.0).then(|| planning.add_row(of, amount));
        let owners = self.system.partitions_of(self.set).filter(|&id| self.system.owns_nodes(id));
        let nodes = owners.map(|id| (id, row(RowOf::Nodes, offered_h(self.system, id, window)))).collect();
        let caps = caps(self.system, self.set, window).into_iter();
        let caps = caps
            .map(|cap| {
                let number = row(RowOf::Other, cap.amount_h);
                (cap, number)
            })
            .collect();
        let links = self.system.topology.links.ids().filter(|_| detail != Detail::WithoutLinks);
        let links =
            links.map(|link| (link, row(RowOf::Other, expected_bytes(self.system, link, window)))).collect();
        Rows { nodes, caps, links }
    }

    /// The ways of a kind, whatever it reads.
    fn ways(
        &self,
        rows: &Rows,
        window: Window,
        expected: &Expected,
        detail: Detail,
    ) -> Vec<(PartitionId, PlannedWay)> {
        let JobKind { community, country, class, accelerators, .. } = expected.kind;
        let asked = Asked { class, accelerators, is_work: expected.scaling == Scaling::Work };
        let is_open = |id: &PartitionId| {
            let is_reached = self.reach.links(country, self.system.partitions[*id].site).is_some();
            is_reached && opens(self.system, *id) <= window.from
        };
        let open = self.system.partitions_of(self.set).filter(is_open);
        let ways = ways(self.system, asked, (community, country), open).into_iter();
        let ways = ways.filter(|way| way.longest >= expected.time_asked);
        let planned = ways.filter_map(|way| Some((way.partition, self.way(rows, &way, expected, detail)?)));
        planned.collect()
    }

    /// What an hour of work uses in a way; `None` where it leads over what holds nothing.
    fn way(&self, rows: &Rows, way: &Way, expected: &Expected, detail: Detail) -> Option<PlannedWay> {
        let JobKind { community, country, class, .. } = expected.kind;
        let partition = &self.system.partitions[way.partition];
        let mut uses = vec![(rows.nodes[&partition.pool]?, way.held_per_work)];
        let is_malleable = self.system.classes.get(class).is_some_and(JobClass::is_malleable);
        let over = |cap: &Cap| !is_malleable && cap.covers(self.system, way.partition, community, country);
        for (_, row) in rows.caps.iter().filter(|(cap, _)| over(cap)) {
            uses.push(((*row)?, way.held_per_work));
        }
        let crossed = self.reach.links(country, partition.site).unwrap_or_default();
        for row in
            crossed.iter().filter_map(|link| rows.links.get(link)).filter(|_| expected.bytes_per_h > 0.0)
        {
            uses.push(((*row)?, expected.bytes_per_h));
        }
        let latency =
            if detail == Detail::Full { self.latency_to(country, partition.site) } else { Span::ZERO };
        Some(PlannedWay::new(partition.site, latency, uses))
    }

    fn latency_to(&self, country: CountryId, site: SiteId) -> Span {
        self.latency[country.index() * self.system.sites.len() + site.index()].unwrap_or(Span::ZERO)
    }
}
