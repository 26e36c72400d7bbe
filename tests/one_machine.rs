//! One machine of ten nodes for schedules worked out by hand; times in seconds. Community 0 submits to the partition of
//! tier 0, community 1 to a partition of tier 1 on the same nodes.

use pleiade::engine::{Distribution, Universe};
use pleiade::model::{
    Amount, Askers, Checkpoint, ClassId, CommunityId, CountryId, EventOrder, Flexibility, Job, JobClass,
    JobId, LocalPolicy, NodesAre, PartitionId, Preemption, PreemptionMode, Profile, Request, RequestedTime,
    ResultsGo, Scaling, StagingPlace, StreamId, System,
};
use pleiade::records::{JobRow, LinkRow, SegmentRow, Sink};
use pleiade::simulation::{RunReport, simulate};
use pleiade::study::SinglePartition;
use pleiade::units::{Bytes, Span, Time};
use pleiade::workload::{Submission, Workload};
use std::collections::BTreeMap;

/// Those of a community.
pub(crate) fn jobs_of(community: u32) -> Askers {
    Askers { community: Some(CommunityId(community)), countries: None }
}

/// Submit, nodes, requested, run.
pub(crate) type Asked = [u64; 4];

/// The jobs of each community, and how many have come.
pub(crate) struct Listed<'a>([&'a [Asked]; 2], [usize; 2]);

impl<'a> Listed<'a> {
    pub(crate) fn new(normal: &'a [Asked], urgent: &'a [Asked]) -> Self {
        Self([normal, urgent], [0; 2])
    }
}

impl Workload for Listed<'_> {
    fn streams(&self) -> usize {
        self.0.len()
    }

    fn next(&mut self, stream: StreamId) -> Option<Submission> {
        let ordinal = self.1[stream.index()];
        let [submit, nodes, requested, run] = *self.0[stream.index()].get(ordinal)?;
        self.1[stream.index()] += 1;
        let request = Request {
            startup: Span::ZERO,
            accelerators: nodes as u32,
            requested: Span::from_seconds(requested),
            scaling: Scaling::WallTime,
            input: Bytes::ZERO,
        };
        let job = Job {
            id: JobId { stream, ordinal: ordinal as u64 },
            community: CommunityId(stream.0),
            country: CountryId(0),
            class: ClassId(stream.0),
            dataset: None,
            site: None,
            request,
            profile: Profile::done(Span::from_seconds(run)),
        };
        Some(Submission { at: Time::from_seconds(submit), job })
    }
}

/// The rows of the jobs by (community, ordinal), and of the runs cut short: community, from, to, lost.
#[derive(Default)]
pub(crate) struct Seen {
    pub(crate) jobs: BTreeMap<(u32, u64), JobRow>,
    pub(crate) segments: Vec<(u32, u64, u64, u64)>,
}

impl Seen {
    pub(crate) fn times(&self, community: u32, ordinal: u64) -> [Option<u64>; 3] {
        let row = &self.jobs[&(community, ordinal)];
        [row.start, row.last_start, row.end].map(|time| time.map(second))
    }

    /// Seconds of waiting by cause: limit, capacity, calendar, behind.
    pub(crate) fn causes(&self, community: u32, ordinal: u64) -> [u64; 4] {
        let waits = self.jobs[&(community, ordinal)].waits;
        [waits.limit, waits.capacity, waits.calendar, waits.behind].map(|span| span.0 / 1_000_000_000)
    }
}

pub(crate) fn second(time: Time) -> u64 {
    time.0 / 1_000_000_000
}

impl Sink for Seen {
    fn job(&mut self, row: &JobRow) {
        let wait = row.start.unwrap().since(row.submit);
        assert_eq!(row.waits.total(), wait, "the causes add up: {row:?}");
        self.jobs.insert((row.id.stream.0, row.id.ordinal), *row);
    }

    fn segment(&mut self, row: &SegmentRow) {
        let lost = row.lost.0 / 1_000_000_000;
        self.segments.push((row.id.stream.0, second(row.from), second(row.to), lost));
    }

    fn link(&mut self, _: &LinkRow) {}
}

pub(crate) fn system(policy: LocalPolicy) -> System {
    let mut system = SinglePartition {
        accelerators: 10,
        policy,
        event_order: EventOrder::EndsFirst,
        max_queued: None,
        end: Time::MAX,
        warm_up: Time::ZERO,
        demand: None,
    }
    .system();
    let mut urgent = system.communities[CommunityId(0)].clone();
    "urgent".clone_into(&mut urgent.id);
    system.communities.push(urgent);
    let mut upper = system.partitions[PartitionId(0)].clone();
    "urgent".clone_into(&mut upper.id);
    (upper.nodes_are, upper.tier) = (NodesAre::Shared, 1);
    upper.admits = Some(vec![CommunityId(1)]);
    system.partitions[PartitionId(0)].admits = Some(vec![CommunityId(0)]);
    system.partitions.push(upper);
    let site = system.sites.iter_mut().next().unwrap();
    site.partitions.push(PartitionId(1));
    system
}

pub(crate) fn run(system: &System, normal: &[Asked], urgent: &[Asked]) -> (Seen, RunReport) {
    let mut seen = Seen::default();
    let jobs = Listed::new(normal, urgent);
    let report = simulate(system, &system.sets[0], Universe::new(0, 0), jobs, &mut seen);
    (seen, report)
}

#[track_caller]
pub(crate) fn check(system: &System, normal: &[Asked], urgent: &[Asked], expected: [&[u64]; 2]) -> Seen {
    let (seen, _) = run(system, normal, urgent);
    let starts = |community: u32| {
        let jobs = seen.jobs.range((community, 0)..(community + 1, 0));
        jobs.map(|(_, row)| second(row.start.unwrap())).collect::<Vec<_>>()
    };
    assert_eq!([starts(0), starts(1)], expected.map(<[u64]>::to_vec));
    seen
}

/// The class of all jobs.
pub(crate) fn class() -> JobClass {
    JobClass {
        id: "job".to_owned(),
        name: "Job".to_owned(),
        batch: None,
        accelerators: vec![(1, 1.0)],
        amount: Amount::Drawn(Distribution::Constant(1.0)),
        scaling: Scaling::WallTime,
        speeds: None,
        early: None,
        requested: RequestedTime::EXACT,
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
    }
}

/// A machine under EASY on which the urgent push out others.
pub(crate) fn preempting(mode: PreemptionMode, exempt_s: u64) -> System {
    let mut system = system(LocalPolicy::EASY);
    let rule = Preemption { mode, exempt: Span::from_seconds(exempt_s) };
    system.partitions[PartitionId(0)].preemption = Some(rule);
    let seconds = Span::from_seconds;
    let checkpoint = Checkpoint { interval: seconds(20), cost: seconds(5), restart: seconds(3) };
    system.classes = [JobClass { checkpoint: Some(checkpoint), ..class() }].into_iter().collect();
    system
}
