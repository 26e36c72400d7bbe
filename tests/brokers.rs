//! Brokers over equal sites: herds, copies, schedules worked out by hand. Times in seconds.

use crate::one_machine::{Asked, second};
use pleiade::engine::{Distribution, Universe};
use pleiade::model::{
    Askers, BrokerInformation, BrokerPolicy, ClassId, CommunityId, CopySites, CountryId, EventOrder, Job,
    JobId, Judge, LocalPolicy, PartitionId, Profile, Quota, Request, Scaling, Score, SiteId, StreamId,
    System,
};
use pleiade::records::{CopyRow, JobRow, LinkRow, Outcome, Sink};
use pleiade::simulation::{RunReport, simulate};
use pleiade::statistics::BatchMeans;
use pleiade::study::{DemandClass, IdenticalSites, PoissonDemand, SinglePartition};
use pleiade::units::{Bytes, Span, Time};
use pleiade::workload::{Submission, Synthetic, Workload};

/// Sites of so many accelerators each, without demand of their own.
fn sites(sites: u32, accelerators: u32, broker: BrokerPolicy) -> IdenticalSites {
    let each = SinglePartition {
        accelerators,
        policy: LocalPolicy::FCFS,
        event_order: EventOrder::EndsFirst,
        max_queued: None,
        end: Time::MAX,
        warm_up: Time::ZERO,
        demand: None,
    };
    IdenticalSites { sites, broker, information: BrokerInformation::default(), each }
}

fn information(seconds: u64, own_routings: bool) -> BrokerInformation {
    BrokerInformation { age: Span::from_seconds(seconds), own_routings }
}

const LEAST_WAIT: BrokerPolicy = BrokerPolicy::Least(Score::Wait);

/// The waits of all jobs in batches.
struct Waits(BatchMeans);

impl Sink for Waits {
    fn job(&mut self, row: &JobRow) {
        if let Some(start) = row.start {
            self.0.add(row.id.ordinal, start.since(row.submit).as_seconds());
        }
    }

    fn link(&mut self, _: &LinkRow) {}
}

/// Mean wait and its standard error at ten sites of four servers under a load of 0.7, with unit service.
fn mean_wait(broker: BrokerPolicy, information: BrokerInformation) -> (f64, f64) {
    let (customers, rate_per_s) = (60_000_u32, 28.0);
    let class = DemandClass::on_one(Distribution::Exponential { mean: 1.0 });
    let mut all = IdenticalSites { information, ..sites(10, 4, broker) };
    all.each.end = Time::from_seconds((f64::from(customers) / rate_per_s * 1.05) as u64);
    all.each.demand = Some(PoissonDemand { rate_per_s, classes: vec![class] });
    let (system, universe) = (all.system(), Universe::new(20, 0));
    let mut waits = Waits(BatchMeans::new(customers.into(), 20));
    simulate(&system, &system.sets[0], universe, Synthetic::new(&system, universe), &mut waits);
    waits.0.mean_and_error()
}

/// With old information all jobs go where the queue was shortest (Mitzenmacher 2000): then two random choices are far
/// better, and so is a broker that remembers what it has sent.
#[test]
fn herds_follow_old_information() {
    let two = BrokerPolicy::BestOf { sites: 2, by: Judge::PredictedStart };
    let fresh = mean_wait(LEAST_WAIT, information(0, false));
    let herd = mean_wait(LEAST_WAIT, information(10, false));
    let two = mean_wait(two, information(10, false));
    let remembers = mean_wait(LEAST_WAIT, information(10, true));
    let random = mean_wait(BrokerPolicy::Random, information(10, false));
    println!("fresh {fresh:?}, herd {herd:?}, two {two:?}, remembers {remembers:?}, random {random:?}");
    let apart = |low: (f64, f64), high: (f64, f64)| low.0 + 4.0 * low.1 < high.0 - 4.0 * high.1;
    assert!(apart(two, herd) && herd.0 > 3.0 * two.0);
    assert!(apart(fresh, two) && apart(remembers, two) && apart(random, herd));
}

