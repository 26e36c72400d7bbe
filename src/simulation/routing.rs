//! Which partition a job goes to: the broker's policy over what the partitions say of themselves.

use super::run::Simulation;
use super::times::Times;
use crate::engine::Purpose;
use crate::model::{BrokerPolicy, Flexibility, Job, PartitionId, SiteId};
use crate::records::{Rejection, Sink};
use crate::scheduling::{Choice, Waiting, choose_by_completion};
use crate::units::{Span, Time};
use crate::workload::Workload;

/// The broker's own draws, apart from those of the workload.
const BROKER: Purpose = 16;

/// Where a job is sent, on how many accelerators it will run there, and when it was predicted to start, if anybody
/// asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    pub(super) partition: PartitionId,
    pub(super) accelerators: u32,
    pub(super) times: Times,
    pub(super) predicted: Option<Time>,
}

/// A partition on which a job may run, with the accelerators that it would take there, and its times on them.
#[derive(Debug, Clone, Copy)]
struct Place {
    partition: PartitionId,
    accelerators: u32,
    times: Times,
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// The partition the broker sends `job` to.
    pub(super) fn choose_partition(&self, job: &Job) -> Result<Sent, Rejection> {
        let sites = self.preference.sites(job.country);
        let chosen = match self.system.broker {
            BrokerPolicy::Home { overflow_wait } => self.home(job, sites, overflow_wait),
            BrokerPolicy::LeastCompletion => {
                choose_by_completion(sites.iter().flat_map(|&site| self.choices(job, site)))
                    .map(|choice| self.sent(job, choice))
            }
            BrokerPolicy::Random => self.random(job, sites),
        };
        chosen.ok_or_else(|| self.why_nowhere(job, sites))
    }

    fn sent(&self, job: &Job, choice: Choice) -> Sent {
        let Choice { partition, accelerators, turn, .. } = choice;
        let times = self.times(job, partition, accelerators).expect("a feasible place allows its time");
        Sent { partition, accelerators, times, predicted: Some(turn) }
    }

    /// The numbers of accelerators on which a job may start.
    fn sizes<'s>(&'s self, job: &'s Job) -> &'s [u32] {
        let class = self.system.classes.get(job.class);
        let flexibility = class.map_or(&Flexibility::Rigid, |class| &class.flexibility);
        flexibility.starting_sizes(&job.request.accelerators)
    }

    /// The first site of the preference on which the job fits, unless its predicted wait there exceeds the limit.
    fn home(&self, job: &Job, sites: &[SiteId], overflow_wait: Option<Span>) -> Option<Sent> {
        let (home, first, only) = sites.iter().find_map(|&site| {
            let mut feasible = self.feasible(job, site);
            Some((site, feasible.next()?, feasible.next().is_none()))
        })?;
        if only && overflow_wait.is_none() {
            let Place { partition, accelerators, times } = first;
            return Some(Sent { partition, accelerators, times, predicted: None });
        }
        let at_home = choose_by_completion(self.choices(job, home))?;
        let now = self.queue.now();
        if overflow_wait.is_none_or(|limit| at_home.turn.since(now) <= limit) {
            return Some(self.sent(job, at_home));
        }
        choose_by_completion(sites.iter().flat_map(|&site| self.choices(job, site)))
            .map(|choice| self.sent(job, choice))
    }

    /// A site drawn with equal chances among those on which the job fits, then its partition of least completion.
    fn random(&self, job: &Job, sites: &[SiteId]) -> Option<Sent> {
        let feasible = || sites.iter().filter(|&&site| self.feasible(job, site).next().is_some());
        let key = self.stream_keys[job.id.stream.index()];
        let uniform = self.universe.stream(key, job.id.ordinal, BROKER).uniform();
        let site = *feasible().nth((uniform * feasible().count() as f64) as usize)?;
        choose_by_completion(self.choices(job, site)).map(|choice| self.sent(job, choice))
    }

    /// The open partitions of a site on which the job fits, each with every size on which it does.
    fn feasible<'s>(&'s self, job: &'s Job, site: SiteId) -> impl Iterator<Item = Place> + 's {
        let (partitions, sizes) = (&self.system.sites[site].partitions, self.sizes(job));
        (0..partitions.len() * sizes.len()).filter_map(move |index| {
            let (partition, accelerators) = (partitions[index / sizes.len()], sizes[index % sizes.len()]);
            self.place(job, partition, accelerators).filter(|_| self.admits(job, partition))
        })
    }

    fn admits(&self, job: &Job, id: PartitionId) -> bool {
        self.system.partitions[id].admits.as_ref().is_none_or(|admitted| admitted.contains(&job.community))
    }

    fn place(&self, job: &Job, partition: PartitionId, accelerators: u32) -> Option<Place> {
        let times = self.times(job, partition, accelerators)?;
        let fits = self.is_large_enough(job, partition, accelerators);
        fits.then_some(Place { partition, accelerators, times })
    }

    fn is_large_enough(&self, job: &Job, id: PartitionId, size: u32) -> bool {
        let partition = &self.system.partitions[id];
        let most = u64::from(partition.max_nodes_per_job) * u64::from(partition.accelerators_per_node);
        let state = &self.partitions[partition.pool];
        let units = partition.units_for(size);
        state.is_open()
            && partition.opens <= self.queue.now()
            && u64::from(units) <= self.system.most_units(id, job.community, job.country)
            && u64::from(size) <= most
            && units <= state.capacity
    }

    /// What each feasible partition of a site predicts for the job: it starts when its turn comes and its input is
    /// there, the input travelling alone over the narrowest link of its route.
    fn choices<'s>(&'s self, job: &'s Job, site: SiteId) -> impl Iterator<Item = Choice> + 's {
        let now = self.queue.now();
        self.feasible(job, site).map(move |Place { partition: id, accelerators, times }| {
            let (units, tier) =
                (self.system.partitions[id].units_for(accelerators), self.system.partitions[id].tier);
            let staged = now.saturating_add(self.staging.alone(job.country, site, job.request.input));
            let asking = Waiting { units, requested: times.requested, job: u32::MAX };
            let turn = self.partitions[self.system.partitions[id].pool].predicted_start(now, &asking, tier);
            let start = turn.max(staged);
            Choice {
                partition: id,
                accelerators,
                tier,
                turn,
                completion: start.saturating_add(times.requested).saturating_add(times.later),
            }
        })
    }

    fn is_any_large_enough(&self, job: &Job, id: PartitionId) -> bool {
        self.sizes(job).iter().any(|&size| self.is_large_enough(job, id, size))
    }

    fn why_nowhere(&self, job: &Job, sites: &[SiteId]) -> Rejection {
        let open = |id: &PartitionId| {
            let partition = &self.system.partitions[*id];
            self.partitions[partition.pool].is_open() && partition.opens <= self.queue.now()
        };
        let reachable = || sites.iter().flat_map(|&site| self.system.sites[site].partitions.iter().copied());
        if !self.partitions.ids().any(|id| open(&id)) {
            Rejection::NoOpenSite
        } else if !reachable().any(|id| open(&id)) {
            Rejection::Unreachable
        } else if !reachable().any(|id| open(&id) && self.admits(job, id)) {
            Rejection::NotAdmitted
        } else if reachable().any(|id| self.admits(job, id) && self.is_any_large_enough(job, id)) {
            Rejection::TooLong
        } else {
            Rejection::TooLarge
        }
    }
}
