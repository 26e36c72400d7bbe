//! Branch and bound: the allowed sets one after another, the one with the greatest bound first.
//!
//! The bound has to grow with the set (more sites serve no less). Then no set between `chosen` and `chosen | open` has more
//! than the bound of `chosen | open`, and whole branches wait behind it, or are never looked at once a value is known that
//! they can't beat.

use super::memo::{Valued, ranked};
use super::{Mask, SetRules};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BinaryHeap};

/// Gives the allowed sets in falling order of their bounds. The caller takes as many as it likes, and may say at each what
/// value it has in hand.
///
/// ```
/// use pleiade::model::{Mask, SetRules};
/// use pleiade::study::search::BestFirst;
/// use pleiade::units::Money;
/// let rules = SetRules { budget: Some(Money(7)), ..SetRules::free(vec![Money(4), Money(3), Money(3), Money(4)]) };
/// let worth = [9.0, 8.0, 5.0, 2.0];
/// let mut search = BestFirst::new(&rules, |set: Mask| set.iter().map(|bit| worth[bit as usize]).sum());
/// let best = search.next_above(f64::NEG_INFINITY).unwrap();
/// assert_eq!((best.set, best.value), (Mask(0b0011), 17.0));
/// assert!(search.computed() < 16);
/// assert_eq!(search.next_above(15.0), None);
/// ```
pub struct BestFirst<'a, B> {
    rules: &'a SetRules,
    bound: B,
    /// Bounds computed.
    known: BTreeMap<Mask, f64>,
    branches: BinaryHeap<Branch>,
    /// Candidates by what the bound of all loses without them, the most first.
    order: Vec<u32>,
}

/// Sets that have `chosen` and nothing but `chosen` and `open`.
#[derive(Debug, Clone, Copy)]
struct Branch {
    bound: f64,
    chosen: Mask,
    open: Mask,
}

impl<'a, B: FnMut(Mask) -> f64> BestFirst<'a, B> {
    /// The search before its first set. `bound` gives the bound of a set, never less for a larger set; it is asked once a set,
    /// here for all candidates and for all but one.
    pub fn new(rules: &'a SetRules, bound: B) -> Self {
        let mut search =
            Self { rules, bound, known: BTreeMap::new(), branches: BinaryHeap::new(), order: Vec::new() };
        let open = rules.all() - rules.never - rules.must;
        let all = rules.must | open;
        let mut losses: Vec<(f64, u32)> =
            open.iter().map(|bit| (search.bound_of(all.without(bit)), bit)).collect();
        losses.sort_by(|a, b| ranked(a.0).total_cmp(&ranked(b.0)).then(a.1.cmp(&b.1)));
        search.order = losses.into_iter().map(|(_, bit)| bit).collect();
        search.push(rules.must, open, f64::INFINITY);
        search
    }

    /// The allowed set with the next greatest bound, if it is above `value`: with the value of a set in hand, no later set can
    /// be better once this gives `None`. Sets of equal bounds come in an order that is always the same.
    pub fn next_above(&mut self, value: f64) -> Option<Valued> {
        while self.branches.peek().is_some_and(|top| top.bound > value) {
            let branch = self.branches.pop()?;
            let Some(&bit) = self.order.iter().find(|bit| branch.open.contains(**bit)) else {
                return Some(Valued { set: branch.chosen, value: branch.bound });
            };
            let open = branch.open.without(bit);
            self.push(branch.chosen.with(bit), open, branch.bound);
            self.push(branch.chosen, open, branch.bound);
        }
        None
    }

    /// What no set that has not been given can exceed; `None` when all were given.
    pub fn ceiling(&self) -> Option<f64> {
        self.branches.peek().map(|top| top.bound)
    }

    /// How many bounds were computed.
    pub fn computed(&self) -> usize {
        self.known.len()
    }

    fn bound_of(&mut self, set: Mask) -> f64 {
        if let Some(&bound) = self.known.get(&set) {
            return bound;
        }
        let bound = ranked((self.bound)(set));
        self.known.insert(set, bound);
        bound
    }

    /// Keeps a branch that may have an allowed set, with its bound; that of the branch it came from holds too, and rounding
    /// never makes it look better.
    fn push(&mut self, chosen: Mask, open: Mask, above: f64) {
        if let Some((chosen, open)) = self.rules.narrow(chosen, open) {
            let bound = self.bound_of(chosen | open).min(above);
            self.branches.push(Branch { bound, chosen, open });
        }
    }
}

/// The greatest bound first; of equal ones whole sets before branches, then branches with more decided, then the lesser mask.
impl Ord for Branch {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |branch: &Self| (branch.open.len(), branch.chosen, branch.open);
        self.bound.total_cmp(&other.bound).then_with(|| key(other).cmp(&key(self)))
    }
}

impl PartialOrd for Branch {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Branch {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Branch {}
