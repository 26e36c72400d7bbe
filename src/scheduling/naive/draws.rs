//! Random workloads and policies, small numbers throughout, so that ties abound.

use super::workload::{Cap, Closure, Job, Workload};
use crate::model::{
    Backfill, Compression, Conservative, Cycle, Decay, Easy, EventOrder, Multifactor, Order, Per, ScanOrder,
    SizeFavour, SpareUnits,
};
use crate::scheduling::Setting;
use crate::units::Span;
use proptest::prelude::*;

/// A partition by itself.
pub(super) fn workloads() -> impl Strategy<Value = Workload> {
    let opens = prop_oneof![3 => Just(0), 1 => 0_u64..9];
    let places = prop_oneof![Just(None), (0_u32..5).prop_map(Some)];
    let event_order = prop_oneof![3 => Just(EventOrder::EndsFirst), 1 => Just(EventOrder::SubmissionsFirst)];
    let scores = prop::collection::vec(prop::array::uniform3(0_u32..3), 1..9);
    let partition = (1_u32..9, opens, places, event_order, scores);
    (partition, 1_u64..4, prop::collection::vec(drawn_jobs(), 1..40)).prop_map(
        |(partition, spread, drawn)| {
            let (capacity, opens, places, event_order, scores) = partition;
            let mut jobs = drawn;
            let mut now = 0;
            for job in &mut jobs {
                // The draws hold the gap to the one before and how long the input travels.
                now += job.joins.saturating_sub(1) * spread;
                (job.joins, job.submit) = (now, now.saturating_sub(job.submit));
                job.units = 1 + job.units % capacity;
            }
            let (setting, tiers, caps, closures) = (Setting::Plain, vec![0; 3], Vec::new(), Vec::new());
            Workload { capacity, opens, places, event_order, setting, tiers, scores, caps, closures, jobs }
        },
    )
}

fn drawn_jobs() -> impl Strategy<Value = Job> {
    let deadline = prop_oneof![1 => Just(None), 2 => (0_u64..40).prop_map(Some)];
    let size = (0_u32..9, 1_u64..12, 1_u64..14);
    let whose = (0_usize..3, prop_oneof![1 => Just(None), 4 => (0_u64..3).prop_map(Some)]);
    (0_u64..4, 0_u64..3, size, whose, deadline, 0_u64..4).prop_map(
        |(joins, submit, (units, requested, run), (lane, project), deadline, attained)| Job {
            joins,
            submit,
            units,
            requested,
            run,
            lane,
            project,
            deadline,
            attained,
        },
    )
}

/// Half of them partitions that share their nodes, have limits or a calendar.
pub(super) fn any_workloads() -> impl Strategy<Value = Workload> {
    let tiers = prop::collection::vec(0_i32..3, 1..4);
    let caps = prop::collection::vec((most(), prop::collection::vec(0_usize..3, 1..3)), 0..3);
    let closures = prop::collection::vec((0_u64..60, 1_u64..20, 0_u32..9, 0_u32..9), 0..3);
    let general = (workloads(), tiers, caps, closures).prop_map(|(mut workload, tiers, caps, closures)| {
        workload.setting = Setting::General;
        workload.closures = closures_of(&closures, workload.capacity);
        workload.caps = caps.into_iter().map(|cap| cap_of(cap, tiers.len())).collect();
        workload.tiers = tiers;
        for name in 0..workload.jobs.len() {
            let lane = workload.jobs[name].lane % workload.tiers.len();
            let over =
                workload.caps.iter().filter(|cap| cap.lanes.contains(&lane)).map(|cap| cap.units).min();
            let units = &mut workload.jobs[name].units;
            *units = over.map_or(*units, |most| most.min(*units));
        }
        workload
    });
    prop_oneof![workloads(), general]
}

/// Units, jobs, and whether together or by project.
type DrawnMost = (u32, Option<u32>, Per);

fn most() -> impl Strategy<Value = DrawnMost> {
    let jobs = prop_oneof![Just(None), (1_u32..4).prop_map(Some)];
    (1_u32..9, jobs, prop::sample::select(vec![Per::Group, Per::Project]))
}

