//! An open Jackson network of three stations on the real event queue: customers are routed at random, which no factory
//! does, so the stations are a domain of their own.

use super::{Effort, STANDARD_ERRORS, Verdict};
use crate::engine::{EventQueue, Stream, Universe, entity_key};
use crate::statistics::BatchMeans;
use crate::units::{Span, Time};
use std::collections::VecDeque;

/// External arrivals come to the first station; `ROUTES[i][j]` is the chance to go from i to j, the rest leaves.
const ARRIVALS_PER_S: f64 = 0.5;
const ROUTES: [[f64; 3]; 3] = [[0.0, 0.6, 0.4], [0.1, 0.0, 0.3], [0.0, 0.2, 0.0]];
const SERVICE_PER_S: [f64; 3] = [1.0, 0.25, 0.5];
const SERVERS: [usize; 3] = [1, 3, 2];
/// Product form (Jackson 1957): mean customers at each station and mean time in the network.
const EXACT_CUSTOMERS: [f64; 3] = [1.169_154, 1.839_632, 0.747_851];
const EXACT_TIME_S: f64 = 7.513_276;

/// A batch spans thousands of relaxation times.
const BATCHES: u64 = 40;

#[derive(Debug, Clone, Copy)]
enum Event {
    Arrival,
    Departure { station: usize, customer: Customer },
}

#[derive(Debug, Clone, Copy)]
struct Customer {
    ordinal: u64,
    entered: Time,
    hops: u16,
}

struct Network {
    queue: EventQueue<Event>,
    universe: Universe,
    key: u64,
    waiting: [VecDeque<Customer>; 3],
    busy: [usize; 3],
    next: u64,
    times: BatchMeans,
    /// Customers at each station integrated over time, in batches of time.
    present: [BatchMeans; 3],
    settled: Time,
    slice: Span,
}

/// Runs the network and judges time in the network and customers at each station.
pub(super) fn run(effort: Effort) -> Vec<Verdict> {
    let customers = effort.customers() / 4;
    let mut network = Network::new(customers);
    network.arrive_after_gap();
    while network.next <= customers + customers / 50 {
        let Some(event) = network.queue.pop() else { break };
        network.handle(event);
    }
    let verdict = |quantity: &str, exact: f64, means: &BatchMeans| {
        let (mean, error) = means.mean_and_error();
        Verdict::new("Q09", quantity, exact, mean, STANDARD_ERRORS * error, means.count())
    };
    let mut verdicts = vec![verdict("time in a Jackson network", EXACT_TIME_S, &network.times)];
    for (station, exact) in EXACT_CUSTOMERS.into_iter().enumerate() {
        let quantity = format!("customers at Jackson station {}", station + 1);
        verdicts.push(verdict(&quantity, exact, &network.present[station]));
    }
    verdicts
}

impl Network {
    fn new(customers: u64) -> Self {
        let slices = 100_000;
        let length_s = customers as f64 / ARRIVALS_PER_S;
        Self {
            queue: EventQueue::new(),
            universe: Universe::new(1957, 0),
            key: entity_key("network", "jackson"),
            waiting: Default::default(),
            busy: [0; 3],
            next: 0,
            times: BatchMeans::new(customers, BATCHES),
            present: std::array::from_fn(|_| BatchMeans::new(slices, BATCHES)),
            settled: Time::ZERO,
            slice: Span::from_seconds_ceil(length_s / slices as f64),
        }
    }

    fn draw(&self, ordinal: u64, purpose: u16) -> Stream {
        self.universe.stream(self.key, ordinal, purpose)
    }

    fn handle(&mut self, event: Event) {
        self.observe();
        match event {
            Event::Arrival => {
                let customer = Customer { ordinal: self.next, entered: self.queue.now(), hops: 0 };
                self.next += 1;
                self.enter(0, customer);
                self.arrive_after_gap();
            }
            Event::Departure { station, customer } => self.depart(station, customer),
        }
    }

    /// Counts the customers at each station once a slice of time: a sample at fixed instants has the time average.
    fn observe(&mut self) {
        while self.settled + self.slice <= self.queue.now() {
            self.settled = self.settled + self.slice;
            let ordinal = self.settled.0 / self.slice.0 - 1;
            for station in 0..3 {
                let present = self.waiting[station].len() + self.busy[station];
                self.present[station].add(ordinal, present as f64);
            }
        }
    }

    fn arrive_after_gap(&mut self) {
        let gap = exponential(ARRIVALS_PER_S, &mut self.draw(self.next, 0));
        self.queue.schedule(self.queue.now() + gap, 1, Event::Arrival);
    }

    fn enter(&mut self, station: usize, customer: Customer) {
        if self.busy[station] < SERVERS[station] {
            self.serve(station, customer);
        } else {
            self.waiting[station].push_back(customer);
        }
    }

    fn serve(&mut self, station: usize, customer: Customer) {
        self.busy[station] += 1;
        let service =
            exponential(SERVICE_PER_S[station], &mut self.draw(customer.ordinal, 2 * customer.hops + 1));
        self.queue.schedule(self.queue.now() + service, 0, Event::Departure { station, customer });
    }

    fn depart(&mut self, station: usize, customer: Customer) {
        self.busy[station] -= 1;
        if let Some(next) = self.waiting[station].pop_front() {
            self.serve(station, next);
        }
        let mut uniform = self.draw(customer.ordinal, 2 * customer.hops + 2).uniform();
        for (target, chance) in ROUTES[station].into_iter().enumerate() {
            if uniform < chance {
                return self.enter(target, Customer { hops: customer.hops + 1, ..customer });
            }
            uniform -= chance;
        }
        let time = self.queue.now().since(customer.entered).as_seconds();
        self.times.add(customer.ordinal, time);
    }
}

fn exponential(rate: f64, stream: &mut Stream) -> Span {
    Span::from_seconds_round(-libm::log(1.0 - stream.uniform()) / rate)
}
