//! The slow obvious network, oracle of the fast one: every flow by itself, in f64 seconds and bytes.

use crate::model::{Link, LinkKind, Node, NodeId, Position, Topology};
use crate::units::{ByteRate, Span};

/// A flow: the links it crosses, its own cap in bytes per second (infinite where there is none), its weight, when its
/// bytes begin to move (latency included) and how many they are.
#[derive(Debug, Clone)]
pub(super) struct Flow {
    pub(super) links: Vec<usize>,
    pub(super) cap: f64,
    pub(super) weight: f64,
    pub(super) start: f64,
    pub(super) bytes: f64,
}

/// What happens to the network at an instant.
#[derive(Debug, Clone)]
pub(super) enum Change {
    /// A link has this capacity from now on.
    Capacity(usize, f64),
    /// A flow takes these links from now on, with this cap and weight.
    Path(usize, Vec<usize>, f64, f64),
    /// A flow begins again.
    Restart(usize),
    /// A flow is called off.
    Cancel(usize),
}

/// Max-min fair rates by the definition: raise all rates together, each in proportion to its weight; a flow stops at a
/// full link or at its own cap.
pub(super) fn rates(capacities: &[f64], flows: &[&Flow]) -> Vec<f64> {
    let mut rates = vec![None; flows.len()];
    while rates.contains(&None) {
        let share = |link: usize| {
            let crossing = (0..flows.len()).filter(|&f| flows[f].links.contains(&link));
            let (fixed, open): (Vec<usize>, Vec<usize>) = crossing.partition(|&f| rates[f].is_some());
            let given: f64 = fixed.iter().map(|&f| rates[f].unwrap()).sum();
            (capacities[link] - given).max(0.0) / open.iter().map(|&f| flows[f].weight).sum::<f64>()
        };
        let limits: Vec<f64> = (0..flows.len())
            .map(|f| {
                let cap = flows[f].cap / flows[f].weight;
                let open = rates[f].is_none();
                let limit = || flows[f].links.iter().map(|&link| share(link)).fold(cap, f64::min);
                if open { limit() } else { f64::INFINITY }
            })
            .collect();
        let level = limits.iter().copied().fold(f64::INFINITY, f64::min);
        for (f, limit) in limits.into_iter().enumerate().filter(|&(_, limit)| limit <= level) {
            rates[f] = Some(limit * flows[f].weight);
        }
    }
    rates.into_iter().map(Option::unwrap).collect()
}

/// The finish time of each flow, stepping from event to event; `rates` gives the rates of the flows at these indices.
pub(super) fn finish_times(flows: &[Flow], mut rates: impl FnMut(&[usize]) -> Vec<f64>) -> Vec<f64> {
    step_through((&[], flows), &[], |_, _, active| rates(active))
}

/// The finish time of each flow through changes of the network, by time in seconds; infinite for a flow that was called
/// off or stands still for ever.
pub(super) fn finish_times_through(network: (&[f64], &[Flow]), changes: &[(f64, Change)]) -> Vec<f64> {
    step_through(network, changes, |capacities, flows, active| {
        rates(capacities, &active.iter().map(|&f| &flows[f]).collect::<Vec<_>>())
    })
}

