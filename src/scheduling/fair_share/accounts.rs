//! The accounts of a partition: each community has its shares, and its countries share them equally. What an account's
//! jobs hold becomes its decaying usage, and usage and shares become its factor by the fair tree.

use super::{Account, DecayedUsage, FairTree};
use crate::model::{Decay, System};
use crate::units::Time;

/// The accounts of one partition; account `i` is arrival stream `i`.
#[derive(Debug, Clone)]
pub struct Accounts {
    decay: Decay,
    usage: Vec<DecayedUsage>,
    tree: FairTree,
    /// The leaf of each account.
    leaf_of: Vec<usize>,
    /// By leaf; reused.
    leaf_usage: Vec<f64>,
    looked_at: Option<Time>,
}

impl Accounts {
    /// An account for each arrival stream of `system`, at least one, with nothing used.
    pub fn new(system: &System, decay: Decay) -> Self {
        let communities = system.communities.len();
        let mut accounts: Vec<Account> = system
            .communities
            .iter()
            .map(|community| Account { parent: None, shares: community.shares })
            .collect();
        accounts.extend(
            system.streams.iter().map(|stream| Account { parent: Some(stream.community.index()), shares: 1 }),
        );
        if system.streams.is_empty() {
            accounts.push(Account { parent: Some(0), shares: 1 });
        }
        let streams = accounts.len() - communities;
        let tree = FairTree::new(accounts);
        let mut leaf_of = vec![0; streams];
        for (leaf, account) in tree.leaves().enumerate() {
            // A community without streams is a leaf as well, and nobody's account.
            if let Some(stream) = account.checked_sub(communities) {
                leaf_of[stream] = leaf;
            }
        }
        let leaves = tree.leaves().count();
        Self {
            decay,
            usage: vec![DecayedUsage::new(decay, 0.0); streams],
            leaf_usage: vec![0.0; leaves],
            tree,
            leaf_of,
            looked_at: None,
        }
    }

    /// How many accounts there are.
    pub fn count(&self) -> usize {
        self.usage.len()
    }

    /// From `now` on an account holds `units` more.
    pub fn hold(&mut self, now: Time, account: u32, units: u32) {
        self.usage[account as usize].hold(now, units);
    }

    /// From `now` on an account holds `units` less.
    pub fn release(&mut self, now: Time, account: u32, units: u32) {
        self.usage[account as usize].release(now, units);
    }

    /// Brings the factors up to the last recalculation not after `now`.
    pub fn look(&mut self, now: Time) {
        let due = self.decay.last_recalculation(now);
        if self.looked_at == Some(due) {
            return;
        }
        self.looked_at = Some(due);
        for (usage, &leaf) in self.usage.iter().zip(&self.leaf_of) {
            self.leaf_usage[leaf] = usage.snapshot_at(now);
        }
        self.tree.recalculate(&self.leaf_usage);
    }

    /// The fair-share factor of an account, in `[0, 1]`, best 1.
    pub fn factor(&self, account: u32) -> f64 {
        self.tree.factors()[self.leaf_of[account as usize]]
    }
}
