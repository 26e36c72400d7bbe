//! The fluid bound: what no policy can beat in the very replication that was run.
//!
//! [`FluidBound`] is a sink beside the statistics: it sees the rows of one run, and gives the most work that any policy
//! could have done from the warm-up to the end, whatever it knows in advance. The metric it bounds is `done_h`: work done
//! in the window and not in vain, in hours of the reference accelerator.
//!
//! # The programme
//!
//! Variables: x_gk ≥ 0, the work that jobs of group g do in the window in way k. A group is of jobs that may run in the
//! same ways; a way is a partition through which they run, on the best of their sizes there. The objective is Σ x_gk, and
//! every run of any policy of the project gives such x by adding up what its jobs did, so that the optimum is a bound if
//! these x keep every row:
//!
//! - **Work**, Σ_k x_gk ≤ Σ_j d_j over the jobs of the group. What a job keeps of what it does never exceeds its true
//!   work: what is done again counts as in vain. Of a job submitted before the window, what it had done by then of what
//!   it kept is taken off. A job does nothing before it is submitted and its input, sent at once and alone at the
//!   greatest rate to any site, is there, nor after the end, and in between not more than on its fastest way, on its greatest
//!   size. A job that runs in one piece does no more than until it is killed: accelerators asked for times the time asked
//!   for, and the grace. Jobs that are refused are work, too: another policy may have had room.
//! - **Ways**. A job goes to a partition that is open when it is submitted, within reach of its country there and back,
//!   that admits its community, where its size fits the nodes of one job, the nodes there are and what limits and quota
//!   ever leave to one job, and where the time that it requests is allowed; the site may hold its dataset, and links lead
//!   there from the dataset's home: all that is asked before any policy is.
//!   A training across sites counts as any of its parts, each of which has its own way, at the speed of all of them
//!   together: what it sends between sites, and the work that it does in addition, only take from what is there.
//! - **Nodes**, Σ a_gk x_gk ≤ accelerators × time open, less what the calendar withdraws, for each partition that owns
//!   nodes. An hour of work holds at least a_gk accelerator-hours: whole nodes count in full, and work is done at the
//!   accelerator's speed. Speed-ups are concave, so no size does more by the accelerator than the one that just fills the
//!   nodes of the least. What is held in vain only comes on top. A job never holds more than is there, and what the
//!   calendar withdraws is free when it goes.
//! - **Limits and quotas**, the same sum over the jobs under one, for the accelerators that it ever leaves to them
//!   together, of which none holds more at any time. Malleable jobs are left out of the sum: what is lent to them counts
//!   under no limit. Limits of single projects and of numbers of jobs are left out.
//! - **Links**, Σ bytes per hour × x_gk ≤ bytes that the link could carry in the window, as it failed, came back and was
//!   upgraded in the run, for each link that could run short, over the countries and sites between which nothing leads
//!   around it: the access link of the country, the uplink and the transfer nodes of the site. Whatever the routing, a
//!   job's input crosses these in full before the job starts; if it was submitted in the window, it does so within it. A
//!   job that does only part of its work needs all the same bytes, so that bytes in proportion to its work are fewer. Jobs
//!   are grouped by their ratio of bytes to work, and each counts with the least ratio of its group; where the programme
//!   would grow too large, by country alone, then without first copies, and where that is too large too, links are left
//!   out. The input of jobs
//!   submitted before the window may be there by its begin, results need not be home by its end, and what moves by a plan
//!   only takes from what is there: they count nothing.
//! - **First copies**, in the same rows: Σ b_d x_d / m_d over the datasets d, of b_d bytes, with x_d the work on d done
//!   beyond the link and m_d the most that could be. Beyond a link are the sites to which nothing leads without it from
//!   where d lies at first: its home, and the replicas at sites of the set. A copy comes from some holder, whose own copy
//!   came from another, and so on back to one of these: one of these transfers crosses the link, in full before the job
//!   starts. So x_d > 0 takes b_d bytes at least, and they are the same for all jobs and all sites beyond; copies that are
//!   given up, fetched twice or only passed through are more bytes. No work exceeds that of the jobs that read d and have a
//!   way beyond, nor what the nodes there offer: x_d / m_d ≤ 1, and the row holds. When these bytes move decides to which
//!   row they belong. A dataset moves when a job that reads it is submitted, not before: if none was before the window,
//!   all of it moves within. For the others there is a row from the begin of the observation to its end, with all input
//!   of the window and all first copies; before the window a link counts with the most that it ever carries.
//!
//! Left out, which can only raise the bound: how long datasets take to come, that storages are small, the order in time (work that comes late can't use
//! what stood idle before), that all accelerators of a job run at once, blocks of the calendar that keep small jobs away,
//! waiting places, and budgets, since any number of jobs may start while something is left of one, and go on when it is used up.
//!
//! Times of runs are rounded up to the next nanosecond, at each start and change of size: what this adds to the work is
//! counted and added to the bound.

//! # Fractions
//!
//! [`routing_plan`] turns the programme round, for a broker that does not know what comes: `planning.rs`.

