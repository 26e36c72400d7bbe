//! The waiting jobs of one partition in their order, whatever holds them.

use super::ageing::Ageing;
use super::arrival_lane::ArrivalLane;
use super::lane::Lane;
use super::lanes::Lanes;
use super::waiting::{Fit, From, Joining, Place, Waiting};
use crate::model::{Backfill, Compression, Easy, LocalPolicy, Order, ScanOrder};
use crate::scheduling::{Setting, Tally};
use crate::units::Time;

/// The waiting jobs of one partition.
#[derive(Debug, Clone)]
pub struct WaitQueue {
    order: Order,
    jobs: Jobs,
    live: usize,
    /// Sum of units times requested time, in unit-nanoseconds.
    area: u128,
}

#[derive(Debug, Clone)]
enum Jobs {
    Arrival(ArrivalLane),
    Lanes(Lanes),
}

impl WaitQueue {
    /// An empty queue for a policy on a partition of so many units, with a lane for each of these tiers.
    pub fn new(policy: LocalPolicy, capacity: u32, tiers: &[i32], setting: Setting) -> Self {
        let scan = match policy.backfill {
            Backfill::Easy(Easy { scan, .. }) => scan,
            _ => ScanOrder::Queue,
        };
        // Conservative policies remember places across pushes, which a ring does not keep.
        let keeps_places = matches!(policy.backfill, Backfill::Conservative(rule) if rule.compression != Compression::Replan);
        let one_lane = tiers.len() == 1 && setting == Setting::Plain && policy.order == Order::Submission;
        let plain = one_lane && scan == ScanOrder::Queue && !keeps_places;
        let jobs = if plain {
            Jobs::Arrival(ArrivalLane::default())
        } else if let Order::Multifactor(weights, _) = policy.order {
            let pairs = tiers.iter().flat_map(|&tier| [tier, tier]);
            let lanes = pairs.map(|tier| Lane::new(scan, tier)).collect();
            Jobs::Lanes(Lanes::new(lanes, Some(Ageing::new(weights, capacity))))
        } else {
            let lanes = tiers.iter().map(|&tier| Lane::new(scan, tier)).collect();
            Jobs::Lanes(Lanes::new(lanes, None))
        };
        Self { order: policy.order, jobs, live: 0, area: 0 }
    }

    /// The same queue, still empty, in which jobs may be held back; not of one plain lane in the order of coming.
    #[must_use]
    pub fn holding_back(mut self) -> Self {
        let Jobs::Lanes(lanes) = &mut self.jobs else { unreachable!("who has limits has lanes") };
        lanes.hold_back();
        self
    }

    /// Holds a waiting job back, or lets it go on if it is held back: it keeps its place in the order, but searches with
    /// regard to limits do not find it. O(log n); its [`Place`] is another one.
    pub fn turn(&mut self, job: u32) {
        let Jobs::Lanes(lanes) = &mut self.jobs else { unreachable!("who has limits has lanes") };
        lanes.turn(job);
    }

    /// How many jobs wait.
    pub fn len(&self) -> usize {
        self.live
    }

    /// Whether nobody waits.
    #[inline]
    pub fn is_empty(&self) -> bool {
        self.live == 0
    }

    /// Units times requested time of all waiting jobs, in unit-nanoseconds.
    pub fn area(&self) -> u128 {
        self.area
    }

    /// The first job with its place.
    #[inline]
    pub fn head(&self) -> Option<(Place, Waiting)> {
        match &self.jobs {
            Jobs::Arrival(lane) => lane.head().map(|(at, job)| (Place(at), job)),
            Jobs::Lanes(_) => self.following(From::Start),
        }
    }

    /// The first job from a place on, in order.
    #[inline]
    pub fn following(&self, from: From) -> Option<(Place, Waiting)> {
        let place = match (&self.jobs, from) {
            (Jobs::Arrival(lane), From::Start) => lane.following(0).map(Place),
            (Jobs::Arrival(lane), From::Behind(place)) => lane.following(place.0 + 1).map(Place),
            _ => self.next(from, &Fit::ANY),
        };
        place.map(|place| (place, self.get(place)))
    }

