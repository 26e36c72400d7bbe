//! From a scheduler as written to the local policy of the model.

use super::scheduler_format::{
    Backfill as FileBackfill, BackfillName, BackfillRule, Compression as FileCompression, Order as FileOrder,
    Preset, Scan, Scheduler,
};
use crate::model::{Backfill, Compression, Conservative, Easy, LocalPolicy, Order, ScanOrder, SpareUnits};

/// Conservative backfilling where nothing else is said.
const CONSERVATIVE: Conservative = Conservative { compression: Compression::QueueOrder, depth: None };

/// The policy of a checked scheduler.
pub(super) fn local_policy(scheduler: &Scheduler) -> LocalPolicy {
    match scheduler {
        Scheduler::Order(named) => LocalPolicy { order: order(*named), backfill: Backfill::None },
        Scheduler::Preset(named) => LocalPolicy { order: Order::Submission, backfill: preset(*named) },
        Scheduler::Parts(parts) => {
            LocalPolicy { order: order(parts.order), backfill: backfill(&parts.backfill) }
        }
    }
}

fn preset(preset: Preset) -> Backfill {
    match preset {
        Preset::FirstFit => Backfill::FirstFit,
        Preset::Easy => Backfill::Easy(Easy::PLAIN),
        Preset::EasySjbf => Backfill::Easy(Easy { scan: ScanOrder::ShortestFirst, ..Easy::PLAIN }),
        Preset::Conservative => Backfill::Conservative(CONSERVATIVE),
    }
}

fn order(order: FileOrder) -> Order {
    match order {
        FileOrder::Fcfs => Order::Submission,
        FileOrder::Sjf => Order::ShortestFirst,
        FileOrder::Ljf => Order::LongestFirst,
        FileOrder::SmallestArea => Order::SmallestAreaFirst,
        FileOrder::LargestArea => Order::LargestAreaFirst,
        FileOrder::Wfp3 => Order::Wfp3,
        FileOrder::Unicef => Order::Unicef,
        FileOrder::F1 => Order::F1,
        FileOrder::F2 => Order::F2,
        FileOrder::F3 => Order::F3,
        FileOrder::F4 => Order::F4,
    }
}

fn backfill(backfill: &FileBackfill) -> Backfill {
    match backfill {
        FileBackfill::Named(BackfillName::None) => Backfill::None,
        FileBackfill::Named(BackfillName::FirstFit) => Backfill::FirstFit,
        FileBackfill::Named(BackfillName::Easy) => Backfill::Easy(Easy::PLAIN),
        FileBackfill::Named(BackfillName::Conservative) => Backfill::Conservative(CONSERVATIVE),
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
