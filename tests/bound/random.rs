//! No run beats the bound, whatever the machines, policies and jobs; and the bound is no more than it must be.

use super::case::{self, Asked, EACH, Guest, Machine, Network, Seen, machine, network};
use crate::one_machine;
use pleiade::bound::keeps_bound;
use pleiade::engine::Distribution;
use pleiade::model::{
    AllocationUnit, Askers, Backfill, BrokerInformation, BrokerPolicy, Budget, Cable, CalendarBlock,
    Checkpoint, CommunityId, Compression, Conservative, CopySites, CountryId, CrossSite, Cycle, Easy,
    EventOrder, Failures, Flexibility, HeldLimit, JobClass, JobId, Judge, LocalPolicy, Malleable,
    NetworkRules, OnFailure, Order, Partition, PartsBegin, Patience, Preemption, PreemptionMode, Quota,
    Routing, Scaling, ScanOrder, Score, SpareUnits, Speedup, TransferModel,
};
use pleiade::records::Outcome;
use pleiade::units::{AcceleratorTime, ByteRate, Span, Time};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use std::collections::BTreeSet;

fn seconds(range: std::ops::Range<u64>) -> impl Strategy<Value = Span> {
    range.prop_map(Span::from_seconds)
}

fn askers() -> impl Strategy<Value = Askers> {
    let community = option::of((0..EACH).prop_map(CommunityId));
    (community, option::of((0..EACH).prop_map(|country| vec![CountryId(country)])))
        .prop_map(|(community, countries)| Askers { community, countries })
}

fn speedup() -> impl Strategy<Value = Speedup> {
    prop_oneof![
        Just(Speedup::Linear),
        Just(Speedup::Amdahl { serial: 0.1 }),
        Just(Speedup::Downey { parallelism: 4.0, sigma: 0.6 }),
        Just(Speedup::PowerLaw { gamma: 0.2 }),
    ]
}

fn flexibility() -> impl Strategy<Value = Flexibility> {
    let malleable = (speedup(), 1_u32..4, 0_u32..9, 1_u32..4, seconds(0..4));
    let malleable = malleable.prop_map(|(speedup, minimum, more, step, reconfiguration)| {
        Flexibility::Malleable(Malleable { minimum, maximum: minimum + more, step, speedup, reconfiguration })
    });
    let sizes = select(vec![vec![1, 2, 4], vec![3, 5], vec![8]]);
    let moldable = (speedup(), sizes).prop_map(|(speedup, sizes)| Flexibility::Moldable { sizes, speedup });
    prop_oneof![2 => Just(Flexibility::Rigid), 1 => malleable, 1 => moldable]
}

/// Uplinks of 1e16 bytes per second take a second or two for some of these averages.
fn cross_site() -> impl Strategy<Value = CrossSite> {
    let begin = prop_oneof![
        Just(PartsBegin::EachWhenItStarts),
        seconds(1..20).prop_map(|hold| PartsBegin::AllTogether { hold }),
    ];
    let rule = (2_u32..4, select(vec![1e9, 1e16]), 1_u32..5, seconds(1..5), seconds(0..3));
    let more = (select(vec![0.0, 0.05, 0.3]), select(vec![0.0, 0.1, 1.0]), begin);
    (rule, more).prop_map(
        |((most_sites, parameters, inner_steps, step, overlap), (penalty, margin, begin))| CrossSite {
            most_sites,
            parameters,
            bytes_per_parameter: 2.0,
            inner_steps,
            step,
            overlap,
            penalty,
            margin,
            begin,
        },
    )
}

fn class() -> impl Strategy<Value = JobClass> {
    let checkpoint = (seconds(1..30), seconds(0..4), seconds(0..4))
        .prop_map(|(interval, cost, restart)| Checkpoint { interval, cost, restart });
    let segment = option::weighted(0.4, seconds(8..40));
    (flexibility(), checkpoint, segment, any::<bool>(), option::of(cross_site())).prop_map(
        |(flexibility, checkpoint, segment, is_work, cross_site)| {
            let is_malleable = matches!(flexibility, Flexibility::Malleable(_));
            JobClass {
                checkpoint: Some(checkpoint),
                cross_site: cross_site.filter(|_| flexibility == Flexibility::Rigid && segment.is_none()),
                segment: segment.filter(|_| !is_malleable),
                flexibility,
                scaling: if is_work { Scaling::Work } else { Scaling::WallTime },
                ..one_machine::class()
            }
        },
    )
}

