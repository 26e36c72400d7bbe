//! From the cells of a study to its summary: every value an estimate over replications.

use super::best::best;
use super::compare::compare;
use super::compared::Judgement;
use super::endings::EndingSummary;
use super::fairness::Groups;
use super::gather::{Block, Gathering, RUNS_A_BLOCK};
use super::launch::Cell;
use super::marginal::marginal_values;
use super::objectives::summarise_objectives;
use super::places::Places;
use super::projects::summarise_projects;
use super::ranks::ranks;
use super::rows::may_occur;
use super::settled::settlings;
use super::spread::{ratios_of_hours, spreads};
use super::storage::StorageSummary;
use super::summary::{
    CommunitySummary, DistributionPoint, FactRow, LinkSummary, MarksSummary, Rejections, SetSummary,
    SiteSummary, StudySummary, Totals, TransferSummary,
};
use super::waterfall::summarise_waterfall;
use crate::model::{Marks, SiteId, System, broker_in_words};
use crate::records::Rejection;
use crate::statistics::{
    CONFIDENCE, EndingMetrics, EndingsMetrics, Metric, Metrics, RunMetrics, StorageMetrics, StoragesMetrics,
    TransferMetrics, UpkeepMetric, transfer_kinds, upkeep, wait_grid_s,
};
use crate::units::{Date, Time};
use std::collections::BTreeSet;

/// The summary of all cells of `system`, which are sorted by (set, replication), with its sets judged by `judgement`.
pub fn summarise(system: &System, cells: &[Cell], judgement: Judgement) -> StudySummary {
    let mut gathering = Gathering::new(system, judgement);
    for block in cells.chunk_by(|a, b| a.set == b.set).flat_map(|runs| runs.chunks(RUNS_A_BLOCK)) {
        gathering.add(block);
    }
    gathering.summary()
}

impl Gathering<'_> {
    /// The summary of all runs that have come in.
    pub fn summary(self) -> StudySummary {
        let (system, judgement, sets) = (self.system, self.judgement, &self.sets[..]);
        let observation = &system.observation;
        let edges = system.calendar.month_edges(observation.warm_up, observation.end);
        StudySummary {
            scenario: system.name.clone(),
            seed: observation.seed,
            replications: observation.replications,
            confidence: CONFIDENCE,
            broker: broker_in_words(system),
            local_policies: local_policies_in_words(system),
            from: date(system, observation.warm_up),
            to: date(system, observation.end),
            reference_accelerator: system.accelerators[system.reference_accelerator].name.clone(),
            months: edges[..edges.len() - 1].iter().map(|&edge| date(system, edge)).collect(),
            comparison: judgement.plan,
            comparisons: compare(system, sets, judgement),
            objectives: summarise_objectives(system, sets, judgement),
            best: best(system, sets, judgement),
            ranks: ranks(system, sets, judgement),
            marginal_values: marginal_values(system, sets, judgement),
            spreads: spreads(system, sets, judgement),
            settlings: settlings(system, sets),
            ratios: ratios_of_hours(system, sets),
            places: Places::of(system),
            facts: system
                .facts
                .iter()
                .map(|fact| FactRow {
                    path: fact.path.clone(),
                    source: fact.source.clone(),
                    confidence: fact.confidence,
                })
                .collect(),
            sets: self.sets.into_iter().filter_map(|set| set.summary).collect(),
        }
    }
}

fn date(system: &System, time: Time) -> Date {
    system.calendar.date_of(time).expect("an observation ends within the calendar")
}

