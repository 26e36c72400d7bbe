//! A small machine with a small workload, drawn by chance, and the system that it makes.

use crate::one_machine;
use pleiade::model::{
    ArrivalStream, Askers, Asks, Backfill, Budget, Checkpoint, ClassId, Community, CommunityId, Compression,
    Conservative, Country, CountryId, Easy, EventOrder, Growth, HeldLimit, Job, JobClass, JobId, LocalPolicy,
    NodesAre, Order, PartitionId, Per, Preemption, PreemptionMode, Profile, Quota, Request, Scaling,
    StreamId, System,
};
use pleiade::study::SinglePartition;
use pleiade::units::{AcceleratorTime, Bytes, Span, Time};
use pleiade::workload::{Submission, Workload};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;

/// How many communities there are; each submits to one partition.
const COMMUNITIES: usize = 3;

/// For how many ticks a case is looked at.
const TICKS: u64 = 400;

/// One partition on the nodes; the first owns them.
#[derive(Debug, Clone)]
pub(super) struct Guest {
    pub(super) tier: i32,
    pub(super) grace: Span,
    pub(super) max_requested: Span,
    pub(super) limits: Vec<HeldLimit>,
    pub(super) budgets: Vec<Budget>,
}

/// A class of jobs.
#[derive(Debug, Clone, Copy)]
pub(super) struct Class {
    pub(super) checkpoint: Option<Checkpoint>,
    pub(super) segment: Option<Span>,
}

/// A job, in the order of arrival.
#[derive(Debug, Clone, Copy)]
pub(super) struct Asked {
    pub(super) submit: Time,
    pub(super) units: u32,
    pub(super) requested: Span,
    pub(super) run: Span,
    pub(super) community: CommunityId,
    pub(super) country: CountryId,
    /// The project by which it comes, if any.
    pub(super) project: Option<u64>,
    pub(super) class: usize,
}

/// A machine and its workload; nothing happens between two ticks.
#[derive(Debug, Clone)]
pub(super) struct Case {
    pub(super) tick: Span,
    pub(super) capacity: u32,
    pub(super) policy: LocalPolicy,
    pub(super) guests: Vec<Guest>,
    /// The partition of each community.
    pub(super) home: Vec<usize>,
    pub(super) quotas: Vec<Quota>,
    pub(super) preemption: Option<Preemption>,
    pub(super) classes: Vec<Class>,
    pub(super) jobs: Vec<Asked>,
}

impl Case {
    /// All instants looked at.
    pub(super) fn instants(&self) -> impl Iterator<Item = Time> {
        let tick = self.tick.0;
        (0..TICKS).map(move |number| Time(number * tick))
    }

    fn end(&self) -> Time {
        Time(TICKS * self.tick.0)
    }

    pub(super) fn system(&self) -> System {
        let mut system = SinglePartition {
            accelerators: self.capacity,
            policy: self.policy,
            event_order: EventOrder::EndsFirst,
            max_queued: None,
            end: self.end(),
            warm_up: Time::ZERO,
            demand: None,
        }
        .system();
        let community = system.communities[CommunityId(0)].clone();
        let country = system.countries[CountryId(0)].clone();
        let named = |number: usize| Community { id: format!("community-{number}"), ..community.clone() };
        system.communities = (0..COMMUNITIES).map(named).collect();
        system.countries.push(Country { id: "other".to_owned(), ..country });
        system.streams = [projects()].into_iter().collect();
        system.classes = self.classes.iter().map(|class| class.in_full()).collect();
        let owner = system.partitions[PartitionId(0)].clone();
        system.partitions = (0..self.guests.len()).map(|_| owner.clone()).collect();
        for (number, guest) in self.guests.iter().enumerate() {
            let partition = &mut system.partitions[PartitionId(number as u32)];
            let communities = (0..).map(CommunityId).zip(&self.home);
            let admitted = communities.filter(|&(_, &home)| home == number).map(|(id, _)| id);
            partition.id = format!("partition-{number}");
            partition.admits = Some(admitted.collect());
            partition.nodes_are = if number == 0 { NodesAre::Own } else { NodesAre::Shared };
            (partition.tier, partition.grace) = (guest.tier, guest.grace);
            partition.max_requested = guest.max_requested;
            partition.limits.clone_from(&guest.limits);
            partition.budgets.clone_from(&guest.budgets);
        }
        let owner = &mut system.partitions[PartitionId(0)];
        owner.quotas.clone_from(&self.quotas);
        owner.preemption = self.preemption;
        let site = system.sites.iter_mut().next().unwrap();
        site.partitions = (0..self.guests.len() as u32).map(PartitionId).collect();
        system
    }
}

/// The stream of the jobs that come by projects. None apply: the jobs are those of the list.
fn projects() -> ArrivalStream {
    ArrivalStream {
        key: "projects".to_owned(),
        community: CommunityId(0),
        country: CountryId(0),
        asks: Asks::Projects,
        rate_per_s: 0.0,
        growth: Growth::NONE,
        activity: None,
        bursts: None,
        starts: Time::ZERO,
        think_s: None,
    }
}

