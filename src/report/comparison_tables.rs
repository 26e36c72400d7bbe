//! The tables of a comparison: differences with what holds for all sets at once, adjusted p values, which sets may be the
//! best in what, and what common random numbers gain.

use super::format::{self, Quantity, Unit};
use super::metric_names::metric_name;
use super::page::replications;
use super::table::{Alignment, Cell, Column, Table};
use crate::statistics::{Adjustment, Against, Want};
use crate::study::{BestSummary, MetricComparison, SetAgainstBest, SetComparison, SetSummary, StudySummary};

/// A column of differences: heading, metric of the comparison, quantity.
pub(super) type Difference = (String, &'static str, Quantity);

const DIFFERENCES: [(&str, Quantity); 8] = [
    ("wait_s_mean", Quantity::Seconds),
    ("wait_s_p95", Quantity::Seconds),
    ("served_h", Quantity::AcceleratorHours),
    ("utilisation", Quantity::Share),
    ("jobs_unstarted", Quantity::Count),
    ("rejected_h", Quantity::AcceleratorHours),
    ("first_accelerator_s_mean", Quantity::Seconds),
    ("project_used_h", Quantity::AcceleratorHours),
];

/// Those of the differences that the study has: the last two are about projects, the others stand in every study.
pub(super) fn shown(summary: &StudySummary) -> Vec<Difference> {
    let is_known = |wanted: &str| {
        let mut rows = summary.comparisons.iter().flat_map(|comparison| &comparison.metrics);
        rows.any(|row| row.metric == wanted && is_of_network(row))
    };
    let all = (0..).zip(DIFFERENCES).filter(|&(place, (key, _))| place < 6 || is_known(key));
    all.map(|(_, (key, quantity))| (metric_name(key), key, quantity)).collect()
}

fn is_of_network(row: &MetricComparison) -> bool {
    row.community.is_none() && row.site.is_none()
}

/// One row for each compared pair: its paired differences with the intervals that hold for all pairs at once.
pub fn differences(summary: &StudySummary) -> Table {
    let columns = |(name, key, quantity)| Column::numbers(name, key, quantity);
    let note = format!(
        "{}, paired by replication on common random numbers; ± is the half-width of the {} % interval by Student's t over \
         {}, {}. Jobs never started count with their wait so far: a lower bound.",
        match summary.comparison.against {
            Against::Base => "Set minus base",
            Against::AllPairs => "The first set minus the second",
        },
        format::number(summary.confidence * 100.0, 0),
        replications(summary),
        together(summary),
    );
    by_pair(summary, title(summary, "Differences"), note, columns, |row| Cell::Estimate(row.for_all()))
}

/// What holds for all sets at once.
pub(super) fn together(summary: &StudySummary) -> String {
    match (summary.comparison.adjust, summary.comparisons.len()) {
        (Adjustment::None, _) | (_, 0 | 1) => "each by itself".to_owned(),
        (_, count) => {
            format!("widened by Bonferroni's rule so that in each column all {count} intervals hold at once")
        }
    }
}

/// The adjusted p values of the same differences.
pub fn p_values(summary: &StudySummary) -> Table {
    let columns = |(name, key, _)| Column::numbers(name, key, Quantity::Probability);
    let pairs = summary.comparisons.len();
    let rule = match summary.comparison.adjust {
        Adjustment::None => "not adjusted: each comparison by itself errs so often".to_owned(),
        _ if pairs < 2 => "of a single pair there is nothing to adjust".to_owned(),
        rule => {
            let name = if rule == Adjustment::Holm { "Holm" } else { "Bonferroni" };
            format!(
                "adjusted by {name}'s rule over the {pairs} pairs of each column: whoever believes all differences of a column \
                 with a value up to 0.05 believes a false one in at most 5 % of such studies",
            )
        }
    };
    let note = format!(
        "Two-sided p values of no difference, by Student's t on the paired differences over {}; {rule}.",
        replications(summary)
    );
    by_pair(summary, title(summary, "p values of the differences"), note, columns, |row| {
        row.p_adjusted.map_or(Cell::Missing, Cell::Number)
    })
}

/// By how much the pairing narrows the intervals: the half-width on independent universes over that on common ones.
pub fn gain(summary: &StudySummary) -> Table {
    let columns = |(name, key, _)| Column::numbers(name, key, Quantity::Plain);
    let ratio = |row: &MetricComparison| {
        let ratio = row.unpaired_half_width? / row.difference.half_width?;
        ratio.is_finite().then_some(Cell::Number(ratio))
    };
    let note = format!(
        "The half-width that the difference would have if its sets had been run on random numbers of their own, over the \
         half-width that it has on common ones, over {}. The square of it is how many times as many replications independent \
         runs would take for the same interval.",
        replications(summary)
    );
    by_pair(summary, "What common random numbers gain".to_owned(), note, columns, |row| {
        ratio(row).unwrap_or(Cell::Missing)
    })
}

fn title(summary: &StudySummary, what: &str) -> String {
    match summary.comparison.against {
        Against::Base => {
            format!("{what} to {}", summary.sets.first().map_or("the base", |set| &set.name))
        }
        Against::AllPairs => format!("{what} between all pairs of sets"),
    }
}

/// One row for each compared pair, one column for each of the shown metrics of the network.
fn by_pair(
    summary: &StudySummary,
    title: String,
    note: String,
    column: impl Fn(Difference) -> Column,
    cell: impl Fn(&MetricComparison) -> Cell,
) -> Table {
    let shown = shown(summary);
    let of_all = summary.comparison.against == Against::AllPairs;
    let second = of_all.then(|| Column::words("Less", "less"));
    let columns = std::iter::once(Column::words("Set", "set")).chain(second);
    let row = |comparison: &SetComparison| {
        let second = of_all.then(|| Cell::Text(set_name(summary, &comparison.base).to_owned()));
        let of = |wanted: &str| {
            let found = |row: &&MetricComparison| row.metric == wanted && is_of_network(row);
            comparison.metrics.iter().find(found).map_or(Cell::Missing, &cell)
        };
        std::iter::once(Cell::Text(set_name(summary, &comparison.set).to_owned()))
            .chain(second)
            .chain(shown.iter().map(|(_, key, _)| of(key)))
            .collect()
    };
    Table {
        title,
        columns: columns.chain(shown.iter().cloned().map(column)).collect(),
        rows: summary.comparisons.iter().map(row).collect(),
        note,
        replications: summary.replications,
    }
}

/// The name of a set by its id.
pub(super) fn set_name<'a>(summary: &'a StudySummary, id: &'a str) -> &'a str {
    summary.sets.iter().find(|set| set.id == id).map_or(id, |set| set.name.as_str())
}

/// Which metrics a table shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// The usual ones of the network.
    Usual,
    /// All, of communities too.
    All,
}