fn policy() -> impl Strategy<Value = LocalPolicy> {
    let replan = Conservative { compression: Compression::Replan, depth: Some(4) };
    let easy = Easy { reservations: 3, spare: SpareUnits::Unused, scan: ScanOrder::ShortestFirst };
    let cycle = Cycle { interval: Span::from_seconds(7), ..Cycle::DEFAULT };
    let backfills = vec![
        Backfill::None,
        Backfill::FirstFit,
        Backfill::Easy(Easy::PLAIN),
        Backfill::Easy(easy),
        Backfill::Conservative(replan),
        Backfill::Cycle(cycle),
    ];
    let orders = vec![
        Order::Submission,
        Order::ShortestFirst,
        Order::LargestAreaFirst,
        Order::Wfp3,
        Order::LeastAttained,
        Order::DominantResource,
    ];
    (select(orders), select(backfills)).prop_map(|(order, backfill)| LocalPolicy { order, backfill })
}

/// One block after the other, so that no more is withdrawn than there is.
fn calendar(nodes: u32) -> impl Strategy<Value = Vec<CalendarBlock>> {
    vec((5_u64..90, 1_u64..30, 0..=nodes, 0..=nodes), 0..3).prop_map(|blocks| {
        let mut end = 0;
        let block = |(gap, length, nodes, least_nodes)| {
            let [from, to] = [end + gap, end + gap + length].map(Time::from_seconds);
            end += gap + length;
            CalendarBlock { from, to, nodes, least_nodes }
        };
        blocks.into_iter().map(block).collect()
    })
}

fn quotas(nodes: u32) -> impl Strategy<Value = Vec<Quota>> {
    let quota = (askers(), 0..=nodes, 0..=nodes, 0..=nodes);
    vec(quota, 0..3).prop_map(move |quotas| {
        let mut left = nodes;
        let quota = |(askers, own, borrow, lend): (Askers, u32, u32, u32)| {
            let own = own.min(left);
            left -= own;
            Quota { askers, nodes: own, borrow, lend: lend.min(own) }
        };
        quotas.into_iter().map(quota).collect()
    })
}

fn preemption() -> impl Strategy<Value = Preemption> {
    let modes = vec![
        PreemptionMode::Cancel,
        PreemptionMode::Requeue,
        PreemptionMode::Suspend,
        PreemptionMode::CheckpointThenRequeue,
    ];
    (select(modes), seconds(0..8)).prop_map(|(mode, exempt)| Preemption { mode, exempt })
}

fn opens() -> impl Strategy<Value = Time> {
    prop_oneof![2 => Just(Time::ZERO), 1 => (1_u64..200).prop_map(Time::from_seconds)]
}

pub(super) fn any_machine() -> impl Strategy<Value = Machine> {
    (1_u32..7).prop_flat_map(|nodes| {
        let unit = select(vec![AllocationUnit::Node, AllocationUnit::Node, AllocationUnit::Accelerator]);
        let hardware = (select(vec![1.0, 0.7, 2.5, 3.0]), 1_u32..5, unit, opens(), policy());
        let limit = (askers(), 1..=nodes).prop_map(|(askers, nodes)| HeldLimit::of_nodes(askers, nodes));
        let budget = (askers(), 1_u128..2_000, seconds(10..200)).prop_map(|(askers, amount, period)| {
            Budget { askers, amount: AcceleratorTime(amount * 1_000_000_000), period }
        });
        let rules = (
            vec(limit, 0..2),
            vec(budget, 0..2),
            quotas(nodes),
            option::of(preemption()),
            calendar(nodes),
            option::weighted(0.2, 0_u32..4),
        );
        let times = (1..=nodes, prop_oneof![Just(Span::MAX), seconds(10..120)], seconds(0..10));
        let admits = option::weighted(0.3, (0..EACH).prop_map(|community| vec![CommunityId(community)]));
        let guest = (0_i32..3, opens(), admits);
        let guest = guest.prop_map(|(tier, opens, admits)| Guest { tier, opens, admits });
        (Just(nodes), hardware, rules, times, option::of(guest)).prop_map(of_parts)
    })
}

type Hardware = (f64, u32, AllocationUnit, Time, LocalPolicy);
type Rules = (Vec<HeldLimit>, Vec<Budget>, Vec<Quota>, Option<Preemption>, Vec<CalendarBlock>, Option<u32>);

fn of_parts(
    (nodes, hardware, rules, times, guest): (u32, Hardware, Rules, (u32, Span, Span), Option<Guest>),
) -> Machine {
    let (speed, accelerators_per_node, unit, opens, policy) = hardware;
    let (limits, budgets, quotas, preemption, calendar, max_queued) = rules;
    let (max_nodes_per_job, max_requested, grace) = times;
    let partition = Partition {
        accelerators_per_node,
        unit,
        opens,
        policy,
        limits,
        budgets,
        quotas,
        preemption,
        calendar,
        max_queued,
        max_nodes_per_job,
        max_requested,
        grace,
        ..machine(nodes, speed).partition
    };
    Machine { speed, partition, guest, room: None }
}

