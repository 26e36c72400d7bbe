//! The tables by which sites, communities and countries are judged: the three criteria of the call as measured beside the
//! experts' marks, data within reach, fairness, and how much jobs were slowed down.

use super::format::Quantity;
use super::table::{Cell, Column, Table};
use super::tables::{Metric, by_community, columns_of, table};
use crate::statistics::Estimate;
use crate::study::{CommunitySummary, FairnessSummary, SetSummary, SiteSummary, StudySummary};

/// What the groups are entitled to.
const ENTITLED: &str = " Delivered: the share of all work served. Entitled: a community to its shares of the machines over those of all, a \
    country to its part of the work that the scenario expects to be asked for inside the window. Jain's index is 1 when \
    all get the same part of what they are entitled to, 1/n when one of n gets everything.";

/// The three criteria of each site of a set as measured, beside the experts' marks where there are any.
pub fn scores(summary: &StudySummary, set: &SetSummary) -> Table {
    const MEASURED: [Metric<SiteSummary>; 3] = [
        ("Work served", "served_h", Quantity::AcceleratorHours, |site| site.total.served_h),
        ("Of the network's", "served_share", Quantity::Share, |site| site.served_share),
        ("Data within 24 h", "data_reach_24h", Quantity::Share, |site| site.total.data_reach_24h),
    ];
    const MARKS: [(&str, &str); 3] =
        [("Mark: computing", "mark_computing"), ("Data", "mark_data"), ("Talent", "mark_talent")];
    let has_projects = set.projects.is_some();
    let has_marks = set.sites.iter().any(|site| site.marks.is_some());
    let mut columns = vec![Column::words("Site", "site")];
    columns.extend(columns_of(&MEASURED));
    columns.extend(
        has_projects.then(|| Column::numbers("Lost to support", "support_lost_s_mean", Quantity::Seconds)),
    );
    let marks = MARKS.map(|(name, key)| Column::numbers(name, key, Quantity::Plain));
    columns.extend(marks.into_iter().filter(|_| has_marks));
    let row = |site: &SiteSummary| {
        let mut cells = vec![Cell::Text(site.name.clone())];
        cells.extend(MEASURED.iter().map(|(.., of)| Cell::Estimate(of(site))));
        if has_projects {
            let lost = site.projects.as_ref().map(|projects| projects.support_lost_s_mean);
            cells.push(lost.map_or(Cell::Missing, Cell::Estimate));
        }
        let marks = site.marks.map(|marks| [marks.computing, marks.data, marks.talent].map(Cell::Number));
        cells.extend(marks.unwrap_or([const { Cell::Missing }; 3]).into_iter().filter(|_| has_marks));
        cells
    };
    let rows = set.sites.iter().map(row).collect();
    let mut table = table(summary, format!("The three criteria at the sites of {}", set.name), columns, rows);
    table.note.push_str(
        " Computing: work served there. Data: of the jobs sent there that read data, the share of work whose data came \
         within 24 h.",
    );
    if has_projects {
        let talent =
            " Talent: the mean time that a project bound there lost to onboarding and to waits for answers.";
        table.note.push_str(talent);
    }
    table
}

/// Of the work that reads data: what was within its reach, and what was refused, one row a community, and one for all.
pub fn data_reach(summary: &StudySummary, set: &SetSummary) -> Option<Table> {
    const METRICS: [Metric<crate::study::Totals>; 3] = [
        ("Work with data", "data_h", Quantity::AcceleratorHours, |total| total.data_h),
        ("Within 24 h", "data_reach_24h", Quantity::Share, |total| total.data_reach_24h),
        ("Refused for residency", "data_refused_share", Quantity::Share, |total| total.data_refused_share),
    ];
    set.total.data_h.mean.filter(|hours| *hours > 0.0)?;
    let columns = std::iter::once(Column::words("Community", "community")).chain(columns_of(&METRICS));
    let communities = set.communities.iter().map(|one| (one.name.as_str(), &one.total));
    let row = |(name, total): (&str, &crate::study::Totals)| {
        let cells = METRICS.iter().map(|(.., of)| Cell::Estimate(of(total)));
        std::iter::once(Cell::Text(name.to_owned())).chain(cells).collect()
    };
    let rows = communities.chain([("All", &set.total)]).map(row).collect();
    let mut table = table(summary, format!("Data within reach in {}", set.name), columns.collect(), rows);
    table.note.push_str(
        " Of the work of jobs with an input or a dataset: the share whose data came within 24 h after submission. Jobs \
         refused for other reasons than residency or missing routes are left out.",
    );
    Some(table)
}

/// How much the jobs of a set were slowed down, one row a community.
pub fn slowdowns(summary: &StudySummary, set: &SetSummary) -> Table {
    const METRICS: [Metric<CommunitySummary>; 4] = [
        ("Bounded slowdown, 10 s", "bounded_slowdown_10s", Quantity::Plain, |one| {
            one.total.bounded_slowdown_10s_mean
        }),
        ("10 min", "bounded_slowdown_10min", Quantity::Plain, |one| one.total.bounded_slowdown_10min_mean),
        ("Expansion factor", "expansion_factor", Quantity::Plain, |one| one.total.expansion_factor),
        ("Wait by work", "wait_s_weighted", Quantity::Seconds, |one| one.total.wait_s_weighted_mean),
    ];
    let title = format!("How much jobs were slowed down in {}", set.name);
    let mut table = by_community(summary, set, title, &METRICS);
    table.note.push_str(
        " Slowdown: (wait + run) over run, of the jobs that ended; bounded: no run counts as shorter than 10 s or 10 min. The \
         expansion factor weights it by accelerator-hours; the last column is the mean wait weighted by work.",
    );
    table
}

