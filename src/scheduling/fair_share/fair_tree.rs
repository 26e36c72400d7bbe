//! Slurm's fair tree: from shares and usage in a tree of accounts to a factor for each leaf.
//!
//! The level fair share of an account is `S/U`, where `S` is its part of the shares and `U` its part of the usage of the
//! siblings, itself included; infinite if it has shares and no usage, zero if it has no shares. The usage of an inner
//! account is the sum over its leaves. Siblings are sorted by level fair share, the greatest first, and a depth-first
//! walk meets the leaves in their rank: of `n` leaves the first has the factor `n/n`, the last `1/n`. Equal sibling
//! leaves have equal rank. The children of equal sibling accounts are walked as one list, each with the level fair share
//! it has within its own parent. A leaf equal to a sibling account comes first, and the first leaves of that account
//! share its rank. (Slurm's page "Fair Tree Fairshare Algorithm" and `fair_tree.c`.)
//!
//! That walk is the lexicographic order of the leaves by the level fair shares on their paths from the top, greatest
//! first, a path before those it begins; a leaf is tied if its predecessor's path, in level fair shares, begins its own.
//! So one sort does it: O(n d log n) for `n` leaves at depth `d`. The walk itself is the oracle in `walk.rs`.

use std::cmp::Ordering;

/// An account of the tree. One that is nobody's parent is a leaf.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Account {
    /// The index of the account above it, which stands before it; `None` at the top.
    pub parent: Option<usize>,
    /// Its shares, to be compared with its siblings'.
    pub shares: u32,
}

/// A tree of accounts with the factors of its leaves. Leaves are numbered in the order of their accounts.
///
/// ```
/// use pleiade::scheduling::{Account, FairTree};
/// let child = |parent| Account { parent: Some(parent), shares: 1 };
/// let top = Account { parent: None, shares: 1 };
/// let mut tree = FairTree::new(vec![top, top, child(0), child(0), child(1)]);
/// assert_eq!(tree.recalculate(&[30.0, 10.0, 80.0]), [2.0 / 3.0, 1.0, 1.0 / 3.0]);
/// ```
#[derive(Debug, Clone)]
pub struct FairTree {
    accounts: Vec<Account>,
    /// For each account, the shares of its siblings and itself.
    sibling_shares: Vec<u64>,
    /// For each leaf, where its path ends in `path_steps`; it begins where the one before ends.
    path_ends: Vec<usize>,
    /// The accounts from the top down to each leaf.
    path_steps: Vec<usize>,
    /// For each account, and last for the whole tree.
    usage: Vec<f64>,
    level_fair_share: Vec<f64>,
    ranked: Vec<usize>,
    factors: Vec<f64>,
}

impl FairTree {
    /// The tree of these accounts, with factors as if nothing had been used.
    pub fn new(accounts: Vec<Account>) -> Self {
        let mut inner = vec![false; accounts.len()];
        let mut shares_below = vec![0; accounts.len() + 1];
        for (index, account) in accounts.iter().enumerate() {
            let parent = account.parent.unwrap_or(accounts.len());
            if account.parent.is_some() {
                assert!(parent < index, "a parent stands before its children");
                inner[parent] = true;
            }
            shares_below[parent] += u64::from(account.shares);
        }
        let sibling_shares = accounts.iter().map(|a| shares_below[a.parent.unwrap_or(accounts.len())]);
        let mut tree = Self {
            sibling_shares: sibling_shares.collect(),
            path_ends: Vec::new(),
            path_steps: Vec::new(),
            usage: vec![0.0; accounts.len() + 1],
            level_fair_share: vec![0.0; accounts.len()],
            ranked: Vec::new(),
            factors: Vec::new(),
            accounts,
        };
        for leaf in (0..inner.len()).filter(|&account| !inner[account]) {
            tree.add_leaf(leaf);
        }
        let unused = vec![0.0; tree.factors.len()];
        tree.recalculate(&unused);
        tree
    }

    /// The factors of the leaves, in `(0, 1]`, given their usage in any one unit. Allocates nothing.
    pub fn recalculate(&mut self, leaf_usage: &[f64]) -> &[f64] {
        self.sum_usage(leaf_usage);
        for index in 0..self.accounts.len() {
            self.level_fair_share[index] = self.level(index);
        }
        self.rank();
        &self.factors
    }

    /// The factors of the leaves as last calculated.
    pub fn factors(&self) -> &[f64] {
        &self.factors
    }

    /// The level fair share of each account, leaf or not, as last calculated.
    pub fn level_fair_shares(&self) -> &[f64] {
        &self.level_fair_share
    }

