//! The waiting jobs of one partition in their order, whatever holds them.

use super::ageing::Ageing;
use super::arrival_lane::ArrivalLane;
use super::lane::{Lane, Score};
use super::ranked_lane::{Key, NodeIndex, Ranked};
use super::waiting::{Fit, From, Joining, Place, Waiting};
use crate::model::{Backfill, Compression, Easy, LocalPolicy, Order, ScanOrder};
use crate::scheduling::order::rank;
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

/// Lanes by account, two of each where jobs age.
#[derive(Debug, Clone)]
struct Lanes {
    lanes: Vec<Lane>,
    ageing: Option<Ageing>,
}

impl Lanes {
    /// The account whose limits hold for a lane.
    fn account(&self, lane: usize) -> u32 {
        let each = if self.ageing.is_some() { 2 } else { 1 };
        (lane / each) as u32
    }

    fn sort_at(&mut self, order: Order, now: Time, score: impl Fn(u32) -> f64) {
        let Self { lanes, ageing } = self;
        match (ageing, order) {
            (Some(ageing), _) => ageing.look(lanes, now, score),
            (None, Order::FairShare(_)) => score_lanes(lanes, |account| -score(account)),
            (None, Order::DominantResource) => score_lanes(lanes, score),
            (None, _) if order.varies() => {
                for lane in lanes {
                    lane.rank_again(|job| rank(order, &job.joining(), now));
                }
            }
            (None, _) => {}
        }
    }
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
            Jobs::Lanes(Lanes { lanes, ageing: Some(Ageing::new(weights, capacity)) })
        } else {
            let lanes = tiers.iter().map(|&tier| Lane::new(scan, tier)).collect();
            Jobs::Lanes(Lanes { lanes, ageing: None })
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
            Jobs::Lanes(Lanes { lanes, .. }) => {
                let (lane, node) = place.in_lane();
                lanes[lane].jobs().get(node).waiting
            }
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
            Jobs::Lanes(Lanes { lanes, ageing: Some(ageing) }) => ageing.push(lanes, &joining),
            Jobs::Lanes(Lanes { lanes, ageing: None }) => {
                let rank = rank(self.order, &joining, joining.submit);
                let key = Key { rank, sequence: joining.sequence };
                lanes[joining.lane as usize].insert(Ranked { key, waiting, submit: joining.submit });
            }
        }
    }

    /// Takes the job at `place` out.
    #[inline]
    pub fn remove(&mut self, place: Place) -> Waiting {
        let waiting = match &mut self.jobs {
            Jobs::Arrival(lane) => lane.remove(place.0),
            Jobs::Lanes(Lanes { lanes, .. }) => {
                let (lane, node) = place.in_lane();
                lanes[lane].remove(node).waiting
            }
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
            Jobs::Lanes(lanes) => next_of_lanes(&lanes.lanes, from, fit, |_| u32::MAX),
        }
    }

    /// As [`WaitQueue::next`] in the order of a scan. Only a queue of a policy that scans shortest first can do that.
    #[inline]
    pub fn next_in(&self, scan: ScanOrder, from: From, fit: &Fit) -> Option<Place> {
        match (&self.jobs, scan) {
            (Jobs::Lanes(lanes), ScanOrder::ShortestFirst) => {
                next_shortest_of_lanes(&lanes.lanes, from, fit, |_| u32::MAX)
            }
            _ => self.next(from, fit),
        }
    }

    /// As [`WaitQueue::next`], of jobs that need no more than is left to their lane.
    pub fn next_left(&self, from: From, fit: &Fit, left: &Tally<'_>) -> Option<Place> {
        match &self.jobs {
            Jobs::Arrival(_) => self.next(from, fit),
            Jobs::Lanes(lanes) => {
                next_of_lanes(&lanes.lanes, from, fit, |lane| left.left(lanes.account(lane)))
            }
        }
    }

    /// As [`WaitQueue::next_in`], of jobs that need no more than is left to their lane.
    pub fn next_left_in(&self, scan: ScanOrder, from: From, fit: &Fit, left: &Tally<'_>) -> Option<Place> {
        match (&self.jobs, scan) {
            (Jobs::Lanes(lanes), ScanOrder::ShortestFirst) => {
                next_shortest_of_lanes(&lanes.lanes, from, fit, |lane| left.left(lanes.account(lane)))
            }
            _ => self.next_left(from, fit, left),
        }
    }

    /// The lane of a place.
    pub fn lane_of(&self, place: Place) -> u32 {
        match &self.jobs {
            Jobs::Arrival(_) => 0,
            Jobs::Lanes(lanes) => lanes.account(place.in_lane().0),
        }
    }

    /// The job that came last. O(n) where the queue is not in the order of coming.
    pub fn last_come(&self) -> Option<Place> {
        match &self.jobs {
            Jobs::Arrival(lane) => lane.last().map(Place),
            Jobs::Lanes(Lanes { lanes, .. }) => {
                let nodes = lanes.iter().enumerate().flat_map(|(at, lane)| {
                    let nodes = lane.jobs().indices().into_iter();
                    nodes.map(move |node| (lane.jobs().get(node).key.sequence, Place::new(at, node)))
                });
                nodes.max_by_key(|(sequence, _)| *sequence).map(|(_, place)| place)
            }
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

/// Sets what decides between lanes: the least first.
fn score_lanes(lanes: &mut [Lane], score: impl Fn(u32) -> f64) {
    for (index, lane) in lanes.iter_mut().enumerate() {
        lane.score = Score::First(score(index as u32));
    }
}

fn next_of_lanes(lanes: &[Lane], from: From, fit: &Fit, left: impl Fn(usize) -> u32) -> Option<Place> {
    let behind = match from {
        From::Behind(place) => {
            let (lane, node) = place.in_lane();
            Some(lanes[lane].standing(node))
        }
        From::Start | From::Newcomers(_) => None,
    };
    let waiting = lanes.iter().enumerate().filter(|(_, lane)| !lane.jobs().is_empty());
    let found = waiting.filter_map(|(at, lane)| {
        let (standing, node) = lane.next(behind, &fit.at_most(left(at)))?;
        Some((standing, Place::new(at, node)))
    });
    found.min_by_key(|(standing, _)| *standing).map(|(_, place)| place)
}

fn next_shortest_of_lanes(
    lanes: &[Lane],
    from: From,
    fit: &Fit,
    left: impl Fn(usize) -> u32,
) -> Option<Place> {
    let behind = match from {
        From::Behind(place) => {
            let (lane, node) = place.in_lane();
            Some(lanes[lane].time_key(node))
        }
        From::Start | From::Newcomers(_) => None,
    };
    let waiting = lanes.iter().enumerate().filter(|(_, lane)| !lane.jobs().is_empty());
    let found = waiting.filter_map(|(at, lane)| {
        let (key, node) = lane.next_shortest(behind, &fit.at_most(left(at)))?;
        Some((key, Place::new(at, node)))
    });
    found.min_by_key(|(key, _)| *key).map(|(_, place)| place)
}

impl Place {
    fn new(lane: usize, node: NodeIndex) -> Self {
        Self((lane as u64) << 32 | u64::from(node))
    }

    fn in_lane(self) -> (usize, NodeIndex) {
        ((self.0 >> 32) as usize, self.0 as NodeIndex)
    }
}
