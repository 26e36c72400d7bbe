//! Who asks for accelerators: countries, communities, their streams of arrivals and their job classes.

use super::activity::Activity;
use super::cross_site::CrossSite;
use super::dataset::{ResultsGo, StagingPlace};
use super::growth::Growth;
use super::ids::{AcceleratorId, ClassId, CommunityId, CountryId, DatasetId, IdVec, NodeId, ProjectKindId};
use super::job::Scaling;
use super::operations::Amount;
use super::patience::Patience;
use super::speedup::Speedup;
use crate::engine::{CountDistribution, Distribution};
use crate::units::{Bytes, Span, Time};
use std::slice;

/// A country with users.
#[derive(Debug, Clone, PartialEq)]
pub struct Country {
    /// ISO 3166 code, such as `FI`.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Where its users' data enter the network.
    pub node: NodeId,
    /// Whether it is a member of the European Union.
    pub in_union: bool,
    /// The languages its projects work in; empty: those of everybody.
    pub languages: Vec<String>,
}

/// A community: startups, industry, researchers.
#[derive(Debug, Clone, PartialEq)]
pub struct Community {
    /// Its id in the scenario.
    pub id: String,
    /// Its name in plots and tables.
    pub name: String,
    /// Its shares of every partition, to be compared with those of the other communities; fair shares look at them.
    pub shares: u32,
    /// Its quality of service, from 0 to 1: a factor of the multifactor priority.
    pub quality_of_service: f64,
    /// How long its users wait; `None`: for ever.
    pub patience: Option<Patience>,
    /// Its job classes with their share of the jobs that come without a project; shares add up to 1.
    pub classes: Vec<(ClassId, f64)>,
    /// Its kinds of project with their share of its projects; shares add up to 1. Empty: it has none.
    pub projects: Vec<(ProjectKindId, f64)>,
}

/// Arrivals that bring about others (Hawkes 1971): each brings about a Poisson number of them, each after an exponential
/// time, and these do so too.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bursts {
    /// The mean number that one brings about by itself, in [0, 1).
    pub branching: f64,
    /// The mean time from one to those, in seconds.
    pub mean_delay_s: f64,
}

/// What a stream brings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asks {
    /// Jobs, handed in at once.
    Jobs,
    /// Projects, that apply for accelerator-hours first and hand in jobs if they get any.
    Projects,
}

/// Jobs or projects of one community in one country: a Poisson process, or one with bursts, whose rate grows and changes with the
/// hour and the day. Arrivals are of single jobs, or of batches where the class of the arrival says so.
#[derive(Debug, Clone, PartialEq)]
pub struct ArrivalStream {
    /// `community/country`, of projects with `/projects` behind: the key of its random numbers, so that other streams never change them.
    pub key: String,
    /// Who.
    pub community: CommunityId,
    /// From where.
    pub country: CountryId,
    /// What comes.
    pub asks: Asks,
    /// Jobs, or projects, per second at time zero, in the mean of a week without holidays.
    pub rate_per_s: f64,
    /// How the rate grows.
    pub growth: Growth,
    /// How it changes with the hour and the day; `None`: it does not.
    pub activity: Option<Activity>,
    /// Arrivals that bring about others; `None`: they do not. Rate, growth and activity are those of all jobs in the
    /// long run: the first of each burst come at 1 − branching times that.
    pub bursts: Option<Bursts>,
    /// No arrival before this instant.
    pub starts: Time,
    /// A single user who thinks for so many seconds, from the begin and each time that the jobs handed in have left, and then
    /// hands in the next; `None`: a stream that nothing holds back. The rate is that of a user who never waits for a job.
    pub think_s: Option<Distribution>,
}

impl ArrivalStream {
    /// The jobs, or projects, expected from one instant to another: by hours, each with the activity of its middle, where there is any.
    /// Those that belong to bursts under way at the end count too.
    pub fn expected(&self, from: Time, to: Time) -> f64 {
        let (from, to) = (from.max(self.starts).as_seconds(), to.as_seconds());
        if to <= from {
            return 0.0;
        }
        let Some(activity) = &self.activity else { return self.rate_per_s * self.growth.integral(from, to) };
        let hour = |index: u32| {
            let (begin, end) = (f64::from(index) * 3_600.0, (f64::from(index) + 1.0) * 3_600.0);
            let middle = Time::ZERO + Span::from_seconds_round(f64::midpoint(begin, end));
            activity.at(middle) * self.growth.integral(begin.max(from), end.min(to))
        };
        let hours = (from / 3_600.0) as u32..(to / 3_600.0).ceil() as u32;
        self.rate_per_s * hours.map(hour).sum::<f64>()
    }
}