fn cap_of(((units, jobs, per), lanes): (DrawnMost, Vec<usize>), count: usize) -> Cap {
    let mut lanes: Vec<usize> = lanes.into_iter().map(|lane| lane % count).collect();
    lanes.sort_unstable();
    lanes.dedup();
    Cap { units, jobs, per, lanes }
}

/// Where they overlap they never withdraw more than there is.
fn closures_of(drawn: &[(u64, u64, u32, u32)], capacity: u32) -> Vec<Closure> {
    let share = capacity / drawn.len().max(1) as u32;
    let closure = |&(from, length, withdrawn, least_units): &(u64, u64, u32, u32)| Closure {
        from,
        to: from + length,
        withdrawn: withdrawn.min(share),
        least_units: least_units.min(capacity),
    };
    drawn.iter().map(closure).collect()
}

const PLAIN_ORDERS: [Order; 13] = [
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
    Order::EarliestDeadline,
    Order::LeastAttained,
];

/// First come, first served half of the time, else any order that looks at the job alone.
pub(super) fn plain_orders() -> impl Strategy<Value = Order> {
    prop_oneof![Just(Order::Submission), prop::sample::select(&PLAIN_ORDERS[..])]
}

/// Every order.
pub(super) fn orders() -> impl Strategy<Value = Order> {
    const DECAY: Decay = Decay { half_life: None, period: Span::ZERO };
    let by_account = prop_oneof![
        Just(Order::FairShare(DECAY)),
        Just(Order::DominantResource),
        weights().prop_map(|weights| Order::Multifactor(weights, DECAY)),
    ];
    prop_oneof![2 => plain_orders(), 1 => by_account]
}

fn weights() -> impl Strategy<Value = Multifactor> {
    let size_favour = prop_oneof![Just(SizeFavour::Large), Just(SizeFavour::Small)];
    let draws = (prop::sample::select(vec![0.0, 1.37, 2.9]), prop::sample::select(vec![0, 3, 8]));
    (draws, 0_u32..3, size_favour).prop_map(|((age_weight, max_age_s), size_weight, size_favour)| {
        Multifactor {
            age_weight,
            max_age: Span::from_seconds(max_age_s),
            size_weight: size_weight.into(),
            size_favour,
            fair_share_weight: 1.0,
            qos_weight: 1.0,
        }
    })
}

pub(super) const COMPRESSIONS: [Compression; 5] = [
    Compression::None,
    Compression::QueueOrder,
    Compression::ReservationOrder,
    Compression::QueueOrderEachEnd,
    Compression::Replan,
];

pub(super) fn without_reservations() -> impl Strategy<Value = Backfill> {
    prop_oneof![Just(Backfill::None), Just(Backfill::FirstFit)]
}

/// Only a single reservation can do without spare units.
pub(super) fn easy() -> impl Strategy<Value = Easy> {
    let one = prop_oneof![Just((1, SpareUnits::Used)), Just((1, SpareUnits::Unused))];
    let reservations = prop_oneof![one, (2_u32..5).prop_map(|several| (several, SpareUnits::Used))];
    let scan = prop_oneof![Just(ScanOrder::Queue), Just(ScanOrder::ShortestFirst)];
    (reservations, scan).prop_map(|((reservations, spare), scan)| Easy { reservations, spare, scan })
}

pub(super) fn depths() -> impl Strategy<Value = Option<u32>> {
    prop_oneof![Just(None), (1_u32..5).prop_map(Some)]
}

pub(super) fn conservative() -> impl Strategy<Value = Conservative> {
    (prop::sample::select(&COMPRESSIONS[..]), depths())
        .prop_map(|(compression, depth)| Conservative { compression, depth })
}

pub(super) fn cycle() -> impl Strategy<Value = Cycle> {
    (1_u32..6, 1_u64..12, 1_u32..9, 1_u64..60, 1_u64..5).prop_map(
        |(quick_depth, interval, depth, window, resolution)| Cycle {
            quick_depth,
            interval: Span::from_seconds(interval),
            depth,
            window: Span::from_seconds(window),
            resolution: Span::from_seconds(resolution),
        },
    )
}

pub(super) fn backfills() -> impl Strategy<Value = Backfill> {
    prop_oneof![
        without_reservations(),
        easy().prop_map(Backfill::Easy),
        conservative().prop_map(Backfill::Conservative),
    ]
}