/// Jobs of one stream, with an input of so many bytes each.
struct Listed<'a>(&'a [Asked], usize, Bytes);

impl Workload for Listed<'_> {
    fn streams(&self) -> usize {
        1
    }

    fn next(&mut self, stream: StreamId) -> Option<Submission> {
        let ordinal = self.1;
        let [submit, accelerators, requested, run] = *self.0.get(ordinal)?;
        self.1 += 1;
        let request = Request {
            startup: Span::ZERO,
            accelerators: accelerators as u32,
            requested: Span::from_seconds(requested),
            scaling: Scaling::WallTime,
            input: self.2,
        };
        let job = Job {
            id: JobId { stream, ordinal: ordinal as u64 },
            community: CommunityId(0),
            country: CountryId(0),
            class: ClassId(0),
            dataset: None,
            site: None,
            request,
            profile: Profile::done(Span::from_seconds(run)),
        };
        Some(Submission { at: Time::from_seconds(submit), job })
    }
}

#[derive(Default)]
struct Rows {
    jobs: Vec<JobRow>,
    copies: Vec<CopyRow>,
}

impl Rows {
    /// Site and start of each job, in the order of submission.
    fn starts(&self) -> Vec<(u32, u64)> {
        let mut rows: Vec<&JobRow> = self.jobs.iter().collect();
        rows.sort_by_key(|row| row.id);
        rows.iter().map(|row| (row.partition.unwrap().0, second(row.start.unwrap()))).collect()
    }

    /// Job, site and end of each copy, in the order of the run.
    fn taken_back(&self) -> Vec<(u64, u32, u64)> {
        self.copies.iter().map(|row| (row.id.ordinal, row.partition.0, second(row.to))).collect()
    }
}

impl Sink for Rows {
    fn job(&mut self, row: &JobRow) {
        if let Some(start) = row.start {
            assert_eq!(row.waits.total(), start.since(row.submit), "the causes add up: {row:?}");
        }
        self.jobs.push(*row);
    }

    fn copy(&mut self, row: &CopyRow) {
        self.copies.push(*row);
    }

    fn link(&mut self, _: &LinkRow) {}
}

fn run(system: &System, jobs: &[Asked], input: Bytes) -> (Rows, RunReport) {
    let mut rows = Rows::default();
    let workload = Listed(jobs, 0, input);
    let report = simulate(system, &system.sets[0], Universe::new(3, 0), workload, &mut rows);
    (rows, report)
}

fn starts(system: &System, jobs: &[Asked]) -> Vec<(u32, u64)> {
    run(system, jobs, Bytes::ZERO).0.starts()
}

/// Two sites of one accelerator, seen as they stood at the last multiple of 100 s.
#[test]
fn old_information_is_what_was() {
    let jobs = [[10, 1, 50, 50], [20, 1, 50, 50], [100, 1, 50, 50], [105, 1, 50, 50], [200, 1, 50, 50]];
    let with = |seconds, own_routings| {
        let information = information(seconds, own_routings);
        starts(&IdenticalSites { information, ..sites(2, 1, LEAST_WAIT) }.system(), &jobs)
    };
    assert_eq!(with(0, false), [(0, 10), (1, 20), (0, 100), (1, 105), (0, 200)]);
    // At 0 both are free, so the first two go to the first site; at 100 the second still runs there until 110, so those
    // that come before 110 go to the other. At 200 both are free again.
    assert_eq!(with(100, false), [(0, 10), (0, 60), (1, 100), (1, 150), (0, 200)]);
    // It remembers that it sent the first there, and takes it to have come at 0: until 50 the other is free.
    assert_eq!(with(100, true), with(0, false));
}