mod capacity;
mod demand;
mod expected;
mod expected_bound;
mod first_copies;
mod plan;
mod planning;
mod programme;
mod reach;
mod readers;
mod rows;
mod ways;

use crate::model::{CandidateSet, ClassId, JobClass, JobId, PartitionId, Scaling, System};
use crate::records::{JobRow, LinkRow, Outcome, SegmentRow, Sink};
use crate::units::Time;
use capacity::{Cap, Window, caps};
use demand::Demands;
pub use expected_bound::expected_bound_h;
pub use plan::{greatest_load, routing_plan};
use reach::Reach;
use std::collections::BTreeMap;

/// A sink that makes the fluid bound of one run of one candidate set. Memory depends on the kinds of jobs, and on the
/// live jobs that were cut short before the window.
#[derive(Debug, Clone)]
pub struct FluidBound<'a> {
    system: &'a System,
    set: &'a CandidateSet,
    window: Window,
    reach: Reach,
    caps: Vec<Cap>,
    demands: Demands,
    /// `[link]`: the bytes that it could have carried in the window.
    offered: Vec<f64>,
    /// What jobs with several runs did before the window, in reference accelerator-hours.
    carried_h: BTreeMap<JobId, f64>,
    /// The most that rounding has added to the work, in reference accelerator-hours.
    rounding_h: f64,
}

impl<'a> FluidBound<'a> {
    /// The bound of a run without any row.
    pub fn new(system: &'a System, set: &'a CandidateSet) -> Self {
        let window = Window { from: system.observation.warm_up, to: system.observation.end };
        let (reach, caps) = (Reach::new(system, set), caps(system, set, window));
        let demands = Demands::new(system, set, &reach, &caps);
        let offered = vec![0.0; system.topology.links.len()];
        Self {
            system,
            set,
            window,
            reach,
            caps,
            demands,
            offered,
            carried_h: BTreeMap::new(),
            rounding_h: 0.0,
        }
    }

    /// The most work that any policy could have done in the window, in reference accelerator-hours, from the rows seen.
    pub fn bound_h(&self) -> f64 {
        self.programme().bound() + self.rounding_h
    }

    /// Reference accelerators whose work is done on so many of the size asked for.
    fn rate(&self, (class, partition): (ClassId, PartitionId), worth: f64, scaling: Scaling) -> f64 {
        match scaling {
            Scaling::WallTime => worth,
            Scaling::Work => worth * self.system.speed_for(class, partition),
        }
    }

    /// Whether a job left the system before the window, or at its begin.
    fn is_gone(&self, row: &JobRow) -> bool {
        match row.outcome {
            // Nothing tells when; what never ran has done nothing since.
            Outcome::Balked => row.submit < self.window.from,
            Outcome::Rejected(_) => row.submit < self.window.from && row.start.is_none() && row.sites == 1,
            _ => row.end.is_some_and(|end| end <= self.window.from),
        }
    }
}

/// Whether work that was done keeps a bound, but for rounding: that of sums of work, far less than a 10^9th part, and that of the
/// linear programme, far less than the nanosecond of one accelerator (2.8e-13 h) that is the least work there is.
pub fn keeps_bound(done_h: f64, bound_h: f64) -> bool {
    done_h <= bound_h * (1.0 + 1e-9) + 1e-15
}

/// A span of a nanosecond, twice: once for the time left, once for the conversion to the speed.
const ROUNDING_H: f64 = 2.0 / 3.6e12;

impl Sink for FluidBound<'_> {
    fn job(&mut self, row: &JobRow) {
        self.demands.note(row);
        let mut before_h =
            if self.carried_h.is_empty() { 0.0 } else { self.carried_h.remove(&row.id).unwrap_or(0.0) };
        if self.is_gone(row) {
            return;
        }
        if let (Some(partition), Some(start)) = (row.partition, row.last_start) {
            let rate = self.rate((row.class, partition), row.worth, row.scaling);
            before_h += rate * before(start, self.window.from);
            let class = self.system.classes.get(row.class);
            if row.scaling == Scaling::Work || !class.is_none_or(JobClass::is_rigid) {
                self.rounding_h += rate * ROUNDING_H;
            }
        }
        self.demands.add(self.system, &self.reach, self.window, row, before_h);
    }

    fn segment(&mut self, row: &SegmentRow) {
        let rate = self.rate((row.class, row.partition), row.worth, row.scaling);
        self.rounding_h += rate * ROUNDING_H;
        if row.from < self.window.from {
            let kept = rate * row.kept_share() * before(row.from, row.to.min(self.window.from));
            *self.carried_h.entry(row.id).or_insert(0.0) += kept;
        }
    }

    fn link(&mut self, row: &LinkRow) {
        let seconds = self.window.overlap(row.from, row.to).as_seconds();
        self.offered[row.link.index()] += row.capacity.0 * self.system.network.transfers.efficiency * seconds;
    }
}

/// The hours from one instant to another, none if that is earlier.
fn before(from: Time, to: Time) -> f64 {
    if to > from { to.since(from).as_hours() } else { 0.0 }
}
