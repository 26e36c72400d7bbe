//! What a study found: the values behind every table and plot, as stored in `summary.json`.
//!
//! Times are in seconds, shares between 0 and 1, work in accelerator-hours of the scenario's reference accelerator.

use super::best::BestSummary;
use super::endings::EndingSummary;
use super::fairness::FairnessSummary;
use super::marginal::MarginalValue;
use super::objectives::ObjectiveSummary;
use super::places::Places;
use super::projects::ProjectSummary;
use super::ranks::RankSummary;
use super::settled::SettlingSummary;
use super::spread::{RatioSummary, SpreadSummary};
use super::storage::StorageSummary;
use super::waterfall::WaterfallSummary;
use crate::model::{Confidence, LinkKind};
use crate::statistics::{ComparisonPlan, Estimate, Metric};
use crate::units::Date;
use serde::{Deserialize, Serialize};

/// The results of all candidate sets of one study.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StudySummary {
    /// The scenario's name.
    pub scenario: String,
    /// The master seed.
    pub seed: u64,
    /// Replications of each set.
    pub replications: u32,
    /// The confidence of all intervals.
    pub confidence: f64,
    /// The broker's policy, in words.
    pub broker: String,
    /// The local policies in use, in words.
    pub local_policies: String,
    /// First day of the statistics (after the warm-up).
    pub from: Date,
    /// Day on which the observation ends (exclusive).
    pub to: Date,
    /// The accelerator in whose hours work is counted.
    pub reference_accelerator: String,
    /// The first days of the calendar bins of every time series, in order.
    pub months: Vec<Date>,
    /// The sets, in the scenario's order; the first is the base.
    pub sets: Vec<SetSummary>,
    /// How the sets are compared.
    pub comparison: ComparisonPlan,
    /// Each other set against the base, then those of other pairs, if all are compared.
    pub comparisons: Vec<SetComparison>,
    /// The objectives in each set.
    pub objectives: Vec<ObjectiveSummary>,
    /// Each set against the best of the others; empty for a single set.
    pub best: Vec<BestSummary>,
    /// How the sets rank, and how stable that is; empty for a single set or a single run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub ranks: Vec<RankSummary>,
    /// What each site changes, where two sets differ by it alone.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub marginal_values: Vec<MarginalValue>,
    /// How the runs of each set differ from each other.
    #[serde(default)]
    pub spreads: Vec<SpreadSummary>,
    /// How runs settle, where a steady state is asked for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub settlings: Vec<SettlingSummary>,
    /// Ratios over all runs as one.
    #[serde(default)]
    pub ratios: Vec<RatioSummary>,
    /// Where its sites, links and users are.
    #[serde(default, skip_serializing_if = "Places::is_empty")]
    pub places: Places,
    /// The facts the scenario rests on.
    pub facts: Vec<FactRow>,
}

/// One candidate set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetSummary {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// What its sites cost together, in euros.
    pub cost_euros: f64,
    /// The whole network.
    pub total: Totals,
    /// Its sites.
    pub sites: Vec<SiteSummary>,
    /// The communities, in the scenario's order.
    pub communities: Vec<CommunitySummary>,
    /// The datasets at all its sites, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<StorageSummary>,
    /// How the jobs ended, where some may end otherwise than by having done their work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endings: Option<EndingSummary>,
    /// From the hours that stood open to those that were useful.
    pub waterfall: WaterfallSummary,
    /// The projects, where jobs come by them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projects: Option<ProjectSummary>,
    /// What the communities were given over their shares of the machines.
    pub fairness_of_communities: FairnessSummary,
    /// What the countries were given over their part of the expected demand.
    pub fairness_of_countries: FairnessSummary,
    /// The links, in the topology's order.
    pub links: Vec<LinkSummary>,
    /// Transfers: inputs of jobs, their results, then those of each plan.
    pub transfers: Vec<TransferSummary>,
}

