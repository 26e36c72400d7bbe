//! What each candidate is worth, in tables and figures.

use super::figures::{Rows, rows_figure};
use crate::report::figure::{Figure, file_stem};
use crate::report::table::{Cell, Column, Table};
use crate::statistics::Estimate;
use crate::study::select::SelectSummary;
use crate::study::{ObjectiveRow, Shapley, Worth};

/// For each objective the candidates, and the pairs that are complements or substitutes.
pub(super) fn worth_tables(summary: &SelectSummary) -> Vec<Table> {
    let of = |worth| {
        let pairs = Some(pairs(summary, worth)).filter(|pairs| !pairs.rows.is_empty());
        std::iter::once(candidates(summary, worth)).chain(pairs)
    };
    summary.worth.iter().flat_map(of).collect()
}

/// For each objective what the candidates are worth.
pub(super) fn worth_figures(summary: &SelectSummary) -> Vec<Figure> {
    summary.worth.iter().map(|worth| figure(summary, worth)).collect()
}

fn objective<'s>(summary: &'s SelectSummary, worth: &Worth) -> &'s ObjectiveRow {
    let found = summary.objectives.iter().find(|one| one.id == worth.objective);
    found.expect("worth is worked out for objectives of the choice")
}

fn name<'s>(summary: &'s SelectSummary, id: &str) -> &'s str {
    let place = summary.candidates.iter().position(|candidate| candidate == id);
    place.map_or("", |place| &summary.candidate_names[place])
}

fn came_about(worth: &Worth) -> String {
    match worth.shapley {
        None => "Shapley values are shares of a total, which this objective is not.".to_owned(),
        Some(Shapley::Exact { replications }) => format!(
            "Shapley value: the mean of what a site adds over all orders in which sites may come, from all sets, n = \
             {replications} replications; they add up to the difference of all to none."
        ),
        Some(Shapley::Sampled { pairs }) => format!(
            "Shapley value: the mean of what a site adds when sites come in a random order, n = {pairs} pairs of an order and \
             its reverse, each in a replication of its own."
        ),
    }
}

fn candidates(summary: &SelectSummary, worth: &Worth) -> Table {
    let objective = objective(summary, worth);
    let number = |name: &str, key: &str| Column::of_unit(name, key, &objective.unit);
    // Without a committed site nothing waits before the first comes.
    let has_first = worth.candidates.iter().any(|one| one.first.mean.is_some());
    let mut columns = vec![Column::words("Site", "site")];
    columns.extend(has_first.then(|| number("Added first", "added_first")));
    columns.push(number("Added last", "added_last"));
    if worth.shapley.is_some() {
        columns.push(number("Shapley value", "shapley"));
    }
    let rows = worth.candidates.iter().map(|one| {
        let mut cells = vec![Cell::from(name(summary, &one.site))];
        cells.extend(has_first.then_some(Cell::Estimate(one.first)));
        cells.push(Cell::Estimate(one.last));
        cells.extend(one.shapley.map(Cell::Estimate));
        cells
    });
    let base = if summary.committed.is_empty() { "no other site" } else { "the committed sites alone" };
    Table {
        title: format!("What each candidate is worth: {}", objective.name),
        columns,
        rows: rows.collect(),
        note: format!(
            "{}Added last: with all the others. ± is the half-width of the 95 % interval by Student's t, \
             each by itself. {}",
            if has_first { format!("Added first: with {base}. ") } else { String::new() },
            came_about(worth)
        ),
        replications: worth.all.count,
    }
}

fn pairs(summary: &SelectSummary, worth: &Worth) -> Table {
    let objective = objective(summary, worth);
    let mut pairs: Vec<_> = worth.pairs.iter().filter(|pair| pair.together.excludes_zero()).collect();
    let others = worth.pairs.len() - pairs.len();
    let size = |estimate: &Estimate| estimate.mean.map_or(0.0, f64::abs);
    pairs.sort_by(|a, b| size(&b.together).total_cmp(&size(&a.together)));
    let row = |pair: &&crate::study::PairWorth| {
        let kind = match pair.together.mean {
            Some(mean) if objective.want.as_gain(mean) > 0.0 => "complements",
            _ => "substitutes",
        };
        let [one, other] = &pair.sites;
        vec![
            Cell::from(name(summary, one)),
            Cell::from(name(summary, other)),
            Cell::Estimate(pair.together),
            Cell::from(kind),
        ]
    };
    let over_all = worth.pairs.first().is_some_and(|pair| pair.is_over_all_sets);
    Table {
        title: format!("Together beyond each by itself: {}", objective.name),
        columns: vec![
            Column::words("Site", "site"),
            Column::words("And", "and"),
            Column::of_unit("Together", "together", &objective.unit),
            Column::words("They are", "kind"),
        ],
        rows: pairs.iter().map(row).collect(),
        note: format!(
            "What two sites add together beyond what each adds alone, {}; each interval by itself.{}",
            if over_all {
                "in the mean over all sets of others (Shapley interaction index)"
            } else {
                "when all others are there"
            },
            match others {
                0 => String::new(),
                1 => " Of one more pair it is not told from nothing.".to_owned(),
                _ => format!(" Of {others} more pairs it is not told from nothing."),
            }
        ),
        replications: worth.all.count,
    }
}

fn figure(summary: &SelectSummary, worth: &Worth) -> Figure {
    let objective = objective(summary, worth);
    let values = |one: &crate::study::CandidateWorth| [Some(one.first), one.shapley, Some(one.last)];
    let mut candidates: Vec<_> = worth.candidates.iter().collect();
    let size = |one: &crate::study::CandidateWorth| {
        one.shapley.unwrap_or(one.last).mean.unwrap_or(f64::NEG_INFINITY)
    };
    candidates.sort_by(|a, b| size(b).total_cmp(&size(a)));
    let rows = Rows {
        title: format!("What each candidate is worth: {}", objective.name),
        subtitle: "What a site adds: to the committed ones alone, in the mean over all orders (Shapley value), and to all the \
                   others. A dot is the mean, its bar the 95 % interval."
            .to_owned(),
        series: vec!["added first", "Shapley value", "added last"],
        lines: candidates.iter().map(|one| (name(summary, &one.site).to_owned(), values(one).to_vec())).collect(),
        unit: objective.unit.clone(),
        notes: came_about(worth),
    };
    Figure { name: format!("worth-{}", file_stem(&objective.id)), drawing: rows_figure(summary, &rows) }
}
