//! Queues with known answers, through the real simulator. All have unit mean service.

use super::theory::{erlang_b, longest_first_wait, mg1_wait, mmc_wait, mmck, shortest_first_wait};
use super::{Effort, STANDARD_ERRORS, Verdict};
use crate::engine::{Distribution, Universe, entity_key};
use crate::model::{Backfill, Compression, Conservative, EventOrder, LocalPolicy, Order};
use crate::records::{JobRow, LinkRow, Outcome, Sink};
use crate::statistics::BatchMeans;
use crate::study::{DemandClass, PoissonDemand, SinglePartition};
use crate::units::{Span, Time};

/// One queue and what is known of it.
#[derive(Debug, Clone)]
pub(super) struct Queue {
    case: &'static str,
    name: String,
    policy: LocalPolicy,
    servers: u32,
    rate_per_s: f64,
    service: Distribution,
    max_queued: Option<u32>,
    wait: Option<f64>,
    blocked: Option<f64>,
}

impl Queue {
    /// How many batches a run of `length_s` is cut into: each should span ten relaxation times of the queue,
    /// 1 / (c (1 - sqrt(rho))^2) for M/M/c (Morse 1955), so that batches are nearly independent; 10 to 40 of them.
    fn batches(&self, length_s: f64) -> u64 {
        let servers = f64::from(self.servers);
        let distance = 1.0 - (self.rate_per_s / servers).sqrt();
        let relaxation_s = 1.0 / (servers * distance * distance);
        (length_s / (10.0 * relaxation_s)).clamp(10.0, 40.0) as u64
    }

    /// Runs the queue and judges what is known of it.
    pub(super) fn run(&self, effort: Effort) -> Vec<Verdict> {
        let measured = simulate_queue(self, self.rate_per_s, effort.customers());
        let verdict = |what: &str, exact: Option<f64>, means: &BatchMeans| {
            let (mean, error) = means.mean_and_error();
            let quantity = format!("{what}, {}", self.name);
            exact.map(|exact| {
                Verdict::new(self.case, &quantity, exact, mean, STANDARD_ERRORS * error, means.count())
            })
        };
        let wait = verdict("mean wait", self.wait, &measured.waits);
        let blocked = verdict("share blocked", self.blocked, &measured.blocked);
        [wait, blocked].into_iter().flatten().collect()
    }
}

/// The queues under first come, first served.
pub(super) fn in_order() -> Vec<Queue> {
    let exponential = Distribution::Exponential { mean: 1.0 };
    let constant = Distribution::Constant(1.0);
    let mut cases = vec![open("Q01", "M/M/1, load 0.8", 1, 0.8, &exponential, mmc_wait(1, 0.8))];
    let multiple = [
        ("Q02a", 2, 1.6),
        ("Q02b", 10, 8.0),
        ("Q02c", 100, 95.0),
        ("Q02d", 512, 480.0),
        ("Q02e", 1_000, 990.0),
    ];
    for (case, servers, a) in multiple {
        cases.push(open(
            case,
            &format!("M/M/{servers}, offered {a}"),
            servers,
            a,
            &exponential,
            mmc_wait(servers, a),
        ));
        cases.push(bounded(case, &format!("Erlang B, {servers} servers, offered {a}"), servers, servers, a));
    }
    for (case, servers, places, a) in [("Q03a", 4, 10, 3.6), ("Q03b", 1, 5, 0.9), ("Q03c", 10, 30, 12.0)] {
        cases.push(bounded(case, &format!("M/M/{servers}/{places}, offered {a}"), servers, places, a));
    }
    for rho in [0.5, 0.8, 0.95] {
        cases.push(open("Q04", &format!("M/D/1, load {rho}"), 1, rho, &constant, mg1_wait(rho, 0.0)));
    }
    // Roots of Crommelin's equation (1932), to six digits, checked by an embedded chain.
    for (servers, a, wait) in [(2, 1.6, 0.903_284), (10, 9.0, 0.344_582), (50, 47.5, 0.130_410)] {
        cases.push(open("Q05", &format!("M/D/{servers}, offered {a}"), servers, a, &constant, wait));
    }
    for (cv2, service) in [
        (0.0, constant.clone()),
        (0.25, Distribution::Erlang { mean: 1.0, shape: 4 }),
        (1.0, exponential.clone()),
        (4.0, Distribution::HyperExponential { mean: 1.0, cv2: 4.0 }),
        (25.0, Distribution::HyperExponential { mean: 1.0, cv2: 25.0 }),
    ] {
        cases.push(open("Q06", &format!("M/G/1, load 0.7, cv2 {cv2}"), 1, 0.7, &service, mg1_wait(0.7, cv2)));
    }
    cases
}

