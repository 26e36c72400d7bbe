//! Owners of a quota take back what others have borrowed of it.
//!
//! Who takes back stays within its own, and who is pushed out holds more than its own: so nobody takes back from one who
//! could take back in turn (Kueue's rule of fair sharing: the share of the one after is less than that of the other
//! before). The job for which units are taken back starts on them, whatever the policy would do with them.

use super::live::JobSlot;
use super::run::Simulation;
use crate::model::{JobId, PartitionId};
use crate::records::Sink;
use crate::scheduling::{Claimant, Fit, From, Leaves, Place, borrowers_to_push_out};
use crate::units::{Span, Time};
use crate::workload::Workload;

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// Where the first job of some owner is kept waiting by borrowers of what is its own, pushes these out. Whether the
    /// policy should decide again.
    pub(super) fn take_back(&mut self, pool: PartitionId) -> bool {
        (0..self.partitions[pool].limits.shares()).any(|share| self.take_back_for(pool, share))
    }

    fn take_back_for(&mut self, pool: PartitionId, share: usize) -> bool {
        let (Some(rule), now) = (self.system.partitions[pool].preemption, self.queue.now()) else {
            return false;
        };
        let state = &self.partitions[pool];
        let own = state.limits.tally_of_owners(share);
        let Some(place) = state.queue.next_left(From::Start, &Fit::ANY, &own) else { return false };
        let waiting = state.queue.get(place);
        let slot = JobSlot(waiting.job);
        if waiting.units <= state.free {
            return false;
        }
        let claim = (slot, self.live.get(slot).job.id);
        let has_claimed = state.claims.contains(&claim);
        let tier = self.system.partitions[self.live.get(slot).partition].tier;
        let claimant = Claimant { units: waiting.units, tier };
        let active = state.active.as_deref().unwrap_or_default();
        let borrowing = state.limits.borrowing().expect("a partition with owners has quotas");
        // Nobody is pushed out at the instant of its start.
        let exempt = rule.exempt.max(Span::STEP);
        let exempt_until = now.0.checked_sub(exempt.0).map(Time);
        let chosen = borrowers_to_push_out(claimant, state.free, active, borrowing, exempt_until);
        let leaving = active.iter().filter(|job| job.leaves == Leaves::Soon).map(|job| job.units);
        let comes_free = waiting.units <= state.free + leaving.sum::<u32>();
        let claims = comes_free || !chosen.is_empty() && self.is_worth_it(pool, &waiting, &chosen);
        if claims && !has_claimed {
            self.partitions[pool].claims.push(claim);
        }
        if comes_free {
            return false;
        }
        if chosen.is_empty() {
            let active = self.partitions[pool].active.as_deref().unwrap_or_default();
            let exempt_ends = active.iter().map(|job| job.start.saturating_add(exempt));
            let retry = exempt_ends.filter(|&end| end > now).min();
            return self.retry_at(pool, retry);
        }
        if !claims {
            return false;
        }
        for job in chosen {
            self.push_out(pool, JobSlot(job), rule, now);
        }
        self.start_claimants(pool);
        true
    }

    /// Starts the jobs for which units were taken back and that fit now.
    pub(super) fn start_claimants(&mut self, pool: PartitionId) {
        for (slot, id) in std::mem::take(&mut self.partitions[pool].claims) {
            match self.claim(pool, slot, id) {
                Claim::Fits(place) => self.start(pool, place),
                Claim::Waits => self.partitions[pool].claims.push((slot, id)),
                Claim::Gone => {}
            }
        }
    }

    fn claim(&self, pool: PartitionId, slot: JobSlot, id: JobId) -> Claim {
        let state = &self.partitions[pool];
        let place = state.place_of(slot).filter(|_| self.live.get(slot).job.id == id);
        let Some(place) = place else { return Claim::Gone };
        let waiting = state.queue.get(place);
        let is_admitted = state.limits.tally().admits(state.queue.lane_of(place), &waiting);
        let fits = is_admitted && state.can_start(self.queue.now(), &waiting);
        if fits { Claim::Fits(place) } else { Claim::Waits }
    }
}

/// What becomes of the claim of a job.
enum Claim {
    /// It can start.
    Fits(Place),
    /// Not yet.
    Waits,
    /// It waits no more.
    Gone,
}
