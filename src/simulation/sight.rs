//! What the broker sees of a partition: as it stands, or as it stood at the last multiple of the age of what is known,
//! before anything of that instant happened.
//!
//! What was is kept when the first change comes after such a multiple, or when the broker first looks: until then the
//! partition is as it was. So it costs one prediction for each multiple after which something happens, and nothing where
//! the broker sees partitions as they stand.

use super::partition::PartitionState;
use crate::model::BrokerInformation;
use crate::scheduling::{Entitlement, Snapshot, Waiting};
use crate::units::{Span, Time};

/// A partition as the broker sees it.
#[derive(Debug)]
pub(super) struct Sight {
    information: BrokerInformation,
    /// From when on it is too old.
    until: Time,
    snapshot: Snapshot,
    jobs: u64,
    units_held: u64,
    /// By quota, in units.
    entitlements: Vec<Entitlement>,
}

impl Sight {
    /// Nothing is seen yet; `None` where the broker sees what is.
    pub(super) fn new(information: BrokerInformation, snapshot: Snapshot) -> Option<Box<Self>> {
        (information.age > Span::ZERO).then(|| {
            Box::new(Self {
                information,
                until: Time::ZERO,
                snapshot,
                jobs: 0,
                units_held: 0,
                entitlements: Vec::new(),
            })
        })
    }
}

impl PartitionState {
    /// To be called before anything changes that the broker may see: keeps what has to be kept.
    #[inline]
    pub(super) fn before_change(&mut self, now: Time) {
        if self.sight.is_some() {
            self.look(now);
        }
    }

    /// Brings what the broker sees up to date, where it is too old.
    pub(super) fn look(&mut self, now: Time) {
        if self.sight.as_ref().is_some_and(|sight| now >= sight.until) {
            self.look_again(now);
        }
    }

    /// Lets the broker see the partition as it is now, until the next multiple of the age.
    pub(super) fn look_again(&mut self, now: Time) {
        let Some(mut sight) = self.sight.take() else { return };
        let age = sight.information.age;
        let at = Time(now.0 / age.0 * age.0);
        sight.until = at.saturating_add(age);
        sight.snapshot.retake(&self.outlook(at, 0));
        (sight.jobs, sight.units_held) = (self.jobs_present(), self.units_held());
        sight.entitlements.clear();
        sight.entitlements.extend(self.limits.entitlements());
        self.sight = Some(sight);
    }

    /// The broker sends a job here, by a lane of the queue.
    pub(super) fn note_routing(&mut self, job: &Waiting, tier: i32, lane: u32) {
        let share = self.limits.share_of(lane);
        let Some(sight) = self.sight.as_mut().filter(|sight| sight.information.own_routings) else { return };
        sight.snapshot.add(job, tier);
        sight.jobs += 1;
        sight.units_held += u64::from(job.units);
        if let Some(entitlement) = share.and_then(|share| sight.entitlements.get_mut(share)) {
            entitlement.held += u64::from(job.units);
        }
    }

    /// When a job would start by what the broker sees, now at the earliest.
    pub(super) fn seen_start(&self, now: Time, job: &Waiting, tier: i32) -> Time {
        match &self.sight {
            None => self.predicted_start(now, job, tier),
            Some(sight) => sight.snapshot.start(job, tier).max(now),
        }
    }

    /// Jobs that the broker sees waiting and running.
    pub(super) fn seen_jobs(&self) -> u64 {
        self.sight.as_ref().map_or_else(|| self.jobs_present(), |sight| sight.jobs)
    }

    /// The share of the units that the broker sees held; above 1 where it counts what it has sent.
    pub(super) fn seen_utilisation(&self) -> f64 {
        let held = self.sight.as_ref().map_or_else(|| self.units_held(), |sight| sight.units_held);
        held as f64 / f64::from(self.capacity.max(1))
    }

    /// How far the owners of the quota of a lane would be over their own with so many units more, by what the broker sees.
    pub(super) fn seen_over_entitlement(&self, lane: u32, units: u32) -> f64 {
        let Some(share) = self.limits.share_of(lane) else { return 0.0 };
        let entitlement = match &self.sight {
            None => self.limits.entitlements().nth(share),
            Some(sight) => sight.entitlements.get(share).copied(),
        };
        entitlement.map_or(0.0, |entitlement| entitlement.over(units))
    }

    fn jobs_present(&self) -> u64 {
        (self.queue.len() + self.running.len()) as u64
    }

    fn units_held(&self) -> u64 {
        u64::from(self.capacity.saturating_sub(self.free).saturating_sub(self.withdrawn))
    }
}
