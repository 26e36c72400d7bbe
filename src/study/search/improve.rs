//! From one set to better ones: add, drop or swap one candidate at a time, with a memory of recent moves (tabu search; Glover,
//! 1989), so that a hill once climbed is left again.

use super::memo::{Memo, Valued};
use super::{Mask, SetRules};

/// How long to look.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ImproveRules {
    /// Moves in a row without a better set than the best, after which it ends; with 0 it ends at the first hill.
    pub patience: u32,
    /// Moves for which a candidate that came or went stays as it is, unless the set were the best of all.
    pub tenure: u32,
    /// Moves at most.
    pub moves: u32,
}

/// What was found.
#[derive(Debug, Clone, PartialEq)]
pub struct Improved {
    /// The best set seen.
    pub best: Valued,
    /// The sets on the way, from the start on.
    pub path: Vec<Valued>,
}

/// Looks for better allowed sets from `start`, an allowed set. Every move goes to the best neighbour that the memory leaves
/// open, be it better or not; of equals to the lesser mask. No chance is in it.
///
/// # Panics
/// When `start` is not allowed.
pub fn improve<F: FnMut(&[Mask]) -> Vec<f64>>(
    rules: &SetRules,
    memo: &mut Memo<F>,
    start: Mask,
    how: ImproveRules,
) -> Improved {
    assert!(rules.allows(start), "the search starts from an allowed set");
    let mut now = memo.value(start);
    let (mut best, mut path, mut idle) = (now, vec![now], 0);
    // The move up to which each candidate stays as it is.
    let mut held = vec![0; rules.costs.len()];
    for number in 1..=how.moves {
        let mut around = memo.values(&neighbours(rules, now.set));
        around.sort_by(Valued::order);
        let free = |next: &&Valued| moved(now.set, next.set).all(|bit| held[bit as usize] < number);
        let Some(&next) = around.iter().find(|next| next.is_better_than(&best) || free(next)) else { break };
        if how.patience == 0 && !next.is_better_than(&now) {
            break;
        }
        for bit in moved(now.set, next.set) {
            held[bit as usize] = number.saturating_add(how.tenure);
        }
        now = next;
        path.push(now);
        idle = if now.is_better_than(&best) { 0 } else { idle + 1 };
        if idle == 0 {
            best = now;
        } else if idle >= how.patience {
            break;
        }
    }
    Improved { best, path }
}

fn moved(from: Mask, to: Mask) -> impl Iterator<Item = u32> {
    ((from - to) | (to - from)).iter()
}

/// The allowed sets that differ from `set` by one candidate more, one less, or one for another, in rising order.
pub fn neighbours(rules: &SetRules, set: Mask) -> Vec<Mask> {
    let out = (rules.all() - rules.never - set).iter();
    let drops = (set - rules.must).iter().map(|bit| set.without(bit));
    let moves = drops.clone().chain(out.flat_map(|bit| {
        std::iter::once(set.with(bit)).chain(drops.clone().map(move |smaller| smaller.with(bit)))
    }));
    let mut sets: Vec<Mask> = moves.filter(|next| rules.allows(*next)).collect();
    sets.sort_unstable();
    sets
}
