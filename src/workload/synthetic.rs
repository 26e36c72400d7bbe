//! Synthetic demand: the arrivals of each stream, and jobs drawn by class.
//!
//! All draws of job k of a stream are keyed by (stream, k, purpose). Where classes come in batches, an arrival brings
//! several jobs of one class at once, each drawn by itself; the class and the size of the batch are keyed by its first job.

use super::arrivals::{Arrivals, GAP};
use super::{Submission, Workload};
use crate::engine::{CountDistribution, Distribution, Purpose, Universe, entity_key};
use crate::model::{
    Amount, ArrivalStream, Asks, ClassId, Community, CommunityId, DatasetId, Early, Ending, IdVec, Job,
    JobClass, JobId, Profile, Request, RequestedTime, Scaling, StreamId, System,
};
use crate::units::{Bytes, Span, Time};

/// No drawn time exceeds a century and no drawn size an exabyte: the tails beyond are cut, so that sums fit their types.
pub(crate) const LONGEST_S: f64 = 3.155_76e9;
const LARGEST_BYTES: f64 = 1e18;

// Purpose 0 is the time of an arrival and 10 its burst.
const CLASS: Purpose = GAP + 1;
const ACCELERATORS: Purpose = 2;
const AMOUNT: Purpose = 3;
const REQUESTED: Purpose = 4;
const INPUT: Purpose = 5;
const OUTPUT: Purpose = 6;
const DATASET: Purpose = 7;
const BATCH: Purpose = 8;
const ASKING: Purpose = 9;
const TOKENS: Purpose = 11;
const UTILISATION: Purpose = 12;
const STARTUP: Purpose = 13;
const ENDING: Purpose = 14;
const ENDING_TIME: Purpose = 15;

/// The demand of a scenario in one universe.
#[derive(Debug, Clone)]
pub struct Synthetic<'a> {
    system: &'a System,
    universe: Universe,
    /// By community: the classes with their shares of the arrivals.
    arriving: IdVec<CommunityId, Arriving>,
    positions: Vec<Position>,
}

/// What the arrivals of a community bring.
#[derive(Debug, Clone)]
struct Arriving {
    /// Arrivals over jobs.
    per_job: f64,
    /// The classes with their shares of the arrivals.
    classes: Vec<(ClassId, f64)>,
}

#[derive(Debug, Clone)]
struct Position {
    arrivals: Arrivals,
    /// Of the next job.
    ordinal: u64,
    batch: Batch,
    /// Where the stream is one user: jobs handed in that have not left, and since when there are none.
    out: u32,
    thinks_since: Time,
}

/// What is left of the last arrival.
#[derive(Debug, Clone, Copy)]
struct Batch {
    jobs: u32,
    class: ClassId,
    at: Time,
}

impl Arriving {
    /// Shares of classes are those of jobs: a class that comes in large batches comes less often.
    fn new(community: &Community, classes: &IdVec<ClassId, JobClass>) -> Self {
        let size = |class| classes[class].batch.as_ref().map_or(1.0, CountDistribution::mean);
        if community.classes.iter().all(|&(class, _)| classes[class].batch.is_none()) {
            return Self { per_job: 1.0, classes: community.classes.clone() };
        }
        let per_job: f64 = community.classes.iter().map(|&(class, share)| share / size(class)).sum();
        let of_arrivals = |&(class, share): &(ClassId, f64)| (class, share / size(class) / per_job);
        Self { per_job, classes: community.classes.iter().map(of_arrivals).collect() }
    }
}