/// The queues whose server knows the sizes: every job requests just what it runs.
///
/// Few long waits make up the mean under longest first, since short jobs wait for the end of the busy period. But busy
/// periods do not depend on the order of service, and two batches share at most one: batches of hundreds of relaxation
/// times are as independent here as under first come, first served. Seen over 100 universes of the quick effort: the
/// errors of longest first were 1.04 standard errors in root mean square, the largest 2.9; Student's t has 1.03.
pub(super) fn by_size() -> Vec<Queue> {
    let exponential = Distribution::Exponential { mean: 1.0 };
    let waits =
        [(LocalPolicy::SJF, shortest_first_wait as fn(f64) -> f64), (LocalPolicy::LJF, longest_first_wait)];
    let queue = |(policy, wait): (LocalPolicy, fn(f64) -> f64)| Queue {
        policy,
        ..open("Q11", &format!("{policy}, M/M/1, load 0.8"), 1, 0.8, &exponential, wait(0.8))
    };
    waits.map(queue).into()
}

/// Jobs that all are one node wide leave nothing to backfill: M/M/c again, whatever the policy.
pub(super) fn one_node_wide() -> Vec<Queue> {
    let compression = Compression::QueueOrder;
    let conservative = Backfill::Conservative(Conservative { compression, depth: None });
    let conservative = LocalPolicy { order: Order::Submission, backfill: conservative };
    let exponential = Distribution::Exponential { mean: 1.0 };
    let queue = |policy: LocalPolicy| Queue {
        policy,
        ..open("law", &format!("{policy}, M/M/10, offered 8"), 10, 8.0, &exponential, mmc_wait(10, 8.0))
    };
    [LocalPolicy::EASY, conservative].map(queue).into()
}

/// A queue with room for all who come.
fn open(
    case: &'static str,
    name: &str,
    servers: u32,
    rate_per_s: f64,
    service: &Distribution,
    wait: f64,
) -> Queue {
    Queue {
        case,
        name: name.to_owned(),
        policy: LocalPolicy::FCFS,
        servers,
        rate_per_s,
        service: service.clone(),
        max_queued: None,
        wait: Some(wait),
        blocked: None,
    }
}

/// A queue with room for `places` jobs in all.
fn bounded(case: &'static str, name: &str, servers: u32, places: u32, a: f64) -> Queue {
    let (blocked, wait) = mmck(servers, places, a);
    let blocked = if places == servers { erlang_b(servers, a) } else { blocked };
    Queue {
        case,
        name: name.to_owned(),
        policy: LocalPolicy::FCFS,
        servers,
        rate_per_s: a,
        service: Distribution::Exponential { mean: 1.0 },
        max_queued: Some(places - servers),
        wait: (places > servers).then_some(wait),
        blocked: Some(blocked),
    }
}

/// The waits of M/M/1 with unit mean service, in batches and one by one in the order of customers.
pub(super) fn waits_at_one_server(rho: f64, customers: u64, batches: u64) -> (BatchMeans, Vec<f64>) {
    let exponential = Distribution::Exponential { mean: 1.0 };
    let queue = open("T11", &format!("M/M/1, load {rho}"), 1, rho, &exponential, rho / (1.0 - rho));
    let waits = Series { means: BatchMeans::new(customers, batches), waits: vec![0.0; customers as usize] };
    let Series { means, waits } = observe_queue(&queue, rho, customers, waits);
    (means, waits)
}

/// The waits of a queue, all of them.
struct Series {
    means: BatchMeans,
    waits: Vec<f64>,
}

impl Sink for Series {
    fn job(&mut self, row: &JobRow) {
        let Some(start) = row.start else { return };
        let wait_s = start.since(row.submit).as_seconds();
        self.means.add(row.id.ordinal, wait_s);
        if let Some(wait) = self.waits.get_mut(row.id.ordinal as usize) {
            *wait = wait_s;
        }
    }

    fn link(&mut self, _: &LinkRow) {}
}

/// What a queue shows.
struct Measured {
    waits: BatchMeans,
    blocked: BatchMeans,
}

fn simulate_queue(queue: &Queue, rate_per_s: f64, customers: u64) -> Measured {
    let batches = queue.batches(customers as f64 / rate_per_s * 1.05);
    let means = || BatchMeans::new(customers, batches);
    observe_queue(queue, rate_per_s, customers, Measured { waits: means(), blocked: means() })
}