    /// All jobs in order, with their places.
    pub fn iter(&self) -> impl Iterator<Item = (Place, Waiting)> + '_ {
        std::iter::successors(self.head(), |(place, _)| self.following(From::Behind(*place)))
    }

    /// The last `count` jobs that came, where the queue is in the order of coming; all jobs elsewhere.
    pub fn newcomers(&self, count: u32) -> impl Iterator<Item = Waiting> + '_ {
        let first = self.following(From::Newcomers(count));
        std::iter::successors(first, |(place, _)| self.following(From::Behind(*place))).map(|(_, job)| job)
    }

    /// The job at `place`, which must hold one.
    #[inline]
    pub fn get(&self, place: Place) -> Waiting {
        match &self.jobs {
            Jobs::Arrival(lane) => lane.get(place.0),
            Jobs::Lanes(lanes) => lanes.get(place),
        }
    }

    /// Adds a job. Where the queue is in the order of coming, places are good until then.
    #[inline]
    pub fn push(&mut self, joining: Joining) {
        let waiting = joining.waiting;
        self.live += 1;
        self.area += waiting.area();
        match &mut self.jobs {
            Jobs::Arrival(lane) => lane.push(waiting),
            Jobs::Lanes(lanes) => lanes.push(self.order, &joining),
        }
    }

    /// Takes the job at `place` out.
    #[inline]
    pub fn remove(&mut self, place: Place) -> Waiting {
        let waiting = match &mut self.jobs {
            Jobs::Arrival(lane) => lane.remove(place.0),
            Jobs::Lanes(lanes) => lanes.remove(place),
        };
        self.live -= 1;
        self.area -= waiting.area();
        waiting
    }

    /// The first job from a place on, in queue order, that fits. O(log n) in the jobs waiting, for each lane.
    #[inline]
    pub fn next(&self, from: From, fit: &Fit) -> Option<Place> {
        match &self.jobs {
            Jobs::Arrival(lane) => {
                let from = match from {
                    From::Start => 0,
                    From::Behind(place) => place.0 + 1,
                    From::Newcomers(count) => lane.tail() - u64::from(count),
                };
                lane.next_fitting(from, fit).map(Place)
            }
            Jobs::Lanes(lanes) => lanes.next(from, fit),
        }
    }

    /// As [`WaitQueue::next`] in the order of a scan. Only a queue of a policy that scans shortest first can do that.
    #[inline]
    pub fn next_in(&self, scan: ScanOrder, from: From, fit: &Fit) -> Option<Place> {
        match (&self.jobs, scan) {
            (Jobs::Lanes(lanes), ScanOrder::ShortestFirst) => lanes.next_shortest(from, fit),
            _ => self.next(from, fit),
        }
    }

    /// As [`WaitQueue::next`], of jobs that need no more than is left to their lane and their project.
    pub fn next_left(&self, from: From, fit: &Fit, left: &Tally<'_>) -> Option<Place> {
        match &self.jobs {
            Jobs::Arrival(_) => self.next(from, fit),
            Jobs::Lanes(lanes) => lanes.next_left(from, fit, left),
        }
    }

    /// As [`WaitQueue::next_in`], of jobs that need no more than is left to their lane and their project.
    pub fn next_left_in(&self, scan: ScanOrder, from: From, fit: &Fit, left: &Tally<'_>) -> Option<Place> {
        match (&self.jobs, scan) {
            (Jobs::Lanes(lanes), ScanOrder::ShortestFirst) => lanes.next_shortest_left(from, fit, left),
            _ => self.next_left(from, fit, left),
        }
    }

    /// The lane of a place.
    pub fn lane_of(&self, place: Place) -> u32 {
        match &self.jobs {
            Jobs::Arrival(_) => 0,
            Jobs::Lanes(lanes) => lanes.account_of(place),
        }
    }

    /// The job that came last. O(n) where the queue is not in the order of coming.
    pub fn last_come(&self) -> Option<Place> {
        match &self.jobs {
            Jobs::Arrival(lane) => lane.last().map(Place),
            Jobs::Lanes(lanes) => lanes.last_come(),
        }
    }

    /// Brings an order that varies with time up to date: O(n log n) for orders that [vary](Order::varies), O(lanes) for
    /// those that look at accounts, nothing elsewhere. `score` is what the order looks at of an account: its fair-share
    /// factor, its dominant share, or its part of the multifactor priority.
    #[inline]
    pub fn sort_at(&mut self, now: Time, score: impl Fn(u32) -> f64) {
        if let Jobs::Lanes(lanes) = &mut self.jobs {
            lanes.sort_at(self.order, now, score);
        }
    }
}
