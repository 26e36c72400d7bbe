//! Classes of jobs with priorities on the same servers, through partitions of different tiers that share nodes: without
//! preemption (Cobham 1954), and with jobs that are suspended and go on where they were.

use super::theory::{PriorityQueue, non_preemptive_waits, preemptive_times};
use super::{Effort, STANDARD_ERRORS, Verdict};
use crate::engine::{Distribution, Universe, entity_key};
use crate::model::{
    CommunityId, EventOrder, Id, LocalPolicy, NodesAre, PartitionId, Preemption, PreemptionMode, StreamId,
    System,
};
use crate::records::{JobRow, LinkRow, Sink};
use crate::simulation::simulate;
use crate::statistics::BatchMeans;
use crate::study::{DemandClass, PoissonDemand, SinglePartition};
use crate::units::{Span, Time};
use crate::workload::Synthetic;

/// The case, servers, arrivals per second of each class, the most urgent first; service takes a second in the mean.
type Case = (&'static str, u32, [f64; 3]);

const NON_PREEMPTIVE: [Case; 2] = [("Q10a", 1, [0.2, 0.3, 0.3]), ("Q10c", 10, [2.0, 3.0, 3.0])];
const PREEMPTIVE: Case = ("Q10b", 1, [0.2, 0.3, 0.3]);

/// A batch spans hundreds of relaxation times of the queue (see `queueing`).
const BATCHES: u64 = 40;

/// What becomes of a job in service when a more urgent one comes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Service {
    Finishes,
    IsSuspended,
}

/// How many systems there are.
pub(super) const COUNT: usize = NON_PREEMPTIVE.len() + 1;

/// Runs one of the systems and judges each class.
pub(super) fn run(index: usize, effort: Effort) -> Vec<Verdict> {
    match NON_PREEMPTIVE.get(index) {
        Some(&case) => judge(case, Service::Finishes, effort),
        None => judge(PREEMPTIVE, Service::IsSuspended, effort),
    }
}

fn judge(case: Case, service: Service, effort: Effort) -> Vec<Verdict> {
    let (id, servers, rates) = case;
    let queue = PriorityQueue { servers, arrivals_per_s: rates.to_vec(), service_per_s: 1.0 };
    let exact = match service {
        Service::Finishes => non_preemptive_waits(&queue),
        Service::IsSuspended => preemptive_times(&queue),
    };
    let measured = measure(case, service, effort.customers());
    let classes = exact.into_iter().zip(&measured.classes).enumerate();
    classes
        .map(|(class, (exact, means))| {
            let (mean, error) = means.mean_and_error();
            let (what, how) = match service {
                Service::Finishes => ("mean wait", "not interrupted"),
                Service::IsSuspended => ("time in system", "suspended"),
            };
            let quantity = format!("{what}, priority class {class}, {servers} servers, {how}");
            Verdict::new(id, &quantity, exact, mean, STANDARD_ERRORS * error, means.count())
        })
        .collect()
}

/// Waits or times in system of each class.
struct Measured {
    service: Service,
    classes: Vec<BatchMeans>,
}

impl Sink for Measured {
    fn job(&mut self, row: &JobRow) {
        let until = match self.service {
            Service::Finishes => row.start,
            Service::IsSuspended => row.end,
        };
        if let Some(until) = until {
            let value = until.since(row.submit).as_seconds();
            self.classes[row.id.stream.index()].add(row.id.ordinal, value);
        }
    }

    fn link(&mut self, _: &LinkRow) {}
}

fn measure((id, servers, rates): Case, service: Service, customers: u64) -> Measured {
    let total: f64 = rates.iter().sum();
    let system = system(servers, &rates, service, customers as f64 / total * 1.05);
    let universe = Universe::new(entity_key(id, "priorities"), 0);
    let of_class = |rate: &f64| BatchMeans::new((customers as f64 * rate / total) as u64, BATCHES);
    let mut measured = Measured { service, classes: rates.iter().map(of_class).collect() };
    simulate(&system, &system.sets[0], universe, Synthetic::new(&system, universe), &mut measured);
    measured
}

/// A community and a partition for each class, all on the same servers.
fn system(servers: u32, rates: &[f64], service: Service, length_s: f64) -> System {
    let class = DemandClass {
        share: 1.0,
        accelerators: vec![(1, 1.0)],
        duration_s: Distribution::Exponential { mean: 1.0 },
        requested_factor: Distribution::Constant(1.0),
    };
    let mut system = SinglePartition {
        accelerators: servers,
        policy: LocalPolicy::FCFS,
        event_order: EventOrder::EndsFirst,
        max_queued: None,
        end: Time::ZERO + Span::from_seconds_round(length_s),
        warm_up: Time::ZERO,
        demand: Some(PoissonDemand { rate_per_s: rates[0], classes: vec![class] }),
    }
    .system();
    let suspension = Preemption { mode: PreemptionMode::Suspend, exempt: Span::ZERO };
    system.partitions[PartitionId(0)].preemption = (service == Service::IsSuspended).then_some(suspension);
    for (class, &rate_per_s) in rates.iter().enumerate().skip(1) {
        let mut partition = system.partitions[PartitionId(0)].clone();
        partition.nodes_are = NodesAre::Shared;
        system.partitions.push(partition);
        let mut stream = system.streams[StreamId(0)].clone();
        stream.key = format!("class-{class}/country");
        (stream.community, stream.rate_per_s) = (CommunityId::from_index(class), rate_per_s);
        system.streams.push(stream);
        let community = system.communities[CommunityId(0)].clone();
        system.communities.push(community);
    }
    for (index, partition) in system.partitions.iter_mut().enumerate() {
        partition.tier = -(index as i32);
        partition.admits = Some(vec![CommunityId::from_index(index)]);
    }
    let all = system.partitions.ids().collect();
    system.sites.iter_mut().for_each(|site| site.partitions.clone_from(&all));
    system
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Nine standard errors off must be found out: four for the judgement, five for the noise of the run.
    #[test]
    fn a_wrong_order_or_rule_fails() {
        let passes = |exact: &[f64], measured: &Measured| {
            exact.iter().zip(&measured.classes).all(|(exact, means)| {
                let (mean, error) = means.mean_and_error();
                (mean - exact).abs() <= STANDARD_ERRORS * error
            })
        };
        let exact = |rates: [f64; 3]| {
            let queue = PriorityQueue { servers: 1, arrivals_per_s: rates.to_vec(), service_per_s: 1.0 };
            (non_preemptive_waits(&queue), preemptive_times(&queue))
        };
        let (waits, times) = exact(PREEMPTIVE.2);
        let finishing = measure(NON_PREEMPTIVE[0], Service::Finishes, 200_000);
        let suspending = measure(PREEMPTIVE, Service::IsSuspended, 200_000);
        assert!(passes(&waits, &finishing) && passes(&times, &suspending));
        let (others, other_times) = exact([0.22, 0.3, 0.3]);
        assert!(!passes(&others, &finishing) && !passes(&other_times, &suspending));
        let plus_service: Vec<f64> = waits.iter().map(|wait| wait + 1.0).collect();
        assert!(!passes(&plus_service, &suspending));
    }
}
