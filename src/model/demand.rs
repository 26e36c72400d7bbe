//! Who asks for accelerators: countries, communities, their streams of arrivals and their job classes.

use super::cross_site::CrossSite;
use super::dataset::{ResultsGo, StagingPlace};
use super::ids::{ClassId, CommunityId, CountryId, DatasetId, NodeId};
use super::job::Scaling;
use super::speedup::Speedup;
use crate::engine::Distribution;
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
    /// Its job classes with their share of its jobs; shares add up to 1.
    pub classes: Vec<(ClassId, f64)>,
}

/// Jobs of one community in one country: a Poisson process whose rate grows exponentially.
#[derive(Debug, Clone, PartialEq)]
pub struct ArrivalStream {
    /// `community/country`: the key of its random numbers, so that other streams never change them.
    pub key: String,
    /// Who.
    pub community: CommunityId,
    /// From where.
    pub country: CountryId,
    /// Jobs per second at time zero.
    pub rate_per_s: f64,
    /// Growth of the rate per second, continuously compounded: rate(t) = rate · exp(growth · t).
    pub growth_per_s: f64,
    /// No arrival before this instant.
    pub starts: Time,
}

/// How users state the time they need.
#[derive(Debug, Clone, PartialEq)]
pub struct RequestedTime {
    /// Requested over true time; below 1 the job is killed at its limit.
    pub factor: Distribution,
    /// The values people choose from, ascending: the request is rounded up to the next one. Empty: not rounded.
    pub round_up_to: Vec<Span>,
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
    /// Accelerators with their weights; weights add up to 1.
    pub accelerators: Vec<(u32, f64)>,
    /// Wall time in seconds ([`Scaling::WallTime`]) or accelerator-seconds of the reference kind ([`Scaling::Work`]).
    pub amount: Distribution,
    /// Whether a faster accelerator shortens the job.
    pub scaling: Scaling,
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

    /// The mean number of accelerators.
    pub fn mean_accelerators(&self) -> f64 {
        self.accelerators.iter().map(|&(count, weight)| f64::from(count) * weight).sum()
    }

    /// The mean of accelerators times reference time, in accelerator-seconds.
    pub fn mean_work_s(&self) -> f64 {
        match self.scaling {
            Scaling::WallTime => self.mean_accelerators() * self.amount.mean(),
            Scaling::Work => self.amount.mean(),
        }
    }
}