impl<'a> Synthetic<'a> {
    /// The demand of `system` in `universe`, from time zero.
    pub fn new(system: &'a System, universe: Universe) -> Self {
        let arriving: IdVec<CommunityId, Arriving> =
            system.communities.iter().map(|community| Arriving::new(community, &system.classes)).collect();
        let position = |stream: &ArrivalStream| {
            let rate_per_s = stream.rate_per_s * arriving[stream.community].per_job;
            Position {
                arrivals: Arrivals::new(stream, entity_key("stream", &stream.key), rate_per_s),
                ordinal: 0,
                batch: Batch { jobs: 0, class: ClassId(0), at: Time::ZERO },
                out: 0,
                thinks_since: stream.starts,
            }
        };
        let positions = system.streams.iter().map(position).collect();
        Self { system, universe, arriving, positions }
    }
}

impl Workload for Synthetic<'_> {
    fn streams(&self) -> usize {
        self.positions.len()
    }

    fn next(&mut self, stream: StreamId) -> Option<Submission> {
        let source = &self.system.streams[stream];
        if source.asks == Asks::Projects {
            return None;
        }
        let position = &mut self.positions[stream.index()];
        let (key, ordinal) = (position.arrivals.key(), position.ordinal);
        let draws = Draws { universe: self.universe, key, ordinal };
        if position.batch.jobs == 0 {
            let at = match &source.think_s {
                None => position.arrivals.next(source, self.universe)?,
                Some(_) if position.out > 0 => return None,
                Some(think_s) => {
                    let seconds = think_s.draw(&mut draws.stream(GAP)).min(LONGEST_S);
                    position.thinks_since.saturating_add(Span::from_seconds_round(seconds))
                }
            };
            let class = draws.class(&self.arriving[source.community].classes);
            let batch = self.system.classes[class].batch.as_ref();
            let jobs = batch.map_or(1, |batch| batch.draw(&mut draws.stream(BATCH)));
            position.batch = Batch { jobs, class, at };
        }
        position.ordinal += 1;
        position.batch.jobs -= 1;
        position.out += u32::from(source.think_s.is_some());
        let Batch { class, at, .. } = position.batch;
        let (request, profile) = draws.job(&self.system.classes[class]);
        let dataset = draws.dataset(&self.system.classes[class].datasets);
        let id = JobId { stream, ordinal };
        let (community, country) = (source.community, source.country);
        let job = Job { id, community, country, class, dataset, site: None, request, profile };
        Some(Submission { at, job })
    }

    fn left(&mut self, stream: StreamId, now: Time) {
        let position = &mut self.positions[stream.index()];
        position.out -= u32::from(self.system.streams[stream].think_s.is_some());
        position.thinks_since = now;
    }
}

/// The draws of one job.
#[derive(Debug, Clone, Copy)]
pub(super) struct Draws {
    pub(super) universe: Universe,
    pub(super) key: u64,
    pub(super) ordinal: u64,
}

impl Draws {
    fn stream(&self, purpose: Purpose) -> crate::engine::Stream {
        self.universe.stream(self.key, self.ordinal, purpose)
    }

    fn class(&self, shares: &[(ClassId, f64)]) -> ClassId {
        pick(shares, || self.stream(CLASS).uniform())
    }

    /// The first dataset up to which the shares exceed a draw.
    pub(super) fn dataset(&self, shares: &[(DatasetId, f64)]) -> Option<DatasetId> {
        let last = shares.len().checked_sub(1)?;
        let uniform = self.stream(DATASET).uniform();
        let place = shares[..last].partition_point(|&(_, share)| share <= uniform);
        Some(shares[place].0)
    }

    fn job(&self, class: &JobClass) -> (Request, Profile) {
        self.job_of(class, 1.0, true)
    }

