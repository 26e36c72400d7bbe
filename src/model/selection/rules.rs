//! Which sets of candidates are allowed, and what follows for those not yet decided.
//!
//! [`SetRules::narrow`] is the one place that knows the rules: from the candidates chosen and those still open it draws what
//! is forced, what is ruled out, and whether nothing can come of it. With nothing open it is the test of a set.

use super::mask::Mask;
use super::sets::Sets;
use crate::units::Money;

/// A bound on how many of some candidates are chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupRule {
    /// The candidates that count.
    pub members: Mask,
    /// At least so many of them.
    pub least: u32,
    /// At most so many of them.
    pub most: u32,
}

/// The rules of a set of candidates.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct SetRules {
    /// What each candidate costs; the length is the number of candidates, at most 64.
    pub costs: Vec<Money>,
    /// What the chosen ones may cost together; without bound if `None`.
    pub budget: Option<Money>,
    /// Bounds on numbers: of all candidates, of a country's, of a consortium's.
    pub groups: Vec<GroupRule>,
    /// Pairs of candidates of which at most one is chosen.
    pub not_both: Vec<(u32, u32)>,
    /// Pairs of candidates of which the first is chosen only with the second.
    pub only_with: Vec<(u32, u32)>,
    /// Candidates that every set has.
    pub must: Mask,
    /// Candidates that no set has.
    pub never: Mask,
}

impl SetRules {
    /// All sets of candidates with these costs.
    pub fn free(costs: Vec<Money>) -> Self {
        assert!(costs.len() <= Mask::MOST, "a mask has 64 bits");
        Self { costs, ..Self::default() }
    }

    /// All candidates.
    pub fn all(&self) -> Mask {
        Mask::all(self.costs.len())
    }

    /// What a set costs; more than can be counted costs the most that can.
    pub fn cost(&self, set: Mask) -> Money {
        Money(set.iter().fold(0, |sum, bit| sum.saturating_add(self.costs[bit as usize].0)))
    }

    /// Whether a set meets every rule.
    pub fn allows(&self, set: Mask) -> bool {
        self.must.is_within(set)
            && set.is_within(self.all() - self.never)
            && self.narrow(set, Mask::EMPTY).is_some()
    }

    /// Whether some allowed set has all of `set`.
    pub fn allows_around(&self, set: Mask) -> bool {
        self.sets_between(set, self.all()).next().is_some()
    }

    /// All allowed sets, in rising order of their masks.
    pub fn sets(&self) -> Sets<'_> {
        self.sets_between(Mask::EMPTY, self.all())
    }

    /// The allowed sets that have all of `least` and only candidates of `most`, in rising order of their masks.
    pub fn sets_between(&self, least: Mask, most: Mask) -> Sets<'_> {
        let chosen = least | self.must;
        let open = (most & self.all()) - self.never - chosen;
        let sound = least.is_within(most) && chosen.is_within((most & self.all()) - self.never);
        Sets::new(self, sound.then_some((chosen, open)))
    }

    /// What follows when the candidates `chosen` are in, those `open` are not decided and all others are out: the same two
    /// sets after all that is forced, or `None` where no allowed set is left for a reason seen here. With nothing left open,
    /// `chosen` is an allowed set, as far as `must` and `never` were kept by the caller.
    pub fn narrow(&self, mut chosen: Mask, mut open: Mask) -> Option<(Mask, Mask)> {
        loop {
            let before = (chosen, open);
            (chosen, open) = self.by_pairs(chosen, open)?;
            for group in &self.groups {
                (chosen, open) = group.narrow(chosen, open)?;
            }
            open = self.affordable(chosen, open)?;
            if (chosen, open) == before {
                break;
            }
        }
        (self.cheapest(chosen, open)? <= self.budget.unwrap_or(Money(u64::MAX))).then_some((chosen, open))
    }

    fn by_pairs(&self, mut chosen: Mask, mut open: Mask) -> Option<(Mask, Mask)> {
        for &(a, b) in &self.not_both {
            match (chosen.contains(a), chosen.contains(b)) {
                (true, true) => return None,
                (true, false) => open = open.without(b),
                (false, true) => open = open.without(a),
                (false, false) => {}
            }
        }
        for &(one, needed) in &self.only_with {
            match (chosen.contains(one), (chosen | open).contains(needed)) {
                (true, false) => return None,
                (true, true) => (chosen, open) = (chosen.with(needed), open.without(needed)),
                (false, false) => open = open.without(one),
                (false, true) => {}
            }
        }
        Some((chosen, open))
    }

    /// Those of `open` that the rest of the budget pays for, one at a time.
    fn affordable(&self, chosen: Mask, open: Mask) -> Option<Mask> {
        let Some(budget) = self.budget else { return Some(open) };
        let rest = budget.0.checked_sub(self.cost(chosen).0)?;
        Some(open.iter().filter(|&bit| self.costs[bit as usize].0 <= rest).collect())
    }

    /// The least that a set costs with the chosen ones and as many open ones as the groups ask for: the cheapest of each of
    /// some groups without common members, then the cheapest of the largest group around them. Exact for countries and a
    /// number, otherwise not too much.
    fn cheapest(&self, chosen: Mask, open: Mask) -> Option<Money> {
        let mut taken = Mask::EMPTY;
        let mut counted = Mask::EMPTY;
        let apart = |group: &&GroupRule| group.members != self.all() && group.least > 0;
        for group in self.groups.iter().filter(apart) {
            if (group.members & counted).is_empty() {
                counted = counted | group.members;
                taken = taken | self.cheapest_of(group, chosen, open)?;
            }
        }
        for group in self.groups.iter().filter(|group| group.members == self.all()) {
            taken = taken | self.cheapest_of(group, chosen | taken, open - taken)?;
        }
        Some(self.cost(chosen | taken))
    }

    /// The cheapest open members that a group still needs.
    fn cheapest_of(&self, group: &GroupRule, chosen: Mask, open: Mask) -> Option<Mask> {
        let needed = group.least.saturating_sub((chosen & group.members).len()) as usize;
        let mut members: Vec<u32> = (open & group.members).iter().collect();
        members.sort_by_key(|&bit| self.costs[bit as usize]);
        (members.len() >= needed).then(|| members.into_iter().take(needed).collect())
    }
}

impl GroupRule {
    fn narrow(&self, chosen: Mask, open: Mask) -> Option<(Mask, Mask)> {
        let members = open & self.members;
        let (has, may) = ((chosen & self.members).len(), members.len());
        if has > self.most || has + may < self.least {
            return None;
        }
        if has == self.most {
            return Some((chosen, open - members));
        }
        if has + may == self.least {
            return Some((chosen | members, open - members));
        }
        Some((chosen, open))
    }
}