#[test]
fn jobs_are_counted_as_they_were() {
    let jobs = [[0, 1, 90, 90], [1, 1, 90, 90], [2, 1, 90, 90], [3, 1, 90, 90], [60, 1, 1, 1], [61, 1, 1, 1]];
    let with = |seconds, own_routings| {
        let information = information(seconds, own_routings);
        starts(&IdenticalSites { information, ..sites(3, 1, BrokerPolicy::FewestJobs) }.system(), &jobs)
    };
    // As it is: one for each site, then the fourth waits somewhere, and the others where it does not.
    for own_routings in [false, true] {
        let starts = with(0, own_routings);
        let mut first: Vec<u32> = starts[..3].iter().map(|start| start.0).collect();
        first.sort_unstable();
        assert_eq!(first, [0, 1, 2]);
        assert!(starts[4].0 != starts[3].0 && starts[5].0 != starts[3].0 && starts[4].0 != starts[5].0);
    }
    // With its own routings it is told at 60 what it knew.
    assert_eq!(with(60, true), with(0, false));
}

/// A copy waits at each of two sites; the first that becomes free takes the job.
#[test]
fn the_first_start_takes_back_the_others() {
    let broker = BrokerPolicy::Redundant { copies: 2, sites: CopySites::LeastCompletion };
    let system = sites(2, 4, broker).system();
    // The first fills site 0, the second site 1, each at once and without a second copy. The third waits at both; site 1
    // is free first, though it asked for more time. The fourth has to wait behind the third at site 0 only.
    let jobs = [[0, 4, 100, 100], [1, 4, 200, 50], [2, 4, 10, 10], [3, 4, 10, 10]];
    let (rows, report) = run(&system, &jobs, Bytes::ZERO);
    assert_eq!(rows.starts(), [(0, 0), (1, 1), (1, 51), (1, 61)]);
    assert_eq!(rows.taken_back(), [(2, 0, 51), (3, 0, 61)]);
    assert_eq!((report.checks.submitted, report.checks.completed), (4, 4));
    // The waits of all four copies: 49 + 49 and 58 + 58.
    assert_eq!(report.checks.queued_by_jobs, 214_000_000_000);
}

/// Both sites become free at the same instant: one start.
#[test]
fn no_two_copies_start_at_the_same_instant() {
    for policy in [LocalPolicy::FCFS, LocalPolicy::EASY, LocalPolicy::SJF] {
        let mut all = sites(2, 1, BrokerPolicy::Redundant { copies: 2, sites: CopySites::Drawn });
        all.each.policy = policy;
        let jobs = [[0, 1, 50, 50], [0, 1, 50, 50], [10, 1, 20, 20], [11, 1, 20, 20], [12, 1, 20, 20]];
        let (rows, report) = run(&all.system(), &jobs, Bytes::ZERO);
        assert_eq!(report.checks.completed, 5);
        let mut starts: Vec<(u64, u32)> = rows.starts().iter().map(|&(site, start)| (start, site)).collect();
        starts.sort_unstable();
        // Two at 50 at different sites, the last at 70.
        assert_eq!(starts[2..4], [(50, 0), (50, 1)], "{policy}");
        assert_eq!(starts[4].0, 70, "{policy}");
        let waited = rows.taken_back().into_iter().filter(|&(job, ..)| job >= 2);
        assert_eq!(waited.count(), 3);
    }
}

/// A copy that finds its queue full is lost; the job is rejected with its last one.
#[test]
fn a_job_is_rejected_with_its_last_copy() {
    let mut system = sites(2, 1, BrokerPolicy::Redundant { copies: 2, sites: CopySites::Drawn }).system();
    system.partitions[PartitionId(0)].max_queued = Some(0);
    system.partitions[PartitionId(1)].max_queued = Some(1);
    let jobs = [[0, 1, 50, 50], [0, 1, 50, 50], [10, 1, 20, 20], [11, 1, 20, 20]];
    let (rows, report) = run(&system, &jobs, Bytes::ZERO);
    let outcomes: Vec<Outcome> = {
        let mut rows = rows.jobs.clone();
        rows.sort_by_key(|row| row.id);
        rows.iter().map(|row| row.outcome).collect()
    };
    assert_eq!(outcomes[..3], [Outcome::Completed; 3]);
    assert!(matches!(outcomes[3], Outcome::Rejected(_)), "{:?}", outcomes[3]);
    assert_eq!((report.checks.completed, report.checks.rejected), (3, 1));
    // Of the third one copy was lost; of the fourth one, and with the other the job.
    let waited = rows.taken_back().into_iter().map(|(job, ..)| job).filter(|&job| job >= 2);
    assert_eq!(waited.collect::<Vec<_>>(), [2, 3]);
}

