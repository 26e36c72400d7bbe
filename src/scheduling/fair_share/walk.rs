//! The slow, obvious form of the fair tree: the depth-first walk as Slurm writes it, in whole numbers. The oracle of the
//! sort by paths, and the laws that both obey.

use super::{Account, FairTree};
use proptest::prelude::*;
use std::cmp::Ordering;

/// Siblings are sorted, equal accounts merged; rank and tie are carried along.
struct Walk<'a> {
    accounts: &'a [Account],
    /// Usage of the leaves, by account; that of inner accounts is not looked at.
    usage: &'a [u64],
    rank: usize,
    remaining: usize,
    /// By account; zero for an inner one.
    ranks: Vec<usize>,
}

impl Walk<'_> {
    fn children(&self, parent: Option<usize>) -> Vec<usize> {
        (0..self.accounts.len()).filter(|&account| self.accounts[account].parent == parent).collect()
    }

    fn is_leaf(&self, account: usize) -> bool {
        self.children(Some(account)).is_empty()
    }

    fn used(&self, account: usize) -> u64 {
        let children = self.children(Some(account));
        if children.is_empty() {
            return self.usage[account];
        }
        children.into_iter().map(|child| self.used(child)).sum()
    }

    /// The level fair share as numerator and denominator.
    fn level(&self, account: usize) -> (u64, u64) {
        let siblings = self.children(self.accounts[account].parent);
        let shares = |account: usize| u64::from(self.accounts[account].shares);
        let shares_of_all: u64 = siblings.iter().map(|&sibling| shares(sibling)).sum();
        let used_by_all: u64 = siblings.iter().map(|&sibling| self.used(sibling)).sum();
        match (shares(account), self.used(account)) {
            (0, _) => (0, 1),
            (_, 0) => (1, 0),
            (own, used) => (own * used_by_all, used * shares_of_all),
        }
    }

    /// The greater level fair share first.
    fn by_level(&self, a: usize, b: usize) -> Ordering {
        let (a, b) = (self.level(a), self.level(b));
        (b.0 * a.1).cmp(&(a.0 * b.1))
    }

    fn visit(&mut self, mut siblings: Vec<usize>, first_is_tied: bool) {
        siblings.sort_by(|&a, &b| self.by_level(a, b));
        let groups = siblings.chunk_by(|&a, &b| self.by_level(a, b).is_eq());
        let groups: Vec<Vec<usize>> = groups.map(<[usize]>::to_vec).collect();
        for (place, group) in groups.into_iter().enumerate() {
            let mut tied = first_is_tied && place == 0;
            let (leaves, accounts): (Vec<_>, Vec<_>) = group.into_iter().partition(|&a| self.is_leaf(a));
            for leaf in leaves {
                self.rank = if tied { self.rank } else { self.remaining };
                self.ranks[leaf] = self.rank;
                self.remaining -= 1;
                tied = true;
            }
            let merged: Vec<usize> =
                accounts.into_iter().flat_map(|account| self.children(Some(account))).collect();
            if !merged.is_empty() {
                self.visit(merged, tied);
            }
        }
    }
}

/// Accounts with their usage, of so few values that ties are common.
#[derive(Debug)]
struct Case {
    accounts: Vec<Account>,
    usage: Vec<u64>,
}

impl Case {
    fn tree(&self) -> FairTree {
        FairTree::new(self.accounts.clone())
    }

    fn leaf_usage(&self, tree: &FairTree, scale: u32) -> Vec<f64> {
        tree.leaves().map(|leaf| self.usage[leaf] as f64 * f64::from(scale)).collect()
    }
}

fn cases() -> impl Strategy<Value = Case> {
    prop::collection::vec((0_usize..100, 0_u32..4, 0_u64..4), 1..16).prop_map(|rows| {
        let parent = |index: usize, pick: usize| (pick % (index + 1)).checked_sub(1);
        let account = |(index, &(pick, shares, _))| Account { parent: parent(index, pick), shares };
        let accounts = rows.iter().enumerate().map(account).collect();
        Case { accounts, usage: rows.iter().map(|&(_, _, used)| used).collect() }
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn ranks_are_those_of_the_walk(case in cases()) {
        let mut tree = case.tree();
        let factors = tree.recalculate(&case.leaf_usage(&tree, 1)).to_vec();
        let (accounts, usage) = (&case.accounts, &case.usage);
        let (remaining, ranks) = (factors.len(), vec![0; accounts.len()]);
        let mut walk = Walk { accounts, usage, rank: 0, remaining, ranks };
        walk.visit(walk.children(None), false);
        let expected: Vec<f64> =
            tree.leaves().map(|leaf| walk.ranks[leaf] as f64 / factors.len() as f64).collect();
        prop_assert_eq!(factors, expected);
    }

    /// So the best factor is one, and factors are equal or apart by the leaves between them.
    #[test]
    fn a_factor_counts_the_leaves_that_are_not_better(case in cases()) {
        let mut tree = case.tree();
        let factors = tree.recalculate(&case.leaf_usage(&tree, 1)).to_vec();
        let not_better = |factor: &f64| factors.iter().filter(|other| *other <= factor).count();
        let expected: Vec<f64> =
            factors.iter().map(|factor| not_better(factor) as f64 / factors.len() as f64).collect();
        prop_assert_eq!(factors, expected);
    }

    #[test]
    fn the_unit_of_usage_does_not_matter(case in cases(), scale in 1_u32..1_000_000) {
        let mut tree = case.tree();
        let factors = tree.recalculate(&case.leaf_usage(&tree, 1));
        let (before, buffer) = (factors.to_vec(), factors.as_ptr());
        let factors = tree.recalculate(&case.leaf_usage(&tree, scale));
        prop_assert_eq!(factors, before);
        prop_assert_eq!(factors.as_ptr(), buffer, "the buffer is used again");
    }
}