/// The metrics in which it is known which way is better, each with its name for readers.
pub(super) fn judged(summary: &StudySummary, wanted: Shown) -> Vec<(String, &BestSummary)> {
    let shown = shown(summary);
    let named = summary.best.iter().filter_map(|one| {
        let of = one.community.as_ref().or(one.site.as_ref());
        let heading = shown.iter().find(|(_, key, _)| *key == one.metric).map(|(name, ..)| name);
        let is_usual = of.is_none() && heading.is_some();
        let name = heading.unwrap_or(&one.metric);
        (wanted == Shown::All || is_usual)
            .then(|| (of.map_or(name.to_owned(), |of| format!("{name}, {of}")), one))
    });
    named.collect()
}

/// Which sets may be the best, one row a metric.
pub fn best(summary: &StudySummary, wanted: Shown) -> Table {
    let row = |(name, one): (String, &BestSummary)| {
        let names = |may_be_best: bool| {
            let sets = one.sets.iter().filter(|set| set.may_be_best == may_be_best);
            let names: Vec<&str> = sets.map(|set| set_name(summary, &set.set)).collect();
            match names.len() {
                0 => "–".to_owned(),
                all if all == one.sets.len() => format!("any of the {all}"),
                _ => names.join(", "),
            }
        };
        let way = if one.want == Want::Most { "most" } else { "least" };
        vec![Cell::Text(name), way.into(), Cell::Text(names(true)), Cell::Text(names(false))]
    };
    let columns = [
        ("Metric", "metric"),
        ("Wanted", "wanted"),
        ("May be the best", "may_be_best"),
        ("Are not", "are_not"),
    ];
    Table {
        title: "Which sets may be the best".to_owned(),
        columns: columns.map(|(name, key)| Column::words(name, key)).to_vec(),
        rows: judged(summary, wanted).into_iter().map(row).collect(),
        note: format!(
            "Multiple comparisons with the best on common random numbers, over {}: for each metric, with {} % confidence, the \
             best of the sets compared is among those that may be. Sets that nobody compared may be better.",
            replications(summary),
            format::number(summary.confidence * 100.0, 0),
        ),
        replications: summary.replications,
    }
}

