//! A choice with everything that was asked beside it: what waiting is worth, and what each candidate is worth.

use super::outcome::{Selection, select};
use super::valuation::{Judges, Valuation};
use crate::model::{Choice, Effort, Future, System, WorthEffort, broker_in_words};
use crate::statistics::{CONFIDENCE, Objective};
use crate::study::futures::{FutureWeight, future_weights, settings};
use crate::study::objective_row::ObjectiveRow;
use crate::study::runs::{Halt, Launcher, Runs};
use crate::study::worth::{Worth, worth};
use crate::units::Date;
use serde::{Deserialize, Serialize};

/// Everything that `select` found.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SelectSummary {
    /// The scenario's name.
    pub scenario: String,
    /// The master seed.
    pub seed: u64,
    /// The first day of the window.
    pub from: Date,
    /// The day at whose beginning it ends.
    pub to: Date,
    /// The broker's policy in words.
    pub broker: String,
    /// The confidence of the intervals.
    pub confidence: f64,
    /// The objectives; the first counts most.
    pub objectives: Vec<ObjectiveRow>,
    /// The futures with their weights; none where the scenario as it stands is the only one.
    pub futures: Vec<FutureWeight>,
    /// The ids of the candidates' sites.
    pub candidates: Vec<String>,
    /// Their names.
    pub candidate_names: Vec<String>,
    /// The names of the committed sites.
    pub committed: Vec<String>,
    /// The answer; `None` where no set that was run may keep all that is required.
    pub selection: Option<Selection>,
    /// What each candidate is worth, where that is asked.
    pub worth: Vec<Worth>,
}

/// What is asked of a choice beside the answer.
#[derive(Debug, Clone, Copy)]
pub struct Asked<'a> {
    /// What may be chosen.
    pub choice: &'a Choice,
    /// What is wanted.
    pub objectives: &'a [Objective],
    /// The futures; none for the scenario as it stands.
    pub futures: &'a [Future],
    /// How much the choice may take.
    pub effort: Effort,
    /// How much the worth of the candidates may take; none where it is not asked.
    pub worth: Option<WorthEffort>,
}

/// Chooses a set and works out all that is asked beside it.
///
/// # Errors
/// When runs can't be made.
pub fn choose<L: Launcher + Sync>(
    system: &System,
    asked: Asked<'_>,
    runs: &Runs<'_, L>,
) -> Result<SelectSummary, Halt> {
    let Asked { choice, objectives, futures, effort, worth: worth_effort } = asked;
    let settings = settings(system, futures);
    let judges = Judges { choice, objectives, futures: &settings };
    let ids: Vec<String> = choice.candidates.iter().map(|one| system.sites[one.site].id.clone()).collect();
    let selection = select(system, judges, &effort, runs)?;
    let worth = match worth_effort {
        None => Vec::new(),
        Some(effort) => worth(&mut Valuation::new(judges, runs, 0), effort, &ids, system.observation.seed)?,
    };
    let date = |time| system.calendar.date_of(time).expect("an observation ends within the calendar");
    let name = |site: crate::model::SiteId| system.sites[site].name.clone();
    Ok(SelectSummary {
        scenario: system.name.clone(),
        seed: system.observation.seed,
        from: date(system.observation.warm_up),
        to: date(system.observation.end),
        broker: broker_in_words(system),
        confidence: CONFIDENCE,
        objectives: objectives.iter().map(|one| ObjectiveRow::of(system, one)).collect(),
        futures: future_weights(futures),
        candidate_names: choice.candidates.iter().map(|one| name(one.site)).collect(),
        candidates: ids,
        committed: choice.committed.iter().map(|&site| name(site)).collect(),
        selection,
        worth,
    })
}