    /// A job of users who get on at so much of the speed of experts, and may fail as its class says, or not.
    pub(super) fn job_of(&self, class: &JobClass, efficiency: f64, may_fail: bool) -> (Request, Profile) {
        let accelerators = pick(&class.accelerators, || self.stream(ACCELERATORS).uniform());
        let seconds = self.seconds(class, accelerators) / efficiency;
        let drawn = Span::from_seconds_round(seconds.min(LONGEST_S)).max(Span::STEP);
        let (requested, run) = self.requested(&class.requested, drawn);
        let startup = match &class.amount {
            Amount::Drawn(_) => Span::ZERO,
            Amount::Operations(operations) => {
                let seconds = operations.startup_s.draw(&mut self.stream(STARTUP));
                Span::from_seconds_round(seconds.min(LONGEST_S))
            }
        };
        let bytes = |distribution: &Distribution, purpose| {
            Bytes(distribution.draw(&mut self.stream(purpose)).round().min(LARGEST_BYTES) as u64)
        };
        let input = bytes(&class.input_bytes, INPUT);
        let output = bytes(&class.output_bytes, OUTPUT);
        let request = Request { accelerators, requested, startup, scaling: class.scaling, input };
        let done = Profile { output, ..Profile::done(run) };
        let ending = |early| self.ending(early, (accelerators, may_fail), done);
        (request, class.early.as_ref().map_or(done, ending))
    }

    /// How long a job would run on the reference accelerator.
    fn seconds(&self, class: &JobClass, accelerators: u32) -> f64 {
        match (&class.amount, class.scaling) {
            (Amount::Drawn(amount), Scaling::WallTime) => amount.draw(&mut self.stream(AMOUNT)),
            (Amount::Drawn(amount), Scaling::Work) => {
                amount.draw(&mut self.stream(AMOUNT)) / f64::from(accelerators)
            }
            (Amount::Operations(operations), _) => {
                let parameters = operations.parameters.draw(&mut self.stream(AMOUNT));
                let tokens = operations.tokens.draw(&mut self.stream(TOKENS));
                let utilisation = operations.utilisation.draw(&mut self.stream(UTILISATION));
                operations.seconds(accelerators, [parameters, tokens, utilisation])
            }
        }
    }

    /// What is requested for a job of which this time was drawn, and how long it would run.
    fn requested(&self, rule: &RequestedTime, drawn: Span) -> (Span, Span) {
        if rule.cut + rule.most > 0.0 {
            let uniform = self.stream(ASKING).uniform();
            if uniform < rule.cut {
                // A microsecond more than it requests stays more than a nanosecond on accelerators 1000 times as fast.
                return (drawn, drawn + Span(1_000));
            }
            if uniform < rule.cut + rule.most {
                return (Request::MOST, drawn);
            }
        }
        let factor = rule.factor.draw(&mut self.stream(REQUESTED));
        let asked = if factor.total_cmp(&1.0).is_eq() {
            drawn
        } else {
            Span::from_seconds_ceil((drawn.as_seconds() * factor).min(LONGEST_S)).max(Span::STEP)
        };
        let place = rule.round_up_to.partition_point(|&value| value < asked);
        (rule.round_up_to.get(place).copied().unwrap_or(asked), drawn)
    }

    /// The same job, if its user stops it or makes a mistake.
    fn ending(&self, early: &Early, (accelerators, may_fail): (u32, bool), done: Profile) -> Profile {
        let (stopped, failed) = early.shares(accelerators);
        let uniform = self.stream(ENDING).uniform();
        if may_fail && uniform < failed {
            let after = early.failed_after_s.draw(&mut self.stream(ENDING_TIME)).min(LONGEST_S);
            let run = Span::from_seconds_round(after).max(Span::STEP).min(done.run);
            return Profile { ending: Ending::Failed, ..Profile::done(run) };
        }
        if (failed..failed + stopped).contains(&uniform) {
            let part = early.stopped_at.draw(&mut self.stream(ENDING_TIME));
            let run = Span::from_seconds_round(done.run.as_seconds() * part).max(Span::STEP).min(done.run);
            return Profile { run, useful: run, ending: Ending::Stopped, ..done };
        }
        done
    }
}

/// An item by weight; weights add up to 1. A single item needs no draw.
pub(super) fn pick<T: Copy>(items: &[(T, f64)], uniform: impl FnOnce() -> f64) -> T {
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
