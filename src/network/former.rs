//! Which rounds of the former solution come again, at other levels.
//!
//! A class is open as long as none of the links that it crosses has been the tightest, if no cap has fixed it. So which
//! classes a round fixes on its tightest link, and what open weight it takes from which links, follows from the links that
//! were the tightest before it, whatever their order and their levels. Where these are the same links as before the same
//! round of the former solution, no cap has fixed a class since, and the tightest link is the same and has not changed,
//! the round fixes the classes of its [`Group`](super::group::Group) again. Weights are whole numbers, so what it takes
//! is the same to the last bit; what it puts on links is added up anew.

use super::link::NONE;

/// The tightest links of the rounds that were dropped.
#[derive(Debug, Clone)]
pub(super) struct Former {
    links: Vec<u32>,
    /// By link: the round that was its.
    round_of: Vec<u32>,
    /// The links that have been the tightest since are all among those of the rounds before this one.
    ahead: u32,
}

impl Former {
    /// For so many links.
    pub(super) fn new(links: usize) -> Self {
        Self { links: Vec::with_capacity(links), round_of: vec![NONE; links], ahead: NONE }
    }

    /// Forgets all rounds; those that are noted next begin with `first`.
    pub(super) fn begin(&mut self, first: usize) {
        for link in self.links.drain(..) {
            self.round_of[link as usize] = NONE;
        }
        self.ahead = first as u32;
    }

    /// Notes the round that fixed all open classes on its tightest link.
    pub(super) fn note(&mut self, link: u32, round: usize) {
        self.links.push(link);
        self.round_of[link as usize] = round as u32;
    }

    /// Whether this link is the tightest in this round as it was, after the same others. To be asked of each round.
    pub(super) fn is_again(&mut self, link: u32, round: u32) -> bool {
        let former = self.round_of[link as usize];
        let is_again = self.ahead == round && former == round;
        self.ahead = self.ahead.max(former.saturating_add(1));
        is_again
    }

    /// A cap has fixed classes: no round to come is as it was.
    pub(super) fn part(&mut self) {
        self.ahead = NONE;
    }
}
