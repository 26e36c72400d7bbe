//! Jobs of several sizes: schedules worked out by hand, and work that is conserved whatever happens.

use crate::one_machine::{Asked, Listed, check, class, jobs_of, preempting, run, system};
use pleiade::engine::Universe;
use pleiade::model::{
    Backfill, CalendarBlock, Compression, Conservative, Flexibility, JobClass, JobId, LocalPolicy, Malleable,
    Order, PartitionId, PreemptionMode, Quota, Speedup, System,
};
use pleiade::records::{JobRow, LinkRow, Outcome, SegmentRow, Sink};
use pleiade::simulation::simulate;
use pleiade::units::{Span, Time};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn with(flexibility: Flexibility, mut system: System) -> System {
    system.classes = [JobClass { flexibility, ..class() }].into_iter().collect();
    // Community 1 has jobs of one size.
    system
}

/// Jobs that run on 2, 4, 6 or 8 accelerators.
fn malleable(reconfiguration_s: u64) -> Malleable {
    let reconfiguration = Span::from_seconds(reconfiguration_s);
    Malleable { minimum: 2, maximum: 8, step: 2, speedup: Speedup::Linear, reconfiguration }
}

#[test]
fn a_moldable_job_runs_on_the_size_that_finishes_first() {
    let moldable = Flexibility::Moldable { sizes: vec![2, 4, 6], speedup: Speedup::Linear };
    let system = with(moldable, system(LocalPolicy::EASY));
    // Four accelerators for 60 s are six for 40 s, or two for 120 s, for which it would not wait.
    let (seen, _) = run(&system, &[[0, 4, 60, 60], [10, 4, 60, 60], [11, 4, 120, 60]], &[]);
    let held = [0, 1, 2].map(|job| seen.jobs[&(0, job)].accelerators_held);
    assert_eq!(held, [6, 4, 6]);
    assert_eq!([0, 1, 2].map(|job| seen.times(0, job)[0].unwrap()), [0, 10, 40]);
    assert_eq!([0, 1, 2].map(|job| seen.times(0, job)[2].unwrap()), [40, 70, 80]);
}

#[test]
fn a_malleable_job_takes_what_is_idle_and_gives_it_back() {
    let system = with(Flexibility::Malleable(malleable(4)), system(LocalPolicy::EASY));
    // 160 accelerator-seconds: it starts on eight, of which six are lent; at 10 the other, which wants two as its own,
    // finds them, and at 12 an urgent one takes six. The first has 80 left on four and stands still for 4 s.
    let (seen, _) = run(&system, &[[0, 4, 40, 40]], &[]);
    assert_eq!(seen.times(0, 0), [Some(0), Some(0), Some(20)]);
    assert!(seen.segments.is_empty(), "it grew before it began");
    let mut rigid = system;
    rigid.classes.push(class());
    let seen = check(&rigid, &[[0, 4, 40, 40]], &[[10, 6, 20, 20]], [&[0], &[10]]);
    assert_eq!(seen.segments, [(0, 0, 10, 0), (0, 10, 14, 4)]);
    assert_eq!(seen.times(0, 0), [Some(0), Some(14), Some(34)]);
}

#[test]
fn it_grows_when_that_pays_and_not_too_often() {
    let mut system = with(Flexibility::Malleable(malleable(1)), system(LocalPolicy::EASY));
    system.classes.push(class());
    // Six of ten are taken until 100: it starts on four. Of 1,600 accelerator-seconds 1,200 are left for eight.
    let seen = check(&system, &[[0, 4, 400, 400]], &[[0, 6, 100, 100]], [&[0], &[0]]);
    assert_eq!(seen.times(0, 0), [Some(0), Some(101), Some(101 + 150)]);
    // What comes free 5 s later comes too soon after the change at 3: it grows at 3 + 1 + 10.
    let urgent: [Asked; 2] = [[3, 6, 5, 5], [3, 2, 2, 2]];
    let seen = check(&system, &[[0, 4, 400, 400]], &urgent, [&[0], &[3, 3]]);
    assert_eq!(seen.segments, [(0, 0, 3, 0), (0, 3, 4, 1), (0, 4, 14, 0), (0, 14, 15, 1)]);
}

/// The work of each job, in accelerator-seconds of the size asked for, and the rows of those that ended by themselves.
#[derive(Default)]
struct Work {
    done: BTreeMap<JobId, f64>,
    rows: Vec<JobRow>,
}

impl Work {
    fn add(&mut self, id: JobId, worth: f64, (from, to): (Time, Time), lost: Span) {
        let got_on = to.since(from).as_seconds() - lost.as_seconds();
        *self.done.entry(id).or_default() += worth * got_on;
    }
}

impl Sink for Work {
    fn job(&mut self, row: &JobRow) {
        if let (Some(start), Some(end)) = (row.last_start, row.end) {
            self.add(row.id, row.worth, (start, end), Span::ZERO);
        }
        self.rows.push(*row);
    }

