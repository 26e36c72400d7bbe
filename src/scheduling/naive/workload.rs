//! Workloads of one partition: jobs in whole seconds and what the partition has.

use crate::model::{EventOrder, LocalPolicy, Order, Per};
use crate::scheduling::Setting;

/// A job as it comes to the partition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Job {
    /// When it joins the queue: at its submission, or later where its input had to travel.
    pub(super) joins: u64,
    pub(super) submit: u64,
    pub(super) units: u32,
    pub(super) requested: u64,
    /// May exceed what is requested: then it is cut.
    pub(super) run: u64,
    pub(super) lane: usize,
    /// Jobs without a project are under no limit of single projects.
    pub(super) project: Option<u64>,
    pub(super) deadline: Option<u64>,
    pub(super) attained: u64,
}

impl Job {
    /// How long it holds its units.
    pub(super) fn held(&self) -> u64 {
        self.run.min(self.requested)
    }
}

/// What the jobs of some lanes may hold together, or those of each project in them.
#[derive(Debug, Clone)]
pub(super) struct Cap {
    pub(super) units: u32,
    pub(super) jobs: Option<u32>,
    pub(super) per: Per,
    pub(super) lanes: Vec<usize>,
}

/// An interval in which units are withdrawn, or jobs of fewer units kept away.
#[derive(Debug, Clone, Copy)]
pub(super) struct Closure {
    pub(super) from: u64,
    pub(super) to: u64,
    pub(super) withdrawn: u32,
    pub(super) least_units: u32,
}

/// Jobs in the order of joining, and the partition they come to.
#[derive(Debug, Clone)]
pub(super) struct Workload {
    pub(super) capacity: u32,
    pub(super) opens: u64,
    /// How many may wait; `None`: all.
    pub(super) places: Option<u32>,
    pub(super) event_order: EventOrder,
    pub(super) setting: Setting,
    /// The tier of each lane.
    pub(super) tiers: Vec<i32>,
    /// By second, over and over: what an order that looks at accounts sees of each lane.
    pub(super) scores: Vec<[u32; 3]>,
    pub(super) caps: Vec<Cap>,
    pub(super) closures: Vec<Closure>,
    pub(super) jobs: Vec<Job>,
}

impl Workload {
    /// An instant by which every job has left.
    pub(super) fn end(&self) -> u64 {
        let last = self.jobs.last().map_or(0, |job| job.joins);
        let open = self.closures.iter().map(|closure| closure.to).chain([last, self.opens]).max();
        open.unwrap_or(0) + self.jobs.iter().map(|job| job.requested).sum::<u64>()
    }

    /// Every job requests exactly the time it takes, and everyone may wait.
    pub(super) fn with_exact_requests(mut self) -> Self {
        self.places = None;
        for job in &mut self.jobs {
            job.requested = job.held();
        }
        self
    }

    /// Ends come before submissions, and everyone may wait.
    pub(super) fn with_ends_first(mut self) -> Self {
        self.places = None;
        self.event_order = EventOrder::EndsFirst;
        self
    }

    /// All times that many times as long.
    pub(super) fn stretched(mut self, times: u64) -> Self {
        self.opens *= times;
        for job in &mut self.jobs {
            for time in [&mut job.joins, &mut job.submit, &mut job.requested, &mut job.run] {
                *time *= times;
            }
        }
        self
    }

    /// A partition by itself has a lane for each account that its order looks at.
    pub(super) fn has_lanes(&self, order: Order) -> bool {
        let by_account = order.decay().is_some() || order == Order::DominantResource;
        by_account || self.setting == Setting::General
    }

    pub(super) fn tiers(&self, order: Order) -> &[i32] {
        if self.has_lanes(order) { &self.tiers } else { &[0] }
    }

    pub(super) fn lane(&self, name: usize, order: Order) -> usize {
        if self.has_lanes(order) { self.jobs[name].lane % self.tiers.len() } else { 0 }
    }

    /// What the order sees of a lane. Under multifactor priority no two lanes are ever seen alike, so that equal
    /// priorities are those of equal jobs.
    pub(super) fn score(&self, order: Order, lane: usize, now: u64) -> f64 {
        let score = f64::from(self.scores[now as usize % self.scores.len()][lane]);
        let apart = if matches!(order, Order::Multifactor(..)) { lane as f64 / 1_048_576.0 } else { 0.0 };
        score + apart
    }

    /// The same without what the policy knows nothing of.
    pub(super) fn limited_to(mut self, policy: LocalPolicy) -> Self {
        if policy.keeps_reservations() {
            self.caps.clear();
            self.closures.clear();
            self.tiers.fill(0);
        }
        if self.setting == Setting::General {
            self.event_order = EventOrder::EndsFirst;
        }
        self
    }
}

/// What happened in a second: names of jobs, which are their numbers in the workload.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Step {
    /// In the order of their starts.
    pub(super) started: Vec<usize>,
    pub(super) turned_away: Vec<usize>,
}
