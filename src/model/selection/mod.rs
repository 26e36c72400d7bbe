//! The choice of sites: which may be chosen, at what cost, and the rules that a set has to meet.
//!
//! A set is a [`Mask`] over the candidates, at most 64 of them, in the order of [`Choice::candidates`]. Committed sites
//! belong to every set and are no candidates; excluded ones belong to none. [`SetRules`] says which masks are allowed,
//! lists them in a fixed order and counts them.

mod count;
mod effort;
mod mask;
mod rules;
mod sets;

#[cfg(test)]
mod tests;

pub use effort::{Effort, WorthEffort};
pub use mask::Mask;
pub use rules::{GroupRule, SetRules};
pub use sets::Sets;

use super::ids::SiteId;
use crate::units::Money;

/// A site that may be chosen.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Candidate {
    /// The site.
    pub site: SiteId,
    /// What it costs.
    pub cost: Money,
    /// The round in which it is decided, from 1.
    pub round: u32,
}

/// What is to be chosen, and by which rules.
#[derive(Debug, Clone, PartialEq)]
pub struct Choice {
    /// The candidates, in the order of their sites; bit i of a mask is candidate i.
    pub candidates: Vec<Candidate>,
    /// The sites of every set, in order.
    pub committed: Vec<SiteId>,
    /// The sites of no set, in order.
    pub excluded: Vec<SiteId>,
    /// Which sets of candidates are allowed, over bits.
    pub rules: SetRules,
}

impl Choice {
    /// The sites of a set, committed ones included, in order.
    pub fn sites(&self, chosen: Mask) -> Vec<SiteId> {
        let picked = chosen.iter().map(|bit| self.candidates[bit as usize].site);
        let mut sites: Vec<SiteId> = self.committed.iter().copied().chain(picked).collect();
        sites.sort_unstable();
        sites
    }

    /// The candidates among `sites`; `None` when one of them may not be chosen, or a committed one is missing.
    pub fn mask_of(&self, sites: &[SiteId]) -> Option<Mask> {
        let bit = |site: SiteId| self.candidates.iter().position(|candidate| candidate.site == site);
        let complete = self.committed.iter().all(|site| sites.contains(site));
        let mut chosen = sites.iter().filter(|site| !self.committed.contains(site));
        let mask = chosen.try_fold(Mask::EMPTY, |mask, &site| Some(mask.with(bit(site)? as u32)));
        mask.filter(|_| complete)
    }

    /// What the candidates of a set cost together; committed sites are paid for.
    pub fn cost(&self, chosen: Mask) -> Money {
        self.rules.cost(chosen)
    }

    /// The candidates that are decided in `round` or before.
    pub fn decided_by(&self, round: u32) -> Mask {
        let bits = self.candidates.iter().enumerate();
        bits.filter(|(_, one)| one.round <= round).map(|(bit, _)| bit as u32).collect()
    }

    /// The rounds in which something is decided, in order.
    pub fn rounds(&self) -> Vec<u32> {
        let mut rounds: Vec<u32> = self.candidates.iter().map(|candidate| candidate.round).collect();
        rounds.sort_unstable();
        rounds.dedup();
        rounds
    }
}
