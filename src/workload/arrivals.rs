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
    origins: Origins,
    clusters: Option<Clusters>,
}

/// The Poisson process of a stream.
#[derive(Debug, Clone, Copy)]
struct Origins {
    key: u64,
    /// Candidates per second at time zero.
    rate_per_s: f64,
    /// What no weight of the activity exceeds.
    bound: f64,
    /// The ordinal of the next candidate.
    candidate: u64,
    /// When the last candidate came.
    time: Time,
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
        Self { origins: Origins { key, rate_per_s, bound, candidate: 0, time: source.starts }, clusters }
    }

    /// The key of the stream's random numbers.
    pub(super) fn key(&self) -> u64 {
        self.origins.key
    }

    /// The next arrival of the stream `source`, or `None` when there are no more.
    #[inline]
    pub(super) fn next(&mut self, source: &ArrivalStream, universe: Universe) -> Option<Time> {
        match &mut self.clusters {
            None => self.origins.next(source, universe),
            Some(clusters) => clusters.next(&mut self.origins, source, universe),
        }
    }
}

impl Origins {
    /// The next arrival of the Poisson process.
    #[inline]
    fn next(&mut self, source: &ArrivalStream, universe: Universe) -> Option<Time> {
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
                // Nobody may ever be active again; the range of time ends all the same.
                Some(_) if self.time == Time::MAX => return None,
                Some(activity) if draws.uniform() * self.bound >= activity.at(self.time) => {}
                _ => return Some(self.time),
            }
        }
    }
}

impl Clusters {
    /// The earliest of the next origin and the members under way.
    fn next(&mut self, origins: &mut Origins, source: &ArrivalStream, universe: Universe) -> Option<Time> {
        self.origin = self.origin.or_else(|| origins.next(source, universe));
        let member = self.members.peek().map(|&Reverse(time)| time);
        match self.origin {
            Some(origin) if member.is_none_or(|member| origin <= member) => {
                self.origin = None;
                // The origin is the last candidate drawn.
                self.add(origin, &mut universe.stream(origins.key, origins.candidate - 1, CLUSTER));
                Some(origin)
            }
            _ => self.members.pop().map(|Reverse(time)| time),
        }
    }

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
