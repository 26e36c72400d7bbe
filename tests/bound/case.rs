//! Small networks: a few sites, each with one machine, two countries with an access link each, and a list of jobs.

use crate::one_machine;
use crate::rows::Rows;
use pleiade::bound::FluidBound;
use pleiade::data::may_hold;
use pleiade::engine::Universe;
use pleiade::model::{
    AcceleratorId, AcceleratorKind, AllocationUnit, BrokerInformation, BrokerPolicy, Cable, CandidateSet,
    ClassId, Community, CommunityId, Country, CountryId, Dataset, DatasetHome, DatasetId, EventOrder,
    Eviction, Id, Job, JobClass, JobId, Link, LinkId, LinkKind, LocalPolicy, NetworkRules, Node, NodeId,
    NodesAre, Partition, PartitionId, Patience, Position, Profile, Request, Residency, Scaling, Site, SiteId,
    SiteStorage, StreamId, System, Topology,
};
use pleiade::records::{JobRow, Sink};
use pleiade::simulation::simulate;
use pleiade::statistics::{Metric, RunStatistics};
use pleiade::study::SinglePartition;
use pleiade::units::{ByteRate, Bytes, Span, Time};
use pleiade::workload::{Submission, Workload};

/// Communities and countries of every network.
pub(crate) const EACH: u32 = 2;

/// One job; times in seconds, the run on the accelerators asked for, of the reference kind.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) at: u64,
    pub(crate) accelerators: u32,
    pub(crate) requested: u64,
    pub(crate) run: u64,
    pub(crate) class: u32,
    pub(crate) community: u32,
    pub(crate) country: u32,
    pub(crate) input: u64,
    pub(crate) dataset: Option<u32>,
}

/// A job of class, community and country 0 at the begin, without input, that requests what it runs.
pub(crate) fn job(accelerators: u32, run: u64) -> Asked {
    let [class, community, country] = [0; 3];
    Asked { at: 0, accelerators, requested: run, run, class, community, country, input: 0, dataset: None }
}

/// Another partition on the nodes of a machine.
#[derive(Debug, Clone)]
pub(crate) struct Guest {
    pub(crate) tier: i32,
    pub(crate) opens: Time,
    pub(crate) admits: Option<Vec<CommunityId>>,
}

/// The machine of one site: the partition that owns its nodes, apart from what the network says.
#[derive(Debug, Clone)]
pub(crate) struct Machine {
    pub(crate) speed: f64,
    pub(crate) partition: Partition,
    pub(crate) guest: Option<Guest>,
    /// What its storage holds beyond the datasets that lie there at first; `None`: anything.
    pub(crate) room: Option<u64>,
}

/// Nodes of one accelerator, open from the begin, under EASY.
pub(crate) fn machine(nodes: u32, speed: f64) -> Machine {
    let single = SinglePartition {
        accelerators: nodes,
        policy: LocalPolicy::EASY,
        event_order: EventOrder::EndsFirst,
        max_queued: None,
        end: Time::ZERO,
        warm_up: Time::ZERO,
        demand: None,
    };
    let partition = single.system().partitions[PartitionId(0)].clone();
    Machine {
        speed,
        partition: Partition { unit: AllocationUnit::Node, ..partition },
        guest: None,
        room: None,
    }
}

/// A network.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    pub(crate) machines: Vec<Machine>,
    pub(crate) classes: Vec<JobClass>,
    pub(crate) broker: BrokerPolicy,
    pub(crate) information: BrokerInformation,
    pub(crate) event_order: EventOrder,
    /// Bytes per second of each country.
    pub(crate) access: [f64; EACH as usize],
    /// Bytes per second of each site, in and out.
    pub(crate) uplink: f64,
    pub(crate) datasets: Vec<Dataset>,
    /// How these links are changed and fail.
    pub(crate) cables: [Cable; EACH as usize],
    pub(crate) rules: NetworkRules,
    /// How long the users of each community wait.
    pub(crate) patience: [Option<Patience>; EACH as usize],
    /// Warm-up and end in seconds.
    pub(crate) window: (u64, u64),
}