/// Jobs, work and waits of one scope: the network, a site or a community.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Totals {
    /// Jobs submitted in the window.
    pub jobs: Estimate,
    /// Of them, jobs rejected.
    pub jobs_rejected: Estimate,
    /// Of them, jobs that had not started when the observation ended.
    pub jobs_unstarted: Estimate,
    /// Work asked for, in reference accelerator-hours.
    pub offered_h: Estimate,
    /// Work done inside the window, in reference accelerator-hours.
    pub served_h: Estimate,
    /// The same without what was in vain.
    pub done_h: Estimate,
    /// The most of it that any policy could do, of the whole network: the fluid bound.
    pub bound_h: Estimate,
    /// How much of the bound was done.
    pub done_of_bound: Estimate,
    /// Work of rejected jobs, in reference accelerator-hours.
    pub rejected_h: Estimate,
    /// Share of the open accelerators' time that jobs held them.
    pub utilisation: Estimate,
    /// Mean wait from submission to start, in seconds; a job that never started counts with its wait so far.
    pub wait_s_mean: Estimate,
    /// Median wait.
    pub wait_s_p50: Estimate,
    /// 90 % quantile of the wait.
    pub wait_s_p90: Estimate,
    /// 95 % quantile of the wait.
    pub wait_s_p95: Estimate,
    /// 99 % quantile of the wait.
    pub wait_s_p99: Estimate,
    /// Mean time between submission and the last input byte's arrival, in seconds; part of the wait.
    pub staging_s_mean: Estimate,
    /// Mean part of the wait in which the input was on the way, in seconds; it and the next four add up to the mean wait.
    pub wait_staging_s_mean: Estimate,
    /// Mean part of the wait in which a limit held the job back.
    pub wait_limit_s_mean: Estimate,
    /// Mean part of the wait in which not enough was free.
    pub wait_capacity_s_mean: Estimate,
    /// Mean part of the wait in which the calendar kept the job away.
    pub wait_calendar_s_mean: Estimate,
    /// Mean part of the wait in which others came first.
    pub wait_behind_s_mean: Estimate,
    /// Mean of predicted minus true start, in seconds, of the jobs whose start the broker predicted.
    pub prediction_error_s_mean: Estimate,
    /// Mean of the same without sign.
    pub prediction_absolute_error_s_mean: Estimate,
    /// Runs of jobs that were pushed out.
    pub runs_cut_short: Estimate,
    /// Changes of size of malleable jobs.
    pub resizes: Estimate,
    /// Accelerator-hours that such runs held in vain.
    pub lost_h: Estimate,
    /// Copies of jobs that were taken back, or found their queue full.
    pub copies_taken_back: Estimate,
    /// Jobs that trained at several sites at once.
    pub jobs_across_sites: Estimate,
    /// Mean bounded slowdown of the jobs that ended, with the bound of 10 s.
    pub bounded_slowdown_10s_mean: Estimate,
    /// The same with the bound of 10 min.
    pub bounded_slowdown_10min_mean: Estimate,
    /// Mean of (wait + run) / run of the same jobs, weighted by accelerators x run.
    pub expansion_factor: Estimate,
    /// Mean wait weighted by work.
    pub wait_s_weighted_mean: Estimate,
    /// Work of jobs that read data, of which it is known how long these took.
    pub data_h: Estimate,
    /// The share of it whose data were there within 24 h.
    pub data_reach_24h: Estimate,
    /// The share of it that was refused for the residency of its data.
    pub data_refused_share: Estimate,
}

