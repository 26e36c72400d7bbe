//! One partition alone: the system behind `replay` and the queueing cases of `validate`.

use crate::engine::{Distribution, Universe};
use crate::model::{
    AcceleratorKind, AllocationUnit, Amount, ArrivalStream, Asks, BrokerInformation, BrokerPolicy,
    CandidateSet, ClassId, Community, CommunityId, Country, CountryId, EventOrder, Flexibility, Growth,
    IdVec, JobClass, LocalPolicy, NetworkRules, Node, Observation, Partition, PartitionId, Position,
    Projects, RequestedTime, ResultsGo, Scaling, Site, SiteId, StagingPlace, System, Topology,
};
use crate::records::Sink;
use crate::simulation::simulate;
use crate::units::{Bytes, Calendar, Carbon, Money, Power, Span, Time};
use crate::workload::Synthetic;

/// What varies between single-partition systems.
#[derive(Debug, Clone)]
pub struct SinglePartition {
    /// Accelerators, handed out one by one.
    pub accelerators: u32,
    /// How the queue is served.
    pub policy: LocalPolicy,
    /// The order of events at one instant.
    pub event_order: EventOrder,
    /// Waiting places; `None` for no bound.
    pub max_queued: Option<u32>,
    /// The last instant and the end of the warm-up.
    pub end: Time,
    /// Jobs submitted before count in no statistic.
    pub warm_up: Time,
    /// Poisson demand, if it does not come from a trace.
    pub demand: Option<PoissonDemand>,
}

/// Jobs arriving at a constant rate, the class of each drawn by share.
#[derive(Debug, Clone)]
pub struct PoissonDemand {
    /// Jobs per second.
    pub rate_per_s: f64,
    /// The classes; their shares add up to 1.
    pub classes: Vec<DemandClass>,
}

/// Jobs of one class of a [`PoissonDemand`].
#[derive(Debug, Clone)]
pub struct DemandClass {
    /// Share of the arriving jobs.
    pub share: f64,
    /// Accelerators with their weights; weights add up to 1.
    pub accelerators: Vec<(u32, f64)>,
    /// Run time in seconds.
    pub duration_s: Distribution,
    /// Requested over run time.
    pub requested_factor: Distribution,
}

impl DemandClass {
    /// All jobs: each on one accelerator, for the time that it requests.
    pub fn on_one(duration_s: Distribution) -> Self {
        let requested_factor = Distribution::Constant(1.0);
        Self { share: 1.0, accelerators: vec![(1, 1.0)], duration_s, requested_factor }
    }
}

impl PoissonDemand {
    fn shares(&self) -> Vec<(ClassId, f64)> {
        (0..).map(ClassId).zip(self.classes.iter().map(|class| class.share)).collect()
    }
}

impl SinglePartition {
    /// Runs the demand in `universe`, with every row sent to `sink`.
    pub(super) fn run(&self, universe: Universe, sink: &mut impl Sink) {
        let system = self.system();
        simulate(&system, &system.sets[0], universe, Synthetic::new(&system, universe), sink);
    }

