//! The plan of runs and what is computed from them.

mod best;
mod case;
pub mod chunk;
mod compare;
mod compared;
mod controls;
pub mod design;
mod endings;
mod estimates;
mod fairness;
mod futures;
mod gantt;
mod gather;
mod identical;
mod launch;
mod load;
mod marginal;
mod objective_row;
mod objectives;
mod people;
mod places;
mod projects;
mod ranks;
mod recipe;
mod replay;
mod rounds;
mod rows;
mod runs;
pub mod search;
pub mod select;
mod settled;
mod single;
mod spread;
mod storage;
mod summarise;
mod summary;
pub mod sweep;
pub mod validate;
mod waiting;
mod waterfall;
mod worth;

pub use best::{BestSummary, SetAgainstBest};
pub use case::{Case, Outcome, Setting, hexadecimal};
pub use compared::Judgement;
pub use endings::EndingSummary;
pub use fairness::{FairnessSummary, GroupFairness};
pub use futures::{
    FutureWeight, FuturesSummary, ObjectiveInFutures, SetInFutures, future_weights, in_futures, settings,
};
pub use gantt::{Gantt, GanttPlan, Stretch, gantt};
pub use gather::Gathering;
pub use identical::IdenticalSites;
pub use launch::{Cell, gathered, replications_until_precise, run_cell, run_cells};
pub use load::{OfferedLoad, expected_jobs, mean_work_h, offered_load};
pub use marginal::{MarginalChange, MarginalValue};
pub use objective_row::ObjectiveRow;
pub use objectives::{ObjectiveInSet, ObjectiveSummary};
pub use people::{
    ModeDemand, People, WorkAsked, mode_demand, people_at, weekly_h, without_support, work_asked,
};
pub use places::{CountryPlace, LinkEnd, LinkPlace, Places, SitePlace};
pub use projects::ProjectSummary;
pub use ranks::{RankSummary, SetRank};
pub use recipe::{Fingerprint, Place, Recipe, SetRecipe, Wanted};
pub use replay::{Replay, ReplayOptions, ScheduleSummary, ScheduledJob, replay};
pub use rounds::{GanttAsked, Input, Manifest, Round, RoundStatus, StudyCommand, ranges_in_words};
pub use rows::{RunRow, run_rows};
pub use runs::{
    Count, Engine, Finished, Halt, Launcher, RunKey, Runs, Store, Watch, in_memory, outcome_bytes,
    runs_in_words,
};
pub use settled::SettlingSummary;
pub use single::{DemandClass, PoissonDemand, SinglePartition};
pub use spread::{QUANTILES, QuantileOfRuns, RatioSummary, SetRatio, SetSpread, SpreadSummary};
pub use storage::StorageSummary;
pub use summarise::summarise;
pub use summary::{
    CommunitySummary, DistributionPoint, FactRow, LinkSummary, MarksSummary, MetricComparison, Rejections,
    SetComparison, SetSummary, SiteSummary, StudySummary, Totals, TransferSummary,
};
pub use waiting::{Waiting, value_of_waiting};
pub use waterfall::WaterfallSummary;
pub use worth::{CandidateWorth, PairWorth, Shapley, Worth, worth};
