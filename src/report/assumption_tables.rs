//! What a result rests on: how well the parts of its scenario are known, and which known answers check the models that it uses.

use super::format::Quantity;
use super::table::{Cell, Column, Table};
use crate::model::Confidence;
use crate::study::StudySummary;
use crate::study::validate::{PARTS, Part};

/// How many parts of the scenario of each kind are firm, soft or assumed; the kinds in the scenario's order.
pub(super) fn certainty(summary: &StudySummary) -> Table {
    let mut kinds: Vec<(&str, [u32; 3])> = Vec::new();
    for fact in &summary.facts {
        let of_site = fact.path.contains(".partition.");
        let kind = if of_site { "partition" } else { fact.path.split('.').next().unwrap_or_default() };
        if !kinds.iter().any(|(known, _)| *known == kind) {
            kinds.push((kind, [0; 3]));
        }
        let (_, counts) = kinds.iter_mut().find(|(known, _)| *known == kind).expect("it was pushed");
        counts[match fact.confidence {
            Confidence::Firm => 0,
            Confidence::Soft => 1,
            Confidence::Assumed => 2,
        }] += 1;
    }
    let count = |name: &str| Column::numbers(name, name.to_lowercase(), Quantity::Count);
    let row = |(kind, counts): &(&str, [u32; 3])| {
        let counts = counts.iter().map(|count| Cell::Number(f64::from(*count)));
        std::iter::once(Cell::Text(kind.replace('_', " "))).chain(counts).collect()
    };
    Table {
        title: "How well the parts of the scenario are known".to_owned(),
        columns: vec![Column::words("Parts", "kind"), count("Firm"), count("Soft"), count("Assumed")],
        rows: kinds.iter().map(row).collect(),
        note: "Firm: published and not in doubt. Soft: published, but derived, rounded or in dispute. Assumed: a guess, or said \
               without a source. Each part with its source stands in the table of what the scenario rests on."
            .to_owned(),
        replications: summary.replications,
    }
}

/// The parts of the simulator that the study uses, with the cases of known answers that check each.
pub(super) fn validation(summary: &StudySummary) -> Table {
    let used: Vec<&Part> = PARTS.iter().filter(|part| is_used(summary, part)).collect();
    let row = |part: &&Part| {
        vec![Cell::from(part.what), Cell::Text(part.cases_in_words()), Cell::from(part.answers)]
    };
    let others: Vec<String> = PARTS
        .iter()
        .filter(|part| !used.contains(part))
        .map(|part| format!("{} ({})", super::format::lower_first(part.what), part.cases_in_words()))
        .collect();
    let others =
        if others.is_empty() { String::new() } else { format!(" Not used here: {}.", others.join("; ")) };
    Table {
        title: "Which known answers check the models used here".to_owned(),
        columns: vec![
            Column::words("Part", "part"),
            Column::words("Cases", "cases"),
            Column::words("Known from", "answers"),
        ],
        rows: used.iter().map(row).collect(),
        note: format!(
            "`pleiade validate` runs them with this version and prints for each the exact value, the simulated one, the difference \
             allowed and the verdict; it fails where one is missed. What no theory covers, a network with all of these at once, \
             rests on its parts and on the laws of conservation that every run is checked for.{others}"
        ),
        replications: summary.replications,
    }
}

/// Whether results say that a part was at work. Parts that every run goes through count always.
fn is_used(summary: &StudySummary, part: &Part) -> bool {
    let any_set = |is_so: fn(&crate::study::SetSummary) -> bool| summary.sets.iter().any(is_so);
    let policies = summary.local_policies.to_lowercase();
    match *part {
        Part::FAIR_SHARES => policies.contains("multifactor") || policies.contains("fair"),
        Part::BROKERS => any_set(|set| set.sites.len() > 1),
        Part::TRANSFERS => any_set(|set| !set.links.is_empty()),
        Part::STORAGE => any_set(|set| set.storage.is_some()),
        Part::SUPPORT => any_set(|set| set.projects.is_some()),
        // `select` tells of its own answer what is promised of it.
        Part::SELECTION => false,
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Size, study, with_projects};

    #[test]
    fn parts_are_counted_by_kind() {
        let table = certainty(&study(&Size { sites: 1, sets: 1, months: 1 }));
        let number = Cell::Number;
        assert_eq!(table.rows[0], [Cell::from("site"), number(1.0), number(0.0), number(0.0)]);
        assert_eq!(table.rows[1], [Cell::from("community"), number(0.0), number(0.0), number(1.0)]);
    }

    #[test]
    fn cases_of_the_parts_used() {
        let mut summary = study(&Size { sites: 1, sets: 1, months: 1 });
        summary.local_policies = "EASY".to_owned();
        let rows = |summary: &StudySummary| -> Vec<Cell> {
            validation(summary).rows.into_iter().map(|mut row| row.swap_remove(0)).collect()
        };
        let plain = rows(&summary);
        assert!(!plain.contains(&Part::BROKERS.what.into()) && !plain.contains(&Part::SUPPORT.what.into()));
        assert!(validation(&summary).note.contains("support staff of projects (Q24)"));
        let all = rows(&with_projects(study(&Size { sites: 2, sets: 2, months: 1 })));
        for part in [Part::QUEUES, Part::FAIR_SHARES, Part::BROKERS, Part::TRANSFERS, Part::SUPPORT] {
            assert!(all.contains(&part.what.into()), "{}", part.what);
        }
    }
}