impl Totals {
    /// The estimate of one metric.
    pub fn get(&self, metric: Metric) -> Estimate {
        match metric {
            Metric::Jobs => self.jobs,
            Metric::JobsRejected => self.jobs_rejected,
            Metric::JobsUnstarted => self.jobs_unstarted,
            Metric::OfferedH => self.offered_h,
            Metric::ServedH => self.served_h,
            Metric::DoneH => self.done_h,
            Metric::BoundH => self.bound_h,
            Metric::DoneOfBound => self.done_of_bound,
            Metric::RejectedH => self.rejected_h,
            Metric::Utilisation => self.utilisation,
            Metric::WaitSMean => self.wait_s_mean,
            Metric::WaitSP50 => self.wait_s_p50,
            Metric::WaitSP90 => self.wait_s_p90,
            Metric::WaitSP95 => self.wait_s_p95,
            Metric::WaitSP99 => self.wait_s_p99,
            Metric::StagingSMean => self.staging_s_mean,
            Metric::WaitStagingSMean => self.wait_staging_s_mean,
            Metric::WaitLimitSMean => self.wait_limit_s_mean,
            Metric::WaitCapacitySMean => self.wait_capacity_s_mean,
            Metric::WaitCalendarSMean => self.wait_calendar_s_mean,
            Metric::WaitBehindSMean => self.wait_behind_s_mean,
            Metric::PredictionErrorSMean => self.prediction_error_s_mean,
            Metric::PredictionAbsoluteErrorSMean => self.prediction_absolute_error_s_mean,
            Metric::RunsCutShort => self.runs_cut_short,
            Metric::Resizes => self.resizes,
            Metric::LostH => self.lost_h,
            Metric::CopiesTakenBack => self.copies_taken_back,
            Metric::JobsAcrossSites => self.jobs_across_sites,
            Metric::BoundedSlowdown10SMean => self.bounded_slowdown_10s_mean,
            Metric::BoundedSlowdown10MinMean => self.bounded_slowdown_10min_mean,
            Metric::ExpansionFactor => self.expansion_factor,
            Metric::WaitSWeightedMean => self.wait_s_weighted_mean,
            Metric::DataH => self.data_h,
            Metric::DataReach24H => self.data_reach_24h,
            Metric::DataRefused => self.data_refused_share,
        }
    }
}

/// One site of a set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SiteSummary {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Accelerators open to the factory's work at the end of the window.
    pub accelerators: u32,
    /// The day its first partition takes jobs.
    pub opens: Date,
    /// Days on which further partitions open, within the window.
    pub extensions: Vec<Date>,
    /// What it costs, in euros; `None` in results of versions that did not store it.
    #[serde(default)]
    pub cost_euros: Option<f64>,
    /// Jobs, work and waits of the jobs sent here.
    pub total: Totals,
    /// Share of the site's open accelerator-time in each month, held by each community: `[community][month]`.
    /// A month before the site opens has no value.
    pub utilisation_by_month: Vec<Vec<Estimate>>,
    /// `[month]`: mean wait in seconds of the jobs sent here, by the month of submission.
    pub wait_s_mean_by_month: Vec<Estimate>,
    /// Energy drawn by busy accelerators with the site's overhead (PUE), in MWh.
    pub energy_mwh: Estimate,
    /// Cost of that energy, in euros.
    pub energy_euros: Estimate,
    /// Carbon of that energy, in tonnes of CO2 equivalent.
    pub carbon_tonnes: Estimate,
    /// The datasets in its storage, where there are any.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub storage: Option<StorageSummary>,
    /// The projects whose hours are bound to it, where jobs come by projects.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projects: Option<ProjectSummary>,
    /// The part of all work served that was served here.
    pub served_share: Estimate,
    /// What the experts gave it, where that is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub marks: Option<MarksSummary>,
}

/// The marks of experts for the three criteria of the call, on the scale of the scenario.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct MarksSummary {
    /// Computing power.
    pub computing: f64,
    /// Access to data.
    pub data: f64,
    /// Availability of talent.
    pub talent: f64,
}

/// One community in one set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CommunitySummary {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// Jobs, work and waits of the community.
    pub total: Totals,
    /// How its jobs ended, where some may end otherwise than by having done their work.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub endings: Option<EndingSummary>,
    /// From the hours that its jobs held to those that were useful.
    pub waterfall: WaterfallSummary,
    /// Its projects, where jobs come by them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub projects: Option<ProjectSummary>,
    /// Rejected jobs by reason.
    pub rejections: Vec<Rejections>,
    /// The distribution of the wait: share of its jobs that waited at most so long, on a logarithmic grid.
    pub wait_distribution: Vec<DistributionPoint>,
}