/// The least price is found where the bound allows it.
#[test]
fn cheap_sites_are_worth_a_wait() {
    let score = |wait_bound: Option<u64>| {
        let wait_bound = wait_bound.map(Span::from_seconds);
        let mut system = sites(2, 1, BrokerPolicy::Least(Score::Cost { wait_bound })).system();
        for (index, cents) in [(0, 20_000), (1, 5_000)] {
            system.sites[SiteId(index)].electricity_price_per_mwh = pleiade::units::Money(cents);
            system.partitions[PartitionId(index)].accelerator_power = pleiade::units::Power(700);
        }
        starts(&system, &[[0, 1, 100, 100], [10, 1, 100, 100], [20, 1, 100, 100]])
    };
    assert_eq!(score(None), [(1, 0), (1, 100), (1, 200)]);
    assert_eq!(score(Some(90)), [(1, 0), (1, 100), (0, 20)]);
    assert_eq!(score(Some(89)), [(1, 0), (0, 10), (1, 100)]);
    // At 20 both take at least 80 s: none is within, and the second site is free first.
    assert_eq!(score(Some(0)), [(1, 0), (0, 10), (1, 100)]);
}

/// Who would be over its own goes elsewhere, and where it would be anyway, to where it would be least.
#[test]
fn quotas_come_before_waits() {
    let mut system = sites(2, 4, BrokerPolicy::Least(Score::Entitlement)).system();
    for (partition, nodes) in [(0, 1), (1, 3)] {
        let askers = Askers { community: Some(CommunityId(0)), countries: None };
        let quota = Quota { askers, nodes, borrow: 4 - nodes, lend: nodes };
        system.partitions[PartitionId(partition)].quotas = vec![quota];
    }
    // One of one, then three of three; the fifth over by a third of three rather than by all of one, and so on: the sixth
    // waits rather than being over by all of one, then by twice that.
    let jobs: Vec<Asked> = (0..6).map(|second| [second, 1, 100, 100]).collect();
    assert_eq!(starts(&system, &jobs), [(0, 0), (1, 1), (1, 2), (1, 3), (1, 4), (1, 101)]);
}

/// Fractions count among the sites on which a job fits.
#[test]
fn fixed_fractions_go_where_the_job_fits() {
    let fractions = vec![(SiteId(0), 1.0), (SiteId(1), 3.0)];
    let mut system = sites(3, 4, BrokerPolicy::Fixed { fractions }).system();
    for (partition, nodes) in [(0, 3), (1, 2)] {
        system.partitions[PartitionId(partition)].max_nodes_per_job = nodes;
    }
    let jobs: Vec<Asked> = (0..4_000).map(|job| [job, 1 + job % 4, 1, 1]).collect();
    let mut counts = [[0_u32; 3]; 4];
    for (job, (site, _)) in starts(&system, &jobs).into_iter().enumerate() {
        counts[job % 4][site as usize] += 1;
    }
    // Those of four accelerators fit the last site only, which has no fraction; those of three the first alone of the two
    // that have one.
    assert_eq!((counts[3], counts[2]), ([0, 0, 1_000], [1_000, 0, 0]));
    for [first, second, last] in &counts[..2] {
        // Five standard errors of a binomial count: sqrt(1000 x 1/4 x 3/4) = 13.7.
        assert!(*last == 0 && first.abs_diff(250) <= 68 && *second == 1_000 - first, "{counts:?}");
    }
}