/// Runs a queue for so many customers, and a few more, before a sink.
fn observe_queue<S: Sink>(queue: &Queue, rate_per_s: f64, customers: u64, mut sink: S) -> S {
    let horizon = customers as f64 / rate_per_s * 1.05;
    let class = DemandClass::on_one(queue.service.clone());
    let partition = SinglePartition {
        accelerators: queue.servers,
        policy: queue.policy,
        event_order: EventOrder::EndsFirst,
        max_queued: queue.max_queued,
        end: Time::ZERO + Span::from_seconds_round(horizon),
        warm_up: Time::ZERO,
        demand: Some(PoissonDemand { rate_per_s, classes: vec![class] }),
    };
    // Each case has a universe of its own, so that one unlucky stretch of arrivals does not tilt them all.
    let universe = Universe::new(entity_key(queue.case, &queue.name), 0);
    partition.run(universe, &mut sink);
    sink
}

impl Sink for Measured {
    fn job(&mut self, row: &JobRow) {
        let rejected = matches!(row.outcome, Outcome::Rejected(_));
        self.blocked.add(row.id.ordinal, f64::from(u8::from(rejected)));
        if let Some(start) = row.start {
            self.waits.add(row.id.ordinal, start.since(row.submit).as_seconds());
        }
    }

    fn link(&mut self, _: &LinkRow) {}
}

#[cfg(test)]
mod tests {
    use super::super::teeth::{OFF, argument_for};
    use super::*;

    const CUSTOMERS: u64 = 400_000;

    type Means = fn(&Measured) -> &BatchMeans;
    const WAITS: Means = |measured| &measured.waits;
    const BLOCKED: Means = |measured| &measured.blocked;

    fn passes(queue: &Queue, exact: f64, means: &BatchMeans) -> bool {
        let (mean, error) = means.mean_and_error();
        Verdict::new(queue.case, &queue.name, exact, mean, STANDARD_ERRORS * error, means.count()).passed
    }

    /// The judgement of one quantity has teeth: it passes the right arrival rate and fails a wrong one, above as below.
    #[track_caller]
    fn check_teeth(name: &str, means: Means, answer: fn(f64) -> f64) {
        let mut queues = in_order().into_iter().chain(by_size());
        let queue = queues.find(|queue| queue.name == name).expect("a case of this name");
        let exact = answer(queue.rate_per_s);
        let right = simulate_queue(&queue, queue.rate_per_s, CUSTOMERS);
        let error = means(&right).mean_and_error().1;
        assert!(passes(&queue, exact, means(&right)), "{name}");
        // An open queue has no answer at or above full load.
        let most = f64::from(queue.servers) * if queue.max_queued.is_some() { 4.0 } else { 1.0 };
        for wrong in [exact - OFF * error, exact + OFF * error] {
            let rate = argument_for(wrong, 0.0..most, answer);
            let measured = simulate_queue(&queue, rate, CUSTOMERS);
            let judged = means(&measured).mean_and_error();
            println!("{name}: exact {exact:.5}, at rate {rate:.5} {judged:.5?}");
            assert!(!passes(&queue, exact, means(&measured)), "{name} passes at rate {rate}: {judged:?}");
        }
    }

    #[test]
    fn wrong_rates_of_open_queues_fail() {
        check_teeth("M/M/1, load 0.8", WAITS, |rate| mmc_wait(1, rate));
        check_teeth("M/M/10, offered 8", WAITS, |rate| mmc_wait(10, rate));
        check_teeth("M/D/1, load 0.8", WAITS, |rate| mg1_wait(rate, 0.0));
        check_teeth("M/G/1, load 0.7, cv2 4", WAITS, |rate| mg1_wait(rate, 4.0));
    }

    #[test]
    fn wrong_rates_of_queues_by_size_fail() {
        check_teeth("SJF, M/M/1, load 0.8", WAITS, shortest_first_wait);
        check_teeth("LJF, M/M/1, load 0.8", WAITS, longest_first_wait);
    }

    #[test]
    fn wrong_rates_of_bounded_queues_fail() {
        check_teeth("Erlang B, 10 servers, offered 8", BLOCKED, |rate| erlang_b(10, rate));
        check_teeth("M/M/4/10, offered 3.6", BLOCKED, |rate| mmck(4, 10, rate).0);
        check_teeth("M/M/4/10, offered 3.6", WAITS, |rate| mmck(4, 10, rate).1);
    }
}
