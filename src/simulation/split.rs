//! Whether a job is to train at several sites at once, and at which.
//!
//! The rule: it does if it is predicted to end sooner so than at the one site that the broker has for it, that is, if what
//! it waits less exceeds what it runs longer; or if no single site takes it. Of all numbers of sites the one that ends it
//! first counts, the fewest of equals; of the sites, those where its parts are predicted to start first. Like the broker,
//! the rule knows requested times, never true ones.

use super::places::Place;
use super::routing::Sent;
use super::run::Simulation;
use super::times::Times;
use crate::model::{CrossSite, Job, PartsBegin, Request, Round, SiteId};
use crate::records::Sink;
use crate::scheduling::{Choice, choose_by_completion};
use crate::units::{Bytes, Span, Time};
use crate::workload::Workload;

/// Parts that would take longer are none: a century and more, and far from the end of the range of time.
const LONGEST: Span = Span(u64::MAX / 4);

/// A job in parts.
#[derive(Debug)]
pub(super) struct Split {
    pub(super) begin: PartsBegin,
    pub(super) parts: Vec<PlannedPart>,
    /// When the last part is predicted to start.
    pub(super) start: Time,
    /// When the last part is predicted to end.
    completion: Time,
}

/// One part, with its place in the ring of sites.
#[derive(Debug, Clone, Copy)]
pub(super) struct PlannedPart {
    /// The job as this part sees it: with its share of the input.
    pub(super) job: Job,
    pub(super) sent: Sent,
    /// How many accelerators of the size asked for do the same work in the same time.
    pub(super) worth: f64,
    pub(super) averages: Averages,
}

/// What a part sends while it trains.
#[derive(Debug, Clone, Copy)]
pub(super) struct Averages {
    pub(super) from: SiteId,
    /// The next site of the ring.
    pub(super) to: SiteId,
    /// On the average over a round.
    pub(super) bytes_per_s: f64,
}

/// How fast a part gets on.
struct Pace {
    requested: Span,
    run: Span,
    round: Round,
}

/// Where a part would run.
struct Seat {
    site: SiteId,
    start: Time,
    choice: Choice,
    times: Times,
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// The best way to split a job, if it pays against running at one site, which the broker has chosen if there is any.
    pub(super) fn split(&self, job: &Job, alone: Option<&Sent>) -> Option<Split> {
        let rule = self.class_of(job)?.cross_site.filter(|_| job.site.is_none())?;
        let most = rule.most_sites.min(job.request.accelerators);
        let splits = (2..=most).filter_map(|sites| self.split_over(job, &rule, sites));
        let best = splits.min_by_key(|split| split.completion)?;
        let pays = alone.is_none_or(|sent| best.completion < self.completion_of(job, sent));
        pays.then_some(best)
    }

    fn split_over(&self, job: &Job, rule: &CrossSite, sites: u32) -> Option<Split> {
        let seats = self.seats(job, rule, sites)?;
        let mut paces = self.paces(job, rule, &seats)?;
        let ends = |seats: &[Seat], paces: &[Pace]| {
            let ends = seats.iter().zip(paces).map(|(seat, pace)| seat.start.saturating_add(pace.requested));
            ends.max()
        };
        let last_start = seats.iter().map(|seat| seat.start).max()?;
        let completion = match rule.begin {
            PartsBegin::EachWhenItStarts => ends(&seats, &paces)?,
            PartsBegin::AllTogether { .. } => {
                keep_step(&mut paces);
                last_start.saturating_add(paces[0].requested)
            }
        };
        let sizes = CrossSite::part_sizes(job.request.accelerators, sites);
        let next = seats.iter().cycle().skip(1);
        let parts = sizes.zip(seats.iter().zip(next)).zip(&paces);
        let parts = parts.map(|((size, (seat, next)), pace)| {
            let requested = requested(rule, pace.requested);
            let most = self.system.partitions[seat.choice.partition].max_requested.min(LONGEST);
            let is_allowed = requested <= most;
            let times = Times { requested, later: Span::ZERO, run: pace.run };
            is_allowed.then(|| planned(job, size, times, pace, (seat, next)))
        });
        Some(Split { begin: rule.begin, parts: parts.collect::<Option<_>>()?, start: last_start, completion })
    }

