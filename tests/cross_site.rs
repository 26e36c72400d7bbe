//! Trainings across sites: schedules worked out by hand, what they send, and that every part is accounted for.

use crate::bound::case::{Asked, Guest, Machine, Network, job, machine, network};
use crate::one_machine::class;
use crate::rows::Rows;
use pleiade::bound::FluidBound;
use pleiade::model::{
    Checkpoint, CommunityId, CrossSite, JobClass, Partition, PartsBegin, Preemption, PreemptionMode, Scaling,
};
use pleiade::records::{Outcome, Rejection, SegmentEnd, SegmentRow, TransferKind};
use pleiade::statistics::{Metric, RunStatistics};
use pleiade::units::{Bytes, Span, Time};

/// Two sites send 1e16 bytes at every average, which takes a second on an uplink.
const AVERAGE: f64 = 1e16;

/// Averages after every step of a second: half of the time goes to the network.
fn seldom() -> CrossSite {
    CrossSite {
        most_sites: 2,
        parameters: AVERAGE,
        bytes_per_parameter: 1.0,
        inner_steps: 1,
        step: Span::from_seconds(1),
        overlap: Span::ZERO,
        penalty: 0.25,
        margin: 0.0,
        begin: PartsBegin::EachWhenItStarts,
    }
}

fn together(hold: u64) -> CrossSite {
    let begin = PartsBegin::AllTogether { hold: Span::from_seconds(hold) };
    CrossSite { penalty: 0.0, begin, ..seldom() }
}

/// Jobs of class 0 stay at one site, those of class 1 train by this rule.
fn with(rule: CrossSite, machines: Vec<Machine>) -> Network {
    let mut network = network(machines, 10_000);
    network.classes.push(JobClass { cross_site: Some(rule), ..class() });
    network
}

fn training(accelerators: u32, run: u64) -> Asked {
    Asked { class: 1, ..job(accelerators, run) }
}

/// What the tests ask of rows.
trait Told {
    /// The job that was submitted as the n-th: sites, start and end in seconds, outcome.
    fn of(&self, ordinal: u64) -> (u32, f64, f64, Outcome);

    /// Accelerators held, begin, end and time lost in seconds, and what ended them.
    fn stretches(&self) -> Vec<(u32, f64, f64, f64, SegmentEnd)>;
}

impl Told for Rows {
    fn of(&self, ordinal: u64) -> (u32, f64, f64, Outcome) {
        let row = self.jobs.iter().find(|row| row.id.ordinal == ordinal).unwrap();
        (row.sites, row.start.unwrap().as_seconds(), row.end.unwrap().as_seconds(), row.outcome)
    }

    fn stretches(&self) -> Vec<(u32, f64, f64, f64, SegmentEnd)> {
        let row = |row: &SegmentRow| {
            let (from, to) = (row.from.as_seconds(), row.to.as_seconds());
            (row.accelerators_held, from, to, row.lost.as_seconds(), row.ended_by)
        };
        self.segments.iter().map(row).collect()
    }
}

/// The rows, and the work done in accelerator-seconds, which the bound exceeds.
fn run(network: &Network, jobs: &[Asked]) -> (Rows, f64) {
    let (system, mut rows) = (network.system(), Rows::default());
    let mut statistics = RunStatistics::new(&system, &system.sets[0]);
    let mut bound = FluidBound::new(&system, &system.sets[0]);
    network.simulate(&system, jobs, ((&mut statistics, &mut bound), &mut rows));
    let done = statistics.finish().network.get(Metric::DoneH);
    assert!(done <= bound.bound_h() * (1.0 + 1e-9), "{done} <= {}", bound.bound_h());
    (rows, done * 3_600.0)
}

fn is_near(found: f64, expected: f64) -> bool {
    (found - expected).abs() <= 1e-9 * expected
}

/// A job that no site takes: half of the time on the network and a quarter more work make it 2.5 times as long. Each site
/// sends 5e15 bytes a second on the average.
#[test]
fn a_job_too_large_for_one_site_runs_at_two() {
    let network = with(seldom(), vec![machine(4, 1.0), machine(4, 1.0)]);
    let (rows, done) = run(&network, &[training(8, 100)]);
    assert_eq!(rows.of(1), (2, 0.0, 250.0, Outcome::Completed));
    assert_eq!(rows.stretches(), [(4, 0.0, 250.0, 0.0, SegmentEnd::Part)]);
    assert!(is_near(done, 800.0), "{done}");
    assert_eq!(rows.transfers.len(), 2);
    for row in rows.transfers {
        assert_eq!((row.kind, row.bytes), (TransferKind::Averages, Bytes(1_250_000_000_000_000_000)));
        assert!(row.ended.is_some_and(|end| end <= Time::from_seconds(250)));
    }
}