/// A network without bottlenecks whose jobs all go where they end first.
pub(crate) fn network(machines: Vec<Machine>, end: u64) -> Network {
    Network {
        machines,
        classes: vec![one_machine::class()],
        broker: BrokerPolicy::LeastCompletion,
        information: BrokerInformation::default(),
        event_order: EventOrder::EndsFirst,
        access: [1e15; 2],
        uplink: 1e16,
        datasets: Vec::new(),
        cables: ["0", "1"].map(cable),
        rules: NetworkRules::PLAIN,
        patience: [None, None],
        window: (0, end),
    }
}

/// A dataset at home with the users of a country, without a copy elsewhere, free to go.
pub(crate) fn dataset(size: u64, country: u32) -> Dataset {
    let country = CountryId(country);
    Dataset {
        id: "dataset".to_owned(),
        name: "Dataset".to_owned(),
        size: Bytes(size),
        home: DatasetHome::Country(country),
        country,
        residency: Residency::Free,
        popularity: 1.0,
        licence: String::new(),
        replicas: Vec::new(),
    }
}

/// A cable that never changes.
pub(crate) fn cable(key: &str) -> Cable {
    let links = [LinkId(0); 2];
    Cable { key: key.to_owned(), links, failures: None, outages: Vec::new(), upgrades: Vec::new() }
}

impl Network {
    pub(crate) fn system(&self) -> System {
        let single = SinglePartition {
            accelerators: 1,
            policy: LocalPolicy::FCFS,
            event_order: self.event_order,
            max_queued: None,
            end: Time::from_seconds(self.window.1),
            warm_up: Time::from_seconds(self.window.0),
            demand: None,
        };
        let mut system = single.system();
        let position = Position { latitude: 0.0, longitude: 0.0 };
        let mut topology = Topology::default();
        let router = topology.add_node(Node { name: "router".to_owned(), position });
        let mut leaf = |name: String, kind, rate| {
            let node = topology.add_node(Node { name: name.clone(), position });
            for (way, [from, to]) in [("up", [node, router]), ("down", [router, node])] {
                let (name, capacity) = (format!("{name} {way}"), ByteRate(rate));
                topology.add_link(Link { name, kind, capacity, latency: Span::ZERO, from, to });
            }
            node
        };
        let country = |(index, &rate): (usize, &f64)| {
            let id = format!("country-{index}");
            Country {
                node: leaf(id.clone(), LinkKind::Access, rate),
                name: id.clone(),
                id,
                in_union: true,
                languages: vec![],
            }
        };
        system.countries = self.access.iter().enumerate().map(country).collect();
        let nodes: Vec<NodeId> = (0..self.machines.len())
            .map(|index| leaf(format!("site-{index}"), LinkKind::Uplink, self.uplink))
            .collect();
        // The links of the countries come first, up and down.
        for (index, cable) in self.cables.iter().enumerate().filter(|(_, cable)| !cable.never_changes()) {
            let up = 2 * index as u32;
            topology.cables.push(Cable { links: [LinkId(up), LinkId(up + 1)], ..cable.clone() });
        }
        (system.topology, system.network) = (topology, self.rules);
        let community = |index: u32| Community {
            id: format!("community-{index}"),
            patience: self.patience[index as usize].clone(),
            ..system.communities[CommunityId(0)].clone()
        };
        system.communities = (0..EACH).map(community).collect();
        system.classes = self.classes.iter().cloned().collect();
        system.broker = self.broker.clone();
        system.information = self.information;
        let site = system.sites[SiteId(0)].clone();
        (system.sites, system.partitions, system.accelerators) = Default::default();
        for (machine, node) in self.machines.iter().zip(nodes) {
            machine.add_to(&mut system, &site, node);
        }
        self.add_datasets(&mut system);
        let sites = system.sites.ids().collect();
        system.sets =
            vec![CandidateSet { id: "all".to_owned(), name: "All".to_owned(), sites, variant: None }];
        system
    }

