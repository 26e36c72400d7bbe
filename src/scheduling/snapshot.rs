//! A partition as it stood at an instant, as far as predictions look at it: what a broker knows that is told now and then.
//!
//! It gives the answers that the partition would have given then, whatever has happened since. The broker may add to it
//! the jobs that it has sent since, which it takes to stand at the end of their tier.

use super::policy::{Ground, Promise};
use super::{Blocks, Forecast, Outlook, Setting, Waiting};
use crate::model::LocalPolicy;
use crate::units::Time;

/// What predictions knew at an instant.
#[derive(Debug)]
pub struct Snapshot {
    at: Time,
    free: u32,
    capacity: u32,
    nodes: Option<(u32, Time)>,
    blocks: Blocks,
    inbound_area: u128,
    promise: Option<Promise>,
    is_alone: bool,
    /// A plan for each tier that may ask, ascending.
    plans: Vec<(i32, Forecast)>,
}

impl Snapshot {
    /// For a partition under a policy, with the tier of each of its lanes; nothing is known before [`Snapshot::retake`].
    pub fn new(policy: LocalPolicy, setting: Setting, tiers: &[i32]) -> Self {
        let mut tiers = tiers.to_vec();
        tiers.sort_unstable();
        tiers.dedup();
        Self {
            at: Time::ZERO,
            free: 0,
            capacity: 0,
            nodes: None,
            blocks: Blocks::default(),
            inbound_area: 0,
            promise: None,
            is_alone: false,
            plans: tiers.into_iter().map(|tier| (tier, Forecast::new(policy, setting))).collect(),
        }
    }

    /// Forgets all and keeps what `outlook` shows. O(R + D B) a tier, as a prediction.
    pub fn retake(&mut self, outlook: &Outlook<'_>) {
        let view = &outlook.view;
        self.at = view.now;
        self.free = view.free;
        self.capacity = outlook.capacity;
        self.nodes = view.ground().nodes;
        self.blocks.clone_from(view.blocks);
        self.inbound_area = outlook.inbound_area;
        self.promise = outlook.promise;
        self.is_alone = outlook.is_alone();
        for (tier, plan) in &mut self.plans {
            plan.invalidate();
            plan.refresh(&Outlook { tier: *tier, ..*outlook });
        }
    }

    /// Adds a job that was sent here since.
    pub fn add(&mut self, job: &Waiting, tier: i32) {
        self.is_alone = false;
        let ground = Ground { now: self.at, nodes: self.nodes, blocks: &self.blocks };
        for (_, plan) in self.plans.iter_mut().filter(|(asking, _)| *asking <= tier) {
            plan.plan(ground, job);
        }
        // A jump past the head is admitted once; who comes later is planned like everybody.
        self.promise = None;
    }

    /// When a job that asked then would have been predicted to start, as [`Forecast::start`]; it must fit the capacity.
    pub fn start(&self, job: &Waiting, tier: i32) -> Time {
        let jumps = |promise: Promise| promise.admits(self.at, self.free, job.units, job.requested);
        if job.units <= self.free && (self.is_alone || self.promise.is_some_and(jumps)) {
            return self.at;
        }
        let ground = Ground { now: self.at, nodes: self.nodes, blocks: &self.blocks };
        let (_, plan) = self.plans.iter().find(|(of, _)| *of == tier).expect("jobs come by a known tier");
        plan.planned_start(ground, self.capacity, self.inbound_area, job)
    }
}