fn step_through(
    (capacities, flows): (&[f64], &[Flow]),
    changes: &[(f64, Change)],
    mut rates: impl FnMut(&[f64], &[Flow], &[usize]) -> Vec<f64>,
) -> Vec<f64> {
    let (mut capacities, mut flows) = (capacities.to_vec(), flows.to_vec());
    let mut finish = vec![None; flows.len()];
    let mut remaining: Vec<f64> = flows.iter().map(|flow| flow.bytes).collect();
    let mut changes = changes.iter().peekable();
    let mut now = 0.0;
    while finish.contains(&None) {
        while let Some((_, change)) = changes.next_if(|(at, _)| *at <= now) {
            match change.clone() {
                Change::Capacity(link, capacity) => capacities[link] = capacity,
                Change::Path(f, links, cap, weight) => {
                    (flows[f].links, flows[f].cap, flows[f].weight) = (links, cap, weight);
                }
                Change::Restart(f) => remaining[f] = flows[f].bytes,
                Change::Cancel(f) => finish[f] = finish[f].or(Some(f64::INFINITY)),
            }
        }
        let active: Vec<usize> =
            (0..flows.len()).filter(|&f| finish[f].is_none() && flows[f].start <= now).collect();
        let rates = rates(&capacities, &flows, &active);
        let ends = active.iter().zip(&rates).map(|(&f, rate)| now + remaining[f] / rate);
        let starts = flows.iter().map(|flow| flow.start).filter(|&start| start > now);
        let turns = changes.peek().map(|(at, _)| *at);
        let next = ends.chain(starts).chain(turns).fold(f64::INFINITY, f64::min);
        if next == f64::INFINITY {
            break;
        }
        for (&f, rate) in active.iter().zip(&rates) {
            remaining[f] -= rate * (next - now);
            if remaining[f] <= 1e-12 * flows[f].bytes {
                finish[f] = Some(next);
            }
        }
        now = next;
    }
    finish.into_iter().map(|end| end.unwrap_or(f64::INFINITY)).collect()
}

/// All flows of a class together: what of their rate each link carries, how many they are, and their terms.
#[derive(Debug, Clone)]
pub(super) struct Bundle {
    pub(super) parts: Vec<f64>,
    pub(super) members: f64,
    pub(super) weight: f64,
    pub(super) cap: f64,
}

/// The rate of a flow of each class, zero where there is none, and the load of each link; terms are added in the order
/// that the fast filling promises: round by round, and class by class, those at their caps by (level of the cap, class).
pub(super) fn filling(capacities: &[f64], bundles: &[Bundle]) -> (Vec<f64>, Vec<f64>) {
    let mut loads = vec![0.0; capacities.len()];
    let mut rates: Vec<Option<f64>> =
        bundles.iter().map(|bundle| (bundle.members <= 0.0).then_some(0.0)).collect();
    while rates.contains(&None) {
        let is_open = |&class: &usize| rates[class].is_none();
        let weight_on = |link: usize, class: usize| {
            bundles[class].members * bundles[class].weight * bundles[class].parts[link]
        };
        let share = |link: usize| {
            let open: f64 = (0..bundles.len()).filter(is_open).map(|class| weight_on(link, class)).sum();
            if open > 0.0 { (capacities[link] - loads[link]).max(0.0) / open } else { f64::INFINITY }
        };
        let level = (0..capacities.len()).map(share).fold(f64::INFINITY, f64::min);
        let cap_level = |class: usize| bundles[class].cap / bundles[class].weight;
        let mut fixed: Vec<usize> =
            (0..bundles.len()).filter(is_open).filter(|&class| cap_level(class) <= level).collect();
        fixed.sort_by(|&a, &b| cap_level(a).total_cmp(&cap_level(b)));
        let is_by_cap = !fixed.is_empty();
        if !is_by_cap {
            let full = (0..capacities.len()).find(|&link| share(link) <= level).unwrap();
            fixed =
                (0..bundles.len()).filter(is_open).filter(|&class| weight_on(full, class) > 0.0).collect();
        }
        for class in fixed {
            let Bundle { parts, members, weight, cap } = &bundles[class];
            let rate = if is_by_cap { *cap } else { level * weight };
            rates[class] = Some(rate);
            for (load, parts) in loads.iter_mut().zip(parts) {
                *load += members * rate * parts;
            }
        }
    }
    (rates.into_iter().map(Option::unwrap).collect(), loads)
}

/// So many nodes, and links between them of 1 GB/s each: from, to and latency in nanoseconds.
pub(super) fn joined(nodes: u32, links: &[(u32, u32, u64)]) -> Topology {
    let mut topology = Topology::default();
    for node in 0..nodes {
        let position = Position { latitude: 0.0, longitude: 0.0 };
        topology.add_node(Node { name: node.to_string(), position });
    }
    for (index, &(from, to, latency)) in links.iter().enumerate() {
        topology.add_link(Link {
            name: format!("{index:03}"),
            kind: LinkKind::Backbone,
            capacity: ByteRate(1e9),
            latency: Span(latency),
            from: NodeId(from),
            to: NodeId(to),
        });
    }
    topology
}
