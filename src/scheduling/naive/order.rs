//! Which of two waiting jobs stands first, by the formulas of the orders (models.md 1.2), in seconds.

use super::workload::Job;
use crate::model::Order;
use std::cmp::Ordering;

/// The job that comes first is less; ties are left to the order of joining.
pub(super) fn compare(order: Order, a: &Job, b: &Job, now: u64) -> Ordering {
    let area = |job: &Job| u64::from(job.units) * job.requested;
    match order {
        Order::Submission => Ordering::Equal,
        Order::ShortestFirst => a.requested.cmp(&b.requested),
        Order::LongestFirst => b.requested.cmp(&a.requested),
        Order::SmallestAreaFirst => area(a).cmp(&area(b)),
        Order::LargestAreaFirst => area(b).cmp(&area(a)),
        Order::Wfp3 => wfp3(b, now).total_cmp(&wfp3(a, now)),
        Order::Unicef => unicef(b, now).total_cmp(&unicef(a, now)),
        Order::F1 => least(a, b, |requested, units| libm::log10(requested) * units, 870.0),
        Order::F2 => least(a, b, |requested, units| requested.sqrt() * units, 25_600.0),
        Order::F3 => least(a, b, |requested, units| requested * units, 6_860_000.0),
        Order::EarliestDeadline
        | Order::LeastAttained
        | Order::FairShare(_)
        | Order::DominantResource
        | Order::Multifactor(..) => unreachable!(),
        Order::F4 => least(a, b, |requested, units| requested * units.sqrt(), 530_000.0),
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
