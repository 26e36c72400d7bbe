//! Candidate sets by indicator with their intervals, and how stable the order of the sets is.

use super::comparison_tables::{set_name, shown};
use super::format::{self, Quantity};
use super::page::replications;
use super::table::{Alignment, Cell, Column, Table};
use crate::statistics::{RESAMPLES, Want};
use crate::study::{RankSummary, SetRank, StudySummary};

/// One row for each set in each indicator, the best first: its mean, its rank, and how the rank changes with the runs. The
/// objectives come first, then the usual numbers of the network. `None` where nothing was ranked.
pub(super) fn ranks(summary: &StudySummary) -> Option<Table> {
    let rows: Vec<Vec<Cell>> = indicators(summary).into_iter().flat_map(|one| rows(summary, &one)).collect();
    let columns = vec![
        Column::words("Indicator", "indicator"),
        Column::words("Set", "set"),
        Column { alignment: Alignment::Right, ..Column::words("Mean", "mean") },
        Column::numbers("Rank", "rank", Quantity::Count),
        Column::words("Ranks in resamples", "ranks_in_resamples"),
        Column::numbers("First in resamples", "first_in_resamples", Quantity::Share),
        Column::numbers("First in runs", "first_in_runs", Quantity::Share),
    ];
    (!rows.is_empty()).then(|| Table {
        title: "Sets by indicator, and how stable their ranks are".to_owned(),
        columns,
        rows,
        note: format!(
            "Mean ± half-width of the {confidence} % interval by Student's t over {runs}; sets of one mean share a rank. Resamples: \
             {RESAMPLES} times the runs are drawn anew with replacement, the same ones for all sets, and the sets ranked by their \
             means (the paired bootstrap of a ranking); {confidence} % of the resamples lie between the ranks given. First in runs: the share of \
             single runs that a set wins. The shares tell how much the order leans on the runs that happened and promise nothing; “Which \
             sets may be the best” does.",
            confidence = format::number(summary.confidence * 100.0, 0),
            runs = replications(summary),
        ),
        replications: summary.replications,
    })
}

/// What a planner looks at: the objectives, then the usual numbers of the network, each with its name.
fn indicators(summary: &StudySummary) -> Vec<(String, &RankSummary)> {
    let objectives = summary.objectives.iter().filter_map(|objective| {
        let row = &objective.row;
        let is_it = |one: &&RankSummary| {
            (&one.metric, &one.community, &one.site) == (&row.metric, &row.community, &row.site)
        };
        Some((row.name.clone(), summary.ranks.iter().find(is_it)?))
    });
    let usual = shown(summary).into_iter().filter_map(|(name, metric, _)| {
        let is_it =
            |one: &&RankSummary| one.metric == metric && one.community.is_none() && one.site.is_none();
        Some((name, summary.ranks.iter().find(is_it)?))
    });
    let mut all: Vec<(String, &RankSummary)> = Vec::new();
    for (name, one) in objectives.chain(usual) {
        if !all.iter().any(|(_, other)| std::ptr::eq(*other, one)) {
            all.push((name, one));
        }
    }
    all
}

fn rows(summary: &StudySummary, (name, one): &(String, &RankSummary)) -> Vec<Vec<Cell>> {
    let way = if one.want == Want::Most { "most" } else { "least" };
    let mut sets: Vec<&SetRank> = one.sets.iter().collect();
    sets.sort_by_key(|set| set.rank);
    let row = |set: &&SetRank| {
        vec![
            Cell::Text(format!("{name}, {way}")),
            Cell::Text(set_name(summary, &set.set).to_owned()),
            Cell::Measured(set.mean, Quantity::of_unit(&one.unit)),
            Cell::Number(f64::from(set.rank)),
            Cell::Text(between(set.ranks_in_resamples)),
            share(set.first_in_resamples),
            share(set.first_in_runs),
        ]
    };
    sets.iter().map(row).collect()
}

/// Two thousand resamples know a share to about one in a hundred.
fn share(share: f64) -> Cell {
    Cell::Number(libm::round(share * 1e3) / 1e3)
}

fn between([best, worst]: [u32; 2]) -> String {
    if best == worst { best.to_string() } else { format!("{best} to {worst}") }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Size, study};

    #[test]
    fn the_best_stands_first_in_each_indicator() {
        let mut summary = study(&Size { sites: 3, sets: 4, months: 6 });
        summary.ranks[0].sets.reverse();
        let table = ranks(&summary).unwrap();
        // Goodput is no usual number; the others have a row a set.
        assert_eq!(table.rows.len(), 2 * 4);
        assert_eq!(table.rows[0][..2], [Cell::from("Mean wait, least"), Cell::from("All seven")]);
        let text = table.text(100);
        assert!(text.contains("53 ± 3 h") && text.contains("1 to 2") && text.contains("86"), "{text}");
        assert!(text.contains("n = 10 replications") && text.lines().all(|line| line.chars().count() <= 100));
        let csv = table.csv();
        assert!(csv.starts_with("indicator,set,mean_mean,mean_low,mean_high,mean_n,rank,"), "{csv}");
        assert!(csv.contains(",190000,180500,199500,10,1,"), "{csv}");
        assert_eq!(ranks(&study(&Size { sites: 3, sets: 1, months: 6 })), None);
    }
}
