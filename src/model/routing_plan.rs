//! Fractions by which jobs find their site, worked out before a run: `bound` makes them, the broker draws by them.

use super::ids::{ClassId, CommunityId, CountryId, DatasetId, SiteId};
use super::job::Job;
use crate::units::Time;
use std::collections::BTreeMap;

/// What is the same of jobs that are shared out by the same fractions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct JobKind {
    /// Who asks.
    pub community: CommunityId,
    /// From where.
    pub country: CountryId,
    /// For what.
    pub class: ClassId,
    /// What it reads beside its input.
    pub dataset: Option<DatasetId>,
    /// Accelerators that it asks for.
    pub accelerators: u32,
}

impl From<&Job> for JobKind {
    fn from(job: &Job) -> Self {
        let Job { community, country, class, dataset, .. } = *job;
        Self { community, country, class, dataset, accelerators: job.request.accelerators }
    }
}

/// The fractions of the sites for each kind of job, period by period.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RoutingPlan {
    /// Ascending by their begin; before the first one, nothing is planned.
    pub periods: Vec<RoutingPeriod>,
}

/// The fractions from an instant to the begin of the next period, or to the end.
#[derive(Debug, Clone, PartialEq)]
pub struct RoutingPeriod {
    /// The instant.
    pub from: Time,
    /// Sites with their fractions, in id order; others have none. Kinds that are served alike share one entry.
    pub fractions: Vec<Vec<(SiteId, f64)>>,
    /// The place of each kind's fractions among these.
    pub kinds: BTreeMap<JobKind, usize>,
}

impl RoutingPlan {
    /// The fractions for a job submitted at `now`: none where nothing is planned for its kind. O(log kinds).
    pub fn fractions(&self, now: Time, kind: &JobKind) -> &[(SiteId, f64)] {
        let begun = self.periods.partition_point(|period| period.from <= now);
        let period = begun.checked_sub(1).map(|last| &self.periods[last]);
        period
            .and_then(|period| period.kinds.get(kind).map(|&place| period.fractions[place].as_slice()))
            .unwrap_or_default()
    }
}
