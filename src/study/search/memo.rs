//! Values of sets, each asked for once.

use super::{Mask, SetRules};
use std::cmp::Ordering;
use std::collections::BTreeMap;

/// A set with its value.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Valued {
    /// The set.
    pub set: Mask,
    /// Its value; greater is better.
    pub value: f64,
}

impl Valued {
    /// The better first; of equal values the lesser mask.
    pub fn order(&self, other: &Self) -> Ordering {
        ranked(other.value).total_cmp(&ranked(self.value)).then(self.set.cmp(&other.set))
    }

    /// Whether the value is greater; no number is greater than none.
    pub fn is_better_than(&self, other: &Self) -> bool {
        ranked(self.value).total_cmp(&ranked(other.value)) == Ordering::Greater
    }
}

/// A value for comparisons: without a number, the least; zeros are one.
pub(super) fn ranked(value: f64) -> f64 {
    if value.is_nan() { f64::NEG_INFINITY } else { value + 0.0 }
}

/// Remembers the values of sets. The closure gets sets without repetition that it has not seen, and gives one value each, in
/// their order.
pub struct Memo<F> {
    values_of: F,
    known: BTreeMap<Mask, f64>,
}

impl<F: FnMut(&[Mask]) -> Vec<f64>> Memo<F> {
    /// Nothing known yet.
    pub fn new(values_of: F) -> Self {
        Self { values_of, known: BTreeMap::new() }
    }

    /// The sets with their values, in the order given.
    ///
    /// # Panics
    /// When the closure gives another number of values than of sets.
    pub fn values(&mut self, sets: &[Mask]) -> Vec<Valued> {
        let mut unknown: Vec<Mask> =
            sets.iter().copied().filter(|set| !self.known.contains_key(set)).collect();
        unknown.sort_unstable();
        unknown.dedup();
        if !unknown.is_empty() {
            let values = (self.values_of)(&unknown);
            assert_eq!(values.len(), unknown.len(), "every set asked for has a value");
            self.known.extend(unknown.into_iter().zip(values));
        }
        sets.iter().map(|&set| Valued { set, value: self.known[&set] }).collect()
    }

    /// One set with its value.
    pub fn value(&mut self, set: Mask) -> Valued {
        self.values(&[set])[0]
    }

    /// The best of `sets`, the lesser mask of equal ones; `None` of nothing.
    pub fn best(&mut self, sets: &[Mask]) -> Option<Valued> {
        self.values(sets).into_iter().min_by(Valued::order)
    }

    /// How many sets were asked for.
    pub fn evaluated(&self) -> usize {
        self.known.len()
    }

    /// All sets asked for that meet the rules, the best first.
    pub fn ranking(&self, rules: &SetRules) -> Vec<Valued> {
        let allowed = self.known.iter().filter(|(set, _)| rules.allows(**set));
        let mut ranking: Vec<Valued> = allowed.map(|(&set, &value)| Valued { set, value }).collect();
        ranking.sort_by(Valued::order);
        ranking
    }
}

/// Sets that are asked for at once in an exhaustive search.
const AT_ONCE: usize = 4_096;

/// The best of all allowed sets, by valuing each; `None` when no set is allowed.
pub fn best_of_all<F: FnMut(&[Mask]) -> Vec<f64>>(rules: &SetRules, memo: &mut Memo<F>) -> Option<Valued> {
    let mut sets = rules.sets();
    let mut best: Option<Valued> = None;
    loop {
        let some: Vec<Mask> = sets.by_ref().take(AT_ONCE).collect();
        let Some(found) = memo.best(&some) else { return best };
        // Masks rise, so that of equal values the first found is the lesser mask.
        if best.is_none_or(|best| found.is_better_than(&best)) {
            best = Some(found);
        }
    }
}