/// How users state the time they need.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestedTime {
    /// Requested over true time; below 1 the job is killed at its limit.
    pub factor: Distribution,
    /// The values people choose from, ascending: the request is rounded up to the next one. Empty: not rounded.
    pub round_up_to: Vec<Span>,
    /// The share of the jobs that run into their limit: they request the time drawn, and would have gone on.
    pub cut: f64,
    /// The share of the jobs that request the longest time that their partition allows.
    pub most: f64,
}

impl RequestedTime {
    /// Exactly the run time.
    pub const EXACT: Self =
        Self { factor: Distribution::Constant(1.0), round_up_to: Vec::new(), cut: 0.0, most: 0.0 };
}

/// Jobs that end before their work is done, by their users' will or fault.
#[derive(Debug, Clone, PartialEq)]
pub struct Early {
    /// The share of the jobs that are stopped, by the least accelerators of those that it is about, ascending; nothing
    /// below the first.
    pub stopped: Vec<(u32, f64)>,
    /// At which part of their run, at most 1.
    pub stopped_at: Distribution,
    /// The share of the jobs that fail, in the same way; both shares add up to at most 1.
    pub failed: Vec<(u32, f64)>,
    /// After how many seconds on the reference accelerator, or at their end if that is earlier.
    pub failed_after_s: Distribution,
}

impl Early {
    /// The shares of jobs of so many accelerators that are stopped and that fail.
    pub fn shares(&self, accelerators: u32) -> (f64, f64) {
        let of = |by_size: &[(u32, f64)]| {
            let place = by_size.partition_point(|&(from, _)| from <= accelerators);
            place.checked_sub(1).map_or(0.0, |place| by_size[place].1)
        };
        (of(&self.stopped), of(&self.failed))
    }

    /// The mean work of jobs of so many accelerators that would do `work_s` in the mean: of those that fail, no less than
    /// it is, since only the means of both times are looked at.
    fn mean_work_s(&self, accelerators: u32, work_s: f64) -> f64 {
        let (stopped, failed) = self.shares(accelerators);
        let until_failure = (f64::from(accelerators) * self.failed_after_s.mean()).min(work_s);
        work_s * (1.0 - stopped - failed + stopped * self.stopped_at.mean()) + failed * until_failure
    }
}

/// How a job saves its state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Checkpoint {
    /// How much running time lies between two checkpoints.
    pub interval: Span,
    /// How long it takes to write one when asked to.
    pub cost: Span,
    /// How long a job that starts again holds its units before it gets on.
    pub restart: Span,
}

/// On how many accelerators a job can run (Feitelson and Rudolph 1996).
#[derive(Debug, Clone, PartialEq)]
pub enum Flexibility {
    /// As many as it asks for.
    Rigid,
    /// One of several sizes, chosen once, when it is submitted.
    Moldable {
        /// The sizes in accelerators, ascending.
        sizes: Vec<u32>,
        /// How its run time depends on the size.
        speedup: Speedup,
    },
    /// It changes its size while it runs.
    Malleable(Malleable),
}

impl Flexibility {
    /// The numbers of accelerators on which a job that asks for so many may start.
    pub fn starting_sizes<'s>(&'s self, asked: &'s u32) -> &'s [u32] {
        match self {
            Self::Rigid => slice::from_ref(asked),
            Self::Moldable { sizes, .. } => sizes,
            Self::Malleable(malleable) => slice::from_ref(&malleable.minimum),
        }
    }

    /// How its speed depends on its size, if it has several.
    pub fn speedup(&self) -> Option<Speedup> {
        match self {
            Self::Rigid => None,
            Self::Moldable { speedup, .. } => Some(*speedup),
            Self::Malleable(malleable) => Some(malleable.speedup),
        }
    }
}

/// How a job changes its size while it runs.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Malleable {
    /// The fewest accelerators: these it is given as its own.
    pub minimum: u32,
    /// The most accelerators.
    pub maximum: u32,
    /// By how many accelerators it grows at a time.
    pub step: u32,
    /// How its speed depends on the size.
    pub speedup: Speedup,
    /// How long it stands still at every change of its size.
    pub reconfiguration: Span,
}

