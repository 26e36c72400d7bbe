//! Which partition a job goes to: the broker's policy over what the partitions say of themselves.

use super::draws::BROKER;
use super::places::Place;
use super::run::Simulation;
use super::times::Times;
use crate::engine::Stream;
use crate::model::{BrokerPolicy, CopySites, Job, JobKind, Judge, PartitionId, RoutingPlan, Score, SiteId};
use crate::records::{Rejection, Sink};
use crate::scheduling::{
    Choice, Offer, Waiting, choose_by_completion, choose_by_score, draw, draw_by_fraction, fewest,
};
use crate::units::{Span, Time};
use crate::workload::Workload;

/// Where a job is sent, on how many accelerators it will run there, and when it was predicted to start, if anybody
/// asked.
#[derive(Debug, Clone, Copy)]
pub(super) struct Sent {
    pub(super) partition: PartitionId,
    pub(super) accelerators: u32,
    pub(super) times: Times,
    pub(super) predicted: Option<Time>,
}

impl<W: Workload, S: Sink> Simulation<'_, W, S> {
    /// The partition the broker sends `job` to.
    pub(super) fn choose_partition(&self, job: &Job) -> Result<Sent, Rejection> {
        let sites = self.reachable(job);
        let chosen = match &self.system.broker {
            _ if job.site.is_some() => self.soonest(job, sites),
            BrokerPolicy::Home { overflow_wait } => self.home(job, sites, *overflow_wait),
            BrokerPolicy::LeastCompletion => self.soonest(job, sites),
            BrokerPolicy::Random => self.random(job, sites),
            BrokerPolicy::Least(score) => self.least(job, sites, *score),
            BrokerPolicy::FewestJobs => self.fewest_jobs(job, sites, &mut self.draws(job, BROKER)),
            BrokerPolicy::BestOf { sites: count, by } => self.best_of(job, sites, *count, *by),
            BrokerPolicy::Fixed { fractions } => self.by_fraction(job, sites, fractions),
            BrokerPolicy::Fluid { plan } => self.by_plan(job, sites, plan.as_ref()),
            BrokerPolicy::Redundant { .. } => unreachable!("copies are chosen together"),
        };
        chosen.ok_or_else(|| self.why_nowhere(job, sites))
    }

    /// Where a job may be sent: to the site that it is bound to, or to all in the order of preference of its country.
    fn reachable<'s>(&'s self, job: &'s Job) -> &'s [SiteId] {
        job.site.as_ref().map_or_else(|| self.preference.sites(job.country), std::slice::from_ref)
    }

    /// The partitions where copies of a job wait, one a site, in the order in which they are handed in.
    pub(super) fn choose_copies(
        &self,
        job: &Job,
        copies: u32,
        sites: CopySites,
    ) -> Result<Vec<Sent>, Rejection> {
        let reachable = self.reachable(job);
        let mut candidates = self.feasible_sites(job, reachable);
        if sites == CopySites::Drawn {
            let mut draws = self.draws(job, BROKER);
            draw(&mut candidates, copies as usize, || draws.uniform());
        }
        let best = candidates.iter().filter_map(|&site| choose_by_completion(self.choices(job, site)));
        let mut best: Vec<Choice> = best.collect();
        if sites == CopySites::LeastCompletion {
            best.sort_by_key(Choice::by_completion);
            best.truncate(copies as usize);
        }
        if best.is_empty() {
            return Err(self.why_nowhere(job, reachable));
        }
        Ok(best.into_iter().map(|choice| self.sent(job, choice)).collect())
    }

    fn sent(&self, job: &Job, choice: Choice) -> Sent {
        let Choice { partition, accelerators, turn, .. } = choice;
        let times = self.times(job, partition, accelerators).expect("a feasible place allows its time");
        Sent { partition, accelerators, times, predicted: Some(turn) }
    }

    /// The partition of least predicted completion.
    fn soonest(&self, job: &Job, sites: &[SiteId]) -> Option<Sent> {
        choose_by_completion(sites.iter().flat_map(|&site| self.choices(job, site)))
            .map(|choice| self.sent(job, choice))
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
        self.soonest(job, sites)
    }

    /// A site drawn with equal chances among those on which the job fits, then its partition of least completion.
    fn random(&self, job: &Job, sites: &[SiteId]) -> Option<Sent> {
        let feasible = || sites.iter().filter(|&&site| self.feasible(job, site).next().is_some());
        let uniform = self.draws(job, BROKER).uniform();
        let site = *feasible().nth((uniform * feasible().count() as f64) as usize)?;
        self.soonest(job, &[site])
    }

    /// The partition of least score.
    fn least(&self, job: &Job, sites: &[SiteId], score: Score) -> Option<Sent> {
        choose_by_score(score, sites.iter().flat_map(|&site| self.offers(job, site)))
            .map(|choice| self.sent(job, choice))
    }

    /// The nodes with the fewest jobs on which the job fits, then the partition of least completion on them.
    fn fewest_jobs(&self, job: &Job, sites: &[SiteId], draws: &mut Stream) -> Option<Sent> {
        let mut pools: Vec<(SiteId, PartitionId)> = Vec::new();
        for &site in sites {
            let of_site = pools.len();
            for place in self.feasible(job, site) {
                let pool = self.system.partitions[place.partition].pool;
                if !pools[of_site..].contains(&(site, pool)) {
                    pools.push((site, pool));
                }
            }
        }
        let counts: Vec<u64> = pools.iter().map(|&(_, pool)| self.partitions[pool].seen_jobs()).collect();
        let (site, pool) = pools[fewest(&counts, draws.uniform())?];
        let there = |choice: &Choice| self.system.partitions[choice.partition].pool == pool;
        choose_by_completion(self.choices(job, site).filter(there)).map(|choice| self.sent(job, choice))
    }

    /// The best of some sites drawn at random.
    fn best_of(&self, job: &Job, sites: &[SiteId], count: u32, by: Judge) -> Option<Sent> {
        let (mut draws, mut drawn) = (self.draws(job, BROKER), self.feasible_sites(job, sites));
        draw(&mut drawn, count as usize, || draws.uniform());
        match by {
            Judge::PredictedStart => self.least(job, &drawn, Score::Wait),
            Judge::JobsPresent => self.fewest_jobs(job, &drawn, &mut draws),
        }
    }

    /// A site drawn by fixed fractions among those on which the job fits, then its partition of least completion.
    fn by_fraction(&self, job: &Job, sites: &[SiteId], fractions: &[(SiteId, f64)]) -> Option<Sent> {
        let mut feasible = self.feasible_sites(job, sites);
        feasible.sort_unstable();
        let fraction = |site: &SiteId| {
            fractions.binary_search_by_key(site, |&(site, _)| site).map_or(0.0, |index| fractions[index].1)
        };
        let fractions: Vec<f64> = feasible.iter().map(fraction).collect();
        let site = feasible[draw_by_fraction(&fractions, self.draws(job, BROKER).uniform())?];
        self.soonest(job, &[site])
    }

    /// The same, by the fractions planned for jobs of its kind.
    fn by_plan(&self, job: &Job, sites: &[SiteId], plan: Option<&RoutingPlan>) -> Option<Sent> {
        let plan = plan.expect("who routes by a plan works it out before the run");
        self.by_fraction(job, sites, plan.fractions(self.queue.now(), &JobKind::from(job)))
    }

    /// What each feasible partition of a site predicts for the job, by what the broker sees: it starts when its turn comes
    /// and its data are there.
    fn choices<'s>(&'s self, job: &'s Job, site: SiteId) -> impl Iterator<Item = Choice> + 's {
        self.feasible(job, site).map(move |place| self.choice(job, site, place))
    }

    pub(super) fn choice(
        &self,
        job: &Job,
        site: SiteId,
        Place { partition: id, accelerators, times }: Place,
    ) -> Choice {
        let partition = &self.system.partitions[id];
        let (units, tier) = (partition.units_for(accelerators), partition.tier);
        let asking = Waiting { units, requested: times.requested, job: u32::MAX };
        let turn = self.partitions[partition.pool].seen_start(self.queue.now(), &asking, tier);
        let start = turn.max(self.data_there(job, site));
        let completion = start.saturating_add(times.requested).saturating_add(times.later);
        Choice { partition: id, accelerators, tier, turn, completion }
    }

    /// When a job is predicted to start where it is to be sent, its data being there.
    pub(super) fn promised_start(&self, job: &Job, sent: &Sent) -> Time {
        let &Sent { partition, accelerators, times, .. } = sent;
        let site = self.system.partitions[partition].site;
        let turn = self.choice(job, site, Place { partition, accelerators, times }).turn;
        turn.max(self.data_there(job, site))
    }

    /// When a job would end where it is to be sent if it used all the time it requests.
    pub(super) fn completion_of(&self, job: &Job, sent: &Sent) -> Time {
        let &Sent { partition, accelerators, times, .. } = sent;
        let site = self.system.partitions[partition].site;
        self.choice(job, site, Place { partition, accelerators, times }).completion
    }

    /// The choices at a site with all that scores look at.
    fn offers<'s>(&'s self, job: &'s Job, site: SiteId) -> impl Iterator<Item = Offer> + 's {
        self.feasible(job, site).map(move |place| self.offer(job, site, place))
    }

    fn offer(&self, job: &Job, site_id: SiteId, place: Place) -> Offer {
        let choice = self.choice(job, site_id, place);
        let (site, partition) = (&self.system.sites[site_id], &self.system.partitions[place.partition]);
        let state = &self.partitions[partition.pool];
        let units = partition.units_for(place.accelerators);
        let hours = (place.times.requested.as_seconds() + place.times.later.as_seconds()) / 3_600.0;
        let held_h = f64::from(partition.accelerators_of(units)) * hours;
        let kwh = partition.accelerator_power.over_hours(held_h).0 * site.pue;
        let start = choice.turn.max(self.data_there(job, site_id));
        Offer {
            choice,
            wait: start.since(self.queue.now()),
            cost_eur: kwh / 1_000.0 * site.electricity_price_per_mwh.as_euros(),
            carbon_kg: kwh * site.carbon.0 as f64 / 1_000.0,
            utilisation: state.seen_utilisation(),
            over_entitlement: state.seen_over_entitlement(self.lane_at(job, place.partition), units),
        }
    }

    /// The lane by which a job would join.
    fn lane_at(&self, job: &Job, id: PartitionId) -> u32 {
        let state = &self.partitions[self.system.partitions[id].pool];
        state.lanes.lane(self.partitions[id].guest, job, state.rights.account_of(job))
    }

    /// Brings what the broker sees up to date, where that is not what is.
    pub(super) fn look_at_partitions(&mut self) {
        if self.system.information.age == Span::ZERO {
            return;
        }
        let now = self.queue.now();
        self.partitions.iter_mut().for_each(|state| state.look(now));
    }

    /// The broker remembers what it has sent where, until it sees it.
    pub(super) fn note_routing(&mut self, job: &Job, sent: &Sent) {
        if !self.system.information.own_routings {
            return;
        }
        let partition = &self.system.partitions[sent.partition];
        let units = partition.units_for(sent.accelerators);
        let waiting = Waiting { units, requested: sent.times.requested, job: u32::MAX };
        let lane = self.lane_at(job, sent.partition);
        self.partitions[partition.pool].note_routing(&waiting, partition.tier, lane);
    }
}
