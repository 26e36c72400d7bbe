//! The built-in cases with known answers: exact value, simulated value, interval, verdict.
//!
//! Queueing cases run through the real simulator; the Jackson network, whose customers are routed at random, through a
//! small domain on the real event loop. A stochastic case passes when it lies within four standard errors (by batch
//! means) of the exact value; a deterministic one when it is equal, transfers to 1e-9.

mod batch_means;
mod jackson;
mod queueing;
mod schedules;
mod theory;
mod transfers;

pub use batch_means::BatchMeans;
pub use theory::{
    MultiserverClass, MultiserverJobs, PriorityQueue, Saturation, erlang_b, erlang_c, longest_first_wait,
    mmck, multiserver_saturation, multiserver_time, non_preemptive_waits, preemptive_times,
    shortest_first_wait, shortest_remaining_first_time,
};

use super::Launcher;
use serde::Serialize;

/// Standard errors allowed between simulated and exact.
pub const STANDARD_ERRORS: f64 = 4.0;

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
    /// The difference allowed: four standard errors, or the tolerance of a deterministic case.
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
}

/// Runs all cases; the verdicts come in the order of the cases.
pub fn validate(effort: Effort, launcher: &impl Launcher) -> Vec<Verdict> {
    let cases = queueing::cases();
    let stochastic = launcher.launch(cases.len() + 1, |index| match cases.get(index) {
        Some(case) => queueing::run(case, effort),
        None => jackson::run(effort),
    });
    let deterministic = [schedules::run(), transfers::run()];
    stochastic.into_iter().chain(deterministic).flatten().collect()
}
