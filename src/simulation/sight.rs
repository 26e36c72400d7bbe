//! What the broker sees of a partition: as it stands, or as it stood at the last multiple of the age of what is known,
//! before anything of that instant happened.
//!
//! What was is kept when the first change comes after such a multiple, or when the broker first looks: until then the
//! partition is as it was. So it costs one prediction for each multiple after which something happens, and nothing where
//! the broker sees partitions as they stand.

use super::partition::PartitionState;
use crate::model::BrokerInformation;
use crate::scheduling::{Entitlement, Snapshot, Waiting};
use crate::units::{Span, Time};

/// A partition as the broker sees it.
#[derive(Debug)]
pub(super) struct Sight {
    information: BrokerInformation,
    /// From when on it is too old.
    until: Time,
    snapshot: Snapshot,
    jobs: u64,
    units_held: u64,
    /// By quota, in units.
    entitlements: Vec<Entitlement>,
}

impl Sight {
    /// Nothing is seen yet; `None` where the broker sees what is.
    pub(super) fn new(information: BrokerInformation, snapshot: Snapshot) -> Option<Box<Self>> {
        (information.age > Span::ZERO).then(|| {
            Box::new(Self {
                information,
                until: Time::ZERO,
                snapshot,
                jobs: 0,
                units_held: 0,
                entitlements: Vec::new(),
            })
        })
    }
}

impl PartitionState {
    /// To be called before anything changes that the broker may see: keeps what has to be kept.
    #[inline]
    pub(super) fn before_change(&mut self, now: Time) {
        if self.sight.is_some() {
            self.look(now);
        }
    }

    /// Brings what the broker sees up to date, where it is too old.
    pub(super) fn look(&mut self, now: Time) {
        if self.sight.as_ref().is_some_and(|sight| now >= sight.until) {
            self.look_again(now);
        }
    }

    /// Lets the broker see the partition as it is now, until the next multiple of the age.
    pub(super) fn look_again(&mut self, now: Time) {
        let Some(mut sight) = self.sight.take() else { return };
        let age = sight.information.age;
        let at = Time(now.0 / age.0 * age.0);
        sight.until = at.saturating_add(age);
        sight.snapshot.retake(&self.outlook(at, 0));
        (sight.jobs, sight.units_held) = (self.jobs_present(), self.units_held());
        sight.entitlements.clear();
        sight.entitlements.extend(self.limits.entitlements());
        self.sight = Some(sight);
    }

    /// The broker sends a job here, by a lane of the queue.
    pub(super) fn note_routing(&mut self, job: &Waiting, tier: i32, lane: u32) {
        let share = self.limits.share_of(lane);
        let Some(sight) = self.sight.as_mut().filter(|sight| sight.information.own_routings) else { return };
        sight.snapshot.add(job, tier);
        sight.jobs += 1;
        sight.units_held += u64::from(job.units);
        if let Some(entitlement) = share.and_then(|share| sight.entitlements.get_mut(share)) {
            entitlement.held += u64::from(job.units);
        }
    }

    /// When a job would start by what the broker sees, now at the earliest.
    pub(super) fn seen_start(&self, now: Time, job: &Waiting, tier: i32) -> Time {
        match &self.sight {
            None => self.predicted_start(now, job, tier),
            Some(sight) => sight.snapshot.start(job, tier).max(now),
        }
    }

    /// Jobs that the broker sees waiting and running.
    pub(super) fn seen_jobs(&self) -> u64 {
        self.sight.as_ref().map_or_else(|| self.jobs_present(), |sight| sight.jobs)
    }

    /// The share of the units that the broker sees held; above 1 where it counts what it has sent.
    pub(super) fn seen_utilisation(&self) -> f64 {
        let held = self.sight.as_ref().map_or_else(|| self.units_held(), |sight| sight.units_held);
        held as f64 / f64::from(self.capacity.max(1))
    }

    /// How far the owners of the quota of a lane would be over their own with so many units more, by what the broker sees.
    pub(super) fn seen_over_entitlement(&self, lane: u32, units: u32) -> f64 {
        let Some(share) = self.limits.share_of(lane) else { return 0.0 };
        let entitlement = match &self.sight {
            None => self.limits.entitlements().nth(share),
            Some(sight) => sight.entitlements.get(share).copied(),
        };
        entitlement.map_or(0.0, |entitlement| entitlement.over(units))
    }

    fn jobs_present(&self) -> u64 {
        (self.queue.len() + self.running.len()) as u64
    }