/// How far each set is from the best of the others, in the usual metrics: the ends of intervals that hold at once.
pub fn from_best(summary: &StudySummary) -> Table {
    let judged = judged(summary, Shown::Usual);
    let units = judged.iter().map(|(_, one)| {
        let ends = one.sets.iter().flat_map(|set| [set.low, set.high]).flatten().map(f64::abs);
        Quantity::of_unit(&one.unit).unit_for(ends.fold(0.0, f64::max))
    });
    let units: Vec<Unit> = units.collect();
    let columns = judged.iter().zip(&units).map(|((name, one), unit)| {
        let label = if one.unit == "share" { "points" } else { unit.label };
        let name = if label.is_empty() { name.clone() } else { format!("{name} ({label})") };
        Column { alignment: Alignment::Right, ..Column::words(name, one.metric.clone()) }
    });
    let row = |(index, set): (usize, &SetSummary)| {
        let cell = |((_, one), unit): (&(String, &BestSummary), &Unit)| {
            let ends = |set: &SetAgainstBest| Cell::Text(format::between(set.low, set.high, *unit));
            one.sets.get(index).map_or(Cell::Missing, ends)
        };
        let cells = judged.iter().zip(&units).map(cell);
        std::iter::once(Cell::Text(set.name.clone())).chain(cells).collect()
    };
    Table {
        title: "How far each set is from the best of the others".to_owned(),
        columns: std::iter::once(Column::words("Set", "set")).chain(columns).collect(),
        rows: summary.sets.iter().enumerate().map(row).collect(),
        note: format!(
            "The ends of the interval of the set's mean less the best mean among the others, constrained to hold zero: all \
             intervals of a column hold at once with {} % confidence (Hsu; Bonferroni's rule over paired differences), over {}.",
            format::number(summary.confidence * 100.0, 0),
            replications(summary),
        ),
        replications: summary.replications,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Size, study};
    use crate::statistics::ComparisonPlan;

    /// What is said of all at once changes with the plan and with how many are compared.
    #[test]
    fn words_follow_the_plan() {
        let mut summary = study(&Size { sites: 3, sets: 4, months: 6 });
        let row = summary.comparisons[0].metrics[0].clone();
        assert_eq!(differences(&summary).rows[0][1], Cell::Estimate(row.for_all()));
        assert!(row.for_all().half_width > row.difference.half_width);
        assert!(differences(&summary).note.contains("all 3 intervals hold at once"));
        assert!(p_values(&summary).note.contains("Holm's rule over the 3 pairs"));
        summary.comparison = ComparisonPlan { adjust: Adjustment::None, against: Against::AllPairs };
        assert!(differences(&summary).note.contains("each by itself"));
        assert!(p_values(&summary).note.contains("not adjusted"));
        let table = differences(&summary);
        assert_eq!((table.columns[1].key.as_str(), table.rows[0].len()), ("less", table.columns.len()));
        assert!((gain(&summary).rows[0][2].clone()) == Cell::Number(2.7), "{:?}", gain(&summary).rows[0]);
    }

    #[test]
    fn the_best_are_named() {
        let summary = study(&Size { sites: 3, sets: 4, months: 6 });
        let text = best(&summary, Shown::Usual).text(100);
        let names: Vec<&str> = summary.sets.iter().map(|set| set.name.as_str()).collect();
        assert!(
            best(&summary, Shown::Usual).rows[0][2] == Cell::Text([names[0], names[2]].join(", ")),
            "{text}"
        );
        // Goodput stands in no usual table.
        assert_eq!(best(&summary, Shown::All).rows.len(), best(&summary, Shown::Usual).rows.len() + 1);
        let far = from_best(&summary);
        assert!(far.rows.iter().all(|row| row.len() == far.columns.len()));
    }
}
