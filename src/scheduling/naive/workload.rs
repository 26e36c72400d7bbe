//! Random workloads of one partition, small numbers throughout, so that ties abound. Times in whole seconds.

use crate::model::{Backfill, Compression, Conservative, Easy, EventOrder, Order, ScanOrder, SpareUnits};
use proptest::prelude::*;

/// A job as it comes to the partition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Job {
    /// When it joins the queue: at its submission, or later where its input had to travel.
    pub(super) joins: u64,
    pub(super) submit: u64,
    pub(super) units: u32,
    pub(super) requested: u64,
    /// May exceed what is requested: then it is cut.
    pub(super) run: u64,
}

impl Job {
    /// How long it holds its units.
    pub(super) fn held(&self) -> u64 {
        self.run.min(self.requested)
    }
}

/// Jobs in the order of joining, and the partition they come to.
#[derive(Debug, Clone)]
pub(super) struct Workload {
    pub(super) capacity: u32,
    pub(super) opens: u64,
    /// How many may wait; `None`: all.
    pub(super) places: Option<u32>,
    pub(super) event_order: EventOrder,
    pub(super) jobs: Vec<Job>,
}

impl Workload {
    /// An instant by which every job has left.
    pub(super) fn end(&self) -> u64 {
        let last = self.jobs.last().map_or(0, |job| job.joins);
        self.opens.max(last) + self.jobs.iter().map(|job| job.requested).sum::<u64>()
    }

    /// Every job requests exactly the time it takes, and everyone may wait.
    pub(super) fn with_exact_requests(mut self) -> Self {
        self.places = None;
        for job in &mut self.jobs {
            job.requested = job.held();
        }
        self
    }

    /// Ends come before submissions, and everyone may wait.
    pub(super) fn with_ends_first(mut self) -> Self {
        self.places = None;
        self.event_order = EventOrder::EndsFirst;
        self
    }

    /// All times that many times as long.
    pub(super) fn stretched(mut self, times: u64) -> Self {
        self.opens *= times;
        for job in &mut self.jobs {
            for time in [&mut job.joins, &mut job.submit, &mut job.requested, &mut job.run] {
                *time *= times;
            }
        }
        self
    }
}

/// What happened in a second: names of jobs, which are their numbers in the workload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Step {
    /// In the order of their starts.
    pub(super) started: Vec<usize>,
    pub(super) turned_away: Vec<usize>,
}

pub(super) fn workloads() -> impl Strategy<Value = Workload> {
    let job = (0_u64..4, 0_u64..3, 0_u32..9, 1_u64..12, 1_u64..14);
    let opens = prop_oneof![3 => Just(0), 1 => 0_u64..9];
    let places = prop_oneof![Just(None), (0_u32..5).prop_map(Some)];
    let event_order = prop_oneof![3 => Just(EventOrder::EndsFirst), 1 => Just(EventOrder::SubmissionsFirst)];
    let partition = (1_u32..9, opens, places, event_order);
    let jobs = prop::collection::vec(job, 1..40);
    (partition, 1_u64..4, jobs).prop_map(|((capacity, opens, places, event_order), spread, jobs)| {
        let mut joins = 0;
        let job = |(gap, travel, units, requested, run): (u64, u64, u32, u64, u64)| {
            joins += gap.saturating_sub(1) * spread;
            let submit = joins.saturating_sub(travel);
            Job { joins, submit, units: 1 + units % capacity, requested, run }
        };
        let jobs = jobs.into_iter().map(job).collect();
        Workload { capacity, opens, places, event_order, jobs }
    })
}

pub(super) const ORDERS: [Order; 11] = [
    Order::Submission,
    Order::ShortestFirst,
    Order::LongestFirst,
    Order::SmallestAreaFirst,
    Order::LargestAreaFirst,
    Order::Wfp3,
    Order::Unicef,
    Order::F1,
    Order::F2,
    Order::F3,
    Order::F4,
];

pub(super) const COMPRESSIONS: [Compression; 5] = [
    Compression::None,
    Compression::QueueOrder,
    Compression::ReservationOrder,
    Compression::QueueOrderEachEnd,
    Compression::Replan,
];

/// First come, first served half of the time, else any order.
pub(super) fn orders() -> impl Strategy<Value = Order> {
    prop_oneof![Just(Order::Submission), prop::sample::select(&ORDERS[..])]
}

pub(super) fn without_reservations() -> impl Strategy<Value = Backfill> {
    prop_oneof![Just(Backfill::None), Just(Backfill::FirstFit)]
}

pub(super) fn easy() -> impl Strategy<Value = Easy> {
    let spare = prop_oneof![Just(SpareUnits::Used), Just(SpareUnits::Unused)];
    let scan = prop_oneof![Just(ScanOrder::Queue), Just(ScanOrder::ShortestFirst)];
    let reservations = prop_oneof![Just(1), 2_u32..5];
    (reservations, spare, scan).prop_map(|(reservations, spare, scan)| Easy { reservations, spare, scan })
}

pub(super) fn conservative() -> impl Strategy<Value = Conservative> {
    let depth = prop_oneof![Just(None), (1_u32..5).prop_map(Some)];
    (prop::sample::select(&COMPRESSIONS[..]), depth)
        .prop_map(|(compression, depth)| Conservative { compression, depth })
}

pub(super) fn backfills() -> impl Strategy<Value = Backfill> {
    prop_oneof![
        without_reservations(),
        easy().prop_map(Backfill::Easy),
        conservative().prop_map(Backfill::Conservative),
    ]
}