fn local_policies_in_words(system: &System) -> String {
    let names: BTreeSet<String> =
        system.partitions.iter().map(|partition| partition.policy.to_string()).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

fn totals(runs: &Block, scope: impl Fn(&RunMetrics) -> &Metrics) -> Totals {
    let estimate = |metric| runs.over(|metrics| scope(metrics).get(metric));
    Totals {
        jobs: estimate(Metric::Jobs),
        jobs_rejected: estimate(Metric::JobsRejected),
        jobs_unstarted: estimate(Metric::JobsUnstarted),
        offered_h: estimate(Metric::OfferedH),
        served_h: estimate(Metric::ServedH),
        done_h: estimate(Metric::DoneH),
        bound_h: estimate(Metric::BoundH),
        done_of_bound: estimate(Metric::DoneOfBound),
        rejected_h: estimate(Metric::RejectedH),
        utilisation: estimate(Metric::Utilisation),
        wait_s_mean: estimate(Metric::WaitSMean),
        wait_s_p50: estimate(Metric::WaitSP50),
        wait_s_p90: estimate(Metric::WaitSP90),
        wait_s_p95: estimate(Metric::WaitSP95),
        wait_s_p99: estimate(Metric::WaitSP99),
        staging_s_mean: estimate(Metric::StagingSMean),
        wait_staging_s_mean: estimate(Metric::WaitStagingSMean),
        wait_limit_s_mean: estimate(Metric::WaitLimitSMean),
        wait_capacity_s_mean: estimate(Metric::WaitCapacitySMean),
        wait_calendar_s_mean: estimate(Metric::WaitCalendarSMean),
        wait_behind_s_mean: estimate(Metric::WaitBehindSMean),
        prediction_error_s_mean: estimate(Metric::PredictionErrorSMean),
        prediction_absolute_error_s_mean: estimate(Metric::PredictionAbsoluteErrorSMean),
        runs_cut_short: estimate(Metric::RunsCutShort),
        resizes: estimate(Metric::Resizes),
        lost_h: estimate(Metric::LostH),
        copies_taken_back: estimate(Metric::CopiesTakenBack),
        jobs_across_sites: estimate(Metric::JobsAcrossSites),
        bounded_slowdown_10s_mean: estimate(Metric::BoundedSlowdown10SMean),
        bounded_slowdown_10min_mean: estimate(Metric::BoundedSlowdown10MinMean),
        expansion_factor: estimate(Metric::ExpansionFactor),
        wait_s_weighted_mean: estimate(Metric::WaitSWeightedMean),
        data_h: estimate(Metric::DataH),
        data_reach_24h: estimate(Metric::DataReach24H),
        data_refused_share: estimate(Metric::DataRefused),
    }
}

/// The summary of one set over these runs and all that came in before.
pub(super) fn summarise_set(system: &System, runs: &Block) -> SetSummary {
    let set = &system.sets[runs.set()];
    let system = system.under(set);
    SetSummary {
        id: set.id.clone(),
        name: set.name.clone(),
        cost_euros: set.sites.iter().map(|&site| system.sites[site].cost.as_euros()).sum(),
        total: totals(runs, |metrics| &metrics.network),
        sites: set.sites.iter().map(|&site| summarise_site(system, runs, site)).collect(),
        communities: (0..system.communities.len())
            .map(|index| summarise_community(system, runs, index))
            .collect(),
        storage: summarise_storage(runs, |storages| &storages.network),
        endings: summarise_endings(runs, |endings| &endings.network),
        waterfall: summarise_waterfall(runs, |waterfalls| &waterfalls.network),
        projects: summarise_projects(runs, |projects| &projects.network),
        fairness_of_communities: Groups::communities(system).summarise(runs),
        fairness_of_countries: Groups::countries(system).summarise(runs),
        links: (0..system.topology.links.len()).map(|index| summarise_link(system, runs, index)).collect(),
        transfers: transfer_kinds(system)
            .into_iter()
            .enumerate()
            .map(|(index, kind)| summarise_transfers(runs, index, kind))
            .collect(),
    }
}

fn summarise_site(system: &System, runs: &Block, id: SiteId) -> SiteSummary {
    let site = &system.sites[id];
    let observation = &system.observation;
    let all = site.partitions.iter().map(|&partition| &system.partitions[partition]);
    let partitions: Vec<_> = all.filter(|partition| partition.opens < observation.end).collect();
    let mut openings: Vec<Time> = partitions.iter().map(|partition| partition.opens).collect();
    openings.sort_unstable();
    openings.dedup();
    let later = openings.iter().skip(1).filter(|&&time| time > observation.warm_up && time < observation.end);
    let by_month = |community: usize| {
        let months = runs.first().utilisation_by_month[id.index()][community].len();
        (0..months)
            .map(|month| runs.over(|metrics| metrics.utilisation_by_month[id.index()][community][month]))
            .collect()
    };
    let takes = |metric| runs.over(|metrics| upkeep(site, id, metrics).get(metric));
    SiteSummary {
        id: site.id.clone(),
        name: site.name.clone(),
        accelerators: partitions.iter().map(|partition| partition.accelerators()).sum(),
        opens: date(system, openings.first().copied().unwrap_or(Time::ZERO)),
        cost_euros: Some(site.cost.as_euros()),
        extensions: later.map(|&time| date(system, time)).collect(),
        total: totals(runs, |metrics| &metrics.sites[id.index()]),
        utilisation_by_month: (0..system.communities.len()).map(by_month).collect(),
        wait_s_mean_by_month: (0..runs.first().wait_s_mean_by_month[id.index()].len())
            .map(|month| runs.over(|metrics| metrics.wait_s_mean_by_month[id.index()][month]))
            .collect(),
        energy_mwh: runs.over(|metrics| upkeep(site, id, metrics).get(UpkeepMetric::EnergyKwh) / 1_000.0),
        energy_euros: takes(UpkeepMetric::EnergyEuros),
        storage: summarise_storage(runs, |storages| &storages.sites[id.index()]),
        projects: summarise_projects(runs, |projects| &projects.sites[id.index()]),
        served_share: runs.over(|metrics| {
            metrics.sites[id.index()].get(Metric::ServedH) / metrics.network.get(Metric::ServedH)
        }),
        marks: site.marks.map(|Marks { computing, data, talent }| MarksSummary { computing, data, talent }),
        carbon_tonnes: takes(UpkeepMetric::CarbonTonnes),
    }
}

/// The datasets at one storage, or at all; `None` in a system without datasets.
fn summarise_storage(
    runs: &Block,
    scope: impl Fn(&StoragesMetrics) -> &StorageMetrics,
) -> Option<StorageSummary> {
    runs.first().storages.as_ref()?;
    Some(StorageSummary::of(|metric| runs.over_some(|run| Some(scope(run.storages.as_ref()?).get(metric)))))
}

/// How the jobs of a scope ended; `None` where they end in one way only.
fn summarise_endings(
    runs: &Block,
    scope: impl Fn(&EndingsMetrics) -> &EndingMetrics,
) -> Option<EndingSummary> {
    runs.first().endings.as_ref()?;
    Some(EndingSummary::of(|metric| runs.over_some(|run| Some(scope(run.endings.as_ref()?).get(metric)))))
}

fn summarise_community(system: &System, runs: &Block, index: usize) -> CommunitySummary {
    let community = system.communities.iter().nth(index).expect("the index runs over the communities");
    let reasons = Rejection::ALL.iter().enumerate();
    let reasons = reasons.filter(|(_, reason)| may_occur(system, **reason));
    let rejections = reasons.map(|(reason, rejection)| Rejections {
        reason: rejection.words().to_owned(),
        jobs: runs.over(|metrics| metrics.rejections[index][reason].0),
        work_h: runs.over(|metrics| metrics.rejections[index][reason].1),
    });
    let points = wait_grid_s().into_iter().enumerate().map(|(point, wait_s)| DistributionPoint {
        wait_s,
        share: runs.over(|metrics| metrics.wait_shares[index][point]),
    });
    CommunitySummary {
        id: community.id.clone(),
        name: community.name.clone(),
        total: totals(runs, |metrics| &metrics.communities[index]),
        endings: summarise_endings(runs, |endings| &endings.communities[index]),
        waterfall: summarise_waterfall(runs, |waterfalls| &waterfalls.communities[index]),
        projects: summarise_projects(runs, |projects| &projects.communities[index]),
        rejections: rejections.collect(),
        wait_distribution: points.collect(),
    }
}

fn summarise_transfers(runs: &Block, index: usize, kind: &str) -> TransferSummary {
    let estimate = |value: fn(&TransferMetrics) -> f64| runs.over(|metrics| value(&metrics.transfers[index]));
    TransferSummary {
        kind: kind.to_owned(),
        started: estimate(|transfers| transfers.started),
        unfinished: estimate(|transfers| transfers.unfinished),
        arrived_tb: estimate(|transfers| transfers.arrived_tb),
        time_s_mean: estimate(|transfers| transfers.time_s_mean),
        time_s_p95: estimate(|transfers| transfers.time_s_p95),
    }
}

fn summarise_link(system: &System, runs: &Block, index: usize) -> LinkSummary {
    let link = system.topology.links.iter().nth(index).expect("the index runs over the links");
    let months = runs.first().load_by_month[index].len();
    LinkSummary {
        name: link.name.clone(),
        kind: link.kind,
        capacity_gbit_s: link.capacity.as_gbit_per_second(),
        load: runs.over(|metrics| metrics.load[index]),
        load_by_month: (0..months)
            .map(|month| runs.over(|metrics| metrics.load_by_month[index][month]))
            .collect(),
        carried_tb: runs.over(|metrics| metrics.carried_bytes[index] / 1e12),
    }
}
