//! The built-in cases with known answers: exact value, simulated value, interval, verdict.
//!
//! Queueing cases run through the real simulator; the Jackson network, whose customers are routed at random, through a
//! small domain on the real event loop; flows that come at random over two links, through the simulator's transfers;
//! caches through the storage of a site; questions to support staff, through their desks; counts of arrivals in bursts come
//! from the demand alone; selection and the search for sets, from normal systems and small cases. A stochastic case passes
//! when it lies within four standard errors (by batch means) of the exact value, a saturated one within 1 % too, random
//! choices among very many servers within 2 % of the limit, a promised probability by a one-sided bound; a deterministic one
//! when it is equal, transfers, fair shares and statistics to 1e-9, ranking to the digits that are published.

mod arrivals;
mod brokers;
mod caching;
mod closed;
mod estimation;
mod fair_share;
mod jackson;
mod linear_network;
mod multiserver;
mod parts;
mod priorities;
mod queueing;
mod ranking;
mod schedule_cases;
mod schedules;
mod selecting;
mod support;
#[cfg(test)]
mod teeth;
mod theory;
mod transfers;

pub use estimation::run_lengths;
pub use parts::{PARTS, Part};
pub use schedule_cases::{SCHEDULE_CASES, ScheduleCase};
pub use theory::{
    MultiserverClass, MultiserverJobs, PriorityQueue, Saturation, che_hit_ratio, erlang_b, erlang_c,
    longest_first_wait, lru_hit_ratio, mmck, multiserver_saturation, multiserver_time, non_preemptive_waits,
    preemptive_times, shorter_queue_time, shortest_first_wait, shortest_of_random_time,
    shortest_remaining_first_time, zipf,
};

use super::Launcher;
use brokers::Brokered;
use caching::Cache;
use multiserver::Multiserver;
use queueing::Queue;
use serde::Serialize;
use theory::ClosedLoop;

/// Standard errors allowed between simulated and exact.
pub const STANDARD_ERRORS: f64 = 4.0;

/// Relative difference allowed where the only error is rounding, and in transfers that of whole nanoseconds.
const RELATIVE: f64 = 1e-9;

/// How long the stochastic cases run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Effort {
    /// Up to 2 million customers a case: seconds.
    Quick,
    /// Up to 20 million customers a case: minutes.
    Full,
}

impl Effort {
    /// Customers of a case.
    pub(super) fn customers(self) -> u64 {
        match self {
            Self::Quick => 1_600_000,
            Self::Full => 20_000_000,
        }
    }

    /// Completions of a saturated case: a million and more after the warm-up of a tenth.
    pub(super) fn completions(self) -> u64 {
        match self {
            Self::Quick => 1_120_000,
            Self::Full => 11_200_000,
        }
    }
}

/// One compared value.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Verdict {
    /// The case, such as `Q02a`.
    pub case: String,
    /// What is compared.
    pub quantity: String,
    /// The known answer.
    pub exact: f64,
    /// What came out.
    pub simulated: f64,
    /// The difference allowed: four standard errors, or the tolerance of a deterministic case. Zero where one side only is
    /// allowed, which its case then judges with a bound of its own.
    pub allowed: f64,
    /// How many customers or values it rests on.
    pub count: u64,
    /// Whether the difference is allowed.
    pub passed: bool,
}

impl Verdict {
    fn new(case: &str, quantity: &str, exact: f64, simulated: f64, allowed: f64, count: u64) -> Self {
        // Written so that a NaN fails.
        let passed = (simulated - exact).abs() <= allowed;
        Self {
            case: case.to_owned(),
            quantity: quantity.to_owned(),
            exact,
            simulated,
            allowed,
            count,
            passed,
        }
    }

    /// A value that may be off on one side: at least what is promised, or fewer than another way needs.
    fn one_sided(case: &str, quantity: &str, bound: f64, simulated: f64, count: u64, passed: bool) -> Self {
        Self { passed, ..Self::new(case, quantity, bound, simulated, 0.0, count) }
    }
}

/// A case that runs long.
enum Stochastic {
    Queue(Queue),
    Jackson,
    LinearNetwork,
    /// By number.
    Priorities(usize),
    Arrivals(arrivals::Case),
    Closed(ClosedLoop),
    Multiserver(Multiserver),
    Cache(Cache),
    Brokered(Brokered),
    Support(support::Case),
    Selecting(selecting::Case),
    /// By the number of its load.
    Scatter(usize),
}

impl Stochastic {
    fn run(&self, effort: Effort) -> Vec<Verdict> {
        match self {
            Self::Queue(queue) => queue.run(effort),
            Self::Jackson => jackson::run(effort),
            Self::LinearNetwork => linear_network::run(effort),
            Self::Priorities(index) => priorities::run(*index, effort),
            Self::Arrivals(case) => case.run(effort),
            Self::Closed(closed) => closed::run(closed, effort),
            Self::Multiserver(case) => case.run(effort),
            Self::Cache(cache) => cache.run(effort),
            Self::Brokered(case) => vec![case.run(effort)],
            Self::Support(case) => case.run(effort),
            Self::Selecting(case) => case.run(effort),
            Self::Scatter(load) => estimation::scatter(*load, effort),
        }
    }
}

/// Runs all cases; the verdicts come in the order of the cases.
pub fn validate(effort: Effort, launcher: &impl Launcher) -> Vec<Verdict> {
    let mut cases: Vec<Stochastic> = queueing::in_order().into_iter().map(Stochastic::Queue).collect();
    cases.extend([Stochastic::Jackson, Stochastic::LinearNetwork]);
    cases.extend(queueing::by_size().into_iter().map(Stochastic::Queue));
    cases.extend(queueing::one_node_wide().into_iter().map(Stochastic::Queue));
    cases.extend((0..priorities::COUNT).map(Stochastic::Priorities));
    cases.extend(multiserver::cases().into_iter().map(Stochastic::Multiserver));
    cases.extend(caching::caches().into_iter().map(Stochastic::Cache));
    cases.extend(brokers::cases().into_iter().map(Stochastic::Brokered));
    cases.extend(arrivals::Case::ALL.map(Stochastic::Arrivals));
    cases.extend(closed::LOOPS.map(Stochastic::Closed));
    cases.extend(support::Case::all().map(Stochastic::Support));
    cases.extend(selecting::Case::all().map(Stochastic::Selecting));
    cases.extend((0..estimation::SCATTERS).map(Stochastic::Scatter));
    let stochastic = launcher.launch(cases.len(), |index| cases[index].run(effort));
    let deterministic =
        [schedules::run(), fair_share::run(), transfers::run(), ranking::run(), estimation::run()];
    stochastic.into_iter().chain(deterministic).flatten().collect()
}
