//! Users who go elsewhere: queues with known answers, and schedules worked out by hand.

use crate::bound::case::{Asked, job, machine, network};
use crate::rows::Rows;
use pleiade::engine::{Distribution, Universe};
use pleiade::model::{BrokerPolicy, CommunityId, CopySites, EventOrder, LocalPolicy, Patience, System};
use pleiade::records::{JobRow, LinkRow, Outcome, Sink};
use pleiade::simulation::simulate;
use pleiade::statistics::BatchMeans;
use pleiade::study::{DemandClass, PoissonDemand, SinglePartition};
use pleiade::units::Time;
use pleiade::workload::Synthetic;

const CUSTOMERS: u32 = 200_000;

/// So many servers with exponential service of mean 1 s under FCFS, and users of this patience.
fn queue(servers: u32, rate_per_s: f64, patience: Patience) -> System {
    let class = DemandClass::on_one(Distribution::Exponential { mean: 1.0 });
    let single = SinglePartition {
        accelerators: servers,
        policy: LocalPolicy::FCFS,
        event_order: EventOrder::EndsFirst,
        max_queued: None,
        end: Time::from_seconds((f64::from(CUSTOMERS) / rate_per_s * 1.05) as u64),
        warm_up: Time::ZERO,
        demand: Some(PoissonDemand { rate_per_s, classes: vec![class] }),
    };
    let mut system = single.system();
    system.communities[CommunityId(0)].patience = Some(patience);
    system
}

/// Who left, and the waits: of all who were handed in, until they started or left.
struct Seen {
    left: BatchMeans,
    waits: BatchMeans,
}

impl Sink for Seen {
    fn job(&mut self, row: &JobRow) {
        let has_left = matches!(row.outcome, Outcome::Balked | Outcome::Reneged);
        self.left.add(row.id.ordinal, f64::from(u8::from(has_left)));
        if let Some(until) = row.start.or(row.end) {
            let wait = until.since(row.submit);
            assert_eq!(row.waits.total(), wait, "the causes add up: {row:?}");
            self.waits.add(row.id.ordinal, wait.as_seconds());
        }
    }

    fn link(&mut self, _: &LinkRow) {}
}

/// Holds the share of those who left and the mean wait to their exact values, within four standard errors.
#[track_caller]
fn held(system: &System, [left, wait]: [f64; 2]) {
    let universe = Universe::new(15, 0);
    let mut seen =
        Seen { left: BatchMeans::new(CUSTOMERS.into(), 20), waits: BatchMeans::new(CUSTOMERS.into(), 20) };
    let report = simulate(system, &system.sets[0], universe, Synthetic::new(system, universe), &mut seen);
    assert!(report.checks.left > 0);
    for (means, exact) in [(&seen.left, left), (&seen.waits, wait)] {
        let (mean, error) = means.mean_and_error();
        assert!(
            (mean - exact).abs() <= 4.0 * error && error < 0.02 * exact,
            "{mean} ± {error}, exact {exact}"
        );
    }
}

/// M/M/3+M (Erlang A; Palm 1957): patience of mean 2 s at a load of 1.1. A birth and death chain, with n jobs present:
/// births at 3.3, deaths at min(n, 3) + (n - 3)⁺ / 2.
#[test]
fn who_waits_leaves_as_in_erlang_a() {
    let (servers, rate, theta) = (3_u32, 3.3, 0.5);
    let (mut total, mut queue_length, mut weight) = (0.0, 0.0, 1.0);
    for present in 0..400_u32 {
        total += weight;
        queue_length += weight * f64::from(present.saturating_sub(servers));
        let next = present + 1;
        weight *= rate / (f64::from(next.min(servers)) + theta * f64::from(next.saturating_sub(servers)));
    }
    let mean_queue = queue_length / total;
    let patience =
        Patience { promised_s: None, waited_s: Some(Distribution::Exponential { mean: 1.0 / theta }) };
    held(&queue(servers, rate, patience), [theta * mean_queue / rate, mean_queue / rate]);
}

/// M/M/1 whose users accept a wait of at most K = 2 s, at a load of 0.9. By level crossing the wait that is promised has the
/// density 0.9 p0 exp(-0.1 x) up to K and falls with exp(-x) beyond; p0 makes the sum 1. Those beyond K go elsewhere.
#[test]
fn who_is_promised_too_long_a_wait_leaves_at_once() {
    let (rate, longest) = (0.9_f64, 2.0_f64);
    let gap = 1.0 - rate;
    let at_longest = rate * libm::exp(-gap * longest);
    let idle = 1.0 / (1.0 + rate * (1.0 - libm::exp(-gap * longest)) / gap + at_longest);
    let left = idle * at_longest;
    // The integral of x 0.9 p0 exp(-0.1 x) up to K.
    let area = 1.0 - libm::exp(-gap * longest) * (1.0 + gap * longest);
    let wait = idle * rate * area / (gap * gap) / (1.0 - left);
    let patience = Patience { promised_s: Some(Distribution::Constant(longest)), waited_s: None };
    held(&queue(1, rate, patience), [left, wait]);
}

/// Copies wait at two sites, and the input of another job is on the way: all leave after 30 s. The one behind, of a
/// community that waits for ever, starts when the sites are free; so would they have.
#[test]
fn who_leaves_takes_all_copies_along() {
    let mut network = network(vec![machine(4, 1.0), machine(4, 1.0)], 10_000);
    network.broker = BrokerPolicy::Redundant { copies: 2, sites: CopySites::LeastCompletion };
    network.access = [1e3, 1e15];
    let mut system = network.system();
    let waited_s = Some(Distribution::Constant(30.0));
    system.communities[CommunityId(1)].patience = Some(Patience { promised_s: None, waited_s });
    let impatient = Asked { at: 1, community: 1, country: 1, ..job(4, 10) };
    let late = Asked { at: 2, community: 1, country: 0, input: 1_000_000, ..job(4, 10) };
    let behind = Asked { at: 3, ..job(4, 10) };
    let mut rows = Rows::default();
    network.simulate(&system, &[job(4, 100), job(4, 200), impatient, late, behind], &mut rows);
    let told = |row: &JobRow| {
        let at = |time: Option<Time>| time.map(Time::as_seconds);
        (row.id.ordinal, row.outcome, at(row.start), at(row.end), row.waits.staging.as_seconds())
    };
    let told: Vec<_> = rows.jobs.iter().map(told).collect();
    assert_eq!(
        told,
        [
            (3, Outcome::Reneged, None, Some(31.0), 0.0),
            (4, Outcome::Reneged, None, Some(32.0), 30.0),
            (1, Outcome::Completed, Some(0.0), Some(100.0), 0.0),
            (5, Outcome::Completed, Some(100.0), Some(110.0), 0.0),
            (2, Outcome::Completed, Some(0.0), Some(200.0), 0.0),
        ]
    );
    assert_eq!(rows.copies.len(), 3);
}