    /// The system, with one site, country and community, and an empty network.
    pub fn system(&self) -> System {
        let position = Position { latitude: 0.0, longitude: 0.0 };
        let mut topology = Topology::default();
        let node = topology.add_node(Node { name: "site:site".to_owned(), position });
        let streams = self.demand.iter().map(|demand| ArrivalStream {
            key: "users/country".to_owned(),
            community: CommunityId(0),
            country: CountryId(0),
            asks: Asks::Jobs,
            rate_per_s: demand.rate_per_s,
            growth: Growth::NONE,
            activity: None,
            bursts: None,
            starts: Time::ZERO,
            think_s: None,
        });
        let kind = AcceleratorKind {
            id: "accelerator".to_owned(),
            name: "Accelerator".to_owned(),
            peak_bf16_tflops: 1.0,
            speed: 1.0,
        };
        let site = Site {
            id: "site".to_owned(),
            name: "Site".to_owned(),
            country: CountryId(0),
            consortium: Vec::new(),
            position,
            node,
            storage: None,
            partitions: vec![PartitionId(0)],
            cost: Money(0),
            electricity_price_per_mwh: Money(0),
            carbon: Carbon(0),
            pue: 1.0,
            committed: true,
            marks: None,
        };
        System {
            name: "single-partition".to_owned(),
            calendar: Calendar::starting(crate::units::date(2025, 1, 1)),
            observation: Observation {
                end: self.end,
                warm_up: self.warm_up,
                steady_state: false,
                replications: 1,
                seed: 1,
            },
            accelerators: [kind].into_iter().collect(),
            reference_accelerator: crate::model::AcceleratorId(0),
            sites: [site].into_iter().collect(),
            partitions: [self.partition()].into_iter().collect(),
            countries: [Country {
                id: "country".to_owned(),
                name: "Country".to_owned(),
                node,
                in_union: true,
                languages: Vec::new(),
            }]
            .into_iter()
            .collect(),
            communities: [Community {
                patience: None,
                id: "users".to_owned(),
                name: "Users".to_owned(),
                shares: 1,
                quality_of_service: 0.0,
                classes: self.demand.as_ref().map(PoissonDemand::shares).unwrap_or_default(),
                projects: Vec::new(),
            }]
            .into_iter()
            .collect(),
            projects: Projects::default(),
            classes: self.classes(),
            datasets: IdVec::default(),
            archive: None,
            streams: streams.collect(),
            topology,
            network: NetworkRules::PLAIN,
            transfers: Vec::new(),
            broker: BrokerPolicy::Home { overflow_wait: None },
            information: BrokerInformation::default(),
            event_order: self.event_order,
            sets: vec![CandidateSet {
                id: "all".to_owned(),
                name: "All".to_owned(),
                sites: vec![SiteId(0)],
                variant: None,
            }],
            facts: Vec::new(),
        }
    }

    fn partition(&self) -> Partition {
        Partition {
            id: "partition".to_owned(),
            site: SiteId(0),
            accelerator: crate::model::AcceleratorId(0),
            nodes: self.accelerators,
            accelerators_per_node: 1,
            unit: AllocationUnit::Accelerator,
            opens: Time::ZERO,
            policy: self.policy,
            max_nodes_per_job: self.accelerators,
            max_requested: Span::MAX,
            max_queued: self.max_queued,
            accelerator_power: Power(0),
            pool: PartitionId(0),
            nodes_are: crate::model::NodesAre::Own,
            tier: 0,
            admits: None,
            grace: Span::ZERO,
            limits: Vec::new(),
            budgets: Vec::new(),
            quotas: Vec::new(),
            preemption: None,
            calendar: Vec::new(),
        }
    }

    fn classes(&self) -> IdVec<ClassId, JobClass> {
        let class = |(index, class): (usize, &DemandClass)| JobClass {
            id: format!("class-{index}"),
            name: format!("Class {index}"),
            batch: None,
            accelerators: class.accelerators.clone(),
            amount: Amount::Drawn(class.duration_s.clone()),
            scaling: Scaling::WallTime,
            speeds: None,
            early: None,
            requested: RequestedTime { factor: class.requested_factor.clone(), ..RequestedTime::EXACT },
            deadline: None,
            checkpoint: None,
            flexibility: Flexibility::Rigid,
            segment: None,
            cross_site: None,
            checkpoint_bytes: Bytes::ZERO,
            datasets: Vec::new(),
            staging: StagingPlace::BeforeQueue,
            results: ResultsGo::Home,
            input_bytes: Distribution::Constant(0.0),
            output_bytes: Distribution::Constant(0.0),
        };
        self.demand.iter().flat_map(|demand| demand.classes.iter().enumerate()).map(class).collect()
    }
}
