//! The waiting jobs of one partition in their order, whatever holds them.

use super::arrival_lane::ArrivalLane;
use super::ranked_lane::{Key, NodeIndex, Ranked, RankedLane};
use super::waiting::{Fit, From, Joining, Place, Waiting};
use crate::model::{Backfill, Easy, LocalPolicy, Order, ScanOrder};
use crate::scheduling::order::rank;
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
    Ranked(RankedLane),
    /// The same jobs in the order of the queue and by requested time.
    Both(Twins),
}

/// Two lanes of the same jobs, each of which knows where the other holds a job.
#[derive(Debug, Clone, Default)]
struct Twins {
    ranked: RankedLane,
    by_time: RankedLane,
    time_of_ranked: Vec<NodeIndex>,
    ranked_of_time: Vec<NodeIndex>,
}

impl Twins {
    fn insert(&mut self, job: Ranked) {
        let key = Key { rank: job.waiting.requested.0.into(), sequence: job.key.sequence };
        let ranked = self.ranked.insert(job);
        let by_time = self.by_time.insert(Ranked { key, ..job });
        note(&mut self.time_of_ranked, ranked, by_time);
        note(&mut self.ranked_of_time, by_time, ranked);
    }

    fn remove(&mut self, index: NodeIndex) -> Ranked {
        self.by_time.remove(self.time_of_ranked[index as usize]);
        self.ranked.remove(index)
    }
}

fn note(places: &mut Vec<NodeIndex>, at: NodeIndex, value: NodeIndex) {
    if places.len() <= at as usize {
        places.resize(at as usize + 1, 0);
    }
    places[at as usize] = value;
}

impl WaitQueue {
    /// An empty queue for a policy.
    pub fn new(policy: LocalPolicy) -> Self {
        let by_time = matches!(policy.backfill, Backfill::Easy(Easy { scan: ScanOrder::ShortestFirst, .. }));
        // Conservative policies remember places across pushes, which a ring does not keep.
        let keeps_places = matches!(policy.backfill, Backfill::Conservative(_));
        let jobs = if by_time {
            Jobs::Both(Twins::default())
        } else if policy.order == Order::Submission && !keeps_places {
            Jobs::Arrival(ArrivalLane::default())
        } else {
            Jobs::Ranked(RankedLane::default())
        };
        Self { order: policy.order, jobs, live: 0, area: 0 }
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
        self.following(From::Start)
    }

    /// The first job from a place on, in order.
    #[inline]
    pub fn following(&self, from: From) -> Option<(Place, Waiting)> {
        match (&self.jobs, from) {
            (Jobs::Arrival(lane), From::Start) => lane.head().map(|(at, job)| (Place(at), job)),
            _ => self.next(from, &Fit::ANY).map(|place| (place, self.get(place))),
        }
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
            Jobs::Ranked(lane) | Jobs::Both(Twins { ranked: lane, .. }) => {
                lane.get(place.0 as NodeIndex).waiting
            }
        }
    }

    /// Adds a job. Where it is in the order of coming, places are good until then.
    #[inline]
    pub fn push(&mut self, joining: Joining) {
        let Joining { waiting, submit, sequence } = joining;
        self.live += 1;
        self.area += waiting.area();
        if let Jobs::Arrival(lane) = &mut self.jobs {
            return lane.push(waiting);
        }
        let rank = rank(self.order, &waiting, submit, submit);
        let job = Ranked { key: Key { rank, sequence }, waiting, submit };
        match &mut self.jobs {
            Jobs::Arrival(_) => {}
            Jobs::Ranked(lane) => {
                lane.insert(job);
            }
            Jobs::Both(twins) => twins.insert(job),
        }
    }

    /// Takes the job at `place` out.
    #[inline]
    pub fn remove(&mut self, place: Place) -> Waiting {
        let index = place.0 as NodeIndex;
        let waiting = match &mut self.jobs {
            Jobs::Arrival(lane) => lane.remove(place.0),
            Jobs::Ranked(lane) => lane.remove(index).waiting,
            Jobs::Both(twins) => twins.remove(index).waiting,
        };
        self.live -= 1;
        self.area -= waiting.area();
        waiting
    }

    /// The first job from a place on, in queue order, that fits. O(log n) in the jobs waiting.
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
            Jobs::Ranked(lane) | Jobs::Both(Twins { ranked: lane, .. }) => {
                let behind = |place: Place| lane.get(place.0 as NodeIndex).key;
                next_of(lane, from, behind, fit).map(|index| Place(index.into()))
            }
        }
    }

    /// As [`WaitQueue::next`] in the order of a scan. Only a queue of a policy that scans shortest first can do that.
    #[inline]
    pub fn next_in(&self, scan: ScanOrder, from: From, fit: &Fit) -> Option<Place> {
        let twins = match (&self.jobs, scan) {
            (Jobs::Both(twins), ScanOrder::ShortestFirst) => twins,
            _ => return self.next(from, fit),
        };
        let lane = &twins.by_time;
        let behind = |place: Place| lane.get(twins.time_of_ranked[place.0 as usize]).key;
        let found = next_of(lane, from, behind, fit)?;
        Some(Place(twins.ranked_of_time[found as usize].into()))
    }

    /// The job that came last, with its place. O(n) where the queue is not in the order of coming.
    pub fn last_come(&self) -> Option<Place> {
        match &self.jobs {
            Jobs::Arrival(lane) => lane.last().map(Place),
            Jobs::Ranked(lane) | Jobs::Both(Twins { ranked: lane, .. }) => {
                let last = lane.indices().into_iter().max_by_key(|&index| lane.get(index).key.sequence);
                last.map(|index| Place(index.into()))
            }
        }
    }

    /// Brings an order that varies with time up to date; O(n log n) there, nothing elsewhere.
    #[inline]
    pub fn sort_at(&mut self, now: Time) {
        if self.order.varies() {
            let order = self.order;
            if let Jobs::Ranked(lane) | Jobs::Both(Twins { ranked: lane, .. }) = &mut self.jobs {
                lane.rank_again(|job| rank(order, &job.waiting, job.submit, now));
            }
        }
    }
}

fn next_of(lane: &RankedLane, from: From, key_of: impl Fn(Place) -> Key, fit: &Fit) -> Option<NodeIndex> {
    match from {
        From::Start | From::Newcomers(_) => lane.next_fitting(&|_| true, fit),
        From::Behind(place) => {
            let key = key_of(place);
            lane.next_fitting(&|other| other > key, fit)
        }
    }
}