/// Rejected jobs of one reason.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Rejections {
    /// The reason, in words.
    pub reason: String,
    /// How many jobs.
    pub jobs: Estimate,
    /// How much work, in reference accelerator-hours.
    pub work_h: Estimate,
}

/// One point of a distribution function.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct DistributionPoint {
    /// The wait in seconds.
    pub wait_s: f64,
    /// The share of jobs that waited at most so long.
    pub share: Estimate,
}

/// The transfers of one kind in one set, of those started after the warm-up.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TransferSummary {
    /// What they carried, or the id of their plan.
    pub kind: String,
    /// Transfers started.
    pub started: Estimate,
    /// Of them, those under way when the observation ended.
    pub unfinished: Estimate,
    /// Terabytes of those that finished.
    pub arrived_tb: Estimate,
    /// Mean time from start to last byte, in seconds.
    pub time_s_mean: Estimate,
    /// Its 95 % quantile.
    pub time_s_p95: Estimate,
}

/// One directed link in one set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct LinkSummary {
    /// Its name.
    pub name: String,
    /// What it is for.
    #[serde(with = "LinkKindWords")]
    pub kind: LinkKind,
    /// Its capacity in Gbit/s.
    pub capacity_gbit_s: f64,
    /// Bytes carried over capacity times time, over the window.
    pub load: Estimate,
    /// The same in each month.
    pub load_by_month: Vec<Estimate>,
    /// Bytes carried over the window, in TB.
    pub carried_tb: Estimate,
}

/// One set against another, on the same random universes.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SetComparison {
    /// The id of the set that it is compared with.
    pub base: String,
    /// The compared set's id.
    pub set: String,
    /// One row a metric.
    pub metrics: Vec<MetricComparison>,
}

/// A metric of the base and of another set with the paired difference.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricComparison {
    /// The metric's name in `runs.parquet`.
    pub metric: String,
    /// The community it is about; `None` for the whole network.
    pub community: Option<String>,
    /// The site it is about.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub site: Option<String>,
    /// Its unit: `s`, `h` (accelerator-hours), `share`, `jobs`.
    pub unit: String,
    /// In the base set.
    pub base: Estimate,
    /// In the compared set.
    pub value: Estimate,
    /// Compared set minus base, paired by replication.
    pub difference: Estimate,
    /// Half-width of the same interval if it holds together with those of all compared sets, by Bonferroni's rule; `None`
    /// where each stands by itself.
    #[serde(default)]
    pub simultaneous_half_width: Option<f64>,
    /// The two-sided p value of no difference, by Student's t on the paired differences.
    #[serde(default)]
    pub p_value: Option<f64>,
    /// The same, adjusted over all compared sets.
    #[serde(default)]
    pub p_adjusted: Option<f64>,
    /// Half-width if the sets had been run on independent universes: what common random numbers save.
    pub unpaired_half_width: Option<f64>,
}

impl MetricComparison {
    /// The difference with the interval that holds for all compared sets at once; with its own where each stands by itself.
    pub fn for_all(&self) -> Estimate {
        let half_width = self.simultaneous_half_width.or(self.difference.half_width);
        Estimate { half_width, ..self.difference }
    }
}

/// A fact with its source.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FactRow {
    /// The part of the scenario.
    pub path: String,
    /// Who says so.
    pub source: String,
    /// How well it is known.
    #[serde(with = "ConfidenceWords")]
    pub confidence: Confidence,
}

/// How files spell [`Confidence`]: the model itself knows no files.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Confidence", rename_all = "lowercase")]
enum ConfidenceWords {
    Firm,
    Soft,
    Assumed,
}

/// How files spell [`LinkKind`].
#[derive(Serialize, Deserialize)]
#[serde(remote = "LinkKind", rename_all = "kebab-case")]
enum LinkKindWords {
    Backbone,
    Uplink,
    TransferNodes,
    Storage,
    Access,
}
