//! The sheet of each site: what is known of it, what it did in each set, and what the sets with it do against those without.

use super::comparison_tables::set_name;
use super::format::{self, Quantity};
use super::page::replications;
use super::table::{Cell, Column, Table};
use super::tables::{Metric, columns_of, confidence, table};
use crate::model::Confidence;
use crate::statistics::ProjectMetric;
use crate::study::{MarginalChange, MarginalValue, SetSummary, SiteSummary, StudySummary};
use std::fmt::Write as _;

/// The sites of all sets, each once, in the order in which the sets name them.
fn all_sites(summary: &StudySummary) -> Vec<&SiteSummary> {
    let mut sites: Vec<&SiteSummary> = Vec::new();
    for site in summary.sets.iter().flat_map(|set| &set.sites) {
        if !sites.iter().any(|known| known.id == site.id) {
            sites.push(site);
        }
    }
    sites
}

/// What is known of each site beside its results, one row each: facts, not estimates.
pub(super) fn site_facts(summary: &StudySummary) -> Table {
    let columns = vec![
        Column::words("Site", "site"),
        Column::words("Country", "country"),
        Column::words("With", "consortium"),
        Column::numbers("Accelerators", "accelerators", Quantity::Count),
        Column::words("Opens", "opens"),
        Column::numbers("Cost", "cost_euros", Quantity::Euros),
        Column::words("Facts of the site", "confidence"),
        Column::words("Of its machines", "confidence_of_partitions"),
    ];
    let row = |site: &&SiteSummary| {
        let place = summary.places.sites.iter().find(|place| place.id == site.id);
        let words = |confidence: Option<Confidence>| {
            confidence.map_or(Cell::Missing, |one| self::confidence(one).into())
        };
        let path = format!("site.{}", site.id);
        let partitions = format!("{path}.partition.");
        let least = |is_about: &dyn Fn(&str) -> bool| {
            let facts = summary.facts.iter().filter(|fact| is_about(&fact.path));
            facts.map(|fact| fact.confidence).max()
        };
        vec![
            Cell::Text(site.name.clone()),
            place.map_or(Cell::Missing, |place| Cell::Text(place.country.clone())),
            place.map_or(Cell::Missing, |place| Cell::Text(place.consortium.join(", "))),
            Cell::Number(f64::from(site.accelerators)),
            Cell::Text(site.opens.to_string()),
            site.cost_euros.map_or(Cell::Missing, Cell::Number),
            words(least(&|fact| fact == path)),
            words(least(&|fact| fact.starts_with(&partitions))),
        ]
    };
    Table {
        title: "What is known of each site".to_owned(),
        columns,
        rows: all_sites(summary).iter().map(row).collect(),
        note: "Facts of the scenario, no results: the accelerators open to the factory's work at the end of the window, the day the \
               first of them opens, what the scenario says that the site costs, and how well the least certain of its facts is \
               known. Their sources stand with the assumptions."
            .to_owned(),
        replications: summary.replications,
    }
}

/// The sheet of each site: what it did in each set that has it, then what it changes, where two sets differ by it alone.
pub(super) fn site_sheets(summary: &StudySummary) -> Vec<Table> {
    let of_site = |site: &SiteSummary| {
        let pairs: Vec<&MarginalValue> =
            summary.marginal_values.iter().filter(|pair| pair.site == site.id).collect();
        let mut sheet = sheet(summary, site);
        if pairs.is_empty() && summary.sets.len() > 1 {
            sheet.note.push_str(
                " No pair of sets differs by this site alone: what it changes is not told apart here.",
            );
        }
        std::iter::once(sheet).chain((!pairs.is_empty()).then(|| marginal(summary, site, &pairs)))
    };
    all_sites(summary).into_iter().flat_map(of_site).collect()
}

/// One row for each set that has the site.
fn sheet(summary: &StudySummary, site: &SiteSummary) -> Table {
    const METRICS: [Metric<SiteSummary>; 8] = [
        ("Utilisation", "utilisation", Quantity::Share, |one| one.total.utilisation),
        ("Work served", "served_h", Quantity::AcceleratorHours, |one| one.total.served_h),
        ("Of all served", "served_share", Quantity::Share, |one| one.served_share),
        ("Mean wait", "wait_s", Quantity::Seconds, |one| one.total.wait_s_mean),
        ("Not started", "jobs_unstarted", Quantity::Count, |one| one.total.jobs_unstarted),
        ("Energy", "energy_mwh", Quantity::MegawattHours, |one| one.energy_mwh),
        ("Energy cost", "energy_euros", Quantity::Euros, |one| one.energy_euros),
        ("Carbon", "carbon_tonnes", Quantity::Tonnes, |one| one.carbon_tonnes),
    ];
    let in_sets: Vec<(&SetSummary, &SiteSummary)> = summary
        .sets
        .iter()
        .filter_map(|set| Some((set, set.sites.iter().find(|one| one.id == site.id)?)))
        .collect();
    let refused = in_sets.iter().any(|(_, one)| one.total.jobs_rejected.mean.is_some_and(|jobs| jobs > 0.0));
    let has_projects = in_sets.iter().any(|(_, one)| one.projects.is_some());
    let mut columns = vec![Column::words("Set", "set")];
    columns.extend(columns_of(&METRICS));
    let jobs = Column::numbers("Jobs refused", "jobs_rejected", Quantity::Count);
    columns.extend(refused.then_some(jobs));
    let projects = Column::numbers("Projects refused", "projects_refused", Quantity::Count);
    columns.extend(has_projects.then_some(projects));
    let row = |(set, one): &(&SetSummary, &SiteSummary)| {
        let mut cells = vec![Cell::Text(set.name.clone())];
        cells.extend(METRICS.iter().map(|(.., of)| Cell::Estimate(of(one))));
        cells.extend(refused.then_some(Cell::Estimate(one.total.jobs_rejected)));
        let of_projects = one.projects.as_ref().map(|projects| projects.get(ProjectMetric::Refused));
        cells.extend(has_projects.then(|| of_projects.map_or(Cell::Missing, Cell::Estimate)));
        cells
    };
    let mut table =
        table(summary, format!("Sheet of {}", site.name), columns, in_sets.iter().map(row).collect());
    if !refused {
        table
            .note
            .push_str(" No job was refused by this site: who is refused is so before a site is chosen.");
    }
    table
}