/// Shares of work by size, and of time by speed: seven accelerators are four and three, and the faster site is done in
/// less time, but for the network.
#[test]
fn parts_differ_in_size_and_speed() {
    let mut network = with(CrossSite { penalty: 0.0, ..seldom() }, vec![machine(4, 1.0), machine(4, 2.0)]);
    network.classes[1].scaling = Scaling::Work;
    let (rows, done) = run(&network, &[training(7, 100)]);
    // Rounds of 2 s and of 1.5 s; 100 of them.
    assert_eq!(rows.of(1), (2, 0.0, 200.0, Outcome::Completed));
    assert_eq!(rows.stretches(), [(3, 0.0, 150.0, 0.0, SegmentEnd::Part)]);
    assert!(is_near(done, 700.0), "{done}");
}

/// The rule: a job that waits W at one site and not at two is split if W exceeds what it runs longer, here 150 s.
#[test]
fn a_job_is_split_only_where_it_pays() {
    let network = with(seldom(), vec![machine(5, 1.0), machine(5, 1.0)]);
    for (wait, expected) in [(150, (1, 150.0, 250.0)), (151, (2, 0.0, 250.0))] {
        let busy = job(3, wait);
        let (rows, _) = run(&network, &[busy, busy, training(4, 100)]);
        let (sites, start, end, outcome) = rows.of(3);
        assert_eq!(((sites, start, end), outcome), (expected, Outcome::Completed), "{wait}");
    }
}

/// The first part holds its accelerators until the second has started, in vain; the job starts with the second.
#[test]
fn parts_that_train_together_wait_for_each_other() {
    let network = with(together(30), vec![machine(4, 1.0), machine(4, 1.0)]);
    let (rows, done) = run(&network, &[job(4, 20), training(8, 100)]);
    assert_eq!(rows.of(2), (2, 20.0, 220.0, Outcome::Completed));
    assert_eq!(
        rows.stretches(),
        [(4, 0.0, 20.0, 20.0, SegmentEnd::Restart), (4, 20.0, 220.0, 0.0, SegmentEnd::Part)]
    );
    assert!(is_near(done, 80.0 + 800.0), "{done}");
}

/// Nobody waits for ever: after 30 s the first part gives its accelerators back to who has come after it.
#[test]
fn who_waits_too_long_lets_others_go_first() {
    let network = with(together(30), vec![machine(4, 1.0), machine(4, 1.0)]);
    let late = Asked { at: 10, ..job(4, 15) };
    let (rows, done) = run(&network, &[job(4, 40), training(8, 100), late]);
    // Back at 30, again from 45 on: by then the second part has waited since 40.
    assert_eq!(rows.of(3), (1, 30.0, 45.0, Outcome::Completed));
    let (sites, _, end, outcome) = rows.of(2);
    assert_eq!((sites, end, outcome), (2, 245.0, Outcome::Completed));
    assert_eq!(
        rows.stretches(),
        [
            (4, 0.0, 30.0, 30.0, SegmentEnd::Hold),
            (4, 40.0, 45.0, 5.0, SegmentEnd::Restart),
            (4, 45.0, 245.0, 0.0, SegmentEnd::Part)
        ]
    );
    assert!(is_near(done, 160.0 + 800.0 + 60.0), "{done}");
}

/// Two trainings that each send three quarters of what the uplinks carry end when both have sent: after 600 s instead of
/// 400 s, if they have asked for so much.
#[test]
fn a_shared_network_makes_trainings_longer() {
    for (margin, end, outcome) in [(0.75, 600.0, Outcome::Completed), (0.25, 500.0, Outcome::Killed)] {
        let rule = CrossSite { parameters: 3.0 * AVERAGE, penalty: 0.0, margin, ..seldom() };
        let wide = machine(8, 1.0);
        let narrow =
            Machine { partition: Partition { max_nodes_per_job: 4, ..wide.partition.clone() }, ..wide };
        let network = with(rule, vec![narrow.clone(), narrow]);
        let (rows, done) = run(&network, &[training(8, 100), training(8, 100)]);
        for ordinal in [1, 2] {
            let (sites, start, ended, how) = rows.of(ordinal);
            assert_eq!((sites, start, how), (2, 0.0, outcome));
            assert!((ended - end).abs() < 1e-6, "{ended}");
        }
        assert!(is_near(done, 1_600.0), "{done}");
        let sent = rows.transfers.iter().filter(|row| row.ended.is_some()).count();
        assert_eq!(sent, if outcome == Outcome::Killed { 0 } else { 4 });
    }
}

