//! An objective as it stands in results: what is measured of whom, which way is better, and what is required.

use crate::model::System;
use crate::statistics::{Objective, Want};
use serde::{Deserialize, Serialize};

/// An objective in results.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ObjectiveRow {
    /// Its id.
    pub id: String,
    /// Its name.
    pub name: String,
    /// The metric's name in `runs.parquet`.
    pub metric: String,
    /// The id of the community it is about; `None` for the whole network or a site.
    pub community: Option<String>,
    /// The id of the site it is about.
    pub site: Option<String>,
    /// Its unit.
    pub unit: String,
    /// Which way is better.
    pub want: Want,
    /// The mean may be no more than this.
    pub at_most: Option<f64>,
    /// The mean may be no less than this.
    pub at_least: Option<f64>,
}

impl ObjectiveRow {
    /// The row of an objective of `system`.
    pub fn of(system: &System, objective: &Objective) -> Self {
        let (community, site) = objective.measure.about(system);
        Self {
            id: objective.id.clone(),
            name: objective.name.clone(),
            metric: objective.measure.metric().to_owned(),
            community,
            site,
            unit: objective.measure.unit().to_owned(),
            want: objective.want,
            at_most: objective.at_most,
            at_least: objective.at_least,
        }
    }
}
