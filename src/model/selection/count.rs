//! How many sets are allowed, without listing them: candidate by candidate, partial sets that differ in nothing that matters
//! later are counted together.

use super::mask::Mask;
use super::rules::SetRules;
use crate::units::Money;
use std::collections::BTreeMap;

/// Kinds of partial sets kept at once, at most.
const MOST_KINDS: usize = 2_000_000;

/// What matters of a partial set.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    /// Its candidates that stand in a pair with a later one.
    paired: Mask,
    /// What it costs; those that can afford all that is left cost the same.
    cost: u64,
    /// How many of each group it has; beyond what its rule can tell apart, no more.
    numbers: Vec<u32>,
}

impl SetRules {
    /// The number of allowed sets; `None` when there are too many kinds of costs and pairs to count them all.
    pub fn count(&self) -> Option<u128> {
        let start = Kind { paired: Mask::EMPTY, cost: 0, numbers: vec![0; self.groups.len()] };
        let mut kinds = BTreeMap::from([(start, 1_u128)]);
        for bit in 0..self.costs.len() as u32 {
            let mut next = BTreeMap::new();
            for (kind, count) in &kinds {
                for chosen in [false, true] {
                    if let Some(kind) = self.after(kind, bit, chosen) {
                        *next.entry(kind).or_default() += count;
                    }
                }
            }
            kinds = next;
            if kinds.len() > MOST_KINDS {
                return None;
            }
        }
        let complete =
            |kind: &Kind| self.groups.iter().zip(&kind.numbers).all(|(group, &has)| has >= group.least);
        Some(kinds.iter().filter(|(kind, _)| complete(kind)).map(|(_, count)| count).sum())
    }

    /// The kind after candidate `bit` is decided; `None` when that breaks a rule.
    fn after(&self, kind: &Kind, bit: u32, chosen: bool) -> Option<Kind> {
        if (chosen && self.never.contains(bit)) || (!chosen && self.must.contains(bit)) {
            return None;
        }
        let decided = if chosen { kind.paired.with(bit) } else { kind.paired };
        self.pairs_hold(decided, bit).then_some(())?;
        let mut numbers = kind.numbers.clone();
        if chosen {
            for (group, number) in
                self.groups.iter().zip(&mut numbers).filter(|(group, _)| group.members.contains(bit))
            {
                (*number < group.most).then_some(())?;
                let unbounded = group.most >= group.members.len();
                *number = if unbounded { (*number + 1).min(group.least) } else { *number + 1 };
            }
        }
        let cost = if chosen { kind.cost.saturating_add(self.costs[bit as usize].0) } else { kind.cost };
        Some(Kind { paired: self.still_paired(decided, bit), cost: self.cost_kind(cost, bit)?, numbers })
    }

    /// Whether the pairs whose later candidate is `bit` hold, of which `decided` are in.
    fn pairs_hold(&self, decided: Mask, bit: u32) -> bool {
        let due = |&&(a, b): &&(u32, u32)| a.max(b) == bit;
        self.not_both.iter().filter(due).all(|&(a, b)| !(decided.contains(a) && decided.contains(b)))
            && self.only_with.iter().filter(due).all(|&(a, b)| !decided.contains(a) || decided.contains(b))
    }

    /// Those of `decided` that are paired with a candidate after `bit`.
    fn still_paired(&self, decided: Mask, bit: u32) -> Mask {
        let pairs = self.not_both.iter().chain(&self.only_with);
        let later = pairs.filter(|(a, b)| *a.max(b) > bit).map(|(a, b)| *a.min(b));
        decided & later.collect()
    }

    fn cost_kind(&self, cost: u64, bit: u32) -> Option<u64> {
        let Some(Money(budget)) = self.budget else { return Some(0) };
        (cost <= budget).then_some(())?;
        let later = Mask(self.all().0 - Mask::all(bit as usize + 1).0);
        Some(cost.max(budget.saturating_sub(self.cost(later).0)))
    }
}
