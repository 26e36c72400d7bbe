//! The case that the benches share: one partition of 1,024 nodes at a given load, without a network.
//!
//! Run times are lognormal of mean 1 h and coefficient of variation 2, widths powers of two from 1 to 256 in equal
//! shares, requested times 1 to 5 times the run time, arrivals Poisson. The load is rate x mean width x mean run time
//! over the nodes.

use crate::bare_easy::{self, BareJob};
use pleiade::engine::{Distribution, Universe};
use pleiade::model::{EventOrder, LocalPolicy, StreamId, System};
use pleiade::records::{JobRow, LinkRow, Sink};
use pleiade::simulation::simulate;
use pleiade::study::{DemandClass, PoissonDemand, SinglePartition};
use pleiade::units::Time;
use pleiade::workload::{Estimates, Submission, Synthetic, Trace, TraceJob, Workload};

const NODES: u32 = 1_024;
const MEAN_RUN_S: f64 = 3_600.0;
/// 200 years: ten million jobs come and go in 75.
const END_S: u64 = 200 * 31_556_952;
const LARGEST_WIDTH_LOG2: u32 = 8;

/// The system under EASY with a demand of this load.
pub(crate) fn system(load: f64) -> System {
    system_under(LocalPolicy::EASY, load)
}

/// The system under a policy with a demand of this load.
pub(crate) fn system_under(policy: LocalPolicy, load: f64) -> System {
    let count = LARGEST_WIDTH_LOG2 + 1;
    let widths: Vec<u32> = (0..count).map(|power| 1 << power).collect();
    let mean_width = f64::from(widths.iter().sum::<u32>()) / f64::from(count);
    let class = DemandClass {
        share: 1.0,
        accelerators: widths.iter().map(|&width| (width, 1.0 / f64::from(count))).collect(),
        duration_s: Distribution::log_normal(MEAN_RUN_S, 2.0),
        requested_factor: Distribution::Uniform { low: 1.0, high: 5.0 },
    };
    SinglePartition {
        accelerators: NODES,
        policy,
        event_order: EventOrder::EndsFirst,
        max_queued: None,
        end: Time::from_seconds(END_S),
        warm_up: Time::ZERO,
        demand: Some(PoissonDemand {
            rate_per_s: load * f64::from(NODES) / (mean_width * MEAN_RUN_S),
            classes: vec![class],
        }),
    }
    .system()
}

/// The first jobs of the demand, drawn as the simulation asks for them.
pub(crate) fn drawn(system: &System, jobs: u64) -> First<'_> {
    First { demand: Synthetic::new(system, universe()), left: jobs }
}

/// The first jobs of the demand, drawn beforehand; times are rounded up to whole seconds.
pub(crate) fn recorded(system: &System, jobs: u64) -> Vec<TraceJob> {
    let second = |ns: u64| ns.div_ceil(1_000_000_000);
    let record = |Submission { at, job }: Submission| TraceJob {
        number: job.id.ordinal,
        submit_s: second(at.0),
        run_s: second(job.profile.run.0),
        processors: job.request.accelerators,
        requested_s: second(job.request.requested.0),
    };
    drawn(system, jobs).map(record).collect()
}

/// The starts that the simulator gives to a workload.
pub(crate) fn simulator(system: &System, workload: impl Workload) -> Starts {
    let mut starts = Starts::default();
    simulate(system, &system.sets[0], universe(), workload, &mut starts);
    starts
}

/// As [`simulator`], of recorded jobs.
pub(crate) fn simulator_of_recorded(system: &System, jobs: Vec<TraceJob>) -> Starts {
    simulator(system, Trace::new(jobs, Estimates::Requested))
}

/// The starts that the bare loop gives to recorded jobs, counting in seconds.
pub(crate) fn bare_loop_of_recorded(jobs: &[TraceJob]) -> Starts {
    let bare = |job: &TraceJob| BareJob {
        ordinal: job.number,
        submit: job.submit_s,
        run: job.run_s,
        requested: job.requested_s,
        units: job.processors,
    };
    let mut starts = Starts::default();
    bare_easy::run(jobs.iter().map(bare), NODES, |job, start_s| starts.count(job, start_s * 1_000_000_000));
    starts
}

/// The starts that the bare loop gives to jobs drawn one by one, counting in nanoseconds.
pub(crate) fn bare_loop_of_drawn(system: &System, jobs: u64) -> Starts {
    let bare = |Submission { at, job }: Submission| BareJob {
        ordinal: job.id.ordinal,
        submit: at.0,
        run: job.profile.run.0,
        requested: job.request.requested.0,
        units: job.request.accelerators,
    };
    let mut starts = Starts::default();
    bare_easy::run(drawn(system, jobs).map(bare), NODES, |job, start| starts.count(job, start));
    starts
}

pub(crate) fn universe() -> Universe {
    Universe::new(1, 0)
}

/// The first jobs of a demand of one stream.
pub(crate) struct First<'a> {
    demand: Synthetic<'a>,
    left: u64,
}

impl Iterator for First<'_> {
    type Item = Submission;

    fn next(&mut self) -> Option<Submission> {
        self.left = self.left.checked_sub(1)?;
        self.demand.next(StreamId(0))
    }
}

impl Workload for First<'_> {
    fn streams(&self) -> usize {
        self.demand.streams()
    }

    fn next(&mut self, _: StreamId) -> Option<Submission> {
        Iterator::next(self)
    }
}

/// How many jobs started, and a sum over them that no exchange of two starts leaves as it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Starts {
    jobs: u64,
    sum: u64,
}

impl Starts {
    fn count(&mut self, job: u64, start: u64) {
        self.jobs += 1;
        let odd = (2 * job + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        self.sum = self.sum.wrapping_add(start.wrapping_mul(odd));
    }
}

impl Sink for Starts {
    fn job(&mut self, row: &JobRow) {
        self.count(row.id.ordinal, row.start.expect("every job starts in the end").0);
    }

    fn link(&mut self, _: &LinkRow) {}
}
