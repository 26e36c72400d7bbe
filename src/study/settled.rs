//! How the runs of each set settle, where a scenario asks for a steady state.

use super::gather::SetRuns;
use crate::model::System;
use crate::statistics::{DailyWaits, Day, Settling, settling};
use serde::{Deserialize, Serialize};

/// How the waits of one scope settle in one set.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SettlingSummary {
    /// The set's id.
    pub set: String,
    /// The community's id; `None` for the whole network.
    pub community: Option<String>,
    /// What was found.
    #[serde(flatten)]
    pub found: Settling,
    /// Whether what the scenario leaves out as its warm-up is at least what has to go; `None` where the runs do not settle.
    pub warm_up_is_enough: Option<bool>,
}

/// The whole network, then each community, of every set; nothing where no steady state is asked for. `cells` are sorted by
/// (set, replication).
pub(super) fn settlings(system: &System, sets: &[SetRuns]) -> Vec<SettlingSummary> {
    let warm_up_days = system.observation.warm_up.as_seconds() / 86_400.0;
    let mut all = Vec::new();
    for runs in sets.iter().filter(|runs| !runs.daily_waits.is_empty()) {
        let waits = &runs.daily_waits;
        let mut push = |community: Option<String>, days: Vec<Vec<Day>>| {
            let found = settling(&days);
            all.push(SettlingSummary {
                set: runs.id(system),
                community,
                warm_up_is_enough: found.days_out.map(|out| f64::from(out) <= warm_up_days),
                found,
            });
        };
        push(None, waits.iter().map(DailyWaits::together).collect());
        for (index, community) in system.communities.iter().enumerate() {
            push(Some(community.id.clone()), waits.iter().map(|run| run.days[index].clone()).collect());
        }
    }
    all
}
