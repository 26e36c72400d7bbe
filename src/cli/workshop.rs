//! Makes the cases of a study again from their recipes.

use super::sweep;
use crate::scenario::{Override, Scenario};
use crate::study::{Case, Halt, Place, Recipe, Setting, StudyCommand};
use std::sync::{Arc, Mutex};

/// A scenario in which cases are made.
pub(super) struct Workshop<'a> {
    scenario: &'a Scenario,
    /// `[point][future]` the changes of a sweep.
    changes: Vec<Vec<Vec<Override>>>,
    /// The last one, since runs of a place come one after the other.
    last: Mutex<Option<(Place, Setting)>>,
}

impl<'a> Workshop<'a> {
    /// For the study of a command.
    pub(super) fn new(scenario: &'a Scenario, command: &StudyCommand) -> Self {
        let sweep = scenario.sweep.as_ref().filter(|_| *command == StudyCommand::Sweep);
        let changes = sweep.map_or_else(Vec::new, |sweep| sweep::plan(scenario, sweep).1);
        Self { scenario, changes, last: Mutex::default() }
    }

    /// The case of a recipe.
    ///
    /// # Errors
    /// When the scenario gives no such case.
    pub(super) fn case(&self, recipe: &Recipe) -> Result<Case, Halt> {
        let mut last = self.last.lock().expect("nobody panics with the lock");
        let setting = match last.take() {
            Some((place, setting)) if place == recipe.place => setting,
            _ => Setting::at(recipe.place, Arc::new(self.system(recipe.place)?)),
        };
        let case = recipe.case(&setting).map_err(Halt::Engine);
        *last = Some((recipe.place, setting));
        case
    }

    fn system(&self, place: Place) -> Result<crate::model::System, Halt> {
        let absent = || Halt::Engine(format!("the scenario has no {place:?}"));
        match place {
            Place::Scenario => Ok(self.scenario.system.clone()),
            Place::Future(future) => {
                self.scenario.futures.get(future).map(|one| (*one.system).clone()).ok_or_else(absent)
            }
            Place::Point(point, future) => {
                let changes = self.changes.get(point).and_then(|futures| futures.get(future));
                let name = format!("point {point} of the sweep");
                let system = self.scenario.at(changes.ok_or_else(absent)?, &name);
                system.map_err(|wrong| Halt::Engine(format!("{name}: {wrong}")))
            }
        }
    }
}