    /// Copies lie where they may, at sites that there are, and every storage has room for them.
    fn add_datasets(&self, system: &mut System) {
        system.datasets = self.datasets.iter().cloned().collect();
        for dataset in system.datasets.ids() {
            let found = system.datasets[dataset].clone();
            let may = |site: &SiteId| {
                site.index() < system.sites.len()
                    && may_hold(system, &found, *site)
                    && found.home != DatasetHome::Site(*site)
            };
            let replicas = found.replicas.iter().copied().filter(may).collect();
            system.datasets[dataset].replicas = replicas;
        }
        for (site, machine) in system.sites.ids().zip(&self.machines) {
            let here = |dataset: &&Dataset| {
                dataset.home == DatasetHome::Site(site) || dataset.replicas.contains(&site)
            };
            let taken: u64 = system.datasets.iter().filter(here).map(|dataset| dataset.size.0).sum();
            let storage = |room| SiteStorage { capacity: Bytes(taken + room), eviction: Eviction::default() };
            system.sites[site].storage = machine.room.map(storage);
        }
    }

    /// Runs these jobs through the network's system.
    pub(crate) fn simulate(&self, system: &System, jobs: &[Asked], sink: impl Sink) {
        let mut ordered: Vec<&Asked> = jobs.iter().collect();
        ordered.sort_by_key(|job| job.at);
        let listed = Listed { jobs: &ordered, classes: &self.classes, come: 0 };
        simulate(system, &system.sets[0], Universe::new(0, 0), listed, sink);
    }

    pub(crate) fn run(&self, jobs: &[Asked]) -> Seen {
        let system = self.system();
        let mut statistics = RunStatistics::new(&system, &system.sets[0]);
        let mut bound = FluidBound::new(&system, &system.sets[0]);
        let mut rows = Rows::default();
        self.simulate(&system, jobs, ((&mut statistics, &mut bound), &mut rows));
        let done_h = statistics.finish().network.get(Metric::DoneH);
        Seen { done_h, bound_h: bound.bound_h(), rows: rows.jobs }
    }
}

/// What a run did and could have done.
#[derive(Debug)]
pub(crate) struct Seen {
    pub(crate) done_h: f64,
    pub(crate) bound_h: f64,
    pub(crate) rows: Vec<JobRow>,
}

impl Machine {
    fn add_to(&self, system: &mut System, site: &Site, node: NodeId) {
        let index = system.sites.len();
        let kind = AcceleratorKind {
            id: format!("kind-{index}"),
            name: format!("Kind {index}"),
            peak_bf16_tflops: 1.0,
            speed: self.speed,
        };
        let accelerator: AcceleratorId = system.accelerators.push(kind);
        let pool = PartitionId::from_index(system.partitions.len());
        let owner =
            Partition { site: SiteId::from_index(index), accelerator, pool, ..self.partition.clone() };
        let mut partitions = vec![system.partitions.push(owner.clone())];
        if let Some(guest) = &self.guest {
            let Guest { tier, opens, admits } = guest.clone();
            let upper = Partition { tier, opens, admits, nodes_are: NodesAre::Shared, ..owner };
            partitions.push(system.partitions.push(upper));
        }
        let id = format!("site-{index}");
        let country = CountryId((index as u32) % EACH);
        system.sites.push(Site { name: id.clone(), id, country, node, partitions, ..site.clone() });
    }
}

/// The jobs as one stream.
struct Listed<'a> {
    jobs: &'a [&'a Asked],
    classes: &'a [JobClass],
    come: usize,
}

impl Workload for Listed<'_> {
    fn streams(&self) -> usize {
        1
    }

    fn next(&mut self, stream: StreamId) -> Option<Submission> {
        let asked = self.jobs.get(self.come)?;
        self.come += 1;
        let scaling = self.classes.get(asked.class as usize).map_or(Scaling::WallTime, |class| class.scaling);
        let request = Request {
            startup: Span::ZERO,
            accelerators: asked.accelerators,
            requested: Span::from_seconds(asked.requested),
            scaling,
            input: Bytes(asked.input),
        };
        let job = Job {
            id: JobId { stream, ordinal: self.come as u64 },
            community: CommunityId(asked.community),
            country: CountryId(asked.country),
            class: ClassId(asked.class),
            dataset: asked.dataset.map(DatasetId),
            site: None,
            request,
            profile: Profile::done(Span::from_seconds(asked.run)),
        };
        Some(Submission { at: Time::from_seconds(asked.at), job })
    }
}
