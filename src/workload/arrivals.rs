//! When the jobs of one stream come: a non-homogeneous Poisson process by inversion and thinning, and its bursts.
//!
//! Growth has an integral that can be inverted: from a candidate at t the next one comes where the integral of the bound
//! of the rate has grown by a unit exponential. Where people are less active than the bound, a candidate is an arrival
//! with the chance that its weight over the bound says (Lewis and Shedler 1979): both draws are keyed by the candidate's
//! own ordinal. Bursts are drawn as clusters (Hawkes and Oakes 1974): each arrival of the Poisson process is the origin
//! of one, whose members all come from one stream keyed by that origin; the members of all clusters are merged by time.
//! Both are exact. A draw costs the bound over the mean weight candidates, and O(log members under way).

use crate::engine::{Purpose, Stream, Universe};
use crate::model::{Activity, ArrivalStream, Bursts};
use crate::units::{Span, Time};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// The time of an arrival; with it, whether a candidate is one.
pub(super) const GAP: Purpose = 0;
/// The members of a burst, keyed by its origin.
const CLUSTER: Purpose = 10;

/// An arrival past this many seconds, 570 years, never comes: the range of time ends there.
const NEVER_S: f64 = 1.8e10;

/// Where a stream stands.
#[derive(Debug, Clone)]
pub(super) struct Arrivals {
    key: u64,
    /// Candidates per second at time zero.
    rate_per_s: f64,
    /// What no weight of the activity exceeds.
    bound: f64,
    /// The ordinal of the next candidate.
    candidate: u64,
    /// When the last candidate came.
    time: Time,
    clusters: Option<Clusters>,
}

/// The bursts of a stream.
#[derive(Debug, Clone)]
struct Clusters {
    bursts: Bursts,
    /// The next origin; `None` before the first one, and when there are no more.
    origin: Option<Time>,
    /// Members that have not come yet.
    members: BinaryHeap<Reverse<Time>>,
    /// Reused: members whose own followers have not been drawn yet.
    parents: Vec<Time>,
}

impl Arrivals {
    /// A stream with its key and `rate_per_s` arrivals per second at time zero, in the mean of a week.
    pub(super) fn new(source: &ArrivalStream, key: u64, rate_per_s: f64) -> Self {
        let bound = source.activity.as_ref().map_or(1.0, Activity::bound);
        let clusters = source.bursts.map(|bursts| Clusters {
            bursts,
            origin: None,
            members: BinaryHeap::new(),
            parents: Vec::new(),
        });
        let rate_per_s = match source.bursts {
            Some(Bursts { branching, .. }) => rate_per_s * (1.0 - branching) * bound,
            None => rate_per_s * bound,
        };
        Self { key, rate_per_s, bound, candidate: 0, time: source.starts, clusters }
    }

    /// The key of the stream's random numbers.
    pub(super) fn key(&self) -> u64 {
        self.key
    }

    /// The next arrival of the stream `source`, or `None` when there are no more.
    pub(super) fn next(&mut self, source: &ArrivalStream, universe: Universe) -> Option<Time> {
        let Some(mut clusters) = self.clusters.take() else { return self.origin(source, universe) };
        let next = self.next_of(&mut clusters, source, universe);
        self.clusters = Some(clusters);
        next
    }

    /// The earliest of the next origin and the members under way.
    fn next_of(
        &mut self,
        clusters: &mut Clusters,
        source: &ArrivalStream,
        universe: Universe,
    ) -> Option<Time> {
        let origin = clusters.origin.or_else(|| self.origin(source, universe));
        let member = clusters.members.peek().map(|&Reverse(time)| time);
        clusters.origin = origin;
        match (origin, member) {
            (Some(origin), member) if member.is_none_or(|member| origin <= member) => {
                clusters.origin = None;
                clusters.add(origin, &mut universe.stream(self.key, self.candidate - 1, CLUSTER));
                Some(origin)
            }
            _ => clusters.members.pop().map(|Reverse(time)| time),
        }
    }

    /// The next arrival of the Poisson process.
    #[inline]
    fn origin(&mut self, source: &ArrivalStream, universe: Universe) -> Option<Time> {
        loop {
            let mut draws = universe.stream(self.key, self.candidate, GAP);
            let exponential = -libm::log(draws.uniform());
            let seconds = source.growth.advance(self.time.as_seconds(), exponential, self.rate_per_s)?;
            if seconds >= NEVER_S {
                return None;
            }
            self.time = self.time.saturating_add(Span::from_seconds_round(seconds));
            self.candidate += 1;
            match &source.activity {
                Some(activity) if draws.uniform() * self.bound >= activity.at(self.time) => {}
                _ => return Some(self.time),
            }
        }
    }
}

impl Clusters {
    /// Draws all members of the cluster of an origin.
    fn add(&mut self, origin: Time, draws: &mut Stream) {
        self.parents.push(origin);
        while let Some(parent) = self.parents.pop() {
            for _ in 0..poisson(self.bursts.branching, draws.uniform()) {
                let delay = -self.bursts.mean_delay_s * libm::log(draws.uniform());
                let member = parent.saturating_add(Span::from_seconds_round(delay));
                self.members.push(Reverse(member));
                self.parents.push(member);
            }
        }
    }
}

/// A Poisson number of mean below 1 by inversion.
fn poisson(mean: f64, uniform: f64) -> u32 {
    let (mut number, mut chance) = (0, libm::exp(-mean));
    let mut up_to = chance;
    // A uniform number is a multiple of 2^-53 below 1, which the sum passes after some twenty terms at the latest.
    while uniform > up_to && number < 64 {
        number += 1;
        chance *= mean / f64::from(number);
        up_to += chance;
    }
    number
}