/// One row for each pair of sets that differ by the site alone.
fn marginal(summary: &StudySummary, site: &SiteSummary, pairs: &[&MarginalValue]) -> Table {
    let mut columns = vec![Column::words("Set", "set"), Column::words("Less", "less")];
    columns.extend(
        pairs[0]
            .changes
            .iter()
            .map(|change| Column::of_unit(&heading(summary, change), &change.metric, &change.unit)),
    );
    let row = |pair: &&MarginalValue| {
        let names = [&pair.with, &pair.without].map(|id| Cell::Text(set_name(summary, id).to_owned()));
        let changes = pair.changes.iter().map(|change| Cell::Estimate(change.difference));
        names.into_iter().chain(changes).collect()
    };
    let mut note = format!(
        "What the set with the site has more than the one that is the same without it, paired by replication on common random \
         numbers; ± is the half-width of the {} % interval by Student's t over {}, each by itself.",
        format::number(summary.confidence * 100.0, 0),
        replications(summary),
    );
    if let Some(cost) = site.cost_euros {
        let cost = format::value(cost, Quantity::Euros);
        write!(note, " The site costs {cost}.").expect("a string takes every text");
    }
    note.push_str(" What it is worth beside other others, `pleiade select` tells (Shapley values).");
    Table {
        title: format!("What {} changes", site.name),
        columns,
        rows: pairs.iter().map(row).collect(),
        note,
        replications: summary.replications,
    }
}

/// The name of an objective, or of a usual number.
fn heading(summary: &StudySummary, change: &MarginalChange) -> String {
    let objective = summary.objectives.iter().map(|one| &one.row).find(|row| {
        (&row.metric, &row.community, &row.site) == (&change.metric, &change.community, &change.site)
    });
    let usual = match change.metric.as_str() {
        "done_h" => "Work done",
        "rejected_h" => "Work refused",
        "wait_s_mean" => "Mean wait",
        "project_used_h" => "Granted hours used",
        "first_accelerator_s_mean" => "Time to first accelerator",
        other => other,
    };
    objective.map_or_else(|| usual.to_owned(), |row| row.name.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Size, study, with_projects};

    #[test]
    fn each_site_has_its_sheet() {
        let summary = study(&Size { sites: 4, sets: 3, months: 6 });
        let sheets = site_sheets(&summary);
        let titles: Vec<&str> = sheets.iter().map(|table| table.title.as_str()).collect();
        assert_eq!(titles.len(), 4 + 1);
        assert_eq!(
            titles[..2],
            ["Sheet of LUMI AI Factory, Kajaani", "What LUMI AI Factory, Kajaani changes"]
        );
        assert_eq!(sheets[0].rows.len(), 3);
        assert_eq!(sheets[1].rows[0][..2], [Cell::from("All seven"), Cell::from("Without Kajaani")]);
        assert!(!sheets[0].note.contains("No pair") && sheets[2].note.contains("No pair of sets differs"));
        for table in sheets.iter().chain([&site_facts(&summary)]) {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.title);
            assert!(table.text(80).lines().all(|line| line.chars().count() <= 80));
        }
    }

    /// The least certain fact counts, and what is not stored or not known stays open.
    #[test]
    fn facts_are_as_certain_as_the_least() {
        let mut summary = study(&Size { sites: 2, sets: 1, months: 1 });
        let fact = |path: &str, confidence| crate::study::FactRow {
            path: path.to_owned(),
            source: String::new(),
            confidence,
        };
        summary.facts = vec![
            fact("site.site-0", Confidence::Firm),
            fact("site.site-0.partition.one", Confidence::Soft),
            fact("site.site-0.partition.two", Confidence::Assumed),
            fact("site.site-0-annex.partition.one", Confidence::Assumed),
        ];
        summary.sets[0].sites[1].cost_euros = None;
        let rows = site_facts(&summary).rows;
        assert_eq!(rows[0][6..], [Cell::from("firm"), Cell::from("assumed")]);
        assert_eq!(rows[1][5..], [Cell::Missing, Cell::Missing, Cell::Missing]);
    }

    #[test]
    fn refusals_stand_where_there_are_some() {
        let mut summary = with_projects(study(&Size { sites: 2, sets: 1, months: 1 }));
        let keys = |summary: &StudySummary| -> Vec<String> {
            site_sheets(summary)[1].columns.iter().map(|column| column.key.clone()).collect()
        };
        assert!(keys(&summary).ends_with(&["jobs_rejected".to_owned(), "projects_refused".to_owned()]));
        for site in &mut summary.sets[0].sites {
            site.total.jobs_rejected = crate::statistics::Estimate::of([0.0, 0.0]);
            site.projects = None;
        }
        assert!(keys(&summary).ends_with(&["carbon_tonnes".to_owned()]));
        assert!(site_sheets(&summary)[1].note.contains("No job was refused by this site"));
    }
}
