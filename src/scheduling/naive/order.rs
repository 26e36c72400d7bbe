//! Which of two waiting jobs stands first, by the formulas of the orders, in seconds.

use super::workload::{Job, Workload};
use crate::model::{Multifactor, Order, SizeFavour};
use std::cmp::Ordering;

/// The job that comes first is less; ties are left to the order of joining.
pub(super) fn compare(order: Order, workload: &Workload, names: [usize; 2], now: u64) -> Ordering {
    let [a, b] = names.map(|name| &workload.jobs[name]);
    let lanes = names.map(|name| workload.lane(name, order));
    let [tier_a, tier_b] = lanes.map(|lane| workload.tiers(order)[lane]);
    let [score_a, score_b] = lanes.map(|lane| workload.score(order, lane, now));
    let priority = |weights: &Multifactor, job| priority(weights, workload.capacity, job, now);
    let by_order = match order {
        Order::FairShare(_) => score_b.total_cmp(&score_a),
        Order::DominantResource => score_a.total_cmp(&score_b),
        Order::Multifactor(weights, _) => {
            (priority(&weights, b) + score_b).total_cmp(&(priority(&weights, a) + score_a))
        }
        _ => compare_jobs(order, a, b, now),
    };
    tier_b.cmp(&tier_a).then(by_order)
}

fn compare_jobs(order: Order, a: &Job, b: &Job, now: u64) -> Ordering {
    let area = |job: &Job| u64::from(job.units) * job.requested;
    let deadline = |job: &Job| job.deadline.unwrap_or(u64::MAX);
    match order {
        Order::ShortestFirst => a.requested.cmp(&b.requested),
        Order::LongestFirst => b.requested.cmp(&a.requested),
        Order::SmallestAreaFirst => area(a).cmp(&area(b)),
        Order::LargestAreaFirst => area(b).cmp(&area(a)),
        Order::Wfp3 => wfp3(b, now).total_cmp(&wfp3(a, now)),
        Order::Unicef => unicef(b, now).total_cmp(&unicef(a, now)),
        Order::F1 => least(a, b, |requested, units| libm::log10(requested) * units, 870.0),
        Order::F2 => least(a, b, |requested, units| requested.sqrt() * units, 25_600.0),
        Order::F3 => least(a, b, |requested, units| requested * units, 6_860_000.0),
        Order::F4 => least(a, b, |requested, units| requested * units.sqrt(), 530_000.0),
        Order::EarliestDeadline => deadline(a).cmp(&deadline(b)),
        Order::LeastAttained => a.attained.cmp(&b.attained),
        Order::Submission | Order::FairShare(_) | Order::DominantResource | Order::Multifactor(..) => {
            Ordering::Equal
        }
    }
}

fn wait(job: &Job, now: u64) -> f64 {
    (now - job.submit) as f64
}

fn wfp3(job: &Job, now: u64) -> f64 {
    libm::pow(wait(job, now) / job.requested as f64, 3.0) * f64::from(job.units)
}

fn unicef(job: &Job, now: u64) -> f64 {
    wait(job, now) / ((libm::log2(f64::from(job.units)) + 1.0) * job.requested as f64)
}

/// F1 to F4: the size by a formula, and so much for each decimal power of the submission.
fn least(a: &Job, b: &Job, size: impl Fn(f64, f64) -> f64, weight: f64) -> Ordering {
    let score = |job: &Job| {
        let late = libm::log10(job.submit.max(1) as f64);
        size(job.requested as f64, f64::from(job.units)) + weight * late
    };
    score(a).total_cmp(&score(b))
}

/// The part of the multifactor priority that hangs on the job itself.
fn priority(weights: &Multifactor, capacity: u32, job: &Job, now: u64) -> f64 {
    let part = f64::from(job.units) / f64::from(capacity);
    let size = match weights.size_favour {
        SizeFavour::Large => part,
        SizeFavour::Small => 1.0 - part,
    };
    let max_age_s = weights.max_age.as_seconds();
    let age = if wait(job, now) < max_age_s { wait(job, now) / max_age_s } else { 1.0 };
    weights.size_weight * size + weights.age_weight * age
}
