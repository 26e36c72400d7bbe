//! The objectives in each set: how precise they are, against what was asked, and what control variates gain.

use super::comparison_tables::set_name;
use super::format::{self, Quantity};
use super::page::replications;
use super::table::{Cell, Column, Table};
use crate::study::{ObjectiveInSet, ObjectiveSummary, StudySummary};

/// One table for each objective.
pub fn objectives(summary: &StudySummary) -> Vec<Table> {
    summary.objectives.iter().map(|objective| table(summary, objective)).collect()
}

/// The objectives that a precision was asked of.
pub(super) fn objectives_with_aims(summary: &StudySummary) -> Vec<Table> {
    let has_aim = |one: &&ObjectiveSummary| one.sets.iter().any(|set| set.is_reached.is_some());
    summary.objectives.iter().filter(has_aim).map(|objective| table(summary, objective)).collect()
}

/// Objectives and sets that did not become as precise as was asked: `wait in north-and-west`.
pub fn missed_aims(summary: &StudySummary) -> Vec<String> {
    let missed = |one: &ObjectiveSummary| {
        let sets = one.sets.iter().filter(|set| set.is_reached == Some(false));
        sets.map(|set| format!("{} in {}", one.row.id, set.set)).collect::<Vec<_>>()
    };
    summary.objectives.iter().flat_map(missed).collect()
}

fn table(summary: &StudySummary, objective: &ObjectiveSummary) -> Table {
    let quantity = Quantity::of_unit(&objective.row.unit);
    let has_aim = objective.sets.iter().any(|set| set.is_reached.is_some());
    let mut columns = vec![
        Column::words("Set", "set"),
        Column::numbers("Mean", "mean", quantity),
        Column::numbers("With controls", "controlled", quantity),
        Column::numbers("Variance cut", "variance_cut", Quantity::Share),
        Column::words("To be used", "use"),
    ];
    if has_aim {
        columns.push(Column::numbers("± asked for", "asked_half_width", quantity));
        columns.push(Column::words("Reached", "reached"));
    }
    let row = |set: &ObjectiveInSet| {
        let number = |value: Option<f64>| value.map_or(Cell::Missing, Cell::Number);
        let mut cells = vec![
            Cell::Text(set_name(summary, &set.set).to_owned()),
            Cell::Estimate(set.plain),
            set.controlled.map_or(Cell::Missing, Cell::Estimate),
            number(set.variance_cut.map(|cut| libm::round(cut * 1e3) / 1e3)),
            if set.controls_pay { "controls".into() } else { "mean".into() },
        ];
        if has_aim {
            cells.push(number(set.asked_half_width));
            cells.push(set.is_reached.map_or(Cell::Missing, |yes| if yes { "yes" } else { "no" }.into()));
        }
        cells
    };
    let of = objective.row.community.as_ref().or(objective.row.site.as_ref());
    Table {
        title: format!(
            "Objective {}: {}{}",
            objective.row.name,
            objective.row.metric,
            of.map_or(String::new(), |of| format!(" of {of}"))
        ),
        columns,
        rows: objective.sets.iter().map(row).collect(),
        note: format!(
            "Mean ± half-width of the {} % interval by Student's t over {}. Controls: the work that the jobs and projects of a \
             run asked for, whose mean is known from the demand, by regression over the replications; they cost a degree of \
             freedom each and are to be used where their interval is the narrower one.{}",
            format::number(summary.confidence * 100.0, 0),
            replications(summary),
            if has_aim { " The mean without controls is held against what was asked for." } else { "" }
        ),
        replications: summary.replications,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Size, about, study};
    use crate::statistics::Want;
    use crate::study::ObjectiveRow;

    #[test]
    fn aims_are_told_where_there_are_some() {
        let mut summary = study(&Size { sites: 2, sets: 2, months: 3 });
        let in_set = |set: &str, is_reached: Option<bool>| ObjectiveInSet {
            set: set.to_owned(),
            plain: about(9_000.0, 0.1),
            controlled: Some(about(9_100.0, 0.06)),
            variance_cut: Some(0.64),
            controls_pay: true,
            asked_half_width: is_reached.map(|_| 450.0),
            is_reached,
        };
        let objective = |reached: [Option<bool>; 2]| ObjectiveSummary {
            row: ObjectiveRow {
                id: "quick".to_owned(),
                name: "Quick start".to_owned(),
                metric: "wait_s_mean".to_owned(),
                community: Some("startups".to_owned()),
                site: None,
                unit: "s".to_owned(),
                want: Want::Least,
                at_most: None,
                at_least: None,
            },
            sets: vec![in_set("set-0", reached[0]), in_set("set-1", reached[1])],
        };
        summary.objectives = vec![objective([None; 2]), objective([Some(true), Some(false)])];
        assert_eq!((objectives(&summary).len(), objectives_with_aims(&summary).len()), (2, 1));
        assert_eq!(missed_aims(&summary), ["quick in set-1"]);
        let text = objectives_with_aims(&summary)[0].text(120);
        assert!(text.contains("wait_s_mean of startups") && text.contains("7.50"), "{text}");
    }
}
