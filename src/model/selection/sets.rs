//! The allowed sets one after another, in rising order of their masks.

use super::mask::Mask;
use super::rules::SetRules;

/// An iterator over allowed sets: depth first from the highest candidate down, without before with, which is the order of
/// the masks as numbers. Branches of which nothing can come are cut where the rules show it.
#[derive(Debug, Clone)]
pub struct Sets<'a> {
    rules: &'a SetRules,
    /// What was chosen, and what is open, of the branches to look at; the next one last.
    branches: Vec<(Mask, Mask)>,
}

impl<'a> Sets<'a> {
    pub(super) fn new(rules: &'a SetRules, start: Option<(Mask, Mask)>) -> Self {
        Self { rules, branches: start.into_iter().collect() }
    }
}

impl Iterator for Sets<'_> {
    type Item = Mask;

    fn next(&mut self) -> Option<Mask> {
        while let Some((chosen, open)) = self.branches.pop() {
            let Some((chosen, open)) = self.rules.narrow(chosen, open) else { continue };
            let Some(bit) = open.iter().last() else { return Some(chosen) };
            self.branches.push((chosen.with(bit), open.without(bit)));
            self.branches.push((chosen, open.without(bit)));
        }
        None
    }
}