/// A kind of job.
#[derive(Debug, Clone, PartialEq)]
pub struct JobClass {
    /// Its id in the scenario.
    pub id: String,
    /// Its name in tables.
    pub name: String,
    /// How many of its jobs come at once; `None`: one.
    pub batch: Option<CountDistribution>,
    /// Accelerators with their weights; weights add up to 1.
    pub accelerators: Vec<(u32, f64)>,
    /// How much they have to do: wall time in seconds ([`Scaling::WallTime`]), accelerator-seconds of the reference kind
    /// ([`Scaling::Work`]), or operations.
    pub amount: Amount,
    /// Whether a faster accelerator shortens the job.
    pub scaling: Scaling,
    /// How fast each kind of accelerator does its work, relative to the reference; `None`: as its peak.
    pub speeds: Option<IdVec<AcceleratorId, f64>>,
    /// Which of its jobs end early; `None`: none do.
    pub early: Option<Early>,
    /// What the user requests.
    pub requested: RequestedTime,
    /// When its jobs should be done, after submission; the order `earliest-deadline` looks at it.
    pub deadline: Option<Span>,
    /// How its jobs save their state; `None`: they do not.
    pub checkpoint: Option<Checkpoint>,
    /// Bytes sent where the results go each time that a run ends before its job with its state saved on demand: at the end of
    /// a segment, or where a job is pushed out once it has written a checkpoint.
    pub checkpoint_bytes: Bytes,
    /// On how many accelerators its jobs can run.
    pub flexibility: Flexibility,
    /// Jobs that request more time than this run as a chain of segments of at most this length, each of which joins the
    /// end of the queue and goes on from the checkpoint of the one before; `None`: they run in one piece.
    pub segment: Option<Span>,
    /// How its jobs train at several sites at once where that pays; `None`: they run at one.
    pub cross_site: Option<CrossSite>,
    /// The datasets of which each of its jobs reads one, in id order, each with the share of the jobs that read it or one
    /// before it: the last share is 1. Empty: its jobs read none.
    pub datasets: Vec<(DatasetId, f64)>,
    /// What becomes of a job's place in the queue while its data are on the way.
    pub staging: StagingPlace,
    /// Bytes staged in before the job may start.
    pub input_bytes: Distribution,
    /// Where its results go.
    pub results: ResultsGo,
    /// Bytes sent there after it ends.
    pub output_bytes: Distribution,
}

impl JobClass {
    /// Whether its jobs run on the size that they ask for, in one piece.
    #[inline]
    pub fn is_rigid(&self) -> bool {
        self.flexibility == Flexibility::Rigid && self.segment.is_none()
    }

    /// Whether its jobs change their size while they run.
    pub fn is_malleable(&self) -> bool {
        matches!(self.flexibility, Flexibility::Malleable(_))
    }

    /// Whether some of its jobs end otherwise than by having done their work.
    pub fn may_end_early(&self) -> bool {
        self.early.is_some() || self.requested.cut > 0.0
    }

    /// The mean number of accelerators.
    pub fn mean_accelerators(&self) -> f64 {
        self.accelerators.iter().map(|&(count, weight)| f64::from(count) * weight).sum()
    }

    /// The mean of accelerators times reference time, in accelerator-seconds; exact unless jobs fail, where it is no less
    /// than the mean.
    pub fn mean_work_s(&self) -> f64 {
        let Amount::Drawn(amount) = &self.amount else { return self.by_size() };
        match self.scaling {
            _ if self.early.is_some() => self.by_size(),
            Scaling::WallTime => self.mean_accelerators() * amount.mean(),
            Scaling::Work => amount.mean(),
        }
    }

    /// The same by the sizes of its jobs.
    fn by_size(&self) -> f64 {
        self.accelerators.iter().map(|&(count, weight)| weight * self.mean_work_of_size_s(count)).sum()
    }

    /// The same of the jobs that ask for so many accelerators.
    pub fn mean_work_of_size_s(&self, accelerators: u32) -> f64 {
        let work_s = self.mean_whole_work_s(accelerators);
        self.early.as_ref().map_or(work_s, |early| early.mean_work_s(accelerators, work_s))
    }

    /// The same if none of them ended early: this is what they ask time for.
    pub fn mean_whole_work_s(&self, accelerators: u32) -> f64 {
        match (&self.amount, self.scaling) {
            (Amount::Operations(operations), _) => operations.mean_work_s(accelerators),
            (Amount::Drawn(amount), Scaling::WallTime) => f64::from(accelerators) * amount.mean(),
            (Amount::Drawn(amount), Scaling::Work) => amount.mean(),
        }
    }
}
