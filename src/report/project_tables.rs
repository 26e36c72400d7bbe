//! The tables of projects: access, the time to the first accelerator, granted hours and support.

use super::format::Quantity;
use super::table::Table;
use super::tables::of_metrics;
use crate::statistics::ProjectMetric;
use crate::study::{ProjectSummary, SetSummary, StudySummary};

/// A column: heading, metric, quantity.
type Metric = (&'static str, ProjectMetric, Quantity);

const ACCESS: [Metric; 11] = [
    ("Projects", ProjectMetric::Projects, Quantity::Count),
    ("Applications", ProjectMetric::Applications, Quantity::Count),
    ("Granted", ProjectMetric::Granted, Quantity::Count),
    ("Refused", ProjectMetric::Refused, Quantity::Count),
    ("Not decided", ProjectMetric::Undecided, Quantity::Count),
    ("Not eligible", ProjectMetric::NotEligible, Quantity::Count),
    ("For size", ProjectMetric::Size, Quantity::Count),
    ("For score", ProjectMetric::Score, Quantity::Count),
    ("For budget", ProjectMetric::Budget, Quantity::Count),
    ("No site", ProjectMetric::NoSite, Quantity::Count),
    ("Granted of asked", ProjectMetric::GrantedOfAsked, Quantity::Share),
];
const TIMES: [Metric; 7] = [
    ("Mean", ProjectMetric::FirstAcceleratorSMean, Quantity::Seconds),
    ("Access", ProjectMetric::AccessSMean, Quantity::Seconds),
    ("Support", ProjectMetric::SupportSMean, Quantity::Seconds),
    ("Queue", ProjectMetric::QueueSMean, Quantity::Seconds),
    ("Median", ProjectMetric::FirstAcceleratorSP50, Quantity::Seconds),
    ("90 %", ProjectMetric::FirstAcceleratorSP90, Quantity::Seconds),
    ("Never started", ProjectMetric::Unstarted, Quantity::Count),
];
const HOURS: [Metric; 8] = [
    ("Asked", ProjectMetric::AskedH, Quantity::AcceleratorHours),
    ("Granted", ProjectMetric::GrantedH, Quantity::AcceleratorHours),
    ("Overdrawn", ProjectMetric::OverdrawnH, Quantity::AcceleratorHours),
    ("Used", ProjectMetric::UsedH, Quantity::AcceleratorHours),
    ("Expired", ProjectMetric::ExpiredH, Quantity::AcceleratorHours),
    ("Left", ProjectMetric::LeftH, Quantity::AcceleratorHours),
    ("Used of granted", ProjectMetric::UsedOfGranted, Quantity::Share),
    ("Used of asked", ProjectMetric::UsedOfAsked, Quantity::Share),
];
const SUPPORT: [Metric; 7] = [
    ("Staff", ProjectMetric::SupportedH, Quantity::StaffHours),
    ("Lost to support", ProjectMetric::SupportLostSMean, Quantity::Seconds),
    ("Tickets", ProjectMetric::Tickets, Quantity::Count),
    ("Wait a ticket", ProjectMetric::TicketWaitSMean, Quantity::Seconds),
    ("Tasks that nobody took", ProjectMetric::Unsupported, Quantity::Count),
    ("Jobs", ProjectMetric::Jobs, Quantity::Count),
    ("Failed", ProjectMetric::JobsFailed, Quantity::Count),
];
const SITES: [Metric; 10] = [
    ("Projects", ProjectMetric::Projects, Quantity::Count),
    ("Time to first", ProjectMetric::FirstAcceleratorSMean, Quantity::Seconds),
    ("Access", ProjectMetric::AccessSMean, Quantity::Seconds),
    ("Support", ProjectMetric::SupportSMean, Quantity::Seconds),
    ("Queue", ProjectMetric::QueueSMean, Quantity::Seconds),
    ("Lost to support", ProjectMetric::SupportLostSMean, Quantity::Seconds),
    ("Granted", ProjectMetric::GrantedH, Quantity::AcceleratorHours),
    ("Used of granted", ProjectMetric::UsedOfGranted, Quantity::Share),
    ("Tickets", ProjectMetric::Tickets, Quantity::Count),
    ("Staff busy", ProjectMetric::StaffBusy, Quantity::Share),
];
const SETS: [Metric; 15] = [
    ("Time to first accelerator", ProjectMetric::FirstAcceleratorSMean, Quantity::Seconds),
    ("Access", ProjectMetric::AccessSMean, Quantity::Seconds),
    ("Support", ProjectMetric::SupportSMean, Quantity::Seconds),
    ("Queue", ProjectMetric::QueueSMean, Quantity::Seconds),
    ("90 % time", ProjectMetric::FirstAcceleratorSP90, Quantity::Seconds),
    ("Projects", ProjectMetric::Projects, Quantity::Count),
    ("Refused", ProjectMetric::Refused, Quantity::Count),
    ("Never started", ProjectMetric::Unstarted, Quantity::Count),
    ("Hours granted", ProjectMetric::GrantedH, Quantity::AcceleratorHours),
    ("Used", ProjectMetric::UsedH, Quantity::AcceleratorHours),
    ("Expired", ProjectMetric::ExpiredH, Quantity::AcceleratorHours),
    ("Left", ProjectMetric::LeftH, Quantity::AcceleratorHours),
    ("Used of asked", ProjectMetric::UsedOfAsked, Quantity::Share),
    ("Support busy", ProjectMetric::StaffBusy, Quantity::Share),
    ("Reviewers busy", ProjectMetric::ReviewersBusy, Quantity::Share),
];

/// What the hours of projects and people at work are about.
const OF_SETS: &str = " Hours of projects are counted on the reference accelerator, of projects that applied inside the window. \
    Busy: of the working time in the whole run.";

/// What a time to the first accelerator is about.
const FIRST: &str = " Time to the first accelerator: from the first application to the first start of a job; access until the grant, \
    support until the first job was handed in (but for small ones, the end of the onboarding), queue until the first start. \
    Refused projects do not count; those never started count until the observation ended: a lower bound.";

/// The projects of a set by community: access, times, hours, support; then by the site that they are bound to. Empty where
/// jobs come without projects.
pub fn projects(summary: &StudySummary, set: &SetSummary) -> Vec<Table> {
    let Some(all) = &set.projects else { return Vec::new() };
    let communities = || {
        let known = set.communities.iter();
        let known = known
            .filter_map(|one| Some((one.name.as_str(), one.projects.as_ref().filter(|one| has_any(one))?)));
        known.chain([("All", all)])
    };
    let by_community = |what: &str, metrics: &[Metric], note: &str| {
        of_projects(summary, (format!("{what} in {}", set.name), "Community"), communities(), metrics, note)
    };
    let mut tables = vec![
        by_community("Access of projects", &ACCESS, " Projects count that applied inside the window."),
        by_community("Time to the first accelerator", &TIMES, FIRST),
        by_community(
            "Hours of projects",
            &HOURS,
            " Granted + overdrawn = used + expired + left, counted on the reference accelerator, of projects that applied inside the window.",
        ),
        by_community(
            "Support of projects",
            &SUPPORT,
            " Of projects that applied inside the window. Lost to support: onboarding and waits for answers, the mean of a project with a grant.",
        ),
    ];
    let sites = set.sites.iter();
    let sites =
        sites.filter_map(|one| Some((one.name.as_str(), one.projects.as_ref().filter(|one| has_any(one))?)));
    let sites: Vec<_> = sites.collect();
    if !sites.is_empty() {
        let title = (format!("Projects bound to sites of {}", set.name), "Site");
        tables.push(of_projects(summary, title, sites.into_iter(), &SITES, ""));
    }
    tables
}

/// Whether any projects are summed up.
fn has_any(projects: &ProjectSummary) -> bool {
    projects.projects.mean.is_some_and(|projects| projects > 0.0)
}

/// The projects of all sets, one row a set; `None` where jobs come without projects.
pub fn projects_of_sets(summary: &StudySummary) -> Option<Table> {
    let sets = summary.sets.iter().filter_map(|set| Some((set.name.as_str(), set.projects.as_ref()?)));
    let title = (format!("Projects of {}", summary.scenario), "Set");
    let table = of_projects(summary, title, sets, &SETS, &format!("{FIRST}{OF_SETS}"));
    (!table.rows.is_empty()).then_some(table)
}

fn of_projects<'s>(
    summary: &StudySummary,
    (title, what): (String, &str),
    rows: impl Iterator<Item = (&'s str, &'s ProjectSummary)>,
    metrics: &[Metric],
    note: &str,
) -> Table {
    let mut table =
        of_metrics(summary, (title, what), metrics, rows, ProjectMetric::name, ProjectSummary::get);
    table.note.push_str(note);
    table
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::sample::{Size, study, with_projects};

    #[test]
    fn one_row_a_community_one_for_all_and_the_sites_apart() {
        let plain = study(&Size { sites: 4, sets: 2, months: 3 });
        assert!(projects(&plain, &plain.sets[0]).is_empty() && projects_of_sets(&plain).is_none());
        let summary = with_projects(plain);
        let tables = projects(&summary, &summary.sets[0]);
        assert_eq!(tables.len(), 5);
        for table in tables.iter().chain(&projects_of_sets(&summary)) {
            assert!(table.rows.iter().all(|row| row.len() == table.columns.len()), "{}", table.title);
            let text = table.text(80);
            assert!(text.contains("n = 10 replications"), "{text}");
            assert!(text.lines().all(|line| line.chars().count() <= 80), "{text}");
        }
        assert_eq!(tables[0].rows.len(), summary.sets[0].communities.len() + 1);
        assert_eq!(tables[4].rows.len(), 4);
        let pooled = summary.sets[1].sites.iter().all(|site| site.projects.is_none());
        assert!(
            pooled && projects(&summary, &summary.sets[1]).len() == 4,
            "hours of the second set are pooled"
        );
    }
}
