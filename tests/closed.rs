//! Users who hand in their next job only when the last one has left: schedules worked out by hand.

use crate::rows::Rows;
use pleiade::engine::{CountDistribution, Distribution, Universe};
use pleiade::model::{ArrivalStream, CommunityId, EventOrder, LocalPolicy, Patience};
use pleiade::records::Outcome;
use pleiade::simulation::simulate;
use pleiade::study::{DemandClass, PoissonDemand, SinglePartition};
use pleiade::units::Time;
use pleiade::workload::Synthetic;

/// So many users at one server, who think for 10 s and whose jobs take 4 s, for a minute: submission and outcome of each
/// job, in seconds, by user.
fn handed_in(users: u32, batch: Option<u32>, patience: Option<f64>) -> Vec<Vec<(f64, Outcome)>> {
    let class = DemandClass::on_one(Distribution::Constant(4.0));
    let single = SinglePartition {
        accelerators: 1,
        policy: LocalPolicy::FCFS,
        event_order: EventOrder::EndsFirst,
        max_queued: None,
        end: Time::from_seconds(60),
        warm_up: Time::ZERO,
        demand: Some(PoissonDemand { rate_per_s: 0.1, classes: vec![class] }),
    };
    let mut system = single.system();
    let stream = system.streams.iter().next().unwrap().clone();
    let think_s = Some(Distribution::Constant(10.0));
    let user =
        |number| ArrivalStream { key: format!("{number}"), think_s: think_s.clone(), ..stream.clone() };
    system.streams = (0..users).map(user).collect();
    system.communities[CommunityId(0)].patience =
        patience.map(|wait| Patience { promised_s: None, waited_s: Some(Distribution::Constant(wait)) });
    system.classes.iter_mut().for_each(|class| class.batch = batch.map(CountDistribution::Constant));
    let (universe, mut rows) = (Universe::new(1, 0), Rows::default());
    simulate(&system, &system.sets[0], universe, Synthetic::new(&system, universe), &mut rows);
    rows.jobs.sort_by_key(|row| row.id);
    let of = |user: u32| {
        let rows = rows.jobs.iter().filter(move |row| row.id.stream.0 == user);
        rows.map(|row| (row.submit.as_seconds(), row.outcome)).collect()
    };
    (0..users).map(of).collect()
}

#[test]
fn a_user_thinks_when_the_job_has_left() {
    let done = |at| (at, Outcome::Completed);
    assert_eq!(handed_in(1, None, None), [[done(10.0), done(24.0), done(38.0), done(52.0)]]);
    // Both hand in at once; the second waits 4 s each time, from the second round on behind the first no more.
    assert_eq!(
        handed_in(2, None, None),
        [
            vec![done(10.0), done(24.0), done(38.0), done(52.0)],
            vec![done(10.0), done(28.0), done(42.0), (56.0, Outcome::Running)]
        ]
    );
}

/// Only the last job of a batch sets its user free, and who leaves the queue thinks, too.
#[test]
fn all_jobs_of_a_batch_have_to_leave() {
    let done = |at| (at, Outcome::Completed);
    let twice = |at| [done(at), done(at)];
    let mut expected = [twice(10.0), twice(28.0)].concat();
    expected.extend([done(46.0), done(46.0)]);
    assert_eq!(handed_in(1, Some(2), None), [expected]);
    let left = |at| (at, Outcome::Reneged);
    // The second job of each batch leaves after 3 s; the first is done a second later.
    let pairs = [10.0, 24.0, 38.0, 52.0].map(|at| [done(at), left(at)]).concat();
    assert_eq!(handed_in(1, Some(2), Some(3.0)), [pairs]);
}