    fn units_held(&self) -> u64 {
        u64::from(self.capacity.saturating_sub(self.free).saturating_sub(self.withdrawn))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::{Distribution, Universe};
    use crate::model::{
        Askers, BrokerPolicy, CalendarBlock, EventOrder, HeldLimit, LocalPolicy, Partition, Score, System,
    };
    use crate::scenario::parse_scheduler;
    use crate::scheduling::Forecast;
    use crate::simulation::run::Simulation;
    use crate::study::{DemandClass, IdenticalSites, PoissonDemand, SinglePartition};
    use crate::workload::Synthetic;
    use proptest::prelude::*;

    const AGE: Span = Span(7_000_000_000);
    const END: Time = Time(300_000_000_000);
    const ASKED: [(u32, u64); 4] = [(1, 1), (2, 9), (5, 3), (8, 20)];

    /// Three sites of eight accelerators under a load near one, by old information.
    fn system(policy: LocalPolicy) -> System {
        let class = DemandClass {
            share: 1.0,
            accelerators: vec![(1, 0.5), (3, 0.3), (8, 0.2)],
            duration_s: Distribution::Exponential { mean: 4.0 },
            requested_factor: Distribution::Uniform { low: 0.8, high: 3.0 },
        };
        let each = SinglePartition {
            accelerators: 8,
            policy,
            event_order: EventOrder::EndsFirst,
            max_queued: None,
            end: END,
            warm_up: Time::ZERO,
            demand: Some(PoissonDemand { rate_per_s: 2.0, classes: vec![class] }),
        };
        let information = BrokerInformation { age: AGE, own_routings: false };
        IdenticalSites { sites: 3, broker: BrokerPolicy::Least(Score::Wait), information, each }.system()
    }

    /// A maintenance, a time for large jobs, and a limit of seven accelerators at once.
    fn with_rules(partition: &mut Partition) {
        let block = |from, to, nodes, least_nodes| {
            let [from, to] = [from, to].map(Time::from_seconds);
            CalendarBlock { from, to, nodes, least_nodes }
        };
        partition.calendar = vec![block(100, 115, 8, 0), block(200, 220, 0, 3)];
        partition.limits = vec![HeldLimit::of_nodes(Askers::default(), 7)];
    }

    /// Jobs present, and predicted starts as of `at`, of a plan made anew.
    fn asked_then(state: &PartitionState, policy: LocalPolicy, at: Time) -> (u64, Vec<Time>) {
        let starts = ASKED.map(|(units, seconds)| {
            let job = Waiting { units, requested: Span::from_seconds(seconds), job: u32::MAX };
            Forecast::new(policy, state.setting).start(&state.outlook(at, 0), &job)
        });
        (state.jobs_present(), starts.to_vec())
    }

    fn asked_of_sight(state: &PartitionState) -> (u64, Vec<Time>) {
        let starts = ASKED.map(|(units, seconds)| {
            let job = Waiting { units, requested: Span::from_seconds(seconds), job: u32::MAX };
            state.seen_start(Time::ZERO, &job, 0)
        });
        (state.seen_jobs(), starts.to_vec())
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 24, failure_persistence: None, ..ProptestConfig::default() })]

        /// After every event, what the broker sees is what it would have been told at the last multiple of the age, had
        /// it asked before anything of that instant happened.
        #[test]
        fn the_broker_sees_what_was(
            seed in 0_u64..1_000_000,
            policy in prop::sample::select(vec!["fcfs", "easy", "sjf", "conservative", "first-fit", "wfp3"]),
            rules in prop::bool::ANY,
        ) {
            let policy = parse_scheduler(policy).unwrap();
            let (mut system, universe) = (system(policy), Universe::new(seed, 0));
            if rules && !policy.keeps_reservations() {
                system.partitions.iter_mut().for_each(with_rules);
            }
            let workload = Synthetic::new(&system, universe);
            let mut run = Simulation::new(&system, &system.sets[0], universe, workload, ());
            run.prepare(&system.sets[0]);
            let mut then: Vec<(u64, Vec<Time>)> = Vec::new();
            let (mut next, mut looks, mut old) = (AGE, 0, 0);
            loop {
                run.close_round();
                if let Some(event) = run.queue.pop_before(Time::ZERO + next) {
                    run.handle(event);
                } else if next.0 >= END.0 {
                    break;
                } else {
                    let at = Time::ZERO + next;
                    then = run.partitions.iter().map(|state| asked_then(state, policy, at)).collect();
                    next += AGE;
                    continue;
                }
                let now = run.queue.now();
                for (state, then) in run.partitions.iter_mut().zip(&then) {
                    state.look(now);
                    prop_assert_eq!(&asked_of_sight(state), then, "at {:?}", now);
                    looks += 1;
                    old += u32::from(state.jobs_present() != then.0);
                }
            }
            prop_assert!(looks > 500 && old > 200, "{looks} looks, {old} at what is no more");
        }
    }
}
