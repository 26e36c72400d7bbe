//! The format of how much a choice may take, and the worth of each site.

use super::diagnostics::Report;
use super::format::ScenarioFile;
use super::tree::Node;
use crate::model::{Effort, WorthEffort};
use schemars::JsonSchema;
use serde::Deserialize;

/// How many runs `select` may make, and how sure its answer is to be. A run is one of a set in one future and replication.
#[derive(Debug, Clone, Default, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Select {
    /// Runs of the search and of the ranking together, at most; 1,000 if absent.
    #[schemars(range(min = 1, max = 10_000_000))]
    pub runs: Option<u64>,
    /// Replications of a set in the search; 3 if absent.
    #[schemars(range(min = 2, max = 10_000))]
    pub look: Option<u32>,
    /// Sets that come into the final, at most; 8 if absent.
    #[schemars(range(min = 1, max = 1_000))]
    pub finalists: Option<u32>,
    /// Replications of each finalist before one is dropped; 10 if absent.
    #[schemars(range(min = 2, max = 10_000))]
    pub first: Option<u32>,
    /// Replications of a finalist, at most; 200 if absent.
    #[schemars(range(min = 2, max = 1_000_000))]
    pub most: Option<u32>,
    /// The confidence with which the chosen set is the best of the finalists, or within the indifference of the first
    /// objective; 0.95 if absent.
    #[schemars(range(min = 0.5, max = 0.9999))]
    pub confidence: Option<f64>,
}

/// How the worth of each candidate is worked out.
#[derive(Debug, Clone, PartialEq, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Worth {
    /// Runs, at most: with all sets of candidates within it Shapley values are exact, else from random orders; 2,000 if absent.
    /// What each site adds first and last, and two pairs of orders, are run in any case.
    #[schemars(range(min = 10, max = 10_000_000))]
    pub runs: Option<u64>,
    /// Replications of each set; 5 if absent.
    #[schemars(range(min = 2, max = 10_000))]
    pub replications: Option<u32>,
}

impl Select {
    /// The effort, with what is absent.
    fn effort(&self) -> Effort {
        let usual = Effort::default();
        let first = self.first.unwrap_or(usual.first);
        Effort {
            runs: self.runs.unwrap_or(usual.runs),
            look: self.look.unwrap_or(usual.look),
            finalists: self.finalists.unwrap_or(usual.finalists),
            first,
            most: self.most.unwrap_or(usual.most).max(first),
            confidence: self.confidence.unwrap_or(usual.confidence),
        }
    }
}

/// The effort that a file asks for. Reports a budget that has no room for a single set.
pub(super) fn effort(file: &ScenarioFile, tree: &Node, report: &mut Report) -> Effort {
    let effort = file.select.effort();
    let futures = file.future.len().max(1);
    if file.choice.is_some() && effort.searched_sets(futures) == 0 {
        let text = format!(
            "a search may spend seven tenths of the {} runs, and looking at one set takes {}",
            effort.runs,
            u64::from(effort.look) * futures as u64
        );
        report.rule(tree, "select.runs", text);
    }
    effort
}

impl Worth {
    /// The effort, with what is absent.
    pub(super) fn effort(&self) -> WorthEffort {
        let usual = WorthEffort::default();
        WorthEffort {
            runs: self.runs.unwrap_or(usual.runs),
            replications: self.replications.unwrap_or(usual.replications),
        }
    }
}
