//! The queue of a multifactor priority: two lanes an account, one of young jobs and one of old.
//!
//! The priority of all young jobs grows alike, so each lane keeps its order for good, and only the heads of lanes are
//! compared at their present priority; see [`Multifactor::split`]. A job moves to the lane of the old when its time has
//! come: O(log n) once in its life.

use super::lane::{Lane, Score};
use super::ranked_lane::{Key, NodeIndex, Ranked};
use super::waiting::{Joining, Place};
use crate::model::Multifactor;
use crate::scheduling::fair_share::Standing;
use crate::scheduling::order::descending;
use crate::units::Time;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// When a job becomes old, and where it lies among the young.
type Young = Reverse<(Time, u64, u32, NodeIndex)>;

/// What moves jobs from young to old.
#[derive(Debug, Clone)]
pub(super) struct Ageing {
    weights: Multifactor,
    capacity: u32,
    young: BinaryHeap<Young>,
}

impl Ageing {
    pub(super) fn new(weights: Multifactor, capacity: u32) -> Self {
        Self { weights, capacity, young: BinaryHeap::new() }
    }

    /// Adds a job that joins at its submission, young, and says where.
    pub(super) fn push(&mut self, lanes: &mut [Lane], joining: &Joining) -> Place {
        let split = self.weights.split(&self.standing(joining.waiting.units), joining.submit);
        let key = Key { rank: descending(split.young).into(), sequence: joining.sequence };
        let job = Ranked { key, waiting: joining.waiting, submit: joining.submit };
        let lane = 2 * joining.lane as usize;
        let node = lanes[lane].insert(job);
        self.young.push(Reverse((split.old_from, joining.sequence, joining.lane, node)));
        Place::new(lane, node)
    }

    /// A job has moved to a lane of its age; a young one ages there.
    pub(super) fn turned(&mut self, job: &Ranked, place: Place) {
        let (lane, node) = place.in_lane();
        if lane.is_multiple_of(2) {
            let split = self.weights.split(&self.standing(job.waiting.units), job.submit);
            self.young.push(Reverse((split.old_from, job.key.sequence, (lane / 2) as u32, node)));
        }
    }

    /// Moves who has become old, and gives each lane its score at `now`; `bonus` is the part of the priority that an
    /// account has. `moved` learns where who has become old, by the caller's name, lies now.
    pub(super) fn look(
        &mut self,
        lanes: &mut [Lane],
        now: Time,
        bonus: impl Fn(u32) -> f64,
        mut moved: impl FnMut(u32, Place),
    ) {
        while let Some(&Reverse((old_from, sequence, account, node))) = self.young.peek()
            && old_from <= now
        {
            self.young.pop();
            let young = &mut lanes[2 * account as usize];
            // The job may have started meanwhile, and another may have its node.
            if young.jobs().holds(node, sequence) {
                let job = young.remove(node);
                let split = self.weights.split(&self.standing(job.waiting.units), job.submit);
                let key = Key { rank: descending(split.old).into(), sequence };
                let old = 2 * account as usize + 1;
                let node = lanes[old].insert(Ranked { key, ..job });
                moved(job.waiting.job, Place::new(old, node));
            }
        }
        let age = self.weights.growth(now);
        for (account, pair) in lanes.chunks_exact_mut(2).enumerate() {
            let bonus = bonus(account as u32);
            pair[0].score = Score::Added(-(age + bonus));
            pair[1].score = Score::Added(-bonus);
        }
    }

    /// What a job's priority rests on besides its account.
    fn standing(&self, units: u32) -> Standing {
        Standing { units, capacity: self.capacity, fair_share: 0.0, qos: 0.0 }
    }
}
