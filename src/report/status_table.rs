//! How far a study in pieces is.

use super::format::Quantity;
use super::{Cell, Column, Table};
use crate::study::{RoundStatus, ranges_in_words};

/// One row a round.
pub fn status_table(rounds: &[RoundStatus]) -> Table {
    let count = |name: &str| Column::numbers(name, name.replace(' ', "_"), Quantity::Count);
    let words = |name: &str| Column::words(name, name.replace(' ', "_"));
    let number = |count: usize| Cell::Number(count as f64);
    let row = |round: &RoundStatus| {
        let (first, end) = (round.chunks.start, round.chunks.end);
        vec![
            Cell::Text(format!("{first}-{}", end.saturating_sub(1))),
            number(round.chunks.len() - round.missing.len()),
            number(round.missing.len()),
            number(round.runs),
            number(round.finished),
            Cell::Text(ranges_in_words(&round.failed)),
            Cell::Text(ranges_in_words(&round.missing)),
        ]
    };
    Table {
        title: "Chunks of the study".to_owned(),
        columns: vec![
            words("chunks"),
            count("complete"),
            count("missing"),
            count("runs"),
            count("finished"),
            words("failed"),
            words("to be made"),
        ],
        rows: rounds.iter().map(row).collect(),
        note: String::new(),
        replications: 0,
    }
}