    /// The accounts that are leaves, in order: the first is the account of leaf 0.
    pub fn leaves(&self) -> impl Iterator<Item = usize> + '_ {
        self.path_ends.iter().map(|&end| self.path_steps[end - 1])
    }

    fn add_leaf(&mut self, account: usize) {
        let begin = self.path_steps.len();
        let up = std::iter::successors(Some(account), |&step| self.accounts[step].parent);
        self.path_steps.extend(up);
        self.path_steps[begin..].reverse();
        self.ranked.push(self.path_ends.len());
        self.path_ends.push(self.path_steps.len());
        self.factors.push(1.0);
    }

    fn path(&self, leaf: usize) -> &[usize] {
        let begin = if leaf == 0 { 0 } else { self.path_ends[leaf - 1] };
        &self.path_steps[begin..self.path_ends[leaf]]
    }

    fn sum_usage(&mut self, leaf_usage: &[f64]) {
        assert_eq!(leaf_usage.len(), self.path_ends.len(), "each leaf has its usage");
        self.usage.fill(0.0);
        let mut begin = 0;
        for (&used, &end) in leaf_usage.iter().zip(&self.path_ends) {
            assert!(used.is_finite() && used >= 0.0, "usage is finite and not negative: {used}");
            for &account in &self.path_steps[begin..end] {
                self.usage[account] += used;
            }
            self.usage[self.accounts.len()] += used;
            begin = end;
        }
    }

    /// `S/U` as one division: where the products are exact (whole numbers), equal ratios give equal floats.
    fn level(&self, index: usize) -> f64 {
        let Account { parent, shares } = self.accounts[index];
        if shares == 0 {
            return 0.0;
        }
        let sibling_usage = self.usage[parent.unwrap_or(self.accounts.len())];
        let own = self.usage[index] * self.sibling_shares[index] as f64;
        if own > 0.0 { f64::from(shares) * sibling_usage / own } else { f64::INFINITY }
    }

    fn rank(&mut self) {
        let mut ranked = std::mem::take(&mut self.ranked);
        ranked.sort_unstable_by(|&a, &b| self.by_level(a, b).then(a.cmp(&b)));
        let count = ranked.len();
        let mut rank = count;
        for place in 0..count {
            if place > 0 && !self.begins(ranked[place - 1], ranked[place]) {
                rank = count - place;
            }
            self.factors[ranked[place]] = rank as f64 / count as f64;
        }
        self.ranked = ranked;
    }

    /// The level fair shares on the path to a leaf, the top's first.
    fn levels(&self, leaf: usize) -> impl Iterator<Item = f64> + '_ {
        self.path(leaf).iter().map(|&account| self.level_fair_share[account])
    }

    fn by_level(&self, a: usize, b: usize) -> Ordering {
        let negated = |leaf| self.levels(leaf).map(|level| -level);
        negated(a).partial_cmp(negated(b)).expect("a level fair share is a number")
    }

    /// Whether the levels on the path to `a` are the first of those on the path to `b`.
    fn begins(&self, a: usize, b: usize) -> bool {
        self.path(a).len() <= self.path(b).len()
            && self.levels(a).zip(self.levels(b)).all(|(a, b)| a.total_cmp(&b).is_eq())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A tree from (parent, shares).
    fn tree(accounts: &[(Option<usize>, u32)]) -> FairTree {
        FairTree::new(accounts.iter().map(|&(parent, shares)| Account { parent, shares }).collect())
    }

    #[track_caller]
    fn check(accounts: &[(Option<usize>, u32)], leaf_usage: &[f64], ranks: &[u32]) {
        let expected = ranks.iter().map(|&rank| f64::from(rank) / ranks.len() as f64);
        assert_eq!(tree(accounts).recalculate(leaf_usage), expected.collect::<Vec<_>>());
    }

    #[test]
    fn validation_case_s8() {
        let (a, b, c) = (Some(0), Some(1), Some(2));
        let accounts = [(None, 40), (None, 30), (None, 30), (a, 1), (a, 1), (b, 1), (b, 3), (c, 2), (c, 1)];
        let mut tree = tree(&accounts);
        let factors = tree.recalculate(&[10.0, 30.0, 0.0, 20.0, 35.0, 5.0]);
        let expected = [0.666_667, 0.5, 1.0, 0.833_333, 0.166_667, 0.333_333];
        assert!(factors.iter().zip(expected).all(|(got, wanted)| (got - wanted).abs() < 1e-6), "{factors:?}");
        let levels = &tree.level_fair_shares()[..3];
        assert!(levels.iter().zip([1.0, 1.5, 0.75]).all(|(got, wanted)| (got - wanted).abs() < 1e-6));
        assert_eq!(tree.leaves().collect::<Vec<_>>(), [3, 4, 5, 6, 7, 8]);
    }

    #[test]
    fn equal_leaves_have_equal_rank() {
        check(&[(None, 1), (None, 3), (None, 1), (None, 1)], &[10.0, 30.0, 5.0, 20.0], &[3, 3, 4, 1]);
    }

    #[test]
    fn children_of_equal_accounts_are_one_list() {
        // Within their parents: 0.5/0.25 and 0.5/0.75, then 0.5/0.4 and 0.5/0.6.
        let accounts = [(None, 1), (None, 1), (Some(0), 1), (Some(0), 1), (Some(1), 1), (Some(1), 1)];
        check(&accounts, &[25.0, 75.0, 40.0, 60.0], &[4, 1, 3, 2]);
    }

    #[test]
    fn the_first_leaf_of_an_account_ties_with_its_equal_sibling() {
        check(&[(None, 1), (None, 1), (Some(0), 1), (Some(0), 1)], &[50.0, 20.0, 30.0], &[3, 3, 1]);
    }

    #[test]
    fn nothing_used_and_no_shares() {
        check(&[(None, 2), (None, 1), (Some(0), 5), (Some(0), 1)], &[0.0; 3], &[3; 3]);
        check(&[(None, 0), (None, 1), (None, 0)], &[0.0, 9.0, 1.0], &[2, 3, 2]);
        check(&[(None, 7)], &[3.0], &[1]);
        check(&[], &[], &[]);
    }
}