fn cable(key: &'static str) -> impl Strategy<Value = Cable> {
    let failures = option::weighted(0.2, (5.0_f64..100.0, 1.0_f64..40.0)).prop_map(|times| {
        let constant = |seconds| Distribution::Constant(seconds);
        times.map(|(up, repair)| Failures { up_s: constant(up), repair_s: constant(repair) })
    });
    let outage = option::weighted(0.2, (0_u64..200, 1_u64..100));
    let upgrade = option::weighted(0.2, (1_u64..200, 1e3_f64..1e6));
    (failures, outage, upgrade).prop_map(move |(failures, outage, upgrade)| {
        let second = Time::from_seconds;
        let outages = outage.map(|(from, length)| (second(from), second(from + length)));
        let upgrades = upgrade.map(|(from, rate)| (second(from), ByteRate(rate)));
        let (outages, upgrades) = (outages.into_iter().collect(), upgrades.into_iter().collect());
        Cable { failures, outages, upgrades, ..case::cable(key) }
    })
}

fn rules() -> impl Strategy<Value = NetworkRules> {
    let routing = vec![Routing::LeastLatency, Routing::EqualPaths(2), Routing::KShortest(2)];
    let on_failure = select(vec![OnFailure::Resume, OnFailure::Restart]);
    (select(routing), on_failure, select(vec![1.0, 0.8])).prop_map(|(routing, on_failure, efficiency)| {
        let transfers = TransferModel { efficiency, ..TransferModel::FLUID };
        NetworkRules { routing, on_failure, transfers, ..NetworkRules::PLAIN }
    })
}

fn patience() -> impl Strategy<Value = Patience> {
    let seconds = || option::of((0_u64..80).prop_map(|seconds| Distribution::Constant(seconds as f64)));
    (seconds(), seconds()).prop_map(|(promised_s, waited_s)| Patience { promised_s, waited_s })
}

/// Machines as they come, or such that nothing but nodes and orders matters: there policies that keep reservations go.
pub(super) fn any_network() -> impl Strategy<Value = Network> {
    let brokers = vec![
        BrokerPolicy::Home { overflow_wait: None },
        BrokerPolicy::Home { overflow_wait: Some(Span::from_seconds(20)) },
        BrokerPolicy::LeastCompletion,
        BrokerPolicy::Random,
        BrokerPolicy::Least(Score::Wait),
        BrokerPolicy::Least(Score::Entitlement),
        BrokerPolicy::FewestJobs,
        BrokerPolicy::BestOf { sites: 2, by: Judge::JobsPresent },
        BrokerPolicy::Redundant { copies: 2, sites: CopySites::Drawn },
        BrokerPolicy::Redundant { copies: 3, sites: CopySites::LeastCompletion },
    ];
    let information = (select(vec![Span::ZERO, Span::from_seconds(25)]), any::<bool>())
        .prop_map(|(age, own_routings)| BrokerInformation { age, own_routings });
    let rate = || prop_oneof![Just(1e15), 1e3_f64..1e5];
    let window = (0_u64..120, 30_u64..300);
    let plain = option::weighted(0.3, plain());
    let patience = || option::weighted(0.2, patience());
    let order = select(vec![EventOrder::EndsFirst, EventOrder::EndsFirst, EventOrder::SubmissionsFirst]);
    let rest = (
        (select(brokers), information),
        order,
        (rate(), rate()),
        ([cable("0"), cable("1")], rules()),
        window,
        (plain, [patience(), patience()]),
    );
    (vec(any_machine(), 1..4), vec(class(), 3), rest).prop_map(
        |(
            machines,
            classes,
            (
                (broker, information),
                event_order,
                access,
                (cables, rules),
                (warm_up, length),
                (plain, patience),
            ),
        )| {
            let mut network = Network {
                machines,
                classes,
                broker,
                information,
                event_order,
                access: access.into(),
                patience,
                uplink: 1e16,
                datasets: Vec::new(),
                cables,
                rules,
                window: (warm_up, warm_up + length),
            };
            // Where a pass follows each event, one may come before the calendar turns at the same instant.
            if event_order == EventOrder::SubmissionsFirst {
                network.machines.iter_mut().for_each(|machine| machine.partition.calendar.clear());
            }
            if let Some((backfill, unit)) = plain {
                network.make_plain(backfill, unit);
            }
            network
        },
    )
}

fn plain() -> impl Strategy<Value = (Backfill, AllocationUnit)> {
    let conservative = |compression| Backfill::Conservative(Conservative { compression, depth: None });
    prop_oneof![
        (
            select(vec![
                conservative(Compression::ReservationOrder),
                conservative(Compression::QueueOrder),
                conservative(Compression::None),
                Backfill::Easy(Easy::PLAIN),
            ]),
            Just(AllocationUnit::Node),
        ),
        (
            select(vec![Backfill::None, Backfill::FirstFit, Backfill::Easy(Easy::PLAIN)]),
            Just(AllocationUnit::Packed),
        ),
    ]
}

