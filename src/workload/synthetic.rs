//! Synthetic demand: non-homogeneous Poisson streams by inversion, and jobs drawn by class.
//!
//! A stream's rate is r·exp(g·t). From an arrival at t the next one comes at the t' at which the integral of the rate
//! has grown by a unit exponential E: t' = t + ln(1 + g·E·exp(-g·t)/r)/g, or t + E/r without growth; a shrinking stream
//! (g < 0) ends where the argument is not positive. All draws of job k of a stream are keyed by (stream, k, purpose).

use super::{Submission, Workload};
use crate::engine::{Purpose, Universe, entity_key};
use crate::model::{
    ArrivalStream, ClassId, DatasetId, Job, JobClass, JobId, Profile, Request, RequestedTime, Scaling,
    StreamId, System,
};
use crate::units::{Bytes, Span, Time};

/// No drawn time exceeds a century and no drawn size an exabyte: the tails beyond are cut, so that sums fit their types.
const LONGEST_S: f64 = 3.155_76e9;
const LARGEST_BYTES: f64 = 1e18;

const GAP: Purpose = 0;
const CLASS: Purpose = 1;
const ACCELERATORS: Purpose = 2;
const AMOUNT: Purpose = 3;
const REQUESTED: Purpose = 4;
const INPUT: Purpose = 5;
const OUTPUT: Purpose = 6;
const DATASET: Purpose = 7;

/// The demand of a scenario in one universe.
#[derive(Debug, Clone)]
pub struct Synthetic<'a> {
    system: &'a System,
    universe: Universe,
    positions: Vec<Position>,
}

#[derive(Debug, Clone, Copy)]
struct Position {
    key: u64,
    ordinal: u64,
    time: Time,
}

impl<'a> Synthetic<'a> {
    /// The demand of `system` in `universe`, from time zero.
    pub fn new(system: &'a System, universe: Universe) -> Self {
        let position = |stream: &ArrivalStream| Position {
            key: entity_key("stream", &stream.key),
            ordinal: 0,
            time: stream.starts,
        };
        Self { system, universe, positions: system.streams.iter().map(position).collect() }
    }
}

impl Workload for Synthetic<'_> {
    fn streams(&self) -> usize {
        self.positions.len()
    }

    fn next(&mut self, stream: StreamId) -> Option<Submission> {
        let source = &self.system.streams[stream];
        let position = &mut self.positions[stream.index()];
        let Position { key, ordinal, time } = *position;
        let exponential = -libm::log(self.universe.stream(key, ordinal, GAP).uniform());
        let at = time.saturating_add(gap(source, time, exponential)?);
        *position = Position { key, ordinal: ordinal + 1, time: at };
        let draws = Draws { universe: self.universe, key, ordinal };
        let class = draws.class(&self.system.communities[source.community].classes);
        let (request, profile) = draws.job(&self.system.classes[class]);
        let dataset = draws.dataset(&self.system.classes[class].datasets);
        let id = JobId { stream, ordinal };
        let (community, country) = (source.community, source.country);
        let job = Job { id, community, country, class, dataset, request, profile };
        Some(Submission { at, job })
    }
}

/// The time from `now` to the next arrival, for a unit exponential; `None` if there is none.
fn gap(stream: &ArrivalStream, now: Time, exponential: f64) -> Option<Span> {
    let (rate, growth) = (stream.rate_per_s, stream.growth_per_s);
    let seconds = if growth.abs() < 1e-18 {
        exponential / rate
    } else {
        let argument = growth * exponential * libm::exp(-growth * now.as_seconds()) / rate;
        if argument <= -1.0 {
            return None;
        }
        libm::log1p(argument) / growth
    };
    // An arrival past the range of time never comes.
    (seconds < 1.8e10).then(|| Span::from_seconds_round(seconds))
}

/// The draws of one job.
struct Draws {
    universe: Universe,
    key: u64,
    ordinal: u64,
}

impl Draws {
    fn stream(&self, purpose: Purpose) -> crate::engine::Stream {
        self.universe.stream(self.key, self.ordinal, purpose)
    }

    fn class(&self, shares: &[(ClassId, f64)]) -> ClassId {
        pick(shares, || self.stream(CLASS).uniform())
    }

    /// The first dataset up to which the shares exceed a draw.
    fn dataset(&self, shares: &[(DatasetId, f64)]) -> Option<DatasetId> {
        let last = shares.len().checked_sub(1)?;
        let uniform = self.stream(DATASET).uniform();
        let place = shares[..last].partition_point(|&(_, share)| share <= uniform);
        Some(shares[place].0)
    }

    fn job(&self, class: &JobClass) -> (Request, Profile) {
        let accelerators = pick(&class.accelerators, || self.stream(ACCELERATORS).uniform());
        let amount = class.amount.draw(&mut self.stream(AMOUNT));
        let seconds = match class.scaling {
            Scaling::WallTime => amount,
            Scaling::Work => amount / f64::from(accelerators),
        };
        let run = Span::from_seconds_round(seconds.min(LONGEST_S)).max(Span::STEP);
        let requested = self.requested(&class.requested, run);
        let bytes = |distribution: &crate::engine::Distribution, purpose| {
            Bytes(distribution.draw(&mut self.stream(purpose)).round().min(LARGEST_BYTES) as u64)
        };
        let input = bytes(&class.input_bytes, INPUT);
        let output = bytes(&class.output_bytes, OUTPUT);
        (Request { accelerators, requested, scaling: class.scaling, input }, Profile { run, output })
    }

    fn requested(&self, rule: &RequestedTime, run: Span) -> Span {
        let factor = rule.factor.draw(&mut self.stream(REQUESTED));
        let asked = if factor.total_cmp(&1.0).is_eq() {
            run
        } else {
            Span::from_seconds_ceil((run.as_seconds() * factor).min(LONGEST_S)).max(Span::STEP)
        };
        let place = rule.round_up_to.partition_point(|&value| value < asked);
        rule.round_up_to.get(place).copied().unwrap_or(asked)
    }
}

/// An item by weight; weights add up to 1. A single item needs no draw.
fn pick<T: Copy>(items: &[(T, f64)], uniform: impl FnOnce() -> f64) -> T {
    let (last, rest) = items.split_last().expect("a choice has at least one item");
    if rest.is_empty() {
        return last.0;
    }
    let mut left = uniform();
    for &(item, weight) in rest {
        left -= weight;
        if left < 0.0 {
            return item;
        }
    }
    last.0
}