/// The same where the observation ends while they still send: their work is done, and no more than that.
#[test]
fn what_is_still_sent_at_the_end_is_no_work() {
    let rule = CrossSite { parameters: 3.0 * AVERAGE, penalty: 0.0, margin: 1.0, ..seldom() };
    let wide = machine(8, 1.0);
    let narrow = Machine { partition: Partition { max_nodes_per_job: 4, ..wide.partition.clone() }, ..wide };
    let mut network = with(rule, vec![narrow.clone(), narrow]);
    network.window = (0, 500);
    let (rows, done) = run(&network, &[training(8, 100), training(8, 100)]);
    assert!(rows.jobs.iter().all(|row| row.outcome == Outcome::Running));
    assert!(is_near(done, 1_600.0), "{done}");
}

/// Where one part of those that train together is pushed out, the other waits for it again.
#[test]
fn a_part_pushed_out_stops_the_others() {
    let mut machines = vec![machine(4, 1.0), machine(4, 1.0)];
    let rule = Preemption { mode: PreemptionMode::Requeue, exempt: Span::ZERO };
    for Machine { partition, .. } in &mut machines {
        (partition.preemption, partition.tier) = (Some(rule), 0);
    }
    let guest = Guest { tier: 1, opens: Time::ZERO, admits: Some(vec![CommunityId(1)]) };
    machines[0].guest = Some(guest);
    let mut network = with(together(30), machines);
    network.classes[1].checkpoint =
        Some(Checkpoint { interval: Span::from_seconds(10), cost: Span::ZERO, restart: Span::ZERO });
    let urgent = Asked { at: 55, community: 1, ..job(4, 20) };
    let (rows, done) = run(&network, &[training(8, 100), urgent]);
    // Of 55 s the work of 50 s is kept; the other part starts again at once, and holds until 75.
    assert_eq!(rows.of(2), (1, 55.0, 75.0, Outcome::Completed));
    let (sites, start, end, outcome) = rows.of(1);
    assert_eq!((sites, start, end, outcome), (2, 0.0, 225.0, Outcome::Completed));
    let lost: f64 = rows.stretches().iter().map(|&(held, _, _, lost, _)| f64::from(held) * lost).sum();
    assert!(is_near(lost, 4.0 * (5.0 + 5.0 + 20.0)), "{:?}", rows.stretches());
    assert!(is_near(done, 80.0 + 800.0), "{done}");
}

/// Each segment of a chain but the last sends the state that it has saved home.
#[test]
fn checkpoints_go_where_results_go() {
    let mut network = network(vec![machine(4, 1.0)], 10_000);
    network.classes[0] = JobClass {
        segment: Some(Span::from_seconds(20)),
        checkpoint: Some(Checkpoint {
            interval: Span::MAX,
            cost: Span::from_seconds(5),
            restart: Span::ZERO,
        }),
        checkpoint_bytes: Bytes(7),
        ..class()
    };
    let (rows, _) = run(&network, &[job(2, 50)]);
    // 15 s of work and 5 s for the checkpoint, twice, and 20 s of work at last.
    assert_eq!(rows.of(1), (1, 0.0, 60.0, Outcome::Completed));
    let sent: Vec<_> =
        rows.transfers.iter().map(|row| (row.kind, row.bytes, row.started.as_seconds())).collect();
    assert_eq!(sent, [20.0, 40.0].map(|at| (TransferKind::Checkpoint, Bytes(7), at)));
}

/// Averages that take a year for each step of a nanosecond: parts would never end, and so there are none.
#[test]
fn a_training_that_would_take_ages_is_not_split() {
    let rule = CrossSite { parameters: 3e23, step: Span(1), ..seldom() };
    let network = with(rule, vec![machine(4, 1.0), machine(4, 1.0)]);
    let (rows, _) = run(&network, &[training(4, 100), training(8, 100)]);
    assert_eq!(rows.of(1), (1, 0.0, 100.0, Outcome::Completed));
    let refused = rows.jobs.iter().find(|row| row.id.ordinal == 2).unwrap();
    assert_eq!(refused.outcome, Outcome::Rejected(Rejection::TooLarge));
}