impl Asked {
    /// The name of the job in its place of the list.
    fn id(&self, place: u64) -> JobId {
        match self.project {
            Some(project) => JobId::of_project(StreamId(0), project, place),
            None => JobId { stream: StreamId(1), ordinal: place },
        }
    }
}

impl Class {
    fn in_full(self) -> JobClass {
        JobClass { checkpoint: self.checkpoint, segment: self.segment, ..one_machine::class() }
    }
}

/// The jobs of a case as one stream, so that their order at one instant is that of the list.
pub(super) struct Listed<'a> {
    pub(super) jobs: &'a [Asked],
    pub(super) come: usize,
}

impl Workload for Listed<'_> {
    fn streams(&self) -> usize {
        1
    }

    fn next(&mut self, _: StreamId) -> Option<Submission> {
        let asked = self.jobs.get(self.come)?;
        let request = Request {
            startup: Span::ZERO,
            accelerators: asked.units,
            requested: asked.requested,
            scaling: Scaling::WallTime,
            input: Bytes::ZERO,
        };
        let job = Job {
            id: asked.id(self.come as u64),
            community: asked.community,
            country: asked.country,
            class: ClassId(asked.class as u32),
            dataset: None,
            site: None,
            request,
            profile: Profile::done(asked.run),
        };
        self.come += 1;
        Some(Submission { at: asked.submit, job })
    }
}

/// What a case may have.
#[expect(clippy::struct_excessive_bools, reason = "each is mixed in or not, whatever the others are")]
#[derive(Debug, Clone, Copy)]
pub(super) struct Mixed {
    pub(super) tiers: bool,
    pub(super) limits: bool,
    pub(super) preemption: bool,
    pub(super) quotas: bool,
    pub(super) grace: bool,
    pub(super) budgets: bool,
    pub(super) chains: bool,
}

impl Mixed {
    pub(super) const NOTHING: Self = Self {
        tiers: false,
        limits: false,
        preemption: false,
        quotas: false,
        grace: false,
        budgets: false,
        chains: false,
    };

    pub(super) const EVERYTHING: Self = Self {
        tiers: true,
        limits: true,
        preemption: true,
        quotas: true,
        grace: true,
        budgets: true,
        chains: true,
    };
}

/// Cases with all that is mixed in.
pub(super) fn case(mixed: Mixed) -> impl Strategy<Value = Case> {
    // A budget may be used up at any instant, and who has just started to borrow may be pushed out the next instant: with
    // ticks of the least span that is a tick.
    let tick = if mixed.budgets || mixed.quotas { Just(Span::STEP).boxed() } else { tick().boxed() };
    tick.prop_flat_map(move |tick| {
        let jobs = vec(asked(mixed, tick), 1..=12);
        let machine = (4_u32..=10, policy(), vec(guest(mixed, tick), 1..=3), vec(0_usize..3, COMMUNITIES));
        let rules =
            (vec(quota(), 0..=3), option::weighted(0.9, preemption(tick)), vec(class(mixed, tick), 2));
        (machine, rules, jobs)
            .prop_map(move |(machine, rules, jobs)| consistent(mixed, tick, machine, rules, jobs))
    })
}

fn consistent(
    mixed: Mixed,
    tick: Span,
    (capacity, policy, mut guests, mut home): (u32, LocalPolicy, Vec<Guest>, Vec<usize>),
    (mut quotas, preemption, mut classes): (Vec<Quota>, Option<Preemption>, Vec<Class>),
    mut jobs: Vec<Asked>,
) -> Case {
    guests.truncate(if mixed.tiers { 3 } else { 2 });
    for home in &mut home {
        *home %= guests.len();
    }
    quotas.truncate(if mixed.quotas { 3 } else { 0 });
    let mut nodes = capacity;
    for quota in &mut quotas {
        quota.nodes = quota.nodes.min(nodes);
        quota.lend = quota.lend.min(quota.nodes);
        nodes -= quota.nodes;
    }
    let preemption = preemption.filter(|_| mixed.preemption);
    // Where jobs write a checkpoint before they go, each can.
    if preemption.is_some_and(|rule| rule.mode == PreemptionMode::CheckpointThenRequeue) {
        let checkpoint = Checkpoint { interval: tick, cost: tick, restart: Span::ZERO };
        for class in &mut classes {
            class.checkpoint = class.checkpoint.or(Some(checkpoint));
        }
    }
    // Nothing tells schedulers that a run goes on in its grace, but plans change with it: where there is any, nobody may
    // be pushed out at an instant at which nothing else happens.
    if preemption.is_some_and(|rule| rule.exempt > Span::ZERO || !quotas.is_empty()) {
        for guest in &mut guests {
            guest.grace = Span::ZERO;
        }
    }
    jobs.sort_by_key(|job| job.submit);
    Case { tick, capacity, policy, guests, home, quotas, preemption, classes, jobs }
}