/// How fair each set is to communities and countries, one row a set.
pub fn fairness_of_sets(summary: &StudySummary) -> Table {
    const METRICS: [Metric<SetSummary>; 4] = [
        ("Communities: Jain", "jain_of_communities", Quantity::Plain, |set| set.fairness_of_communities.jain),
        ("Greatest over least", "max_min_of_communities", Quantity::Plain, |set| {
            set.fairness_of_communities.max_min
        }),
        ("Countries: Jain", "jain_of_countries", Quantity::Plain, |set| set.fairness_of_countries.jain),
        ("Most over least", "max_min_of_countries", Quantity::Plain, |set| set.fairness_of_countries.max_min),
    ];
    let columns = std::iter::once(Column::words("Set", "set")).chain(columns_of(&METRICS)).collect();
    let row = |set: &SetSummary| {
        let cells = METRICS.iter().map(|(.., of)| Cell::Estimate(of(set)));
        std::iter::once(Cell::Text(set.name.clone())).chain(cells).collect()
    };
    let rows = summary.sets.iter().map(row).collect();
    let mut table = table(summary, format!("Fairness in {}", summary.scenario), columns, rows);
    table.note.push_str(ENTITLED);
    table
}

/// What each community and each country of a set was given beside what it is entitled to: two tables.
pub fn fairness(summary: &StudySummary, set: &SetSummary) -> [Table; 2] {
    let of = |what: &str, many: &str, fairness: &FairnessSummary| {
        let columns = vec![
            Column::words(what, what.to_lowercase()),
            Column::numbers("Entitled", "entitled_share", Quantity::Share),
            Column::numbers("Delivered", "delivered_share", Quantity::Share),
            Column::numbers("Delivered over entitled", "delivered_of_entitled", Quantity::Plain),
        ];
        let row = |group: &crate::study::GroupFairness| {
            vec![
                Cell::Text(group.name.clone()),
                Cell::Number(group.entitled_share),
                Cell::Estimate(group.delivered_share),
                Cell::Estimate(group.delivered_of_entitled),
            ]
        };
        let rows = fairness.groups.iter().map(row).collect();
        let mut table = table(summary, format!("Fairness to {many} in {}", set.name), columns, rows);
        let print = |estimate: &Estimate| {
            super::format::estimate_with_unit(estimate, Quantity::Plain, summary.replications)
        };
        let (jain, max_min) = (print(&fairness.jain), print(&fairness.max_min));
        table.note =
            format!("{}{ENTITLED} Here: Jain's index {jain}; greatest over least {max_min}.", table.note);
        table
    };
    [
        of("Community", "communities", &set.fairness_of_communities),
        of("Country", "countries", &set.fairness_of_countries),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::waterfall_tables::{waterfall, waterfall_of_sets};
    use super::*;
    use crate::report::sample::{Size, study, with_projects};
    use crate::study::MarksSummary;

    #[test]
    fn every_table_says_its_count_and_fits_a_terminal() {
        let mut summary = with_projects(study(&Size { sites: 9, sets: 3, months: 12 }));
        summary.sets[0].sites[1].marks = Some(MarksSummary { computing: 4.5, data: 3.0, talent: 4.0 });
        let set = &summary.sets[0];
        let mut all = vec![scores(&summary, set), slowdowns(&summary, set), fairness_of_sets(&summary)];
        all.extend(data_reach(&summary, set));
        all.extend(fairness(&summary, set));
        all.extend([waterfall(&summary, set), waterfall_of_sets(&summary)]);
        assert_eq!(all.len(), 8);
        for table in &all {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.title);
            let text = table.text(80);
            assert!(text.contains("n = 10 replications"), "{text}");
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        }
    }

    #[test]
    fn marks_and_talent_stand_only_where_they_are_known() {
        let mut summary = study(&Size { sites: 2, sets: 1, months: 1 });
        let keys = |summary: &StudySummary| -> Vec<String> {
            scores(summary, &summary.sets[0]).columns.into_iter().map(|column| column.key).collect()
        };
        assert_eq!(keys(&summary), ["site", "served_h", "served_share", "data_reach_24h"]);
        summary.sets[0].sites[0].marks = Some(MarksSummary { computing: 4.5, data: 3.0, talent: 4.0 });
        assert_eq!(keys(&summary)[4..], ["mark_computing", "mark_data", "mark_talent"]);
        let rows = scores(&summary, &summary.sets[0]).rows;
        assert_eq!(rows[0][4..], [Cell::Number(4.5), Cell::Number(3.0), Cell::Number(4.0)]);
        assert_eq!(rows[1][4..], [Cell::Missing, Cell::Missing, Cell::Missing]);
        assert_eq!(keys(&with_projects(summary))[4], "support_lost_s_mean");
    }

    #[test]
    fn without_data_there_is_no_reach() {
        let mut summary = study(&Size { sites: 2, sets: 1, months: 1 });
        summary.sets[0].total.data_h = Estimate::of([0.0, 0.0]);
        assert_eq!(data_reach(&summary, &summary.sets[0]), None);
    }
}
