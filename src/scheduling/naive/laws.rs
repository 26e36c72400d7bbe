//! What holds for any right form of a policy, of the fast forms.

use super::draws::{COMPRESSIONS, backfills, conservative, depths, easy, plain_orders, workloads};
use super::fast::Fast;
use super::slow::Slow;
use super::workload::{Job, Workload};
use crate::model::{Backfill, Compression, Conservative, Easy, EventOrder, LocalPolicy, Order, ScanOrder};
use proptest::prelude::*;

/// The start of each job; `None` where it was turned away.
fn starts(workload: &Workload, policy: LocalPolicy) -> Vec<Option<u64>> {
    let mut starts = vec![None; workload.jobs.len()];
    let mut partition = Fast::new(workload, policy);
    for now in 0..=workload.end() {
        for name in partition.step(now).started {
            starts[name] = Some(now);
        }
    }
    starts
}

fn in_order_of_coming(backfill: Backfill) -> LocalPolicy {
    LocalPolicy { order: Order::Submission, backfill }
}

/// Conservative backfilling of such a depth with each compression.
fn compressions(depth: Option<u32>) -> [LocalPolicy; 5] {
    COMPRESSIONS
        .map(|compression| in_order_of_coming(Backfill::Conservative(Conservative { compression, depth })))
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// With exact requests nothing ends early, so there is nothing to compress; and if all earlier jobs start no later
    /// than first come, first served they end no later, so the next one fits at that start too.
    #[test]
    fn exact_requests_make_compressions_one_and_none_later_than_fcfs(
        workload in workloads(),
        depth in depths(),
    ) {
        let workload = workload.with_exact_requests();
        let all = compressions(depth).map(|policy| starts(&workload, policy));
        prop_assert!(all.windows(2).all(|pair| pair[0] == pair[1]), "{:?}", all);
        let fcfs = starts(&workload, LocalPolicy::FCFS);
        prop_assert!(all[0].iter().zip(&fcfs).all(|(ours, fcfs)| ours <= fcfs), "{:?} {:?}", all[0], fcfs);
    }

    /// With exact requests a job's reservation hangs on those before it alone.
    #[test]
    fn under_conservative_a_later_job_changes_no_earlier_start(
        workload in workloads(),
        rule in conservative(),
        kept in 0_usize..40,
    ) {
        let workload = workload.with_exact_requests();
        let mut fewer = workload.clone();
        fewer.jobs.truncate(kept);
        let policy = in_order_of_coming(Backfill::Conservative(rule));
        let (all, first) = (starts(&workload, policy), starts(&fewer, policy));
        prop_assert_eq!(&all[..first.len()], &first[..]);
    }

    /// All times k times as long: so are the starts. Not for F1 to F4, which take logarithms of the submission; where
    /// a score multiplies by an irrational number, k is a power of two, which rounds nothing.
    #[test]
    fn stretched_times_stretch_the_starts(
        workload in workloads(),
        order in plain_orders(),
        backfill in backfills(),
        times in 2_u64..6,
    ) {
        prop_assume!(![Order::F1, Order::F2, Order::F3, Order::F4].contains(&order));
        let times = if order == Order::Unicef { 4 } else { times };
        let policy = LocalPolicy { order, backfill };
        let expected: Vec<_> =
            starts(&workload, policy).into_iter().map(|start| start.map(|start| start * times)).collect();
        prop_assert_eq!(starts(&workload.stretched(times), policy), expected);
    }

    /// No job runs longer than requested, so the head starts by the time first promised to it. Where nobody waits,
    /// nobody is jumped.
    #[test]
    fn under_easy_the_head_starts_by_its_first_shadow(workload in workloads(), easy in easy()) {
        let mut partition = Fast::new(&workload, in_order_of_coming(Backfill::Easy(easy)));
        let mut promised = vec![None; workload.jobs.len()];
        for now in 0..=workload.end() {
            for name in partition.step(now).started {
                prop_assert!(promised[name].is_none_or(|shadow| now <= shadow), "{} of {:?}", name, promised);
            }
            match partition.head() {
                Some(head) => promised[head] = promised[head].or(partition.shadow()),
                None => prop_assert!(!partition.would_jump(now, 1, 1), "at {}", now),
            }
        }
    }

    /// Under EASY a job that would jump the queue by the plan at hand starts when it comes, and no other does.
    #[test]
    fn who_would_jump_is_backfilled(
        workload in workloads(),
        easy in easy(),
        (units, requested) in (1_u32..9, 1_u64..12),
        from in 0_u64..40,
    ) {
        let mut workload = workload.with_ends_first();
        let units = units.min(workload.capacity);
        let policy = in_order_of_coming(Backfill::Easy(Easy { reservations: 1, scan: ScanOrder::Queue, ..easy }));
        // An instant at which nobody else comes.
        let mut now = from;
        while workload.jobs.iter().any(|job| job.joins == now) {
            now += 1;
        }
        let mut partition = Fast::new(&workload, policy);
        (0..=now).for_each(|now| drop(partition.step(now)));
        if partition.head().is_none() {
            return Ok(());
        }
        let would_jump = partition.would_jump(now, units, requested);
        let name = workload.jobs.partition_point(|job| job.joins < now);
        workload.jobs.insert(name, Job {
            joins: now, submit: now, units, requested, run: requested, lane: 0, project: None, deadline: None, attained: 0
        });
        let mut slow = Slow::new(&workload, policy);
        let started = (0..=now).map(|now| slow.step(now).started).last().unwrap_or_default();
        prop_assert_eq!(started.contains(&name), would_jump);
    }

    /// With exact requests no job ends before it is expected to, so the order of events at one instant makes no
    /// difference to jobs in the order of their coming.
    #[test]
    fn with_exact_requests_the_order_of_events_makes_no_difference(
        workload in workloads(),
        backfill in backfills(),
    ) {
        let policy = match backfill {
            Backfill::Easy(easy) => Backfill::Easy(Easy { scan: ScanOrder::Queue, ..easy }),
            other => other,
        };
        let mut workload = workload.with_exact_requests();
        let [ends_first, submissions_first] = [EventOrder::EndsFirst, EventOrder::SubmissionsFirst].map(|order| {
            workload.event_order = order;
            starts(&workload, in_order_of_coming(policy))
        });
        prop_assert_eq!(ends_first, submissions_first);
    }

    /// Jobs of one unit fit wherever a unit is free, so none ever overtakes.
    #[test]
    fn jobs_of_one_unit_start_in_order_under_every_backfilling(workload in workloads(), rule in conservative()) {
        let mut workload = workload;
        workload.jobs.iter_mut().for_each(|job| job.units = 1);
        workload.places = None;
        let fcfs = starts(&workload, LocalPolicy::FCFS);
        let first_fit = in_order_of_coming(Backfill::FirstFit);
        prop_assert_eq!(&starts(&workload, first_fit), &fcfs);
        prop_assert_eq!(&starts(&workload, LocalPolicy::EASY), &fcfs);
        if rule.compression != Compression::None {
            let conservative = in_order_of_coming(Backfill::Conservative(rule));
            prop_assert_eq!(&starts(&workload, conservative), &fcfs);
        }
    }
}