impl Network {
    fn make_plain(&mut self, backfill: Backfill, unit: AllocationUnit) {
        for Machine { speed, partition, guest, .. } in &mut self.machines {
            *guest = None;
            let LocalPolicy { order, .. } = partition.policy;
            let order = if order == Order::DominantResource { Order::Submission } else { order };
            *partition = Partition {
                accelerators_per_node: partition.accelerators_per_node,
                unit,
                opens: partition.opens,
                grace: if matches!(backfill, Backfill::Conservative(_)) {
                    Span::ZERO
                } else {
                    partition.grace
                },
                max_nodes_per_job: partition.max_nodes_per_job,
                max_requested: partition.max_requested,
                policy: LocalPolicy { order, backfill },
                ..machine(partition.nodes, *speed).partition
            };
        }
        for class in &mut self.classes {
            class.segment = None;
            if matches!(class.flexibility, Flexibility::Malleable(_)) {
                class.flexibility = Flexibility::Rigid;
            }
        }
    }
}

pub(super) fn jobs() -> impl Strategy<Value = Vec<Asked>> {
    let sizes = prop_oneof![3 => 1_u32..6, 1 => 1_u32..20];
    let input = prop_oneof![2 => Just(0_u64), 1 => 1_000_u64..1_000_000];
    let times = (0_u64..250, 1_u64..100, 0_u8..4, 1_u64..100);
    let job = (times, sizes, 0_u32..3, (0..EACH, 0..EACH), input).prop_map(
        |((at, requested, kind, other), accelerators, class, (community, country), input)| {
            let run = match kind {
                0 => requested,
                1 => requested + other,
                _ => other.min(requested),
            };
            Asked { at, accelerators, requested, run, class, community, country, input, dataset: None }
        },
    );
    vec(job, 1..25)
}

/// How many of the machines' accelerators no list of jobs can hold at once.
pub(super) const ENDLESS: u32 = 24 * 20;

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_run_beats_the_bound(network in any_network(), jobs in jobs()) {
        let Seen { done_h, bound_h, rows } = network.run(&jobs);
        prop_assert!(keeps_bound(done_h, bound_h), "{done_h} h over {bound_h} h");
        let told: BTreeSet<JobId> = rows.iter().map(|row| row.id).collect();
        prop_assert_eq!(told.len(), rows.len(), "every job has one row");
    }

    /// The same where all jobs may train across sites, and many are too large for one.
    #[test]
    fn no_trainings_across_sites_beat_the_bound(
        network in any_network(), jobs in jobs(), rules in vec(cross_site(), 3),
    ) {
        let mut network = network;
        for (class, rule) in network.classes.iter_mut().zip(rules) {
            *class = JobClass { cross_site: Some(rule), flexibility: Flexibility::Rigid, segment: None, ..class.clone() };
        }
        if let BrokerPolicy::Redundant { .. } = network.broker {
            network.broker = BrokerPolicy::LeastCompletion;
        }
        let twice = |job: &Asked| Asked { accelerators: 2 * job.accelerators, ..*job };
        let Seen { done_h, bound_h, rows } = network.run(&jobs.iter().map(twice).collect::<Vec<_>>());
        prop_assert!(keeps_bound(done_h, bound_h), "{done_h} h over {bound_h} h");
        let told: BTreeSet<JobId> = rows.iter().map(|row| row.id).collect();
        prop_assert_eq!(told.len(), rows.len(), "every job has one row");
    }

    /// Where nobody ever waits and all that comes ends in the window, all is done, and no policy could do more. A run of
    /// 1,000 s and more is rounded by some nanoseconds: 1e-9 is far above that, and far below a job.
    #[test]
    fn with_endless_capacity_the_bound_is_what_is_done(
        classes in vec(class(), 3), speed in select(vec![1.0, 0.7, 2.5]), jobs in jobs(), rate in 1e4_f64..1e6,
    ) {
        let mut network = network(vec![machine(ENDLESS, speed)], 10_000_000);
        (network.classes, network.access) = (classes, [rate, 1e15]);
        for class in &mut network.classes {
            class.segment = class.segment.map(|segment| segment * 1_000);
        }
        let longer = |job: &Asked| {
            Asked { requested: job.requested.max(job.run) * 1_000, run: job.run * 1_000, ..*job }
        };
        let seen = network.run(&jobs.iter().map(longer).collect::<Vec<_>>());
        prop_assert!(seen.rows.iter().all(|row| row.outcome == Outcome::Completed), "{seen:?}");
        prop_assert!((seen.bound_h / seen.done_h - 1.0).abs() < 1e-9, "{} of {} h", seen.done_h, seen.bound_h);
    }
}