    /// The sites where parts of this size would start first, in the order of their ids: so they stand in the ring.
    fn seats(&self, job: &Job, rule: &CrossSite, sites: u32) -> Option<Vec<Seat>> {
        let largest = CrossSite::part_sizes(job.request.accelerators, sites).next()?;
        let part = Job { request: Request { input: share(job, largest), ..job.request }, ..*job };
        let (size, asked) = ([largest], rule.stretch(1.0));
        let seat = |&site: &SiteId| {
            let places = self.feasible_on(&part, site, &size);
            let longer = |place: Place| Place { times: stretched(place.times, asked), ..place };
            let choices = places.map(|place| self.choice(&part, site, longer(place)));
            let best = choose_by_completion(choices)?;
            let times = self.times(&part, best.partition, largest)?;
            let start = best.turn.max(self.data_there(&part, site));
            Some(Seat { site, start, choice: best, times })
        };
        let mut seats: Vec<Seat> = self.preference.sites(job.country).iter().filter_map(seat).collect();
        // Of those that start at once the first in the order of preference come first.
        seats.sort_by_key(|seat| seat.start);
        seats.truncate(sites as usize);
        seats.sort_by_key(|seat| seat.site);
        (seats.len() == sites as usize).then_some(seats)
    }

    /// How fast each part gets on if nothing else is on the network; `None` where no links lead around the ring.
    fn paces(&self, job: &Job, rule: &CrossSite, seats: &[Seat]) -> Option<Vec<Pace>> {
        let sites = seats.len() as u32;
        let pace = |(seat, next): (&Seat, &Seat)| {
            let bytes = rule.bytes_per_average(sites);
            let transfer = self.staging.alone_between(seat.site, next.site, bytes)?;
            let step =
                job.request.scaling.on(rule.step, self.system.speed_for(job.class, seat.choice.partition));
            let round = rule.round(sites, step, transfer);
            let Times { requested, run, .. } = stretched(seat.times, rule.stretch(round.efficiency()));
            (requested.max(run) <= LONGEST).then_some(Pace { requested, run, round })
        };
        seats.iter().zip(seats.iter().cycle().skip(1)).map(pace).collect()
    }
}

/// One part, sized and timed, between its site and the next of the ring.
fn planned(job: &Job, size: u32, times: Times, pace: &Pace, (seat, next): (&Seat, &Seat)) -> PlannedPart {
    let (partition, turn) = (seat.choice.partition, seat.choice.turn);
    PlannedPart {
        job: Job { request: Request { input: share(job, size), ..job.request }, ..*job },
        sent: Sent { partition, accelerators: size, times, predicted: Some(turn) },
        worth: f64::from(size) * (seat.times.run.0 as f64 / pace.run.0 as f64),
        averages: Averages {
            from: seat.site,
            to: next.site,
            bytes_per_s: pace.round.bytes / pace.round.length_s,
        },
    }
}

/// The share of the input that a part of so many accelerators needs, rounded up.
fn share(job: &Job, size: u32) -> Bytes {
    let whole = u128::from(job.request.input.0) * u128::from(size);
    Bytes(whole.div_ceil(u128::from(job.request.accelerators)) as u64)
}

/// Parts that wait for each other at every step go at the pace of the slowest.
fn keep_step(paces: &mut [Pace]) {
    let requested = paces.iter().map(|pace| pace.requested).max();
    let run = paces.iter().map(|pace| pace.run).max();
    let length_s = paces.iter().map(|pace| pace.round.length_s).fold(0.0, f64::max);
    for pace in paces {
        pace.requested = requested.unwrap_or(pace.requested);
        pace.run = run.unwrap_or(pace.run);
        pace.round.length_s = length_s;
    }
}

/// Times that are longer by a factor, rounded up to the next nanosecond.
fn stretched(times: Times, factor: f64) -> Times {
    let longer = |span: Span| Span((span.0 as f64 * factor).ceil() as u64);
    Times { requested: longer(times.requested), run: longer(times.run), ..times }
}

/// The time that users request of a part.
fn requested(rule: &CrossSite, predicted: Span) -> Span {
    let hold = match rule.begin {
        PartsBegin::EachWhenItStarts => Span::ZERO,
        PartsBegin::AllTogether { hold } => hold,
    };
    Span(((predicted.0 as f64 * (1.0 + rule.margin)).ceil() as u64).saturating_add(hold.0))
}
