//! Brokers with known answers, through the real simulator: equal sites of one exponential server of unit rate.

use super::multiserver::Times;
use super::theory::{mmc_wait, shorter_queue_time, shortest_of_random_time};
use super::{Effort, STANDARD_ERRORS, Verdict};
use crate::engine::{Distribution, Universe, entity_key};
use crate::model::{BrokerInformation, BrokerPolicy, CopySites, EventOrder, Judge, LocalPolicy};
use crate::simulation::simulate;
use crate::statistics::BatchMeans;
use crate::study::{DemandClass, IdenticalSites, PoissonDemand, SinglePartition};
use crate::units::{Span, Time};
use crate::workload::Synthetic;

/// A batch spans hundreds of relaxation times of the queues.
const BATCHES: u64 = 40;

/// Servers of a case whose answer is that of a number without bound.
const MANY: u32 = 500;

/// A broker over equal servers.
#[derive(Debug, Clone)]
pub(super) struct Brokered {
    case: &'static str,
    name: String,
    servers: u32,
    per_server: f64,
    broker: BrokerPolicy,
    exact: f64,
    error: Allowed,
    /// Customers for each one of the effort.
    share: u64,
}

/// How far from the answer a case may lie.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Allowed {
    /// Four standard errors.
    StandardErrors,
    /// So much of the answer, which holds for a number of servers without bound.
    Relative(f64),
}

impl Brokered {
    /// Runs the case and judges the time in system.
    pub(super) fn run(&self, effort: Effort) -> Verdict {
        let (mean, error, count) = self.measure(self.per_server, effort.customers() / self.share);
        let allowed = match self.error {
            Allowed::StandardErrors => STANDARD_ERRORS * error,
            Allowed::Relative(share) => share * self.exact,
        };
        let quantity = format!("time in system, {}", self.name);
        Verdict::new(self.case, &quantity, self.exact, mean, allowed, count)
    }

    /// Mean time in system, its standard error, and how many customers they rest on.
    fn measure(&self, per_server: f64, customers: u64) -> (f64, f64, u64) {
        let rate_per_s = per_server * f64::from(self.servers);
        let system = IdenticalSites {
            sites: self.servers,
            broker: self.broker.clone(),
            information: BrokerInformation::default(),
            each: server(rate_per_s, customers as f64 / rate_per_s * 1.05),
        }
        .system();
        let universe = Universe::new(entity_key(self.case, &self.name), 0);
        let mut times = Times(BatchMeans::new(customers, BATCHES));
        simulate(&system, &system.sets[0], universe, Synthetic::new(&system, universe), &mut times);
        let (mean, error) = times.0.mean_and_error();
        (mean, error, times.0.count())
    }
}

fn server(rate_per_s: f64, length_s: f64) -> SinglePartition {
    let class = DemandClass::on_one(Distribution::Exponential { mean: 1.0 });
    SinglePartition {
        accelerators: 1,
        policy: LocalPolicy::FCFS,
        event_order: EventOrder::EndsFirst,
        max_queued: None,
        end: Time::ZERO + Span::from_seconds_round(length_s),
        warm_up: Time::ZERO,
        demand: Some(PoissonDemand { rate_per_s, classes: vec![class] }),
    }
}

/// All cases.
pub(super) fn cases() -> Vec<Brokered> {
    let shorter = [0.5, 0.8].map(|per_server| Brokered {
        case: "Q19",
        name: format!("the shorter of 2 queues, load {per_server}"),
        servers: 2,
        per_server,
        broker: BrokerPolicy::FewestJobs,
        exact: shorter_queue_time(per_server),
        error: Allowed::StandardErrors,
        share: 1,
    });
    let random = [(2, 0.7), (2, 0.9), (3, 0.9)].map(|(sites, per_server)| Brokered {
        case: "Q20",
        name: format!("the shortest of {sites} random queues of {MANY}, load {per_server}"),
        servers: MANY,
        per_server,
        broker: BrokerPolicy::BestOf { sites, by: Judge::JobsPresent },
        exact: shortest_of_random_time(sites, per_server),
        error: Allowed::Relative(0.02),
        share: 4,
    });
    let everywhere = [(2, 0.8), (4, 0.9)].map(|(servers, per_server)| Brokered {
        case: "law",
        name: format!("copies at all {servers} servers, as one queue, load {per_server}"),
        servers,
        per_server,
        broker: BrokerPolicy::Redundant { copies: servers, sites: CopySites::Drawn },
        exact: mmc_wait(servers, f64::from(servers) * per_server) + 1.0,
        error: Allowed::StandardErrors,
        share: 1,
    });
    shorter.into_iter().chain(random).chain(everywhere).collect()
}

#[cfg(test)]
mod tests {
    use super::super::teeth::{OFF, argument_for};
    use super::*;

    fn named(name: &str) -> Brokered {
        cases().into_iter().find(|one| one.name == name).expect("a case of this name")
    }

    /// The judgement passes the right arrival rate and fails a wrong one, above as below.
    #[track_caller]
    fn check_teeth(name: &str, customers: u64, answer: impl Fn(f64) -> f64) {
        let case = named(name);
        let (mean, error, _) = case.measure(case.per_server, customers);
        assert!((mean - case.exact).abs() <= STANDARD_ERRORS * error, "{case:?}: {mean} +- {error}");
        for wrong in [case.exact - OFF * error, case.exact + OFF * error] {
            let rate = argument_for(wrong, 0.0..1.0, &answer);
            let (mean, error, _) = case.measure(rate, customers);
            println!("{}: exact {:.5}, at rate {rate:.5} {mean:.5} +- {error:.5}", case.name, case.exact);
            assert!((mean - case.exact).abs() > STANDARD_ERRORS * error, "passes at rate {rate}");
        }
    }

    #[test]
    fn wrong_rates_of_the_shorter_queue_fail() {
        check_teeth("the shorter of 2 queues, load 0.5", 200_000, shorter_queue_time);
        check_teeth("the shorter of 2 queues, load 0.8", 200_000, shorter_queue_time);
    }

    #[test]
    fn wrong_rates_of_copies_everywhere_fail() {
        check_teeth("copies at all 2 servers, as one queue, load 0.8", 200_000, |rate| {
            mmc_wait(2, 2.0 * rate) + 1.0
        });
    }

    /// With a fifth of the servers the right rate passes, and rates whose answers lie beyond the tolerance and the noise of
    /// the run fail.
    #[test]
    fn wrong_rates_of_two_choices_fail() {
        let case = named("the shortest of 2 random queues of 500, load 0.7");
        let (case, customers) = (Brokered { servers: 100, ..case }, 100_000);
        let (mean, error, _) = case.measure(case.per_server, customers);
        let allowed = 0.02 * case.exact;
        println!("{}: exact {:.5}, {mean:.5} +- {error:.5}", case.name, case.exact);
        assert!((mean - case.exact).abs() <= allowed, "{mean} +- {error}");
        for off in [-allowed - OFF * error, allowed + OFF * error] {
            let answer = |rate| shortest_of_random_time(2, rate);
            let rate = argument_for(case.exact + off, 0.0..1.0, answer);
            let (mean, error, _) = case.measure(rate, customers);
            println!("{}: exact {:.5}, at rate {rate:.5} {mean:.5} +- {error:.5}", case.name, case.exact);
            assert!((mean - case.exact).abs() > allowed, "passes at rate {rate}");
        }
    }
}
