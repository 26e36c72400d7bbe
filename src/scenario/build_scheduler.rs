//! From a scheduler as written to the local policy of the model.

use super::scheduler_format::{
    Backfill as FileBackfill, BackfillName, BackfillRule, Compression as FileCompression, Favour,
    Order as FileOrder, OrderName, OrderRule, Preset, Scan, Scheduler,
};
use crate::model::{
    Backfill, Compression, Conservative, Cycle, Decay, Easy, LocalPolicy, Multifactor, Order, ScanOrder,
    SizeFavour, SpareUnits,
};

/// Conservative backfilling where nothing else is said.
const CONSERVATIVE: Conservative = Conservative { compression: Compression::QueueOrder, depth: None };

/// The policy of a checked scheduler.
pub(super) fn local_policy(scheduler: &Scheduler) -> LocalPolicy {
    match scheduler {
        Scheduler::Order(order) => LocalPolicy { order: named(*order), backfill: Backfill::None },
        Scheduler::Preset(name) => preset(*name),
        Scheduler::Parts(parts) => {
            let order = match &parts.order {
                FileOrder::Named(order) => named(*order),
                FileOrder::Rule(order) => rule(*order),
            };
            LocalPolicy { order, backfill: backfill(&parts.backfill) }
        }
    }
}

fn preset(preset: Preset) -> LocalPolicy {
    let in_turn = |backfill| LocalPolicy { order: Order::Submission, backfill };
    match preset {
        Preset::FirstFit => in_turn(Backfill::FirstFit),
        Preset::Easy => LocalPolicy::EASY,
        Preset::EasySjbf => in_turn(Backfill::Easy(Easy { scan: ScanOrder::ShortestFirst, ..Easy::PLAIN })),
        Preset::Conservative => in_turn(Backfill::Conservative(CONSERVATIVE)),
        Preset::SlurmLike => {
            LocalPolicy { order: rule(OrderRule::MULTIFACTOR), backfill: Backfill::Cycle(Cycle::DEFAULT) }
        }
    }
}

fn named(order: OrderName) -> Order {
    match order {
        OrderName::Fcfs => Order::Submission,
        OrderName::Sjf => Order::ShortestFirst,
        OrderName::Ljf => Order::LongestFirst,
        OrderName::SmallestArea => Order::SmallestAreaFirst,
        OrderName::LargestArea => Order::LargestAreaFirst,
        OrderName::Wfp3 => Order::Wfp3,
        OrderName::Unicef => Order::Unicef,
        OrderName::F1 => Order::F1,
        OrderName::F2 => Order::F2,
        OrderName::F3 => Order::F3,
        OrderName::F4 => Order::F4,
        OrderName::EarliestDeadline => Order::EarliestDeadline,
        OrderName::LeastAttained => Order::LeastAttained,
        OrderName::FairShare => rule(OrderRule::FAIR_SHARE),
        OrderName::DominantResource => Order::DominantResource,
        OrderName::Multifactor => rule(OrderRule::MULTIFACTOR),
    }
}

fn rule(order: OrderRule) -> Order {
    match order {
        OrderRule::FairShare { half_life, period } => {
            Order::FairShare(Decay { half_life: Some(half_life), period })
        }
        OrderRule::Multifactor {
            age,
            max_age,
            size,
            favour,
            fair_share,
            quality_of_service,
            half_life,
            period,
        } => {
            let weights = Multifactor {
                age_weight: age,
                max_age,
                size_weight: size,
                size_favour: match favour {
                    Favour::Large => SizeFavour::Large,
                    Favour::Small => SizeFavour::Small,
                },
                fair_share_weight: fair_share,
                qos_weight: quality_of_service,
            };
            Order::Multifactor(weights, Decay { half_life: Some(half_life), period })
        }
    }
}

fn backfill(backfill: &FileBackfill) -> Backfill {
    match backfill {
        FileBackfill::Named(BackfillName::None) => Backfill::None,
        FileBackfill::Named(BackfillName::FirstFit) => Backfill::FirstFit,
        FileBackfill::Named(BackfillName::Easy) => Backfill::Easy(Easy::PLAIN),
        FileBackfill::Named(BackfillName::Conservative) => Backfill::Conservative(CONSERVATIVE),
        FileBackfill::Named(BackfillName::Cycle) => Backfill::Cycle(Cycle::DEFAULT),
        FileBackfill::Rule(BackfillRule::Easy { reservations, spare_units, scan }) => Backfill::Easy(Easy {
            reservations: *reservations,
            spare: if *spare_units { SpareUnits::Used } else { SpareUnits::Unused },
            scan: match scan {
                Scan::QueueOrder => ScanOrder::Queue,
                Scan::ShortestFirst => ScanOrder::ShortestFirst,
            },
        }),
        FileBackfill::Rule(BackfillRule::Conservative { compression: rule, depth }) => {
            Backfill::Conservative(Conservative { compression: compression(*rule), depth: *depth })
        }
        &FileBackfill::Rule(BackfillRule::Cycle { quick_depth, interval, depth, window, resolution }) => {
            Backfill::Cycle(Cycle { quick_depth, interval, depth, window, resolution })
        }
    }
}

fn compression(compression: FileCompression) -> Compression {
    match compression {
        FileCompression::ReservationOrder => Compression::ReservationOrder,
        FileCompression::QueueOrder => Compression::QueueOrder,
        FileCompression::QueueOrderEachEnd => Compression::QueueOrderEachEnd,
        FileCompression::Replan => Compression::Replan,
        FileCompression::None => Compression::None,
    }
}
