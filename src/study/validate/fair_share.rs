//! Fair share worked out by hand: the factors of a fair tree, a decayed usage and a multifactor priority.

use super::{RELATIVE, Verdict};
use crate::model::{Decay, Multifactor, SizeFavour};
use crate::scheduling::{Account, DecayedUsage, FairTree, Standing};
use crate::units::{Span, Time};
use std::f64::consts::SQRT_2;

/// The accounts at the top: shares of 100 and level fair share, that over the usage below, which adds up to 100 too.
const TOP: [(&str, u32, f64); 3] = [("A", 40, 1.0), ("B", 30, 1.5), ("C", 30, 0.75)];

/// The leaves: the account above, shares, usage, and the place from the end among all six.
const LEAVES: [(&str, usize, u32, f64, f64); 6] = [
    ("a1", 0, 1, 10.0, 4.0),
    ("a2", 0, 1, 30.0, 3.0),
    ("b1", 1, 1, 0.0, 6.0),
    ("b2", 1, 3, 20.0, 5.0),
    ("c1", 2, 2, 35.0, 1.0),
    ("c2", 2, 1, 5.0, 2.0),
];

const DAY_S: u64 = 86_400;

/// Judges the tree, the usage and the priority.
pub(super) fn run() -> Vec<Verdict> {
    fair_tree().into_iter().chain([decayed_usage(), priority()]).collect()
}

fn verdict(case: &str, quantity: &str, exact: f64, computed: f64) -> Verdict {
    Verdict::new(case, quantity, exact, computed, RELATIVE * exact, 1)
}

fn fair_tree() -> Vec<Verdict> {
    let top = TOP.map(|(_, shares, _)| Account { parent: None, shares });
    let leaves = LEAVES.map(|(_, above, shares, ..)| Account { parent: Some(above), shares });
    let mut tree = FairTree::new([&top[..], &leaves].concat());
    tree.recalculate(&LEAVES.map(|(_, _, _, used, _)| used));
    let levels = TOP.iter().zip(tree.level_fair_shares()).map(|(&(name, _, exact), &level)| {
        verdict("S8", &format!("level fair share of account {name}"), exact, level)
    });
    let factors = LEAVES.iter().zip(tree.factors()).map(|(&(name, .., place), &factor)| {
        verdict("S8", &format!("fair tree factor of leaf {name}"), place / LEAVES.len() as f64, factor)
    });
    levels.chain(factors).collect()
}

/// 1000 unit-seconds, half a half-life later.
fn decayed_usage() -> Verdict {
    let decay = Decay { half_life: Some(Span::from_seconds(7 * DAY_S)), period: Span::ZERO };
    let usage = DecayedUsage::new(decay, 1_000.0).usage_at(Time::from_seconds(7 * DAY_S / 2));
    verdict("S9", "decayed usage after half a half-life", 1_000.0 / SQRT_2, usage)
}

/// Two days of at most seven, half of the fair share, 64 of 1,024 units, half of the quality of service.
fn priority() -> Verdict {
    let weights = Multifactor {
        age_weight: 1_000.0,
        max_age: Span::from_seconds(7 * DAY_S),
        size_weight: 1_000.0,
        size_favour: SizeFavour::Large,
        fair_share_weight: 10_000.0,
        qos_weight: 2_000.0,
    };
    let standing = Standing { units: 64, capacity: 1_024, fair_share: 0.5, qos: 0.5 };
    let priority = weights.priority(&standing, Span::from_seconds(2 * DAY_S));
    let exact = 1_000.0 * 2.0 / 7.0 + 1_000.0 / 16.0 + 5_000.0 + 1_000.0;
    verdict("S9", "multifactor priority", exact, priority)
}
