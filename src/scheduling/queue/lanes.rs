//! The lanes of a queue: waiting jobs by account in their order, those held back apart.
//!
//! A job that the limit of its project holds back lies in a second lane of its account, where it keeps its rank: what goes
//! through the whole queue meets it in its order, while searches with regard to limits pass the lane over in O(1).

use super::ageing::Ageing;
use super::lane::{Lane, Score};
use super::ranked_lane::{Key, NodeIndex, Ranked};
use super::waiting::{Fit, From, Joining, Place, Waiting};
use crate::model::Order;
use crate::scheduling::Tally;
use crate::scheduling::order::rank;
use crate::units::Time;
use std::collections::BTreeMap;

/// Lanes by account, two of each where jobs age; behind them as many again where jobs may be held back.
#[derive(Debug, Clone)]
pub(super) struct Lanes {
    all: Vec<Lane>,
    ageing: Option<Ageing>,
    held_back: Option<HeldBack>,
}

/// Where jobs may be held back.
#[derive(Debug, Clone)]
struct HeldBack {
    /// How many accounts there are: the lanes of those held back are those of as many further ones.
    accounts: u32,
    /// The jobs of all lanes, by the caller's name.
    places: BTreeMap<u32, Place>,
}

impl Lanes {
    pub(super) fn new(lanes: Vec<Lane>, ageing: Option<Ageing>) -> Self {
        Self { all: lanes, ageing, held_back: None }
    }

    /// The account of a lane, those of jobs held back behind the others.
    fn account_at(&self, lane: usize) -> u32 {
        let each = if self.ageing.is_some() { 2 } else { 1 };
        (lane / each) as u32
    }

    /// The account whose limits hold for a place.
    pub(super) fn account_of(&self, place: Place) -> u32 {
        let account = self.account_at(place.in_lane().0);
        self.held_back.as_ref().map_or(account, |held_back| account % held_back.accounts)
    }

    /// Units left to a lane: none to those of jobs held back.
    fn left(&self, lane: usize, left: &Tally<'_>) -> u32 {
        let account = self.account_at(lane);
        let is_held_back = self.held_back.as_ref().is_some_and(|held_back| account >= held_back.accounts);
        if is_held_back { 0 } else { left.left(account) }
    }

    /// Of the places that a search finds one behind the other, the first whose project the job may start by.
    fn first_admitted(
        &self,
        from: From,
        left: &Tally<'_>,
        next: impl Fn(From) -> Option<Place>,
    ) -> Option<Place> {
        let mut found = next(from)?;
        // Jobs held back are not found; others may have become too many by what was chosen since.
        while !left.admits_of_project(&self.get(found)) {
            found = next(From::Behind(found))?;
        }
        Some(found)
    }

    #[inline]
    pub(super) fn get(&self, place: Place) -> Waiting {
        let (lane, node) = place.in_lane();
        self.all[lane].jobs().get(node).waiting
    }

    #[inline]
    pub(super) fn push(&mut self, order: Order, joining: &Joining) {
        let place = if let Some(ageing) = &mut self.ageing {
            ageing.push(&mut self.all, joining)
        } else {
            let (lane, rank) = (joining.lane as usize, rank(order, joining, joining.submit));
            let key = Key { rank, sequence: joining.sequence };
            let job = Ranked { key, waiting: joining.waiting, submit: joining.submit };
            Place::new(lane, self.all[lane].insert(job))
        };
        if let Some(held_back) = &mut self.held_back {
            held_back.places.insert(joining.waiting.job, place);
        }
    }

    #[inline]
    pub(super) fn remove(&mut self, place: Place) -> Waiting {
        let (lane, node) = place.in_lane();
        let waiting = self.all[lane].remove(node).waiting;
        if let Some(held_back) = &mut self.held_back {
            held_back.places.remove(&waiting.job);
        }
        waiting
    }

    /// Moves a job between the lane of its account and that of those held back.
    pub(super) fn turn(&mut self, job: u32) {
        let Self { all: lanes, ageing, held_back } = self;
        let held_back = held_back.as_mut().expect("only where jobs may be held back do they turn");
        let place = held_back.places.get_mut(&job).expect("who turns waits");
        let (from, node) = place.in_lane();
        let to = (from + lanes.len() / 2) % lanes.len();
        let ranked = lanes[from].remove(node);
        *place = Place::new(to, lanes[to].insert(ranked));
        if let Some(ageing) = ageing {
            ageing.turned(&ranked, *place);
        }
    }

    #[inline]
    pub(super) fn sort_at(&mut self, order: Order, now: Time, score: impl Fn(u32) -> f64) {
        let Self { all: lanes, ageing, held_back } = self;
        let accounts = held_back.as_ref().map_or(u32::MAX, |held_back| held_back.accounts);
        let score = |account: u32| score(if account < accounts { account } else { account - accounts });
        match (ageing, order) {
            (Some(ageing), _) => ageing.look(lanes, now, score, |job, place| {
                if let Some(held_back) = held_back {
                    held_back.places.insert(job, place);
                }
            }),
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

    /// From now on jobs may be held back; nobody waits yet.
    pub(super) fn hold_back(&mut self) {
        let accounts = self.account_at(self.all.len());
        self.all.extend_from_within(..);
        self.held_back = Some(HeldBack { accounts, places: BTreeMap::new() });
    }

    /// The first job from a place on that fits.
    #[inline]
    pub(super) fn next(&self, from: From, fit: &Fit) -> Option<Place> {
        next_of_lanes(&self.all, from, fit, |_| u32::MAX)
    }

    /// The same by requested time.
    #[inline]
    pub(super) fn next_shortest(&self, from: From, fit: &Fit) -> Option<Place> {
        next_shortest_of_lanes(&self.all, from, fit, |_| u32::MAX)
    }

    /// As [`Lanes::next`], of jobs that need no more than is left.
    pub(super) fn next_left(&self, from: From, fit: &Fit, left: &Tally<'_>) -> Option<Place> {
        self.first_admitted(from, left, |from| {
            next_of_lanes(&self.all, from, fit, |lane| self.left(lane, left))
        })
    }

    /// As [`Lanes::next_shortest`], of jobs that need no more than is left.
    pub(super) fn next_shortest_left(&self, from: From, fit: &Fit, left: &Tally<'_>) -> Option<Place> {
        self.first_admitted(from, left, |from| {
            next_shortest_of_lanes(&self.all, from, fit, |lane| self.left(lane, left))
        })
    }

    /// The job that came last. O(n).
    pub(super) fn last_come(&self) -> Option<Place> {
        let nodes = self.all.iter().enumerate().flat_map(|(at, lane)| {
            let nodes = lane.jobs().indices().into_iter();
            nodes.map(move |node| (lane.jobs().get(node).key.sequence, Place::new(at, node)))
        });
        nodes.max_by_key(|(sequence, _)| *sequence).map(|(_, place)| place)
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
    pub(super) fn new(lane: usize, node: NodeIndex) -> Self {
        Self((lane as u64) << 32 | u64::from(node))
    }

    pub(super) fn in_lane(self) -> (usize, NodeIndex) {
        ((self.0 >> 32) as usize, self.0 as NodeIndex)
    }
}