fn tick() -> impl Strategy<Value = Span> {
    select(vec![Span::from_seconds(1), Span::STEP])
}

fn policy() -> impl Strategy<Value = LocalPolicy> {
    let replan = Conservative { compression: Compression::Replan, depth: None };
    let backfills =
        vec![Backfill::None, Backfill::FirstFit, Backfill::Easy(Easy::PLAIN), Backfill::Conservative(replan)];
    (select(vec![Order::Submission, Order::ShortestFirst]), select(backfills))
        .prop_map(|(order, backfill)| LocalPolicy { order, backfill })
}

fn spans(tick: Span, ticks: impl Strategy<Value = u64>) -> impl Strategy<Value = Span> {
    ticks.prop_map(move |ticks| Span(ticks * tick.0))
}

fn askers() -> impl Strategy<Value = Askers> {
    let communities = option::of((0..COMMUNITIES as u32).prop_map(CommunityId));
    let countries = select(vec![None, None, Some(vec![CountryId(0)]), Some(vec![CountryId(1)])]);
    (communities, countries).prop_map(|(community, countries)| Askers { community, countries })
}

fn guest(mixed: Mixed, tick: Span) -> impl Strategy<Value = Guest> {
    let limits = vec(limit(), 0..=2);
    let budget = (askers(), 1_u128..120, spans(tick, 1_u64..40)).prop_map(move |(askers, amount, period)| {
        Budget { askers, amount: AcceleratorTime(amount * u128::from(tick.0)), period }
    });
    let longest = option::weighted(0.3, spans(tick, 4_u64..25));
    let times = (spans(tick, prop_oneof![Just(0_u64), 1_u64..10]), longest);
    (0_i32..3, times, limits, vec(budget, 0..=2)).prop_map(
        move |(tier, (grace, longest), limits, budgets)| Guest {
            tier: if mixed.tiers { tier } else { 0 },
            grace: if mixed.grace { grace } else { Span::ZERO },
            max_requested: longest.filter(|_| mixed.chains).unwrap_or(Span::MAX),
            limits: if mixed.limits { limits } else { Vec::new() },
            budgets: if mixed.budgets { budgets } else { Vec::new() },
        },
    )
}

fn limit() -> impl Strategy<Value = HeldLimit> {
    let per = select(vec![Per::Group, Per::Project]);
    let most = (option::weighted(0.8, 1_u32..=10), option::weighted(0.4, 1_u32..=3));
    (askers(), per, most).prop_map(|(askers, per, (nodes, jobs))| HeldLimit { askers, per, nodes, jobs })
}

fn quota() -> impl Strategy<Value = Quota> {
    (askers(), 0_u32..8, 0_u32..10, 0_u32..8).prop_map(|(askers, nodes, borrow, lend)| Quota {
        askers,
        nodes,
        borrow,
        lend,
    })
}

fn preemption(tick: Span) -> impl Strategy<Value = Preemption> {
    let modes = vec![
        PreemptionMode::Cancel,
        PreemptionMode::Requeue,
        PreemptionMode::Suspend,
        PreemptionMode::CheckpointThenRequeue,
    ];
    (select(modes), spans(tick, prop_oneof![Just(0_u64), 1_u64..8]))
        .prop_map(|(mode, exempt)| Preemption { mode, exempt })
}

fn class(mixed: Mixed, tick: Span) -> impl Strategy<Value = Class> {
    let checkpoint = (spans(tick, 1_u64..6), spans(tick, 0_u64..4), spans(tick, 0_u64..4))
        .prop_map(|(interval, cost, restart)| Checkpoint { interval, cost, restart });
    (option::weighted(0.8, checkpoint), option::weighted(0.7, spans(tick, 3_u64..15))).prop_map(
        move |(checkpoint, segment)| Class {
            checkpoint,
            segment: segment.filter(|_| mixed.chains && checkpoint.is_some()),
        },
    )
}

/// Jobs that run shorter than they request, as long, or longer.
fn asked(mixed: Mixed, tick: Span) -> impl Strategy<Value = Asked> {
    let requested = 1_u64..if mixed.chains { 40 } else { 20 };
    let (submit, run) = (0_u64..60, (0_u8..4, 1_u64..20));
    let whose = (0..COMMUNITIES as u32, 0_u32..2, option::weighted(0.8, 0_u64..2));
    (submit, 1_u32..=8, requested, run, whose, 0_usize..2).prop_map(
        move |(submit, units, requested, (kind, other), (community, country, project), class)| {
            let run = match kind {
                0 => requested,
                1 => requested + other,
                _ => other.min(requested),
            };
            Asked {
                submit: Time(submit * tick.0),
                units,
                requested: Span(requested * tick.0),
                run: Span(run * tick.0),
                community: CommunityId(community),
                country: CountryId(country),
                project,
                class,
            }
        },
    )
}