    fn segment(&mut self, row: &SegmentRow) {
        self.add(row.id, row.worth, (row.from, row.to), row.lost);
    }

    fn link(&mut self, _: &LinkRow) {}
}

fn speedups() -> impl Strategy<Value = Speedup> {
    prop_oneof![
        Just(Speedup::Linear),
        Just(Speedup::Amdahl { serial: 0.05 }),
        Just(Speedup::Downey { parallelism: 5.0, sigma: 0.7 }),
        Just(Speedup::PowerLaw { gamma: 0.1 }),
    ]
}

fn flexible() -> impl Strategy<Value = Flexibility> {
    let malleable = (speedups(), 1_u32..4, 0_u32..8, 1_u32..3, 0_u64..4);
    let malleable = malleable.prop_map(|(speedup, minimum, more, step, seconds)| {
        let reconfiguration = Span::from_seconds(seconds);
        Flexibility::Malleable(Malleable { minimum, maximum: minimum + more, step, speedup, reconfiguration })
    });
    let moldable = speedups().prop_map(|speedup| Flexibility::Moldable { sizes: vec![1, 3, 4, 9], speedup });
    prop_oneof![3 => malleable, 1 => moldable]
}

fn policies() -> impl Strategy<Value = LocalPolicy> {
    let replanned = Conservative { compression: Compression::Replan, depth: None };
    let replanned = LocalPolicy { order: Order::ShortestFirst, backfill: Backfill::Conservative(replanned) };
    prop_oneof![Just(LocalPolicy::FCFS), Just(LocalPolicy::EASY), Just(replanned)]
}

fn modes() -> impl Strategy<Value = Option<PreemptionMode>> {
    use PreemptionMode::{CheckpointThenRequeue, Requeue, Suspend};
    prop_oneof![Just(None), Just(Some(Requeue)), Just(Some(Suspend)), Just(Some(CheckpointThenRequeue))]
}

fn lists(most: u64) -> impl Strategy<Value = Vec<Asked>> {
    let job = (0_u64..8, 1..=most, 1_u64..90, 1_u64..90);
    prop::collection::vec(job, 1..12).prop_map(|jobs| {
        let mut now = 0;
        let submitted = jobs.into_iter().map(|(gap, nodes, requested, run)| {
            now += gap;
            [now, nodes, requested, run]
        });
        submitted.collect()
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10_000, failure_persistence: None, ..ProptestConfig::default() })]

    /// Whatever sizes a job goes through and however often it is pushed out, what it does is what it asked for; every run
    /// asserts besides that accelerators held by the clock and by the jobs agree, and that nothing runs on what is taken.
    #[test]
    fn work_is_conserved(
        flexibility in flexible(), policy in policies(), mode in modes(), flexible in lists(10), urgent in lists(10),
        own in 0_u32..10,
        (grace, calendar) in (0_u64..4, prop::collection::vec((10_u64..90, 1_u64..20, 1_u32..11), 0..3)),
    ) {
        let mut system = with(flexibility, match mode {
            Some(mode) => preempting(mode, 1),
            None => system(policy),
        });
        system.classes.push(class());
        let owner = &mut system.partitions[PartitionId(0)];
        (owner.policy, owner.grace) = (policy, Span::from_seconds(grace));
        if own > 0 {
            let quota = |community, nodes| Quota { askers: jobs_of(community), nodes, borrow: 10, lend: nodes };
            owner.quotas = vec![quota(0, own), quota(1, 10 - own)];
        }
        // One after the other, so that no more is withdrawn than there is; nothing fits between them for good.
        let mut end = 0;
        for (gap, length, nodes) in calendar {
            let [from, to] = [end + gap, end + gap + length].map(Time::from_seconds);
            owner.calendar.push(CalendarBlock { from, to, nodes, least_nodes: 0 });
            end += gap + length;
        }
        let mut work = Work::default();
        simulate(&system, &system.sets[0], Universe::new(0, 0), Listed::new(&flexible, &urgent), &mut work);
        prop_assert_eq!(work.rows.len(), flexible.len() + urgent.len());
        for row in work.rows.iter().filter(|row| row.id.stream.0 == 0) {
            let [_, nodes, requested, run] = flexible[row.id.ordinal as usize];
            let (asked, done) = ((nodes * run) as f64, work.done[&row.id]);
            match row.outcome {
                // Each change of size rounds the time left up by a nanosecond at most, on ten accelerators at most, and
                // a job of these few goes through fewer than a hundred.
                Outcome::Completed => prop_assert!((done - asked).abs() < 1e-6, "{done} for {asked}"),
                Outcome::Killed => prop_assert!(requested < run && done < asked + 1e-6, "{done} for {asked}"),
                other => prop_assert!(false, "{other:?}"),
            }
        }
    }
}
