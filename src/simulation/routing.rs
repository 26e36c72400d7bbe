//! Which partition a job goes to: the broker's policy over what the partitions say of themselves.

use super::run::Simulation;
use crate::engine::Purpose;
use crate::model::{BrokerPolicy, Job, PartitionId, SiteId};
use crate::records::{Rejection, Sink};
use crate::scheduling::{Choice, Waiting, choose_by_completion};
use crate::units::{Span, Time};
use crate::workload::Workload;

/// The broker's own draws, apart from those of the workload.
const BROKER: Purpose = 16;

/// What a job would hold and request at a partition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fit {
    pub(super) units: u32,
    pub(super) requested: Span,
}

/// Where a job is sent, and when it was predicted to start there, if anybody asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    pub(super) partition: PartitionId,
    pub(super) predicted: Option<Time>,
}

impl Sent {
    fn by(choice: Choice) -> Self {
        Self { partition: choice.partition, predicted: Some(choice.turn) }
    }
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// The partition the broker sends `job` to.
    pub(super) fn choose_partition(&self, job: &Job) -> Result<Sent, Rejection> {
        let sites = self.preference.sites(job.country);
        let chosen = match self.system.broker {
            BrokerPolicy::Home { overflow_wait } => self.home(job, sites, overflow_wait),
            BrokerPolicy::LeastCompletion => {
                choose_by_completion(sites.iter().flat_map(|&site| self.choices(job, site))).map(Sent::by)
            }
            BrokerPolicy::Random => self.random(job, sites),
        };
        chosen.ok_or_else(|| self.why_nowhere(job, sites))
    }

    /// What `job` holds and requests at `partition`.
    pub(super) fn fit(&self, job: &Job, partition: PartitionId) -> Fit {
        Fit {
            units: self.system.partitions[partition].units_for(job.request.accelerators),
            requested: job.request.scaling.on(job.request.requested, self.system.speed_of(partition)),
        }
    }

    /// The first site of the preference on which the job fits, unless its predicted wait there exceeds the limit.
    fn home(&self, job: &Job, sites: &[SiteId], overflow_wait: Option<Span>) -> Option<Sent> {
        let (home, first, only) = sites.iter().find_map(|&site| {
            let mut feasible = self.feasible(job, site);
            Some((site, feasible.next()?, feasible.next().is_none()))
        })?;
        if only && overflow_wait.is_none() {
            return Some(Sent { partition: first, predicted: None });
        }
        let at_home = choose_by_completion(self.choices(job, home))?;
        let now = self.queue.now();
        if overflow_wait.is_none_or(|limit| at_home.turn.since(now) <= limit) {
            return Some(Sent::by(at_home));
        }
        choose_by_completion(sites.iter().flat_map(|&site| self.choices(job, site))).map(Sent::by)
    }

    /// A site drawn with equal chances among those on which the job fits, then its partition of least completion.
    fn random(&self, job: &Job, sites: &[SiteId]) -> Option<Sent> {
        let feasible = || sites.iter().filter(|&&site| self.feasible(job, site).next().is_some());
        let key = self.stream_keys[job.id.stream.index()];
        let uniform = self.universe.stream(key, job.id.ordinal, BROKER).uniform();
        let site = *feasible().nth((uniform * feasible().count() as f64) as usize)?;
        choose_by_completion(self.choices(job, site)).map(Sent::by)
    }

    /// The open partitions of a site on which the job fits.
    fn feasible<'s>(&'s self, job: &'s Job, site: SiteId) -> impl Iterator<Item = PartitionId> + 's {
        let partitions = self.system.sites[site].partitions.iter().copied();
        partitions
            .filter(|&id| self.admits(job, id) && self.is_large_enough(job, id) && self.allows_time(job, id))
    }

    fn admits(&self, job: &Job, id: PartitionId) -> bool {
        self.system.partitions[id].admits.as_ref().is_none_or(|admitted| admitted.contains(&job.community))
    }

    fn is_large_enough(&self, job: &Job, id: PartitionId) -> bool {
        let partition = &self.system.partitions[id];
        let most = u64::from(partition.max_nodes_per_job) * u64::from(partition.accelerators_per_node);
        let state = &self.partitions[partition.pool];
        let units = partition.units_for(job.request.accelerators);
        state.is_open()
            && partition.opens <= self.queue.now()
            && partition
                .limits
                .iter()
                .all(|limit| !limit.is_about(job) || units <= partition.units_of_nodes(limit.nodes))
            && u64::from(job.request.accelerators) <= most
            && units <= state.capacity
    }

    fn allows_time(&self, job: &Job, id: PartitionId) -> bool {
        self.fit(job, id).requested <= self.system.partitions[id].max_requested
    }

    /// What each feasible partition of a site predicts for the job: it starts when its turn comes and its input is
    /// there, the input travelling alone over the narrowest link of its route.
    fn choices<'s>(&'s self, job: &'s Job, site: SiteId) -> impl Iterator<Item = Choice> + 's {
        let now = self.queue.now();
        self.feasible(job, site).map(move |id| {
            let fit = self.fit(job, id);
            let staged = now.saturating_add(self.staging.alone(job.country, site, job.request.input));
            let asking = Waiting { units: fit.units, requested: fit.requested, job: u32::MAX };
            let turn = self.partitions[self.system.partitions[id].pool].predicted_start(now, &asking);
            let start = turn.max(staged);
            Choice {
                partition: id,
                tier: self.system.partitions[id].tier,
                turn,
                completion: start.saturating_add(fit.requested),
            }
        })
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
        } else if reachable().any(|id| self.admits(job, id) && self.is_large_enough(job, id)) {
            Rejection::TooLong
        } else {
            Rejection::TooLarge
        }
    }
}
