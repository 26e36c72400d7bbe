//! Quotas of one cohort: each owner has units of its own, and what some leave idle others may borrow.
//!
//! The rules are those of Kueue's cohorts. An owner may always ask for its own units; if others have borrowed them it
//! waits for capacity, or takes them back by preemption, but no limit holds it. Beyond its own it may hold what lies
//! idle of the pool: of each owner's units those that it lends, and those of the partition that are nobody's. Who has
//! no quota owns nothing and borrows.
//!
//! Taking back never turns in a circle: only who stays within its own pushes out, and only who holds more than its own
//! is pushed out.

/// What belongs to one owner, in units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Share {
    /// Its own.
    pub own: u64,
    /// The most it may hold beyond its own.
    pub borrow: u64,
    /// The most of its own that others may hold; at most `own`.
    pub lend: u64,
}

impl Share {
    /// What nobody else ever holds.
    fn kept(self) -> u64 {
        self.own - self.lend
    }
}

/// The quotas of a partition with what is held of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Quotas {
    /// The last one is that of those without a quota.
    shares: Vec<Share>,
    held: Vec<u64>,
    share_of: Vec<usize>,
    /// Units that anybody may hold.
    pool: u64,
    /// How many of these are held.
    pool_held: u64,
}

impl Quotas {
    /// `share_of` says whose each lane is.
    pub(super) fn new(capacity: u64, mut shares: Vec<Share>, share_of: Vec<Option<usize>>) -> Self {
        let own: u64 = shares.iter().map(|share| share.own).sum();
        assert!(own <= capacity, "quotas share out no more than there is");
        assert!(shares.iter().all(|share| share.lend <= share.own), "nobody lends more than its own");
        let nobody = shares.len();
        shares.push(Share { own: 0, borrow: capacity, lend: 0 });
        let kept: u64 = shares.iter().map(|share| share.kept()).sum();
        Self {
            held: vec![0; shares.len()],
            shares,
            share_of: share_of.into_iter().map(|share| share.unwrap_or(nobody)).collect(),
            pool: capacity - kept,
            pool_held: 0,
        }
    }

    /// How many there are, without that of those who have none.
    pub(super) fn shares(&self) -> usize {
        self.shares.len() - 1
    }

    pub(super) fn share_of(&self, lane: u32) -> usize {
        self.share_of[lane as usize]
    }

    pub(super) fn entitlements(&self) -> impl Iterator<Item = Entitlement> + '_ {
        self.shares.iter().zip(&self.held).map(|(share, &held)| Entitlement { own: share.own, held })
    }

    /// Units left to a lane: what is left of its owner's own, or what lies idle if that is more.
    pub(super) fn left(&self, lane: u32) -> u64 {
        let index = self.share_of[lane as usize];
        let (share, held) = (self.shares[index], self.held[index]);
        let idle = share.kept().saturating_sub(held) + self.pool.saturating_sub(self.pool_held);
        let own = share.own.saturating_sub(held);
        own.max(idle).min((share.own + share.borrow).saturating_sub(held))
    }

    /// Units left to a lane of its owner's own, if that is the owner of `share`; none otherwise.
    pub(super) fn own_left(&self, lane: u32, share: usize) -> u64 {
        let is_owner = self.share_of[lane as usize] == share;
        if is_owner { self.shares[share].own.saturating_sub(self.held[share]) } else { 0 }
    }

    pub(super) fn hold(&mut self, lane: u32, units: u64) {
        self.change(lane, |held| held + units);
    }

    pub(super) fn release(&mut self, lane: u32, units: u64) {
        self.change(lane, |held| held.checked_sub(units).expect("a lane releases what it holds"));
    }

    fn change(&mut self, lane: u32, change: impl Fn(u64) -> u64) {
        let index = self.share_of[lane as usize];
        let kept = self.shares[index].kept();
        let of_pool = |held: u64| held.saturating_sub(kept);
        self.pool_held -= of_pool(self.held[index]);
        self.held[index] = change(self.held[index]);
        self.pool_held += of_pool(self.held[index]);
    }

    pub(super) fn borrowing(&self) -> Borrowing<'_> {
        let beyond = |(share, held): (&Share, &u64)| held.saturating_sub(share.own);
        Borrowing {
            share_of: &self.share_of,
            beyond: self.shares.iter().zip(&self.held).map(beyond).collect(),
        }
    }
}

/// What the owners of a quota own, and what they hold, in units.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Entitlement {
    /// Their own.
    pub own: u64,
    /// What they hold, borrowed units included.
    pub held: u64,
}

impl Entitlement {
    /// Units beyond their own over their own, once they hold so many more: 0 within it, infinite where they own nothing.
    pub fn over(self, units: u32) -> f64 {
        let beyond = (self.held + u64::from(units)).saturating_sub(self.own);
        if beyond == 0 { 0.0 } else { beyond as f64 / self.own as f64 }
    }
}

/// Who holds more than its own, as units are taken back.
#[derive(Debug, Clone)]
pub struct Borrowing<'a> {
    share_of: &'a [usize],
    /// By quota, the last one that of those without any: units held beyond their own.
    beyond: Vec<u64>,
}

impl Borrowing<'_> {
    /// Units that the lane's owner holds beyond its own.
    pub fn beyond(&self, lane: u32) -> u64 {
        self.beyond[self.share_of[lane as usize]]
    }

    /// A job of the lane gives its units back.
    pub fn give_back(&mut self, lane: u32, units: u32) {
        let beyond = &mut self.beyond[self.share_of[lane as usize]];
        *beyond = beyond.saturating_sub(units.into());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: u32 = 3;

    /// Of twenty units: ten of lane 0, six of lane 1, two of lane 2, two of nobody.
    fn quotas() -> Quotas {
        let shares = vec![
            Share { own: 10, borrow: 3, lend: 4 },
            Share { own: 6, borrow: 20, lend: 6 },
            Share { own: 2, borrow: 0, lend: 2 },
        ];
        Quotas::new(20, shares, vec![Some(0), Some(1), Some(2), None])
    }

    fn left(quotas: &Quotas) -> [u64; 4] {
        [0, 1, 2, NONE].map(|lane| quotas.left(lane))
    }

    #[test]
    fn idle_units_are_borrowed_up_to_what_is_lent_and_what_may_be_borrowed() {
        let mut quotas = quotas();
        // 4 + 6 + 2 lent and 2 of nobody; lane 0 keeps 6 besides.
        assert_eq!(left(&quotas), [13, 14, 2, 14]);
        quotas.hold(1, 12);
        assert_eq!(left(&quotas), [10, 2, 2, 2], "lanes 0 and 2 may ask for their own");
        quotas.hold(NONE, 2);
        assert_eq!(left(&quotas), [10, 0, 2, 0]);
        quotas.release(1, 7);
        assert_eq!(left(&quotas), [13, 7, 2, 7]);
    }

    #[test]
    fn who_borrows_is_known_and_owners_are_asked_alone() {
        let mut quotas = quotas();
        quotas.hold(1, 9);
        quotas.hold(NONE, 4);
        let mut borrowing = quotas.borrowing();
        assert_eq!([0, 1, 2, NONE].map(|lane| borrowing.beyond(lane)), [0, 3, 0, 4]);
        borrowing.give_back(1, 5);
        assert_eq!(borrowing.beyond(1), 0);
        quotas.hold(0, 7);
        assert_eq!([0, 1].map(|lane| quotas.own_left(lane, 0)), [3, 0]);
    }
}
