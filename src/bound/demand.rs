//! The work that was there: what each job could still do in the window, added up over jobs with the same ways to run.

use super::capacity::{Cap, Window, opens};
use super::reach::Reach;
use super::readers::Readers;
use super::ways::{Asked, Way, ways};
use crate::model::{
    Asks, CandidateSet, CommunityId, CountryId, DatasetId, JobClass, PartitionId, Request, Scaling, System,
};
use crate::records::JobRow;
use crate::units::{AcceleratorTime, Bytes, Span, Time};
use std::collections::BTreeMap;

/// Jobs that run in the same ways: who asks, for what, what they read, and how many partitions were open.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    asked: Asked,
    dataset: Option<DatasetId>,
    /// The kind of asker.
    asker: u32,
    /// How many instants of opening had passed.
    epoch: u32,
}

/// All jobs of a kind.
#[derive(Debug, Clone)]
pub(super) struct Demand {
    pub(super) asker: usize,
    /// The dataset that each of them reads.
    pub(super) dataset: Option<DatasetId>,
    /// Whether they may hold what is lent to them, under no limit.
    pub(super) is_malleable: bool,
    ways: Vec<Way>,
    /// The longest times that ways allow, ascending and different.
    longest: Vec<Span>,
    /// For those that ask for more than one of these and at most the next.
    shares: Vec<Share>,
}

/// Jobs that run in the same ways and ask for similar times.
#[derive(Debug, Clone, Default)]
pub(super) struct Share {
    /// Hours of jobs without input on the way.
    pub(super) hours: f64,
    /// `[country]`: those with input.
    pub(super) with_input: Vec<Vec<Staged>>,
    /// Reference accelerators that the fastest way does the work of.
    rate: f64,
    /// Beyond the time asked for, in seconds on the reference accelerator; `None` where that time bounds nothing.
    grace_s: Option<f64>,
}

/// Jobs with input whose ratios of bytes to hours lie within a factor of 2.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Staged {
    exponent: u32,
    pub(super) hours: f64,
    pub(super) bytes: f64,
    /// The least ratio.
    pub(super) bytes_per_h: f64,
}

/// Those who ask with the same rights at the partitions of a set.
#[derive(Debug, Clone)]
pub(super) struct Asker {
    community: CommunityId,
    country: CountryId,
    /// The partitions within reach, and for each the caps under which their jobs stand.
    pub(super) caps: BTreeMap<PartitionId, Vec<usize>>,
}

/// The demand of one run.
#[derive(Debug, Clone)]
pub(super) struct Demands {
    pub(super) readers: Readers,
    /// `[dataset]`: when the first job that reads it was submitted.
    pub(super) first_asked: Vec<Time>,
    pub(super) askers: Vec<Asker>,
    /// `[community][country]`.
    asker_of: Vec<Vec<u32>>,
    /// The instants of openings, ascending.
    epochs: Vec<Time>,
    kinds: BTreeMap<Kind, usize>,
    pub(super) all: Vec<Demand>,
}

impl Demands {
    pub(super) fn new(system: &System, set: &CandidateSet, reach: &Reach, caps: &[Cap]) -> Self {
        let mut epochs: Vec<Time> = system.partitions_of(set).map(|id| opens(system, id)).collect();
        epochs.sort_unstable();
        epochs.dedup();
        let (mut askers, mut known) = (Vec::new(), BTreeMap::new());
        let mut of = |community, country| {
            let rights = |id: PartitionId| {
                reach.links(country, system.partitions[id].site)?;
                let admitted = &system.partitions[id].admits;
                let admits = admitted.as_ref().is_none_or(|admitted| admitted.contains(&community));
                let over =
                    caps.iter().enumerate().filter(|(_, cap)| cap.covers(system, id, community, country));
                let over: Vec<usize> = over.map(|(index, _)| index).collect();
                admits.then(|| ((id, system.most_units(id, (community, country), Asks::Jobs)), over))
            };
            let rights: Vec<_> = system.partitions_of(set).filter_map(rights).collect();
            let caps = rights.iter().map(|((id, _), over)| (*id, over.clone())).collect();
            *known.entry(rights).or_insert_with(|| {
                askers.push(Asker { community, country, caps });
                askers.len() as u32 - 1
            })
        };
        let by_country = |community| system.countries.ids().map(|country| of(community, country)).collect();
        let asker_of = system.communities.ids().map(by_country).collect();
        let readers = Readers::new(system, set);
        let first_asked = vec![Time::MAX; system.datasets.len()];
        Self { readers, first_asked, askers, asker_of, epochs, kinds: BTreeMap::new(), all: Vec::new() }
    }

    /// A job was submitted, whatever became of it.
    pub(super) fn note(&mut self, row: &JobRow) {
        if let Some(dataset) = row.dataset {
            let first = &mut self.first_asked[dataset.index()];
            *first = row.submit.min(*first);
        }
    }

