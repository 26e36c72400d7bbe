//! How the runs of each set settle: the days to leave out, and the mean wait from there on.

use super::comparison_tables::set_name;
use super::format::{self, Quantity};
use super::page::replications;
use super::table::{Cell, Column, Table};
use crate::study::{SettlingSummary, StudySummary};

/// The table; `None` where no steady state was asked for.
pub(super) fn settling(summary: &StudySummary) -> Option<Table> {
    let columns = vec![
        Column::words("Set", "set"),
        Column::words("Who", "who"),
        Column::numbers("Days to settle", "days_to_settle", Quantity::Plain),
        Column::words("Warm-up enough", "warm_up_is_enough"),
        Column::numbers("Mean wait from then on", "wait_s", Quantity::Seconds),
        Column::numbers("Von Neumann's ratio", "neighbours_ratio", Quantity::Plain),
        Column::words("Verdict", "verdict"),
    ];
    let rows: Vec<Vec<Cell>> = summary.settlings.iter().map(|one| row(summary, one)).collect();
    (!rows.is_empty()).then(|| Table {
        title: "In the steady state".to_owned(),
        columns,
        rows,
        note: format!(
            "Days to settle by MSER-5 on the mean wait by day of submission over {}, from the first day on. Mean wait of the jobs \
             submitted later, weighted by jobs, but those of the last days, of which more than a tenth had not started, with the {} % interval by the means of twenty batches of days in each run; n counts \
             batches. Von Neumann's ratio is 2 where batches do not depend on each other.",
            replications(summary),
            format::number(summary.confidence * 100.0, 0),
        ),
        replications: summary.replications,
    })
}

fn row(summary: &StudySummary, one: &SettlingSummary) -> Vec<Cell> {
    let number = |value: Option<f64>| value.map_or(Cell::Missing, Cell::Number);
    let rounded = |ratio: f64| libm::round(ratio * 100.0) / 100.0;
    let community = one.community.as_ref().map_or("whole network", |id| community_name(summary, id));
    let yes = |is_enough: bool| if is_enough { "yes" } else { "no" };
    vec![
        Cell::Text(set_name(summary, &one.set).to_owned()),
        community.into(),
        number(one.found.days_out.map(f64::from)),
        one.warm_up_is_enough.map_or(Cell::Missing, |is_enough| yes(is_enough).into()),
        one.found.wait_s.map_or(Cell::Missing, Cell::Estimate),
        number(one.found.neighbours_ratio.map(rounded)),
        verdict(one).into(),
    ]
}

fn verdict(one: &SettlingSummary) -> &'static str {
    match (one.found.days_out, one.found.wait_s) {
        (None, _) => "does not settle in the first half: a longer run, or more demand than can be served",
        (_, None) => "too short for twenty batches of two days",
        _ if one.found.depends => "batches depend on each other: the interval is too narrow",
        _ => "settled",
    }
}

fn community_name<'s>(summary: &'s StudySummary, id: &'s str) -> &'s str {
    let mut communities = summary.sets.iter().flat_map(|set| &set.communities);
    communities.find(|community| community.id == id).map_or(id, |community| &community.name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Size, about, study};
    use crate::statistics::Settling;

    #[test]
    fn every_end_has_its_verdict() {
        let mut summary = study(&Size { sites: 2, sets: 1, months: 3 });
        assert_eq!(settling(&summary), None);
        let wait = Some(about(9_000.0, 0.1));
        let cases =
            [(None, None, false), (Some(5), None, false), (Some(5), wait, true), (Some(5), wait, false)];
        let of = |(days_out, wait_s, depends): (Option<u32>, _, bool)| SettlingSummary {
            set: "set-0".to_owned(),
            community: Some("startups".to_owned()),
            found: Settling { days_out, wait_s, neighbours_ratio: Some(1.234_5), depends },
            warm_up_is_enough: days_out.map(|_| true),
        };
        summary.settlings = cases.map(of).into();
        let table = settling(&summary).unwrap();
        let verdicts: std::collections::BTreeSet<String> =
            table.rows.iter().map(|row| format!("{:?}", row[6])).collect();
        assert_eq!(verdicts.len(), 4, "{verdicts:?}");
        assert_eq!(table.rows[3][5], Cell::Number(1.23));
    }
}
