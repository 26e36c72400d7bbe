//! The tables of a choice: the finalists, and what each candidate is worth.

use super::worth::worth_tables;
use crate::report::format::Quantity;
use crate::report::table::{Cell, Column, Table};
use crate::statistics::Standing;
use crate::study::select::{Finalist, SelectSummary, Selection, Verdict};

/// All tables of a choice.
pub fn select_tables(summary: &SelectSummary) -> Vec<Table> {
    summary
        .selection
        .iter()
        .map(|selection| finalists(summary, selection))
        .chain(worth_tables(summary))
        .collect()
}

fn finalists(summary: &SelectSummary, selection: &Selection) -> Table {
    let mut columns =
        vec![Column::words("Set", "set"), Column::numbers("Cost", "cost_euros", Quantity::Euros)];
    columns.extend(summary.objectives.iter().map(|one| Column::of_unit(&one.name, &one.id, &one.unit)));
    columns.push(Column::of_unit("To the chosen", "to_the_chosen", &summary.objectives[0].unit));
    columns.push(Column::words("In the final", "in_the_final"));
    let has_requirements = selection.finalists.iter().any(|one| !one.requirements.is_empty());
    if has_requirements {
        columns.push(Column::words("Required", "required"));
    }
    let has_front = selection.finalists.iter().any(|one| one.standing.is_some());
    if has_front {
        columns.push(Column::words("Front", "front"));
    }
    let row = |(place, one): (usize, &Finalist)| {
        let mut cells = vec![Cell::Text(one.sites.join(", ")), Cell::Number(one.cost_euros)];
        cells.extend(one.objectives.iter().map(|value| Cell::Estimate(*value)));
        let is_chosen = place == selection.chosen;
        cells.push(if is_chosen { Cell::Missing } else { Cell::Estimate(one.behind) });
        cells.push(Cell::Text(in_the_final(selection, place)));
        if has_requirements {
            cells.push(Cell::Text(required(one)));
        }
        if has_front {
            cells.push(one.standing.map_or(Cell::Missing, |standing| Cell::from(on_front(standing))));
        }
        cells
    };
    let replications = selection.finalists.iter().map(|one| one.objectives[0].count).max().unwrap_or(0);
    Table {
        title: "The finalists".to_owned(),
        columns,
        rows: selection.finalists.iter().enumerate().map(row).collect(),
        note: format!(
            "Means on replications that the search had not seen, n = {replications} where nothing else is said; ± is the \
             half-width of the 95 % interval by Student's t, each by itself. \"To the chosen\": the first objective less that of the \
             chosen set, paired by replication.{}",
            if has_front { on_the_front(selection) } else { String::new() }
        ),
        replications,
    }
}

/// How far the finalist at a place came.
pub(in crate::report) fn in_the_final(selection: &Selection, place: usize) -> String {
    match selection.finalists[place].dropped_at {
        _ if place == selection.chosen => "chosen".to_owned(),
        Some(at) => format!("dropped at {at}"),
        None => "to the end".to_owned(),
    }
}

/// What the column of the front says.
fn on_the_front(selection: &Selection) -> String {
    let ids = |place: usize| selection.finalists[place].sites.join(" + ");
    let pairs: Vec<String> =
        selection.undecided.iter().map(|&(one, other)| format!("{} over {}", ids(one), ids(other))).collect();
    let undecided =
        if pairs.is_empty() { String::new() } else { format!(" Undecided: {}.", pairs.join("; ")) };
    format!(
        " Front: whether another finalist is better in one objective and worse in none, with confidence over all pairs and \
         objectives (Bonferroni).{undecided}"
    )
}

/// How far a finalist keeps what is required, by the worst of its requirements.
pub(in crate::report) fn required(finalist: &Finalist) -> String {
    let worst = finalist.requirements.iter().map(|one| one.verdict).max_by_key(|verdict| *verdict as u8);
    match worst {
        None | Some(Verdict::Kept) => "kept",
        Some(Verdict::KeptInTheMean) => "kept in the mean",
        Some(Verdict::BrokenInTheMean) => "broken in the mean",
        Some(Verdict::Broken) => "broken",
    }
    .to_owned()
}

/// Whether a finalist is on the front.
pub(in crate::report) fn on_front(standing: Standing) -> &'static str {
    match standing {
        Standing::Front => "on it",
        Standing::Undecided => "undecided",
        Standing::Dominated => "not on it",
    }
}