    /// Adds what a job could still do in the window, of which it did `before_h` before.
    pub(super) fn add(
        &mut self,
        system: &System,
        reach: &Reach,
        window: Window,
        row: &JobRow,
        before_h: f64,
    ) {
        let demand = self.of(system, row);
        // Who asks for as much as each partition allows is allowed everywhere.
        let least = if row.time_asked == Request::MOST { Span::ZERO } else { row.time_asked };
        let share = demand.longest.partition_point(|&longest| longest < least);
        let countries = system.countries.len();
        if let Some(share) = demand.shares.get_mut(share) {
            // The parts of a training across sites bring their shares at the same time.
            let rule = system.classes.get(row.class).and_then(|class| class.cross_site);
            let least = Bytes(row.input.0 / rule.map_or(1, |rule| u64::from(rule.most_sites)));
            let staged = reach.staged(row.country, row.submit, least);
            let is_carried = row.submit < window.from;
            let starts = if is_carried { window.from } else { staged };
            let hours = share.in_time(row, window.overlap(starts, window.to).as_seconds(), before_h);
            let input = if is_carried { Bytes::ZERO } else { row.input };
            share.add(hours, row.country, input, countries);
        }
    }

    fn of(&mut self, system: &System, row: &JobRow) -> &mut Demand {
        let asked = Asked {
            class: row.class,
            accelerators: row.accelerators_asked,
            is_work: row.scaling == Scaling::Work,
        };
        let asker = self.asker_of[row.community.index()][row.country.index()];
        let epoch = self.epochs.partition_point(|&opens| opens <= row.submit) as u32;
        let next = self.all.len();
        let dataset = row.dataset;
        let index = *self.kinds.entry(Kind { asked, dataset, asker, epoch }).or_insert(next);
        if index == next {
            let known = &self.askers[asker as usize];
            let is_open = |id: PartitionId| {
                opens(system, id) <= row.submit && self.readers.may_read(dataset, system.partitions[id].site)
            };
            let open = known.caps.keys().copied().filter(|&id| is_open(id));
            let ways = ways(system, asked, (known.community, known.country), open);
            let is_malleable = system.classes.get(asked.class).is_some_and(JobClass::is_malleable);
            self.all.push(Demand::new(asker as usize, dataset, is_malleable, ways));
        }
        &mut self.all[index]
    }
}

impl Demand {
    fn new(asker: usize, dataset: Option<DatasetId>, is_malleable: bool, ways: Vec<Way>) -> Self {
        let mut longest: Vec<_> = ways.iter().map(|way| way.longest).collect();
        longest.sort_unstable();
        longest.dedup();
        let share = |&least| {
            let open = || ways.iter().filter(move |way: &&Way| way.longest >= least);
            let in_one_run = open().all(|way| way.in_one_run);
            Share {
                rate: open().map(|way| way.rate).fold(0.0, f64::max),
                grace_s: in_one_run.then(|| open().map(|way| way.grace_s).fold(0.0, f64::max)),
                ..Share::default()
            }
        };
        Self { asker, dataset, is_malleable, shares: longest.iter().map(share).collect(), ways, longest }
    }

    /// The jobs by the time that they ask for, with their ways.
    pub(super) fn shares(&self) -> impl Iterator<Item = (&Share, impl Iterator<Item = &Way>)> {
        self.shares
            .iter()
            .zip(&self.longest)
            .map(|(share, &least)| (share, self.ways.iter().filter(move |way| way.longest >= least)))
    }
}

impl Share {
    /// The hours that a job could do in so many seconds of the window, of which it did `before_h` before.
    fn in_time(&self, row: &JobRow, seconds: f64, before_h: f64) -> f64 {
        let whole = row.work.as_hours();
        let asked = AcceleratorTime::of(row.accelerators_asked.into(), row.time_asked).as_hours();
        let overrun = |grace_s: f64| f64::from(row.accelerators_asked) * grace_s / 3_600.0;
        let until_killed = self.grace_s.map_or(f64::INFINITY, |grace_s| asked + overrun(grace_s));
        (whole.min(until_killed) - before_h).min(self.rate * seconds / 3_600.0).max(0.0)
    }

    /// All hours, with input on the way and without.
    pub(super) fn all_hours(&self) -> f64 {
        self.hours + self.with_input.iter().flatten().map(|staged| staged.hours).sum::<f64>()
    }

    fn add(&mut self, hours: f64, country: CountryId, input: Bytes, countries: usize) {
        if input == Bytes::ZERO || hours == 0.0 {
            self.hours += hours;
            return;
        }
        let (bytes, bytes_per_h) = (input.0 as f64, input.0 as f64 / hours);
        // The exponent of the number in base 2.
        let exponent = (bytes_per_h.to_bits() >> 52) as u32;
        self.with_input.resize(countries, Vec::new());
        let bins = &mut self.with_input[country.index()];
        match bins.iter_mut().find(|bin| bin.exponent == exponent) {
            Some(bin) => {
                bin.hours += hours;
                bin.bytes += bytes;
                bin.bytes_per_h = bin.bytes_per_h.min(bytes_per_h);
            }
            None => bins.push(Staged { exponent, hours, bytes, bytes_per_h }),
        }
    }
}
