//! Greedy choice: one candidate after the other, each the one that adds most at that moment.

use super::memo::{Memo, Valued, ranked};
use super::{Mask, SetRules};

/// What a greedy choice looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Greed {
    /// What a candidate adds.
    Gain,
    /// What it adds for its money; what costs nothing comes first if it adds anything.
    GainPerCost,
}

/// One candidate more, with all that a rule brings along with it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct GreedyStep {
    /// The candidate chosen.
    pub added: u32,
    /// The set with it, and its value. Until all rules ask for is chosen, it may not be an allowed set yet.
    pub after: Valued,
}

/// Chooses from `rules.must` on, one candidate at a time, among those with which an allowed set can still be reached. Stops
/// when none adds anything and the set is allowed. Gives the steps, whose last allowed set is mostly the answer, and the best
/// allowed set on the way; `None` when no set is allowed. Of equals the lower candidate is taken.
///
/// A candidate that needs another comes with it.
pub fn greedy<F: FnMut(&[Mask]) -> Vec<f64>>(
    rules: &SetRules,
    greed: Greed,
    memo: &mut Memo<F>,
) -> Option<(Vec<GreedyStep>, Valued)> {
    if !rules.allows_around(Mask::EMPTY) {
        return None;
    }
    let mut now = memo.value(with_needed(rules, rules.must));
    let mut best = rules.allows(now.set).then_some(now);
    let mut steps = Vec::new();
    while let Some(step) = next_step(rules, greed, memo, now) {
        let gains = step.after.is_better_than(&now);
        if !gains && rules.allows(now.set) {
            break;
        }
        now = step.after;
        if rules.allows(now.set) && best.is_none_or(|best| now.is_better_than(&best)) {
            best = Some(now);
        }
        steps.push(step);
    }
    Some((steps, best.expect("every step keeps an allowed set in reach")))
}

/// The candidate that adds most to `now`, if one may be added.
fn next_step<F: FnMut(&[Mask]) -> Vec<f64>>(
    rules: &SetRules,
    greed: Greed,
    memo: &mut Memo<F>,
    now: Valued,
) -> Option<GreedyStep> {
    let open = rules.all() - rules.never - now.set;
    let grown = open.iter().map(|bit| (bit, with_needed(rules, now.set.with(bit))));
    let (bits, sets): (Vec<u32>, Vec<Mask>) = grown.filter(|(_, set)| rules.allows_around(*set)).unzip();
    let score = |after: &Valued| {
        let gain = ranked(after.value) - ranked(now.value);
        let gain = if gain.is_nan() { 0.0 } else { gain };
        let cost = rules.cost(after.set).0 - rules.cost(now.set).0;
        match greed {
            Greed::Gain => gain,
            Greed::GainPerCost if cost == 0 => gain * f64::MAX,
            Greed::GainPerCost => gain / cost as f64,
        }
    };
    let mut steps =
        bits.into_iter().zip(memo.values(&sets)).map(|(added, after)| GreedyStep { added, after });
    let first = steps.next()?;
    Some(steps.fold(first, |best, next| if score(&next.after) > score(&best.after) { next } else { best }))
}

/// The set with all that its members need.
fn with_needed(rules: &SetRules, mut set: Mask) -> Mask {
    loop {
        let needed = rules.only_with.iter().filter(|(one, _)| set.contains(*one)).map(|&(_, needed)| needed);
        let with = set | needed.collect();
        if with == set {
            return set;
        }
        set = with;
    }
}

/// The best allowed set of one candidate beside those that every set has, with what it needs; `None` when there is none.
pub fn best_single<F: FnMut(&[Mask]) -> Vec<f64>>(rules: &SetRules, memo: &mut Memo<F>) -> Option<Valued> {
    let open = rules.all() - rules.never - rules.must;
    let sets: Vec<Mask> = open.iter().map(|bit| with_needed(rules, rules.must.with(bit))).collect();
    let allowed: Vec<Mask> = sets.into_iter().filter(|set| rules.allows(*set)).collect();
    memo.best(&allowed)
}
